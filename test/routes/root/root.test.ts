import t from 'tap'
import { buildApp } from '../../helper.ts'

t.test('/ lists the endpoints as text, and as HTML for browsers', async (t) => {
  const { ask } = await buildApp(t)
  const text = await ask('/')
  t.equal(text.headers.get('content-type'), 'text/plain; charset=utf-8')
  t.match(text.headers.get('vary'), /accept/i)
  const listed = await text.text()
  for (const path of [
    '/dalle/<series>/<address>',
    '/series',
    '/preview',
    '/files/',
    '/health',
    '/metrics',
    '/errors',
    '/events',
    '/v1/gallery',
    '/docs'
  ]) {
    t.match(listed, path)
  }
  const page = await ask('/', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
  t.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
  t.match(page.headers.get('content-security-policy'), /default-src 'none'/)
  const html = await page.text()
  t.match(html, '<a href="/series">/series</a>')
  const [ways] = html.split('<dl>')
  t.match(ways, '<a class="button primary" href="/preview">Open the gallery</a>')
  t.match(ways, '<a class="button" href="/docs">Read about the interface</a>')
  t.match(html, '/dalle/&#60;series&#62;/&#60;address&#62;')
})

t.test('each link of the page leads to an answer, also below a base path', async (t) => {
  for (const base of ['', '/art']) {
    const { ask } = await buildApp(t, { settings: { TB_DALLE_BASE_PATH: base } })
    const html = await (await ask(`${base}/`, { headers: { accept: 'text/html' } })).text()
    t.match(html, `<code>${base}/v1/images/generate</code>`, 'takes only POST: no link')
    const links = [...html.matchAll(/<dt><code><a href="([^"]+)"/g)].map(([, link]) => link!)
    t.ok(links.includes(`${base}/v1/images`))
    for (const link of links) {
      if (link === `${base}/events`) continue
      const answer = await ask(link)
      await answer.body?.cancel()
      t.equal(answer.status, 200, link)
    }
  }
})
