import t from 'tap'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { build, until } from '../../helper.ts'
import type { TestServer } from '../../helper.ts'
import { putDressed } from '../dressed.ts'
import {
  TIMEOUT_SECONDS,
  addressOf,
  cardOf,
  makePicture,
  open,
  picturesOf,
  quickArtist,
  skip,
  startBrowser
} from './browser.ts'

const visit = await startBrowser(t)
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
/** Of the first series of the list. Those of the second one are far below. */
const BIRDS = 30
const TOTAL = 40

/** A server whose series birds is above the series simple. Each fifth picture is of otters. */
async function buildWithPictures(t: Test): Promise<TestServer> {
  const server = await build(t, { artist: quickArtist })
  const { gallery } = picturesOf(server)
  for (let index = 1; index <= TOTAL; index += 1) {
    const series = index <= TOTAL - BIRDS ? 'simple' : 'birds'
    const noun =
      index % 5 === 0 ? 'otter,otters,mustelid,mammal,chordate' : 'heron,herons,waders,bird,chordate'
    await putDressed(server.app, { series, address: addressOf(index), title: `Number ${index}` }, { noun })
  }
  await until(() => gallery.size === TOTAL && gallery.unread === 0, TIMEOUT_SECONDS)
  return server
}

const isInSight = async (page: Page, selector: string) =>
  (await page.evaluate(`(() => {
    const { top, bottom } = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect()
    return top >= 0 && bottom <= innerHeight
  })()`)) as boolean

const scrollTop = async (page: Page) => (await page.evaluate('scrollY')) as number

async function loadAll(page: Page): Promise<void> {
  await until(async () => {
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    return (await page.locator('.card').count()) === TOTAL
  }, TIMEOUT_SECONDS)
}

t.test('a picture that was made here is in sight when it is closed', { skip }, async (t) => {
  const server = await buildWithPictures(t)
  const page = await open(await visit(t, server, PHONE))
  await loadAll(page)
  await page.evaluate('scrollTo(0, 0)')
  const made = addressOf(99)
  await makePicture(page, made)
  await page.getByText('Your picture is ready.').waitFor()
  await cardOf(page, 'simple', made).waitFor({ state: 'attached' })
  await page.getByRole('link', { name: 'Close' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await until(async () => await isInSight(page, `.card[data-key="simple/${made}"] img`), TIMEOUT_SECONDS)
  const at = await scrollTop(page)
  t.ok(at > 844, 'far below the form')

  await cardOf(page, 'simple', made).locator('a').click()
  await page.locator(`.detail[data-key="simple/${made}"]`).waitFor()
  await page.goBack()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
  t.equal(await scrollTop(page), at, 'nothing moves where it is in sight')
})

t.test('a link to what a picture is made of leads to the beginning of its results', { skip }, async (t) => {
  const page = await open(await visit(t, await buildWithPictures(t), PHONE))
  await loadAll(page)
  await cardOf(page, 'simple', addressOf(5)).locator('a').click()
  await page.getByRole('dialog').getByRole('link', { name: 'otter', exact: true }).click()
  await page.getByText(`8 pictures of ${TOTAL}`).waitFor()
  await until(async () => await isInSight(page, '#found'), TIMEOUT_SECONDS)
  t.equal(await isInSight(page, '.card img'), true, 'the first result is in sight')
})

/** Whether the beginning of the list is in sight, below the bar. */
const isBeginningInSight = async (page: Page) =>
  (await page.evaluate(`(() => {
    const bar = document.querySelector('.bar').getBoundingClientRect()
    const places = ['#chips', '#found', '.card'].map((each) => document.querySelector(each).getBoundingClientRect())
    return places.filter(({ height }) => height > 0).every(({ top }) => top >= bar.bottom && top < innerHeight)
  })()`)) as boolean

t.test('another list shows its beginning, however far down the visitor was', { skip }, async (t) => {
  const server = await buildWithPictures(t)
  for (const options of [PHONE, { viewport: { width: 1440, height: 900 } }]) {
    const page = await open(await visit(t, server, options))
    const search = page.getByRole('searchbox')
    const beginsAfter = async (change: () => Promise<void>, url: RegExp) => {
      await loadAll(page)
      const before = await scrollTop(page)
      await change()
      await page.waitForURL(url)
      await until(async () => await isBeginningInSight(page), TIMEOUT_SECONDS)
      return before
    }
    const before = await beginsAfter(async () => await search.fill('Number'), /q=Number$/)
    await beginsAfter(async () => await search.fill('number'), /q=number$/)
    await beginsAfter(async () => await search.fill(''), /preview$/)
    const filter = page.getByRole('link', { name: 'Filter', exact: true })
    await beginsAfter(async () => {
      await filter.click()
      await page.getByRole('checkbox').first().check()
      await page.keyboard.press('Escape')
    }, /preview\?\w+=/)
    await page.goBack()
    await page.waitForURL(/preview$/)
    t.ok(before > 900, 'far below the form')

    await page.evaluate('scrollTo(0, 40)')
    await search.fill('otter')
    await page.getByText(`8 pictures of ${TOTAL}`).waitFor()
    const at = await scrollTop(page)
    await search.fill('heron')
    await page.getByText(`32 pictures of ${TOTAL}`).waitFor()
    t.equal(await scrollTop(page), at, 'nothing jumps where the beginning is in sight')
  }
})

t.test('Back leads from a search to the gallery as it was', { skip }, async (t) => {
  const page = await open(await visit(t, await buildWithPictures(t), PHONE))
  const search = page.getByRole('searchbox')
  await search.fill('ott')
  await page.waitForURL(/\?q=ott$/)
  await search.fill('otter')
  await page.waitForURL(/\?q=otter$/)
  await page.getByText(`8 pictures of ${TOTAL}`).waitFor()
  await page.goBack()
  await page.waitForURL('/preview')
  await page.getByText('One picture for every Ethereum address').waitFor()
  t.equal(await search.inputValue(), '', 'one step for the whole search')
  await page.goForward()
  await page.getByText(`8 pictures of ${TOTAL}`).waitFor()
  t.equal(await search.inputValue(), 'otter')
})

t.test('answers below the buttons of a picture come into sight', { skip }, async (t) => {
  const server = await buildWithPictures(t)
  const viewport = { width: 390, height: 560 }
  const context = await visit(t, server, { ...PHONE, viewport, permissions: ['clipboard-write'] })
  const page = await open(context, `/preview/simple/${addressOf(5)}`)
  await page.evaluate('navigator.canShare = () => false')
  const body = page.locator('#detail-body')
  for (const [button, answer] of [
    ['Share', 'The link is copied.'],
    ['Remove', 'Its prompts stay.']
  ] as const) {
    // So that the button is at the lower edge, as it may be where a picture is high.
    await body.evaluate((element) => {
      const button = element.querySelector('.actions')!
      element.scrollTop += button.getBoundingClientRect().bottom - element.getBoundingClientRect().bottom
    })
    await page.getByRole('button', { name: button }).click()
    await page.getByText(answer).waitFor()
    t.equal(await isInSight(page, '.detail .outcome'), true, answer)
  }
})

t.test('the arrows lead across series on a page that was opened by its link', { skip }, async (t) => {
  const server = await buildWithPictures(t)
  const [firstOfSimple, lastOfBirds] = [addressOf(TOTAL - BIRDS), addressOf(TOTAL - BIRDS + 1)]
  const page = await open(await visit(t, server), `/preview/simple/${firstOfSimple}`)
  await page.locator(`dialog[open] .detail[data-key="simple/${firstOfSimple}"]`).waitFor()
  t.equal(await cardOf(page, 'simple', firstOfSimple).count(), 0, 'the list does not have it yet')
  await page.keyboard.press('ArrowLeft')
  await page.locator(`.detail[data-key="birds/${lastOfBirds}"]`).waitFor()
  await page.keyboard.press('ArrowRight')
  await page.locator(`.detail[data-key="simple/${firstOfSimple}"]`).waitFor()

  const linksOf = async (path: string) => {
    const html = await (await fetch(`${server.url}/preview/${path}`)).text()
    return [...html.matchAll(/<a rel="(prev|next)" href="\/preview\/([^"]*)">/g)].map(([, rel, to]) => [
      rel,
      to
    ])
  }
  t.same(await linksOf(`birds/${addressOf(TOTAL)}`), [['next', `birds/${addressOf(TOTAL - 1)}`]])
  t.same(await linksOf(`simple/${addressOf(1)}`), [['prev', `simple/${addressOf(2)}`]])
})

t.test('the focus stays on the link of a series when its pictures are shown', { skip }, async (t) => {
  const server = await buildWithPictures(t)
  const page = await open(await visit(t, server))
  const series = page.getByRole('navigation', { name: 'Filter by series' })
  const focused = async () => ((await page.evaluate('document.activeElement.textContent')) as string).trim()
  await series.getByRole('link', { name: 'simple' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText(`10 pictures of ${TOTAL}`).waitFor()
  t.equal(await focused(), 'simple 10')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await page.getByText(`30 pictures of ${TOTAL}`).waitFor()
  t.equal(await focused(), 'birds 30')
})

t.test('the results of a filter begin in sight, however far down the list was', { skip }, async (t) => {
  const page = await open(await visit(t, await buildWithPictures(t), PHONE))
  await loadAll(page)
  await page.evaluate('scrollTo(0, 2500)')
  await page.evaluate('document.querySelector("#filters a").click()')
  const dialog = page.getByRole('dialog', { name: 'Filter' })
  await dialog.getByRole('checkbox').first().check()
  await dialog.getByText('1 chosen').waitFor()
  await dialog.getByRole('button', { name: /^Show \d+ pictures$/ }).click()
  await dialog.waitFor({ state: 'hidden' })
  t.equal(await isInSight(page, '#found'), true)
  t.equal(await isInSight(page, '.card img'), true)
})
