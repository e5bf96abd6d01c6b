import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { createHealth } from '../../plugins/app/health.ts'
import { ADDRESS, build, json, plainPng, until } from '../helper.ts'

t.test('/ lists the endpoints as text, and as a page for browsers', async (t) => {
  const { url } = await build(t)
  const text = await fetch(url)
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
    '/v1/gallery'
  ]) {
    t.match(listed, path)
  }
  const page = await fetch(url, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
  t.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
  t.match(page.headers.get('content-security-policy'), /default-src 'none'/)
  const html = await page.text()
  t.match(html, '<a href="/series">/series</a>')
  t.match(html, '/dalle/&#60;series&#62;/&#60;address&#62;')
})

t.test("/series lists what can be asked for, the user's too", async (t) => {
  const { url, dataDir } = await build(t)
  const { data } = await json(await fetch(`${url}/series`))
  t.equal(data.count, data.series.length)
  t.ok(data.count >= 6)
  t.ok(data.series.includes('empty') && data.series.includes('simple'))
  await mkdir(join(dataDir, 'user-series'), { recursive: true })
  await writeFile(join(dataDir, 'user-series/My Cats.json'), '{"nouns": ["cat"]}')
  await writeFile(join(dataDir, 'user-series/happy.json'), '{"deleted": true}')
  await writeFile(join(dataDir, 'user-series/broken.json'), '{')
  await until(async () => (await json(await fetch(`${url}/series`))).data.series.includes('my-cats'))
  const { series } = (await json(await fetch(`${url}/series`))).data
  t.notOk(series.includes('happy'), 'a hidden series of the user hides the built-in one')
  t.notOk(series.includes('broken'))
  t.equal((await fetch(`${url}/dalle/My%20Cats/${ADDRESS}`)).status, 200)
  t.match(await json(await fetch(`${url}/dalle/happy/${ADDRESS}`)), { error: { code: 'INVALID_SERIES' } })
})

t.test('/preview shows every picture as text and images, whatever its names hold', async (t) => {
  const { url, app } = await build(t)
  const empty = await (await fetch(`${url}/preview`)).text()
  t.match(empty, 'There is no picture yet')

  const png = await plainPng(32)
  const wicked = '<img-src=x-onerror=alert(1)>'
  await app.files.write(`output/${wicked}/title/${ADDRESS}.txt`, '"><script>alert(2)</script>')
  await app.pictures.stored.put(wicked, ADDRESS, png)
  for (let index = 0; index < 40; index += 1) {
    await app.pictures.stored.put('many', `0x${String(index).padStart(40, '0')}`, png)
  }
  await app.pictures.stored.put('newest', ADDRESS, png)

  const page = await fetch(`${url}/preview`)
  t.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
  t.match(page.headers.get('content-security-policy'), /default-src 'none'/)
  t.notMatch(page.headers.get('content-security-policy'), /unsafe|data:|\*/)
  const first = await page.text()
  t.match(first, '42 pictures')
  t.ok(first.indexOf('<h2>newest</h2>') < first.indexOf('<h2>many</h2>'), 'the newest first')
  t.notMatch(
    first,
    /<script(?! type="module" src="\/preview\/assets\/)|<style|style="|javascript:/,
    'nothing inline'
  )
  const next = (html: string) =>
    /<a class="button" rel="next" href="([^"]+)"/.exec(html)?.[1]!.replaceAll('&#61;', '=')
  const second = await (await fetch(url + next(first)!)).text()
  t.equal(next(second), undefined, 'two pages')
  t.match(second, '&#60;img-src&#61;x-onerror&#61;alert(1)&#62;')
  t.match(second, '&#60;script&#62;alert(2)')
  t.notMatch(second, /<img-src=x|<script>/)
  const [, source] = /<img src="(\/files\/%3Cimg[^"]+)"/.exec(second)!
  const image = await fetch(url + source!.replaceAll('&amp;', '&').replaceAll('&#61;', '='))
  t.equal(image.headers.get('content-type'), 'image/png')
  const detail = await (await fetch(`${url}/preview/${encodeURIComponent(wicked)}/${ADDRESS}`)).text()
  t.match(detail, '&#62;&#60;script&#62;alert(2)')
  t.notMatch(detail, /<img-src=x|<script>/)
  t.match(
    await (await fetch(`${url}/preview/simple/${ADDRESS}`)).text(),
    `There is no picture of ${ADDRESS} in simple`
  )
  t.match(await (await fetch(`${url}/preview?q=%3Cb%3E`)).text(), 'Nothing matches “&#60;b&#62;”')

  await app.pictures.stored.remove('newest', ADDRESS)
  t.notMatch(await (await fetch(`${url}/preview`)).text(), '<h2>newest</h2>')
  const asset = /href="(\/preview\/assets\/[^"/]+\/gallery.css)"/.exec(first)![1]!
  for (const [path, cache] of [
    [asset, /immutable/],
    ['/preview/assets/gallery.css', /no-cache/]
  ] as const) {
    const style = await fetch(url + path)
    t.equal(style.headers.get('content-type'), 'text/css; charset=utf-8')
    t.match(style.headers.get('cache-control'), cache)
  }
  t.equal(
    (await fetch(url + asset, { headers: { 'accept-encoding': 'identity' } })).headers.get(
      'content-encoding'
    ),
    null
  )
  t.equal(
    (await fetch(url + asset.replace('gallery.css', 'jost-400.woff2'))).headers.get('content-encoding'),
    null
  )
})

t.test('/files serves what a run leaves, with its media type', async (t) => {
  const { url } = await build(t)
  await (
    await fetch(`${url}/dalle/simple/${ADDRESS}?generate=1`, { headers: { prefer: 'wait=60' } })
  ).arrayBuffer()
  const types: Record<string, string> = {
    png: 'image/png',
    txt: 'text/plain; charset=utf-8',
    json: 'application/json; charset=utf-8'
  }
  for (const path of [
    'annotated/A.png',
    'generated/A.png',
    'title/A.txt',
    'terse/A.txt',
    'prompt/A.txt',
    'data/A.txt',
    'technical/A.txt',
    'selector/A.json'
  ]) {
    const response = await fetch(`${url}/files/simple/${path.replace('A', ADDRESS)}`)
    t.equal(response.status, 200, path)
    t.equal(response.headers.get('content-type'), types[path.split('.')[1]!])
    t.ok((await response.arrayBuffer()).byteLength > 0)
  }
})

t.test('/health tells of every component, and readiness ends when the server stops', async (t) => {
  const { url, app } = await build(t)
  const response = await fetch(`${url}/health`)
  t.equal(response.headers.get('cache-control'), 'no-store')
  const { data } = await json(response)
  t.equal(response.status, data.status === 'unhealthy' ? 503 : 200)
  t.same(Object.keys(data.components), ['filesystem', 'openai', 'memory', 'disk_space'])
  t.match(data.components.filesystem, { name: 'filesystem', status: 'healthy' })
  t.match(data.components.openai, { name: 'openai', status: 'healthy' })
  t.ok(data.uptime_seconds > 0)
  for (const path of ['/health?check=liveness', '/healthz']) {
    t.match(await json(await fetch(url + path)), { success: true, data: { status: 'alive', uptime: Number } })
  }
  for (const path of ['/health?check=readiness', '/readyz']) {
    t.match(await json(await fetch(url + path)), { success: true, data: { status: 'ready' } })
  }
  app.health.stop()
  for (const path of ['/health?check=readiness', '/readyz']) {
    const refused = await fetch(url + path)
    t.equal(refused.status, 503)
    t.ok(Number(refused.headers.get('retry-after')) > 0)
    t.match(await json(refused), { error: { code: 'SERVICE_UNAVAILABLE' } })
  }
  t.equal((await fetch(`${url}/healthz`)).status, 200, 'it is still alive')
})

t.test('health grades what it finds', async (t) => {
  const GIB = 2 ** 30
  const check = async (residentBytes: number, usedPercent: number, writable = true) => {
    const health = createHealth({
      files: {
        checkWriteAccess: async () => {
          if (!writable) throw Object.assign(new Error('no'), { details: 'Could not write' })
        },
        diskSpace: async () => ({ totalBytes: 100, freeBytes: 10, usedPercent })
      },
      provider: () => ({ status: 'unhealthy' }),
      residentBytes: () => residentBytes
    })
    t.equal(await health.isReady(), false, 'not before the server listens')
    health.start()
    const { status, components } = await health.check()
    t.equal(await health.isReady(), status !== 'unhealthy')
    return [status, components.memory.status, components.disk_space.status, components.filesystem.status]
  }
  // Without its provider the service still serves what exists: at worst degraded.
  t.same(await check(GIB, 85), ['degraded', 'healthy', 'healthy', 'healthy'])
  t.same(await check(GIB + 1, 50), ['degraded', 'degraded', 'healthy', 'healthy'])
  t.same(await check(2 * GIB + 1, 50), ['unhealthy', 'unhealthy', 'healthy', 'healthy'])
  t.same(await check(1, 85.1), ['degraded', 'healthy', 'degraded', 'healthy'])
  t.same(await check(1, 95.1), ['unhealthy', 'healthy', 'unhealthy', 'healthy'])
  t.same(await check(1, 1, false), ['unhealthy', 'healthy', 'healthy', 'unhealthy'])
})

t.test('/metrics and /errors show the same events', async (t) => {
  const { url } = await build(t)
  const value = (text: string, name: string) =>
    Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (.+)$`, 'm').exec(text)?.[1])
  const scrape = async () => await (await fetch(`${url}/metrics`)).text()
  t.match(await (await fetch(`${url}/errors`)).text(), /No errors recorded/)
  await fetch(`${url}/nothing`)
  await fetch(`${url}/dalle/nope/${ADDRESS}`)
  await fetch(`${url}/dalle/nope/${ADDRESS}`)

  const response = await fetch(`${url}/metrics`)
  t.match(response.headers.get('content-type'), /^text\/plain; version=0\.0\.4/)
  t.equal(response.headers.get('cache-control'), 'no-store')
  const text = await response.text()
  t.equal(text.split('\n')[0], `# Request ID: ${response.headers.get('x-request-id')}`)
  t.equal(value(text, 'dalleserver_up'), 1)
  t.equal(value(text, 'dalleserver_errors_total'), 3)
  t.equal(value(text, 'dalleserver_error_code_total{code="INVALID_SERIES"}'), 2)
  t.equal(value(text, 'dalleserver_error_code_total{code="QUEUE_FULL"}'), 0)
  t.equal(value(text, 'dalleserver_error_endpoint_total{endpoint="/dalle/:series/:address"}'), 2)
  t.equal(value(text, 'dalleserver_error_endpoint_total{endpoint="unmatched"}'), 1)
  t.equal(value(text, 'dalleserver_circuit_breaker_state{state="CLOSED"}'), 1)
  t.equal(value(text, 'dalleserver_circuit_breaker_state{state="OPEN"}'), 0)
  t.ok(value(text, 'dalleserver_file_operations_total') > 0)
  t.ok(
    value(text, 'dalleserver_response_time_ms{quantile="max"}') >=
      value(text, 'dalleserver_response_time_ms{quantile="min"}')
  )

  const { data } = await json(await fetch(`${url}/metrics?format=json`))
  t.match(data, {
    total_errors: 3,
    errors_by_code: { INVALID_SERIES: 2, NOT_FOUND: 1 },
    errors_by_endpoint: { unmatched: 1 },
    circuit_breaker_state: 'CLOSED'
  })
  t.match((await json(await fetch(`${url}/errors?format=json`))).data, { total_errors: 3 })
  const report = await (await fetch(`${url}/errors`)).text()
  t.match(report, 'Errors: 3')
  t.match(report, 'INVALID_SERIES: 2')

  await fetch(`${url}/errors?clear=1`, { method: 'HEAD' })
  t.equal((await json(await fetch(`${url}/errors?format=json`))).data.total_errors, 3)
  t.match(await (await fetch(`${url}/errors?clear=1`)).text(), /cleared/)
  t.equal((await json(await fetch(`${url}/errors?format=json`))).data.total_errors, 0)
  t.equal(value(await scrape(), 'dalleserver_errors_total'), 3, 'counters never go back')
})
