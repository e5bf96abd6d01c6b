import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { Test } from 'tap'
import { ADDRESS, askForRun, json, temporaryFolder, until } from '../helper.ts'
import { startHoldingProvider } from './holding-provider.ts'
import { serving, startServer } from './process.ts'
import type { ServerProcess } from './process.ts'

const STRACE = '/usr/bin/strace'
/** The folders of another series, so that no fresh check answers for them. */
const OTHER = `/dalle/archetypes/${ADDRESS}`

/** Operations at the end of each write. Those that the log uses are not among them. */
const HELD = '?rename,?renameat,?renameat2,?unlink,?unlinkat'
const HOUR_US = 3_600_000_000

/**
 * From now on no file of the process is renamed or removed: the disk answers after an hour. Resolves with a function
 * that ends the tracer, or with the reason why this machine cannot do it.
 */
async function hangDisk(t: Test, { child }: ServerProcess): Promise<(() => void) | string> {
  const args = ['-f', '-e', `trace=${HELD}`, '-e', `inject=${HELD}:delay_enter=${HOUR_US}`]
  const strace = spawn(STRACE, [...args, '-p', String(child.pid)])
  const stop = () => strace.kill('SIGKILL')
  t.teardown(stop)
  let text = ''
  strace.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  await until(() => text.includes('attached') || strace.exitCode !== null)
  return text.includes('attached') ? stop : text
}

/** Whether a process has begun to end. Its tracer still keeps the threads that it delays. */
function isEnding({ child }: ServerProcess): boolean {
  try {
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8'))
  } catch {
    return true
  }
}

t.test(
  'a server whose disk hangs is answered for, and ends after a signal',
  { skip: !existsSync(STRACE) && 'needs the program strace' },
  async (t) => {
    const dataDir = await temporaryFolder(t)
    const { env, deliver } = await startHoldingProvider(t)
    const server = startServer(t, { args: serving(dataDir), cwd: dataDir, env })
    const url = await server.listening()
    await (await askForRun(`${url}/dalle/simple/${ADDRESS}?generate=1`)).arrayBuffer()
    await server.printed(/"phase":"image_wait"/)
    const stopTracer = await hangDisk(t, server)
    if (typeof stopTracer === 'string') return t.plan(0, `strace cannot trace here: ${stopTracer}`)
    deliver()

    const refused = await fetch(`${url}${OTHER}?generate=1`)
    t.equal(refused.status, 503)
    t.equal((await json(refused)).error.message, 'The file system does not answer')
    const health = await fetch(`${url}/health`)
    t.equal(health.status, 503)
    t.match((await json(health)).data.components.filesystem, {
      status: 'unhealthy',
      message: 'The file system does not answer'
    })

    server.child.kill('SIGTERM')
    await until(() => isEnding(server))
    stopTracer()
    const { signal, out } = await server.exited
    t.equal(signal, 'SIGKILL')
    t.match(out, /"msg":"file operations have not ended: the process is killed"/)
  }
)
