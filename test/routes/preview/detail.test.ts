import t from 'tap'
import type { BrowserContext, Page } from 'playwright-core'
import type { Test } from 'tap'
import { checksumAddress } from '../../../lib/checksum.ts'
import { build, until } from '../../helper.ts'
import type { TestServer } from '../../helper.ts'
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

t.test('a picture can be made again and removed, and other pages follow', { skip }, async (t) => {
  const { server, context } = await buildWithPictures(t)
  const { stored } = picturesOf(server)
  const page = await open(context)
  const direct = await open(context, pathOf(OLDEST))
  await waitForDetail(direct, OLDEST)
  const before = await cardOf(direct, 'simple', OLDEST).getAttribute('data-version')
  await direct.getByRole('button', { name: 'Make it again' }).click()
  await direct.locator(`.card[data-key="simple/${OLDEST}"]:not([data-version="${before}"])`).waitFor()
  t.equal(await direct.locator('.card').first().getAttribute('data-key'), `simple/${OLDEST}`, 'the newest')
  await cardOf(page, 'simple', OLDEST).and(page.locator('.card').first()).waitFor()

  await direct.getByRole('button', { name: 'Remove' }).click()
  const confirm = direct.getByRole('button', { name: 'Really remove it?' })
  await confirm.waitFor()
  t.not(await stored.find('simple', OLDEST), undefined, 'not without a second click')
  await confirm.click()
  await cardOf(direct, 'simple', OLDEST).waitFor({ state: 'detached' })
  await cardOf(page, 'simple', OLDEST).waitFor({ state: 'detached' })
  t.equal(await stored.find('simple', OLDEST), undefined)
  await direct.getByRole('dialog').waitFor({ state: 'hidden' })
})

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
