import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import t from 'tap'
import type { Test } from 'tap'
import dalleserver from '../../../index.ts'
import { ADDRESS, build, pollUntilDone, temporaryFolder } from '../../helper.ts'
import { compileClientScripts } from '../../tools/client-scripts.ts'
import { cardOf, makePicture, open, quickArtist, skip, startBrowser } from './browser.ts'

compileClientScripts()
const visit = await startBrowser(t)
const OTHER = '0x71c7656ec7ab88b098defb751b7401b5f6d8976f'

/** The service below /art of another application. */
async function startHost(t: Test): Promise<string> {
  const host = Fastify()
  t.teardown(() => host.close())
  host.get('/', async () => 'the application')
  host.register(dalleserver, { prefix: '/art', dataDir: await temporaryFolder(t), artist: quickArtist })
  return await host.listen({ port: 0, host: '127.0.0.1' })
}

/** The service behind a proxy that serves it below /art, and takes /art away. */
async function startBehindProxy(t: Test): Promise<string> {
  const { url: target } = await build(t, { settings: { TB_DALLE_BASE_PATH: '/art' }, artist: quickArtist })
  const proxy = createServer((incoming, outgoing) => {
    const url = incoming.url ?? '/'
    if (!/^\/art(?:[/?]|$)/.test(url)) return outgoing.writeHead(404).end('the proxy has nothing here')
    const path = url.slice('/art'.length).replace(/^(?!\/)/, '/')
    const { method, headers } = incoming
    const forwarded = request(
      target + path,
      { method, headers: { ...headers, host: new URL(target).host } },
      (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers)
        answer.pipe(outgoing)
      }
    )
    forwarded.on('error', () => outgoing.destroy())
    outgoing.on('close', () => forwarded.destroy())
    incoming.pipe(forwarded)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
}

const PLACES: Array<[name: string, start: (t: Test) => Promise<string>]> = [
  ['in another application', startHost],
  ['behind a proxy', startBehindProxy]
]

for (const [name, start] of PLACES) {
  t.test(`the gallery works under a path ${name}`, { skip }, async (t) => {
    const url = await start(t)
    await pollUntilDone(`${url}/art/dalle/birds/${OTHER}?generate=1`)
    const context = await visit(t, { url } as Parameters<typeof visit>[1])
    const asked: string[] = []
    const page = await open(context, '/art/')
    context.on('request', (asking) => asked.push(new URL(asking.url()).pathname))
    await page.goto(`${url}/art/preview`)
    await cardOf(page, 'birds', OTHER).waitFor()

    await makePicture(page, ADDRESS)
    await page.getByRole('dialog').getByText('Your picture is ready.').waitFor()
    await cardOf(page, 'simple', ADDRESS).waitFor()
    t.equal(new URL(page.url()).pathname, `/art/preview/simple/${ADDRESS}`)
    await page.keyboard.press('Escape')
    await page.waitForURL(`${url}/art/preview`)

    await page.getByRole('link', { name: /^birds/ }).click()
    await page.waitForURL('**/art/preview?series=birds')
    await cardOf(page, 'simple', ADDRESS).waitFor({ state: 'detached' })
    await page.getByRole('searchbox').fill('nothing of this kind')
    await page.getByText('Nothing matches').waitFor()
    t.match(page.url(), /\/art\/preview\?series=birds&q=/)

    await page.goto(`${url}/art/preview/series?from=birds`)
    await page.getByLabel('Name').fill('my-birds')
    await page.getByRole('button', { name: 'Make the series' }).click()
    await page.waitForURL('**/art/preview/series?name=my-birds')
    t.ok(
      asked.some((path) => path === '/art/events'),
      'the changes come from the service'
    )
    t.same(
      [...new Set(asked)].filter((path) => !path.startsWith('/art/')),
      [],
      'nothing is asked for outside'
    )
  })
}
