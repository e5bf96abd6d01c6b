import type { Clock } from '../clock.ts'
import { repeatWork } from '../repeat-work.ts'
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
export function createUnusedObjects({ rows, store, clock, onError = () => {} }: UnusedObjectsOptions) {
  let stop = async () => {}

  async function sweep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await rows.sweep(store.remove)) > 0);
  }

  return {
    start(): void {
      stop = repeatWork(sweep, { everyMs: HOUR_MS, onError, clock, isAtOnce: true })
    },

    /** Resolves when nothing is being deleted any more. */
    stop: async () => await stop()
  }
}
