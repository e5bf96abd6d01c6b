import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../../lib/package.ts'
import { cpuMs } from '../measure.ts'
import type { Bench } from '../part.ts'

const SERVER = join(PACKAGE_ROOT, 'dist/test/bench/servers/bare-server.js')

/** Starts a bare Fastify server that sends files from memory, by their paths. */
export async function startBare(bench: Bench, files: Record<string, { file: string; type: string }> = {}) {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [SERVER, JSON.stringify(files)], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const exited = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGKILL')
    await exited
  }
  bench.teardown(stop)
  const printed = once(child.stdout, 'data').then(([chunk]) => String(chunk).trim())
  const url = await Promise.race([
    printed,
    exited.then(() => {
      throw new Error('The bare server has ended')
    })
  ])
  const listenMs = performance.now() - startedAt
  return { url, pid: child.pid!, listenMs, listenCpuMs: await cpuMs(child.pid!), stop }
}
