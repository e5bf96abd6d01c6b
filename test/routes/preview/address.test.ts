import t from 'tap'
import { checksumAddress } from '../../../lib/checksum.ts'
import { ADDRESS, buildApp, createScriptedArtist, json, plainPng } from '../../helper.ts'
import type { TestApp } from '../../helper.ts'

const PAGE = `/preview/address/${ADDRESS}`
const CHECKSUM = checksumAddress(ADDRESS)
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

async function putPicture({ app }: TestApp, series: string, title: string): Promise<void> {
  await app.files.write(`output/${series}/title/${ADDRESS}.txt`, title)
  await app.pictures.stored.put(series, ADDRESS, await plainPng(64))
}

const unescaped = (text: string) =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))).replaceAll('&amp;', '&')

const read = async ({ ask }: TestApp, path = PAGE, headers: Record<string, string> = {}) =>
  unescaped(await (await ask(path, { headers })).text())

/** The card of a series as HTML. */
function cardIn(html: string, series: string): string {
  const start = html.indexOf(`data-series="${series}"`)
  return start < 0 ? '' : html.slice(start, html.indexOf('</li>', start))
}

t.test('the page of an address shows it in every series, and starts nothing', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await buildApp(t, { artist, settings: { TB_DALLE_PUBLIC_URL: 'https://art.example/dalle' } })
  await putPicture(server, 'birds', 'The Owl')
  await putPicture(server, 'noir', 'The Shadow')
  const response = await server.ask(PAGE)
  t.equal(response.status, 200)
  t.match(response.headers.get('content-type'), 'text/html')
  t.equal(response.headers.get('cache-control'), 'no-cache')
  t.match(response.headers.get('content-security-policy'), /default-src 'none'.*frame-ancestors 'none'/)
  const html = unescaped(await response.text())
  const names = await server.app.dresses.series.names()
  t.match(html, `2 of ${names.length} pictures are drawn.`)
  t.equal(html.match(/data-series="/g)!.length, names.length, 'each series once')
  for (const heading of ['Everything or little', 'Subjects', 'Styles', 'Palettes', 'Moods']) {
    t.match(html, `>${heading}</h2>`)
  }
  t.match(html, 'Subjects <small>1 of 10</small>')

  const drawn = cardIn(html, 'birds')
  t.match(drawn, `href="/preview/birds/${ADDRESS}"`)
  t.match(drawn, `src="/files/birds/annotated/${ADDRESS}.png?w=384&v=`)
  t.match(drawn, 'The Owl')
  t.match(drawn, 'Feathered company')
  t.notMatch(drawn, /Sketch|Draw it/)
  const sketch = cardIn(html, 'simple')
  t.match(sketch, '<span class="badge">Sketch</span>')
  t.match(sketch, `href="/preview/simple/${ADDRESS}"`, 'the page of the missing picture')
  t.match(sketch, 'Draw it<span class="unseen"> in simple</span>')
  const source = /src="([^"]+)"/.exec(sketch)![1]!
  const image = await server.ask(source)
  t.equal(image.headers.get('content-type'), 'image/webp')
  t.equal(image.headers.get('x-dalle-placeholder'), 'true')

  t.match(html, `<link rel="canonical" href="https://art.example/dalle${PAGE}">`)
  t.match(html, `<meta property="og:url" content="https://art.example/dalle${PAGE}">`)
  t.match(html, `<meta property="og:title" content="${CHECKSUM} in every series">`)
  t.match(
    html,
    `<meta property="og:image" content="https://art.example/dalle/preview/noir/${ADDRESS}/card.png?v=`
  )
  t.match(html, '<meta property="og:image:alt" content="The Shadow">')
  t.equal(asked.length, 0, 'no run')
  t.equal((await server.app.engine.runs.live(1)).runs.length, 0)
})

t.test('the page takes what people paste, and leads to the address in it', async (t) => {
  const { ask } = await buildApp(t)
  for (const [path, address] of [
    [`/preview/address/${ADDRESS.slice(2)}`, ADDRESS],
    [`/preview/address/${CHECKSUM.slice(2)}`, CHECKSUM],
    [`/preview/address/${encodeURIComponent(` ${ADDRESS} `)}`, ADDRESS],
    [`/preview/address/ethereum:${CHECKSUM}@1`, CHECKSUM],
    [`/preview/address/${encodeURIComponent(`https://etherscan.io/address/${ADDRESS}`)}`, ADDRESS],
    [
      `/preview/address?address=${encodeURIComponent(`https://etherscan.io/address/${CHECKSUM}#code`)}`,
      CHECKSUM
    ],
    [`/preview/address?address=+${ADDRESS.slice(2)}`, ADDRESS]
  ] as const) {
    const response = await ask(path)
    t.equal(response.status, 302, path)
    t.equal(response.headers.get('location'), `/preview/address/${address}`, path)
  }
  const mixed = await ask(`/preview/address/${CHECKSUM}`)
  t.equal(mixed.status, 200)
  t.match(await mixed.text(), `data-address="${ADDRESS}"`)
})

t.test('a wrong address is a page for browsers and JSON for programs', async (t) => {
  const { ask } = await buildApp(t)
  for (const [path, details] of [
    ['/preview/address/0x12', /0x12/],
    ['/preview/address/vitalik.eth', /vitalik\.eth.+ is a name/],
    ['/preview/address?address=vitalik.eth', /vitalik\.eth.+ is a name/],
    ['/preview/address', /^"" /]
  ] as const) {
    const answer = await ask(path)
    t.equal(answer.status, 400, path)
    const { error } = await json(answer)
    t.equal(error.code, 'INVALID_ADDRESS')
    t.match(error.details, details)
    const page = await ask(path, { headers: HTML })
    t.equal(page.status, 400)
    t.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
    t.match(await page.text(), 'Open the gallery')
  }
  const wrong = CHECKSUM.replace('D7', 'd7')
  const noted = await ask(`/preview/address/${wrong}`)
  t.equal(noted.status, 200)
  t.equal(noted.headers.get('x-address-checksum'), 'invalid')
  const strict = await buildApp(t, { settings: { TB_DALLE_STRICT_CHECKSUM: '1' } })
  const refused = await strict.ask(`/preview/address/${wrong}`)
  t.equal(refused.status, 400)
  t.match((await json(refused)).error.details, `write ${CHECKSUM}`)
})

t.test('series of the user are there, hidden ones are not, and former ones keep their picture', async (t) => {
  const server = await buildApp(t)
  const { files, dresses } = server.app
  await files.write('user-series/cats.json', JSON.stringify({ purpose: '<b>Cats</b>', nouns: ['cat'] }))
  await files.write('user-series/secret.json', JSON.stringify({ deleted: true }))
  await dresses.series.reload()
  await putPicture(server, 'secret', 'Hidden')
  await putPicture(server, 'gone', '<script>alert(1)</script>')
  const response = await server.ask(PAGE)
  const raw = await response.text()
  t.notMatch(raw, /<b>Cats|<script>/)
  const html = unescaped(raw)
  t.ok(html.indexOf('>Your own</h2>') < html.indexOf('>Everything or little</h2>'))
  t.match(cardIn(html, 'cats'), 'Draw it')
  t.equal(cardIn(html, 'secret'), '')
  t.match(html, '>Not offered any more</h2>')
  t.match(cardIn(html, 'gone'), `href="/preview/gone/${ADDRESS}"`)
})

t.test('links have the base path, and a series may be called as the page is', async (t) => {
  const server = await buildApp(t, { settings: { TB_DALLE_BASE_PATH: '/art' } })
  await server.app.files.write('user-series/address.json', JSON.stringify({ nouns: ['owl'] }))
  await server.app.dresses.series.reload()
  await putPicture(server, 'address', 'A picture of a series named address')
  const html = await read(server)
  t.notMatch(html, /(?:href|src|action)="\/(?!art\/)/)
  t.match(html, `action="/art/preview/address"`)
  const location = (await server.ask(`/preview/address?address=${ADDRESS}`)).headers.get('location')
  t.equal(location, `/art${PAGE}`)
  const page = /href="\/art(\/preview\/Address\/[^"]+)"/.exec(cardIn(html, 'address'))![1]!
  const picture = await server.ask(page)
  t.equal(picture.status, 200)
  t.match(await picture.text(), 'A picture of a series named address</h2>')
  t.equal((await server.ask(`${page}/card.png`)).headers.get('content-type'), 'image/png')
  t.match(await read(server, '/preview'), `<a href="/art${page}">`)
})

t.test('the page says what a visitor needs to draw', async (t) => {
  const guarded = await buildApp(t, { settings: { TB_DALLE_API_TOKENS: 'the-right-token-here' } })
  const asks = await read(guarded)
  t.match(asks, 'You need a token to draw pictures on this server.')
  t.match(asks, '<body data-address')
  t.match(asks, 'data-token="missing"')
  t.match(cardIn(asks, 'simple'), 'class="button script change"')
  const open = await read(await buildApp(t))
  t.notMatch(open, 'data-token')
  t.match(cardIn(open, 'simple'), 'class="button script"')
})

t.test('a picture and a search for an address link to its page', async (t) => {
  const server = await buildApp(t)
  t.match(await read(server, `/preview?q=${CHECKSUM}`), `href="/preview/address/${CHECKSUM}"`)
  await putPicture(server, 'birds', 'The Owl')
  t.match(await read(server, `/preview/birds/${ADDRESS}?part=detail`), `href="${PAGE}">In every series</a>`)
})

t.test('pages link to the block explorer of the settings, or to none', async (t) => {
  const detail = `/preview/birds/${ADDRESS}?part=detail`
  for (const [given, url, name] of [
    [undefined, 'https://etherscan.io/address/', 'Etherscan'],
    ['https://base.blockscout.com/address', 'https://base.blockscout.com/address/', 'base.blockscout.com'],
    ['https://scan.example/find?a=1&q=', 'https://scan.example/find?a=1&q=', 'scan.example'],
    ['', undefined, undefined]
  ] as const) {
    const settings: Record<string, string> = given === undefined ? {} : { TB_DALLE_EXPLORER_URL: given }
    const server = await buildApp(t, { settings })
    await putPicture(server, 'birds', 'The Owl')
    for (const path of [PAGE, detail]) {
      const links = [...(await read(server, path)).matchAll(/<a [^>]*href="(\w+:[^"]+)"[^>]*>([^<]*)</g)]
      const expected = url === undefined ? [] : [[`${url}${CHECKSUM}`, name]]
      t.same(
        links.map(([, to, text]) => [to, text]),
        expected,
        `${given}: ${path}`
      )
    }
  }
})
