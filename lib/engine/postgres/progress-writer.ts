import { AsyncResource } from 'node:async_hooks'
import type { Clock } from '../../clock.ts'
import type { PartialImage, RunProgress } from '../../progress/run.ts'
import type { Claim } from './claims.ts'
import type { RunRows } from './run-rows.ts'

/** The progress of a run is written at most this often, in milliseconds. */
const INTERVAL_MS = 250
const RETRY_MS = 1_000

export interface ProgressWriterOptions {
  claim: Claim
  rows: Pick<RunRows, 'write' | 'writePartial'>
  clock: Pick<Clock, 'now' | 'startTimer'>
  /** Called when the claim has ended. */
  onFenced: () => void
  onError: (error: unknown) => void
}

export type ProgressWriter = ReturnType<typeof createProgressWriter>

/** Writes the progress of a working run for the readers in all processes. Changes that follow soon share a write. */
export function createProgressWriter(options: ProgressWriterOptions) {
  const { claim, rows, clock, onFenced, onError } = options
  let changed: RunProgress | undefined
  let lastPartial: PartialImage | undefined
  let writing: Promise<void> | undefined
  let cancelTimer: (() => void) | undefined
  let dueAt = -Infinity
  let isClosed = false

  async function write(run: RunProgress): Promise<void> {
    changed = undefined
    dueAt = clock.now() + INTERVAL_MS
    try {
      const { partial } = run
      if (partial !== undefined && partial !== lastPartial) await rows.writePartial(claim, partial)
      lastPartial = partial
      if (!(await rows.write(claim, run.state()))) onFenced()
    } catch (error) {
      changed ??= run
      dueAt = clock.now() + RETRY_MS
      onError(error)
    }
  }

  function schedule(): void {
    if (isClosed || changed === undefined || writing !== undefined || cancelTimer !== undefined) return
    const start = () => {
      cancelTimer = undefined
      if (isClosed || changed === undefined) return
      writing = write(changed).finally(() => {
        writing = undefined
        schedule()
      })
    }
    const delayMs = dueAt - clock.now()
    if (delayMs <= 0) start()
    else cancelTimer = clock.startTimer(delayMs, start)
  }

  return {
    /** Writes the run soon. A change may come from inside a transaction, of which the write is not a part. */
    note: AsyncResource.bind((run: RunProgress): void => {
      changed = run
      schedule()
    }),

    /** Writes nothing more. Resolves when no write is under way. */
    async close(): Promise<void> {
      isClosed = true
      cancelTimer?.()
      await writing
    }
  }
}
