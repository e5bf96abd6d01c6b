import type { BrowserContext, Page, Request, Route } from 'playwright-core'
import t from 'tap'
import type { Test } from 'tap'
import { build, until } from '../../helper.ts'
import type { TestServer } from '../../helper.ts'
import {
  TIMEOUT_SECONDS,
  addressOf,
  open,
  picturesOf,
  setVisibility,
  skip,
  smallPng,
  startBrowser
} from './browser.ts'

const visit = await startBrowser(t)

/** Two animation frames after a response, its handlers have run. */
const TWO_FRAMES =
  'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))'

t.test('a hidden page loads the whole list if it missed too many changes', { skip }, async (t) => {
  const server = await build(t)
  const { stored, gallery } = picturesOf(server)
  const png = await smallPng()
  for (let index = 0; index < 70; index += 1) await stored.put('birds', addressOf(index), png)
  await stored.put('noir', addressOf(1), png)
  await until(() => gallery.size === 71, TIMEOUT_SECONDS)
  const context = await visit(t, server)
  const loading = imagesOf(context)
  const page = await open(context)
  await page.locator('.card[data-key^="birds/"]').first().waitFor()
  await page.evaluate(TWO_FRAMES)
  // The thumbnail of a picture that is removed meanwhile would be missing.
  await until(() => loading.size === 0, TIMEOUT_SECONDS)
  await setVisibility(page, 'hidden')
  for (let index = 0; index < 70; index += 1) await stored.remove('birds', addressOf(index))
  await setVisibility(page, 'visible')
  await until(async () => (await page.locator('.card[data-key^="birds/"]').count()) === 0, TIMEOUT_SECONDS)
  await page.locator('.card[data-key^="noir/"]').waitFor()
  t.equal(await page.locator('.card').count(), 1, 'the list is the one of the server')
})

t.test('the list and the details do not disturb each other', { skip }, async (t) => {
  const server = await build(t)
  const { stored, gallery } = picturesOf(server)
  const png = await smallPng()
  await stored.put('simple', addressOf(1), png)
  for (let index = 1; index <= 3; index += 1) await stored.put('noir', addressOf(index), png)
  await until(() => gallery.size === 4, TIMEOUT_SECONDS)
  const page = await open(await visit(t, server))
  const dialog = page.getByRole('dialog')
  await page.getByRole('searchbox').fill('unicorn')
  await page.getByRole('link', { name: 'Show all pictures' }).click()
  await page.locator('.card').first().waitFor()
  t.equal(await page.getByRole('searchbox').inputValue(), '')

  await page.locator('.card a').first().click()
  await dialog.waitFor()
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/*part=detail', async (route) => {
    await held
    await route.continue()
  })
  await dialog.locator('[data-go=next]:enabled').waitFor()
  const [asked, late] = [page.waitForRequest(/part=detail/), page.waitForResponse(/part=detail/)]
  await page.keyboard.press('ArrowRight')
  await asked
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  release()
  await (await late).finished()
  await page.evaluate(TWO_FRAMES)
  t.equal(await dialog.count(), 0, 'a late response does not open the dialog again')
  await page.locator('.card[data-key^="noir/"] a').first().click()
  await dialog.getByRole('link', { name: 'noir' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText('3 pictures of 4').waitFor()
  t.equal(await page.title(), 'dalleserver gallery')
})

const BIRDS = 130
const FOUND = 90
const FURTHER_PAGE = /[?&]cursor=/

/** A gallery of many pages: birds, most of which are called finch, and one octopus. */
async function buildPages(t: Test): Promise<TestServer> {
  const server = await build(t)
  const { stored, gallery } = picturesOf(server)
  const png = await smallPng()
  const titled = async (series: string, index: number, title: string) => {
    await server.app.files.write(`output/${series}/title/${addressOf(index)}.txt`, title)
    await stored.put(series, addressOf(index), png)
  }
  await titled('noir', 1, 'An Octopus')
  for (let index = 0; index < BIRDS; index += 1) {
    await titled('birds', index, index < FOUND ? `A Finch of Number ${index}` : `A Person of Number ${index}`)
  }
  await until(() => gallery.size === BIRDS + 1, TIMEOUT_SECONDS)
  await gallery.reading
  return server
}

/** Whether what follows the list is far below the window, so that the page loads nothing more by itself. */
const IS_SETTLED = `(() => {
  const link = document.querySelector('#list a[rel=next]')
  return link !== null && link.getBoundingClientRect().top > innerHeight + 1300
})()`

/** Holds the responses to requests that match until the returned function is called. */
async function hold(page: Page, path: RegExp): Promise<() => void> {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(path, async (route) => {
    await held
    await route.continue()
  })
  return release
}

t.test('a search shows what matches, however far the list before it has come', { skip }, async (t) => {
  const server = await buildPages(t)
  const context = await visit(t, server)
  const page = await open(context)
  await until(async () => (await page.evaluate(IS_SETTLED)) === true, TIMEOUT_SECONDS)
  const further: string[] = []
  page.on('request', (request) => {
    if (FURTHER_PAGE.test(request.url())) further.push(request.url())
  })
  const search = page.getByRole('searchbox')

  // The end of the former list comes into sight while the results are on their way.
  const release = await hold(page, /[?&]q=octopus/)
  const asked = page.waitForRequest(/q=octopus/)
  await search.fill('octopus')
  await asked
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
  await page.evaluate(TWO_FRAMES)
  t.same(further, [], 'nothing more of the former list is asked for')
  release()
  await page.getByText(`1 picture of ${BIRDS + 1}`).waitFor()
  await page.evaluate(TWO_FRAMES)
  t.same(await page.locator('.card strong').allTextContents(), ['An Octopus'])

  await search.fill('zzzz')
  await page.getByText('Nothing matches “zzzz”').waitFor()
  t.equal(await page.locator('#toasts p').count(), 0, 'no error')
})

t.test('a page of the former list does not keep the pages of a search waiting', { skip }, async (t) => {
  const server = await buildPages(t)
  const page = await open(await visit(t, server))
  await until(async () => (await page.evaluate(IS_SETTLED)) === true, TIMEOUT_SECONDS)
  const release = await hold(page, /^(?!.*[?&]q=).*[?&]cursor=/)
  const asked = page.waitForRequest(FURTHER_PAGE)
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
  await asked
  await page.getByRole('searchbox').fill('finch')
  await page.getByText(`${FOUND} pictures of ${BIRDS + 1}`).waitFor()
  await page.mouse.move(600, 600)
  await until(async () => {
    await page.mouse.wheel(0, 2500)
    return (await page.locator('.card').count()) === FOUND
  }, TIMEOUT_SECONDS)
  release()
  await page.evaluate(TWO_FRAMES)
  t.equal(await page.locator('.card').count(), FOUND)
})

t.test('a picture that is closed stays closed while the list is loaded further', { skip }, async (t) => {
  const server = await buildPages(t)
  const page = await open(await visit(t, server))
  await until(async () => (await page.evaluate(IS_SETTLED)) === true, TIMEOUT_SECONDS)
  const release = await hold(page, FURTHER_PAGE)
  const dialog = page.getByRole('dialog')
  await page.locator('.card a').last().click()
  await dialog.locator('[data-go=next]:enabled').waitFor()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  const count = await page.locator('.card').count()
  release()
  await until(async () => (await page.locator('.card').count()) > count, TIMEOUT_SECONDS)
  await page.evaluate(TWO_FRAMES)
  await page.waitForLoadState('networkidle')
  t.equal(await dialog.count(), 0)
})

t.test(
  'a list that did not load is asked for again: by Enter, and when the network is back',
  { skip },
  async (t) => {
    const server = await buildPages(t)
    const context = await visit(t, server, {}, /ERR_FAILED|ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED/)
    const page = await open(context)
    await until(async () => (await page.evaluate(IS_SETTLED)) === true, TIMEOUT_SECONDS)
    const search = page.getByRole('searchbox')
    const problem = page.locator('#toasts').getByText('The server cannot be reached')
    await page.route(/q=octopus/, async (route) => await route.abort())
    await search.fill('octopus')
    await problem.waitFor()
    await search.press('Enter')
    await search.press('Enter')
    t.equal(await problem.count(), 1, 'one message for one text')
    await page.unroute(/q=octopus/)
    await search.press('Enter')
    await page.getByText(`1 picture of ${BIRDS + 1}`).waitFor()

    await context.setOffline(true)
    const failed = page.waitForEvent('requestfailed', (request) => request.url().includes('q=finch'))
    await search.fill('finch')
    await failed
    await context.setOffline(false)
    await page.getByText(`${FOUND} pictures of ${BIRDS + 1}`).waitFor()
  }
)

t.test('a network that is back before the list has failed, or that fails once more', { skip }, async (t) => {
  const server = await buildPages(t)
  const context = await visit(t, server, {}, /ERR_FAILED/)
  const page = await open(context)
  await until(async () => (await page.evaluate(IS_SETTLED)) === true, TIMEOUT_SECONDS)
  const held: Route[] = []
  await page.route(/preview\?q=finch/, (route) => {
    held.push(route)
  })
  await page.getByRole('searchbox').fill('finch')
  await until(() => held.length === 1, TIMEOUT_SECONDS)
  await page.evaluate("dispatchEvent(new Event('online'))")
  await held[0]!.abort()
  await until(() => held.length === 2, TIMEOUT_SECONDS)
  await held[1]!.abort()
  await until(() => held.length === 3, TIMEOUT_SECONDS)
  await held[2]!.continue()
  await page.getByText(`${FOUND} pictures of ${BIRDS + 1}`).waitFor()
})

t.test('a further page that did not load is asked for when the network is back', { skip }, async (t) => {
  const server = await buildPages(t)
  const page = await open(await visit(t, server, {}, /ERR_FAILED/))
  await until(async () => (await page.evaluate(IS_SETTLED)) === true, TIMEOUT_SECONDS)
  const count = await page.locator('.card').count()
  await page.route(FURTHER_PAGE, async (route) => await route.abort())
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
  await page.locator('#toasts').getByText('The server cannot be reached').waitFor()
  await page.unroute(FURTHER_PAGE)
  await page.evaluate("dispatchEvent(new Event('online'))")
  await until(async () => (await page.locator('.card').count()) > count, TIMEOUT_SECONDS)
})

t.test('a first picture that is opened offline says so, and the visitor stays', { skip }, async (t) => {
  const server = await buildPages(t)
  const context = await visit(t, server, {}, /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED/)
  const page = await open(context)
  await until(async () => (await page.evaluate(IS_SETTLED)) === true, TIMEOUT_SECONDS)
  await context.setOffline(true)
  await page.locator('.card a').first().click()
  await page.locator('#toasts').getByText('The server cannot be reached').waitFor()
  t.equal(new URL(page.url()).pathname, '/preview')
  await context.setOffline(false)
  await page.locator('.card a').first().click()
  await page.getByRole('heading', { name: 'Attributes' }).waitFor()
})

/** The images that the pages of a browser profile are loading. */
function imagesOf(context: BrowserContext): ReadonlySet<Request> {
  const loading = new Set<Request>()
  context.on('request', (request) => {
    if (request.resourceType() === 'image') loading.add(request)
  })
  context.on('requestfinished', (request) => loading.delete(request))
  context.on('requestfailed', (request) => loading.delete(request))
  return loading
}

t.test('a dialog that comes late does not cover a picture that is opened meanwhile', { skip }, async (t) => {
  const server = await buildPages(t)
  const page = await open(await visit(t, server))
  const picture = page.getByRole('dialog', { name: /of Number/ })
  for (const [opener, answer] of [
    [page.getByRole('link', { name: 'Filter', exact: true }), /\/preview\/filter/],
    [page.getByRole('button', { name: 'See them all' }), /part=choice/]
  ] as const) {
    const release = await hold(page, answer)
    const asked = page.waitForRequest(answer)
    await opener.click()
    await asked
    await page.locator('.card').first().click()
    await picture.waitFor()
    const answered = page.waitForResponse(answer)
    release()
    await (await answered).finished()
    await page.evaluate(TWO_FRAMES)
    t.equal(await page.locator('dialog[open]').count(), 1, 'the picture alone is open')
    await page.keyboard.press('Escape')
    await picture.waitFor({ state: 'hidden' })
    await opener.click()
    await page.getByRole('dialog', { name: /^(?:Filter|Choose a series)/ }).waitFor()
    await page.keyboard.press('Escape')
  }
})
