import t from 'tap'
import { ADDRESS, build, pollUntilDone } from '../../helper.ts'
import { open, quickArtist, skip, startBrowser } from '../preview/browser.ts'

const FITS = 'document.documentElement.scrollWidth <= innerWidth'

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
