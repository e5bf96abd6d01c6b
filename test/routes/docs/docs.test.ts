import t from 'tap'
import { ADDRESS, build, pollUntilDone } from '../../helper.ts'
import { open, quickArtist, skip, startBrowser } from '../preview/browser.ts'

const FITS = 'document.documentElement.scrollWidth <= innerWidth'

const COLOR_OF_PATH =
  'getComputedStyle(document.querySelector("#operations-Pictures-getPicture .opblock-summary-path")).color'

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
