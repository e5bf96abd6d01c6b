import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { ADDRESS, build, createScriptedArtist, until } from '../../helper.ts'
import type { TestServer } from '../../helper.ts'
import { TIMEOUT_SECONDS, makePicture, open, skip, startBrowser, testAccessibility } from './browser.ts'

const visit = await startBrowser(t)
const LOST = /ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED|ERR_NETWORK|ERR_SOCKET/
const AWAY = 'The server cannot be reached. This page goes on trying.'

/** A network between the browser and a server, which can break. */
async function startNetwork(t: Test, { url }: TestServer) {
  const sockets = new Set<Socket>()
  const join = (from: Socket, to: Socket) => {
    sockets.add(from)
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
    from.pipe(to)
  }
  const { port: target } = new URL(url)
  let server: Server | undefined
  const start = async (port: number): Promise<number> => {
    server = createServer((client) => {
      const upstream = connect(Number(target), '127.0.0.1')
      join(client, upstream)
      join(upstream, client)
    })
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const stop = () => {
    server?.close()
    for (const socket of sockets) socket.destroy()
  }
  const port = await start(0)
  t.teardown(stop)
  return { url: `http://127.0.0.1:${port}`, stop, mend: async () => await start(port) }
}

/** Whether the place of the picture shimmers, which says that somebody works. */
const isShimmering = (selector: string) =>
  `document.querySelector(${JSON.stringify(selector)}).getAnimations().length > 0`

t.test('while the server is away, a run says so and stands still', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist })
  const network = await startNetwork(t, server)
  const options = { reducedMotion: 'no-preference' } as const
  const page = await open(await visit(t, { ...server, url: network.url }, options, LOST))
  const dialog = page.getByRole('dialog')
  const phases = async () => await page.locator('.phase').allTextContents()
  await makePicture(page, ADDRESS)
  await until(() => asked.length === 1, TIMEOUT_SECONDS)
  await dialog.getByText('Drawing,').waitFor()
  t.equal(await page.evaluate(isShimmering('.detail .canvas')), true)

  network.stop()
  await dialog.locator('.phase').getByText(AWAY).waitFor()
  t.equal(await dialog.getByRole('status').textContent(), AWAY, 'screen readers hear it too')
  t.same(await phases(), [AWAY, AWAY], 'in the details and among the runs')
  t.equal(await page.evaluate(isShimmering('.detail .canvas')), false)
  t.equal(await page.evaluate(isShimmering('.run .canvas')), false)
  await testAccessibility(t, page, 'the server is away')

  await network.mend()
  await dialog.locator('.phase').getByText('Drawing,').waitFor()
  t.equal(await page.evaluate(isShimmering('.detail .canvas')), true)
  t.notMatch((await phases()).join(), AWAY)
  asked[0]!.deliver()
  await page.getByText('Your picture is ready.').waitFor()
})

t.test('the page of an address says that the server is away', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist })
  const network = await startNetwork(t, server)
  const context = await visit(t, { ...server, url: network.url }, {}, LOST)
  const page = await open(context, `/preview/address/${ADDRESS}`)
  const card = page.locator('.card[data-series=birds]')
  await card.getByRole('button', { name: 'Draw it' }).click()
  await until(() => asked.length === 1, TIMEOUT_SECONDS)
  await card.getByText('Drawing,').waitFor()
  network.stop()
  await card.getByText(AWAY).waitFor()
  const other = page.locator('.card[data-series=noir]')
  await other.getByRole('button', { name: 'Draw it' }).click()
  await other.getByText('Is it running').waitFor()
  await network.mend()
  await card.getByText('Drawing,').waitFor()
  await other.getByText('Is it running').waitFor({ state: 'hidden' })
})

t.test('that the server cannot be reached is said until it can', { skip }, async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await build(t, { artist, settings: { TB_DALLE_FAILURE_HOLD: '1ms' } })
  const network = await startNetwork(t, server)
  const expected = new RegExp(`${LOST.source}|status of 503`)
  const page = await open(await visit(t, { ...server, url: network.url }, {}, expected))
  const dialog = page.getByRole('dialog')
  const outcome = page.locator('#make-outcome')
  await makePicture(page, ADDRESS)
  await until(() => asked.length === 1, TIMEOUT_SECONDS)
  asked[0]!.fail(new Error('no paint'))
  await dialog.getByText('Something went wrong on the server.').waitFor()

  network.stop()
  await dialog.getByRole('button', { name: 'Try again' }).click()
  await dialog.getByText('The server cannot be reached.').waitFor()
  await network.mend()
  await dialog.getByText('Something went wrong on the server.').waitFor()

  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  network.stop()
  await page.getByRole('button', { name: 'Make the picture' }).click()
  await outcome.getByText('The server cannot be reached.').waitFor()
  await network.mend()
  await until(async () => (await outcome.textContent()) === '', TIMEOUT_SECONDS)
})
