import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import type { Test } from 'tap'
import { PACKAGE_ROOT } from '../lib/package.ts'
import { RequestLog } from '../plugins/http/requests.ts'
import { ADDRESS, json, pollUntilDone, temporaryFolder, until } from './helper.ts'
import { startOpenAi } from './peers/openai.ts'

const SERVER = join(PACKAGE_ROOT, 'dist/server.js')

interface Options {
  args?: string[]
  env?: Record<string, string>
  cwd?: string
}

/** The real process, with an environment of its own and what it writes. */
function run(t: Test, { args = [], env = {}, cwd }: Options = {}) {
  const child = spawn(process.execPath, [SERVER, ...args], { cwd, env: { PATH: process.env.PATH, ...env } })
  return watch(t, child)
}

function watch(t: Test, child: ChildProcessWithoutNullStreams) {
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    output.err += String(chunk)
  })
  const exited = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string | null,
    ...output
  }))
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const listening = async () => {
    let url: string | undefined
    await until(() => {
      url = /listens at (http:\S+?)"?[,}\s]/.exec(output.out)?.[1]
      if (child.exitCode !== null) throw new Error(`ended early: ${output.err}`)
      return url !== undefined
    })
    return url!
  }
  return { child, output, exited, listening }
}

const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

t.test('every way to start wrong is one clear line and an exit code', async (t) => {
  const dataDir = await temporaryFolder(t)
  const cwd = await temporaryFolder(t)
  await writeFile(join(dataDir, 'a-file'), '')
  const half = join(dataDir, 'half')
  await mkdir(join(half, 'databases'), { recursive: true })
  await writeFile(join(half, 'databases/nouns.csv'), 'version,noun\nv0.1.0,otter\n')
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const port = String((taken.address() as AddressInfo).port)
  const cases: Array<[what: string, options: Options, code: number, line: RegExp]> = [
    ['unknown flag', { args: ['--colour'] }, 2, /^--colour is not a flag/],
    ['stray word', { args: ['start'] }, 2, /^"start" is not expected/],
    ['flag without a value', { args: ['--port'] }, 2, /^--port needs a value/],
    [
      'bad port',
      { args: ['--port', 'http'] },
      2,
      /^--port is "http": it must be a whole number from 0 to 65535/
    ],
    ['port out of range', { env: { TB_DALLE_PORT: '65536' } }, 2, /^TB_DALLE_PORT is "65536"/],
    ['bad duration', { args: ['--lock-ttl=5'] }, 2, /^--lock-ttl is "5": it must be a positive duration/],
    ['bad log level', { env: { LOG_LEVEL: 'loud' } }, 2, /^LOG_LEVEL is "loud"/],
    ['home not expanded', { args: ['--data-dir', '~/pictures'] }, 2, /^--data-dir is "~\/pictures"/],
    [
      'data folder is a file',
      { args: ['--data-dir', join(dataDir, 'a-file')] },
      1,
      /^The data folder .*a-file cannot be used/
    ],
    [
      'half of the databases',
      { args: ['--data-dir', half] },
      1,
      /^dalleserver could not start: databases\/\w+\.csv is missing in the data folder: .*\n$/
    ],
    [
      'data folder below a file',
      { args: ['--data-dir', join(dataDir, 'a-file/sub')] },
      1,
      /cannot be used: Could not write to the data folder: a file is where a folder must be\.$/m
    ],
    [
      'port in use',
      { args: ['--port', port, '--data-dir', dataDir] },
      1,
      new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is in use`)
    ],
    [
      'no such host',
      { args: ['--port', '0', '--host', '203.0.113.7', '--data-dir', dataDir] },
      1,
      /^203\.0\.113\.7 is not an address of this machine/
    ]
  ]
  await Promise.all(
    cases.map(async ([what, options, expected, line]) => {
      const { code, out, err } = await run(t, { cwd, ...options }).exited
      t.equal(code, expected, what)
      t.match(err, line, what)
      t.equal(err.trim().split('\n').length, 1, `${what}: one line, no stack`)
      t.equal(out, '', what)
    })
  )
  await writeFile(join(cwd, '.env'), 'TB_DALLE_PORT=nonsense\n')
  t.match(await run(t, { cwd }).exited, { code: 2, err: /^TB_DALLE_PORT is "nonsense"/ })
  t.match(
    await run(t, { cwd, args: ['--help'] }).exited,
    { code: 0, err: '' },
    'help is given whatever else is wrong'
  )
})

t.test('--help and --version print and end', async (t) => {
  const cwd = await temporaryFolder(t)
  const { version } = JSON.parse(await readFile(join(PACKAGE_ROOT, 'package.json'), 'utf8'))
  t.match(await run(t, { cwd, args: ['--version'] }).exited, {
    code: 0,
    out: `dalleserver ${version}\n`,
    err: ''
  })
  t.match(await run(t, { cwd, args: ['-h'] }).exited, {
    code: 0,
    out: /--lock-ttl, TB_DALLE_LOCK_TTL/,
    err: ''
  })
})

t.test('logs are JSON, a line a request, and hold no path, query or key', async (t) => {
  const dataDir = await temporaryFolder(t)
  const cwd = await temporaryFolder(t)
  const openai = await startOpenAi({ scale: 0.125 })
  t.teardown(() => openai.close())
  openai.behave('chat', 'invalid_api_key')
  await writeFile(
    join(cwd, '.env'),
    `TB_DALLE_DATA_DIR=${dataDir}\nTB_DALLE_PORT=0\nOPENAI_BASE_URL=${openai.url}\n`
  )
  const token = { authorization: 'Bearer token-of-16-letters-and-more' }
  const { child, listening, exited } = run(t, {
    cwd,
    env: {
      OPENAI_API_KEY: 'sk-very-secret',
      TB_DALLE_API_TOKENS: 'token-of-16-letters-and-more',
      LOG_LEVEL: 'debug'
    }
  })
  const url = await listening()
  await mkdir(join(dataDir, 'output/simple'), { recursive: true })
  await writeFile(join(dataDir, 'output/simple/generated'), '')
  await fetch(`${url}/dalle/simple/${ADDRESS}?generate=1&token=hush`, {
    headers: { ...token, 'x-request-id': 'mine-1' }
  })
  await pollUntilDone(`${url}/dalle/simple/${ADDRESS}`)
  openai.behave('image', 'invalid_api_key')
  const refused = `${url}/dalle/simple/${ADDRESS.replace('0xf', '0xa')}`
  await fetch(`${refused}?generate=1`, { headers: token })
  await pollUntilDone(refused)
  await fetch(`${url}/nothing`, { headers: { 'x-request-id': 'mine-2' } })
  child.kill('SIGTERM')
  const { code, out } = await exited
  t.equal(code, 0)
  const entries = lines(out)
  t.match(
    entries.filter(({ reqId }) => reqId === 'mine-1'),
    [
      {
        method: 'GET',
        url: `/dalle/simple/${ADDRESS}`,
        route: '/dalle/:series/:address',
        status: 200,
        durationMs: Number,
        run: 'started',
        level: 30
      }
    ]
  )
  t.equal(entries.filter(({ reqId }) => reqId === 'mine-1').length, 1)
  t.match(
    entries.filter(({ reqId }) => reqId === 'mine-2'),
    [{ status: 404, code: 'NOT_FOUND', level: 30 }]
  )
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
      err: { stack: /lib\/storage\/files/, cause: { code: /^E/ } }
    },
    { level: 50, errorCode: 'OPENAI_UNAVAILABLE', err: { cause: { code: 'invalid_api_key' } } }
  ])
  t.equal(failed.length, 2)
  const steps = entries
    .filter(({ msg, address }) => msg === 'run' && address === ADDRESS)
    .map(({ phase }) => phase)
  t.same(
    steps,
    ['queued', 'setup', 'base_prompts', 'enhance_prompt', 'image_prep', 'image_wait', 'image_download'],
    'a line a step'
  )
  t.match(failed[0], { durationMs: Number, phasesMs: { image_wait: Number }, costUsd: Number, attempt: 1 })
  t.match(
    entries.find(({ msg }) => msg.startsWith('circuit open')),
    { level: 40, operation: 'enhance', reason: 'no_permission' }
  )
  for (const secret of [dataDir, PACKAGE_ROOT, 'sk-very-secret', 'token-of-16', 'hush']) {
    t.notOk(out.includes(secret), secret)
  }
})

t.test(
  'a terminal gets lines for people',
  { skip: !existsSync('/usr/bin/script') && 'needs the program script (util-linux) for a terminal' },
  async (t) => {
    const dataDir = await temporaryFolder(t)
    const command = `${process.execPath} ${SERVER} --port 0 --data-dir ${dataDir}`
    const { child, output, exited } = watch(
      t,
      spawn('/usr/bin/script', ['-qec', `exec ${command}`, '/dev/null'])
    )
    await until(() => /listens at/.test(output.out))
    t.notMatch(output.out, /"level":/)
    t.match(output.out, /INFO.*dalleserver \S+ listens at http:\/\/127\.0\.0\.1:\d+/)
    child.kill('SIGTERM')
    await exited
  }
)

t.test(
  'a terminal is told every two seconds what the runs at work are doing',
  { skip: !existsSync('/usr/bin/script') && 'needs the program script (util-linux) for a terminal' },
  async (t) => {
    const dataDir = await temporaryFolder(t)
    const openai = await startOpenAi({ scale: 0.125, latency: 6_000 })
    t.teardown(() => openai.close())
    const settings = `OPENAI_API_KEY=sk-x OPENAI_BASE_URL=${openai.url} TB_DALLE_NO_ENHANCE=1 TB_DALLE_CONCURRENCY=1`
    const { child, output, exited } = watch(
      t,
      spawn('/usr/bin/script', [
        '-qec',
        `exec env ${settings} ${process.execPath} ${SERVER} --port 0 --data-dir ${dataDir}`,
        '/dev/null'
      ])
    )
    await until(() => /listens at/.test(output.out))
    const url = /listens at (http:\S+?),/.exec(output.out)![1]!
    for (const address of [ADDRESS, ADDRESS.replace('0xf', '0xa')]) {
      await (await fetch(`${url}/dalle/simple/${address}?generate=1`)).arrayBuffer()
    }
    await until(() => /simple 0xf503…179b image_wait \d+ %, \d+ s.* \| 1 waiting/.test(output.out))
    child.kill('SIGTERM')
    await exited
  }
)

t.test('a slow answer is a warning, unless the client asked to be held', async (t) => {
  const lines: unknown[] = []
  const tell = (level: string) => (_line: object, message: string) => {
    lines.push([level, message])
  }
  const request = {
    method: 'GET',
    originalUrl: '/x?token=hush',
    routeOptions: { url: '/x' },
    log: { info: tell('info'), warn: tell('warn'), error: tell('error') }
  }
  const answered = (elapsedTime: number, headers: Record<string, string> = {}) =>
    new RequestLog().requestCompleted(
      null,
      request as never,
      {
        elapsedTime,
        statusCode: 200,
        failure: undefined,
        getHeader: (name: string) => headers[name],
        hasHeader: (name: string) => name in headers
      } as never
    )
  answered(4_999)
  answered(5_001)
  answered(30_000, { 'preference-applied': 'wait=60' })
  answered(30_000, { 'content-type': 'text/event-stream' })
  t.same(lines, [
    ['info', 'request'],
    ['warn', 'SLOW request'],
    ['info', 'request'],
    ['info', 'request']
  ])
})

t.test('a signal lets the run finish, a restart serves its picture', async (t) => {
  const dataDir = await temporaryFolder(t)
  const first = run(t, { args: ['--port', '0', '--data-dir', dataDir], cwd: dataDir })
  const url = await first.listening()
  // A connection without a request, as browsers open them in advance, must not hold up the end.
  const idle = connect(Number(new URL(url).port), '127.0.0.1')
  await once(idle, 'connect')
  const waiting = fetch(`${url}/dalle/simple/${ADDRESS}?generate=1`, { headers: { prefer: 'wait=60' } })
  await until(async () => (await readdir(join(dataDir, 'output'))).length > 0)
  const signalled = performance.now()
  first.child.kill('SIGINT')
  const answer = await waiting
  t.equal(answer.headers.get('content-type'), 'image/png', 'the open request gets its picture')
  await sharp(await answer.arrayBuffer()).stats()
  t.match(await first.exited, { code: 0, signal: null })
  t.ok(performance.now() - signalled < 9_000, 'nothing waits for the 10 s to pass')
  t.match(JSON.parse(await readFile(join(dataDir, 'metrics/progress_phase_stats.json'), 'utf8')), {
    version: 'v1',
    generationRuns: 1,
    phaseAverages: { annotate: { count: 1 } }
  })

  const second = run(t, { args: ['--port', '0', '--data-dir', dataDir], cwd: dataDir })
  const again = await fetch(`${await second.listening()}/dalle/simple/${ADDRESS}?generate=1`)
  t.equal(again.headers.get('x-dalle-run'), 'cached')
  const { phaseAverages } = (await json(again)).data
  t.ok(phaseAverages.annotate > 0, 'averages are read again')
})

t.test(
  'a killed server leaves no half file, its left-overs are swept, and the run starts afresh',
  async (t) => {
    const dataDir = await temporaryFolder(t)
    const first = run(t, {
      args: ['--port', '0', '--data-dir', dataDir],
      cwd: dataDir,
      env: { TB_DALLE_CONCURRENCY: '1' }
    })
    const url = await first.listening()
    const addresses = Array.from({ length: 40 }, (_, index) => `0x${String(index).padStart(40, '0')}`)
    await Promise.all(
      addresses.map(
        async (address) => await (await fetch(`${url}/dalle/simple/${address}?generate=1`)).arrayBuffer()
      )
    )
    await until(
      async () =>
        existsSync(join(dataDir, 'output/simple/annotated')) &&
        (await readdir(join(dataDir, 'output/simple/annotated'))).length > 2
    )
    first.child.kill('SIGKILL')
    await first.exited
    const pictures = (await readdir(join(dataDir, 'output/simple/annotated'))).filter(
      (name) => name.endsWith('.png') && !name.startsWith('.')
    )
    t.ok(pictures.length > 1 && pictures.length < addresses.length, 'it was killed at work')
    for (const name of pictures) await sharp(join(dataDir, 'output/simple/annotated', name)).stats()
    const leftOver = join(
      dataDir,
      'output/simple/annotated',
      `.${ADDRESS}.png.${first.child.pid}.0123abcd.tmp`
    )
    await writeFile(leftOver, 'half')

    const second = run(t, { args: ['--port', '0', '--data-dir', dataDir], cwd: dataDir })
    const back = await second.listening()
    t.same(
      (await readdir(dataDir, { recursive: true })).filter((name) => name.endsWith('.tmp')),
      []
    )
    for (const address of [...addresses.slice(0, 6), addresses.at(-1)!]) {
      const answer = await fetch(`${back}/dalle/simple/${address}?generate=1`, {
        headers: { prefer: 'wait=60' }
      })
      t.equal(answer.headers.get('content-type'), 'image/png')
      await sharp(await answer.arrayBuffer()).stats()
    }
  }
)

/** A server with a request that stays open, since its reader does not read. */
async function startWithOpenRequest(t: Test) {
  const dataDir = await temporaryFolder(t)
  const server = run(t, { args: ['--port', '0', '--data-dir', dataDir], cwd: dataDir })
  const url = await server.listening()
  await writeFile(join(dataDir, 'output/large.bin'), Buffer.alloc(64 * 2 ** 20))
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () =>
    socket.write('GET /files/large.bin HTTP/1.1\r\nHost: x\r\n\r\n')
  )
  socket.on('error', () => {})
  t.teardown(() => socket.destroy())
  await once(socket, 'readable')
  return server
}

t.test('a second signal ends at once', async (t) => {
  const { child, exited, output } = await startWithOpenRequest(t)
  const signalled = performance.now()
  child.kill('SIGTERM')
  await until(() => /"msg":"stopping"/.test(output.out))
  t.equal(child.exitCode, null, 'the first signal waits for the open request')
  child.kill('SIGTERM')
  await exited
  t.ok(performance.now() - signalled < 9_000)
})

t.test('an open request gets 10 s, then the server ends by itself', async (t) => {
  const { child, exited } = await startWithOpenRequest(t)
  const signalled = performance.now()
  child.kill('SIGTERM')
  t.match(await exited, { code: 0, signal: null })
  t.ok(performance.now() - signalled > 9_900)
})
