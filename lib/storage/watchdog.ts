import * as nodeFs from 'node:fs/promises'
import type { Clock } from '../clock.ts'

const INTERVAL_MS = 5_000
/** Longer than a busy disk takes. The server is restarted after it. */
const LIMIT_MS = 30_000

export interface WatchdogOptions {
  /** The data folder, absolute. */
  root: string
  /** Called when the file system has been silent for too long, and when it answers again. */
  onChange?: (isSilent: boolean) => void
  /** Milliseconds between an answer and the next question. */
  intervalMs?: number
  /** Milliseconds without an answer after which the file system counts as silent. */
  limitMs?: number
  /** The default does not keep the process alive. */
  startTimer?: Clock['startTimer']
  fs?: { stat: (path: string) => Promise<unknown> }
}

export type Watchdog = ReturnType<typeof createWatchdog>

/**
 * Asks the file system for the data folder every few seconds. A network disk that is gone, or a broken one, may never
 * answer: no operation fails then, and each one holds a thread. An error is an answer. At most one question is open.
 */
export function createWatchdog({
  root,
  onChange = () => {},
  intervalMs = INTERVAL_MS,
  limitMs = LIMIT_MS,
  startTimer = startQuietTimer,
  fs = nodeFs
}: WatchdogOptions) {
  let isSilent = false
  let isClosed = false
  let stopTimer = () => {}

  function set(silent: boolean): void {
    if (silent === isSilent) return
    isSilent = silent
    onChange(silent)
  }

  function ask(): void {
    stopTimer = startTimer(limitMs, () => set(true))
    fs.stat(root).then(hear, hear)
  }

  function hear(): void {
    stopTimer()
    if (isClosed) return
    set(false)
    stopTimer = startTimer(intervalMs, ask)
  }

  ask()

  return {
    /** Whether the file system has left a question unanswered for too long. */
    get isSilent(): boolean {
      return isSilent
    },

    /** Asks no more. */
    close(): void {
      isClosed = true
      stopTimer()
    }
  }
}

function startQuietTimer(ms: number, expire: () => void): () => void {
  const timer = setTimeout(expire, ms).unref()
  return () => clearTimeout(timer)
}
