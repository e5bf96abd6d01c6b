import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build as bundle } from 'esbuild'
import type { Page } from 'playwright-core'
import t from 'tap'
import type { Test } from 'tap'
import { PACKAGE_ROOT } from '../../../lib/package.ts'
import { build, createScriptedArtist, until } from '../../helper.ts'
import { skip, startBrowser } from '../preview/browser.ts'
import { exampleOf, picturePathOf } from './documentation.ts'

const CONTENT_TYPE = { 'content-type': 'text/html; charset=utf-8' }
const ADDRESS = '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed'
const PLACEHOLDER = 'x-dalle-placeholder'

/** A site of another origin. */
async function startSite(t: Test) {
  const pages = new Map<string, string>()
  const server = createServer(({ url = '' }, response) => {
    const page = pages.get(url)
    response.writeHead(page === undefined ? 404 : 200, CONTENT_TYPE).end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  return {
    // Another name is another site.
    origin: `http://localhost:${port}`,
    /** Adds a page without an icon, which browsers would ask for. */
    add: (path: string, body: string) =>
      pages.set(path, `<!doctype html><title>Site</title><link rel="icon" href="data:,">${body}`)
  }
}

/** A page that shows the component of the example. */
async function bundleComponent(code: string, server: string): Promise<string> {
  const main = `
    import { createRoot } from 'react-dom/client'
    createRoot(document.body.appendChild(document.createElement('main'))).render(
      <DallePicture server="${server}" series="simple" address="${ADDRESS}" />
    )`
  const { outputFiles } = await bundle({
    stdin: { contents: `${code}\n${main}`, loader: 'jsx', resolveDir: PACKAGE_ROOT },
    bundle: true,
    write: false,
    minify: true,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' }
  })
  return `<script type="module">${outputFiles[0]!.text.replaceAll('</script', '<\\/script')}</script>`
}

/** Answers the first stream of a page as a server that stops does. The returned list has what it has refused. */
async function refuseStreams(page: Page): Promise<string[]> {
  const refused: string[] = []
  await page.route(
    /\/events\?/,
    async (route) => {
      await route.fulfill({ status: 503, headers: { 'access-control-allow-origin': '*' } })
      refused.push(route.request().url())
    },
    { times: 1 }
  )
  return refused
}

const visit = await startBrowser(t)

t.test('the examples of pages work in a page of another site', { skip }, async (t) => {
  const site = await startSite(t)
  const { asked, artist } = createScriptedArtist()
  const server = await build(t, { artist, settings: { TB_DALLE_CORS_ORIGINS: site.origin } })
  const { url } = server
  const context = await visit(t, server, {}, /status of (?:400|503)/)
  const isLoaded = (selector: string) =>
    `(() => { const image = document.querySelector('${selector}'); return image.complete && image.naturalWidth > 0 })()`

  await t.test('<img> shows a placeholder, and starts nothing', async (t) => {
    site.add('/image', exampleOf('An image in a page', 'html', url))
    const page = await context.newPage()
    const [response] = await Promise.all([
      page.waitForResponse(/\/avatar\//),
      page.goto(`${site.origin}/image`)
    ])
    t.equal(response.headers()[PLACEHOLDER], 'true')
    await page.waitForFunction(isLoaded('img'))
    t.equal(await page.evaluate('document.querySelector("img").naturalWidth'), 128)
    t.equal(asked.length, 0)
    await page.close()
  })

  await t.test(
    'EventSource shows the progress, and then the picture, also after a server that stops',
    async (t) => {
      const code = exampleOf('Progress in a page', 'html', url)
      site.add('/progress', code)
      const page = await context.newPage()
      await page.clock.install()
      const refusals = await refuseStreams(page)
      await page.goto(`${site.origin}/progress`)
      await until(() => asked.length === 1)
      await until(() => refusals.length === 1)
      await page.clock.fastForward(10_000)
      await page.waitForFunction('document.querySelector("progress").value > 0')
      asked[0]!.deliver()
      await page.waitForFunction(isLoaded('#picture'))
      t.equal(await page.evaluate('document.querySelector("#picture").src'), url + picturePathOf(code))
      t.equal(await page.locator('progress').count(), 0)
      await page.close()
    }
  )

  await t.test('EventSource shows why a run has failed, or is not started', async (t) => {
    const code = exampleOf('Progress in a page', 'html', url)
    site.add('/failing', code.replace('/simple/', '/birds/'))
    site.add('/unknown', code.replace('/simple/', '/none/'))
    const page = await context.newPage()
    const alert = page.getByRole('alert').filter({ hasText: /./ })
    await page.goto(`${site.origin}/failing`)
    await until(() => asked.length === 2)
    asked[1]!.fail(new Error('no paint'))
    t.equal(await alert.textContent(), 'Internal server error')
    await page.goto(`${site.origin}/unknown`)
    t.equal(await alert.textContent(), 'Invalid series name')
    await page.close()
  })

  await t.test('a page of an origin that is not named says which setting names it', async (t) => {
    site.add('/refused', exampleOf('Progress in a page', 'html', url).replace('/simple/', '/noir/'))
    const other = await visit(t, server, {}, /status of 403/)
    const page = await other.newPage()
    await page.goto(`${site.origin.replace('localhost', 'site.test')}/refused`)
    const alert = page.getByRole('alert').filter({ hasText: /./ })
    t.match(await alert.textContent(), 'name the origin of your page in TB_DALLE_CORS_ORIGINS')
  })

  await t.test('the React component follows a run that another client starts', async (t) => {
    site.add('/react', await bundleComponent(exampleOf('React', 'jsx', url), url))
    const page = await context.newPage()
    await page.clock.install()
    const refusals = await refuseStreams(page)
    const [first] = await Promise.all([page.waitForResponse(/\/avatar\//), page.goto(`${site.origin}/react`)])
    t.equal(first.headers()[PLACEHOLDER], 'true')
    await page.waitForFunction(isLoaded('img'))
    await fetch(`${url}/dalle/simple/${ADDRESS}?generate=1`)
    await until(() => asked.length === 3)
    await until(() => refusals.length === 1)
    await page.clock.fastForward(10_000)
    await page.getByRole('progressbar').waitFor()
    const picture = page.waitForResponse(/\/avatar\/.*&run=/)
    asked[2]!.deliver()
    t.equal((await picture).headers()[PLACEHOLDER], undefined, 'the picture, and no placeholder')
    await page.getByRole('progressbar').waitFor({ state: 'detached' })

    const [again] = await Promise.all([page.waitForResponse(/\/avatar\//), page.reload()])
    t.notMatch(again.url(), /&run=/, 'a picture that is there keeps its URL')
    await page.close()
  })
})
