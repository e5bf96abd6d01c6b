import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { ADDRESS, askForRun, json, temporaryFolder, until } from '../helper.ts'
import { noTerminal, processInTerminal, serving, startServer } from './process.ts'
import { startServerInShell, startServerInTerminal } from './process.ts'

/** Longer than any run takes on a busy machine; the answer comes as soon as the picture exists. */
const WAIT = { headers: { prefer: 'wait=60' } }

t.test('a signal lets the run finish; the next server serves its picture', async (t) => {
  const dataDir = await temporaryFolder(t)
  const first = startServer(t, { args: serving(dataDir), cwd: dataDir, env: { LOG_LEVEL: 'debug' } })
  const url = await first.listening()
  const waiting = askForRun(`${url}/dalle/simple/${ADDRESS}?generate=1`, WAIT)
  await first.printed(/"phase":"setup"/)
  first.child.kill('SIGINT')
  const response = await waiting
  t.equal(response.headers.get('content-type'), 'image/png', 'the open request gets its picture')
  await sharp(await response.arrayBuffer()).stats()
  t.match(await first.exited, { code: 0, signal: null })
  t.match(JSON.parse(await readFile(join(dataDir, 'metrics/progress_phase_stats.json'), 'utf8')), {
    version: 'v1',
    generationRuns: 1,
    phaseAverages: { annotate: { count: 1 } }
  })

  const second = startServer(t, { args: serving(dataDir), cwd: dataDir })
  const secondUrl = await second.listening()
  const cached = await fetch(`${secondUrl}/dalle/simple/${ADDRESS}?generate=1`)
  t.equal(cached.headers.get('x-dalle-run'), 'cached')
  const { phaseAverages } = (await json(cached)).data
  t.ok(phaseAverages.annotate > 0, 'the averages are read from the file')

  // A client that does not read its response keeps a request open.
  await writeFile(join(dataDir, 'output/large.bin'), Buffer.alloc(64 * 2 ** 20))
  const socket = connect(Number(new URL(secondUrl).port), '127.0.0.1', () =>
    socket.write('GET /files/large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n')
  )
  socket.on('error', () => {})
  t.teardown(() => socket.destroy())
  await once(socket, 'readable')
  second.child.kill('SIGTERM')
  await second.printed(/"msg":"stopping"/)
  t.equal(second.child.exitCode, null, 'the first signal waits for the open request')
  second.child.kill('SIGTERM')
  t.match(await second.exited, { code: 1 }, 'the second signal does not')
})

t.test('a killed server leaves no partial picture; the next one goes on with its runs', async (t) => {
  const dataDir = await temporaryFolder(t)
  const annotated = join(dataDir, 'output/simple/annotated')
  const first = startServer(t, {
    args: serving(dataDir),
    cwd: dataDir,
    env: { TB_DALLE_CONCURRENCY: '1' }
  })
  const url = await first.listening()
  const addresses = Array.from({ length: 40 }, (_, index) => `0x${String(index).padStart(40, '0')}`)
  for (const address of addresses) {
    await (await askForRun(`${url}/dalle/simple/${address}?generate=1`)).arrayBuffer()
  }
  const third = await fetch(`${url}/dalle/simple/${addresses[2]}`, WAIT)
  t.equal(third.headers.get('content-type'), 'image/png')
  await third.arrayBuffer()
  first.child.kill('SIGKILL')
  await first.exited
  const pictures = (await readdir(annotated)).filter((name) => /^0x.*\.png$/.test(name))
  t.ok(pictures.length > 2 && pictures.length < addresses.length, 'it was killed while it drew')
  for (const name of pictures) await sharp(join(annotated, name)).stats()
  await writeFile(join(annotated, `.${ADDRESS}.png.${first.child.pid}.0123abcd.tmp`), 'half')

  const second = startServer(t, { args: serving(dataDir), cwd: dataDir })
  const secondUrl = await second.listening()
  const old = new RegExp(`\\.${first.child.pid}\\.[0-9a-f]{8}\\.tmp$`)
  const leftOver = (await readdir(dataDir, { recursive: true })).filter((name) => old.test(name))
  t.same(leftOver, [], 'temporary files are removed at the start')
  for (const index of [0, pictures.length, addresses.length - 1]) {
    const response = await fetch(`${secondUrl}/dalle/simple/${addresses[index]}?generate=1`, WAIT)
    t.equal(response.headers.get('content-type'), 'image/png')
    t.match(
      response.headers.get('x-dalle-run'),
      index === 0 ? 'cached' : /joined|cached/,
      'no run starts anew'
    )
    await sharp(await response.arrayBuffer()).stats()
  }
})

t.test('a server of npm ends with the shell that npm ends, and one of another shell goes on', async (t) => {
  const start = async (env: Record<string, string>) =>
    startServerInShell(t, { args: serving(await temporaryFolder(t)), env })
  const [ofNpm, other] = [await start({ npm_command: 'start' }), await start({})]
  const [, url] = [await ofNpm.listening(), await other.listening()]
  for (const { child } of [other, ofNpm]) child.kill('SIGTERM')
  await ofNpm.printed(/"signal":"SIGTERM","runsLeft":0,"msg":"stopped"/)
  t.equal((await fetch(`${url}/healthz`)).status, 200)
})

t.test('a server ends when its terminal is gone', { skip: noTerminal() }, async (t) => {
  const terminal = startServerInTerminal(t, { args: serving(await temporaryFolder(t)) })
  await terminal.listening()
  const pid = processInTerminal(terminal)!
  t.ok(isRunning(pid))
  terminal.child.kill('SIGKILL')
  await until(() => !isRunning(pid))
  t.notOk(existsSync(`/proc/${pid}/exe`), 'the process is gone')
})

/** Whether a process exists and is not a zombie. */
function isRunning(pid: number): boolean {
  try {
    return /^State:\s+[^ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
