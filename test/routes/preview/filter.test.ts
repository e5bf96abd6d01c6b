import t from 'tap'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { build, until } from '../../helper.ts'
import type { TestServer } from '../../helper.ts'
import { putDressed } from '../dressed.ts'
import { TIMEOUT_SECONDS, addressOf, cardOf, open, skip, startBrowser, testAccessibility } from './browser.ts'

const visit = await startBrowser(t)
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

const NOUNS = [
  'sea otter,weasels,carnivores,mammal,chordate',
  'heron,herons,waders,bird,chordate',
  'red fox,dogs,carnivores,mammal,chordate'
]
const EMOTIONS = ['azart,joy,mixed,Russian,a fervour', 'abbiocco,calm,mixed,Italian,a slump']

/** The dress of a picture: every third one is a bird, and every second one is joyful. */
const dressOf = (index: number) => ({
  noun: NOUNS[index % 3]!,
  emotion: EMOTIONS[index % 2]!,
  color1: index % 4 === 0 ? 'darkslategray,#2f4f4f' : 'red,#ff0000',
  adverb: `adverb ${index},`
})

async function putPicture({ app }: TestServer, index: number, series = 'simple'): Promise<void> {
  const { size } = app.engine.pictures
  const title = `Picture number ${index}`
  await putDressed(app, { series, address: addressOf(index), title }, dressOf(index))
  await until(
    () => app.engine.pictures.size === size + 1 && app.engine.pictures.unread === 0,
    TIMEOUT_SECONDS
  )
}

async function buildDressed(t: Test, count = 30): Promise<TestServer> {
  const server = await build(t)
  for (let index = 1; index <= count; index += 1) await putPicture(server, index)
  return server
}

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Filter' })
const value = (page: Page, name: RegExp) => page.getByRole('checkbox', { name })

for (const [size, options] of [
  ['a wide window', {}],
  ['a phone', PHONE]
] as const) {
  t.test(`values are chosen in a dialog, shown as chips, and taken away, in ${size}`, { skip }, async (t) => {
    const server = await buildDressed(t)
    const context = await visit(t, server, options)
    const asked: string[] = []
    context.on('request', (request) => asked.push(new URL(request.url()).pathname))
    const page = await open(context)
    await page.waitForLoadState('networkidle')
    const isOfFilter = (path: string) => /\/filter/.test(path) || /narrow\.js/.test(path)
    t.same(asked.filter(isOfFilter), [], 'nothing of it is loaded before it opens')
    await page.getByRole('link', { name: 'Filter', exact: true }).click()
    await dialogOf(page).waitFor()
    await value(page, /^mammal 20$/).waitFor()
    await testAccessibility(t, page, 'the dialog')
    await value(page, /^bird 10$/).check()
    await dialogOf(page).getByRole('status').getByText('10 pictures').waitFor()
    await page.waitForURL(/\?class=bird$/)
    await value(page, /^mammal 20$/).waitFor()
    await value(page, /^joy 5$/).check()
    await page.waitForURL(/\?class=bird&mood=joy$/)
    await dialogOf(page).getByRole('status').getByText('5 pictures').waitFor()
    await value(page, /^calm 5$/).waitFor()
    t.equal(await page.evaluate('document.activeElement.value'), 'joy', 'the focus stays')
    await page.getByRole('button', { name: 'Show 5 pictures' }).click()
    await dialogOf(page).waitFor({ state: 'hidden' })
    t.equal(await page.evaluate('document.activeElement.textContent'), 'Filter 2')
    t.equal(await page.locator('.card').count(), 5)
    t.equal(await page.locator('#found').textContent(), '5 pictures of 30')
    const first = (await page.locator('.card').first().boundingBox())!
    t.ok(first.y + first.height < page.viewportSize()!.height, 'above the fold')
    await testAccessibility(t, page, 'a filtered list')

    await page.getByRole('link', { name: 'Remove Mood: joy' }).click()
    await page.getByText('10 pictures of 30').waitFor()
    t.equal(await page.evaluate('document.activeElement.id'), 'pictures')
    await page.goBack()
    await page.getByText('5 pictures of 30').waitFor()
    await page.goBack()
    await cardOf(page, 'simple', addressOf(30)).waitFor()
    await until(async () => (await page.locator('#found').textContent()) === '', TIMEOUT_SECONDS)
    t.equal(new URL(page.url()).search, '', 'one step back takes away what one opening has chosen')
    await page.getByRole('textbox', { name: 'Ethereum address' }).waitFor()
  })
}

t.test('a facet with many values shows them all, and a field narrows them', { skip }, async (t) => {
  const server = await buildDressed(t)
  const page = await open(await visit(t, server), '/preview?mood=joy')
  await page.getByRole('link', { name: /^Filter \d$/ }).click()
  await page.getByText('Adverb', { exact: true }).click()
  await page.getByRole('link', { name: 'All 15 values of Adverb' }).click()
  const field = page.getByRole('searchbox', { name: 'Search in Adverb' })
  await field.fill('28')
  t.equal(await page.locator('[data-facet=adverb] li:visible').count(), 1)
  await field.press('Enter')
  t.ok(await dialogOf(page).isVisible(), 'the key does not send the form')
  await value(page, /^adverb 28 1$/).check()
  await page.waitForURL(/mood=joy&adverb=adverb\+28/)
  await page.getByRole('button', { name: 'Show 1 picture', exact: true }).waitFor()
  t.equal(await field.inputValue(), '28')
  t.equal(await page.locator('[data-facet=adverb] li:visible').count(), 1, 'still narrowed')
  await page.getByRole('link', { name: 'Clear filters' }).click()
  await page.getByRole('button', { name: 'Show 30 pictures' }).waitFor()
  await page.keyboard.press('Escape')
  await dialogOf(page).waitFor({ state: 'hidden' })
  await cardOf(page, 'simple', addressOf(30)).waitFor()
})

t.test('filters work without scripts, with a search and a series', { skip }, async (t) => {
  const server = await buildDressed(t)
  const page = await open(
    await visit(t, server, { javaScriptEnabled: false }),
    '/preview?series=simple&q=number'
  )
  await page.getByRole('link', { name: 'Filter', exact: true }).click()
  await page.getByRole('heading', { name: 'Filter' }).waitFor()
  await value(page, /^bird 10$/).check()
  await value(page, /^dark slate gray 7$/).check()
  await page.getByRole('button', { name: 'Show 30 pictures' }).click()
  await page.waitForURL(/series=simple&q=number&class=bird&color=darkslategray/)
  t.match(await page.locator('#found').textContent(), /^\d pictures of 30$/)
  const chips = page.getByRole('list', { name: 'Filters' })
  await chips.getByText('dark slate gray').waitFor()
  await page.getByRole('searchbox').fill('number')
  await page.getByRole('searchbox').press('Enter')
  await chips.getByText('dark slate gray').waitFor()
  await page.getByRole('link', { name: 'Remove Colour: dark slate gray' }).click()
  await page.getByText('10 pictures of 30').waitFor()
  await page.goto('/preview?class=dragon&utm_source=elsewhere')
  await page.getByText('Nothing matches these filters').waitFor()
  await page.getByRole('link', { name: 'Remove Kind: dragon' }).click()
  await page.locator('.card').nth(23).waitFor()
})

t.test('what is new counts only if it matches the filter', { skip }, async (t) => {
  const server = await buildDressed(t, 6)
  const page = await open(await visit(t, server), '/preview?class=bird')
  t.equal(await page.locator('.card').count(), 2)
  const offer = page.locator('#new')
  await putPicture(server, 7)
  await page.getByRole('button', { name: '1 new', exact: true }).waitFor()
  await putPicture(server, 8)
  await putPicture(server, 9, 'birds')
  await putPicture(server, 10, 'birds')
  await page.getByRole('button', { name: '2 new', exact: true }).click()
  await cardOf(page, 'simple', addressOf(7)).waitFor()
  await cardOf(page, 'birds', addressOf(10)).waitFor()
  t.equal(await page.locator('.card').count(), 4)
  await page.getByText('4 pictures of 10').waitFor()
  t.equal(await offer.isVisible(), false)
})

t.test('in a low window the filter has its heading, its ✕ and its buttons in sight', { skip }, async (t) => {
  const page = await open(await visit(t, await buildDressed(t, 4), { viewport: { width: 844, height: 390 } }))
  for (const [height, parts] of [
    [390, ['Filter', '✕', 'Show 4 pictures']],
    [256, ['Filter', '✕']]
  ] as const) {
    await page.setViewportSize({ width: 844, height })
    await page.getByRole('link', { name: 'Filter', exact: true }).click()
    await dialogOf(page).waitFor()
    await dialogOf(page).locator('summary').last().scrollIntoViewIfNeeded()
    for (const text of parts) {
      const { y, height: high } = (await dialogOf(page).getByText(text, { exact: true }).boundingBox())!
      t.ok(y >= 0 && y + high <= height, `${height}: ${text} from ${y} to ${y + high}`)
    }
    await testAccessibility(t, page, `the filter in a window ${height} pixels high`)
    await page.getByRole('button', { name: 'Close the filter' }).click()
  }
})

t.test(
  'a picture leads to pictures that share an attribute, and to those most like it',
  { skip },
  async (t) => {
    const server = await buildDressed(t, 12)
    const page = await open(await visit(t, server), `/preview/simple/${addressOf(1)}`)
    const more = page.locator('.similar a')
    t.equal(await more.count(), 6)
    t.equal(await more.first().textContent(), 'Picture number 7', 'the newest of those with the same dress')
    await testAccessibility(t, page, 'a picture with others like it')
    for (const [width, rows] of [
      [768, 1],
      [890, 1],
      [1200, 2]
    ] as const) {
      await page.setViewportSize({ width, height: 900 })
      const tops = await more.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().top))
      t.equal(new Set(tops).size, rows, `${width}: none stands alone`)
    }
    await more.first().click()
    await page.locator(`.detail[data-key="simple/${addressOf(7)}"]`).waitFor()
    await page.getByRole('link', { name: 'abbiocco', exact: true }).click()
    await page.waitForURL(/\?emotion=abbiocco$/)
    await page.getByText('6 pictures of 12').waitFor()
    t.equal(await page.locator('.card').count(), 6)
  }
)

t.test('a search finds what pictures are made of, and offers to choose it', { skip }, async (t) => {
  const server = await buildDressed(t, 12)
  const page = await open(await visit(t, server))
  const offers = page.getByRole('list', { name: 'What pictures are made of' }).getByRole('link')
  const search = page.getByRole('searchbox')
  await search.fill('otter')
  await page.getByText('4 pictures of 12').waitFor()
  t.equal(await page.locator('.card').count(), 4)
  t.same(await offers.allTextContents(), ['Noun: otter'])
  await testAccessibility(t, page, 'a search with an offer')
  await offers.click()
  await page.getByText('4 pictures of 12').waitFor()
  await page.getByRole('link', { name: 'Remove Noun: sea otter' }).click()
  await page.getByText('One picture for every Ethereum address').waitFor()
  await search.fill('slate number RED')
  await until(async () => (await offers.count()) === 3, TIMEOUT_SECONDS)
  t.same(await offers.allTextContents(), ['Noun: red', 'Colour: slate', 'Colour: red'])
  await search.fill('mad te umber')
  await page.getByText('Nothing matches “mad te umber”').waitFor()
  t.equal(await offers.count(), 0, 'no value of the pictures begins with one of the words')
  const narrowed = await (await fetch(`${server.url}/preview?q=heron&series=simple`)).text()
  t.match(narrowed, /preview\?series(=|&#61;)simple(&|&#38;|&amp;)noun(=|&#61;)heron"/)
})
