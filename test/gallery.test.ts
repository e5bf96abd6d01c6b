import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { link, mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import t from 'tap'
import type { Test } from 'tap'
import { checksumAddress } from '../lib/checksum.ts'
import { ADDRESS, build, createScriptedArtist, plainPng, temporaryFolder, until } from './helper.ts'
import type { TestServer } from './helper.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const ARGUMENTS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const CHECKSUM = checksumAddress(ADDRESS)
const skip = !existsSync(CHROMIUM) && `needs Chromium at ${CHROMIUM}`

/** What pages complained of; told at the end, when every test has tidied up. */
const violations: string[] = []

let browser: Browser | undefined
if (skip === false) {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
  t.teardown(async () => {
    await browser!.close()
    assert.deepEqual(violations, [], 'the consoles are silent')
  })
}

type ContextOptions = Parameters<Browser['newContext']>[0]

/** A fresh profile; whatever its pages complain of fails the test. */
async function visit(t: Test, { url }: TestServer, options: ContextOptions = {}, expected: RegExp = /^$/) {
  const context = await browser!.newContext({
    baseURL: url,
    viewport: { width: 1200, height: 900 },
    reducedMotion: 'reduce',
    ...options
  })
  context.setDefaultTimeout(15_000)
  const complaints: string[] = []
  const watch = (page: Page) => {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()) && !expected.test(message.text())) {
        complaints.push(`${message.text()} ${message.location().url}`)
      }
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`))
  }
  context.on('page', watch)
  t.teardown(async () => {
    await context.close()
    if (complaints.length > 0) violations.push(`${t.name}: ${complaints.join('; ')}`)
  })
  return context
}

async function open(context: BrowserContext, path = '/preview'): Promise<Page> {
  const page = await context.newPage()
  await page.goto(path)
  return page
}

const card = (page: Page, series: string, address: string) =>
  page.locator(`.card[data-key="${series}/${address}"]`)
const run = (page: Page) => page.locator('#runs li')

async function accessible(t: Test, page: Page, what: string): Promise<void> {
  await page.evaluate(AXE)
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: Array<{ id: string; impact: string; nodes: Array<{ html: string }> }>
  }
  const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  t.same(
    serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`),
    [],
    `${what}: no serious barrier`
  )
}

t.test('a newcomer makes a picture, watches it, and finds it on the wall', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist })
  const context = await visit(t, server)
  const page = await open(context)
  await page.evaluate('window.isSamePage = true')
  await page.getByText('There is no picture yet').waitFor()
  await accessible(t, page, 'empty')

  const address = page.getByRole('textbox', { name: 'Ethereum address' })
  const hint = page.locator('#address-hint')
  for (const [typed, words] of [
    ['hello', 'An address begins with 0x.'],
    ['0x12g4', '“g” is not a hexadecimal digit'],
    ['0x1234', '4 of 40 digits so far'],
    [`${ADDRESS}ab`, '2 too many'],
    [ADDRESS.slice(2), 'Put 0x in front'],
    [CHECKSUM.replace('D7', 'd7'), 'a digit may be mistyped'],
    [CHECKSUM, 'This is an address.'],
    [ADDRESS, 'This is an address.']
  ] as const) {
    await address.fill(typed)
    await hint.getByText(words).waitFor()
  }
  await address.fill('0x12')
  await page.getByRole('button', { name: 'Make the picture' }).click()
  t.equal(await address.getAttribute('aria-invalid'), 'true')
  t.equal(asked.length, 0)
  await address.fill('')
  await page.getByRole('button', { name: 'Try a random one' }).click()
  t.match(await address.inputValue(), /^0x[0-9a-fA-F]{40}$/)
  await hint.getByText('This is an address.').waitFor()

  await address.fill(` ${CHECKSUM} `)
  await page.getByRole('combobox', { name: 'Series' }).selectOption('birds')
  await page.getByText('Feathered company').waitFor()
  await address.press('Enter')
  await run(page).getByText('Drawing').waitFor()
  t.match(await page.locator('#runs progress').getAttribute('value'), /^\d/)
  server.app.progress.get('birds', ADDRESS)!.addPartial({ image: await plainPng(64), mediaType: 'image/png' })
  const partial = page.getByAltText('The picture so far')
  await partial.waitFor()
  t.match(await partial.getAttribute('src'), `/dalle/birds/${ADDRESS}/partial?n=1`)
  const second = await open(context)
  await run(second).getByText('Drawing').waitFor()
  t.equal(asked.length, 1)

  asked[0]!.deliver()
  await page.getByText('Your picture is ready.').waitFor()
  await card(page, 'birds', ADDRESS).waitFor()
  await card(second, 'birds', ADDRESS).waitFor()
  t.equal(await second.locator('#runs li').count(), 0, 'the other tab needs no line for it any more')
  t.equal(await card(page, 'birds', ADDRESS).locator('code').textContent(), CHECKSUM)
  t.equal(await page.evaluate('window.isSamePage'), true, 'without a reload')
  await page.getByRole('link', { name: 'Look at it' }).click()
  await page.getByRole('dialog').getByRole('heading', { level: 2 }).waitFor()
  await page.keyboard.press('Escape')
  await address.fill(ADDRESS)
  await page.getByRole('button', { name: 'Make the picture' }).click()
  await page.getByRole('dialog').waitFor()
  t.equal(asked.length, 1, 'a picture that is there is shown')
})

t.test('runs are cancelled, fail in words and are tried again', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist, settings: { TB_DALLE_FAILURE_HOLD: '1ms' } })
  const page = await open(await visit(t, server, {}, /status of 503/))
  const make = async () => {
    await page.getByRole('textbox', { name: 'Ethereum address' }).fill(ADDRESS)
    await page.getByRole('button', { name: 'Make the picture' }).click()
  }
  await make()
  await until(() => asked.length === 1)
  await page.getByRole('button', { name: /^Cancel simple/ }).click()
  await page.getByText('Cancelled:').waitFor()
  t.ok(asked[0]!.signal.aborted)
  t.equal(await run(page).count(), 0)

  await make()
  await until(() => asked.length === 2)
  await run(page).getByText('Drawing').waitFor()
  asked[1]!.fail(new Error('no paint'))
  await page.getByText('Something went wrong inside the server.').waitFor()
  await accessible(t, page, 'a failed run')
  await page.getByRole('button', { name: 'Try again' }).click()
  await until(() => asked.length === 3)
  asked[2]!.deliver()
  await page.getByText('Your picture is ready.').waitFor()
  await page.getByRole('button', { name: 'Put away' }).click()
  t.equal(await page.locator('#runs').isVisible(), false)
})

t.test(
  'a picture has an address of its own, neighbours, and can be made anew and removed',
  { skip },
  async (t) => {
    const server = await build(t, { settings: { TB_DALLE_FAILURE_HOLD: '1ms' } })
    const addresses = ['a', 'b', 'c'].map((digit) => `0x${digit.repeat(40)}`)
    for (const address of addresses) {
      await (
        await fetch(`${server.url}/dalle/simple/${address}?generate=1`, { headers: { prefer: 'wait=60' } })
      ).arrayBuffer()
    }
    await until(() => server.app.gallery.size === 3)
    const [oldest, middle, newest] = addresses as [string, string, string]
    const context = await visit(t, server, { permissions: ['clipboard-read', 'clipboard-write'] })
    const page = await open(context)
    const dialog = page.getByRole('dialog')
    const shown = (address: string) => dialog.locator(`.detail[data-key="simple/${address}"]`).waitFor()
    const path = () => new URL(page.url()).pathname

    await card(page, 'simple', middle).locator('a').click()
    await shown(middle)
    t.equal(path(), `/preview/simple/${middle}`)
    await dialog.getByText('What it is made of').waitFor()
    t.equal(await dialog.locator('.attributes > div').count(), 18)
    t.equal(await page.evaluate('document.activeElement?.id'), 'detail-title', 'the focus is in the dialog')
    await accessible(t, page, 'details')
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click()
    await dialog.getByRole('button', { name: 'Copied' }).waitFor()
    t.equal(await page.evaluate('navigator.clipboard.readText()'), checksumAddress(middle))
    t.equal(
      await dialog.getByRole('link', { name: 'Download' }).getAttribute('download'),
      `simple-${middle}.png`
    )

    await page.keyboard.press('ArrowRight')
    await shown(oldest)
    t.equal(path(), `/preview/simple/${oldest}`)
    t.equal(await dialog.getByRole('button', { name: 'Older picture' }).isDisabled(), true)
    await page.keyboard.press('ArrowLeft')
    await shown(middle)
    await dialog.getByRole('button', { name: 'Newer picture' }).click()
    await shown(newest)
    await page.goBack()
    await dialog.waitFor({ state: 'hidden' })
    t.equal(path(), '/preview')
    await page.goForward()
    await shown(newest)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    t.equal(path(), '/preview')

    const direct = await open(context, `/preview/simple/${oldest}`)
    await direct.getByRole('dialog').locator(`[data-key="simple/${oldest}"]`).waitFor()
    const before = await card(direct, 'simple', oldest).getAttribute('data-version')
    await direct.getByRole('button', { name: 'Make anew' }).click()
    await until(async () => (await card(direct, 'simple', oldest).getAttribute('data-version')) !== before)
    t.equal(
      await direct.locator('.card').first().getAttribute('data-key'),
      `simple/${oldest}`,
      'now it is the newest'
    )
    await card(page, 'simple', oldest).and(page.locator('.card').first()).waitFor()
    await direct.getByRole('button', { name: 'Remove' }).click()
    t.equal(server.app.images.known, 3, 'asked first')
    await direct.getByRole('button', { name: 'Really remove it?' }).click()
    await card(direct, 'simple', oldest).waitFor({ state: 'detached' })
    await card(page, 'simple', oldest).waitFor({ state: 'detached' })
    t.equal(server.app.images.known, 2)
    t.equal(await direct.getByRole('dialog').count(), 0)

    await page.getByRole('button', { name: 'Dark' }).click()
    t.equal(await page.evaluate('getComputedStyle(document.documentElement).colorScheme'), 'dark')
    await page.getByLabel('Columns').fill('2')
    await accessible(t, page, 'dark')
    const reloaded = await open(context)
    t.equal(
      await reloaded.getByRole('button', { name: 'Dark' }).getAttribute('aria-pressed'),
      'true',
      'remembered'
    )
    t.equal(
      (
        (await reloaded.evaluate(
          'getComputedStyle(document.querySelector(".grid")).gridTemplateColumns'
        )) as string
      ).split(' ').length,
      2,
      'remembered'
    )
  }
)

t.test(
  'thousands of pictures: search, series, and a wall without end that never jumps',
  { skip },
  async (t) => {
    const dataDir = await temporaryFolder(t)
    const source = join(dataDir, 'source.png')
    await writeFile(source, await plainPng(64))
    const addressOf = (index: number) => `0x${index.toString(16).padStart(40, '0')}`
    for (const [series, from, to] of [
      ['birds', 0, 60],
      ['simple', 60, 2000]
    ] as const) {
      await mkdir(join(dataDir, `output/${series}/annotated`), { recursive: true })
      await mkdir(join(dataDir, `output/${series}/title`), { recursive: true })
      for (let index = from; index < to; index += 1) {
        await link(source, join(dataDir, `output/${series}/annotated/${addressOf(index)}.png`))
        await writeFile(
          join(dataDir, `output/${series}/title/${addressOf(index)}.txt`),
          index % 500 === 7 ? `A Walrus of Number ${index}` : `Somebody ${index}`
        )
      }
    }
    await rm(source)
    const server = await build(t, { dataDir })
    await server.app.gallery.reading
    const context = await visit(t, server, {}, /ERR_BLOCKED_BY_CLIENT/)
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    await devtools.send('Network.enable')
    const sizes = new Map<string, number>()
    const images = new Set<string>()
    devtools.on('Network.responseReceived', ({ requestId, type }) => {
      if (type === 'Image') images.add(requestId)
    })
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
      sizes.set(requestId, encodedDataLength)
    )
    await page.goto('/preview')
    await page.waitForLoadState('load')
    await page.evaluate('document.fonts.ready')
    const bytes = [...sizes].filter(([id]) => !images.has(id)).reduce((sum, [, size]) => sum + size, 0)
    t.ok(
      bytes > 10_000 && bytes < 60_000,
      `the first view takes ${Math.round(bytes / 1000)} KB without images`
    )

    await page.evaluate(
      'window.shifts = []; new PerformanceObserver((list) => window.shifts.push(...list.getEntries().filter((entry) => !entry.hadRecentInput).map((entry) => [entry.value, entry.sources.map((source) => source.node?.className || source.node?.nodeName).join()]))).observe({ type: "layout-shift", buffered: true })'
    )
    // What this is about is the wall, not the two thousand encodes that a first walk along it causes.
    await devtools.send('Network.setBlockedURLs', { urls: ['*/files/*'] })
    await page.mouse.move(600, 600)
    await until(async () => {
      await page.mouse.wheel(0, 2500)
      return (await page.evaluate('document.querySelectorAll(".card").length === 2000')) as boolean
    }, 60)
    const keys = (await page.evaluate(
      '[...document.querySelectorAll(".card")].map((card) => card.dataset.key)'
    )) as string[]
    t.equal(new Set(keys).size, 2000, 'each once')
    t.equal(await page.locator('.group').count(), 2)
    t.equal(await page.locator('a[rel=next]').count(), 0)
    const shifts = (await page.evaluate('window.shifts')) as Array<[value: number, what: string]>
    t.ok(
      shifts.reduce((sum, [value]) => sum + value, 0) < 0.02,
      `nothing jumps: ${JSON.stringify(shifts.slice(0, 5))}`
    )

    const search = page.getByRole('searchbox')
    await search.fill('walrus')
    await page.getByText('4 pictures of 2,000').waitFor()
    t.equal(await page.locator('.card').count(), 4)
    t.match(page.url(), /q=walrus/)
    await page
      .getByRole('navigation', { name: 'Show one series' })
      .getByRole('link', { name: 'birds' })
      .click()
    await page.getByText('1 picture of 2,000').waitFor()
    await page.goBack()
    await page.getByText('4 pictures of 2,000').waitFor()
    await search.fill(addressOf(77).toUpperCase().replace('X', 'x'))
    await page.getByText('1 picture of 2,000').waitFor()
    await search.fill('unicorn <b>')
    await page.getByText('Nothing matches “unicorn <b>”').waitFor()
    await page.getByRole('link', { name: 'Show all pictures' }).click()
    await until(async () => (await page.locator('.card').count()) >= 24)
    const direct = await open(context, '/preview?q=walrus&series=simple')
    t.equal(await direct.locator('.card').count(), 3)
    t.equal(await direct.getByRole('searchbox').inputValue(), 'walrus')
  }
)

t.test('names full of HTML stay text', { skip }, async (t) => {
  const server = await build(t)
  const wicked = '"><img-src=x-onerror=alert(1)>'
  const title = '</strong><script>alert(2)</script><img src=x onerror=alert(3)>'
  await server.app.files.write(`output/${wicked}/title/${ADDRESS}.txt`, title)
  await server.app.files.write(
    `user-series/${wicked}.json`,
    JSON.stringify({ purpose: '<script>alert(4)</script>' })
  )
  await server.app.images.put(wicked, ADDRESS, await plainPng(64))
  await until(() => server.app.gallery.revision === 1)
  const page = await open(await visit(t, server))
  t.equal(await page.locator('.card strong').textContent(), title)
  t.equal(await page.locator('.group h2').textContent(), wicked)
  t.match(await page.locator('.group .about').textContent(), '<script>alert(4)</script>')
  await page.locator('.card a').click()
  t.equal(await page.locator('#detail-title').textContent(), title)
  await page.keyboard.press('Escape')
  await page.getByRole('navigation', { name: 'Show one series' }).getByRole('link', { name: wicked }).click()
  await page.getByText('1 picture of 1').waitFor()
  await page.getByRole('searchbox').fill('<img src=x onerror=alert(5)>')
  await page.locator('.empty').getByText('<img src=x onerror=alert(5)>').waitFor()
  await page.getByRole('searchbox').fill('alert(3)')
  await page.locator('.card').waitFor()
})

t.test('without scripts there are pictures, pages, details and search', { skip }, async (t) => {
  const server = await build(t)
  for (let index = 0; index < 30; index += 1) {
    await server.app.images.put('simple', `0x${String(index).padStart(40, '0')}`, await plainPng(64))
  }
  await until(() => server.app.gallery.size === 30)
  const page = await open(await visit(t, server, { javaScriptEnabled: false }, /status of 404/))
  t.equal(await page.locator('.card').count(), 24)
  const image = page.locator('.card img').first()
  await until(
    async () =>
      await image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth > 0)
  )
  t.equal(await page.locator('#make').isVisible(), false)
  await page.getByText('scripts must be allowed').waitFor()
  await page.getByRole('link', { name: 'More pictures' }).click()
  t.equal(await page.locator('.card').count(), 6)
  await page.locator('.card a').first().click()
  await page.getByText('What it is made of').waitFor()
  t.ok((await page.locator('.detail').boundingBox())!.y < 900, 'in sight')
  t.equal(await page.title(), `${await page.locator('#detail-title').textContent()} – dalleserver`)
  await page.getByRole('link', { name: 'Older' }).click()
  await page.getByRole('link', { name: 'Close' }).click()
  await page.getByRole('searchbox').fill('000017')
  await page.getByRole('searchbox').press('Enter')
  t.equal(await page.locator('.card').count(), 1)
  const nowhere = await page.goto(`/preview/nosuch/${ADDRESS}`)
  t.equal(nowhere!.status(), 404)
  await page.getByText('There is no series nosuch').waitFor()
})

t.test('the wall follows every change, whatever happened to the stream', { skip }, async (t) => {
  const server = await build(t)
  const { images, gallery } = server.app
  const addressOf = (index: number) => `0x${index.toString(16).padStart(40, '0')}`
  const bytes = await plainPng(64)
  const put = async (series: string, from: number, to: number) => {
    for (let index = from; index < to; index += 1) await images.put(series, addressOf(index), bytes)
  }
  await put('simple', 1, 2)
  await put('birds', 100, 130)
  await until(() => gallery.size === 31)
  const context = await visit(t, server, {}, /status of (502|404)/)
  const page = await context.newPage()
  let streams = 0
  await page.route('**/events', async (route) => {
    streams += 1
    if (streams === 1) await route.fulfill({ status: 502, body: 'Bad gateway' })
    else await route.continue()
  })
  await page.goto('/preview')
  await put('simple', 2, 3)
  await card(page, 'simple', addressOf(2)).waitFor()
  t.equal(streams, 2, 'after an error answer the page connects anew')

  // Those of one series fill the first page of everything.
  await put('simple', 3, 4)
  await put('birds', 200, 230)
  await card(page, 'simple', addressOf(3)).waitFor()
  // More than the server tells of one by one: whether or not the page heard of all, nothing is missing when all is loaded.
  await put('birds', 230, 240)
  await put('noir', 1, 41)
  await until(() => gallery.size === 113)
  await page.mouse.move(600, 600)
  await until(async () => {
    await page.mouse.wheel(0, 2500)
    return (await page.locator('.card').count()) === gallery.size
  })

  const see = async (state: 'visible' | 'hidden') =>
    await page.evaluate(
      `Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`
    )
  await see('hidden')
  for (let index = 100; index < 130; index += 1) await images.remove('birds', addressOf(index))
  for (let index = 200; index < 240; index += 1) await images.remove('birds', addressOf(index))
  await see('visible')
  await until(async () => (await page.locator('.card[data-key^="birds/"]').count()) === 0)

  await page.getByRole('searchbox').fill('unicorn')
  await page.getByRole('link', { name: 'Show all pictures' }).click()
  await page.locator('.card').first().waitFor()
  t.equal(await page.getByRole('searchbox').inputValue(), '')

  await page.locator('.card a').first().click()
  await page.getByRole('dialog').waitFor()
  await page.route('**/*part=detail', async (route) => {
    await held
    await route.continue()
  })
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const late = page.waitForResponse(/part=detail/)
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  release()
  await (await late).finished()
  await new Promise((resolve) => setTimeout(resolve, 200))
  t.equal(await page.getByRole('dialog').count(), 0, 'a late answer does not open it again')
  await page.locator('.card[data-key^="noir/"] a').first().click()
  await page.getByRole('dialog').getByRole('link', { name: 'noir' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByText(/^40 pictures of/).waitFor()
  t.equal(await page.title(), 'dalleserver gallery')
})

t.test('a run ends as it ended, though the page was not told', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist, settings: { TB_DALLE_CONCURRENCY: '2' } })
  await server.app.images.put('simple', ADDRESS, await plainPng(64))
  const addressOf = (index: number) => `0x${index.toString(16).padStart(40, '0')}`
  for (let index = 1; index <= 30; index += 1) {
    await fetch(`${server.url}/dalle/birds/${addressOf(index)}?generate=1`)
  }
  const page = await open(await visit(t, server), `/preview/simple/${ADDRESS}`)
  await page.getByRole('button', { name: 'Make anew' }).click()
  await page.keyboard.press('Escape')
  const own = page.locator(`#runs li[data-key="simple/${ADDRESS}"]`)
  // There is news of other runs more often than a run that is not told of is looked after.
  const busy = setInterval(
    () =>
      server.app.progress
        .get('birds', addressOf(asked.length - 1))
        ?.addPartial({ image: Buffer.from(''), mediaType: 'image/png' }),
    300
  )
  t.teardown(() => clearInterval(busy))
  await own.getByText('Waiting, number 29 in line').waitFor()

  await page.evaluate(
    "Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }); document.dispatchEvent(new Event('visibilitychange'))"
  )
  const { progress } = server.app
  let delivered = 0
  await until(() => {
    for (; delivered < asked.length; delivered += 1) {
      if (asked[delivered]!.address === ADDRESS) asked[delivered]!.fail(new Error('no paint'))
      else asked[delivered]!.deliver()
    }
    return progress.get('simple', ADDRESS)?.done === true
  }, 60)
  for (let index = 1; index <= 26; index += 1) {
    await fetch(`${server.url}/dalle/noir/${addressOf(index)}?generate=1`)
    await until(() => asked.length > delivered)
    asked[delivered]!.deliver()
    delivered += 1
    await until(() => progress.get('noir', addressOf(index))?.done === true)
  }
  await page.evaluate(
    "Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true }); document.dispatchEvent(new Event('visibilitychange'))"
  )
  await own.getByText('Something went wrong inside the server.').waitFor()
})

t.test('a stand-in is shown as one', { skip }, async (t) => {
  const server = await build(t, {
    settings: {
      OPENAI_API_KEY: 'sk-nobody',
      OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
      TB_DALLE_NO_ENHANCE: '1',
      TB_DALLE_FALLBACK: 'local'
    }
  })
  const page = await open(await visit(t, server))
  await page.getByRole('textbox', { name: 'Ethereum address' }).fill(ADDRESS)
  await page.getByRole('button', { name: 'Make the picture' }).click()
  const link = run(page).getByRole('link', { name: 'Look at the stand-in' })
  await link.waitFor({ timeout: 40_000 })
  t.equal(await link.getAttribute('href'), `/dalle/simple/${ADDRESS}`)
  await run(page).getByText('the built-in artist drew a stand-in').waitFor()
  await page.getByRole('button', { name: 'Make the picture' }).click()
  await page.locator('#make-outcome').getByText('the built-in artist drew a stand-in').waitFor()
  t.equal(await page.getByRole('dialog').count(), 0)
})

t.test('with tokens, what changes something appears with one', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist, settings: { TB_DALLE_API_TOKENS: 'the-right-token-here' } })
  await server.app.images.put('simple', ADDRESS, await plainPng(64))
  await until(() => server.app.gallery.size === 1)
  const context = await visit(t, server, {}, /status of 403/)
  const page = await open(context)
  const make = page.getByRole('button', { name: 'Make the picture' })
  t.equal(await make.isVisible(), false)
  await page.locator('.card a').click()
  await page.getByRole('dialog').getByRole('link', { name: 'Download' }).waitFor()
  t.equal(await page.getByRole('button', { name: 'Remove' }).count(), 0)
  await page.keyboard.press('Escape')
  await accessible(t, page, 'without a token')
  const enter = async (token: string) => {
    await page.getByLabel('This server asks for a token').fill(token)
    await page.getByRole('button', { name: 'Use it' }).click()
    await make.waitFor()
  }
  await enter('some-other-token')
  await page.getByRole('textbox', { name: 'Ethereum address' }).fill(`0x${'d'.repeat(40)}`)
  await make.click()
  await page.getByText('The server does not know this token.').waitFor()
  t.equal(await make.isVisible(), false, 'it is forgotten')
  await enter('the-right-token-here')
  await make.click()
  await until(() => asked.length === 1)
  await page.getByRole('button', { name: /^Cancel simple/ }).click()
  await page.getByText('Cancelled:').waitFor()
  await page.locator('.card a').click()
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Really remove it?' }).click()
  await page.getByText('There is no picture yet').waitFor()
})
