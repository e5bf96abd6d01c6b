import type { BrowserContext, Request } from 'playwright-core'
import t from 'tap'
import { build, until } from '../../helper.ts'
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
