import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { isClaimEnded } from '../engine/claim-ended.ts'
import type { ServiceError } from '../errors.ts'
import type { Expense, Ledger, PaidCall, PaidStep, RunRecord, RunTime } from '../engine/engine.ts'
import type { WorkPhase } from '../progress/phases.ts'
import { whenFree } from './held-money.ts'

/** How long a write waits before it is tried again, in milliseconds. */
const DISK_RETRY_MS = 1_000

export interface PaidStepParts {
  ledger: Pick<Ledger, 'reserve' | 'settleKept'>
  /** Why the picture of this series could not be kept now, if so. */
  checkFolder?: ((series: string) => Promise<ServiceError | undefined>) | undefined
  /** Called each time that a paid answer cannot be written; `attempt` counts the tries of one write from 1. */
  onDiskError?: ((error: unknown, attempt?: number) => void) | undefined
  clock?: Pick<Clock, 'sleep'> | undefined
  /** The time of the run. */
  time?: RunTime | undefined
}

/** The phase in which a step pays. */
const PHASES = { enhance: 'enhance_prompt', draw: 'image_wait' } as const satisfies Record<
  PaidCall['step'],
  WorkPhase
>

/**
 * A step of a run that pays for an answer, at most `1 + repeatsLost` times: reserve, call, keep the answer, settle.
 * A run that is taken up again uses the kept answer and does not call.
 * @param write writes the answer durably
 * @returns the step, with `settled`: it resolves when no answer is being written. A run waits for it before it ends, so
 * that an answer is on disk before another process may look for it.
 */
export function createPaidStep<Answer>(
  parts: PaidStepParts,
  { runId, series }: Pick<RunRecord, 'runId' | 'series'>,
  step: PaidCall['step'],
  signal: AbortSignal,
  write: (answer: Answer, expense: Expense) => Promise<void>
): PaidStep<Answer> & { settled: () => Promise<void> } {
  let keeping: Promise<void> = Promise.resolve()
  return {
    async reserve(expected, repeatsLost) {
      return await whenFree({ ...parts, signal }, async () => {
        parts.time?.checkTimeFor?.(PHASES[step])
        signal.throwIfAborted()
        const refusal = await parts.checkFolder?.(series)
        if (refusal !== undefined) throw refusal
        return await parts.ledger.reserve({ runId, step, expected, repeatsLost })
      })
    },

    async keep(answer, expense) {
      keeping = untilWritten(parts, signal, async () => await write(answer, expense))
      await keeping
    },

    settled: async () => await keeping.catch(() => {})
  }
}

/**
 * Writes what is paid for. While the disk refuses or the data folder is gone, it tries again as long as the run may
 * live, and as long as this process may work on the run.
 * @param isHopeless whether an error is thrown at once, since waiting does not mend it
 */
export async function untilWritten(
  { onDiskError = () => {}, clock = systemClock }: Pick<PaidStepParts, 'onDiskError' | 'clock'>,
  signal: AbortSignal,
  write: () => Promise<void>,
  isHopeless: (error: unknown) => boolean = () => false
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write()
    } catch (error) {
      signal.throwIfAborted()
      if (isClaimEnded(error) || isHopeless(error)) throw error
      onDiskError(error, attempt)
      await clock.sleep(DISK_RETRY_MS, signal)
    }
  }
}
