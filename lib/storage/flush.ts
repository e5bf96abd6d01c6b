import type * as nodeFs from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { NO_FLUSH, codeOf } from './system-errors.ts'

/** Flushes files and folders. On a file system that cannot flush, it warns once and goes on. */
export function createFlush(fs: Pick<typeof nodeFs, 'open'>, onWarning: (message: string) => void) {
  let isWarned = false

  async function flushFile(handle: FileHandle): Promise<void> {
    try {
      await handle.sync()
    } catch (error) {
      const code = codeOf(error)
      if (!NO_FLUSH.has(code)) throw error
      if (isWarned) return
      isWarned = true
      onWarning(`The file system cannot flush files (${code}): a power failure may lose the newest ones`)
    }
  }

  /** Flushes a folder, so that a rename in it survives a power failure. Systems that cannot do this are ignored. */
  async function flushFolder(folder: string): Promise<void> {
    const handle = await fs.open(folder, 'r').catch(() => undefined)
    if (handle === undefined) return
    await flushFile(handle).catch(() => {})
    await handle.close()
  }

  return { flushFile, flushFolder }
}
