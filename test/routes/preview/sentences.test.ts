import t from 'tap'
import { ADDRESS, build, createScriptedArtist, until } from '../../helper.ts'
import { putDressed } from '../dressed.ts'
import {
  TIMEOUT_SECONDS,
  addressOf,
  makePicture,
  open,
  picturesOf,
  skip,
  startBrowser,
  testAccessibility
} from './browser.ts'

const BRAND = 'document.querySelector(".brand img")'
const visit = await startBrowser(t)
const TOKEN = 'a-token-of-this-test'
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

t.test('a page asks nobody to make a picture who has no token for it', { skip }, async (t) => {
  const server = await build(t, { settings: { TB_DALLE_API_TOKENS: TOKEN } })
  const page = await open(await visit(t, server, PHONE, /404/), `/preview/simple/${ADDRESS}`)
  await page.getByText('To make it needs a token.').waitFor()
  t.equal(await page.getByText('It can be made now.').isVisible(), false)
  const invitation = page.getByText('and press Make the picture')
  t.equal(await invitation.isVisible(), false)
  await page.getByText('A new picture needs a token. When one is made').waitFor()
  t.equal(await page.getByText('watch the picture being made').isVisible(), false)
  await page.getByRole('button', { name: 'Random' }).click()
  await page.getByText('choose one to enter its address').waitFor()
  const panel = (await page.locator('#random-panel').boundingBox())!
  t.ok(panel.y >= 0 && panel.y + panel.height <= 844, 'the addresses are in sight')
  await page.getByRole('button', { name: 'Close these addresses' }).click()
  await testAccessibility(t, page, 'a visitor without a token')

  await page.getByLabel('You need a token').fill(TOKEN)
  await page.getByRole('button', { name: 'Use this token' }).click()
  await page.getByText('It can be made now.').waitFor()
  await invitation.waitFor()
  await page.getByRole('button', { name: 'Random' }).click()
  await page.getByText('choose one to make its picture').waitFor()
})

t.test('an empty gallery says that it is empty, whatever is asked of it', async (t) => {
  const server = await build(t)
  for (const path of ['/preview', '/preview?q=walrus', '/preview/filter', '/preview/filter?q=walrus']) {
    const html = await (await fetch(server.url + path)).text()
    t.match(html, 'There is no picture yet', path)
    t.notMatch(html, /Nothing matches|says what it is made of/, path)
  }
})

t.test('an empty gallery says how to begin without an address', { skip }, async (t) => {
  const server = await build(t)
  const page = await open(await visit(t, server, PHONE))
  const box = page.locator('.empty')
  t.equal(await box.getByText('Without an address at hand').isVisible(), true)
  const text = ((await box.textContent()) ?? '').replaceAll(/\s+/g, ' ')
  t.match(text, 'Without an address at hand, Random shows six with a sketch of each: choose one.')
  const name = (await box.locator('b').last().textContent())!
  await page.getByRole('button', { name, exact: true }).click()
  const samples = page.getByRole('list', { name: 'Random addresses' }).getByRole('button')
  t.equal(await samples.count(), 6, 'as many as the text says')
  const plain = await open(await visit(t, server, { ...PHONE, javaScriptEnabled: false }))
  t.equal(await plain.getByText('Without an address at hand').isVisible(), false, 'the button needs scripts')
})

t.test('a search offers the values that it may mean, by their names', async (t) => {
  const server = await build(t)
  const { gallery } = picturesOf(server)
  await putDressed(server.app, { series: 'simple', address: ADDRESS }, { color1: 'saddlebrown,#8b4513' })
  await putDressed(server.app, { series: 'simple', address: addressOf(1) }, { color1: 'red,#ff0000' })
  await until(() => gallery.size === 2 && gallery.unread === 0, TIMEOUT_SECONDS)
  const offered = async (text: string) => {
    const html = await (await fetch(`${server.url}/preview?q=${text}`)).text()
    return [...html.matchAll(/Colour: <b>([^<]*)<\/b>/g)].map(([, name]) => name)
  }
  t.same(await offered('sad'), [], 'a short word is a whole word')
  t.same(await offered('red'), ['red'])
  t.same(await offered('sadd'), ['saddle brown'])
  t.same(await offered('saddle'), ['saddle'])
})

t.test('progress is said once to the eye, and to a screen reader', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist, settings: { TB_DALLE_FAILURE_HOLD: '1ms' } })
  const page = await open(await visit(t, server, PHONE))
  await makePicture(page, ADDRESS)
  const status = page.getByRole('dialog').getByRole('status')
  await status.getByText('Drawing').waitFor()
  t.equal((await status.boundingBox())!.width, 1, 'not to the eye')
  asked[0]!.fail(new Error('the pencil broke'))
  await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).waitFor()
  t.ok((await status.boundingBox())!.width > 100, 'a failure is')
})

t.test(
  'a picture that is opened by its link leads to the form, and its bar covers nothing',
  { skip },
  async (t) => {
    const server = await build(t)
    await putDressed(server.app, { series: 'simple', address: ADDRESS }, {})
    await until(() => picturesOf(server).gallery.size === 1, TIMEOUT_SECONDS)
    const context = await visit(t, server, PHONE)
    const page = await open(context, `/preview/simple/${ADDRESS}`)
    const home = page.getByRole('dialog').getByRole('link', { name: 'dalleserver Make yours' })
    await home.waitFor()
    const [bar, image] = [
      await page.locator('.frame').boundingBox(),
      await page.locator('.plate img').boundingBox()
    ]
    t.ok(image!.y >= bar!.y + bar!.height)
    await testAccessibility(t, page, 'a shared link on a phone')
    await home.click()
    await page.waitForURL('/preview')
    await page.getByRole('textbox', { name: 'Ethereum address' }).waitFor()
    t.equal(await page.evaluate('scrollY'), 0)
  }
)

t.test('the way to the form stands on one line, however narrow the window is', { skip }, async (t) => {
  for (const [settings, words] of [
    [{}, 'Make yours'],
    [{ TB_DALLE_API_TOKENS: TOKEN }, 'dalleserver']
  ] as const) {
    const server = await build(t, { settings })
    await putDressed(server.app, { series: 'simple', address: ADDRESS }, {})
    await until(() => picturesOf(server).gallery.size === 1, TIMEOUT_SECONDS)
    const page = await open(await visit(t, server, PHONE), `/preview/simple/${ADDRESS}`)
    const home = page.getByRole('dialog').locator('.home')
    for (const width of [320, 340, 352, 353, 360, 390]) {
      await page.setViewportSize({ width, height: 844 })
      t.ok(await home.getByText(words).isVisible(), `${width}: ${words}`)
      const [box, arrow] = [
        (await home.boundingBox())!,
        (await page.locator('[data-go=prev]').boundingBox())!
      ]
      t.ok(box.height < 50, `${width}: ${box.height} pixels high`)
      t.ok(box.x >= 0 && box.x + box.width <= arrow.x, `${width}: it covers no button`)
      const hidden =
        'document.querySelector(".frame").scrollWidth - document.querySelector(".frame").clientWidth'
      t.equal(await page.evaluate(hidden), 0, `${width}: everything is in the window`)
    }
  }
})

t.test('a page of an error is as wide as the window, whatever it names', { skip }, async (t) => {
  const server = await build(t)
  const page = await open(await visit(t, server, PHONE, /40[04]/))
  for (const path of [`birds/0x${'1'.repeat(41)}`, `0x${'1'.repeat(39)}`]) {
    await page.goto(`/preview/${path}`)
    t.equal(await page.evaluate('document.documentElement.scrollWidth'), 390, path)
  }
})

t.test('a page of an error has the bar of the other pages', { skip }, async (t) => {
  const server = await build(t)
  const page = await open(await visit(t, server, PHONE, /404/), '/nothing')
  const bar = page.getByRole('banner')
  const paper = async () => await page.evaluate('getComputedStyle(document.body).backgroundColor')
  const light = await paper()
  await bar.getByRole('button', { name: 'Dark' }).click()
  t.not(await paper(), light, 'its switch changes the theme')
  await until(async () => (await page.evaluate(`${BRAND}.naturalWidth`)) !== 0, TIMEOUT_SECONDS)
  await testAccessibility(t, page, 'a page of an error')
  await bar.getByRole('link', { name: 'Series' }).click()
  await page.getByRole('heading', { name: 'Series', level: 1 }).waitFor()
})

t.test('what the gallery says of a series goes with the link to another list', { skip }, async (t) => {
  const server = await build(t)
  await putDressed(server.app, { series: 'simple', address: ADDRESS }, {})
  await until(() => picturesOf(server).gallery.size === 1, TIMEOUT_SECONDS)
  const page = await open(await visit(t, server, PHONE), '/preview?series=nope')
  const notice = page.locator('main > .notice')
  t.equal((await notice.textContent())!.trim(), 'There is no series nope.')
  t.ok((await notice.boundingBox())!.y < 200)
  await page.getByRole('link', { name: 'Show all pictures' }).click()
  await page.locator('.card').waitFor()
  t.equal(await notice.count(), 0)
  await page.goBack()
  await notice.waitFor()
})
