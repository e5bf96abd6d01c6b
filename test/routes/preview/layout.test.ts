import t from 'tap'
import type { Page } from 'playwright-core'
import { build, until } from '../../helper.ts'
import { TIMEOUT_SECONDS, addressOf, open, picturesOf, skip, smallPng, startBrowser } from './browser.ts'

const visit = await startBrowser(t)

/** Series with so many pictures each, the oldest first. */
const COUNTS = { simple: 5, noir: 1, birds: 3, folk: 2 }

async function buildWithSeries(t: Parameters<typeof build>[0]) {
  const server = await build(t)
  const { stored, gallery } = picturesOf(server)
  const png = await smallPng()
  let index = 0
  for (const [series, count] of Object.entries(COUNTS)) {
    for (let left = count; left > 0; left -= 1) await stored.put(series, addressOf(++index), png)
  }
  await until(() => gallery.size === index, TIMEOUT_SECONDS)
  return server
}

const groupBox = async (page: Page, series: string) =>
  (await page.locator(`.group[data-series="${series}"]`).boundingBox())!
const overflow = async (page: Page) =>
  (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number

t.test('series with few pictures stand side by side in a wide window', { skip }, async (t) => {
  const server = await buildWithSeries(t)
  const context = await visit(t, server, { viewport: { width: 1440, height: 900 } })
  const page = await open(context)
  t.same(await page.locator('.group h2').allTextContents(), ['folk', 'birds', 'noir', 'simple'])
  const [folk, birds, noir, simple] = [
    await groupBox(page, 'folk'),
    await groupBox(page, 'birds'),
    await groupBox(page, 'noir'),
    await groupBox(page, 'simple')
  ]
  t.equal(birds.y, folk.y)
  t.ok(birds.x > folk.x + folk.width)
  t.ok(noir.y > folk.y, 'a row that is full is followed by another one')
  t.ok(simple.y >= noir.y + noir.height, 'a series with more pictures has its own rows')
  const tops = await page
    .locator('.group:is([data-series=folk], [data-series=birds]) .card')
    .evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().top))
  t.equal(new Set(tops).size, 1, 'their pictures are at the same height')

  const slider = page.getByRole('slider', { name: 'Columns' })
  t.equal(await slider.inputValue(), '5')
  for (const columns of ['1', '2', '8']) {
    await slider.fill(columns)
    t.ok((await overflow(page)) <= 0, `${columns} columns fit`)
  }
  t.equal((await groupBox(page, 'noir')).y, (await groupBox(page, 'folk')).y, 'eight columns have room')
  await picturesOf(server).stored.put('noir', addressOf(90), await smallPng())
  await page.getByRole('button', { name: '1 new', exact: true }).click()
  await page.locator('.group[data-series=noir][data-few="2"]').waitFor()
  await picturesOf(server).stored.put('folk', addressOf(91), await smallPng())
  await picturesOf(server).stored.put('folk', addressOf(92), await smallPng())
  await page.getByRole('button', { name: '2 new', exact: true }).click()
  await page.locator('.group[data-series=folk]:not([data-few])').waitFor()
})

t.test('series stand below each other in a narrow window, and nothing is wider', { skip }, async (t) => {
  const server = await buildWithSeries(t)
  for (const width of [390, 768, 800]) {
    const page = await open(await visit(t, server, { viewport: { width, height: 900 } }))
    t.ok((await overflow(page)) <= 0, `${width} pixels`)
    const [folk, birds] = [await groupBox(page, 'folk'), await groupBox(page, 'birds')]
    t.ok(birds.y >= folk.y + folk.height, `${width} pixels`)
  }
})

t.test(
  'the control of the columns says how many there are, also in an empty gallery',
  { skip },
  async (t) => {
    const page = await open(await visit(t, await build(t), { viewport: { width: 1440, height: 900 } }))
    await page.getByText('There is no picture yet').waitFor()
    t.equal(await page.getByRole('slider', { name: 'Columns' }).inputValue(), '5')
  }
)
