import t from 'tap'
import type { BrowserContext, Page } from 'playwright-core'
import { ADDRESS, build, until } from '../../helper.ts'
import type { TestServer } from '../../helper.ts'
import { TIMEOUT_SECONDS, open, quickArtist, skip, startBrowser, testAccessibility } from './browser.ts'

const visit = await startBrowser(t)
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }

const chooser = (page: Page) => page.getByRole('dialog', { name: 'Choose a series' })
const trigger = (page: Page) => page.getByRole('button', { name: 'See them all' })
const select = (page: Page) => page.getByRole('combobox', { name: 'Series' })
const choices = (page: Page) => chooser(page).locator('.choice')
const focused = async (page: Page) => await page.evaluate('document.activeElement.dataset.series')

/** The paths that the pages of a browser profile ask for. */
function requestsOf(context: BrowserContext): string[] {
  const asked: string[] = []
  context.on('request', (request) => asked.push(new URL(request.url()).pathname))
  return asked
}

const samplesIn = (asked: string[]) => asked.filter((path) => path.startsWith('/avatar/'))

/** Hides all built-in series but these. */
async function keepOnly({ app }: TestServer, kept: string[]): Promise<void> {
  for (const name of await app.dresses.series.names()) {
    if (!kept.includes(name)) await app.files.write(`user-series/${name}.json`, '{"deleted": true}')
  }
  await app.dresses.series.reload()
}

async function addSeries({ app }: TestServer, count: number): Promise<void> {
  for (let index = 1; index <= count; index += 1) {
    const purpose = index === 77 ? 'Lighthouses <b>at night</b>' : `Purpose of number ${index}`
    await app.files.write(`user-series/own-${index}.json`, JSON.stringify({ purpose, nouns: ['otter'] }))
  }
  await app.dresses.series.reload()
}

t.test('a visitor chooses a series by its picture, family and purpose', { skip }, async (t) => {
  const server = await build(t, { artist: quickArtist })
  const context = await visit(t, server, { viewport: { width: 1200, height: 700 } })
  const asked = requestsOf(context)
  const page = await open(context)
  await page.waitForLoadState('networkidle')
  const loaded = (name: string) => asked.some((path) => path.endsWith(`/${name}`))
  for (const name of ['chooser.js', 'choice.css', 'detail.js', 'run-detail.js', 'swipe.js', 'restore.js']) {
    t.equal(loaded(name), false, `${name} is not part of the first view`)
  }
  t.same(samplesIn(asked), [], 'nor is a sample')
  t.same(
    await select(page)
      .locator('optgroup')
      .evaluateAll((groups) => groups.map((group) => group.getAttribute('label'))),
    ['Everything or little', 'Subjects', 'Styles', 'Palettes', 'Moods'],
    'the plain list has the families too'
  )

  await page.getByRole('textbox', { name: 'Ethereum address' }).fill(ADDRESS)
  await trigger(page).click()
  await chooser(page).getByRole('heading', { name: 'Subjects' }).waitFor()
  await chooser(page).getByRole('status').getByText('One address in every series').waitFor()
  t.equal(await focused(page), 'simple', 'the focus is on the present series')
  const names = await server.app.dresses.series.names()
  t.equal(await choices(page).count(), names.length)
  const isDrawn =
    'Array.from(document.querySelectorAll("#chooser img")).slice(0, 3).every((image) => image.naturalWidth > 0)'
  await until(async () => (await page.evaluate(isDrawn)) === true, TIMEOUT_SECONDS)
  t.ok(
    samplesIn(asked).every((path) => path.endsWith(`/${ADDRESS}.webp`)),
    'of the address in the form'
  )
  await testAccessibility(t, page, 'the chooser')

  await chooser(page)
    .getByRole('button', { name: /^wistful/ })
    .scrollIntoViewIfNeeded()
  await until(() => samplesIn(asked).some((path) => path.startsWith('/avatar/wistful/')), TIMEOUT_SECONDS)
  await chooser(page).getByRole('button', { name: 'birds Feathered company, from wrens to moas' }).click()
  await chooser(page).waitFor({ state: 'hidden' })
  t.equal(await select(page).inputValue(), 'birds')
  await page.locator('#series-hint').getByText('Feathered company').waitFor()
  t.equal(await page.evaluate('document.activeElement.id'), 'choose', 'the focus is back on the button')
  await page.getByRole('button', { name: 'Make the picture' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'birds' }).waitFor()
})

t.test('the chooser works with the keyboard alone', { skip }, async (t) => {
  const server = await build(t)
  const page = await open(await visit(t, server))
  await select(page).focus()
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await chooser(page).waitFor()
  t.equal(await focused(page), 'simple')
  await page.keyboard.press('ArrowLeft')
  t.equal(await focused(page), 'no-styles')
  await page.keyboard.press('ArrowDown')
  t.equal(await focused(page), 'birds', 'the one below')
  await page.keyboard.press('ArrowUp')
  t.equal(await focused(page), 'no-styles')
  await page.keyboard.press('Escape')
  await chooser(page).waitFor({ state: 'hidden' })
  t.equal(await select(page).inputValue(), 'simple', 'nothing is chosen')

  await page.keyboard.press('Enter')
  await chooser(page).waitFor()
  await page.keyboard.press('ArrowUp')
  t.equal(await page.evaluate('document.activeElement.type'), 'search', 'the search is above the first row')
  await page.keyboard.type('MICROSCOPE')
  await chooser(page).getByRole('status').getByText('1 series').waitFor()
  t.equal(
    await chooser(page)
      .getByRole('button', { name: /^microbes/ })
      .count(),
    1,
    'found by its purpose'
  )
  await page.keyboard.press('Enter')
  await chooser(page).waitFor({ state: 'hidden' })
  t.equal(await select(page).inputValue(), 'microbes')
  await trigger(page).click()
  await page.keyboard.press('ArrowUp')
  await chooser(page).getByRole('searchbox').fill('no such series <b>')
  await chooser(page).getByText('No series matches “no such series <b>”').waitFor()
  await testAccessibility(t, page, 'a search that finds nothing')
})

t.test('with three series and with two hundred of the user, all are there', { skip }, async (t) => {
  const few = await build(t)
  await keepOnly(few, ['simple', 'birds', 'noir'])
  const small = await open(await visit(t, few, PHONE))
  await trigger(small).tap()
  await choices(small).nth(2).waitFor()
  await chooser(small).getByRole('status').getByText('A sample address; enter yours to see it here').waitFor()
  t.equal(await choices(small).count(), 3)
  t.same(await chooser(small).getByRole('heading', { level: 3 }).allTextContents(), [
    'Everything or little',
    'Subjects',
    'Styles'
  ])
  await testAccessibility(t, small, 'three series')

  const many = await build(t)
  await addSeries(many, 200)
  const context = await visit(t, many, { ...PHONE, colorScheme: 'dark' })
  const asked = requestsOf(context)
  const page = await open(context)
  await addSeries(many, 201)
  await trigger(page).tap()
  await choices(page).nth(200).waitFor({ state: 'attached' })
  t.equal(await chooser(page).getByRole('heading', { level: 3 }).first().textContent(), 'Your own')
  await page.waitForLoadState('networkidle')
  t.ok(samplesIn(asked).length < 80, `${samplesIn(asked).length} samples of 233 are fetched`)
  t.equal(await page.evaluate('document.documentElement.scrollWidth'), 390, 'nothing is wider than the phone')
  await testAccessibility(t, page, 'many series')
  await chooser(page).getByRole('searchbox').fill('lighthouses')
  t.equal(await chooser(page).locator('.choice:visible small').textContent(), 'Lighthouses <b>at night</b>')
  await chooser(page).getByRole('searchbox').fill('own-201')
  await chooser(page).locator('.choice:visible').tap()
  t.equal(await select(page).inputValue(), 'own-201', 'a series that is younger than the page')
})

t.test('in a low window the heading, the search and ✕ of the chooser stay in sight', { skip }, async (t) => {
  const page = await open(await visit(t, await build(t), { viewport: { width: 844, height: 390 } }))
  for (const [width, height] of [
    [844, 390],
    [320, 256]
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const name of ['simple', 'noir']) {
      await select(page).selectOption(name)
      await trigger(page).click()
      await chooser(page).locator('[aria-current]').waitFor()
      for (const part of [
        chooser(page).getByRole('heading', { level: 2 }),
        chooser(page).getByRole('searchbox'),
        chooser(page).getByRole('button', { name: 'Close' }),
        chooser(page).locator('[aria-current] b')
      ]) {
        const { y, height: high } = (await part.boundingBox())!
        t.ok(y >= 0 && y + high <= height, `${width} × ${height}, ${name}: from ${y} to ${y + high}`)
      }
      await chooser(page).getByRole('button', { name: 'Close' }).click()
    }
  }
})

t.test(
  'where the series cannot be loaded the page says so, and the plain list still works',
  { skip },
  async (t) => {
    const page = await open(await visit(t, await build(t), {}, /Failed to load|Failed to fetch|ERR_FAILED/))
    await page.route('**/preview/series?part=choice*', async (route) => await route.abort())
    await trigger(page).click()
    await page.getByText('The server cannot be reached.').waitFor()
    await page.unroute('**/preview/series?part=choice*')
    await trigger(page).click()
    await chooser(page).waitFor()
    await page.keyboard.press('Escape')
    await select(page).selectOption('noir')
    t.equal(await select(page).inputValue(), 'noir')
  }
)
