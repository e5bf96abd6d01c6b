import sharp from 'sharp'
import t from 'tap'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import type { Test } from 'tap'
import { build, plainPng, until } from '../../helper.ts'
import type { TestServer } from '../../helper.ts'
import {
  TIMEOUT_SECONDS,
  addressOf,
  cardOf,
  open,
  picturesOf,
  skip,
  startBrowser,
  testAccessibility
} from './browser.ts'

const visit = await startBrowser(t)
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }

type Box = Record<'top' | 'bottom' | 'left', number>
type Bounds = Record<'y' | 'height', number>

/** Where a part of the page is, as soon as it is there. */
async function boundsOf(part: Locator): Promise<Bounds> {
  let bounds: Bounds | null = null
  await until(async () => {
    bounds = await part.boundingBox()
    return bounds !== null
  }, TIMEOUT_SECONDS)
  return bounds!
}

/** The height in pixels of all elements that stay in the window while the page scrolls. */
const COVERED_HEIGHT = `
  [...document.querySelectorAll('body *')]
    .filter((each) => ['fixed', 'sticky'].includes(getComputedStyle(each).position))
    .filter((each) => each.checkVisibility())
    .map((each) => each.getBoundingClientRect())
    .map(({ top, bottom }) => Math.min(bottom, innerHeight) - Math.max(top, 0))
    .reduce((sum, height) => sum + Math.max(0, height), 0)`

async function emptyPng(width: number, height: number): Promise<Buffer> {
  return await sharp({ create: { width, height, channels: 3, background: '#963' } })
    .png()
    .toBuffer()
}

async function buildWithPictures(t: Test): Promise<TestServer> {
  const server = await build(t)
  const { stored, gallery } = picturesOf(server)
  for (let index = 1; index <= 6; index += 1) {
    await server.app.files.write(`output/simple/title/${addressOf(index)}.txt`, `Walrus number ${index}`)
    await stored.put('simple', addressOf(index), await plainPng(1024))
  }
  await until(() => gallery.size === 6, TIMEOUT_SECONDS)
  await gallery.reading
  return server
}

/** The images that the pages of a browser profile ask for, as path and query. */
function imagesOf(context: BrowserContext): string[] {
  const asked: string[] = []
  context.on('request', (request) => {
    const { pathname, search } = new URL(request.url())
    if (pathname.startsWith('/files/')) asked.push(pathname + search)
  })
  return asked
}

/** Moves a finger over the page, as the browser's own input does. */
async function swipe(page: Page, from: [x: number, y: number], to: [x: number, y: number]): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', points: Array<[number, number]>) =>
    await devtools.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y]) => ({ x, y })) })
  await touch('touchStart', [from])
  await touch('touchMove', [to])
  await touch('touchEnd', [])
  await devtools.detach()
}

t.test('a phone shows a picture near the top, and the results of a search at once', { skip }, async (t) => {
  const server = await buildWithPictures(t)
  const context = await visit(t, server, PHONE)
  const page = await open(context)
  const first = (await page.locator('main img').first().boundingBox())!
  t.ok(first.y + first.height < 500, `the first picture ends at ${first.y + first.height} pixels`)
  t.ok(first.height > 80)
  await testAccessibility(t, page, 'a phone')
  const found = await open(context, '/preview?q=walrus')
  const result = (await found.locator('.card').first().boundingBox())!
  t.ok(result.y + result.height < 844, 'above the fold')
  t.equal(await found.locator('.fan').count(), 0)
  await testAccessibility(t, found, 'results')
  await found.getByRole('link', { name: /^dalleserver/ }).click()
  await found.getByRole('textbox', { name: 'Ethereum address' }).waitFor()
})

t.test(
  'the page of a picture loads the picture alone, in its size, and the list when it closes',
  { skip },
  async (t) => {
    const server = await buildWithPictures(t)
    const context = await visit(t, server, PHONE)
    const asked = imagesOf(context)
    const page = await open(context, `/preview/simple/${addressOf(3)}`)
    await page.waitForLoadState('networkidle')
    t.same(
      asked.map((url) => url.split('&')[0]),
      [`/files/simple/annotated/${addressOf(3)}.png?w=768`],
      'one image, in twice the width of the phone'
    )
    const image = page.locator('.plate img')
    t.equal(await image.getAttribute('fetchpriority'), 'high')
    await testAccessibility(t, page, 'a picture on a phone')
    await page.getByRole('link', { name: 'Close' }).click()
    await cardOf(page, 'simple', addressOf(1)).waitFor()
    await until(() => asked.length > 1, TIMEOUT_SECONDS)
    await page.evaluate('scrollTo(0, 0)')
    await page.locator('.fan img').nth(2).waitFor()
    const isLoaded =
      '[...document.querySelectorAll(".fan img")].every(({ naturalWidth }) => naturalWidth > 0)'
    await until(async () => (await page.evaluate(isLoaded)) === true, TIMEOUT_SECONDS)

    await page.goto('/preview?q=walrus')
    await page.locator('.card').first().waitFor()
    await page.getByRole('searchbox').fill('')
    await page.locator('.fan img').nth(2).waitFor()
  }
)

t.test('what is found of several series stands in one grid, two in a row on a phone', { skip }, async (t) => {
  const server = await buildWithPictures(t)
  const { stored, gallery } = picturesOf(server)
  for (const series of ['birds', 'noir', 'folk']) {
    await server.app.files.write(`output/${series}/title/${addressOf(1)}.txt`, 'Walrus with a xylophone')
    await stored.put(series, addressOf(1), await plainPng(64))
  }
  await until(() => gallery.size === 9 && gallery.unread === 0, TIMEOUT_SECONDS)
  const page = await open(await visit(t, server, PHONE), '/preview?q=walrus')
  const boxes = async () =>
    (await page
      .locator('.card img')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().toJSON()))) as Box[]
  const [first, second, third] = await boxes()
  t.ok(first!.bottom < 500, `the first picture ends at ${first!.bottom} pixels`)
  t.equal(second!.top, first!.top, 'one of another series stands beside it')
  t.equal(third!.left, first!.left)
  const named = async () => await page.locator('.card span').allTextContents()
  t.same((await named()).slice(0, 3), ['folk', 'noir', 'birds'])
  t.equal(await page.locator('.results h2').first().isVisible(), true, 'screen readers have the headings')
  await testAccessibility(t, page, 'results of several series')

  await page.getByRole('searchbox').fill('xylophone')
  await page.getByText('3 pictures of').waitFor()
  t.same(await named(), ['folk', 'noir', 'birds'])
  await page.getByRole('searchbox').fill('')
  await page.locator('.group .about').first().waitFor()
  t.same(await named(), [], 'the headings of the list name the series')
})

t.test('a swipe leads to the neighbours of a picture', { skip }, async (t) => {
  const server = await buildWithPictures(t)
  const page = await open(await visit(t, server, PHONE), `/preview/simple/${addressOf(3)}`)
  const shows = async (index: number) =>
    await page.locator(`dialog[open] .detail[data-key="simple/${addressOf(index)}"]`).waitFor()
  await shows(3)
  await swipe(page, [300, 300], [80, 310])
  await shows(2)
  await swipe(page, [80, 300], [300, 290])
  await shows(3)
  await swipe(page, [200, 500], [150, 200])
  t.equal(new URL(page.url()).pathname, `/preview/simple/${addressOf(3)}`, 'scrolling is no swipe')
})

t.test(
  'at a zoom of 400 % nothing that stays covers more than a quarter of the window',
  { skip },
  async (t) => {
    const server = await buildWithPictures(t)
    const page = await open(await visit(t, server, { viewport: { width: 320, height: 256 } }))
    await page.evaluate('scrollTo(0, 600)')
    const covered = (await page.evaluate(COVERED_HEIGHT)) as number
    t.ok(covered <= 64, `${covered} of 256 pixels`)
    t.equal(await page.evaluate('document.documentElement.scrollWidth'), 320, 'and nothing is wider than it')
  }
)

t.test('a landscape picture keeps its shape in the list', { skip }, async (t) => {
  const server = await build(t)
  const { stored, gallery } = picturesOf(server)
  await stored.put('simple', addressOf(1), await emptyPng(96, 64))
  await stored.put('simple', addressOf(2), await emptyPng(64, 96))
  await until(() => gallery.size === 2, TIMEOUT_SECONDS)
  const page = await open(await visit(t, server))
  const fitOf = async (index: number) => {
    const image = `document.querySelector('[data-key="simple/${addressOf(index)}"] img')`
    return await page.evaluate(`getComputedStyle(${image}).objectFit`)
  }
  await cardOf(page, 'simple', addressOf(1)).waitFor()
  t.equal(await fitOf(1), 'contain')
  t.equal(await fitOf(2), 'cover')
})

t.test('the theme is that of the system, also when the system changes', { skip }, async (t) => {
  const server = await build(t)
  const page = await open(await visit(t, server, { colorScheme: 'dark' }))
  await page.getByRole('button', { name: 'Dark', pressed: true }).waitFor()
  const paper = async () => (await page.evaluate('getComputedStyle(document.body).backgroundColor')) as string
  const dark = await paper()
  await page.emulateMedia({ colorScheme: 'light' })
  await page.getByRole('button', { name: 'Dark', pressed: false }).waitFor()
  t.not(await paper(), dark)
})

t.test('pages have the theme that was chosen in the gallery, those of errors too', { skip }, async (t) => {
  const server = await build(t)
  const page = await open(await visit(t, server, { colorScheme: 'light' }, /status of 40[045]/))
  const paper = async () => (await page.evaluate('getComputedStyle(document.body).backgroundColor')) as string
  const light = await paper()
  await page.getByRole('button', { name: 'Dark', pressed: false }).click()
  const dark = await paper()
  t.not(dark, light)
  const ofErrors = ['/nothing', '/dalle/simple/0x12', '/v1/batches/none', '/%zz', '/preview?cursor=1']
  const others = ['/', `/preview/simple/${addressOf(1)}`, '/preview/series', '/preview/filter']
  for (const path of [...ofErrors, ...others, `/preview/address/${addressOf(1)}`]) {
    await page.goto(path)
    t.equal(await paper(), dark, path)
  }
})

t.test(
  'on a phone the controls of a picture are large enough, and a long name is shown in short',
  { skip },
  async (t) => {
    const server = await build(t)
    const { stored, gallery } = picturesOf(server)
    for (const index of [1, 2, 3]) await stored.put('simple', addressOf(index), await plainPng(64))
    await until(() => gallery.size === 3, TIMEOUT_SECONDS)
    const page = await open(await visit(t, server, PHONE), `/preview/simple/${addressOf(2)}`)
    await page.getByRole('button', { name: 'Older picture' }).waitFor()
    for (const control of await page.locator('.frame > *').all()) {
      const { width, height } = (await control.boundingBox())!
      t.ok(width >= 44 && height >= 44, `${width} × ${height}`)
    }
    const heading = page.locator('#detail-title')
    t.equal(await heading.textContent(), `Picture of ${addressOf(2)}`, 'the whole address is in the text')
    t.ok((await page.title()).includes(addressOf(2)))
    const lines = (await heading.boundingBox())!.height / 30
    t.ok(lines < 2, 'one line')
    const left = async (selector: string) =>
      (await page.evaluate(`(() => {
      const range = document.createRange()
      range.selectNodeContents(document.querySelector('${selector}'))
      return range.getBoundingClientRect().left
    })()`)) as number
    t.equal(await left('.address .quiet'), await left('#detail-title'), 'a quiet button is not indented')
    await testAccessibility(t, page, 'a picture without a title')
  }
)

t.test('the whole placeholder of the search fits on a phone', { skip }, async (t) => {
  const page = await open(await visit(t, await build(t), PHONE))
  const fits = `(() => {
    const field = document.querySelector('[type=search]')
    const { font, paddingLeft } = getComputedStyle(field)
    const context = document.createElement('canvas').getContext('2d')
    context.font = font
    return context.measureText(field.placeholder).width <= field.clientWidth - 2 * parseFloat(paddingLeft)
  })()`
  t.equal(await page.evaluate(`document.fonts.ready.then(() => ${fits})`), true)
})

t.test('from the page of a series, a visitor comes to the address field', { skip }, async (t) => {
  const server = await buildWithPictures(t)
  for (const options of [PHONE, {}, { ...PHONE, javaScriptEnabled: false }]) {
    const page = await open(await visit(t, server, options), '/preview/series?name=noir')
    await page.getByRole('link', { name: 'Make a picture in it' }).click()
    await page.waitForURL(/series=noir/)
    const field = page.getByRole('textbox', { name: 'Ethereum address' })
    const caption = page.getByText('Ethereum address', { exact: true }).locator('visible=true')
    const [label, bar] = [await boundsOf(caption), await boundsOf(page.locator('.bar'))]
    const { y, height } = await boundsOf(field)
    t.ok(label.y >= bar.y + bar.height && y + height < 844, `the field is at ${label.y} to ${y + height}`)
    t.equal(await page.locator('select:visible').inputValue(), 'noir')
  }
})

t.test('a phone on its side shows the form, and a picture beside its text', { skip }, async (t) => {
  const server = await buildWithPictures(t)
  const context = await visit(t, server, { ...PHONE, viewport: { width: 844, height: 390 } })
  for (const [width, height] of [
    [844, 390],
    [667, 375]
  ] as const) {
    const page = await open(context)
    await page.setViewportSize({ width, height })
    const isInSight = async (part: Locator, name: string) => {
      const { y, height: high } = await boundsOf(part)
      t.ok(y >= 0 && y + high <= height, `${width} × ${height}: ${name} from ${y} to ${y + high}`)
    }
    await isInSight(page.getByRole('heading', { level: 1 }), 'the heading')
    await isInSight(page.getByRole('textbox', { name: 'Ethereum address' }), 'the field')
    await page.goto(`/preview/simple/${addressOf(3)}`)
    await page.getByRole('button', { name: 'Older picture' }).waitFor()
    const picture = page.locator('.plate img')
    await isInSight(picture, 'the picture')
    t.ok((await boundsOf(picture)).height > 300, 'the picture is large')
    await isInSight(page.locator('#detail-title'), 'the title')
    await isInSight(page.getByRole('link', { name: 'Download', exact: true }), 'Download')
    await isInSight(page.getByRole('button', { name: 'Share' }), 'Share')
    await testAccessibility(t, page, `a picture in ${width} × ${height}`)
    await page.close()
  }
})

t.test('the bar of the gallery leads to the series, in one row, whatever the width', { skip }, async (t) => {
  const page = await open(await visit(t, await build(t), PHONE))
  for (const width of [320, 390, 768, 1030, 1440]) {
    await page.setViewportSize({ width, height: 844 })
    const parts = page.locator('.bar .brand, .bar nav a, .bar form, .bar #theme')
    const boxes = (await parts.evaluateAll((all) =>
      all.map((each) => {
        const { left, right, top, bottom } = each.getBoundingClientRect()
        return [left, right, (top + bottom) / 2]
      })
    )) as Array<[left: number, right: number, middle: number]>
    t.equal(boxes.length, 5)
    const [{ 2: middle }] = boxes as [[number, number, number]]
    t.ok(
      boxes.every((each) => Math.abs(each[2] - middle) < 3),
      `${width}: one row`
    )
    t.ok(
      boxes.every(([left], index) => index === 0 || left >= boxes[index - 1]![1]),
      `${width}: nothing covers another thing`
    )
    t.ok(boxes[4]![1] <= width, `${width}: everything is in the window`)
  }
  const pages = page.getByRole('banner').getByRole('navigation')
  t.same(await pages.getByRole('link').allTextContents(), ['Gallery', 'Series'])
  await testAccessibility(t, page, 'the bar')
  await pages.getByRole('link', { name: 'Series' }).click()
  await page.getByRole('heading', { name: 'Series', level: 1 }).waitFor()
})
