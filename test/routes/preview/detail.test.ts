import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { BrowserContext, Page } from 'playwright-core'
import type { Test } from 'tap'
import { checksumAddress } from '../../../lib/checksum.ts'
import { askForRun, build, until } from '../../helper.ts'
import type { TestServer } from '../../helper.ts'
import { putDressed } from '../dressed.ts'
import {
  TIMEOUT_SECONDS,
  cardOf,
  open,
  picturesOf,
  quickArtist,
  skip,
  startBrowser,
  testAccessibility
} from './browser.ts'

const visit = await startBrowser(t)
const [OLDEST, MIDDLE, NEWEST] = ['a', 'b', 'c'].map((digit) => `0x${digit.repeat(40)}`) as [
  string,
  string,
  string
]
const pathOf = (address: string) => `/preview/simple/${address}`

/** A server with three pictures of the series simple. */
async function buildWithPictures(t: Test): Promise<{ server: TestServer; context: BrowserContext }> {
  const server = await build(t, { artist: quickArtist, settings: { TB_DALLE_FAILURE_HOLD: '1ms' } })
  for (const address of [OLDEST, MIDDLE, NEWEST]) {
    const url = `${server.url}/dalle/simple/${address}?generate=1`
    await (await fetch(url, { headers: { prefer: 'wait=55' } })).arrayBuffer()
  }
  await until(() => picturesOf(server).gallery.size === 3, TIMEOUT_SECONDS)
  const context = await visit(t, server, { permissions: ['clipboard-read', 'clipboard-write'] })
  return { server, context }
}

/** Waits until the dialog shows this picture, and the address bar its URL. */
async function waitForDetail(page: Page, address: string): Promise<void> {
  await page.locator(`dialog[open] .detail[data-key="simple/${address}"]`).waitFor()
  await page.waitForURL(pathOf(address))
}

async function waitForList(page: Page): Promise<void> {
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.waitForURL('/preview')
}

t.test(
  'a picture opens in a dialog with its own URL, and keys lead to its neighbours',
  { skip },
  async (t) => {
    const { context } = await buildWithPictures(t)
    const page = await open(context)
    const dialog = page.getByRole('dialog')
    await cardOf(page, 'simple', MIDDLE).locator('a').click()
    await waitForDetail(page, MIDDLE)
    await dialog.getByRole('heading', { name: 'Attributes' }).waitFor()
    t.equal(await dialog.locator('.attributes > div').count(), 18)
    t.equal(await page.evaluate('document.activeElement?.id'), 'detail-title', 'the focus is in the dialog')
    await testAccessibility(t, page, 'details')
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click()
    await until(
      async () => (await page.evaluate('navigator.clipboard.readText()')) === checksumAddress(MIDDLE),
      TIMEOUT_SECONDS
    )
    const download = dialog.getByRole('link', { name: 'Download' })
    t.equal(await download.getAttribute('download'), `simple-${MIDDLE}.png`)

    await page.keyboard.press('ArrowRight')
    await waitForDetail(page, OLDEST)
    t.equal(await dialog.getByRole('button', { name: 'Older picture' }).isDisabled(), true)
    await page.keyboard.press('ArrowLeft')
    await waitForDetail(page, MIDDLE)
    await dialog.getByRole('button', { name: 'Newer picture' }).click()
    await waitForDetail(page, NEWEST)
    await page.goBack()
    await waitForList(page)
    await page.goForward()
    await waitForDetail(page, NEWEST)
    await page.keyboard.press('Escape')
    await waitForList(page)
  }
)

t.test(
  'Back leads from a similar picture to the one before it, and Close to the list',
  { skip },
  async (t) => {
    const server = await build(t)
    for (const address of [OLDEST, MIDDLE, NEWEST]) {
      const dress = {
        noun: 'heron,herons,waders,bird,chordate',
        emotion: 'azart,joy,mixed,Russian,a fervour'
      }
      await putDressed(server.app, { series: 'simple', address, title: address }, dress)
    }
    const { gallery } = picturesOf(server)
    await until(() => gallery.size === 3 && gallery.unread === 0, TIMEOUT_SECONDS)
    const context = await visit(t, server)
    const similar = (page: Page, address: string) => page.locator(`.similar a[href="${pathOf(address)}"]`)
    const page = await open(context)
    await cardOf(page, 'simple', MIDDLE).locator('a').click()
    await waitForDetail(page, MIDDLE)
    await similar(page, OLDEST).click()
    await waitForDetail(page, OLDEST)
    await page.goBack()
    await waitForDetail(page, MIDDLE)
    await page.goForward()
    await waitForDetail(page, OLDEST)
    await page.keyboard.press('Escape')
    await waitForList(page)

    const direct = await open(context, pathOf(MIDDLE))
    await waitForDetail(direct, MIDDLE)
    await similar(direct, NEWEST).click()
    await waitForDetail(direct, NEWEST)
    await direct.keyboard.press('Escape')
    await waitForList(direct)
  }
)

t.test('a picture that was opened by its link closes onto the wall', { skip }, async (t) => {
  const { server } = await buildWithPictures(t)
  const inSight = (selector: string) => `(() => {
    const { top, bottom } = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect()
    return top >= 0 && bottom <= innerHeight
  })()`
  for (const viewport of [
    { width: 390, height: 844 },
    { width: 1440, height: 700 }
  ]) {
    const context = await visit(t, server, { viewport })
    let answer = () => {}
    const mayAnswer = new Promise<void>((resolve) => (answer = resolve))
    await context.route('**/detail.js', async (route) => {
      await mayAnswer
      await route.continue()
    })
    const page = await open(context, pathOf(OLDEST))
    await page.evaluate('window.isSamePage = true')
    await page.getByRole('link', { name: 'Close' }).click()
    answer()
    await waitForList(page)
    t.equal(await page.evaluate('window.isSamePage'), true, 'also before its scripts are there')
    const card = `.card[data-key="simple/${OLDEST}"]`
    t.equal(await page.evaluate(inSight(`${card} img`)), true, 'its place on the wall is in sight')
    t.equal(await page.evaluate(`document.activeElement === document.querySelector('${card} a')`), true)
    await page
      .getByRole('link', { name: /^simple/ })
      .first()
      .click()
    await page.waitForURL('/preview?series=simple')

    // A picture that the first page of the list does not have.
    const other = await open(context, pathOf(MIDDLE))
    await waitForDetail(other, MIDDLE)
    await other.evaluate(`document.querySelector('.card[data-key="simple/${MIDDLE}"]').remove()`)
    await other.keyboard.press('Escape')
    await waitForList(other)
    t.equal(await other.evaluate(inSight('.group h2')), true, 'the first pictures are in sight')
    t.equal(await other.evaluate('document.activeElement.id'), 'pictures')
    await context.close()
  }
})

t.test('the link of a picture is shared, or copied where the browser cannot share', { skip }, async (t) => {
  const { server, context } = await buildWithPictures(t)
  const url = server.url + pathOf(OLDEST)
  const page = await open(context, pathOf(OLDEST))
  const share = page.getByRole('button', { name: 'Share' })
  await share.click()
  await page.getByText('The link is copied.').waitFor()
  t.equal(await page.evaluate('navigator.clipboard.readText()'), url)

  await page.getByRole('button', { name: 'Copy the embed code' }).click()
  await page.getByText('The code is copied').waitFor()
  const code = (await page.evaluate('navigator.clipboard.readText()')) as string
  const image = await fetch(/src="([^"]+)"/.exec(code)![1]!)
  t.equal(image.status, 200)
  t.match(code, `src="${server.url}/avatar/simple/${OLDEST}.webp?size=256"`)
  t.match(code, /^<img [^<>]* width="256" height="256" alt="[^"]+">$/s)

  await page.evaluate(
    'navigator.canShare = () => true; navigator.share = async (data) => { window.shared = data }'
  )
  await share.click()
  await page.waitForFunction('window.shared !== undefined')
  t.match(await page.evaluate('window.shared'), { url, title: /./ })
  const explorer = page.getByRole('link', { name: 'Etherscan' })
  t.equal(await explorer.getAttribute('href'), `https://etherscan.io/address/${checksumAddress(OLDEST)}`)
  t.equal(await explorer.getAttribute('target'), '_blank')
  t.equal(await explorer.getAttribute('rel'), 'noopener noreferrer')
  t.equal(await explorer.textContent(), 'Etherscan (another site, in a new window)')
  const lines = (await page.evaluate(
    '[...document.querySelectorAll(".address .quiet")].map((each) => getComputedStyle(each).textDecorationLine)'
  )) as string[]
  t.same(lines, ['underline', 'underline', 'underline'], 'quiet links look like links')
  const every = page.getByRole('link', { name: 'In every series' })
  for (const width of [320, 390, 700, 900, 1280, 1920]) {
    await page.setViewportSize({ width, height: 800 })
    const [one, other] = [await explorer.boundingBox(), await every.boundingBox()]
    t.equal(other!.y, one!.y, `no link stands alone on a line, ${width} pixels wide`)
  }
})

t.test('a picture can be made again and removed, and other pages follow', { skip }, async (t) => {
  const { server, context } = await buildWithPictures(t)
  const { stored } = picturesOf(server)
  const page = await open(context)
  const direct = await open(context, pathOf(OLDEST))
  await waitForDetail(direct, OLDEST)
  const before = await cardOf(direct, 'simple', OLDEST).getAttribute('data-version')
  await direct.getByRole('button', { name: 'Make it again' }).click()
  await direct.getByText('The built-in artist draws it again. This one moves to the archive').waitFor()
  t.equal(
    (await fetch(`${server.url}/dalle/simple/${OLDEST}?generate=1`)).headers.get('x-dalle-run'),
    'cached'
  )
  await direct.getByRole('button', { name: 'Really make it again?' }).click()
  await direct
    .locator(`.card[data-key="simple/${OLDEST}"]:not([data-version="${before}"])`)
    .waitFor({ state: 'attached' })
  t.equal(await direct.locator('.card').first().getAttribute('data-key'), `simple/${OLDEST}`, 'the newest')
  await page.getByRole('button', { name: '1 new' }).click()
  await cardOf(page, 'simple', OLDEST).and(page.locator('.card').first()).waitFor()

  await direct.getByRole('button', { name: 'Remove' }).click()
  const confirm = direct.getByRole('button', { name: 'Really remove it?' })
  await confirm.waitFor()
  await direct.getByText('which keeps it for 90 days. Its prompts stay.').waitFor()
  t.not(await stored.find('simple', OLDEST), undefined, 'not without a second click')
  await confirm.click()
  await cardOf(direct, 'simple', OLDEST).waitFor({ state: 'detached' })
  await cardOf(page, 'simple', OLDEST).waitFor({ state: 'detached' })
  t.equal(await stored.find('simple', OLDEST), undefined)
  await direct.getByRole('dialog').waitFor({ state: 'hidden' })
  for (const each of [direct, page]) {
    const newest = await each
      .locator('.fan a')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')))
    t.same(newest, [NEWEST, MIDDLE].map(pathOf), 'the newest pictures have it no more')
  }
})

t.test(
  'a question is taken back by another one, and nothing happens without an answer',
  { skip },
  async (t) => {
    const { server, context } = await buildWithPictures(t)
    const page = await open(context, pathOf(OLDEST))
    const before = await picturesOf(server).stored.find('simple', OLDEST)
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('button', { name: 'Make it again' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).waitFor()
    t.equal(await page.getByText('Its prompts stay.').count(), 0)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Make it again', exact: true }).waitFor()
    t.equal(await page.getByText('draws it again').count(), 0)
    await waitForDetail(page, OLDEST)
    await page.getByRole('button', { name: 'Make it again' }).click()
    await testAccessibility(t, page, 'a question')
    await page.reload()
    await page.getByRole('button', { name: 'Make it again', exact: true }).waitFor()
    t.same(await picturesOf(server).stored.find('simple', OLDEST), before)
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Remove', exact: true }).waitFor()
    t.equal(await page.evaluate('document.activeElement.dataset.action'), 'remove', 'the focus stays')
    await page.keyboard.press('Escape')
    await waitForList(page)
  }
)

t.test('the page says so when another artist than the one that drew would draw', { skip }, async (t) => {
  const { server, context } = await buildWithPictures(t)
  const drawnBy = async (mode: string) => {
    const file = join(server.dataDir, `output/simple/selector/${OLDEST}.json`)
    const dress = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
    await writeFile(file, JSON.stringify({ ...dress, downloadMode: mode }))
  }
  for (const [mode, sentence] of [
    [
      'b64',
      'The model provider drew this picture. Now the built-in artist would draw it, and it would look different.'
    ],
    ['', 'It is not known who drew this picture. Now the built-in artist would draw it'],
    ['local', 'The built-in artist draws it again.']
  ] as const) {
    await drawnBy(mode)
    const page = await open(context, pathOf(OLDEST))
    await page.getByRole('button', { name: 'Make it again' }).click()
    await page.getByText(sentence).waitFor()
    await page.close()
  }
  t.pass('each artist is named')
})

t.test(
  'where a visitor may not change a picture, the page says why in place of the buttons',
  { skip },
  async (t) => {
    const token = 'a-token-of-this-test'
    const guarded = await build(t, { artist: quickArtist, settings: { TB_DALLE_API_TOKENS: token } })
    const outside = await build(t, { artist: quickArtist, settings: { TB_DALLE_HOST: '0.0.0.0' } })
    for (const server of [guarded, outside]) {
      const headers = { authorization: `Bearer ${token}`, prefer: 'wait=55' }
      await (await askForRun(`${server.url}/dalle/simple/${OLDEST}?generate=1`, { headers })).arrayBuffer()
      await until(() => picturesOf(server).gallery.size === 1, TIMEOUT_SECONDS)
    }
    const closed = await open(await visit(t, outside), pathOf(OLDEST))
    await closed.getByText('Its operator sets TB_DALLE_API_TOKENS.').waitFor()
    t.equal(await closed.getByRole('button', { name: 'Make it again' }).count(), 0)
    await testAccessibility(t, closed, 'a reason in place of the buttons')

    const page = await open(await visit(t, guarded), pathOf(OLDEST))
    const reason = page.getByText('To make it again or to remove it you need a token')
    await reason.waitFor()
    t.equal(await page.getByRole('button', { name: 'Remove' }).isVisible(), false)
    await page.getByRole('link', { name: 'Close' }).click()
    await page.getByPlaceholder('Token').fill(token)
    await page.getByRole('button', { name: 'Use this token' }).click()
    await cardOf(page, 'simple', OLDEST).locator('a').click()
    await page.getByRole('button', { name: 'Remove' }).waitFor()
    t.equal(await reason.isVisible(), false)
  }
)

t.test('the browser remembers the theme and the number of columns', { skip }, async (t) => {
  const { context } = await buildWithPictures(t)
  const page = await open(context)
  await page.getByRole('button', { name: 'Dark' }).click()
  t.equal(await page.evaluate('getComputedStyle(document.documentElement).colorScheme'), 'dark')
  await page.getByLabel('Columns').fill('2')
  await testAccessibility(t, page, 'dark')
  const reloaded = await open(context)
  await reloaded.getByRole('button', { name: 'Dark', pressed: true }).waitFor()
  const columns = await reloaded.evaluate(
    'getComputedStyle(document.querySelector(".grid")).gridTemplateColumns.split(" ").length'
  )
  t.equal(columns, 2)
})

t.test(
  'over plain HTTP, where browsers have no clipboard, texts are copied all the same',
  { skip },
  async (t) => {
    const { server, context } = await buildWithPictures(t)
    await context.addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    const page = await open(context, pathOf(MIDDLE))
    /** What the clipboard holds, as a field that it is pasted into gets it. */
    const pasted = async () => {
      const other = await open(context)
      const field = other.getByRole('searchbox')
      await field.focus()
      await other.keyboard.press('ControlOrMeta+v')
      const text = await field.inputValue()
      await other.close()
      return text
    }
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    t.equal(await pasted(), checksumAddress(MIDDLE))
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByText('The link is copied.').waitFor()
    t.equal(await pasted(), server.url + pathOf(MIDDLE))

    await page.evaluate('document.execCommand = () => false')
    await page.getByRole('button', { name: 'Copy the embed code' }).click()
    await page.getByText('Press Ctrl+C to copy it: <img src=').waitFor()
    t.match(await page.evaluate('String(getSelection())'), /^<img src=.*>$/, 'the code is selected')
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByRole('button', { name: 'Press Ctrl+C to copy it' }).waitFor()
    t.equal(await page.evaluate('String(getSelection())'), checksumAddress(MIDDLE))

    await page.goto(`/preview/address/${MIDDLE}`)
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    t.equal(await pasted(), checksumAddress(MIDDLE), 'from the page of an address too')
  }
)
