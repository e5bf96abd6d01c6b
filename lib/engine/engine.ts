import type { PartialImage, RunProgress } from '../progress/run.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Provider, Snapshot } from '../schemas/progress.ts'
import type { ImageOrder } from '../schemas/order.ts'
import type { Series } from '../schemas/series.ts'
import type { WorkPhase } from '../progress/phases.ts'
import type { ServiceError } from '../errors.ts'
import type { BatchStore } from './batches.ts'
import type { PictureIndex } from './pictures.ts'

/** The finished steps of a run, in order. A run that goes on after a restart does not repeat them. */
export const RUN_STEPS = ['accepted', 'enhanced', 'drawing', 'drawn'] as const

export type RunStep = (typeof RUN_STEPS)[number]

/** What a run needs to go on in another process. */
export interface RunRecord {
  readonly runId: string
  readonly series: string
  /** The name of the picture's files: an address, or the seed of a request of /v1. */
  readonly address: string
  /** Who asked for the run. Clients take turns in the queue. Absent in the records of older versions. */
  readonly client?: string | undefined
  /** Who draws: the provider that was asked last, at first the one that is asked first. */
  readonly provider: Provider
  /** The run draws anew: an answer that an earlier run kept is not used. */
  readonly force: boolean
  /** There is a picture already. A stand-in must not replace it. */
  readonly replaces: boolean
  /** Unix time in nanoseconds. */
  readonly acceptedNs: number
  /** What a request of /v1 asks for. Without it, the run makes the whole picture of an address. */
  readonly order?: ImageOrder | undefined
  /** The series as it was when the run was accepted. */
  readonly definition: Series
  /** The databases that the dress comes from. A run does not go on with others. */
  readonly databaseHash: string
  readonly step: RunStep
  /** How often the run was taken up since its last step. */
  readonly restarts: number
}

export type NewRun = Omit<RunRecord, 'runId' | 'acceptedNs' | 'step' | 'restarts'> & { dress: DalleDress }

/** A run as its readers see it. */
export interface RunView {
  readonly runId: string
  /** Who asked for the run, where that is known. */
  readonly client: string | undefined
  /** What a request of /v1 asked for; undefined for a run that makes the whole picture of an address. */
  readonly order: ImageOrder | undefined
  readonly done: boolean
  readonly failed: boolean
  /** Unix time in nanoseconds; 0 while the run lives. */
  readonly endedNs: number
  /** Seconds from the end of the run until another request may succeed, where the failure gives them. */
  readonly retryAfter: number | undefined
  /** What its calls have cost so far, in USD; with the end of the run, also those of earlier processes. */
  readonly costUsd: number
  /** Whether the provider may charge for the call that failed the run. */
  readonly mayBeBilled: boolean
  /** Grows with each change of the run in any process; undefined where the run belongs to this process alone. */
  readonly version?: number | undefined
  snapshot(): Snapshot
}

export interface Accepted {
  outcome: 'started' | 'joined'
  run: RunView
}

/** The runs: those that wait or work, and those that ended within the last ten minutes. */
export interface RunStore {
  /**
   * Accepts a run, or joins the live run of its picture. Resolves when the run is kept, so that it survives the
   * process.
   * @throws QUEUE_FULL; FILE_SYSTEM_ERROR when the run cannot be kept
   */
  accept(run: NewRun): Promise<Accepted>
  /** Adds a run that has failed before its begin, so that every reader sees the reason. */
  reject(run: NewRun, error: ServiceError): Promise<RunView>
  /**
   * Joins the live run of the picture, once it is kept. Undefined when there is none.
   * @throws FILE_SYSTEM_ERROR when the run cannot be kept
   */
  join(series: string, address: string): Promise<RunView | undefined>
  /** The live run of the picture, else the last one that ended, while it is remembered. */
  last(series: string, address: string): Promise<RunView | undefined>
  /** The newest unfinished image of the live run of the picture. */
  partial(series: string, address: string): Promise<PartialImage | undefined>
  /** How many runs wait or work, and the oldest `limit` of them. */
  live(limit: number): Promise<{ count: number; runs: RunView[] }>
  /** The client that the living run was started for; undefined if no run lives or its record does not say. */
  starterOf(series: string, address: string): Promise<string | undefined>
  /** Ends the live run of the picture and waits for its end. Undefined when there is none. */
  cancel(series: string, address: string, reason: ServiceError): Promise<RunView | undefined>
  /** The runs that ended within the last `seconds`, the last one first, at most `limit`. */
  ended(seconds: number, limit: number): Promise<RunView[]>
  /** Whether a run has made its picture; false too if it is not known any more. */
  hasCompleted(runId: string, series: string, address: string): Promise<boolean>
  /** Seconds since a run ended. */
  secondsSinceEnd(run: RunView): number
}

/** What the engine knows of the time of a run. Parts are absent where that time is not limited. */
export interface RunTime {
  /**
   * Waits for something that is not the work of the run, such as money: that time does not count against the longest
   * time of a run. @returns what it has waited for
   */
  readonly pause?: (<Result>(wait: () => Promise<Result>) => Promise<Result>) | undefined
  /**
   * Called before a call that is paid for. Where this process stops before a phase of the usual length would end, the
   * run is given back, and its signal aborts: it goes on at the next start or elsewhere, and nothing is bought here.
   */
  readonly checkTimeFor?: ((phase: WorkPhase) => void) | undefined
}

/** A run that a worker has taken from the queue. */
export interface ClaimedRun extends RunTime {
  readonly record: RunRecord
  readonly progress: RunProgress
  /** Aborts when the run must end. */
  readonly signal: AbortSignal
  /** Keeps that a step is finished. */
  reach(step: RunStep): Promise<void>
  /** Keeps that this provider is asked for the drawing. */
  drawWith(provider: Provider): Promise<void>
}

/** What does the work of runs. */
export interface Worker {
  /** What all processes of an engine must have in common: the databases, and who draws. */
  readonly makes?: { databaseHash: string; artist: string } | undefined
  /**
   * The dress of a run that is taken up after a restart. A problem says why the run cannot go on. A run that `isMade`
   * has its picture already.
   */
  prepare(
    record: RunRecord
  ): Promise<{ dress: DalleDress; problem?: ServiceError | undefined; isMade?: boolean }>
  /** Makes the picture. What it throws ends the run as failed. */
  work(run: ClaimedRun): Promise<void>
  /** Removes the answer that this process has kept too late: another one has made the picture. */
  forget?(record: RunRecord): Promise<void>
}

/** What became of a run that was kept when the process ended. */
export const RECOVERIES = ['resumed', 'failed', 'set_aside'] as const

export type Recovery = (typeof RECOVERIES)[number]

/** The runs of this moment. */
export interface Load {
  /** Runs that work. */
  working: number
  /** Runs that wait in the queue. */
  waiting: number
  /** Seconds since the oldest working run left the queue; 0 when none works. */
  oldestSeconds: number
}

export interface RunQueue {
  load(): Load
  /**
   * Seconds until a refused request may succeed, at the pace of the last runs. Each call names a later moment, so that
   * the refused clients do not come back together.
   */
  secondsUntilFree(): number
}

/** Calls a listener at each change of the runs. */
export interface EventBus {
  /**
   * @param listener gets the run where the engine has it at hand; else the listener reads it
   * @returns ends the subscription
   */
  subscribe(series: string, address: string, listener: (run?: RunView) => void): () => void
  /** @param listener gets a run that has ended, and others where the engine has them at hand */
  subscribeAll(listener: (run?: RunView) => void): () => void
}

/** The average durations of the phases, over the successful runs. */
export interface Averages {
  /** Nanoseconds; 0 when there is none yet. */
  of(phase: WorkPhase): number
  /** All averages in nanoseconds, by phase. */
  all(): Record<string, number>
  addCacheHit(): void
}

/** What calls to the provider cost. */
export interface Expense {
  usd: number
  images: number
}

/** What may be spent between two midnights UTC; absent is unlimited. */
export interface DailyLimits {
  readonly usd?: number | undefined
  readonly images?: number | undefined
}

/** A call to the provider whose money is reserved. It ends in exactly one of these ways. */
export interface Reservation {
  /** The answer came, or the call cannot be charged: the real expense replaces the reserved one. */
  settle(real: Expense): void
  /** The answer was lost after the provider may have done the work. The expense stays, and the call counts as lost. */
  lose(): void
}

/** The calls that a step of a run has made before. */
export interface EarlierCalls {
  runId: string
  step: 'enhance' | 'draw'
  /** How many lost answers of this step may be repeated. */
  repeatsLost: number
}

/** A call that a step of a run is about to make. */
export interface PaidCall extends EarlierCalls {
  expected: Expense
}

/** Calls of a step whose answers were lost with the process that made them. What they cost stays spent. */
export interface LostCalls {
  runId: string
  step: PaidCall['step']
  calls: number
  usd: number
}

/** The money: what was spent since midnight UTC, and the calls that are not settled. */
export interface Ledger {
  readonly limits: DailyLimits
  /** What is spent or reserved today. */
  spent(): Expense
  /** The error that `reserve` would throw now for an expense, if any. */
  refusal(expected: Expense): ServiceError | undefined
  /**
   * Counts the calls of a step that another process left open as lost, before anything refuses the next one.
   * @throws ANSWER_LOST when too many answers of the step were lost; SERVICE_UNAVAILABLE
   */
  loseEarlier(calls: EarlierCalls): Promise<void>
  /**
   * Reserves the money of a call. Resolves when the reservation is kept, so that it survives the process. Calls of the
   * step that another process left open count as lost.
   * @throws BUDGET_EXHAUSTED; ANSWER_LOST when too many answers of the step were lost; FILE_SYSTEM_ERROR
   */
  reserve(call: PaidCall): Promise<Reservation>
  /** Settles the calls of a step whose answer another process kept. */
  settleKept(runId: string, step: PaidCall['step'], real: Expense): void
  /** Forgets the calls of a run that has ended. What they cost stays spent. */
  close(runId: string): void
}

/** How a run makes the paid calls of one step. The client of the provider calls it for each attempt. */
export interface PaidStep<Answer> {
  /**
   * Reserves the money of one call.
   * @throws BUDGET_EXHAUSTED, ANSWER_LOST, SERVICE_UNAVAILABLE when the result could not be kept, FILE_SYSTEM_ERROR
   */
  reserve(expected: Expense, repeatsLost: number): Promise<Reservation>
  /**
   * Keeps an answer before anything else is done with it. While the disk refuses, it tries again as long as the run may
   * live.
   * @throws the signal's reason
   */
  keep(answer: Answer, expense: Expense): Promise<void>
}

/** The states of a circuit, from good to bad. */
export const CIRCUIT_STATES = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const

export type CircuitState = (typeof CIRCUIT_STATES)[number]

/**
 * What the end of a call says about the other side. `failure` counts against it, `fatal` opens the circuit at once,
 * `ignored` has no effect.
 */
export type CallVerdict =
  { verdict: 'success' } | { verdict: 'ignored' } | { verdict: 'failure' | 'fatal'; reason: string }

export interface CircuitReport {
  state: CircuitState
  /** Counted failures since the last success. */
  failures: number
  /** Calls that succeeded since the start. */
  successes: number
  /** Calls that the open circuit rejected since the start. */
  rejected: number
  /** The newest counted failure, with its time as Unix milliseconds. */
  lastFailure: { reason: string; at: number } | undefined
}

/** A call that a circuit has admitted. Report its end once. */
export interface AdmittedCall {
  isAdmitted: true
  end(verdict: CallVerdict): Promise<void>
}

/** A call that a circuit rejects. `waitMs` passes until the circuit admits a call; 0 while another call tries. */
export interface RejectedCall {
  isAdmitted: false
  waitMs: number
}

/** Keeps calls of one operation away from a provider that fails or asks for a wait. */
export interface Circuit {
  /** Admits a call or rejects it. A half-open circuit admits one call at a time. */
  admit(): Promise<AdmittedCall | RejectedCall>
  /** What `admit` would reject now, as far as this process knows. */
  rejection(): RejectedCall | undefined
  report(): CircuitReport
  /** Makes all calls of the operation wait. It can only prolong the wait. */
  coolDown(ms: number): Promise<void>
  /** Milliseconds until calls may be made, because the provider asked for a wait; else 0. */
  coolDownMs(): number
}

/** The circuits of all operations. All processes of an engine share them. */
export interface Circuits {
  of(operation: string): Circuit
  /**
   * Calls `listener` at each change of state.
   * @returns ends the subscription
   */
  subscribe(listener: (operation: string, state: CircuitState) => void): () => void
}

/** How the engine is. */
export interface EngineHealth {
  status: 'healthy' | 'degraded' | 'unhealthy'
  message: string
  details: Record<string, string | number>
}

/** The runs that this process works or keeps in its queue, for its log, metrics and traces. */
export interface LocalRuns {
  /** The oldest `limit` runs that wait or work. */
  oldest(limit: number): RunProgress[]
  /**
   * Calls `listener` at each change of a run, and at its start in the context of the request that started it.
   * @returns ends the subscription
   */
  subscribe(listener: (run: RunProgress) => void): () => void
}

/** Where runs, queue, events, money, circuits, averages and the index of pictures live. */
export interface Engine {
  readonly runs: RunStore
  readonly batches: BatchStore
  readonly queue: RunQueue
  readonly events: EventBus
  readonly ledger: Ledger
  readonly circuits: Circuits
  readonly pictures: PictureIndex
  readonly averages: Averages
  readonly local: LocalRuns
  /** Whether this process may accept and work runs. False while another process works on the data folder. */
  readonly isOpen: boolean
  /** The state of a database that the engine needs. Undefined where it needs none. */
  readonly health?: (() => Promise<EngineHealth>) | undefined
  /** Resolves when the engine opens. */
  readonly opened: Promise<void>
  /**
   * The run of a picture that another process works on, or that failed there, while this process waits. Undefined where
   * the engine is open.
   */
  findElsewhere(series: string, address: string): Promise<RunView | undefined>
  /** Waits until `open` while another process works. Clients see its runs meanwhile. */
  wait(worker: Worker): void
  /** Takes up the runs that are kept. They wait until `start`. */
  open(worker: Worker): Promise<void>
  /** Begins to work, as soon as the engine is open. */
  start(): void
  /** Starts no more runs, and lets the working ones go on for `graceMs` milliseconds. All others stay kept. */
  stop(graceMs: number): Promise<void>
  /** Resolves when everything is on disk. */
  close(): Promise<void>
}
