import type { Files } from '../storage/files.ts'
import { failedPath } from '../storage/layout.ts'

export type FailedPictures = ReturnType<typeof createFailedPictures>

/**
 * The pictures whose last run failed, for as long as they are missing: an empty file `runs/failed/<series>/<address>`
 * each. Runs themselves are forgotten after ten minutes.
 */
export function createFailedPictures(files: Pick<Files, 'stat' | 'write' | 'remove'>) {
  return {
    async has(series: string, address: string): Promise<boolean> {
      return (await files.stat(failedPath(series, address))) !== undefined
    },

    async add(series: string, address: string): Promise<void> {
      await files.write(failedPath(series, address), '')
    },

    async remove(series: string, address: string): Promise<void> {
      await files.remove(failedPath(series, address))
    }
  }
}
