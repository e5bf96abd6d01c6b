import { randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { errors } from '../../errors.ts'
import type { ServiceError } from '../../errors.ts'
import { createRunProgress } from '../../progress/run.ts'
import type { PartialImage, RunProgress } from '../../progress/run.ts'
import type { DalleDress } from '../../schemas/dress.ts'
import { pictureKey } from '../../storage/layout.ts'
import type {
  Accepted,
  ClaimedRun,
  NewRun,
  Recovery,
  RunRecord,
  RunStep,
  RunStore,
  RunTime,
  RunView,
  Worker
} from '../engine.ts'
import type { KeptAverages } from './averages.ts'
import { createBus } from './bus.ts'
import type { FailedRun, Journal, JournalEntry } from './journal.ts'
import type { EmbeddedLedger } from './ledger.ts'
import type { OwedWrites } from './owed-writes.ts'
import type { EmbeddedQueue } from './queue.ts'

const FINISHED_TTL_MS = 10 * 60_000
const FINISHED_MAX = 10_000
/** The runs of older versions, which do not say who asked, take turns as those of one client. */
const UNKNOWN_CLIENT = ''
/** How often a run is taken up without a new step before it fails. */
const RESTARTS_MAX = 3

export interface RunsOptions {
  journal: Journal
  queue: EmbeddedQueue
  averages: KeptAverages
  ledger: Pick<EmbeddedLedger, 'close' | 'costOf'>
  owed: Pick<OwedWrites, 'write'>
  queueLimit: number
  /** Unix time in nanoseconds; never goes back. */
  now: () => number
  onRecover: (action: Recovery) => void
  /** Called when the record of a run cannot be written or removed, and the run goes on. */
  onDiskError: (error: unknown) => void
  finishedTtlMs?: number | undefined
  finishedMax?: number | undefined
}

interface LiveRun {
  sequence: number
  record: RunRecord
  progress: RunProgress
  /** Resolves when the run is in the journal. */
  kept: Promise<void>
  isRecovered: boolean
}

/** The runs of this process. The journal keeps them over its end. */
export function createRuns(options: RunsOptions) {
  const { journal, queue, averages, ledger, owed, queueLimit, now, onRecover, onDiskError } = options
  const live = new Map<string, LiveRun>()
  const finished = new LRUCache<string, RunView>({
    max: options.finishedMax ?? FINISHED_MAX,
    ttl: options.finishedTtlMs ?? FINISHED_TTL_MS,
    // By default the cache reads its clock at most once a millisecond, and holds the time with a timer.
    ttlResolution: 0,
    perf: { now: () => now() / 1e6 },
    // A failure is in the journal as long as it is remembered.
    dispose: (run) => {
      if (run.failed) forget(run.runId)
    }
  })
  /** Runs whose paid answer was lost. Only a forced run replaces them, so they are remembered without a limit. */
  const answerLost = new Map<string, RunView>()
  const bus = createBus<RunProgress>()
  let sequence = 0
  let worker: Worker | undefined

  function forget(runId: string): void {
    owed.write(`removal of ${runId}`, async () => await journal.remove(runId)).catch(onDiskError)
  }

  function createLive(record: RunRecord, dress: DalleDress, percent: number, isRecovered: boolean): LiveRun {
    const key = pictureKey(record.series, record.address)
    const progress = createRunProgress({
      ...record,
      startedNs: record.acceptedNs,
      percent,
      dress,
      averages,
      waitNs: queue.waitNs,
      now,
      onChange
    })
    const run: LiveRun = { sequence, record, progress, kept: Promise.resolve(), isRecovered }
    sequence += 1
    function onChange() {
      if (progress.done && live.get(key) === run) {
        if (isRecovered) progress.raiseCost(ledger.costOf(record.runId))
        live.delete(key)
        remember(key, progress)
        averages.addRun(progress)
      }
      bus.publish(record.series, record.address, progress)
    }
    finished.delete(key)
    live.set(key, run)
    bus.publish(record.series, record.address, progress)
    return run
  }

  function forgetLostAnswer(key: string): void {
    const lost = answerLost.get(key)
    if (lost === undefined) return
    answerLost.delete(key)
    forget(lost.runId)
  }

  function remember(key: string, run: RunView): void {
    if (run.failed && run.snapshot().errorCode === 'ANSWER_LOST') answerLost.set(key, run)
    else finished.set(key, run)
  }

  function entryOf({ sequence, record, progress }: LiveRun, failed?: FailedRun): JournalEntry {
    return { sequence, record, percent: progress.done ? 100 : progress.snapshot().percent, failed }
  }

  /** Puts a run into the queue. It works when its record is kept. */
  function enqueue(run: LiveRun): void {
    const task = async (signal: AbortSignal, time: RunTime) => {
      await run.kept
      await worker!.work(await claim(run, signal, time))
    }
    const { runId, client = UNKNOWN_CLIENT } = run.record
    queue.add(runId, run.progress, client, task, async () => await end(run))
  }

  async function claim(run: LiveRun, signal: AbortSignal, time: RunTime): Promise<ClaimedRun> {
    if (run.isRecovered) {
      if (run.record.restarts >= RESTARTS_MAX) throw errors.tooManyRestarts(RESTARTS_MAX)
      await update(run, { restarts: run.record.restarts + 1 })
    }
    return {
      get record() {
        return run.record
      },
      progress: run.progress,
      signal,
      ...time,
      reach: async (step: RunStep) => await update(run, { step, restarts: 0 }),
      async drawWith(provider) {
        run.progress.drawWith(provider)
        if (provider !== run.record.provider) await update(run, { provider })
      }
    }
  }

  async function update(run: LiveRun, changes: Partial<RunRecord>): Promise<void> {
    run.record = { ...run.record, ...changes }
    await journal.write(entryOf(run))
  }

  async function end(run: LiveRun): Promise<void> {
    await owed.write(`end of ${run.record.runId}`, async () => await settle(run))
  }

  /** Writes how a run ended. A suspended run stays as it is. */
  async function settle(run: LiveRun): Promise<void> {
    const { progress, record } = run
    if (!progress.done) return
    await run.kept.catch(() => {})
    const snapshot = progress.snapshot()
    // A run that was taken up again was promised to a client, so its failure is kept though it has not begun here.
    const isPromised = progress.hasBegun || run.isRecovered
    const isRemembered = progress.failed && snapshot.errorCode !== 'CANCELLED' && isPromised
    if (isRemembered) {
      const { endedNs, retryAfter, mayBeBilled, costUsd } = progress
      await journal.write(entryOf(run, { snapshot, endedNs, retryAfter, mayBeBilled, costUsd }))
      const key = pictureKey(record.series, record.address)
      // During the write a new run may have taken its place, and its record would come back at the next start.
      const isStillLast = (answerLost.get(key) ?? finished.get(key))?.runId === record.runId
      if (!isStillLast) await journal.remove(record.runId)
    } else {
      await journal.remove(record.runId)
    }
    // Its calls are forgotten last: until the run is known to have ended, they count as lost.
    ledger.close(record.runId)
  }

  /** The failure of a run that ended in another process. */
  function viewFailure({ record, failed }: JournalEntry): RunView {
    const { snapshot, retryAfter, endedNs, mayBeBilled = true, costUsd = 0 } = failed!
    return {
      runId: record.runId,
      client: record.client,
      order: record.order,
      done: true,
      failed: true,
      // The clock of the other process may have been ahead.
      endedNs: Math.min(endedNs, now()),
      retryAfter,
      costUsd,
      mayBeBilled,
      snapshot: () => snapshot
    }
  }

  /** Remembers the failure of a run that ended in another process. */
  function restore(entry: JournalEntry): void {
    const { record } = entry
    const view = viewFailure(entry)
    const isPermanent = view.snapshot().errorCode === 'ANSWER_LOST'
    const ageMs = (now() - view.endedNs) / 1e6
    const ttlMs = options.finishedTtlMs ?? FINISHED_TTL_MS
    if (!isPermanent && ageMs >= ttlMs) forget(record.runId)
    else if (isPermanent) answerLost.set(pictureKey(record.series, record.address), view)
    else {
      finished.set(pictureKey(record.series, record.address), view, { ttl: Math.min(ttlMs, ttlMs - ageMs) })
    }
  }

  /** Takes up a run that was kept. It fails if its dress can no longer be made. */
  async function resume({ record, percent }: JournalEntry): Promise<void> {
    const key = pictureKey(record.series, record.address)
    if (live.has(key)) return forget(record.runId)
    const prepared = await worker!.prepare(record).catch(onDiskError)
    // A record that cannot be prepared stays for the next start, and does not stop this one.
    if (prepared === undefined) return
    if (prepared.isMade) return forget(record.runId)
    const run = createLive(record, prepared.dress, percent, true)
    if (prepared.problem === undefined) {
      onRecover('resumed')
      enqueue(run)
      return
    }
    onRecover('failed')
    run.progress.fail(prepared.problem)
    await end(run)
  }

  const store = {
    bus,
    viewFailure,

    async accept({ dress, ...request }: NewRun): Promise<Accepted> {
      const key = pictureKey(request.series, request.address)
      const joined = live.get(key)
      if (joined !== undefined) {
        await joined.kept
        return { outcome: 'joined', run: joined.progress }
      }
      if (queue.isFullFor(request.client ?? UNKNOWN_CLIENT)) {
        throw errors.queueFull(queueLimit, queue.secondsUntilFree())
      }
      const run = createLive(recordOf(request), dress, 0, false)
      // A run that cannot be kept was never accepted, so it is not remembered.
      run.kept = journal.write(entryOf(run)).catch((error: ServiceError) => {
        live.delete(key)
        throw error
      })
      enqueue(run)
      try {
        await run.kept
      } catch (error) {
        await queue.abort(run.record.runId, error as ServiceError)
        throw error
      }
      forgetLostAnswer(key)
      return { outcome: 'started', run: run.progress }
    },

    async join(series: string, address: string): Promise<RunView | undefined> {
      const run = live.get(pictureKey(series, address))
      await run?.kept
      return run?.progress
    },

    async reject({ dress, ...request }: NewRun, error: ServiceError): Promise<RunView> {
      const { progress } = createLive(recordOf(request), dress, 0, false)
      progress.fail(error)
      return progress
    },

    async last(series: string, address: string): Promise<RunView | undefined> {
      const key = pictureKey(series, address)
      // A forced run that was refused at once has not replaced a lost answer.
      return live.get(key)?.progress ?? answerLost.get(key) ?? finished.get(key)
    },

    async partial(series: string, address: string): Promise<PartialImage | undefined> {
      return live.get(pictureKey(series, address))?.progress.partial
    },

    async ended(seconds: number, limit: number): Promise<RunView[]> {
      return [...finished.values(), ...answerLost.values()]
        .filter((run) => store.secondsSinceEnd(run) < seconds)
        .sort((a, b) => b.endedNs - a.endedNs)
        .slice(0, limit)
    },

    async live(limit: number): Promise<{ count: number; runs: RunProgress[] }> {
      return { count: live.size, runs: store.oldest(limit) }
    },

    async starterOf(series: string, address: string): Promise<string | undefined> {
      return live.get(pictureKey(series, address))?.record.client
    },

    async cancel(series: string, address: string, reason: ServiceError): Promise<RunView | undefined> {
      const run = live.get(pictureKey(series, address))
      if (run === undefined) return undefined
      await queue.abort(run.record.runId, reason)
      return run.progress
    },

    async hasCompleted(runId: string, series: string, address: string): Promise<boolean> {
      const run = finished.get(pictureKey(series, address))
      return run?.runId === runId && run.done && !run.failed
    },

    secondsSinceEnd(run: RunView): number {
      return (now() - run.endedNs) / 1e9
    },

    /** The oldest `limit` runs that wait or work in this process. */
    oldest(limit: number): RunProgress[] {
      const runs: RunProgress[] = []
      for (const { progress } of live.values()) {
        if (runs.length >= limit) break
        runs.push(progress)
      }
      return runs
    },

    /**
     * Takes up all runs of the journal, in the order of their acceptance.
     * @returns the ids of the runs that go on
     */
    async open(by: Worker): Promise<Set<string>> {
      worker = by
      const entries = await journal.read()
      sequence = 1 + Math.max(0, ...entries.map((entry) => entry.sequence))
      for (const entry of entries) {
        if (entry.failed !== undefined) restore(entry)
        else await resume(entry)
      }
      return new Set([...live.values()].map(({ record }) => record.runId))
    },

    /** Forgets the failures that are too old, and removes their records. */
    purge(): void {
      finished.purgeStale()
    }
  } satisfies RunStore & Record<string, unknown>

  function recordOf(request: Omit<NewRun, 'dress'>): RunRecord {
    return { ...request, runId: randomUUID(), acceptedNs: now(), step: 'accepted', restarts: 0 }
  }

  return store
}
