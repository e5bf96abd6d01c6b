import type { EventBus } from '../engine/engine.ts'
import type { Files } from '../storage/files.ts'
import { failedPath } from '../storage/layout.ts'

interface FailedPicturesOptions {
  files: Pick<Files, 'stat' | 'write' | 'remove'>
  events: Pick<EventBus, 'subscribeAll'>
  /** Called when a failure cannot be written or removed. */
  onDiskError: (error: unknown) => void
}

export type FailedPictures = ReturnType<typeof createFailedPictures>

/**
 * The pictures whose last run failed, for as long as they are missing: an empty file `runs/failed/<series>/<address>`
 * each. The engine forgets runs after ten minutes.
 */
export function createFailedPictures({ files, events, onDiskError }: FailedPicturesOptions) {
  async function note(series: string, address: string, failed: boolean): Promise<void> {
    const path = failedPath(series, address)
    if (failed) await files.write(path, '')
    else await files.remove(path)
  }

  events.subscribeAll((run) => {
    if (run?.done !== true) return
    const { series, address } = run.snapshot()
    note(series, address, run.failed).catch(onDiskError)
  })

  return {
    async has(series: string, address: string): Promise<boolean> {
      return (await files.stat(failedPath(series, address))) !== undefined
    }
  }
}
