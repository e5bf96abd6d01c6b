import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, closeSync } from 'node:fs'
import { readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PACKAGE_ROOT } from '../../../lib/package.ts'
import { cpuMs } from '../measure.ts'
import type { Bench } from '../part.ts'
import { freePort, waitForPort } from './ports.ts'

const SERVER = join(PACKAGE_ROOT, 'dist/bundle/server.js')
const LOOK_MS = 5
/** Bounds a hang. */
const LIMIT_MS = 120_000

/** One client, this benchmark, may have as much as it wants. */
const NO_LIMITS = {
  TB_DALLE_CLIENT_RUNS: '0',
  TB_DALLE_CLIENT_CONNECTIONS: '0',
  TB_DALLE_CLIENT_STREAMS: '0',
  TB_DALLE_CLIENT_WAITERS: '0'
}

export interface ServiceOptions {
  dataDir: string
  env?: Record<string, string>
}

export type Service = Awaited<ReturnType<typeof startService>>

/**
 * Starts the compiled server as users run it: in a process of its own, with its log in a file. Ends it with the part.
 */
export async function startService(bench: Bench, { dataDir, env = {} }: ServiceOptions) {
  const log = join(await bench.createFolder(), 'log')
  // Opened for appending, so that the file can be emptied while the server writes.
  const descriptor = openSync(log, 'a')
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn(process.execPath, [SERVER, '--port', String(port), '--data-dir', dataDir], {
    env: { PATH: process.env.PATH, ...NO_LIMITS, ...env },
    stdio: ['ignore', descriptor, 'inherit']
  })
  closeSync(descriptor)
  const exited = once(child, 'exit')
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null

  async function stop(): Promise<void> {
    if (!hasEnded()) child.kill('SIGKILL')
    await exited
  }
  bench.teardown(stop)

  /** Waits for a text in the log. */
  async function printed(pattern: RegExp): Promise<void> {
    for (const limit = performance.now() + LIMIT_MS; performance.now() < limit; await sleep(LOOK_MS)) {
      if (pattern.test(await readFile(log, 'utf8'))) return
      if (hasEnded()) throw new Error('The server has ended')
    }
    throw new Error(`The server has not logged ${pattern}`)
  }

  await waitForPort(port, hasEnded)
  const listenMs = performance.now() - startedAt
  const [url, pid] = [`http://127.0.0.1:${port}`, child.pid!]
  return {
    url,
    pid,
    /** Milliseconds from the start of the process until it listens. */
    listenMs,
    /** CPU time until it listens, in milliseconds. */
    listenCpuMs: await cpuMs(pid),
    printed,
    stop,
    emptyLog: async () => await truncate(log),
    get: async (path: string) => await (await fetch(`${url}${path}`)).text()
  }
}
