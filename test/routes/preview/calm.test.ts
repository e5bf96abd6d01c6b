import t from 'tap'
import type { Page } from 'playwright-core'
import { build, createScriptedArtist, plainPng, until } from '../../helper.ts'
import {
  TIMEOUT_SECONDS,
  addressOf,
  cardOf,
  open,
  othersOf,
  picturesOf,
  runsOf,
  skip,
  smallPng,
  startBrowser
} from './browser.ts'

const visit = await startBrowser(t)
/** As many as a busy server has in a minute. */
const RUNS = 20

/** Records each element that moves without an input of the visitor. */
const OBSERVE_SHIFTS = `
  window.shifts = []
  const nameOf = ({ node }) => node?.className ?? node?.nodeName
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (!hadRecentInput) window.shifts.push([value, sources.map(nameOf).join()])
    }
  }).observe({ type: 'layout-shift', buffered: true })`

/** The sum of all shifts: no less than the cumulative layout shift, which is the largest sum within five seconds. */
async function shiftsOf(page: Page): Promise<{ sum: number; all: string }> {
  const shifts = (await page.evaluate('window.shifts')) as Array<[value: number, elements: string]>
  return { sum: shifts.reduce((sum, [value]) => sum + value, 0), all: JSON.stringify(shifts) }
}

for (const [size, viewport] of [
  ['a wide window', { width: 1200, height: 900 }],
  ['a phone', { width: 390, height: 844 }]
] as const) {
  t.test(`twenty runs of others move nothing that is read, in ${size}`, { skip }, async (t) => {
    const { artist, asked } = createScriptedArtist()
    const server = await build(t, { artist, settings: { TB_DALLE_CONCURRENCY: String(RUNS) } })
    const { stored, gallery } = picturesOf(server)
    const png = await smallPng()
    for (let index = 100; index < 130; index += 1) await stored.put('simple', addressOf(index), png)
    await until(() => gallery.size === 30, TIMEOUT_SECONDS)
    const page = await open(await visit(t, server, { viewport }))
    await page.evaluate('document.fonts.ready')
    // In the middle of the list every picture that comes could move what is read.
    await page.evaluate('document.querySelector("#chips").scrollIntoView()')
    await page.evaluate(OBSERVE_SHIFTS)
    for (let index = 1; index <= RUNS; index += 1) {
      await fetch(
        `${server.url}/dalle/${index % 2 === 0 ? 'simple' : 'birds'}/${addressOf(index)}?generate=1`
      )
    }
    await until(() => asked.length === RUNS, TIMEOUT_SECONDS)
    await page.getByText(`${RUNS} in the making`).waitFor()
    t.equal(await runsOf(page).count(), 0)
    t.equal(await othersOf(page).first().isVisible(), false, 'they are behind a button')
    for (const [index, { deliver }] of asked.entries()) {
      deliver()
      await until(() => gallery.size === 31 + index, TIMEOUT_SECONDS)
    }
    await page.getByText('20 new').waitFor()
    await page.locator('#others').waitFor({ state: 'hidden' })
    t.equal(await cardOf(page, 'simple', addressOf(2)).count(), 0)
    const { sum, all } = await shiftsOf(page)
    t.ok(sum < 0.05, `the sum of all shifts is ${sum}: ${all}`)

    await page.getByRole('button', { name: '20 new' }).click()
    await cardOf(page, 'simple', addressOf(2)).waitFor()
    await cardOf(page, 'birds', addressOf(1)).waitFor()
    t.equal(await page.locator('#new').isVisible(), false)
  })
}

t.test('with a token, the runs of others can be cancelled behind their button', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const token = 'a-token-of-this-test'
  const server = await build(t, { artist, settings: { TB_DALLE_API_TOKENS: token } })
  await fetch(`${server.url}/dalle/simple/${addressOf(1)}?generate=1`, {
    headers: { authorization: `Bearer ${token}` }
  })
  const page = await open(await visit(t, server))
  await page.getByText('1 in the making').click()
  const cancel = othersOf(page).getByRole('button', { name: /^Cancel/ })
  await othersOf(page).getByText('Drawing').waitFor()
  t.equal(await cancel.count(), 0)
  await page.getByLabel('You need a token').fill(token)
  await page.getByRole('button', { name: 'Use this token' }).click()
  await cancel.click()
  await page.locator('#others').waitFor({ state: 'hidden' })
  t.ok(asked[0]!.signal.aborted)
})

for (const viewport of [
  { width: 1200, height: 900 },
  { width: 390, height: 844 }
]) {
  t.test(
    `the page of a picture stays as it is at ${viewport.width} px when the picture comes`,
    { skip },
    async (t) => {
      const server = await build(t)
      const { stored, gallery } = picturesOf(server)
      await stored.put('simple', addressOf(1), await plainPng(1024))
      await until(() => gallery.size === 1, TIMEOUT_SECONDS)
      const context = await visit(t, server, { viewport })
      await context.addInitScript(OBSERVE_SHIFTS)
      let show = () => {}
      const isOpen = new Promise<void>((resolve) => (show = resolve))
      await context.route('**/files/**', async (route) => {
        await isOpen
        await route.continue()
      })
      const page = await context.newPage()
      await page.goto(`/preview/simple/${addressOf(1)}`, { waitUntil: 'commit' })
      await page.waitForSelector('#detail:modal')
      const room = await page.locator('.plate img').boundingBox()
      show()
      await page.evaluate('document.querySelector(".plate img").decode()')
      t.ok(room!.height > 200)
      t.same(await page.locator('.plate img').boundingBox(), room)
      const { sum, all } = await shiftsOf(page)
      t.ok(sum < 0.05, all)
    }
  )
}
