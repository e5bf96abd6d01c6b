import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { ADDRESS, build, createScriptedArtist, until } from '../../helper.ts'
import {
  TIMEOUT_SECONDS,
  addressOf,
  makePicture,
  open,
  picturesOf,
  skip,
  smallPng,
  startBrowser
} from './browser.ts'

/** Chromium sends `Sec-Fetch-*` to loopback, and not to a plain name. Both are this machine. */
const visit = await startBrowser(t)
const TARGET_NAMES = ['127.0.0.1', 'dalle.test']
/** A page at another port of the same host is `same-site`, and one of another host is `cross-site`. */
const FOREIGN_NAMES = ['127.0.0.1', 'dalle.test', 'evil.test']

/** What a page can hold to make a browser ask for a URL. */
const ELEMENTS: Record<string, (url: string) => string> = {
  img: (url) => `<img src="${url}">`,
  iframe: (url) => `<iframe src="${url}"></iframe>`,
  object: (url) => `<object data="${url}"></object>`,
  embed: (url) => `<embed src="${url}">`,
  script: (url) => `<script src="${url}"></script>`,
  css: (url) => `<link rel="stylesheet" href="${url}">`,
  video: (url) => `<video src="${url}" preload="auto"></video>`,
  fetch: (url) => `<script>fetch('${url}', { mode: 'no-cors' })</script>`,
  'fetch with cors': (url) => `<script>fetch('${url}').catch(() => {})</script>`,
  'form in a frame': (url) =>
    `<iframe name="f"></iframe><form action="${url.split('?')[0]}" target="f">` +
    `${url
      .split('?')[1]!
      .split('&')
      .map((pair) => `<input name="${pair.split('=')[0]}" value="1">`)
      .join('')}</form>` +
    "<script>document.querySelector('form').submit()</script>"
}
/** What makes a browser leave a page for a URL. */
const NAVIGATIONS: Record<string, (url: string) => string> = {
  'meta refresh': (url) => `<meta http-equiv="refresh" content="0;url=${url}">`,
  'location=': (url) => `<script>location = '${url}'</script>`,
  form: (url) => ELEMENTS['form in a frame']!(url).replace(' target="f"', ''),
  link: (url) => `<a href="${url}">x</a><script>document.querySelector('a').click()</script>`
}

/** A server of another site. It sends the page that the test sets. */
async function startForeignSite(t: Test) {
  const site = { page: '', headers: {} as Record<string, string>, port: 0 }
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    for (const [name, value] of Object.entries(site.headers)) response.setHeader(name, value)
    response.end(`<!doctype html>${site.page}`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  site.port = (server.address() as AddressInfo).port
  t.teardown(() => server.closeAllConnections() ?? server.close())
  return site
}

async function startTarget(t: Test, settings: Record<string, string> = {}) {
  const { artist } = createScriptedArtist()
  const asked = new Set<string>()
  const server = await build(t, {
    artist,
    settings: { TB_DALLE_HOSTS: 'dalle.test', ...settings },
    extend: (app) =>
      app.addHook('onRequest', async ({ originalUrl }) => {
        asked.add(originalUrl)
      })
  })
  return { server, asked, port: new URL(server.url).port }
}

t.test('no element of a page of another site starts, removes or clears anything', { skip }, async (t) => {
  const { server, asked, port } = await startTarget(t)
  const site = await startForeignSite(t)
  const { stored } = picturesOf(server)
  await stored.put('simple', ADDRESS, await smallPng())
  await fetch(`${server.url}/nothing`)
  const context = await visit(t, server, {}, /.*/)
  let index = 0
  for (const name of TARGET_NAMES) {
    for (const foreign of FOREIGN_NAMES) {
      const expected: string[] = []
      const parts = Object.values(ELEMENTS).flatMap((element) => {
        index += 1
        const paths = [
          `/dalle/birds/${addressOf(index)}?generate=1`,
          `/dalle/simple/${ADDRESS}?remove=1&part=${index}`,
          `/dalle/simple/${ADDRESS}?generate=1&force=1&part=${index}`,
          `/errors?clear=1&part=${index}`
        ]
        expected.push(paths[0]!)
        return paths.map((path) => element(`http://${name}:${port}${path}`))
      })
      site.page = parts.join('\n')
      const page = await context.newPage()
      await page.goto(`http://${foreign}:${site.port}/`)
      await until(() => expected.every((path) => asked.has(path)), TIMEOUT_SECONDS)
      await page.close()
    }
  }
  await checkNothingChanged(t, server)
})

t.test(
  'no page of another site starts, removes or clears anything by leaving for it',
  { skip },
  async (t) => {
    const { server, asked, port } = await startTarget(t)
    const site = await startForeignSite(t)
    await picturesOf(server).stored.put('simple', ADDRESS, await smallPng())
    await fetch(`${server.url}/nothing`)
    const context = await visit(t, server, {}, /.*/)
    const page = await context.newPage()
    let index = 0
    for (const name of TARGET_NAMES) {
      for (const foreign of FOREIGN_NAMES) {
        const isLast = foreign === FOREIGN_NAMES.at(-1)
        for (const [what, navigation] of Object.entries(NAVIGATIONS)) {
          // The browser treats all ways of leaving a page alike.
          if (!isLast && what !== 'location=') continue
          index += 1
          const picture = `birds/${addressOf(index)}`
          site.page = navigation(`http://${name}:${port}/dalle/${picture}?generate=1`)
          await page.goto(`http://${foreign}:${site.port}/`)
          await page.waitForURL(`http://${name}:${port}/preview/${picture}`)
          t.ok(
            asked.has(`/dalle/${picture}?generate=1`),
            `${what} of ${foreign} to ${name} leads to the page`
          )
        }
        // Another navigation leads to these in the same way.
        if (!isLast) continue
        for (const query of ['remove=1', 'generate=1&force=1']) {
          site.page = NAVIGATIONS['location=']!(`http://${name}:${port}/dalle/simple/${ADDRESS}?${query}`)
          await page.goto(`http://${foreign}:${site.port}/`)
          await page.waitForURL(`http://${name}:${port}/preview/simple/${ADDRESS}`)
        }
        site.page = NAVIGATIONS['location=']!(`http://${name}:${port}/errors?clear=1`)
        await page.goto(`http://${foreign}:${site.port}/`)
        await page.getByText('code FORBIDDEN').waitFor()
      }
    }
    await checkNothingChanged(t, server)
  }
)

t.test('the gallery and the address bar start runs', { skip }, async (t) => {
  const { server, port } = await startTarget(t)
  const context = await visit(t, server, {}, /status of 404/)
  const { runs } = server.app.engine
  for (const [index, name] of TARGET_NAMES.entries()) {
    const page = await open(context, `http://${name}:${port}/preview`)
    await makePicture(page, addressOf(index + 1))
    await until(async () => (await runs.live(9)).count === index + 1, TIMEOUT_SECONDS)
  }
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${port}/dalle/birds/${addressOf(3)}?generate=1`)
  t.equal((await runs.live(9)).count, 3, 'the address bar starts a run where the browser says that it asks')
  await page.goto(`http://dalle.test:${port}/dalle/birds/${addressOf(4)}?generate=1`)
  t.equal(new URL(page.url()).pathname, `/preview/birds/${addressOf(4)}`, 'elsewhere it leads to the button')
  t.equal((await runs.live(9)).count, 3)
})

/** What a page of another origin tries, in its own words. `server` and `address` are defined before it. */
const TRY_ALL = `(async () => {
  const tried = (request) => request.catch(({ message }) => message)
  const send = (path, options) => tried(fetch(server + path, options).then(
    async (response) => ({
      status: response.status,
      run: response.headers.get('x-dalle-run'),
      applied: response.headers.get('preference-applied'),
      body: response.headers.get('content-type').includes('json') ? await response.json() : await response.text()
    })
  ))
  const image = async (path, crossOrigin) => {
    const image = Object.assign(new Image(), { crossOrigin, src: server + path })
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.getContext('2d').drawImage(image, 0, 0, 1, 1)
    return { width: image.naturalWidth, data: crossOrigin && canvas.toDataURL().slice(0, 22) }
  }
  const event = (path, name) => new Promise((resolve, reject) => {
    const events = new EventSource(server + path)
    events.addEventListener(name, ({ data }) => {
      events.close()
      resolve(JSON.parse(data))
    })
    events.addEventListener('error', () => reject(new Error('no event')))
  })
  const json = { 'content-type': 'application/json' }
  return {
    picture: await tried(image('/dalle/simple/' + address, null)),
    canvas: await tried(image('/files/simple/annotated/' + address + '.png', 'anonymous')),
    progress: await send('/dalle/birds/' + address, { headers: { prefer: 'return=minimal' } }),
    events: await tried(event('/dalle/birds/' + address + '/events?fields=progress', 'progress')),
    activity: await tried(event('/events', 'activity')),
    gallery: await send('/v1/gallery'),
    error: await send('/dalle/simple/0x1'),
    metrics: await send('/metrics'),
    records: await send('/v1/images'),
    start: await send('/dalle/noir/' + address + '?generate=1'),
    cancel: await send('/dalle/noir/' + address, { method: 'DELETE' }),
    prompts: await send('/v1/images/preview', { method: 'POST', headers: json, body: '{"input": "a text"}' })
  }
})()`

t.test('a page of another origin reads and embeds, and a known one also changes', { skip }, async (t) => {
  const site = await startForeignSite(t)
  // Embedded content must say that it may be embedded.
  site.headers = { 'cross-origin-embedder-policy': 'require-corp' }
  const known = `http://127.0.0.1:${site.port}`
  const { server } = await startTarget(t, { TB_DALLE_CORS_ORIGINS: known })
  await picturesOf(server).stored.put('simple', ADDRESS, await smallPng())
  await fetch(`${server.url}/dalle/birds/${ADDRESS}?generate=1`)
  const context = await visit(t, server, {}, /.*/)
  const page = await context.newPage()
  const tryAll = async (origin: string) => {
    await page.goto(origin)
    const names = `server = ${JSON.stringify(server.url)}; address = ${JSON.stringify(ADDRESS)};`
    return (await page.evaluate(names + TRY_ALL)) as Record<string, unknown>
  }
  const read = {
    picture: { width: 64 },
    canvas: { width: 64, data: 'data:image/png;base64,' },
    progress: { status: 200, run: 'joined', applied: 'return=minimal', body: { data: { done: false } } },
    events: { done: false, series: 'birds', nextPollMs: Number },
    activity: { pictures: 1 },
    gallery: { status: 200, body: { data: { total: 1 } } },
    error: { status: 400, body: { error: { code: 'INVALID_ADDRESS' } } },
    metrics: 'Failed to fetch'
  }
  const others = await tryAll(`http://localhost:${site.port}/`)
  t.match(others, {
    ...read,
    records: 'Failed to fetch',
    start: { status: 403, body: { error: { code: 'FORBIDDEN' } } },
    cancel: 'Failed to fetch',
    prompts: 'Failed to fetch'
  })
  t.equal((await server.app.engine.runs.live(9)).count, 1, 'nothing was started')
  t.match(await tryAll(`${known}/`), {
    ...read,
    records: { status: 200 },
    start: { status: 200, run: 'started' },
    cancel: { status: 200, body: { data: { errorCode: 'CANCELLED' } } },
    prompts: { status: 200, body: { data: { input: 'a text' } } }
  })
})

t.test(
  'the page of a picture is shown in frames of named sites, without its buttons',
  { skip },
  async (t) => {
    const site = await startForeignSite(t)
    const { server, port } = await startTarget(t, {
      TB_DALLE_FRAME_ANCESTORS: `http://localhost:${site.port}`
    })
    await picturesOf(server).stored.put('simple', ADDRESS, await smallPng())
    const context = await visit(t, server, {}, /.*/)
    const page = await context.newPage()
    const detail = `/preview/simple/${ADDRESS}`
    const shown = [`http://127.0.0.1:${port}${detail}`, `http://dalle.test:${port}${detail}`]
    const refused = ['/preview', '/preview/series', `${detail}?part=detail`, '/', '/nothing']
    const urls = [...shown, ...refused.map((path) => `http://127.0.0.1:${port}${path}`)]
    site.page = urls.map((url) => `<iframe src="${url}"></iframe>`).join('')
    const framesOf = async (origin: string) => {
      await page.goto(`${origin}:${site.port}/`)
      return page.frames().filter((frame) => frame.parentFrame() !== null)
    }
    const frames = await framesOf('http://localhost')
    t.equal(frames.length, urls.length)
    for (const frame of frames.slice(0, shown.length)) {
      await frame.getByRole('heading', { level: 2 }).waitFor()
      t.equal(await frame.getByRole('button').count(), 0, 'it has no buttons')
      t.equal(
        await frame.locator('script, form, [data-action]').count(),
        0,
        'nor what could change something'
      )
    }
    const isRefused = (frame: (typeof frames)[number]) => frame.url().startsWith('chrome-error:')
    await until(() => frames.slice(shown.length).every(isRefused), TIMEOUT_SECONDS)
    const others = await framesOf('http://127.0.0.1')
    await until(() => others.every(isRefused), TIMEOUT_SECONDS)

    await page.goto(shown[0]!)
    await page.getByRole('button', { name: 'Make it again' }).waitFor()
    for (const path of [detail, `/preview/simple/${addressOf(9)}`]) {
      const response = await fetch(server.url + path)
      t.match(response.headers.get('vary'), /Sec-Fetch-Dest/i)
      const policy = response.headers.get('content-security-policy')
      t.match(policy, new RegExp(`form-action 'none'; frame-ancestors http://localhost:${site.port}$`))
      t.notMatch(policy, /script-src/)
      t.notMatch(await response.text(), /<form|<script|data-action/)
    }
  }
)

async function checkNothingChanged(t: Test, { app }: Awaited<ReturnType<typeof build>>): Promise<void> {
  t.equal((await app.engine.runs.live(9)).count, 0, 'no run works')
  t.equal(await app.engine.runs.last('simple', ADDRESS), undefined, 'no run has redrawn the picture')
  t.ok(await app.pictures.stored.find('simple', ADDRESS), 'the picture is there')
  t.ok(app.metrics.report.read().errors_by_code.NOT_FOUND, 'the report is kept')
}
