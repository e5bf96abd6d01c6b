import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import type { Test } from 'tap'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { temporaryFolder, until } from '../helper.ts'
import { serving, startServer } from '../server/process.ts'
import { checkConversation } from './check-answers.ts'
import { connectionRuns } from './cases.ts'
import { conversation } from './requests.ts'

const STRACE = '/usr/bin/strace'
/** System calls that open, make, move or remove a file. */
const CALLS =
  'open,openat,creat,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,link,linkat,symlink,symlinkat'
const PATHS = /"((?:[^"\\\\]|\\\\.)*)"/g
/** What Node, libvips and the service itself read while they run: modules, assets, the state of the process. */
const READ_ANYWAY = [/^\/(?:proc|sys)\//, /^\/etc\/(?:localtime|ld\.so\.cache)$/, /^(?:\/usr)?\/lib\/.*\.so/]

/** Folders with modules and assets of the service. */
const OWN_FOLDERS = ['node_modules', 'dist', 'lib', 'plugins', 'routes'].map(
  (name) => `${PACKAGE_ROOT}/${name}/`
)

const isReadAnyway = (path: string) =>
  READ_ANYWAY.some((known) => known.test(path)) || OWN_FOLDERS.some((own) => path.startsWith(own))

/** Writes the system calls of a process to a file; resolves to why it cannot, or to a function that ends it. */
async function trace(t: Test, pid: number, file: string): Promise<string | (() => Promise<void>)> {
  const strace = spawn(STRACE, ['-f', '-s', '4096', '-e', `trace=${CALLS}`, '-o', file, '-p', String(pid)])
  t.teardown(() => strace.kill('SIGKILL'))
  let said = ''
  strace.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await until(() => said.includes('attached') || strace.exitCode !== null)
  if (strace.exitCode !== null) return said.trim()
  return async () => {
    const ended = once(strace, 'close')
    strace.kill('SIGINT')
    await ended
  }
}

/** The paths outside the folder that a process opened or changed. */
function outside(lines: string[], folder: string): string[] {
  return lines.flatMap((line) => {
    const isRead = /\bopen(?:at)?\(/.test(line) && line.includes('O_RDONLY')
    return [...line.matchAll(PATHS)]
      .map(([, path]) => resolve('/', path!))
      .filter((path) => path !== folder && !path.startsWith(`${folder}/`))
      .filter((path) => !(isRead && isReadAnyway(path)))
  })
}

t.test(
  'no request makes the server open a file outside its data folder',
  { skip: !existsSync(STRACE) && 'needs the program strace' },
  async (t) => {
    const folder = join(await temporaryFolder(t), 'data')
    const server = startServer(t, {
      args: serving(folder),
      env: { LOG_LEVEL: 'info', TB_DALLE_FAILURE_HOLD: '1h' }
    })
    const url = await server.listening()
    const file = join(folder, '..', 'calls')
    const stop = await trace(t, server.child.pid!, file)
    if (typeof stop === 'string') return t.plan(0, `strace cannot trace here: ${stop}`)
    const target = { port: Number(new URL(url).port), hidden: [folder, PACKAGE_ROOT] }
    // Every answer is checked in routes.test.ts; here only the paths count.
    const property = fc.asyncProperty(conversation, async (requests) => {
      await checkConversation(target, requests)
    })
    const { numRuns, seed } = connectionRuns(10)
    await fc.assert(property, { numRuns, seed: seed + 1 })
    await stop()
    const lines = (await readFile(file, 'utf8')).split('\n')
    t.ok(
      lines.some((line) => line.includes(folder)),
      'the trace has what the server opened in its folder'
    )
    t.same([...new Set(outside(lines, folder))], [])
  }
)
