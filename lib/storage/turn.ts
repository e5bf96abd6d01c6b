import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { FolderLock } from './folder-lock.ts'

/** How often the lock is tried while another process has it, in milliseconds. */
const TRY_INTERVAL_MS = 200
/** How long after a turn that was given up the lock is tried again, in milliseconds. */
const RETRY_INTERVAL_MS = 10_000

export interface TurnOptions {
  lock: Pick<FolderLock, 'tryAcquire'>
  /**
   * Called when this process has the lock. If it resolves with false, it has given the lock back: the lock is tried
   * again later. Otherwise it is not called again.
   */
  onTurn: () => Promise<boolean>
  /** Called when the lock cannot be tried or `onTurn` fails. After an error of the lock it is tried again. */
  onError: (error: unknown) => void
  clock?: Pick<Clock, 'sleep'>
}

/** Waits until another process gives the data folder free. The result ends the wait. */
export function waitForTurn({
  lock,
  onTurn,
  onError,
  clock = systemClock
}: TurnOptions): () => Promise<void> {
  const stopping = new AbortController()
  let reported = ''

  /** An error that lasts is reported once, and not at each try. */
  function report(error: Error): void {
    if (error.message === reported) return
    reported = error.message
    onError(error)
  }

  async function wait(): Promise<void> {
    for (;;) {
      while (!(await lock.tryAcquire().catch(report))) await clock.sleep(TRY_INTERVAL_MS, stopping.signal)
      if (await onTurn()) return
      await clock.sleep(RETRY_INTERVAL_MS, stopping.signal)
    }
  }

  const waiting = wait().catch((error: unknown) => {
    if (!stopping.signal.aborted) onError(error)
  })
  return async () => {
    stopping.abort()
    await waiting
  }
}
