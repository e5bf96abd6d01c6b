import { randomBytes } from 'node:crypto'
import type * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import { errors } from '../errors.ts'
import type { Inside } from './inside.ts'
import { codeOf } from './system-errors.ts'

export interface DiskSpace {
  totalBytes: number
  /** What a process without privileges can still write. */
  freeBytes: number
  /** Used share in percent, as `df` counts it. */
  usedPercent: number
}

interface FolderChecksParts {
  root: string
  fs: Pick<typeof nodeFs, 'opendir' | 'readFile' | 'rm' | 'statfs'>
  inside: Inside
  /** Runs an operation and retries transient errors. */
  perform: <T>(kind: 'disk_space' | 'list' | 'write_check', operation: () => Promise<T>) => Promise<T>
  /** Writes a temporary file beside a path, passes it on and removes it. */
  withTemporary: <T>(
    target: string,
    content: Uint8Array,
    work: (temporary: string) => Promise<T>
  ) => Promise<T>
}

/** Whether folders of the data folder can be read and written, and how much space there is. */
export function createFolderChecks({ root, fs, inside, perform, withTemporary }: FolderChecksParts) {
  return {
    /** The space of the disk that holds the data folder. */
    async diskSpace(): Promise<DiskSpace> {
      const { bsize, blocks, bfree, bavail } = await perform('disk_space', () => fs.statfs(root))
      const used = blocks - bfree
      return {
        totalBytes: blocks * bsize,
        freeBytes: bavail * bsize,
        usedPercent: used + bavail === 0 ? 0 : (used / (used + bavail)) * 100
      }
    },

    /**
     * Lists the first entries of a folder. A folder that does not exist is no error.
     * @throws FILE_SYSTEM_ERROR if a step fails
     */
    async checkReadAccess(path: string): Promise<void> {
      await perform('list', async () => {
        const folder = await fs.opendir(await inside.place(path)).catch((error: unknown) => {
          if (codeOf(error) !== 'ENOENT') throw error
        })
        try {
          await folder?.read()
        } finally {
          await folder?.close()
        }
      })
    },

    /**
     * Writes a small file into a folder of the data folder, flushes it, reads it back and removes it. Creates the
     * folder.
     * @throws FILE_SYSTEM_ERROR if a step fails
     */
    async checkWriteAccess(folder = '.'): Promise<void> {
      const isSame = await perform('write_check', async () => {
        const probe = randomBytes(16)
        const target = await inside.place(join(folder, 'write-check'))
        return await withTemporary(target, probe, async (path) => {
          const read = await fs.readFile(path)
          await fs.rm(path)
          return probe.equals(read)
        })
      })
      if (!isSame) throw errors.fileSystem('The data folder does not return what was written to it')
    }
  }
}
