import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The compiled server, also when the tests run from source. */
const SERVER = join(
  import.meta.dirname,
  extname(import.meta.filename) === '.js' ? '../../bundle/server.js' : '../../dist/bundle/server.js'
)
/** Bounds a hang. */
const LIMIT_MS = 180_000
/** A log that is longer is cut at its begin. */
const LOG_CHARACTERS = 2_000_000

export interface ServerOptions {
  dataDir: string
  env?: Record<string, string>
  args?: readonly string[]
  /** A program that starts the server as its child, with its arguments. */
  under?: readonly string[]
}

export type Server = Awaited<ReturnType<typeof startServer>>

/** Starts the server in a process of its own. Resolves when it listens. */
export async function startServer(options: ServerOptions) {
  const server = spawnServer(options)
  const url = await server.listening()
  return Object.assign(server, { url })
}

/** Starts the server and does not wait for anything. */
export function spawnServer({ dataDir, env = {}, args = [], under = [] }: ServerOptions) {
  const command = [...under, process.execPath, SERVER, '--port', '0', '--data-dir', dataDir, ...args]
  const child = spawn(command[0]!, command.slice(1), {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env },
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let log = ''
  const collect = (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-LOG_CHARACTERS)
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  let hasEnded = false
  const exited = once(child, 'close').then(([code, signal]) => {
    hasEnded = true
    return { code: code as number | null, signal: signal as string | null }
  })

  /** Waits for a text in the output. Undefined when the process ends first. */
  async function printed(pattern: RegExp): Promise<RegExpExecArray | undefined> {
    const limit = Date.now() + LIMIT_MS
    for (;;) {
      const match = pattern.exec(log)
      if (match !== null) return match
      if (hasEnded) return undefined
      if (Date.now() > limit) throw new Error(`The server has not printed ${pattern}: ${log.slice(-2_000)}`)
      await Promise.race([sleep(10), exited])
    }
  }

  /** The process of the server, as this process sees it; `under` has it as its only descendant. */
  function pid(): number {
    let found = child.pid!
    for (let level = 0; under.length > 0 && level < 3; level += 1) {
      const below = childOf(found)
      if (below === undefined) break
      found = below
    }
    return found
  }

  return {
    exited,
    printed,
    pid,
    get log(): string {
      return log
    },
    get hasEnded(): boolean {
      return hasEnded
    },
    async listening(): Promise<string> {
      const match = await printed(/listens at (http:\/\/[\w.:]+)/)
      if (match === undefined) throw new Error(`The server has ended at its start: ${log.slice(-2_000)}`)
      return match[1]!
    },
    /** Sends a signal and waits for the end of the process. */
    async end(signal: NodeJS.Signals = 'SIGKILL') {
      if (!hasEnded) {
        try {
          process.kill(pid(), signal)
        } catch {
          // It has just ended.
        }
      }
      const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
      const end = await exited
      clearTimeout(timer)
      return end
    }
  }
}

function childOf(pid: number): number | undefined {
  const file = `/proc/${pid}/task/${pid}/children`
  if (!existsSync(file)) return undefined
  return Number(readFileSync(file, 'utf8').trim().split(' ')[0]) || undefined
}

/** Waits until something is true; fails after a time that no machine needs. */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  limitMs = LIMIT_MS
): Promise<void> {
  const limit = Date.now() + limitMs
  while (!(await isTrue())) {
    if (Date.now() > limit) throw new Error(`This has not come: ${what}`)
    await sleep(20)
  }
}
