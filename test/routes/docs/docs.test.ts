import t from 'tap'
import { ADDRESS, build, pollUntilDone } from '../../helper.ts'
import { open, quickArtist, skip, startBrowser, testAccessibility } from '../preview/browser.ts'

t.test('/docs', { skip }, async (t) => {
  const visit = await startBrowser(t)
  const server = await build(t, { artist: quickArtist })
  await pollUntilDone(`${server.url}/dalle/simple/${ADDRESS}?generate=1`)

  await t.test('shows the interface, and asks no other host', async (t) => {
    const context = await visit(t, server)
    const hosts = new Set<string>()
    context.on('request', (request) => {
      if (/^https?:/.test(request.url())) hosts.add(new URL(request.url()).origin)
    })
    const page = await open(context, '/docs')
    await page.locator('#operations-Pictures-getPicture').waitFor()
    await testAccessibility(t, page, 'the list')
    await page.locator('#operations-Pictures-getPicture .opblock-summary-control').click()
    await page.getByText('While there is none, it sends the progress').waitFor()
    await page.getByRole('button', { name: 'Try it out' }).click()
    await page.getByRole('button', { name: 'Execute' }).click()
    await page.locator('.live-responses-table img[src^="blob:"]').waitFor()
    t.same([...hosts], [server.url])
  })

  await t.test('fits on a phone', async (t) => {
    const page = await open(await visit(t, server, { viewport: { width: 390, height: 800 } }), '/docs')
    await page.locator('#operations-Pictures-getPicture').waitFor()
    t.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'no sideways scrolling')
  })

  await t.test('is linked from the gallery', async (t) => {
    const page = await open(await visit(t, server))
    await page.locator('footer a[href="/docs"]').click()
    await page.locator('#operations-Pictures-getPicture').waitFor()
  })
})
