import { withFilledSlots } from '../dress/slots.ts'
import { asServiceError } from '../errors.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { ImageOrder } from '../schemas/order.ts'
import type { PhaseTiming, Provider, Snapshot } from '../schemas/progress.ts'
import type { Averages } from './averages.ts'
import { PHASES, WORK_PHASES } from './phases.ts'
import type { Phase, WorkPhase } from './phases.ts'
import { isoTime, pollIntervalMs } from './polls.ts'
import type { RunFailure, RunState } from './run-state.ts'

/** The highest percentage of a run that is not completed. */
const ALMOST_DONE = 99.9
const NS_PER_SECOND = 1e9
/** How long a snapshot is given to all who ask, unless the run changes, in nanoseconds. */
const SHARED_NS = 100e6

export interface RunOptions {
  runId: string
  series: string
  address: string
  provider: Provider
  /** Who asked for the run, where that is known. */
  client?: string | undefined
  /** What a request of /v1 asks for. */
  order?: ImageOrder | undefined
  dress: DalleDress
  averages: Pick<Averages, 'of' | 'all'>
  /** Unix time in nanoseconds; never goes back in this process. */
  now: () => number
  /** When the run was accepted, in Unix nanoseconds; now if absent. */
  startedNs?: number
  /** The percentage that the run had reached in an earlier process. */
  percent?: number
  /** Nanoseconds until a run at this place of the queue begins; 1 is next. */
  waitNs?: (position: number) => number
  /** What another process knows of the run. */
  state?: RunState | undefined
  onChange: () => void
}

/** An unfinished image, as the model sent it. */
export interface PartialImage {
  image: Buffer
  mediaType: string
}

export type RunProgress = ReturnType<typeof createRunProgress>

/** The progress of one run: its phases, and the snapshot made from them. */
export function createRunProgress({
  runId,
  series,
  address,
  provider: intended,
  client,
  order,
  dress,
  averages,
  now,
  startedNs = now(),
  percent = 0,
  waitNs = () => 0,
  state,
  onChange
}: RunOptions) {
  /** The clock of an earlier process may have been ahead. */
  const acceptedNs = Math.min(startedNs, now())
  const timings = new Map<Phase, PhaseTiming>(
    PHASES.map((name) => [
      name,
      state?.timings.find((timing) => timing.name === name) ?? {
        name,
        startedNs: 0,
        endedNs: 0,
        skipped: false,
        error: ''
      }
    ])
  )

  let working: WorkPhase = state?.working ?? 'setup'
  let ending = state?.ending
  let failure = state?.failure
  let cause: unknown
  let highestPercent = state?.percent ?? percent
  let queuePosition = 0
  let attempt = state?.attempt ?? 1
  let provider = state?.provider ?? intended
  let isStandIn = state?.isStandIn ?? false
  const degradations = [...(state?.degradations ?? [])]
  let costUsd = state?.costUsd ?? 0
  let partialImages = state?.partialImages ?? 0
  let partial: PartialImage | undefined

  /** The last snapshot that was made, and when. */
  let shared: { snapshot: Snapshot; madeNs: number } | undefined

  function changed(): void {
    shared = undefined
    onChange()
  }

  /** Ends the current phase, if the run has left the queue. */
  function endPhase(): number {
    const at = now()
    const timing = timings.get(working)!
    if (timing.startedNs > 0 && timing.endedNs === 0) timing.endedNs = at
    return at
  }

  function end(phase: 'failed' | 'completed'): void {
    const at = endPhase()
    Object.assign(timings.get(phase)!, { startedNs: at, endedNs: at })
    ending = phase
    queuePosition = 0
    partial = undefined
    changed()
  }

  /** Average nanoseconds of the whole run, of its finished part, and of the current phase. */
  function measure() {
    let totalNs = 0
    let doneNs = 0
    for (const phase of WORK_PHASES) {
      const { skipped, endedNs } = timings.get(phase)!
      if (skipped) continue
      totalNs += averages.of(phase)
      if (endedNs > 0) doneNs += averages.of(phase)
    }
    const { startedNs: begunNs, endedNs } = timings.get(working)!
    const averageNs = averages.of(working)
    const elapsedNs = begunNs === 0 ? 0 : Math.min((endedNs || now()) - begunNs, averageNs)
    if (endedNs === 0) doneNs += elapsedNs
    return { totalNs, doneNs, averageNs, elapsedNs }
  }

  function percentOf(totalNs: number, doneNs: number): number {
    if (ending === 'completed') return 100
    const finished = WORK_PHASES.filter((phase) => timings.get(phase)!.endedNs > 0).length
    const share = totalNs > 0 ? doneNs / totalNs : finished / WORK_PHASES.length
    highestPercent = Math.max(highestPercent, Math.min(round(share * 100), ALMOST_DONE))
    return highestPercent
  }

  function makeSnapshot(): Snapshot {
    const { totalNs, doneNs, averageNs, elapsedNs } = measure()
    const ended = ending !== undefined
    const queueNs = queuePosition > 0 ? waitNs(queuePosition) : 0
    const remainingNs = ended ? 0 : totalNs - doneNs + queueNs
    return {
      series,
      address,
      currentPhase: ending ?? working,
      startedNs,
      startedAt: isoTime(startedNs),
      percent: percentOf(totalNs, doneNs),
      etaSeconds: round(remainingNs / NS_PER_SECOND),
      nextPollMs: ended ? 0 : pollIntervalMs(remainingNs, now() - acceptedNs),
      phasePercent: ending === 'completed' ? 100 : averageNs > 0 ? round((elapsedNs / averageNs) * 100) : 0,
      phaseETASeconds: ended ? 0 : round((averageNs - elapsedNs) / NS_PER_SECOND),
      phaseIndex: WORK_PHASES.indexOf(working) + 1,
      phaseCount: WORK_PHASES.length,
      done: ended,
      error: textOf(failure),
      cacheHit: false,
      phases: [...timings.values()].map((timing) => ({ ...timing })),
      dalleDress: withFilledSlots(dress),
      phaseAverages: averages.all(),
      runId,
      errorCode: failure?.code ?? '',
      queuePosition,
      attempt,
      provider,
      degraded: degradations.length > 0,
      degradedReason: degradations.join('. '),
      partialImages
    }
  }

  return {
    runId,
    series,
    address,
    client,
    order,
    startedNs,
    dress,

    get done(): boolean {
      return ending !== undefined
    },
    get failed(): boolean {
      return ending === 'failed'
    },
    /** The provider that drew or will draw. */
    get provider(): Provider {
      return provider
    },
    /** Whether a stand-in draws in place of a provider. */
    get isStandIn(): boolean {
      return isStandIn
    },
    /** The error that ended the run, as it was thrown. */
    get cause(): unknown {
      return cause
    },
    /** Seconds from the end of the run until another request may succeed, where the failure gives them. */
    get retryAfter(): number | undefined {
      return failure?.retryAfter
    },
    /** Whether the provider may charge for the call that failed the run. */
    get mayBeBilled(): boolean {
      return failure?.mayBeBilled === true
    },
    /** The current phase, or how the run ended; undefined while it waits. */
    get phase(): Phase | undefined {
      return ending ?? (this.hasBegun ? working : undefined)
    },
    get hasBegun(): boolean {
      return timings.get('setup')!.startedNs > 0
    },
    /** The cost so far, in USD. */
    get costUsd(): number {
      return costUsd
    },
    /** The newest partial image, while the run works. */
    get partial(): PartialImage | undefined {
      return partial
    },
    /** Nanoseconds from the request to the first phase, or to the end of a run that had no phase. */
    get queuedNs(): number {
      return (timings.get('setup')!.startedNs || this.endedNs || now()) - acceptedNs
    },
    get endedNs(): number {
      return ending === undefined ? 0 : timings.get(ending)!.endedNs
    },

    /** @param position 1 is next, 0 is not in the queue */
    setQueuePosition(position: number): void {
      if (position === queuePosition) return
      queuePosition = position
      changed()
    },

    begin(phase: WorkPhase): void {
      const at = endPhase()
      working = phase
      // When a picture is drawn again, the run goes back, so the later phases start again too.
      for (const later of WORK_PHASES.slice(WORK_PHASES.indexOf(phase))) {
        Object.assign(timings.get(later)!, { startedNs: 0, endedNs: 0, error: '' })
      }
      timings.get(phase)!.startedNs = at
      changed()
    },

    /** Marks the current phase as failed. The run goes on. */
    failPhase(message: string): void {
      timings.get(working)!.error = message
      shared = undefined
    },

    /** Marks the current phase as skipped. */
    skip(): void {
      timings.get(working)!.skipped = true
      changed()
    },

    /** @param number the attempt at the image, counted from 1 */
    setAttempt(number: number): void {
      attempt = number
      changed()
    },

    /**
     * Marks the run as degraded: a fallback was used.
     * @param standIn who draws a stand-in
     */
    degrade(reason: string, standIn?: Provider): void {
      degradations.push(reason)
      if (standIn !== undefined) {
        provider = standIn
        isStandIn = true
      }
      changed()
    },

    /** Sets who draws. */
    drawWith(name: Provider): void {
      if (name === provider) return
      provider = name
      changed()
    },

    addCost(usd: number): void {
      costUsd += usd
    },

    /** @param usd what the run has cost in all processes; more than this one knows of */
    raiseCost(usd: number): void {
      costUsd = Math.max(costUsd, usd)
    },

    addPartial(image: PartialImage): void {
      if (ending !== undefined) return
      partial = image
      partialImages += 1
      changed()
    },

    complete(): void {
      dress.completed = true
      end('completed')
    },

    /** Ends a run whose picture exists already. */
    completeFromCache(): void {
      dress.cacheHit = true
      dress.completed = true
      for (const phase of WORK_PHASES) timings.get(phase)!.skipped = true
      working = 'annotate'
      end('completed')
    },

    /** Ends the run with an error of any kind. Clients see it as a service error. */
    fail(error: unknown): void {
      cause = error
      failure = asServiceError(error)
      timings.get(working)!.error = failure.message
      end('failed')
    },

    /** Nanoseconds that the run still needs, by the averages and without its wait in the queue. */
    remainingNs(): number {
      const { totalNs, doneNs } = measure()
      return ending === undefined ? Math.max(0, totalNs - doneNs) : 0
    },

    /** Nanoseconds of each phase that ended without a failure and was not skipped. */
    durationsNs(): Partial<Record<WorkPhase, number>> {
      return Object.fromEntries(
        WORK_PHASES.flatMap((phase) => {
          const { startedNs, endedNs, skipped, error } = timings.get(phase)!
          return skipped || endedNs === 0 || error !== '' ? [] : [[phase, endedNs - startedNs]]
        })
      )
    },

    /** The run as plain data. */
    state(): RunState {
      const { totalNs, doneNs } = measure()
      return {
        working,
        ending,
        failure: failure && {
          code: failure.code,
          message: failure.message,
          details: failure.details,
          retryAfter: failure.retryAfter,
          mayBeBilled: failure.mayBeBilled
        },
        percent: percentOf(totalNs, doneNs),
        attempt,
        provider,
        isStandIn,
        degradations: [...degradations],
        costUsd,
        partialImages,
        timings: [...timings.values()],
        dress
      }
    },

    /** The run as clients see it. Those who ask between two changes within a tenth of a second get the same object. */
    snapshot(): Snapshot {
      const at = now()
      if (shared === undefined || at - shared.madeNs >= SHARED_NS) {
        shared = { snapshot: makeSnapshot(), madeNs: at }
      }
      return shared.snapshot
    }
  }
}

function textOf(failure: RunFailure | undefined): string {
  return [failure?.message, failure?.details].filter((text) => text !== undefined).join(': ')
}

function round(value: number): number {
  return Math.round(Math.max(0, value) * 100) / 100
}
