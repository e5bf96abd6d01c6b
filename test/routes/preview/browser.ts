import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { Test } from 'tap'
import type { Artist } from '../../../lib/image/artist.ts'
import { plainPng } from '../../helper.ts'
import type { TestServer } from '../../helper.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const ARGUMENTS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // For tests with pages of several sites.
  '--host-resolver-rules=MAP *.test 127.0.0.1'
]
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** For the page and for `until`: long enough for a busy machine. */
export const TIMEOUT_SECONDS = 90
/** The side of pictures whose size does not matter, in pixels. */
const SMALL = 64

/** The reason to skip the tests on a machine without a browser. */
export const skip = !existsSync(CHROMIUM) && `needs Chromium at ${CHROMIUM}`

type ContextOptions = Parameters<Browser['newContext']>[0]

/** Opens a new browser profile. `expected` matches the console messages that are no failure. */
export type Visit = (
  t: Test,
  server: TestServer,
  options?: ContextOptions,
  expected?: RegExp
) => Promise<BrowserContext>

let browser: Promise<Browser> | undefined

/**
 * Starts the browser, or takes the one that another test file of this process has started: each browser takes seconds
 * to start, and works while it idles. Errors and warnings of its pages fail a test.
 * @param t the root test, whose end closes the browser
 */
export async function startBrowser(t: Test): Promise<Visit> {
  if (skip === false) browser ??= chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
  const started = await browser
  t.teardown(async () => await started?.close())
  return async (t, { url }, options = {}, expected = /^$/) => {
    const context = await started!.newContext({
      baseURL: url,
      viewport: { width: 1200, height: 900 },
      reducedMotion: 'reduce',
      ...options
    })
    context.setDefaultTimeout(TIMEOUT_SECONDS * 1000)
    const violations: string[] = []
    context.on('page', (page) => {
      page.on('console', (message) => {
        if (!['error', 'warning'].includes(message.type()) || expected.test(message.text())) return
        violations.push(`${message.text()} ${message.location().url}`)
      })
      page.on('pageerror', (error) => violations.push(error.message))
      page.on('dialog', (dialog) => violations.push(`a dialog: ${dialog.message()}`))
    })
    t.teardown(async () => {
      await context.close()
      assert.deepEqual(violations, [], 'no page logs an error or a warning')
    })
    return context
  }
}

export async function open(context: BrowserContext, path = '/preview'): Promise<Page> {
  const page = await context.newPage()
  await page.goto(path)
  return page
}

/** The stored pictures of a server and its index of them. */
export function picturesOf({ app }: TestServer) {
  return { stored: app.pictures.stored, gallery: app.engine.pictures }
}

/** A valid address for each number. */
export function addressOf(index: number): string {
  return `0x${index.toString(16).padStart(40, '0')}`
}

export async function smallPng(): Promise<Buffer> {
  return await plainPng(SMALL)
}

/** An artist that delivers a small picture at once. */
export const quickArtist: Artist = {
  provider: 'local',
  compose: () => ({
    draw: async () => ({ downloadMode: 'local', download: smallPng })
  })
}

export const cardOf = (page: Page, series: string, address: string) =>
  page.locator(`.card[data-key="${series}/${address}"]`)
export const runsOf = (page: Page) => page.locator('#runs li')
/** The runs that the page did not start, behind a button. */
export const othersOf = (page: Page) => page.locator('#others li')

/** Types an address into the form and submits it. */
export async function makePicture(page: Page, address: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Ethereum address' }).fill(address)
  await page.getByRole('button', { name: 'Make the picture' }).click()
}

/** Makes the page visible or hidden, as switching tabs does. */
export async function setVisibility(page: Page, state: 'visible' | 'hidden'): Promise<void> {
  await page.evaluate(
    `Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });` +
      "document.dispatchEvent(new Event('visibilitychange'))"
  )
}

/** The rules of WCAG 2.2, levels A and AA, and the best practices. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * Tests the page with axe-core: nothing may be found, however small.
 * @param without rules that a library on the page breaks
 */
export async function testAccessibility(
  t: Test,
  page: Page,
  state: string,
  without: string[] = []
): Promise<void> {
  await page.evaluate(AXE)
  const rules = Object.fromEntries(without.map((id) => [id, { enabled: false }]))
  const options = JSON.stringify({ resultTypes: ['violations'], runOnly: RULES, rules })
  const { violations } = (await page.evaluate(`axe.run(document, ${options})`)) as {
    violations: Array<{ id: string; nodes: Array<{ html: string }> }>
  }
  t.same(
    violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`),
    [],
    `${state}: no barrier`
  )
}
