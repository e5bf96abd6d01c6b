import { link, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { BrowserContext, Page } from 'playwright-core'
import type { Test } from 'tap'
import { ADDRESS, build, temporaryFolder, until } from '../../helper.ts'
import type { TestServer } from '../../helper.ts'
import { TIMEOUT_SECONDS, addressOf, open, picturesOf, skip, smallPng, startBrowser } from './browser.ts'

const visit = await startBrowser(t)

const BIRDS = 60
const TOTAL = 1100
const WORDED = '1,100'

/** A data folder with many pictures, three of which have a walrus in their title. */
async function createManyPictures(t: Test): Promise<string> {
  const dataDir = await temporaryFolder(t)
  const source = join(dataDir, 'source.png')
  await writeFile(source, await smallPng())
  for (const [series, from, to] of [
    ['birds', 0, BIRDS],
    ['simple', BIRDS, TOTAL]
  ] as const) {
    const folder = join(dataDir, 'output', series)
    await mkdir(join(folder, 'annotated'), { recursive: true })
    await mkdir(join(folder, 'title'), { recursive: true })
    for (let index = from; index < to; index += 1) {
      const title = index % 500 === 7 ? `A Walrus of Number ${index}` : `A Person of Number ${index}`
      await link(source, join(folder, `annotated/${addressOf(index)}.png`))
      await writeFile(join(folder, `title/${addressOf(index)}.txt`), title)
    }
  }
  await rm(source)
  return dataDir
}

/** Opens the gallery; returns the page and the bytes that it loads, without images. */
async function measureFirstView(context: BrowserContext): Promise<{ page: Page; bytes: number }> {
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  const sizes = new Map<string, number>()
  const images = new Set<string>()
  devtools.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Image') images.add(requestId)
  })
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
    sizes.set(requestId, encodedDataLength)
  )
  await page.goto('/preview')
  await page.waitForLoadState('load')
  await page.evaluate('document.fonts.ready')
  const bytes = [...sizes].filter(([id]) => !images.has(id)).reduce((sum, [, size]) => sum + size, 0)
  // These tests are about the list. Encoding a thumbnail of each picture only takes time.
  await devtools.send('Network.setBlockedURLs', { urls: ['*/files/*'] })
  return { page, bytes }
}

/** Records each element that moves without an input of the visitor. */
const OBSERVE_SHIFTS = `
  window.shifts = []
  new PerformanceObserver((list) => {
    const entries = list.getEntries().filter((entry) => !entry.hadRecentInput)
    window.shifts.push(...entries.map((entry) => [
      entry.value,
      entry.sources.map(({ node }) => node?.className || node?.nodeName).join()
    ]))
  }).observe({ type: 'layout-shift', buffered: true })`

/** Scrolls down until the list has this many pictures. */
async function scrollUntil(page: Page, count: number): Promise<void> {
  await page.mouse.move(600, 600)
  await until(async () => {
    await page.mouse.wheel(0, 2500)
    return (await page.locator('.card').count()) === count
  }, TIMEOUT_SECONDS)
}

t.test('a large gallery: a small first view, a list that never jumps, and a search', { skip }, async (t) => {
  const server = await build(t, { dataDir: await createManyPictures(t) })
  await picturesOf(server).gallery.reading
  const context = await visit(t, server, {}, /ERR_BLOCKED_BY_CLIENT/)
  const { page, bytes } = await measureFirstView(context)
  t.ok(
    bytes > 10_000 && bytes < 60_000,
    `the first view takes ${Math.round(bytes / 100) / 10} KB without images`
  )

  await page.evaluate(OBSERVE_SHIFTS)
  await scrollUntil(page, TOTAL)
  const keys = (await page.evaluate(
    '[...document.querySelectorAll(".card")].map((card) => card.dataset.key)'
  )) as string[]
  t.equal(new Set(keys).size, TOTAL, 'each picture once')
  t.equal(await page.locator('.group').count(), 2)
  t.equal(await page.locator('a[rel=next]').count(), 0)
  const shifts = (await page.evaluate('window.shifts')) as Array<[value: number, element: string]>
  const sum = shifts.reduce((sum, [value]) => sum + value, 0)
  t.ok(sum < 0.02, `nothing jumps: ${JSON.stringify(shifts.slice(0, 5))}`)

  const search = page.getByRole('searchbox')
  await search.fill('walrus')
  await page.getByText(`3 pictures of ${WORDED}`).waitFor()
  t.equal(await page.locator('.card').count(), 3)
  t.match(page.url(), /q=walrus/)
  const series = page.getByRole('navigation', { name: 'Filter by series' })
  await series.getByRole('link', { name: 'birds' }).click()
  await page.getByText(`1 picture of ${WORDED}`).waitFor()
  await page.goBack()
  await page.getByText(`3 pictures of ${WORDED}`).waitFor()
  await search.fill(addressOf(77).toUpperCase().replace('X', 'x'))
  await page.getByText(`1 picture of ${WORDED}`).waitFor()
  await search.fill('unicorn <b>')
  await page.getByText('Nothing matches “unicorn <b>”').waitFor()
  await page.getByRole('link', { name: 'Show all pictures' }).click()
  await page.locator('.card').nth(23).waitFor()
  const direct = await open(context, '/preview?q=walrus&series=simple')
  t.equal(await direct.locator('.card').count(), 2)
  t.equal(await direct.getByRole('searchbox').inputValue(), 'walrus')
})

t.test('HTML in names is shown as text', { skip }, async (t) => {
  const server = await build(t)
  const { stored, gallery } = picturesOf(server)
  const series = '"><img-src=x-onerror=alert(1)>'
  const title = '</strong><script>alert(2)</script><img src=x onerror=alert(3)>'
  const purpose = '<script>alert(4)</script>'
  await server.app.files.write(`output/${series}/title/${ADDRESS}.txt`, title)
  await server.app.files.write(`user-series/${series}.json`, JSON.stringify({ purpose }))
  await stored.put(series, ADDRESS, await smallPng())
  await until(() => gallery.revision === 1, TIMEOUT_SECONDS)
  const page = await open(await visit(t, server))
  t.equal(await page.locator('.card strong').textContent(), title)
  t.equal(await page.locator('.group h2').textContent(), series)
  t.match(await page.locator('.group .about').textContent(), purpose)
  await page.locator('.card a').click()
  t.equal(await page.locator('#detail-title').textContent(), title)
  await page.keyboard.press('Escape')
  const filters = page.getByRole('navigation', { name: 'Filter by series' })
  await filters.getByRole('link', { name: series }).click()
  await page.getByText('1 picture of 1').waitFor()
  await page.getByRole('searchbox').fill('<img src=x onerror=alert(5)>')
  await page.locator('.empty').getByText('<img src=x onerror=alert(5)>').waitFor()
  await page.getByRole('searchbox').fill('alert(3)')
  await page.locator('.card').waitFor()
})

t.test('the gallery works without scripts: pictures, pages, details and search', { skip }, async (t) => {
  const server = await build(t)
  const { stored, gallery } = picturesOf(server)
  const png = await smallPng()
  for (let index = 0; index < 30; index += 1) {
    await stored.put('simple', `0x${String(index).padStart(40, '0')}`, png)
  }
  await until(() => gallery.size === 30, TIMEOUT_SECONDS)
  const page = await open(await visit(t, server, { javaScriptEnabled: false }, /status of 404/))
  t.equal(await page.locator('.card').count(), 24)
  const image = page.locator('.card img').first()
  const widthOf = (element: unknown) => (element as { naturalWidth: number }).naturalWidth
  await until(async () => (await image.evaluate(widthOf)) > 0, TIMEOUT_SECONDS)
  t.equal(await page.locator('#make').isVisible(), false)
  await page.getByText('needs scripts').waitFor()
  await page.getByRole('link', { name: 'More pictures' }).click()
  await page.waitForURL(/cursor=/)
  t.equal(await page.locator('.card').count(), 6)
  await page.locator('.card a').first().click()
  await page.getByRole('heading', { name: 'Attributes' }).waitFor()
  t.ok((await page.locator('.detail').boundingBox())!.y < 900, 'in sight')
  t.equal(await page.title(), `${await page.locator('#detail-title').textContent()} – dalleserver`)
  await page.getByRole('link', { name: 'Older' }).click()
  await page.getByRole('link', { name: 'Close' }).click()
  await page.getByRole('searchbox').fill('000017')
  await page.getByRole('searchbox').press('Enter')
  await page.waitForURL(/q=000017/)
  t.equal(await page.locator('.card').count(), 1)
  const response = await page.goto(`/preview/nosuch/${ADDRESS}`)
  t.equal(response!.status(), 404)
  await page.getByText('There is no series nosuch').waitFor()
})

/** Puts pictures of a series into the gallery, numbered from `from` up to but not including `to`. */
async function put(server: TestServer, series: string, from: number, to: number): Promise<void> {
  const png = await smallPng()
  for (let index = from; index < to; index += 1) {
    await picturesOf(server).stored.put(series, addressOf(index), png)
  }
}

t.test('the list follows every change, also after an error of the stream', { skip }, async (t) => {
  const server = await build(t)
  const { gallery } = picturesOf(server)
  const cardOf = (series: string, index: number) =>
    page.locator(`.card[data-key="${series}/${addressOf(index)}"]`)
  await put(server, 'simple', 1, 2)
  await put(server, 'birds', 100, 130)
  await until(() => gallery.size === 31, TIMEOUT_SECONDS)
  const context = await visit(t, server, {}, /status of 502|ERR_FAILED/)
  const page = await context.newPage()
  // Encoding a thumbnail of each picture only takes time.
  await page.route('**/files/**', async (route) => await route.abort())
  let streams = 0
  await page.route('**/events', async (route) => {
    streams += 1
    if (streams === 1) await route.fulfill({ status: 502, body: 'Bad gateway' })
    else await route.continue()
  })
  await page.goto('/preview')
  await put(server, 'simple', 2, 3)
  const fresh = (count: number) => page.getByRole('button', { name: `${count} new`, exact: true })
  await fresh(1).click()
  await cardOf('simple', 2).waitFor()
  t.equal(streams, 2, 'the page connects again')

  // The pictures of one series fill the first page of all series.
  await put(server, 'simple', 3, 4)
  await put(server, 'birds', 200, 230)
  await fresh(31).click()
  await cardOf('simple', 3).waitFor()
  t.equal(await fresh(31).isVisible(), false)
  // More changes than the server reports.
  await put(server, 'birds', 230, 240)
  await put(server, 'noir', 1, 41)
  await until(() => gallery.size === 113, TIMEOUT_SECONDS)
  // The page has loaded the whole list again if it missed changes. Else it offers what is new.
  const offer = page.locator('#new')
  await page.mouse.move(600, 600)
  await until(async () => {
    if (await offer.isVisible()) await offer.click()
    await page.mouse.wheel(0, 2500)
    return (await page.locator('.card').count()) === gallery.size
  }, TIMEOUT_SECONDS)
})
