import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { ADDRESS, buildApp, json } from '../../helper.ts'
import type { TestApp } from '../../helper.ts'

const PAGE = `/preview/simple/${ADDRESS}`

async function makePicture({ ask }: TestApp): Promise<void> {
  await ask(`/dalle/simple/${ADDRESS}?generate=1`)
  await (await ask(`/dalle/simple/${ADDRESS}`, { headers: { prefer: 'wait=55' } })).arrayBuffer()
}

const unescaped = (text: string) =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))).replaceAll('&amp;', '&')

/** What a page tells other sites: the canonical URL, all `meta` elements, and the data. */
async function readHead({ ask }: TestApp, path: string, headers: Record<string, string> = {}) {
  const html = await (await ask(path, { headers })).text()
  const metas = [...html.matchAll(/<meta (?:name|property)="([^"]+)" content="([^"]*)">/g)]
  const data = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(html)?.[1]
  return {
    html,
    canonical: unescaped(/<link rel="canonical" href="([^"]+)">/.exec(html)?.[1] ?? ''),
    meta: Object.fromEntries(metas.map(([, name, value]) => [name!, unescaped(value!)])),
    data: data === undefined ? undefined : (JSON.parse(data) as Record<string, unknown>)
  }
}

t.test('the page of a picture says what other sites show beside a link to it', async (t) => {
  const server = await buildApp(t, { settings: { TB_DALLE_PUBLIC_URL: 'https://art.example/dalle' } })
  await makePicture(server)
  const terse = await (await server.ask(`/files/simple/terse/${ADDRESS}.txt`)).text()
  const title = await (await server.ask(`/files/simple/title/${ADDRESS}.txt`)).text()
  const { canonical, meta, data } = await readHead(server, PAGE)
  t.equal(canonical, `https://art.example/dalle${PAGE}`)
  t.equal(meta.description, terse)
  t.match(meta, {
    'og:url': canonical,
    'og:title': title,
    'og:description': terse,
    'og:image:width': '1200',
    'og:image:height': '630',
    'twitter:card': 'summary_large_image',
    'twitter:title': title
  })
  t.match(data, {
    '@context': 'https://schema.org',
    '@type': 'ImageObject',
    name: title,
    caption: terse,
    url: canonical,
    identifier: ADDRESS,
    width: '1024 px',
    creditText: 'the built-in artist'
  })
  const card = meta['og:image']!
  t.ok(card.startsWith(`https://art.example/dalle${PAGE}/card.png?v=`), card)
  t.equal(meta['twitter:image'], card)
  const image = await server.ask(new URL(card).pathname.replace('/dalle/', '/') + new URL(card).search)
  t.equal(image.headers.get('content-type'), 'image/png')
  t.match(image.headers.get('cache-control'), 'immutable')
  const { width, height, format } = await sharp(Buffer.from(await image.arrayBuffer())).metadata()
  t.same({ width, height, format }, { width: 1200, height: 630, format: 'png' })
  const contentUrl = new URL(data!.contentUrl as string)
  const picture = await server.ask(contentUrl.pathname.replace('/dalle/', '/'))
  t.equal(picture.headers.get('content-type'), 'image/png')
})

t.test(
  'without TB_DALLE_PUBLIC_URL the URLs are those of the request, as its trusted proxy says',
  async (t) => {
    const settings = { TB_DALLE_TRUSTED_PROXIES: '127.0.0.1', TB_DALLE_HOSTS: 'art.example' }
    const server = await buildApp(t, { settings })
    await makePicture(server)
    const headers = { 'x-forwarded-host': 'art.example', 'x-forwarded-proto': 'https' }
    const { canonical, meta } = await readHead(server, PAGE, headers)
    t.equal(canonical, `https://art.example${PAGE}`)
    t.match(meta['og:image'], `https://art.example${PAGE}/card.png`)
    const list = await readHead(server, '/preview?series=simple&q=the', headers)
    t.equal(list.canonical, 'https://art.example/preview?series=simple&q=the')
    t.equal(list.meta['og:image'], meta['og:image'], 'a list shows the card of the newest picture')
  }
)

t.test('with TB_DALLE_EMBED_PROMPT=0 no prompt is in what other sites show', async (t) => {
  const server = await buildApp(t, { settings: { TB_DALLE_EMBED_PROMPT: '0' } })
  await makePicture(server)
  const { meta, data, html } = await readHead(server, PAGE)
  const origin = `The picture of ${ADDRESS} in the series simple.`
  t.equal(meta.description, origin)
  t.equal(meta['og:description'], origin)
  t.equal(data!.caption, undefined)
  t.equal(data!.description, origin)
  t.match(html, '<pre id="prompt-Short"', 'the page shows the prompts as before')
})

t.test('no title ends the script that holds the data', async (t) => {
  const server = await buildApp(t)
  await makePicture(server)
  const title = '</script><script>alert(1)</script><!-- "'
  await server.app.files.write(`output/simple/title/${ADDRESS}.txt`, title)
  await server.app.pictures.stored.put(
    'simple',
    ADDRESS,
    await sharp({
      create: { width: 32, height: 32, channels: 3, background: '#789' }
    })
      .png()
      .toBuffer()
  )
  const { html, data } = await readHead(server, PAGE)
  t.equal(data!.name, title)
  t.equal(html.match(/<script/g)!.length, 3, 'two modules and the data')
})

t.test('a card is made once, for all requests, and again when the picture changes', async (t) => {
  const server = await buildApp(t)
  await makePicture(server)
  const { variants } = server.app.pictures
  const ask = async () => await server.ask(`${PAGE}/card.png`)
  const answers = await Promise.all(Array.from({ length: 8 }, ask))
  const bodies = await Promise.all(answers.map(async (answer) => Buffer.from(await answer.arrayBuffer())))
  for (const body of bodies) t.ok(body.equals(bodies[0]!))
  const etag = answers[0]!.headers.get('etag')!
  const same = await server.ask(`${PAGE}/card.png`, { headers: { 'if-none-match': etag } })
  t.equal(same.status, 304)
  t.match(answers[0]!.headers.get('cache-control'), 'no-cache', 'without the version it is asked for again')

  await variants.stop()
  const cached = (await server.app.files.list('cache/simple')).map(({ name }) => name)
  t.equal(cached.filter((name) => name.includes('.card.')).length, 1, 'it is kept in the cache')
  t.ok(Buffer.from(await (await ask()).arrayBuffer()).equals(bodies[0]!), 'and needs no more work')

  await server.app.files.write(`output/simple/title/${ADDRESS}.txt`, 'Another title')
  const png = await sharp({ create: { width: 96, height: 64, channels: 3, background: '#246' } })
    .png()
    .toBuffer()
  await server.app.pictures.stored.put('simple', ADDRESS, png)
  t.not((await server.ask(`${PAGE}/card.png`)).headers.get('etag'), etag)
})

t.test('cards are conversions, of which each client has a share', async (t) => {
  const server = await buildApp(t)
  await makePicture(server)
  let taken = 0
  const { limits } = server.app
  const takeConversion = limits.takeConversion.bind(limits)
  server.app.limits.takeConversion = (request) => {
    taken += 1
    return takeConversion(request)
  }
  await server.ask(`${PAGE}/card.png`)
  t.equal(taken, 1)
})

t.test(
  'a picture that does not exist has no card, and its page is a 404 with a button to make it',
  async (t) => {
    const server = await buildApp(t)
    const { ask } = server
    const card = await ask(`${PAGE}/card.png`)
    t.equal(card.status, 404)
    t.match(await json(card), { success: false, error: { code: 'NOT_FOUND' } })
    const page = await ask(PAGE)
    t.equal(page.status, 404)
    const { html, canonical, data } = await readHead(server, PAGE)
    t.match(html, `There is no picture of ${ADDRESS} in simple. It can be made now.`)
    t.match(html, '<button form="make" class="button script primary">Make this picture</button>')
    t.equal(canonical, '')
    t.equal(data, undefined)

    await makePicture(server)
    await ask(`/dalle/simple/${ADDRESS}?remove=1`)
    const removed = await ask(PAGE)
    t.equal(removed.status, 404)
    t.match(await removed.text(), 'any more. A former one is in the archive.')
  }
)

t.test('wrong addresses and unknown pages are pages for browsers, and JSON for programs', async (t) => {
  const { ask } = await buildApp(t)
  for (const [path, status, code, details] of [
    ['/preview/simple/0x12', 400, 'INVALID_ADDRESS', /0x12/],
    [
      `/preview/simple/${encodeURIComponent('0\u0445f5')}`,
      400,
      'INVALID_ADDRESS',
      /has “\u0445”, a Cyrillic letter/
    ],
    ['/preview/simple/vitalik.eth', 400, 'INVALID_ADDRESS', /vitalik\.eth.+ is a name/],
    ['/dalle/simple/vitalik.eth', 400, 'INVALID_ADDRESS', /vitalik\.eth.+ is a name/],
    ['/avatar/simple/vitalik.eth', 400, 'INVALID_ADDRESS', /vitalik\.eth.+ is a name/],
    ['/nft/simple/vitalik.eth', 400, 'INVALID_ADDRESS', /vitalik\.eth.+ is a name/],
    ['/no-such-page', 404, 'NOT_FOUND', /no-such-page/]
  ] as const) {
    const answer = await ask(path)
    t.equal(answer.status, status, path)
    const { error } = await json(answer)
    t.equal(error.code, code)
    t.match(error.details, details)
    const page = await ask(path, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
    t.equal(page.status, status, path)
    t.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
    const html = await page.text()
    // The address of a picture leads to the form, with what is wrong with it.
    t.match(html, path.startsWith('/preview/') ? /<form id="make"/ : code, path)
    t.match(html, path.startsWith('/preview/') ? /class="notice"/ : 'Open the gallery', path)
  }
})

t.test('the page of a picture without side files says what is not known', async (t) => {
  const server = await buildApp(t)
  const png = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#975' } })
    .png()
    .toBuffer()
  await server.app.pictures.stored.put('simple', ADDRESS, png)
  await rm(join(server.dataDir, 'output/simple/selector'), { recursive: true, force: true })
  const { html, meta, data } = await readHead(server, PAGE)
  for (const text of [
    '<h3>Attributes</h3><p>Not known</p>',
    '<h3>Prompts</h3><p>Not known</p>',
    '<dt>Drawn by</dt><dd>not known</dd>',
    '<dt>Databases</dt><dd>not known</dd>'
  ]) {
    t.match(html.replaceAll(/>\s+</g, '><'), text)
  }
  t.match(meta['og:title'], /^Picture of 0x/)
  t.equal(meta.description, `The picture of ${ADDRESS} in the series simple.`)
  t.equal(data!.creditText, undefined)
  t.equal((await server.ask(`${PAGE}/card.png`)).status, 200)
})

t.test('a search finds the address in a link', async (t) => {
  const server = await buildApp(t)
  await makePicture(server)
  for (const text of [`https://etherscan.io/address/${ADDRESS}`, `ethereum:${ADDRESS}@1`, ` ${ADDRESS} `]) {
    const html = await (await server.ask(`/preview?q=${encodeURIComponent(text)}`)).text()
    t.match(html, `data-key="simple/${ADDRESS}"`, text)
  }
})
