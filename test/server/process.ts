import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Test } from 'tap'

/** `.js` when the tests are built, `.ts` when they run from source. */
const EXTENSION = extname(import.meta.filename)
/** The bundle, or server.ts with the loader of this process. The loaders of tap stay out of the bundle. */
const SERVER = [
  process.execPath,
  ...(EXTENSION === '.ts' ? process.execArgv : []),
  join(import.meta.dirname, EXTENSION === '.ts' ? '../../server.ts' : '../../bundle/server.js')
]
/** Bounds a hang. An idle machine needs about a second for the slowest of these waits. */
const LIMIT_MS = 120_000
const TERMINAL = '/usr/bin/script'

export interface ServerOptions {
  args?: string[]
  env?: Record<string, string>
  cwd?: string
  /** How many files and sockets the process may have open. */
  descriptors?: number
  /** The user of the process; only root may choose one. */
  uid?: number
}

export type ServerProcess = ReturnType<typeof watch>

/** Starts the real server in a process with an environment of its own. */
export function startServer(
  t: Test,
  { args = [], env = {}, cwd, descriptors, uid }: ServerOptions = {}
): ServerProcess {
  const limit =
    descriptors === undefined ? [] : ['sh', '-c', 'ulimit -n "$0"; exec "$@"', String(descriptors)]
  // The test runner adds a module to Node, which writes where another user may not.
  const plain = uid === undefined ? [] : ['env', '--unset=NODE_OPTIONS']
  const [program, ...programArgs] = [...limit, ...plain, ...SERVER, ...args] as [string, ...string[]]
  const user = uid === undefined ? {} : { uid, gid: uid }
  return watch(t, spawn(program, programArgs, { cwd, ...user, env: { PATH: process.env.PATH, ...env } }))
}

/** The same in a shell that waits for the server, as npm starts it. */
export function startServerInShell(t: Test, { args = [], env = {} }: ServerOptions = {}): ServerProcess {
  const command = `${[...SERVER, ...args].join(' ')}; true`
  const shell = spawn('/bin/sh', ['-c', command], { env: { PATH: process.env.PATH, ...env }, detached: true })
  const server = watch(t, shell)
  // A server that outlives its shell is in the same group.
  t.teardown(() => killGroup(shell.pid!))
  return server
}

/** The same in a terminal. Both output streams arrive in `out`. */
export function startServerInTerminal(
  t: Test,
  { args = [], env = {}, cwd }: ServerOptions = {}
): ServerProcess {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  const command = ['exec', 'env', ...variables, ...SERVER, ...args].join(' ')
  const terminal = watch(t, spawn(TERMINAL, ['-qec', command, '/dev/null'], { cwd }))
  // A server whose terminal is killed still stops for a while, and writes into its data folder. So it is killed first.
  t.teardown(async () => {
    const pid = processInTerminal(terminal)
    if (pid === undefined) return
    process.kill(pid, 'SIGKILL')
    await terminal.exited
  })
  return terminal
}

/** Kills what is left of the group of a process. A process that a signal has ended has no exit code, and no group. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** The process id of the server in a terminal; undefined when the terminal or the server has ended. */
export function processInTerminal({ child }: ServerProcess): number | undefined {
  try {
    return Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim()) || undefined
  } catch {
    return undefined
  }
}

/** Why this machine cannot start the server in a terminal; else false. */
export function noTerminal(): string | false {
  return !existsSync(TERMINAL) && 'needs the program script (util-linux) for a terminal'
}

/** The arguments that give a server a free port and this data folder. */
export function serving(dataDir: string): string[] {
  return ['--port', '0', '--data-dir', dataDir]
}

function watch(t: Test, child: ChildProcessWithoutNullStreams) {
  const output = { out: '', err: '' }
  const collect = (name: 'out' | 'err') => (chunk: Buffer) => {
    output[name] += chunk.toString()
  }
  child.stdout.on('data', collect('out'))
  child.stderr.on('data', collect('err'))
  const ended = new AbortController()
  child.once('close', () => ended.abort())
  const exited = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string | null,
    ...output
  }))
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })

  /** Waits until the output matches; fails when the process ends first. */
  async function printed(pattern: RegExp): Promise<RegExpExecArray> {
    const limit = AbortSignal.timeout(LIMIT_MS)
    const signal = AbortSignal.any([limit, ended.signal])
    for (;;) {
      const match = pattern.exec(stripVTControlCharacters(output.out))
      if (match !== null) return match
      await once(child.stdout, 'data', { signal }).catch(() => {
        const why = limit.aborted ? `after ${LIMIT_MS / 1000} s` : 'before it ended'
        throw new Error(`The server has not printed ${pattern} ${why}: ${output.out}${output.err}`)
      })
    }
  }

  return {
    child,
    output,
    exited,
    printed,
    /** The URL of the server, once it listens. */
    listening: async () => (await printed(/listens at (http:\/\/[\w.:]+)/))[1]!
  }
}
