import t from 'tap'
import type { Page } from 'playwright-core'
import { ADDRESS, build, until } from '../../helper.ts'
import {
  TIMEOUT_SECONDS,
  cardOf,
  picturesOf,
  skip,
  smallPng,
  startBrowser,
  testAccessibility
} from './browser.ts'

const visit = await startBrowser(t)
const DETAIL_SCRIPTS = ['detail.js', 'clipboard.js', 'restore.js', 'run-detail.js', 'swipe.js']

/** Holds the responses to requests that match until the returned function is called. */
async function hold(page: Page, path: RegExp): Promise<() => void> {
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  await page.route(path, async (route) => {
    await held
    await route.continue()
  })
  return release
}

t.test('the scripts of the details are loaded at the first sign of use', { skip }, async (t) => {
  const server = await build(t)
  const signs: Array<(page: Page) => Promise<void>> = [
    async (page) => await page.mouse.wheel(0, 10),
    async (page) => await page.keyboard.press('Tab'),
    async (page) => await page.touchscreen.tap(5, 5)
  ]
  for (const use of signs) {
    const page = await (await visit(t, server, { hasTouch: true })).newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    const isAsked = (name: string) => asked.some((path) => path.endsWith(`/${name}`))
    await page.goto('/preview')
    await page.waitForLoadState('networkidle')
    t.same(DETAIL_SCRIPTS.filter(isAsked), [], 'the first view goes without them')
    await use(page)
    await until(() => DETAIL_SCRIPTS.every(isAsked), TIMEOUT_SECONDS)
  }
})

t.test('what is tapped shows it until it opens', { skip }, async (t) => {
  const server = await build(t)
  const { stored, gallery } = picturesOf(server)
  await stored.put('simple', ADDRESS, await smallPng())
  await until(() => gallery.size === 1, TIMEOUT_SECONDS)
  const context = await visit(t, server)
  const busy = (page: Page) => page.locator('[aria-busy]')
  for (const [held, press, opened] of [
    [/\/detail\.js$/, (page: Page) => cardOf(page, 'simple', ADDRESS).locator('a'), '#detail'],
    [/part=detail/, (page: Page) => cardOf(page, 'simple', ADDRESS).locator('a'), '#detail'],
    [/\/filter\.js$/, (page: Page) => page.locator('#filters a'), '#filter'],
    [/\/chooser\.js$/, (page: Page) => page.locator('#choose'), '#chooser']
  ] as const) {
    const page = await context.newPage()
    const release = await hold(page, held)
    await page.goto('/preview')
    const pressed = press(page)
    await pressed.click()
    await busy(page).waitFor()
    t.ok(
      await pressed.evaluate((element) => element.matches('[aria-busy=true]')),
      `${held.source} is on its way`
    )
    const opacity = await page.evaluate('getComputedStyle(document.querySelector("[aria-busy]")).opacity')
    t.ok(Number(opacity) < 1, 'the eye sees it')
    await testAccessibility(t, page, `${held.source} is on its way`, ['color-contrast'])
    release()
    await page.locator(opened).waitFor()
    await busy(page).waitFor({ state: 'detached' })
  }
})
