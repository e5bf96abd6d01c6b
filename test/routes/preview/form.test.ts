import t from 'tap'
import type { Page } from 'playwright-core'
import { checksumAddress } from '../../../lib/checksum.ts'
import { EIP55_EXAMPLES } from '../../lib/eip55.ts'
import { ADDRESS, build, createScriptedArtist, until } from '../../helper.ts'
import {
  TIMEOUT_SECONDS,
  cardOf,
  makePicture,
  open,
  othersOf,
  picturesOf,
  skip,
  smallPng,
  startBrowser,
  testAccessibility
} from './browser.ts'

const visit = await startBrowser(t)
const CHECKSUM = checksumAddress(ADDRESS)
const PICTURE = `/files/birds/annotated/${ADDRESS}.png`

const focused = async (page: Page) => await page.evaluate('document.activeElement?.id')

async function testHints(page: Page): Promise<void> {
  const address = page.getByRole('textbox', { name: 'Ethereum address' })
  const hint = page.locator('#address-hint')
  for (const [typed, message] of [
    ['hello', 'An address begins with 0x.'],
    ['0x12g4', '“g” is not a hexadecimal digit'],
    ['0x1234', '4 of 40 digits so far'],
    [`${ADDRESS}ab`, '2 too many'],
    ['vitalik.eth', '“vitalik.eth” is a name'],
    [ADDRESS.slice(2), 'This is a valid address.'],
    [CHECKSUM.replace('D7', 'd7'), 'a digit may be mistyped'],
    [CHECKSUM, 'This is a valid address.'],
    [ADDRESS, 'This is a valid address.']
  ] as const) {
    await address.fill(typed)
    await hint.getByText(message).waitFor()
  }
  await makePicture(page, '0x12')
  await page.locator('#address[aria-invalid=true]').waitFor()
  await address.fill('')
}

t.test('a visitor makes a picture, watches its progress and finds it in the list', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist })
  const context = await visit(t, server)
  const page = await open(context)
  await page.evaluate('window.isSamePage = true')
  await page.getByText('There is no picture yet').waitFor()
  await testAccessibility(t, page, 'empty')
  await testHints(page)
  t.equal(asked.length, 0)

  const address = page.getByRole('textbox', { name: 'Ethereum address' })
  await address.fill(` ${CHECKSUM} `)
  await page.getByRole('combobox', { name: 'Series' }).selectOption('birds')
  await page.getByText('Feathered company').waitFor()
  await address.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Drawing,').waitFor()
  t.equal(new URL(page.url()).pathname, `/preview/birds/${ADDRESS}`, 'the URL is that of the picture')
  t.match(await dialog.getByRole('progressbar').getAttribute('value'), /^\d/)
  t.equal(await page.locator('#runs').isVisible(), false, 'the run is shown once')
  await testAccessibility(t, page, 'a picture in the making')
  server.app.engine.local.oldest(1)[0]!.addPartial({ image: await smallPng(), mediaType: 'image/png' })
  const partial = dialog.getByAltText('The picture so far')
  await partial.waitFor()
  t.match(await partial.getAttribute('src'), `/dalle/birds/${ADDRESS}/partial?n=1`)
  const second = await open(context)
  await second.getByText('1 in the making').click()
  await othersOf(second).getByText('Drawing').waitFor()
  t.equal(await othersOf(second).getByRole('button').count(), 0, 'only the own run can be cancelled')
  await testAccessibility(t, second, 'the run of another')
  t.equal(asked.length, 1)

  t.equal(await focused(page), 'detail-title')
  asked[0]!.deliver()
  await dialog.getByText('Your picture is ready.').waitFor()
  await dialog.getByRole('link', { name: 'Download' }).waitFor()
  t.equal(
    await dialog
      .locator('.plate img')
      .getAttribute('src')
      .then((src) => src?.split('?')[0]),
    PICTURE
  )
  t.equal(await focused(page), 'detail-title', 'the focus stays')
  t.equal(await page.locator('#runs').isVisible(), false)
  await page.keyboard.press('Escape')
  await page.waitForURL('/preview')
  await cardOf(page, 'birds', ADDRESS).waitFor()
  await cardOf(second, 'birds', ADDRESS).waitFor()
  await second.locator('#others').waitFor({ state: 'hidden' })
  t.equal(await cardOf(page, 'birds', ADDRESS).locator('code').textContent(), CHECKSUM)
  t.equal(await page.evaluate('window.isSamePage'), true, 'without a reload')
  await makePicture(page, ADDRESS)
  await dialog.waitFor()
  t.equal(asked.length, 1, 'an existing picture is shown')
})

t.test(
  'the form takes links and addresses without 0x, and says which address it read',
  { skip },
  async (t) => {
    const { artist, asked } = createScriptedArtist()
    const server = await build(t, { artist })
    const context = await visit(t, server, { permissions: ['clipboard-read', 'clipboard-write'] })
    const page = await open(context)
    const address = page.getByRole('textbox', { name: 'Ethereum address' })
    const link = `https://etherscan.io/address/${CHECKSUM}#tokentxns`
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(link)})`)
    await address.focus()
    await page.keyboard.press('ControlOrMeta+v')
    await page.getByText('This is a valid address.').waitFor()
    t.equal(await address.inputValue(), CHECKSUM)
    await makePicture(page, 'vitalik.eth')
    await page.getByText('“vitalik.eth” is a name').waitFor()
    await page.getByRole('alert').getByText('“vitalik.eth” is a name').waitFor()
    t.equal(asked.length, 0)
    await address.press('End')
    await page.keyboard.type('x')
    await page.getByRole('alert').waitFor({ state: 'detached' })
    await makePicture(page, ADDRESS.slice(2))
    await until(() => asked.length === 1, TIMEOUT_SECONDS)
    t.equal(asked[0]!.address, ADDRESS)
  }
)

t.test('the page of a missing picture makes it', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist })
  const page = await open(await visit(t, server, {}, /status of 404/), `/preview/birds/${ADDRESS}`)
  await testAccessibility(t, page, 'a missing picture')
  await page.getByRole('button', { name: 'Make this picture' }).click()
  await until(() => asked.length === 1, TIMEOUT_SECONDS)
  t.equal(asked[0]!.address, ADDRESS)
  t.not(await server.app.engine.runs.last('birds', ADDRESS), undefined, 'in the series of the page')
})

t.test('the browser writes addresses as the server does', { skip }, async (t) => {
  const page = await open(await visit(t, await build(t)))
  const written = await page.evaluate(
    'import("/preview/assets/checksum.js").then(({ checksumAddress }) => ' +
      `${JSON.stringify(EIP55_EXAMPLES)}.map((address) => checksumAddress(address.toLowerCase())))`
  )
  t.same(written, EIP55_EXAMPLES)
})

t.test('with tokens, the buttons that change something appear with a token', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist, settings: { TB_DALLE_API_TOKENS: 'the-right-token-here' } })
  const { stored, gallery } = picturesOf(server)
  await stored.put('simple', ADDRESS, await smallPng())
  await until(() => gallery.size === 1, TIMEOUT_SECONDS)
  const page = await open(await visit(t, server, {}, /status of 401/))
  const make = page.getByRole('button', { name: 'Make the picture' })
  t.equal(await make.isVisible(), false)
  await page.locator('.card a').click()
  await page.getByRole('dialog').getByRole('link', { name: 'Download' }).waitFor()
  t.equal(await page.getByRole('button', { name: 'Remove' }).count(), 0)
  await page.keyboard.press('Escape')
  await testAccessibility(t, page, 'without a token')
  const enter = async (token: string) => {
    await page.getByLabel('You need a token').fill(token)
    await page.getByRole('button', { name: 'Use this token' }).click()
    await make.waitFor()
  }
  await enter('some-other-token')
  await page.getByText('Your token is kept until').waitFor()
  t.equal(await page.getByText('You need a token to').isVisible(), false, 'the form does not say both')
  await testAccessibility(t, page, 'with a token')
  await makePicture(page, `0x${'d'.repeat(40)}`)
  await page.getByText('The server does not accept this token.').waitFor()
  t.equal(await make.isVisible(), false, 'the token is forgotten')
  t.equal(await focused(page), 'token-value', 'the next one can be typed')
  t.ok(await page.getByText('You need a token to').isVisible())
  await enter('the-right-token-here')
  t.equal(
    await page.getByText('The server does not accept this token.').count(),
    0,
    'nor is it said any more'
  )
  await make.click()
  await until(() => asked.length === 1, TIMEOUT_SECONDS)
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await page.getByText('Cancelled:').waitFor()
  await page.locator('.card a').click()
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Really remove it?' }).click()
  await page.getByText('There is no picture yet').waitFor()
})

t.test('a budget that is spent says when there is more', { skip }, async (t) => {
  const page = await open(await visit(t, await build(t), {}, /status of 503/))
  const error = { code: 'BUDGET_EXHAUSTED', message: 'Spent', details: '' }
  for (const [seconds, advice] of [
    [30, 'Try again later.'],
    [3600, 'Try again after midnight UTC.']
  ] as const) {
    await page.route('**/dalle/**generate=1', async (route) => {
      await route.fulfill({ status: 503, headers: { 'retry-after': String(seconds) }, json: { error } })
    })
    await makePicture(page, ADDRESS)
    await page.locator('#make-outcome').getByText(advice).waitFor()
  }
})

t.test('without the token that a picture needs, the form leads to the sketches', { skip }, async (t) => {
  const server = await build(t, { settings: { TB_DALLE_API_TOKENS: 'the-right-token-here' } })
  const page = await open(await visit(t, server))
  const address = page.getByRole('textbox', { name: 'Ethereum address' })
  const button = page.getByRole('button', { name: 'See it in every series' })
  await address.fill('0x12')
  await address.press('Enter')
  await page.getByRole('alert').getByText('2 of 40 digits').waitFor()
  for (const send of [async () => await address.press('Enter'), async () => await button.click()]) {
    await address.fill(ADDRESS)
    await send()
    await page.waitForURL(`/preview/address/${ADDRESS}`)
    await page.goBack()
  }
  await page.getByLabel('You need a token').fill('the-right-token-here')
  await page.getByRole('button', { name: 'Use this token' }).click()
  await page.getByRole('button', { name: 'Make the picture' }).waitFor()
  t.equal(await button.isVisible(), false, 'with the token, it makes the picture')
})

t.test('random addresses move nothing, and close', { skip }, async (t) => {
  const server = await build(t)
  const { stored, gallery } = picturesOf(server)
  await stored.put('simple', ADDRESS, await smallPng())
  await until(() => gallery.size === 1, TIMEOUT_SECONDS)
  for (const width of [390, 768, 1440]) {
    const page = await open(await visit(t, server, { viewport: { width, height: 900 } }))
    const places = async () =>
      await page
        .locator('.chooser, .card, footer, #make')
        .evaluateAll((all) => all.map((each) => JSON.stringify(each.getBoundingClientRect())))
    const before = await places()
    const random = page.getByRole('button', { name: 'Random', exact: true })
    const samples = page.getByRole('list', { name: 'Random addresses' }).getByRole('button')
    await random.click()
    await samples.nth(5).waitFor()
    t.same(await places(), before, `at ${width}`)
    const isCut =
      '[...document.querySelectorAll(".sample code")].some((each) => each.scrollWidth > each.clientWidth)'
    t.equal(await page.evaluate(isCut), false, 'each address fits')
    await page.keyboard.press('Escape')
    t.equal(await samples.count(), 0, 'the key closes them')
    await random.click()
    await page.getByRole('button', { name: 'Close these addresses' }).click()
    t.equal(await samples.count(), 0, 'and the button')
    t.equal(await focused(page), 'random')
    await random.click()
    await page.mouse.click(3, 300)
    t.equal(await samples.count(), 0, 'and a click elsewhere')
    await random.click()
    await samples.last().focus()
    await page.keyboard.press('Tab')
    t.equal(await samples.count(), 0, 'and the focus, which is never on what they cover')
    t.equal(await page.evaluate('document.activeElement.checkVisibility()'), true)
    t.same(await places(), before)
    await page.close()
  }
})

t.test(
  'random addresses come again and again, six at a time, and are drawn when they are seen',
  { skip },
  async (t) => {
    const { artist, asked } = createScriptedArtist()
    const page = await open(
      await visit(t, await build(t, { artist }), { viewport: { width: 1200, height: 500 } })
    )
    const samples = page.getByRole('list', { name: 'Random addresses' }).getByRole('button')
    const shown = async () => await samples.evaluateAll((all) => all.map((each) => each.dataset.address))
    const seen = new Set<string | undefined>()
    const random = page.getByRole('button', { name: 'Random' })
    for (const times of [1, 2, 3]) {
      await random.click()
      t.equal(await samples.count(), 6)
      for (const address of await shown()) seen.add(address)
      t.equal(seen.size, 6 * times, 'each time others')
      t.equal(await focused(page), 'random', 'the focus stays')
    }
    await page.getByText('6 random addresses.').waitFor()
    const isDrawn =
      'Array.from(document.querySelectorAll(".sample img")).every((image) => image.naturalWidth > 0)'
    await random.scrollIntoViewIfNeeded()
    await samples.last().scrollIntoViewIfNeeded()
    await until(async () => (await page.evaluate(isDrawn)) === true, TIMEOUT_SECONDS)
    await testAccessibility(t, page, 'random addresses')
    t.equal(asked.length, 0, 'sketches are no runs')
    const [, , third] = await shown()
    await samples.nth(2).click()
    await until(() => asked.length === 1, TIMEOUT_SECONDS)
    t.equal(asked[0]!.address, third)
    await page.getByRole('dialog').getByText('Drawing,').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    t.equal(await samples.count(), 0, 'they cover nothing of the list to which the picture comes')
  }
)

t.test('a page that is loaded again during its run goes on with it', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist })
  const page = await open(await visit(t, server, {}, /status of 404/))
  const dialog = page.getByRole('dialog')
  await makePicture(page, ADDRESS)
  await dialog.getByText('Drawing,').waitFor()
  await page.reload()
  await dialog.getByText('Drawing,').waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  const own = page.locator('#runs li')
  await own.getByRole('button', { name: /^Cancel/ }).waitFor()
  await own.getByRole('link').click()
  await dialog.getByText('Drawing,').waitFor()
  asked[0]!.deliver()
  await dialog.getByText('Your picture is ready.').waitFor()
  t.equal(new URL(page.url()).pathname, `/preview/simple/${ADDRESS}`)
  t.equal(await page.getByText('There is no picture of').count(), 0)
})

t.test('a server that is gone when the form is first used is named', { skip }, async (t) => {
  const server = await build(t)
  const context = await visit(t, server, {}, /ERR_|Failed to load/)
  const page = await open(context)
  await server.app.close()
  const unreachable = 'The server cannot be reached. Is it running, and are you online?'
  await makePicture(page, ADDRESS)
  await page.locator('#make-outcome').getByText(unreachable).waitFor()
  await page.getByRole('button', { name: 'Random' }).click()
  await page.locator('#random-status').getByText(unreachable).waitFor()
  const images = page.locator('.sample img')
  await until(
    async () => (await images.count()) === 6 && !(await images.first().isVisible()),
    TIMEOUT_SECONDS
  )
  await page.getByRole('button', { name: 'See them all' }).click()
  await page.locator('#toasts').getByText(unreachable).waitFor()
})
