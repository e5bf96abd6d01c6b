import type * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import type { Inside } from './inside.ts'
import { MISSING, codeOf } from './system-errors.ts'

type Fs = Pick<typeof nodeFs, 'lstat' | 'readdir' | 'rm' | 'rmdir'>

/** Returns a function that removes what is older than a time from a folder, and folders that are empty since then. */
export function createRemoveOlder(fs: Fs, inside: Inside) {
  /** Another program may have removed the entry already. */
  async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work
    } catch (error) {
      if (MISSING.has(codeOf(error))) return undefined
      throw error
    }
  }

  async function removeFrom(folder: string, beforeMs: number): Promise<{ removed: number; left: number }> {
    const names = (await unlessMissing(fs.readdir(folder))) ?? []
    let removed = 0
    let left = names.length
    for (const name of names) {
      const place = join(folder, name)
      const stat = await unlessMissing(fs.lstat(place))
      if (stat === undefined) continue
      const isOld = stat.mtimeMs < beforeMs
      if (stat.isDirectory()) {
        const inner = await removeFrom(place, beforeMs)
        removed += inner.removed
        if (!isOld || inner.left > 0) continue
        await unlessMissing(fs.rmdir(place))
      } else if (isOld) {
        await unlessMissing(fs.rm(place))
        removed += 1
      } else continue
      left -= 1
    }
    return { removed, left }
  }

  /**
   * A link counts as itself, and is not followed.
   * @returns how many files were removed
   */
  return async function removeOlder(path: string, beforeMs: number): Promise<number> {
    const folder = await unlessMissing(inside.existing(path))
    return folder === undefined ? 0 : (await removeFrom(folder, beforeMs)).removed
  }
}
