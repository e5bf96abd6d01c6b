import t from 'tap'
import { ADDRESS, build, pollUntilDone } from '../../helper.ts'
import { open, quickArtist, skip, startBrowser, testAccessibility } from '../preview/browser.ts'

const FITS = 'document.documentElement.scrollWidth <= innerWidth'

/** In the row of an operation it puts a link and a button into a button, and around all operations a main part. */
const OF_SWAGGER_UI = [
  'nested-interactive',
  'landmark-main-is-top-level',
  'landmark-no-duplicate-main',
  'landmark-unique'
]

const COLOR_OF_PATH =
  'getComputedStyle(document.querySelector("#operations-Pictures-getPicture .opblock-summary-path")).color'

/** The colour of the button, and the first ground behind it that is not transparent. */
const COLORS_OF_AUTHORIZE = `(() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number)
  const button = document.querySelector('.btn.authorize')
  let ground = [0, 0, 0, 0]
  for (let each = button; each !== null && ground[3] === 0; each = each.parentElement) {
    ground = numbers(getComputedStyle(each).backgroundColor)
  }
  return [numbers(getComputedStyle(button).color), ground]
})()`

/** The relative luminance of a colour (WCAG 2.2). */
function luminance(color: readonly number[]): number {
  const [red, green, blue] = color.map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

const visit = await startBrowser(t)

t.test('/docs', { skip }, async (t) => {
  const server = await build(t, { artist: quickArtist })
  await pollUntilDone(`${server.url}/dalle/simple/${ADDRESS}?generate=1`)
  const context = await visit(t, server)
  const hosts = new Set<string>()
  context.on('request', (request) => {
    if (/^https?:/.test(request.url())) hosts.add(new URL(request.url()).origin)
  })

  const page = await open(context)
  await page.getByRole('link', { name: 'interface' }).click()
  const operation = page.locator('#operations-Pictures-getPicture')
  await operation.waitFor()
  t.ok(true, 'it is linked from the gallery')

  await operation.locator('.opblock-summary-control').click()
  await page.getByText('While there is none, it sends the progress').waitFor()
  await page.getByRole('button', { name: 'Try it out' }).click()
  const sent = page.waitForRequest((request) => request.url().includes(`/dalle/simple/${ADDRESS}`))
  await page.getByRole('button', { name: 'Execute' }).click()
  t.equal(new URL((await sent).url()).search, '', 'nothing that is optional is filled in')
  await page.locator('.live-responses-table img[src^="blob:"]').waitFor()

  await page.setViewportSize({ width: 390, height: 800 })
  t.ok(await page.evaluate(FITS), 'on a phone it does not scroll sideways')
  const avatar = page.locator('#operations-Pictures-getAvatar')
  t.equal(await avatar.locator('.opblock-body').count(), 0, 'an operation is closed until it is opened')
  await avatar.locator('.opblock-summary-control').click()
  await avatar.locator('.responses-table').waitFor()
  const { height } = (await avatar.boundingBox())!
  t.ok(height < 3500, `an operation is ${height} pixels high`)
  t.ok(await page.evaluate(FITS), 'an open operation does not scroll sideways either')
  const errors = avatar.locator('.response:not([data-code^="20"])')
  t.equal(await errors.locator('.microlight, .headers').count(), 0, 'errors are listed without examples')
  t.same([...hosts], [server.url], 'no other host is asked')
})

t.test('/docs, and its button that takes a token, are read in both themes', { skip }, async (t) => {
  const server = await build(t)
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await open(await visit(t, server, { colorScheme }), '/docs')
    await page.getByRole('button', { name: 'Authorize' }).first().waitFor()
    const [text, ground] = await page.evaluate<number[][]>(COLORS_OF_AUTHORIZE)
    const [light, dark] = [luminance(text!), luminance(ground!)].sort((a, b) => b - a)
    const contrast = (light! + 0.05) / (dark! + 0.05)
    t.ok(contrast >= 4.5, `${colorScheme}: ${contrast.toFixed(2)}`)
    await page.locator('#servers[aria-label]').waitFor()
    await testAccessibility(t, page, `/docs, ${colorScheme}`, OF_SWAGGER_UI)
  }
})

t.test('/ and /docs have the theme that was chosen in the gallery', { skip }, async (t) => {
  const server = await build(t)
  const isDark = `(() => {
    const [red] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g)
    return Number(red) < 128
  })()`
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await visit(t, server, { colorScheme })
    const page = await open(context)
    const look = async (expected: boolean, message: string) => {
      await page.goto('/')
      t.equal(await page.evaluate(isDark), expected, `/ ${message}`)
      await page.goto('/docs')
      const operation = page.locator('#operations-Pictures-getPicture')
      await operation.waitFor()
      t.equal(await page.evaluate(isDark), expected, `/docs ${message}`)
      const color = await page.evaluate(COLOR_OF_PATH)
      const [red] = (color as string).match(/\d+/g)!.map(Number)
      t.equal(red! > 128, expected, `the text of /docs ${message}`)
    }
    await look(colorScheme === 'dark', 'follows the system')
    await page.goto('/preview')
    await page.getByRole('button', { name: 'Dark' }).click()
    await look(colorScheme !== 'dark', 'follows the choice')
    await page.goto('/preview')
    await page.getByRole('button', { name: 'Dark' }).click()
    await look(colorScheme === 'dark', 'follows the next choice')
    await context.close()
  }
})
