import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { ADDRESS, askForRun, pollUntilDone, temporaryFolder } from '../helper.ts'
import { startOpenAi } from '../peers/openai.ts'
import { noTerminal, serving, startServer, startServerInTerminal } from './process.ts'

const KEY = 'sk-very-secret'
const HEADER = 'a-secret-of-a-gateway'
const QUERY = 'a-secret-of-the-query'
const TOKEN = 'token-of-16-letters-and-more'

t.test('the log is JSON', async (t) => {
  const dataDir = await temporaryFolder(t)
  const cwd = await temporaryFolder(t)
  const openai = await startOpenAi({ scale: 0.125 })
  t.teardown(() => openai.close())
  await writeFile(
    join(cwd, '.env'),
    `TB_DALLE_DATA_DIR=${dataDir}\nTB_DALLE_PORT=0\nOPENAI_BASE_URL=${openai.url}?key=${QUERY}\n`
  )
  const server = startServer(t, {
    cwd,
    env: {
      OPENAI_API_KEY: KEY,
      TB_DALLE_OPENAI_HEADERS: JSON.stringify({ 'x-gateway': HEADER }),
      TB_DALLE_API_TOKENS: TOKEN,
      LOG_LEVEL: 'debug'
    }
  })
  const url = await server.listening()
  const authorization = `Bearer ${TOKEN}`

  // The first run fails at one of its files, the second at the provider.
  openai.behave('chat', 'invalid_api_key')
  await mkdir(join(dataDir, 'output/simple'), { recursive: true })
  await writeFile(join(dataDir, 'output/simple/selector'), '')
  await askForRun(`${url}/dalle/simple/${ADDRESS}?generate=1&token=hush`, {
    headers: { authorization, 'x-request-id': 'mine-1' }
  })
  await pollUntilDone(`${url}/dalle/simple/${ADDRESS}`)
  const message = `The key ${KEY}, the header ${HEADER} and the query ${QUERY} are not valid`
  openai.behave('image', {
    kind: 'raw',
    status: 401,
    body: JSON.stringify({ error: { message, code: 'invalid_api_key' } })
  })
  const refused = `${url}/dalle/simple/${ADDRESS.replace('0xf', '0xa')}`
  await askForRun(`${refused}?generate=1`, { headers: { authorization } })
  await pollUntilDone(refused)
  await fetch(`${url}/nothing`, { headers: { 'x-request-id': 'mine-2' } })
  server.child.kill('SIGTERM')
  const { code, out } = await server.exited
  t.equal(code, 0)
  const entries = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

  t.test('with one line for each request', async (t) => {
    const request = {
      method: 'GET',
      url: `/dalle/simple/${ADDRESS}`,
      route: '/dalle/:series/:address',
      status: 200,
      durationMs: Number,
      run: 'started',
      level: 30
    }
    const first = entries.filter(({ reqId }) => reqId === 'mine-1')
    t.match(first, [request])
    t.equal(first.length, 1)
    t.match(
      entries.filter(({ reqId }) => reqId === 'mine-2'),
      [{ status: 404, code: 'NOT_FOUND', level: 30 }]
    )
  })

  t.test('with one line for the end of a run, and at debug one for each phase', async (t) => {
    const phases = entries
      .filter(({ msg, level, address }) => msg === 'phase of a run' && level === 20 && address === ADDRESS)
      .map(({ phase }) => phase)
    t.same(phases, [
      'queued',
      'setup',
      'base_prompts',
      'enhance_prompt',
      'image_prep',
      'image_wait',
      'image_download',
      'annotate'
    ])
    const failed = entries.filter(({ msg }) => msg === 'run failed')
    t.match(failed, [
      {
        level: 50,
        series: 'simple',
        address: ADDRESS,
        provider: 'openai',
        outcome: 'failed',
        degraded: true,
        errorCode: 'FILE_SYSTEM_ERROR',
        err: { stack: /lib\/storage\/files|dist\/bundle/, cause: { code: /^E/ } }
      },
      { level: 50, errorCode: 'OPENAI_UNAVAILABLE', err: { cause: { code: 'invalid_api_key' } } }
    ])
    t.equal(failed.length, 2)
    t.match(failed[0], { durationMs: Number, phasesMs: { image_wait: Number }, costUsd: Number, attempt: 1 })
  })

  t.test('with a warning when a circuit opens', async (t) => {
    t.match(
      entries.find(({ msg }) => msg.startsWith('circuit open')),
      { level: 40, operation: 'enhance', reason: 'no_permission' }
    )
  })

  t.test('without a path of the machine, a query, a key or a token', async (t) => {
    for (const secret of [dataDir, PACKAGE_ROOT, KEY, HEADER, QUERY, 'token-of-16', 'hush']) {
      t.notOk(out.includes(secret), secret)
    }
  })
})

t.test('the readable log has the same lines, also where there is no terminal', async (t) => {
  const dataDir = await temporaryFolder(t)
  const server = startServer(t, {
    args: serving(dataDir),
    cwd: dataDir,
    env: { TB_DALLE_LOG_FORMAT: 'pretty' }
  })
  const url = await server.listening()
  await fetch(`${url}/dalle/simple/${ADDRESS}?generate=1`, { headers: { 'x-request-id': 'mine-1' } })
  await server.printed(new RegExp(`INFO: run completed simple ${ADDRESS} \\d+ ms`))
  await fetch(`${url}/nothing`)
  server.child.kill('SIGTERM')
  const { code, out } = await server.exited
  t.equal(code, 0)
  const lines = out.trim().split('\n')
  t.match(
    lines.filter((line) => line.includes('mine-1')),
    [new RegExp(`^\\[[\\d:]{8}\\] INFO: request GET /dalle/simple/${ADDRESS} 200 [\\d.]+ ms `)]
  )
  t.equal(lines.filter((line) => line.includes(' run completed ')).length, 1)
  t.equal(lines.filter((line) => / request GET \S+ 404 NOT_FOUND /.test(line)).length, 1)
  t.match(lines.at(-2), /INFO: stopping \{"signal":"SIGTERM"\}$/)
  t.match(lines.at(-1), /INFO: stopped \{"signal":"SIGTERM","runsLeft":0\}$/)
  t.equal(lines.length, 6, 'listens, a request, a run, a request, stopping, stopped')
})

t.test('a terminal gets readable lines, and the state of the runs', { skip: noTerminal() }, async (t) => {
  const dataDir = await temporaryFolder(t)
  const openai = await startOpenAi({ scale: 0.125 })
  t.teardown(() => openai.close())
  openai.behave('image', 'hang')
  const server = startServerInTerminal(t, {
    args: serving(dataDir),
    env: {
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: openai.url,
      TB_DALLE_NO_ENHANCE: '1',
      TB_DALLE_CONCURRENCY: '1'
    }
  })
  const url = await server.listening()
  t.match(server.output.out, /INFO.*dalleserver \S+ listens at http:\/\/127\.0\.0\.1:\d+/)
  t.notMatch(server.output.out, /"level":/)
  for (const address of [ADDRESS, ADDRESS.replace('0xf', '0xa')]) {
    await (await askForRun(`${url}/dalle/simple/${address}?generate=1`)).arrayBuffer()
  }
  const [line] = await server.printed(/simple 0x.*image_wait.*waiting/)
  t.match(line, /^simple 0xf503…179b image_wait \d+ %, \d+ s.* \| 1 waiting$/)
})

/** Starts a server that crashes at SIGUSR2. */
async function startFaulty(t: Test) {
  const cwd = await temporaryFolder(t)
  const crash = join(cwd, 'crash.cjs')
  await writeFile(crash, "process.on('SIGUSR2', () => setImmediate(() => { throw new Error('a fault') }))")
  const env = { NODE_OPTIONS: `--require ${crash}` }
  return startServer(t, { cwd, args: serving(cwd), env })
}

for (const [what, signal, code] of [
  ['a stop', 'SIGTERM', 0],
  ['a crash', 'SIGUSR2', 1]
] as const) {
  t.test(`${what} ends a server whose reader of the log has gone`, async (t) => {
    const server = await startFaulty(t)
    await server.listening()
    server.child.stdout.destroy()
    server.child.kill(signal)
    t.same(await once(server.child, 'exit'), [code, null])
  })

  t.test(`${what} ends a server whose reader of the log stands still`, async (t) => {
    const server = await startFaulty(t)
    const url = await server.listening()
    server.child.stdout.pause()
    // More than the system keeps for the reader.
    const path = `/${'long'.repeat(45)}`
    for (let round = 0; round < 80; round += 1) {
      await Promise.all(Array.from({ length: 50 }, async () => await (await fetch(url + path)).text()))
    }
    server.child.kill(signal)
    t.same(await once(server.child, 'exit'), [code, null])
  })
}
