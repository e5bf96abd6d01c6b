import * as nodeFs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { errors, isServiceError } from '../../../lib/errors.ts'
import type { ServiceError } from '../../../lib/errors.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import type { FilesOptions } from '../../../lib/storage/files.ts'

/** The paths of all files in a folder and its subfolders, dot files included, relative to the folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await nodeFs.readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

export async function put(root: string, path: string, content: string | Uint8Array = 'x'): Promise<string> {
  await nodeFs.mkdir(dirname(join(root, path)), { recursive: true })
  await nodeFs.writeFile(join(root, path), content)
  return join(root, path)
}

/** The FILE_SYSTEM_ERROR with which the operation ends. */
export async function failureOf(t: Test, operation: Promise<unknown>): Promise<ServiceError> {
  const error = await operation.then(
    () => undefined,
    (error: unknown) => error
  )
  if (!isServiceError(error)) {
    t.fail('a service error was expected', { error })
    return errors.internal(error)
  }
  t.equal(`${error.code} ${error.statusCode}`, 'FILE_SYSTEM_ERROR 500')
  return error
}

/** An error as the system writes it, with a path. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected by the test, open '/secret/place'`), {
    code,
    errno: -1,
    syscall: 'open',
    path: '/secret/place'
  })
}

export type Fs = NonNullable<FilesOptions['fs']>

/** The real file system with one function that fails the first `times` times. */
export function failing(
  name: 'rename' | 'open' | 'readFile' | 'rm' | 'stat' | 'readdir' | 'statfs' | 'mkdir',
  code: string,
  times = Infinity
) {
  const real = nodeFs[name] as (...args: unknown[]) => Promise<unknown>
  const state = { calls: 0 }
  const fake = async (...args: unknown[]) => {
    state.calls += 1
    if (state.calls <= times) throw systemError(code)
    return await real(...args)
  }
  return { fs: { ...nodeFs, [name]: fake } as Fs, state }
}

/** Files that count their retries and the results of their operations. They retry at once. */
export function counted(root: string, fs?: Fs) {
  const seen = { retries: 0, operations: [] as boolean[] }
  const files = createFiles({
    root,
    firstWaitMs: 0,
    onRetry: () => {
      seen.retries += 1
    },
    onOperation: (_kind, ok) => seen.operations.push(ok),
    ...(fs && { fs })
  })
  return { files, seen }
}
