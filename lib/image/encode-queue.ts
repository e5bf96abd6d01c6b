import { availableParallelism } from 'node:os'
import PQueue from 'p-queue'

// An encode occupies one of libuv's four threads. Two stay free, so that files are sent while pictures are encoded.
const CONCURRENCY = Math.min(2, availableParallelism())

export type EncodeQueue = ReturnType<typeof createEncodeQueue>

/** The queue of all work on pixels. It limits how many pictures are encoded at the same time. */
export function createEncodeQueue() {
  const queue = new PQueue({ concurrency: CONCURRENCY })
  return {
    /**
     * Runs the task when its turn comes. Rejects with the signal's reason if the signal aborts before that.
     * @param isUrgent whether the task goes before tasks that are not urgent: new pictures do, smaller copies can wait
     */
    async run<T>(task: () => Promise<T>, signal?: AbortSignal, isUrgent = true): Promise<T> {
      return await queue.add(
        async () => {
          signal?.throwIfAborted()
          return await task()
        },
        { priority: isUrgent ? 1 : 0 }
      )
    }
  }
}
