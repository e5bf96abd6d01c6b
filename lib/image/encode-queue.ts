import { availableParallelism } from 'node:os'
import PQueue from 'p-queue'

// An encode keeps one of libuv's four threads; two stay free, so that pictures are served while others are made.
const PLACES = Math.min(2, availableParallelism())

export type EncodeQueue = ReturnType<typeof createEncodeQueue>

/** Where pixels are worked on: few at a time, whoever asks. */
export function createEncodeQueue() {
  const queue = new PQueue({ concurrency: PLACES })
  return {
    /**
     * Runs the work when there is a place; rejects with the signal's reason when that came before.
     * @param isUrgent whether it goes before work that is not; what makes a picture does, what shows one smaller can wait
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
