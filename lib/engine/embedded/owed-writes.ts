import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'

/** How long a write waits before it is tried again, in milliseconds. */
const RETRY_MS = 1_000

export interface OwedWritesOptions {
  /** Called once for each write that is refused. */
  onDiskError: (error: unknown) => void
  clock?: Pick<Clock, 'startTimer'> | undefined
}

export type OwedWrites = ReturnType<typeof createOwedWrites>

/**
 * Writes that must reach the disk, though nobody waits for them: how a run ended, and what it cost. While the disk
 * refuses them or the data folder is gone, they are tried again. Else the next start would find a run that has ended,
 * and buy its picture again.
 */
export function createOwedWrites({ onDiskError, clock = systemClock }: OwedWritesOptions) {
  const owed = new Map<string, () => Promise<void>>()
  let stopTimer: (() => void) | undefined
  let trying: Promise<void> = Promise.resolve()
  let isClosed = false

  async function tryAll(): Promise<void> {
    for (const [key, work] of owed) {
      const isDone = await work().then(
        () => true,
        () => false
      )
      if (isDone && owed.get(key) === work) owed.delete(key)
    }
  }

  function wait(): void {
    if (isClosed) return
    stopTimer ??= clock.startTimer(RETRY_MS, () => {
      trying = tryAll().then(() => {
        stopTimer = undefined
        if (owed.size > 0) wait()
      })
      trying.catch(onDiskError)
    })
  }

  return {
    /**
     * Writes now, or as soon as the disk takes it. It does not reject.
     * @param key names the write; a newer one takes the place of the one that is owed
     */
    async write(key: string, work: () => Promise<void>): Promise<void> {
      owed.delete(key)
      try {
        await work()
      } catch (error) {
        onDiskError(error)
        owed.set(key, work)
        wait()
      }
    },

    /** Tries what is owed for the last time. */
    async close(): Promise<void> {
      isClosed = true
      stopTimer?.()
      await trying
      await tryAll()
    }
  }
}
