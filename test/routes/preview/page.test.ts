import t from 'tap'
import { checksumAddress } from '../../../lib/checksum.ts'
import { ADDRESS, build, buildApp, plainPng, until } from '../../helper.ts'
import { putDressed } from '../dressed.ts'

t.test('/preview shows every picture, and escapes all names and titles', async (t) => {
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
    'no inline script or style'
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
  const search = await (await fetch(`${url}/preview?q=%3Cb%3E`)).text()
  t.match(search, 'Nothing matches “&#60;b&#62;”')
  t.match(search, 'The search finds words in titles')
  const nonsense = await (await fetch(`${url}/preview?series=nonsense`)).text()
  t.match(nonsense, 'There is no series nonsense')
  t.notMatch(nonsense, 'The search finds')
  t.match(nonsense, /<option value="simple"[^>]* selected/, 'the form has the usual series')
  t.match(nonsense, /<main[^>]*>\s*<p class="notice">There is no series nonsense\. /, 'above the form')

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

t.test(
  '/preview refuses a series that no file can have, and names the request of a page with an error',
  async (t) => {
    const { url } = await build(t)
    for (const series of ['a'.repeat(300), '.hidden', 'a%00b']) {
      const response = await fetch(`${url}/preview/${series}/${ADDRESS}`)
      t.equal(response.status, 400, series)
      t.match(await response.json(), { success: false, error: { code: 'INVALID_SERIES' } }, series)
    }
    const missing = await fetch(`${url}/preview/no-such-series/${ADDRESS}`)
    t.equal(missing.status, 404)
    t.match(await missing.text(), `INVALID_SERIES, request ${missing.headers.get('x-request-id')}`)
  }
)

t.test('the page of a series that does not exist keeps the address in its form', async (t) => {
  const { ask } = await buildApp(t)
  const fieldsOf = async (address: string) =>
    [
      ...(await (await ask(`/preview/no-such-series/${address}`)).text()).matchAll(
        /<input id="[^>]*address"[^>]*>/g
      )
    ]
      .map(([field]) => field)
      .filter((field) => !field.includes('plain-address'))
  for (const field of await fieldsOf(checksumAddress(ADDRESS))) t.match(field, `value="${ADDRESS}"`)
  const wrong = checksumAddress(ADDRESS).replace('D7', 'd7')
  const fields = await fieldsOf(wrong)
  t.ok(fields.length > 0)
  for (const field of fields) {
    t.match(field, `value="${wrong}"`, 'what may be mistyped stays as it was typed')
    t.match(field, 'aria-invalid="true"')
  }
})

t.test(
  'the title of a missing picture has its address, and links of the page lead to what visitors may read',
  async (t) => {
    const { ask } = await buildApp(t)
    const missing = await (await ask(`/preview/noir/${ADDRESS}`)).text()
    t.match(missing, `<title>No picture of ${ADDRESS} in noir – dalleserver</title>`)
    t.match(missing, '<a href="/health">health</a>')
    const settings = {
      TB_DALLE_METRICS_AUTH: '1',
      TB_DALLE_METRICS_TOKENS: 'reader-token-of-32-characters-00'
    }
    const apart = await buildApp(t, { settings })
    t.equal((await apart.ask('/health')).status, 401)
    t.notMatch(await (await apart.ask('/preview')).text(), '/health')
  }
)

t.test('a search for an address that is none says what the form says', async (t) => {
  const { ask, app } = await buildApp(t)
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(32))
  await until(() => app.engine.pictures.size === 1)
  const answerTo = async (text: string) => await (await ask(`/preview?q=${encodeURIComponent(text)}`)).text()
  for (const [text, sentence] of [
    ['vitalik.eth', 'does not look names up'],
    [`0x${'a'.repeat(39)}`, '39 of 40 digits'],
    ['a'.repeat(39), '39 of 40 digits'],
    [`0x${'a'.repeat(41)}`, '1 too many'],
    [`0x${'a'.repeat(20)} ${'a'.repeat(19)}`, '39 of 40 digits'],
    [`0x${'a'.repeat(39)}g`, 'is not a hexadecimal digit'],
    ['0xabcdef', 'The search finds words in titles'],
    ['a walrus', 'The search finds words in titles']
  ] as const) {
    const html = await answerTo(text)
    t.match(html, sentence, text)
    t.equal(html.includes('The search finds words'), sentence.startsWith('The search'), text)
  }
  t.match(await answerTo(`0x${'a'.repeat(40)}`), 'See it in every series')
  t.match(await answerTo(ADDRESS.slice(0, 41)), '1 picture of 1', 'a part of an address that is there')
})

t.test('the list offers a picture in its own width, and colours are written in words', async (t) => {
  const { ask, app } = await buildApp(t)
  await app.pictures.stored.put('large', ADDRESS, await plainPng(1024))
  const dress = { color1: 'mediumaquamarine,#66cdaa', noun: 'mediumaquamarine,,,,' }
  await putDressed(app, { series: 'small', address: ADDRESS }, dress)
  await until(() => app.engine.pictures.size === 2 && app.engine.pictures.unread === 0)
  const list = await (await ask('/preview')).text()
  const widths = (series: string) => {
    const [, sources] = new RegExp(`/${series}/annotated/[^"]*"\\s+srcset="([^"]+)"`).exec(list)!
    return [...sources!.matchAll(/ (\d+)w/g)].map(([, width]) => Number(width))
  }
  t.same(widths('large'), [384, 768, 1024])
  t.same(widths('small'), [384, 768], 'not in a width that it does not have')
  const page = await (await ask(`/preview/small/${ADDRESS}`)).text()
  t.match(page, />medium aquamarine<\/(?:a|b)>/)
  t.match(page, />mediumaquamarine<\/(?:a|b)>/, 'only colours have seams')
  for (const text of ['mediumaquamarine', 'medium aquamarine', '"medium aquamarine"']) {
    t.match(await (await ask(`/preview?q=${encodeURIComponent(text)}`)).text(), '1 picture of 2', text)
  }
})

t.test('the short forms of the URLs of series lead to their pages', async (t) => {
  const { ask, app } = await buildApp(t)
  const png = await plainPng(32)
  await app.pictures.stored.put('former', ADDRESS, png)
  await app.pictures.stored.put('series', ADDRESS, png)
  await app.pictures.stored.put('series', 'birds', png)
  await app.files.write('user-series/shy.json', JSON.stringify({ deleted: true }))
  await app.pictures.stored.put('shy', ADDRESS, png)
  await until(() => app.engine.pictures.size === 4)
  for (const [path, location] of [
    ['/preview/simple', '/preview?series=simple'],
    ['/preview/Deep%20Sea', '/preview?series=deep-sea'],
    ['/preview/former', '/preview?series=former'],
    ['/preview/series/simple', '/preview/series?name=simple'],
    ['/preview/series/shy', '/preview/series?name=shy']
  ] as const) {
    const answer = await ask(path)
    t.equal(answer.status, 302, path)
    t.equal(answer.headers.get('location'), location)
  }
  for (const path of ['/preview/nosuch', '/preview/shy', '/preview/a%00b', '/preview/..%2Fx']) {
    const answer = await ask(path)
    t.equal(answer.status, 404, path)
    t.match(await answer.json(), { error: { code: 'NOT_FOUND', details: '/preview/series lists them' } })
  }
  t.equal((await ask('/preview/series/nosuch')).status, 400, 'no address either')
  const accept = 'text/html'
  const sent = await ask('/preview/series/nosuch%20%26', { headers: { accept } })
  t.equal(sent.status, 302, 'a browser gets the page of the series')
  t.equal(sent.headers.get('location'), '/preview/series?name=nosuch%20%26')
  const unknown = await ask('/preview/series?name=nosuch%20%26', { headers: { accept } })
  t.equal(unknown.status, 404)
  t.match(await unknown.text(), 'There is no series nosuch &#38;.')
  t.match(await (await ask('/preview/series?name=')).text(), 'The link names no series.')
  for (const path of [`/preview/series/${ADDRESS}`, '/preview/series/birds']) {
    t.equal((await ask(path)).status, 200, `${path}: the picture of a series with this name`)
  }
})

t.test('pages name a manifest with icons, and /favicon.ico is there', async (t) => {
  const { url } = await build(t)
  const page = await (await fetch(`${url}/preview`)).text()
  const href = /<link rel="manifest" href="([^"]+)">/.exec(page)![1]!
  const response = await fetch(url + href)
  t.match(response.headers.get('content-type'), 'application/manifest+json')
  const manifest = (await response.json()) as {
    start_url: string
    icons: Array<{ src: string; type: string }>
  }
  t.equal(new URL(manifest.start_url, url + href).href, `${url}/preview/`)
  t.equal((await fetch(new URL(manifest.start_url, url + href))).status, 200)
  for (const { src, type } of manifest.icons) {
    const icon = await fetch(new URL(src, url + href))
    t.equal(icon.headers.get('content-type'), type, src)
  }
  const touch = /<link rel="apple-touch-icon" href="([^"]+)">/.exec(page)![1]!
  t.equal((await fetch(url + touch)).headers.get('content-type'), 'image/png')
  const favicon = await fetch(`${url}/favicon.ico`)
  t.equal(favicon.headers.get('content-type'), 'image/vnd.microsoft.icon')
  t.same([...new Uint8Array(await favicon.arrayBuffer()).subarray(0, 4)], [0, 0, 1, 0])
  t.match(await (await fetch(`${url}/robots.txt`)).text(), 'Allow: /preview')
})
