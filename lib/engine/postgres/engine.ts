import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'
import { EventEmitter } from 'node:events'
import type { RunProgress } from '../../progress/run.ts'
import { createOutage } from '../../outage.ts'
import { repeatWork } from '../../repeat-work.ts'
import { createPace } from '../pace.ts'
import type { Circuit, Circuits, Engine, Ledger, PaidCall, Recovery, Worker } from '../engine.ts'
import { createBus } from './bus.ts'
import type { BusOptions } from './bus.ts'
import { databaseAway, isDatabaseAway, saysDatabaseAway } from './database.ts'
import { createLine } from './line.ts'
import { createProcesses } from './processes.ts'
import type { ProcessFacts } from './processes.ts'
import { createParts } from './parts.ts'
import type { PartsOptions } from './parts.ts'
import { asAwayHealth, createReconciler, readHealth } from './reconcile.ts'
import { createRunRows } from './run-rows.ts'
import type { RunRows } from './run-rows.ts'
import { createRunViews } from './run-views.ts'
import type { RunViews } from './run-views.ts'
import { createRuns } from './runs.ts'
import { checkStore } from './store.ts'
import type { CheckStoreOptions } from './store.ts'
import { createTickets } from './tickets.ts'
import { createWork } from './work.ts'
import type { Work } from './work.ts'

/** How often a process says that it lives, and looks for runs without a ticket. */
const BEAT_MS = 5_000
const SWEEP_MS = 60_000
/** How often the copy of the queue is read while nothing else reads it. */
const LINE_MS = 500
/** The most ended runs that are announced after a time without notices. */
const MISSED_MAX = 1_000

export interface PostgresEngineOptions extends Omit<PartsOptions, 'onError' | 'clock'> {
  role: ProcessFacts['role']
  /** Where this process keeps its files. Without it, that is not checked. */
  place?: Pick<CheckStoreOptions, 'store' | 'dataDir'>
  /** Called with why this process may make no pictures, and with undefined when it may again. */
  onElsewhere?: (reason: string | undefined) => void
  /** Runs that this process works at the same time. */
  concurrency: number
  /** Runs that may wait, of all processes. */
  queueLimit: number
  /** Longest time that a run may work, in milliseconds. */
  lockTtlMs: number
  /** Runs the work in an asynchronous context of its own. */
  within?: (run: RunProgress, work: () => Promise<void>) => Promise<void>
  /** The trace of this asynchronous context, and the call of `work` as a part of a trace. */
  trace?: { current: () => string | undefined; continue: (traceparent: string, work: () => void) => void }
  onRecover?: (action: Recovery) => void
  /** Called when a part of the engine fails and goes on by itself. */
  onError?: (error: unknown) => void
  /** Called once when the database does not answer or takes no work, and once when it works again. */
  onAway?: (cause: unknown) => void
  onBack?: () => void
  clock?: Pick<Clock, 'now' | 'startTimer'>
  /** Unix time of this machine in nanoseconds; never goes back. */
  machineNow?: () => number
  finishedTtlMs?: number
}

export type PostgresEngine = ReturnType<typeof createPostgresEngine>

/** The engine of several processes: everything is in a PostgreSQL database that they share. */
export function createPostgresEngine(options: PostgresEngineOptions) {
  const { database, notices, role, concurrency, queueLimit, lockTtlMs, trace, clock = systemClock } = options
  const processId = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`
  const works = role !== 'http'
  const { reportError, reportWork } = createReports(options)
  const processes = createProcesses({ database, now: options.machineNow ?? unixNanoseconds })
  const { now } = processes
  const parts = createParts({ ...options, clock, onError: reportError })
  const { averages, ledger, circuits, pictures, batches } = parts
  const rows = createRunRows(database)
  const line = createLine({ database, averages, now })
  const views = createRunViews({ rows, line, averages, now })
  const tickets = createTickets({ database, onError: reportError })
  const pace = createPace({ queueLimit, now: clock.now })
  const { reconcile, sweep } = createReconciler({ database, tickets })
  const local = createLocalChanges()
  let isOpen = false
  let isStarted = false
  let worker: Worker | undefined
  let facts: ProcessFacts | undefined
  let closing: Promise<void> | undefined
  const timers: Array<() => Promise<void>> = []
  const { promise: opened, resolve: announceOpen } = createOpening()

  const shared = { database, rows, tickets, averages, clock, now, isReplaced: options.isReplaced }
  const work = createWork({
    ...shared,
    processId,
    ledger,
    concurrency,
    lockTtlMs,
    within: options.within ?? (async (_run, work) => await work()),
    onChange: inTrace(options.trace, local.emit),
    onRecover: options.onRecover ?? (() => {}),
    onError: reportError
  })
  const bus = createRunBus({
    notices,
    rows,
    views,
    now,
    onQueue(change) {
      if (change === 'ended') pace.recordEnd()
      line.invalidate()
    },
    onCancel(runId) {
      work.check(runId).catch(reportError)
    },
    onEnd(runId) {
      work.forget(runId).catch(reportError)
    },
    onError: reportError
  })
  const runs = createRuns({
    ...shared,
    views,
    events: bus,
    queueLimit,
    secondsUntilFree: pace.secondsUntilFree,
    onEnd: local.emit,
    onQueue: line.invalidate,
    traceparent: () => trace?.current(),
    finishedTtlMs: options.finishedTtlMs
  })

  async function close(): Promise<void> {
    isOpen = false
    await Promise.all(timers.map(async (stop) => await stop()))
    bus.stop()
    await tickets.close()
    await parts.close()
    await processes.leave(processId).catch(reportError)
    await notices.stop()
  }

  const start = () => isOpen && isStarted && works && !obstacle.isThere && work.start(worker!)
  const obstacle = createObstacle((reason) => {
    options.onElsewhere?.(reason)
    start()
  })

  return {
    runs,
    batches,
    opened,
    events: bus,
    circuits: withJobs(circuits, work),
    pictures,
    averages,
    ledger: withCalls(ledger, work),
    queue: { load: line.load, secondsUntilFree: pace.secondsUntilFree },

    get isOpen() {
      return isOpen
    },
    health: async () =>
      await readHealth(database, notices.isConnected, processes.clockAheadMs).catch(asAwayHealth),

    findElsewhere: async () => undefined,

    // A process never waits for another one.
    wait() {},

    async open(by: Worker): Promise<void> {
      worker = by
      const store = await storeOf(options)
      facts = factsOf(by, { processId, role, store, slots: works ? concurrency : 0 })
      obstacle.set(await processes.enter(facts))
      await Promise.all([notices.start(), tickets.open(), parts.open()])
      await reconcile()
      await line.refresh()
      const every = (ms: number, work: () => Promise<void>) =>
        timers.push(repeatWork(work, { everyMs: ms, onError: reportError, clock }))
      every(BEAT_MS, async () => await processes.beat(facts!).then(obstacle.set).then(reportWork))
      every(BEAT_MS, reconcile)
      every(SWEEP_MS, sweep)
      every(LINE_MS, line.refresh)
      isOpen = true
      start()
      announceOpen()
    },

    start(): void {
      isStarted = true
      start()
    },

    async stop(graceMs: number): Promise<void> {
      isOpen = false
      await work.stop(graceMs)
    },

    async close(): Promise<void> {
      closing ??= close()
      await closing
    },

    local: { oldest: work.oldest, subscribe: local.subscribe }
  } satisfies Engine
}

/** The changes of the runs that this process works or ends. */
function createLocalChanges() {
  const changes = new EventEmitter().setMaxListeners(0)
  return {
    emit(run: RunProgress): void {
      changes.emit('run', run)
    },
    subscribe(listener: (run: RunProgress) => void): () => void {
      changes.on('run', listener)
      return () => changes.off('run', listener)
    }
  }
}

/** Why this process may make no pictures, if it may not. */
function createObstacle(onChange: (reason: string | undefined) => void) {
  let current: string | undefined
  return {
    get isThere() {
      return current !== undefined
    },
    set(reason: string | undefined): void {
      if (reason === current) return
      current = reason
      onChange(reason)
    }
  }
}

const storeOf = async ({ database, files, place }: PostgresEngineOptions): Promise<string> =>
  place === undefined ? '' : await checkStore({ database, files, ...place })

function factsOf(
  { makes }: Worker,
  facts: Pick<ProcessFacts, 'processId' | 'role' | 'store' | 'slots'>
): ProcessFacts {
  return { ...facts, databaseHash: makes?.databaseHash ?? '', artist: makes?.artist ?? '' }
}

/** The bus, which reads the runs that have ended. */
function createRunBus({
  rows,
  views,
  now,
  ...options
}: Omit<BusOptions, 'readEnded' | 'readMissed'> & { rows: RunRows; views: RunViews; now: () => number }) {
  /** Until this moment the ends of runs were seen, by the clock of the database. */
  let seenNs = now()
  return createBus({
    ...options,
    async readEnded(runId) {
      seenNs = now()
      const row = await rows.read(runId)
      return row && (await views.of([row]))[0]
    },
    async readMissed() {
      const since = seenNs
      seenNs = now()
      return await views.of((await rows.endedAfter(since, MISSED_MAX)).reverse())
    }
  })
}

function unixNanoseconds(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1e6)
}

/** The ledger, whose open calls keep the work of their runs going. */
function withCalls(ledger: Ledger, work: Pick<Work, 'reserve' | 'orSuspend'>): Ledger {
  return {
    ...ledger,
    loseEarlier: async (call) => await work.orSuspend(async () => await ledger.loseEarlier(call)),
    reserve: async (call: PaidCall) => await work.reserve(call, ledger.reserve)
  }
}

/** The circuits. A call that is neither admitted nor rejected, because the database is away, suspends its run. */
function withJobs(circuits: Circuits, work: Pick<Work, 'admit'>): Circuits {
  return {
    of(operation: string): Circuit {
      const circuit = circuits.of(operation)
      return { ...circuit, admit: async () => await work.admit(circuit) }
    },
    subscribe: circuits.subscribe
  }
}

/** Announces a change of a run, as a part of the trace that it names. */
function inTrace(
  trace: PostgresEngineOptions['trace'],
  emit: (run: RunProgress) => void
): (run: RunProgress, traceparent?: string) => void {
  return (run, traceparent) => {
    if (traceparent === undefined || trace === undefined) emit(run)
    else trace.continue(traceparent, () => emit(run))
  }
}

/** Reports errors. That the database is away is reported once, though each part of the engine meets it. */
function createReports({ onError = () => {}, onAway = () => {}, onBack = () => {} }: PostgresEngineOptions) {
  const outage = createOutage({ onBegin: (error) => onAway((error as Error).cause), onEnd: onBack })
  return {
    reportError(error: unknown): void {
      if (saysDatabaseAway(error)) outage.fail(error)
      else if (isDatabaseAway(error)) outage.fail(databaseAway(error))
      else onError(error)
    },
    /** The database has taken a write. */
    reportWork: outage.succeed
  }
}

function createOpening(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((_resolve) => {
    resolve = _resolve
  })
  return { promise, resolve: () => resolve() }
}
