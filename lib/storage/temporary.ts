import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { FileStat, FolderEntry } from './file-types.ts'

const TEMPORARY = /^\..+\.\d+\.[0-9a-f]{8}\.tmp$/
const HOST_CHARACTERS = 12
/** Longer than a write takes, on the slowest disk and with clocks apart. */
const LEFT_OVER_MS = 3_600_000

/** Names this process among those of other hosts and containers, whose process ids may be the same. */
const ORIGIN = `${hostname()
  .replaceAll(/[^a-zA-Z0-9-]/g, '')
  .slice(0, HOST_CHARACTERS)}-${Date.now().toString(36)}`

/** The name of a new temporary file. It says which file it becomes, and which process of which host writes it. */
export function temporaryName(name: string): string {
  return `.${name}.${ORIGIN}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`
}

/** The name of the temporary file that reserves a name. It is the same in all processes. */
export function reservationName(name: string): string {
  return `.${name}.reserved.0.00000000.tmp`
}

/** Whether a name is that of a temporary file. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name)
}

interface SweepParts {
  list: (folder: string) => Promise<FolderEntry[]>
  stat: (path: string) => Promise<FileStat | undefined>
  remove: (path: string) => Promise<boolean>
  /** Whether this process writes the file now. */
  isOwn: (name: string) => boolean
  /** Other processes work on the folder too, so only what is old is left over. */
  isShared: boolean
  /** The time of the file system's clock, in Unix milliseconds. It may be another one than that of this machine. */
  now: () => Promise<number>
}

/** Returns a function that removes temporary files which are left over in a folder and its subfolders. */
export function createSweep({ list, stat, remove, isOwn, isShared, now }: SweepParts) {
  async function isLeftOver(path: string, { name }: FolderEntry, beforeMs: number): Promise<boolean> {
    if (!isTemporary(name) || isOwn(name)) return false
    return !isShared || ((await stat(path))?.mtimeMs ?? Infinity) < beforeMs
  }

  async function sweep(folder: string, beforeMs: number): Promise<number> {
    let removed = 0
    for (const entry of await list(folder).catch(() => [])) {
      const path = join(folder, entry.name)
      const isRemoved = entry.isFile() && (await isLeftOver(path, entry, beforeMs)) && (await remove(path))
      if (entry.isDirectory()) removed += await sweep(path, beforeMs)
      else if (isRemoved) removed += 1
    }
    return removed
  }

  return async (folder: string): Promise<number> =>
    await sweep(folder, isShared ? (await now()) - LEFT_OVER_MS : 0)
}
