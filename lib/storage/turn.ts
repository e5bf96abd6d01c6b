import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { FolderLock } from './folder-lock.ts'

/** How often the lock is tried while another process has it, in milliseconds. */
const TRY_INTERVAL_MS = 200

export interface TurnOptions {
  lock: Pick<FolderLock, 'tryAcquire'>
  /** Called once when this process has the lock. */
  onTurn: () => Promise<void>
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
    while (!(await lock.tryAcquire().catch(report))) await clock.sleep(TRY_INTERVAL_MS, stopping.signal)
    await onTurn()
  }

  const waiting = wait().catch((error: unknown) => {
    if (!stopping.signal.aborted) onError(error)
  })
  return async () => {
    stopping.abort()
    await waiting
  }
}
