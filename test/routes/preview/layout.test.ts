import t from 'tap'
import type { Page } from 'playwright-core'
import { checksumAddress } from '../../../lib/checksum.ts'
import { ADDRESS, build, until } from '../../helper.ts'
import { TIMEOUT_SECONDS, addressOf, open, picturesOf, skip, smallPng, startBrowser } from './browser.ts'

const visit = await startBrowser(t)
/** An address with a wrong checksum. */
const MISTYPED = checksumAddress(ADDRESS).replace('D7', 'd7')

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

const WIDTHS = [390, 768, 1440, 1900]

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

t.test('the heading of a series that stands alone is as wide as the list', { skip }, async (t) => {
  const server = await buildWithSeries(t)
  const page = await open(
    await visit(t, server, { viewport: { width: 1440, height: 900 } }),
    '/preview?series=noir'
  )
  const about = (await page.locator('.group .about').boundingBox())!
  t.ok(about.height < 40, 'one line')
  const card = (await page.locator('.card').boundingBox())!
  t.ok(card.width < 300 && card.x === about.x, 'its picture is in the first column')
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

t.test('a long word is broken where its box ends', { skip }, async (t) => {
  const server = await buildWithSeries(t)
  const long = 'w'.repeat(120)
  const context = await visit(t, server, {}, /status of 40\d/)
  for (const path of [
    `?q=${long}`,
    `?q=0x${'d8da'.repeat(15)}`,
    `?series=${long}`,
    `?color=${long}`,
    `/filter?color=${long}&q=${long}`,
    `/address?address=${long}`,
    `/make?series=simple&address=${long}`,
    `/${long}/${addressOf(1)}`,
    `/${long}/${long}`
  ]) {
    const page = await open(context, `/preview${path}`)
    for (const width of [390, 768, 1440]) {
      await page.setViewportSize({ width, height: 900 })
      t.ok((await overflow(page)) <= 0, `${width}: ${path.slice(0, 20)}`)
      const wide = await page
        .locator('.empty, .notice')
        .evaluateAll((boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth).length)
      t.equal(wide, 0, `${width}: ${path.slice(0, 20)}`)
    }
    await page.close()
  }
})

t.test('a notice is as wide as what is above and below it', { skip }, async (t) => {
  const server = await buildWithSeries(t)
  const page = await open(await visit(t, server, {}, /status of 404/), `/preview/simple/${addressOf(90)}`)
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 })
    const notice = (await page.locator('main > .notice').boundingBox())!
    const list = (await page.locator('#list').boundingBox())!
    t.ok(Math.abs(notice.x - list.x) < 1, `${width}: ${notice.x} and ${list.x}`)
    t.ok(Math.abs(notice.width - list.width) < 1, `${width}: ${notice.width} and ${list.width}`)
  }
  for (const path of ['/preview/series?name=nosuch', `/preview/address/${MISTYPED}`]) {
    await page.goto(path)
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 })
      const inner = (await page.evaluate(`(() => {
        const main = document.querySelector('main')
        const { paddingLeft, paddingRight } = getComputedStyle(main)
        return main.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)
      })()`)) as number
      const box = (await page.locator('main .notice:visible').first().boundingBox())!
      t.ok(Math.abs(box.width - inner) < 1, `${width}: ${path}: ${box.width} of ${inner}`)
    }
  }
})

t.test('the button of a notice stands off the text above it on a phone', { skip }, async (t) => {
  const server = await buildWithSeries(t)
  const page = await open(await visit(t, server, {}, /status of 404/), `/preview/simple/${addressOf(90)}`)
  const gaps = async () =>
    (await page.evaluate(`(() => {
      const notice = document.querySelector('main > .notice')
      const range = document.createRange()
      range.selectNode(notice.firstChild)
      const { top, bottom } = notice.querySelector('.button.script').getBoundingClientRect()
      const above = [...range.getClientRects()].map((line) => line.bottom).filter((each) => each <= top)
      const { top: start, bottom: end } = notice.getBoundingClientRect()
      return { text: top - Math.max(...above), start: top - start, end: end - bottom }
    })()`)) as { text: number; start: number; end: number }
  for (const width of [320, 390]) {
    await page.setViewportSize({ width, height: 844 })
    const { text } = await gaps()
    t.ok(text >= 6 && text < 20, `${width}: ${text} pixels`)
  }
  await page.setViewportSize({ width: 1440, height: 900 })
  const { start, end } = await gaps()
  t.ok(start < 17 && end < 17, `one line has the height of the button: ${start} and ${end}`)
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

t.test('all series stay in the row after one is chosen, also in a search', { skip }, async (t) => {
  const server = await buildWithSeries(t)
  await server.app.files.write(`output/birds/title/${addressOf(80)}.txt`, 'A walrus')
  await server.app.files.write(`output/noir/title/${addressOf(80)}.txt`, 'A walrus')
  const { stored, gallery } = picturesOf(server)
  for (const series of ['birds', 'noir']) await stored.put(series, addressOf(80), await smallPng())
  await until(() => gallery.size === 13, TIMEOUT_SECONDS)
  await gallery.reading
  const page = await open(await visit(t, server))
  const row = page.getByRole('navigation', { name: 'Filter by series' })
  const chips = async () => (await row.getByRole('link').allTextContents()).join(', ')
  const all = 'All 13, noir 2, birds 4, folk 2, simple 5'
  t.equal(await chips(), all)
  await row.getByRole('link', { name: 'folk' }).click()
  await page.getByText('2 pictures of 13').waitFor()
  t.equal(await chips(), all)
  t.equal(await row.locator('[aria-current]').textContent(), 'folk 2')
  await row.getByRole('link', { name: 'birds' }).click()
  await page.getByText('4 pictures of 13').waitFor()
  await page.getByRole('searchbox').fill('walrus')
  await page.getByText('1 picture of 13').waitFor()
  t.equal(await chips(), 'All 2, noir 1, birds 1')
  await row.getByRole('link', { name: 'All' }).click()
  await page.getByText('2 pictures of 13').waitFor()
})

t.test('the chosen series is in sight in a row that is wider than the window', { skip }, async (t) => {
  const server = await build(t)
  const { stored, gallery } = picturesOf(server)
  const png = await smallPng()
  for (let index = 0; index < 40; index += 1) await stored.put(`series-${index}`, addressOf(index), png)
  await until(() => gallery.size === 40, TIMEOUT_SECONDS)
  const context = await visit(t, server)
  const page = await open(context)
  const chip = (of: Page) =>
    of.locator('#chips').getByRole('link', { name: 'series-3 ', exact: false }).last()
  const isInRow = async (of: Page) =>
    await chip(of).evaluate((link) => {
      const row = link.closest('ul')!.getBoundingClientRect()
      const { left, right } = link.getBoundingClientRect()
      return left >= row.left && right <= row.right
    })
  t.notOk(await isInRow(page), 'it is out of sight at first')
  await chip(page).click()
  await page.getByText('1 picture of 40').waitFor()
  t.ok(await isInRow(page), 'after a choice')
  t.ok(await isInRow(await open(context, page.url())), 'on a page of its own')
})

t.test('the row of series fades only where it goes on', { skip }, async (t) => {
  const server = await buildWithSeries(t)
  const fades = async (page: Page) =>
    await page.evaluate(
      "['--fade-start', '--fade-end'].map((name) => " +
        "getComputedStyle(document.querySelector('#chips ul')).getPropertyValue(name))"
    )
  const wide = await open(await visit(t, server))
  t.same(await fades(wide), ['0px', '0px'], 'all of it is there')
  const narrow = await open(await visit(t, server, { viewport: { width: 390, height: 844 } }))
  t.same(await fades(narrow), ['0px', '40px'])
  await narrow.locator('#chips ul').evaluate((row) => row.scrollTo({ left: row.scrollWidth }))
  await until(async () => String(await fades(narrow)) === '40px,0px', TIMEOUT_SECONDS)
})

t.test('the buttons of a picture stand on a ground of their own', { skip }, async (t) => {
  const server = await buildWithSeries(t)
  for (const width of [390, 1440]) {
    const context = await visit(t, server, { viewport: { width, height: 844 } })
    const page = await open(context, `/preview/simple/${addressOf(1)}`)
    const bar = page.locator('.frame')
    await bar.getByRole('link', { name: 'Close' }).waitFor()
    const box = (await bar.boundingBox())!
    const facts = (await page.locator('.facts > .series').boundingBox())!
    t.ok(box.x <= facts.x && box.x + box.width >= facts.x + facts.width, `${width}: as wide as the facts`)
    const ground = await page.evaluate("getComputedStyle(document.querySelector('.frame')).backgroundColor")
    t.match(ground, /^rgb\(/, 'nothing shines through')
  }
})
