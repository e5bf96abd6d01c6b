import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { ADDRESS, askForRun, json, temporaryFolder, until } from '../helper.ts'
import { startHoldingProvider } from './holding-provider.ts'
import { serving, startServer } from './process.ts'

const WAIT = { headers: { prefer: 'wait=55' } }
/** Longer than a stop takes at most without the setting. */
const LONG_MS = 12_000

t.test('a drawing that takes longer than 8 s is paid once where the grace is longer', async (t) => {
  const dataDir = await temporaryFolder(t)
  const { env, deliver, openai } = await startHoldingProvider(t)
  const server = startServer(t, {
    args: serving(dataDir),
    cwd: dataDir,
    env: { ...env, TB_DALLE_STOP_GRACE: '5m' }
  })
  const url = await server.listening()
  const waiting = askForRun(`${url}/dalle/simple/${ADDRESS}?generate=1`, WAIT)
  await until(() => openai.concurrent('image').now === 1)
  server.child.kill('SIGTERM')
  await server.printed(/"msg":"stopping"/)
  await sleep(LONG_MS)

  t.equal((await fetch(`${url}/readyz`)).status, 503)
  t.equal((await fetch(`${url}/healthz`)).status, 200)
  const other = await fetch(`${url}/dalle/simple/${ADDRESS.replace('0xf', '0xa')}?generate=1`)
  t.match([other.status, (await json(other)).error.message], [503, 'The server is stopping'])
  deliver()
  t.equal((await waiting).headers.get('content-type'), 'image/png', 'the client gets its picture')
  const { code, out } = await server.exited
  t.equal(code, 0)
  t.match(JSON.parse(out.trim().split('\n').at(-1)!), { runsLeft: 0, msg: 'stopped' })
  t.notMatch(out, /"level":50/)
  t.match(await spending(dataDir), { images: 1, calls: [] })
  t.equal(openai.billed, 1)
})

t.test('without a grace a drawing is cut at once, and a client that waits gets its progress', async (t) => {
  const dataDir = await temporaryFolder(t)
  const provider = await startHoldingProvider(t)
  const env = { ...provider.env, TB_DALLE_STOP_GRACE: '0s' }
  const start = () => startServer(t, { args: serving(dataDir), cwd: dataDir, env })
  const path = `/dalle/simple/${ADDRESS}`
  const first = start()
  const url = await first.listening()
  const waiting = [askForRun(`${url}${path}?generate=1`, WAIT)]
  await first.printed(/"phase":"image_wait"/)
  waiting.push(fetch(url + path, WAIT))
  await until(() => provider.openai.concurrent('image').now === 1)
  first.child.kill('SIGTERM')
  for (const answer of await Promise.all(waiting)) {
    t.match([answer.status, (await json(answer)).data], [200, { done: false, currentPhase: 'image_wait' }])
  }
  const { code, out } = await first.exited
  t.equal(code, 0)
  t.equal(linesOf(out, 'request').length, 2, 'each of them has one line')
  t.match(await spending(dataDir), { images: 1, calls: [{ state: 'lost' }] })
  t.match(linesOf(out, 'the stop cut drawings: they count as spent, and are bought again once at most'), [
    { level: 40, drawings: 1, costUsd: Number }
  ])

  const second = start()
  const next = await second.listening()
  provider.deliver()
  t.equal((await fetch(next + path, WAIT)).headers.get('content-type'), 'image/png')
  t.match(await spending(dataDir), { images: 2 }, 'it is bought again')
})

/** What `metrics/spending.json` says. */
async function spending(dataDir: string): Promise<unknown> {
  return JSON.parse(await readFile(join(dataDir, 'metrics/spending.json'), 'utf8'))
}

/** The lines of a log with this message. */
function linesOf(out: string, msg: string): Array<Record<string, unknown>> {
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line.msg === msg)
}
