import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { FileRows } from './file-rows.ts'
import type { S3 } from './s3.ts'

const HOUR_MS = 3_600_000

export interface UnusedObjectsOptions {
  rows: Pick<FileRows, 'sweep'>
  store: Pick<S3, 'remove'>
  clock?: Pick<Clock, 'startTimer'>
  onError?: (error: unknown) => void
}

/**
 * Deletes the objects that are no file any more and that nobody can know, each hour. All processes do it, each with
 * other objects.
 */
export function createUnusedObjects({
  rows,
  store,
  clock = systemClock,
  onError = () => {}
}: UnusedObjectsOptions) {
  let stopTimer = () => {}
  let isStopped = false
  let sweeping: Promise<void> = Promise.resolve()

  async function sweep(): Promise<void> {
    const removed = await rows.sweep(store.remove)
    if (removed > 0 && !isStopped) await sweep()
  }

  function next(): void {
    sweeping = sweep()
      .catch(onError)
      .then(() => {
        if (!isStopped) stopTimer = clock.startTimer(HOUR_MS, next)
      })
  }

  return {
    start: next,

    /** Resolves when nothing is being deleted any more. */
    async stop(): Promise<void> {
      isStopped = true
      stopTimer()
      await sweeping
    }
  }
}
