import type { Clock } from '../../clock.ts'
import { errors, serviceErrorFrom } from '../../errors.ts'
import { createRunProgress } from '../../progress/run.ts'
import type { RunProgress } from '../../progress/run.ts'
import type { DalleDress } from '../../schemas/dress.ts'
import { SUSPENDED, claimEnded, isClaimEnded } from '../claim-ended.ts'
import type { Circuit, ClaimedRun, Ledger, PaidCall, Recovery } from '../engine.ts'
import type { Reservation, RunRecord, Worker } from '../engine.ts'
import { failureReasonOf } from '../failure-reason.ts'
import { createLastOrders } from '../last-orders.ts'
import { createTimeLimit } from '../time-limit.ts'
import type { TimeLimit } from '../time-limit.ts'
import type { PostgresAverages } from './averages.ts'
import { currentClaim, withinClaim } from './claims.ts'
import type { Claim } from './claims.ts'
import { saysDatabaseAway } from './database.ts'
import type { Database } from './database.ts'
import { LEASE_NS, keepLease } from './lease.ts'
import type { Lease } from './lease.ts'
import type { PostgresLedger } from './ledger.ts'
import { createProgressWriter } from './progress-writer.ts'
import { recordOf } from './run-rows.ts'
import type { ClaimedRow, RunRows } from './run-rows.ts'
import type { Tickets } from './tickets.ts'

/** How often a run is taken up without a new step before it fails. */
const RESTARTS_MAX = 3
/** How long a run waits whose worker could not prepare it, in nanoseconds. */
const UNPREPARED_NS = 30e9
const RETRY_MS = 1_000

export interface WorkOptions {
  /** Names this process in the rows of its runs. */
  processId: string
  database: Pick<Database, 'transaction'>
  rows: RunRows
  tickets: Pick<Tickets, 'add' | 'work' | 'stop'>
  averages: Pick<PostgresAverages, 'of' | 'all' | 'addRun'>
  ledger: Pick<PostgresLedger, 'close' | 'costOf'>
  clock: Pick<Clock, 'now' | 'startTimer'>
  /** Unix time in nanoseconds by the clock of the database. */
  now: () => number
  /** Runs that this process works at the same time. */
  concurrency: number
  /** Longest time that a run may work, in milliseconds. */
  lockTtlMs: number
  /** Whether the data folder is another one than that of the start. */
  isReplaced?: (() => Promise<boolean>) | undefined
  /** Runs the work in an asynchronous context of its own. */
  within: (run: RunProgress, work: () => Promise<void>) => Promise<void>
  /** Called at each change of a run that this process works, at first in the trace of the request that started it. */
  onChange: (run: RunProgress, traceparent?: string) => void
  onRecover: (action: Recovery) => void
  onError: (error: unknown) => void
}

interface Job {
  claim: Claim
  record: RunRecord
  progress: RunProgress
  controller: AbortController
  lease: Lease
  claimedAt: number
}

export type Work = ReturnType<typeof createWork>

/** Works the runs that this process claims. */
export function createWork(options: WorkOptions) {
  const { processId, database, rows, tickets, averages, clock, now, lockTtlMs, onError } = options
  const { isReplaced = async () => false } = options
  // By the claim: a process can claim a run again whose former work has not ended yet.
  const jobs = new Map<Claim, Job>()
  /** The runs whose claim this process has lost, until they end elsewhere. */
  const lost = new Map<string, RunRecord>()
  const lastOrders = createLastOrders({ clock, averages, reason: SUSPENDED })
  let worker: Worker | undefined
  let isStopping = false
  let isSuspending = false

  /**
   * Uses a ticket: claims a run and works it, if one waits. While the data folder is another one, a picture could not
   * be kept: the ticket waits then, and other processes get tickets of their own.
   */
  async function use(): Promise<void> {
    await untilInPlace()
    if (isStopping) return await tickets.add()
    const claimedAt = clock.now()
    const row = await rows.claimNext(processId, LEASE_NS)
    if (row === undefined) return
    const job = createJob(row, claimedAt)
    jobs.set(job.claim, job)
    try {
      if (isSuspending) job.controller.abort(SUSPENDED)
      // Its former worker was asked to end it.
      if (row.cancel !== null) job.controller.abort(serviceErrorFrom(row.cancel))
      await withinClaim(job.claim, async () => await work(job, row))
    } finally {
      job.lease.stop()
      jobs.delete(job.claim)
    }
    if (!job.lease.isLost) return
    lost.set(job.record.runId, job.record)
    await forget(job.record.runId)
  }

  /** Waits while the data folder is another one, and at most until this process stops. */
  async function untilInPlace(): Promise<void> {
    while (await isReplaced()) {
      if (isStopping) return
      await new Promise<void>((resolve) => clock.startTimer(RETRY_MS, resolve))
    }
  }

  /**
   * A worker that has lost its claim keeps its answer for the next one. If that one makes the picture without it,
   * nothing would ever use the answer, or remove it.
   */
  async function forget(runId: string): Promise<void> {
    const record = lost.get(runId)
    if (record === undefined) return
    const state = (await rows.read(runId))?.state
    if (state === 'waiting' || state === 'working') return
    lost.delete(runId)
    if (state === 'completed') await worker!.forget?.(record)
  }

  function createJob(row: ClaimedRow, claimedAt: number): Job {
    const claim = { runId: row.run_id, fence: row.fence }
    const controller = new AbortController()
    const lease = keepLease({
      claim,
      rows,
      clock,
      claimedAt,
      onLost: () => controller.abort(SUSPENDED),
      onCancel: (reason) => controller.abort(serviceErrorFrom(reason)),
      onError
    })
    const record = recordOf(row)
    return { claim, record, progress: progressOf(record, row), controller, lease, claimedAt }
  }

  function progressOf(record: RunRecord, row: ClaimedRow, dress?: DalleDress): RunProgress {
    return createRunProgress({
      ...record,
      startedNs: record.acceptedNs,
      dress: dress ?? row.progress.dress,
      averages,
      now,
      ...(dress === undefined ? { state: row.progress } : { percent: row.progress.percent }),
      onChange: () => {}
    })
  }

  async function work(job: Job, row: ClaimedRow): Promise<void> {
    const isAgain = row.fence > 1
    if (row.restarts > RESTARTS_MAX) return await fail(job, errors.tooManyRestarts(RESTARTS_MAX))
    let prepared
    try {
      prepared = await worker!.prepare(job.record)
    } catch (error) {
      onError(error)
      return await release(job, UNPREPARED_NS, false)
    }
    const { dress, problem, isMade } = prepared
    if (isMade === true) {
      job.progress.complete()
      return await end(job)
    }
    if (isAgain) options.onRecover(problem === undefined ? 'resumed' : 'failed')
    if (problem !== undefined) return await fail(job, problem)
    await perform(job, row, dress)
  }

  /** Makes the picture. */
  async function perform(job: Job, row: ClaimedRow, dress: DalleDress): Promise<void> {
    const { claim, controller, lease } = job
    const writer = createProgressWriter({ claim, rows, clock, onFenced: lease.lose, onError })
    const progress = createRunProgress({
      ...job.record,
      startedNs: job.record.acceptedNs,
      dress,
      averages,
      now,
      percent: row.progress.percent,
      onChange() {
        // Its end counts when it is kept.
        if (progress.done) return
        options.onChange(progress)
        writer.note(progress)
      }
    })
    job.progress = progress
    options.onChange(progress, row.traceparent ?? undefined)
    const limit = createTimeLimit({
      clock,
      limitMs: lockTtlMs,
      since: job.claimedAt,
      onOver: () => controller.abort(errors.generationTimeout(lockTtlMs / 1000)),
      onPaused: async (pausedMs) => await rows.postpone(claim, pausedMs * 1e6).catch(onError)
    })
    const task = async () => {
      controller.signal.throwIfAborted()
      await worker!.work(claimedRun(job, limit))
    }
    const failure = await within(job, task)
    limit.stop()
    await writer.close()
    if (failure === undefined) progress.complete()
    else if (isSuspension(failure.reason)) {
      // A database that was away is no fault of the run.
      return await release(job, 0, !saysDatabaseAway(failure.reason) && !lease.isLost)
    } else progress.fail(failure.reason)
    await end(job)
  }

  /** Why the work has failed; undefined if it has not. */
  async function within(
    { progress, controller: { signal } }: Job,
    task: () => Promise<void>
  ): Promise<{ reason: unknown } | undefined> {
    try {
      await options.within(progress, task)
      return undefined
    } catch (error) {
      return { reason: failureReasonOf(error, signal) }
    }
  }

  function claimedRun(job: Job, limit: TimeLimit): ClaimedRun {
    return {
      get record() {
        return job.record
      },
      progress: job.progress,
      signal: job.controller.signal,
      pause: limit.pause,
      checkTimeFor: lastOrders.checksOf(job.controller),
      reach: async (step) => await note(job, { step, restarts: 0 }),
      async drawWith(provider) {
        job.progress.drawWith(provider)
        if (provider !== job.record.provider) await note(job, { provider })
      }
    }
  }

  /** Keeps a change of the record. While the database is away, it tries again as long as the run may live. */
  async function note(job: Job, changes: Partial<RunRecord>): Promise<void> {
    const record = { ...job.record, ...changes }
    const isKept = await untilWritten(async () => await rows.note(job.claim, record), job.controller.signal)
    if (!isKept) {
      job.lease.lose()
      throw claimEnded()
    }
    job.record = record
  }

  async function fail(job: Job, error: Error): Promise<void> {
    job.progress.fail(error)
    await end(job)
  }

  /** Keeps the end of a run. If its claim has ended, another worker does. */
  async function end({ claim, progress }: Job): Promise<void> {
    const isKept = await untilWritten(async () => {
      if (claim.fence > 1) progress.raiseCost(await options.ledger.costOf(claim.runId))
      return await rows.end(claim, progress.state())
    })
    if (!isKept) return
    // Its calls are forgotten last: until the run is known to have ended, they count as lost.
    options.ledger.close(claim.runId)
    averages.addRun(progress)
    options.onChange(progress)
  }

  /** Gives a run back. If that fails, its lease ends by itself. */
  async function release({ claim }: Job, delayNs: number, isCounted: boolean): Promise<void> {
    await database
      .transaction(async () => {
        if ((await rows.release(claim, delayNs, isCounted)) && delayNs === 0) await tickets.add()
      })
      .catch(onError)
  }

  /** The job that this asynchronous context works. */
  function currentJob(): Job | undefined {
    const claim = currentClaim()
    return claim && jobs.get(claim)
  }

  /** Does a step of a job. If the database is away or the claim has ended, the job goes on later. */
  async function suspendIfAway<Result>(step: () => Promise<Result>): Promise<Result> {
    try {
      return await step()
    } catch (error) {
      if (isSuspension(error)) currentJob()?.controller.abort(error)
      throw error
    }
  }

  async function untilWritten(
    write: () => Promise<boolean>,
    signal = new AbortController().signal
  ): Promise<boolean> {
    for (;;) {
      try {
        return await write()
      } catch (error) {
        signal.throwIfAborted()
        if (!saysDatabaseAway(error) || isSuspending) throw error
        onError(error)
        await new Promise<void>((resolve) => clock.startTimer(RETRY_MS, resolve))
      }
    }
  }

  return {
    /** Begins to work. */
    start(by: Worker): void {
      worker = by
      tickets.work(options.concurrency, async () => await use().catch(reportUnlessAway))
    },

    /** The oldest runs that this process works. */
    oldest(limit: number): RunProgress[] {
      return [...jobs.values()].slice(0, limit).map(({ progress }) => progress)
    },

    /** Removes what this process has kept for a run that has ended elsewhere. */
    forget,

    /** Looks whether a run must end. */
    async check(runId: string): Promise<void> {
      const held = [...jobs.values()].filter(({ claim }) => claim.runId === runId)
      await Promise.all(held.map(async ({ lease }) => await lease.renew()))
    },

    /**
     * Reserves the money of a paid call. While the call is open, the loss of the lease does not end the work. A run
     * whose call cannot be booked goes on later.
     */
    async reserve(call: PaidCall, book: Ledger['reserve']): Promise<Reservation> {
      const reservation = await suspendIfAway(async () => await book(call))
      const letGo = currentJob()?.lease.hold() ?? (() => {})
      return {
        settle(real) {
          reservation.settle(real)
          letGo()
        },
        lose() {
          reservation.lose()
          letGo()
        }
      }
    },

    /** What a run needs of the database. While that is away, the run goes on later. */
    orSuspend: suspendIfAway,

    /** Admits a call of a job to the provider. A run whose call cannot be admitted or rejected goes on later. */
    async admit(circuit: Circuit): ReturnType<Circuit['admit']> {
      return await suspendIfAway(circuit.admit)
    },

    /** Claims no more runs, and gives those back that still work after `graceMs` milliseconds. */
    async stop(graceMs: number): Promise<void> {
      isStopping = true
      lastOrders.endAfter(graceMs)
      const stopTimer = clock.startTimer(graceMs, () => {
        isSuspending = true
        for (const { controller } of jobs.values()) controller.abort(SUSPENDED)
      })
      await tickets.stop()
      stopTimer()
    }
  }

  function reportUnlessAway(error: unknown): void {
    if (!saysDatabaseAway(error)) onError(error)
    // BullMQ gives the ticket out again.
    throw error
  }
}

function isSuspension(reason: unknown): boolean {
  return reason === SUSPENDED || isClaimEnded(reason) || saysDatabaseAway(reason)
}
