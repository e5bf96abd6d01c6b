import t from 'tap'
import type { Locator, Page } from 'playwright-core'
import { ADDRESS, build, createScriptedArtist, until } from '../../helper.ts'
import {
  TIMEOUT_SECONDS,
  makePicture,
  open,
  picturesOf,
  skip,
  smallPng,
  startBrowser,
  testAccessibility
} from './browser.ts'

const visit = await startBrowser(t)
const PAGE = `/preview/address/${ADDRESS}`
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }

const cardIn = (page: Page, series: string): Locator => page.locator(`.card[data-series="${series}"]`)
const drawIn = (page: Page, series: string) =>
  page.getByRole('button', { name: `Draw it in ${series}`, exact: true })

t.test('a visitor draws what is missing, and everybody who looks sees it', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist })
  await picturesOf(server).stored.put('noir', ADDRESS, await smallPng())
  await until(() => picturesOf(server).gallery.size === 1, TIMEOUT_SECONDS)
  const context = await visit(t, server)
  const page = await open(context, PAGE)
  await page.evaluate('window.isSamePage = true')
  const count = (await server.app.dresses.series.names()).length
  await page.getByText(`1 of ${count} pictures is drawn.`).waitFor()
  const other = await open(context, PAGE)
  await testAccessibility(t, page, 'one picture and many sketches')
  t.equal(asked.length, 0, 'looking starts nothing')

  await drawIn(page, 'birds').click()
  await cardIn(page, 'birds').getByText('Drawing,').waitFor()
  t.equal(await drawIn(page, 'birds').isVisible(), false)
  const bar = cardIn(page, 'birds').getByRole('progressbar', { name: 'Progress in birds' })
  t.match(await bar.getAttribute('value'), /^\d/)
  t.equal(await page.evaluate('document.activeElement.closest(".card").dataset.series'), 'birds')
  await testAccessibility(t, page, 'a picture in the making')
  await cardIn(other, 'birds').getByText('Drawing,').waitFor()
  const cancelIn = (each: Page) => each.getByRole('button', { name: 'Cancel the run in birds' })
  t.equal(await cancelIn(page).count(), 1)
  t.equal(await cancelIn(other).count(), 0, 'only the tab that started a run can cancel it')
  t.equal(asked.length, 1)

  asked[0]!.deliver()
  for (const each of [page, other]) {
    await cardIn(each, 'birds').locator('img[src^="/files/birds/"]').waitFor()
    await each.getByText(`2 of ${count} pictures are drawn.`).waitFor()
    await each.getByRole('navigation', { name: 'Families' }).getByText('1 of 10').first().waitFor()
    t.equal(await cardIn(each, 'birds').getByText('Sketch').count(), 0)
  }
  await page.getByText('The picture in birds is drawn.').waitFor({ state: 'attached' })
  t.equal(await page.evaluate('document.activeElement.closest(".card").dataset.series'), 'birds')
  t.equal(await page.evaluate('window.isSamePage'), true, 'without a reload')
  await picturesOf(server).stored.remove('noir', ADDRESS)
  await cardIn(page, 'noir').getByText('Sketch').waitFor()
  await cardIn(page, 'birds').getByRole('link').click()
  await page.waitForURL(`**/preview/birds/${ADDRESS}`)
  await page.getByRole('dialog').getByRole('link', { name: 'In every series' }).click()
  await page.waitForURL(`**${PAGE}`)
})

t.test('a run that fails or is cancelled says so, and can be tried again', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist, settings: { TB_DALLE_FAILURE_HOLD: '1ms' } })
  const page = await open(await visit(t, server, {}, /status of 5\d\d/), PAGE)
  await drawIn(page, 'simple').click()
  await until(() => asked.length === 1, TIMEOUT_SECONDS)
  await cardIn(page, 'simple').getByText('Drawing,').waitFor()
  await page.reload()
  await cardIn(page, 'simple').getByText('Drawing,').waitFor()
  await page.getByRole('button', { name: 'Cancel the run in simple' }).click()
  await cardIn(page, 'simple').getByText('The run was cancelled.').waitFor()
  await until(() => asked[0]!.signal.aborted, TIMEOUT_SECONDS)
  await drawIn(page, 'simple').click()
  await until(() => asked.length === 2, TIMEOUT_SECONDS)
  await cardIn(page, 'simple').getByText('Drawing,').waitFor()
  asked[1]!.fail(new Error('the artist has no ink'))
  await cardIn(page, 'simple').locator('.outcome').waitFor()
  t.not(await cardIn(page, 'simple').locator('.outcome').textContent(), '')
  await testAccessibility(t, page, 'a run that failed')
  await drawIn(page, 'simple').click()
  await until(() => asked.length === 3, TIMEOUT_SECONDS)
  asked[2]!.deliver()
  await cardIn(page, 'simple').locator('img[src^="/files/simple/"]').waitFor()
})

t.test('with tokens, the buttons appear with a token', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist, settings: { TB_DALLE_API_TOKENS: 'the-right-token-here' } })
  const page = await open(await visit(t, server, {}, /status of 401/), PAGE)
  t.equal(await drawIn(page, 'simple').isVisible(), false)
  await testAccessibility(t, page, 'without a token')
  const enter = async (token: string) => {
    await page.getByLabel('You need a token').fill(token)
    await page.getByRole('button', { name: 'Use this token' }).click()
    await drawIn(page, 'simple').waitFor()
  }
  await enter('some-other-token')
  await drawIn(page, 'simple').click()
  await cardIn(page, 'simple').getByText('The server does not accept this token.').waitFor()
  t.equal(asked.length, 0)
  await enter('the-right-token-here')
  t.equal(await cardIn(page, 'simple').getByText('The server does not accept this token.').count(), 0)
  await drawIn(page, 'simple').click()
  await until(() => asked.length === 1, TIMEOUT_SECONDS)
})

t.test('the page on a phone, with a series out of sight that is not fetched', { skip }, async (t) => {
  const server = await build(t)
  for (let index = 1; index <= 200; index += 1) {
    await server.app.files.write(`user-series/own-${index}.json`, JSON.stringify({ nouns: ['otter'] }))
  }
  await server.app.dresses.series.reload()
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await visit(t, server, { ...PHONE, colorScheme })
    const asked: string[] = []
    context.on('request', (request) => asked.push(new URL(request.url()).pathname))
    const page = await open(context, PAGE)
    const isDrawn = 'document.querySelector(".card img").naturalWidth > 0'
    await until(async () => (await page.evaluate(isDrawn)) === true, TIMEOUT_SECONDS)
    await page.waitForLoadState('networkidle')
    const samples = asked.filter((path) => path.startsWith('/avatar/')).length
    t.ok(samples < 60, `${samples} of 232 sketches are fetched`)
    const [sketch, badge] = [
      (await cardIn(page, 'simple').locator('img').boundingBox())!,
      (await cardIn(page, 'simple').getByText('Sketch').boundingBox())!
    ]
    t.ok(badge.y >= sketch.y + sketch.height, 'the mark of a sketch covers nothing of it')
    t.ok((await page.locator('.card img').first().boundingBox())!.y < 500, 'a picture begins near the top')
    t.equal(
      await page.evaluate('document.documentElement.scrollWidth'),
      390,
      'nothing is wider than the phone'
    )
    await testAccessibility(t, page, `a phone, ${colorScheme}`)
  }
})

t.test('the form leads to the page of an address, also without scripts', { skip }, async (t) => {
  const server = await build(t)
  await picturesOf(server).stored.put('noir', ADDRESS, await smallPng())
  await until(() => picturesOf(server).gallery.size === 1, TIMEOUT_SECONDS)
  const page = await open(await visit(t, server))
  await page.getByRole('textbox', { name: 'Ethereum address' }).fill(ADDRESS.slice(2))
  await page.getByText('This is a valid address.').waitFor()
  await page.getByRole('textbox', { name: 'Ethereum address' }).blur()
  await page.getByRole('link', { name: 'See it in every series' }).click()
  await page.waitForURL(`**${PAGE}`)
  await page.getByLabel('Another address').fill(`ethereum:0x${'1'.repeat(40)}`)
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/preview/address/0x${'1'.repeat(40)}`)
  await page.getByText('0 of 32 pictures are drawn.').waitFor()

  const plain = await open(await visit(t, server, { javaScriptEnabled: false }, /status of 404/))
  await plain.getByLabel('Address to see in every series').fill(`https://etherscan.io/address/${ADDRESS}`)
  await plain.getByRole('button', { name: 'Show it' }).click()
  await plain.waitForURL(`**${PAGE}`)
  t.equal(await drawIn(plain, 'birds').isVisible(), false, 'drawing needs scripts')
  await cardIn(plain, 'noir').getByRole('link').click()
  await plain.getByRole('heading', { name: 'Attributes' }).waitFor()
  await plain.goto(PAGE)
  await cardIn(plain, 'birds').getByRole('link').click()
  await plain.getByText('There is no picture of').waitFor()
})

t.test('the run of another visitor is shown, and cannot be cancelled', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const page = await open(await visit(t, await build(t, { artist }), {}, /status of 4\d\d/), PAGE)
  await makePictureElsewhere(page)
  await cardIn(page, 'simple').getByText('Drawing,').waitFor()
  t.equal(await page.getByRole('button', { name: 'Cancel the run in simple' }).count(), 0)
  asked[0]!.deliver()
  await cardIn(page, 'simple').locator('img[src^="/files/simple/"]').waitFor()
})

/** Starts the run of the address in the gallery, in a browser profile of its own. */
async function makePictureElsewhere(page: Page): Promise<void> {
  const context = await page
    .context()
    .browser()!
    .newContext({ baseURL: new URL(page.url()).origin })
  const gallery = await context.newPage()
  await gallery.goto('/preview')
  await makePicture(gallery, ADDRESS)
  await gallery.getByRole('dialog').getByText('Drawing,').waitFor()
  await context.close()
}

t.test('a stand-in is no picture of the gallery, and its card says so', { skip }, async (t) => {
  const server = await build(t, {
    retry: { retries: 0 },
    settings: {
      OPENAI_API_KEY: 'sk-nobody',
      OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
      TB_DALLE_NO_ENHANCE: '1',
      TB_DALLE_FALLBACK: 'local'
    }
  })
  const page = await open(await visit(t, server), PAGE)
  await page.getByText('Now the model provider would draw them, which costs money.').waitFor()
  const told = cardIn(page, 'simple').locator('.outcome').getByText('the built-in artist drew a stand-in')
  for (const time of ['made now', 'there already']) {
    await drawIn(page, 'simple').click()
    await told.waitFor()
    t.equal(await cardIn(page, 'simple').getByText('Sketch').count(), 1, time)
    await page.reload()
    await told.waitFor({ state: 'detached' })
  }
})
