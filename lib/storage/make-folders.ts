import type * as nodeFs from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from './system-errors.ts'

/**
 * Creates a folder and the folders above it that are missing. The option `recursive` of Node's `mkdir` does the same,
 * but it never ends where the system accepts no new entries, such as in /proc.
 * @param mode of the last folder, if it is made; the system's default if absent
 * @throws the system's error, such as EEXIST or ENOTDIR where a file is in the way
 */
export async function makeFolders(
  fs: Pick<typeof nodeFs, 'mkdir' | 'stat'>,
  path: string,
  mode?: number
): Promise<void> {
  try {
    await fs.mkdir(path, mode)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      if ((await fs.stat(path)).isDirectory()) return
      throw error
    }
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolders(fs, dirname(path))
    await fs.mkdir(path, mode).catch(async (again: unknown) => {
      // Another call may have made the folder meanwhile.
      if (codeOf(again) !== 'EEXIST' || !(await fs.stat(path)).isDirectory()) throw again
    })
  }
}
