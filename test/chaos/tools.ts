import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

export const run = promisify(execFile)

/** Why a program cannot be used here; undefined when it can. */
export function missingProgram(name: string): string | undefined {
  return spawnSync(name, ['--version']).error === undefined ? undefined : `needs the program ${name}`
}

/** Why nothing can be mounted here; undefined when it can. */
export async function noMount(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'needs root to mount'
  const folder = await makeFolder()
  try {
    await run('mount', ['-t', 'tmpfs', 'tmpfs', folder])
    await run('umount', [folder])
    return undefined
  } catch {
    return 'needs the right to mount'
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Why no process namespace can be made here; undefined when it can. */
export async function noNamespace(): Promise<string | undefined> {
  const made = await run('unshare', ['--fork', '--pid', '--mount-proc', 'true']).catch(() => undefined)
  return made === undefined ? 'needs unshare and the right to make a process namespace' : undefined
}

export async function makeFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'dalle-chaos-'))
}

/** A small disk in memory. */
export async function mountDisk(
  megabytes: number
): Promise<{ folder: string; unmount: () => Promise<void> }> {
  const folder = await makeFolder()
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  return {
    folder,
    async unmount() {
      await run('umount', ['-R', '-l', folder])
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/** Lets each system call of a kind fail in a running process, for a while. */
export async function injectFor(pid: number, call: string, error: string, ms: number): Promise<void> {
  const inject = `inject=${call}:error=${error}`
  const args = ['-f', '-qq', '-o', '/dev/null', '-p', String(pid), '-e', `trace=${call}`, '-e', inject]
  const tracer = spawn('strace', args, { stdio: 'ignore' })
  const ended = once(tracer, 'close')
  await sleep(ms)
  // strace lets the process go when it is asked to end.
  tracer.kill('SIGINT')
  await ended
}
