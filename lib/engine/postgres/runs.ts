import { randomUUID } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import { errors } from '../../errors.ts'
import type { ServiceError } from '../../errors.ts'
import { createRunProgress } from '../../progress/run.ts'
import type { RunProgress } from '../../progress/run.ts'
import { hasRoom } from '../../shares.ts'
import { createSingleFlight } from '../../single-flight.ts'
import { pictureKey } from '../../storage/layout.ts'
import type { Accepted, Averages, EventBus, NewRun, RunStore, RunView } from '../engine.ts'
import type { Database } from './database.ts'
import { createGathering } from './gathering.ts'
import { ALIVE_NS } from './processes.ts'
import type { NewRow, NewestRun, RunRow, RunRows } from './run-rows.ts'
import type { RunViews } from './run-views.ts'
import type { Tickets } from './tickets.ts'

const FINISHED_TTL_MS = 10 * 60_000
/** How long `cancel` waits for the end of a run, and how often it looks, in milliseconds. */
const CANCEL_MS = 30_000
const CANCEL_LOOK_MS = 1_000

export interface RunsOptions {
  database: Pick<Database, 'transaction'>
  rows: RunRows
  views: RunViews
  tickets: Pick<Tickets, 'add'>
  events: Pick<EventBus, 'subscribe'>
  averages: Pick<Averages, 'of' | 'all'>
  queueLimit: number
  /** Seconds until a request that finds the queue full may succeed. */
  secondsUntilFree: () => number
  clock: Pick<Clock, 'now' | 'startTimer'>
  /** Unix time in nanoseconds by the clock of the database. */
  now: () => number
  /** Called with a run that ends in this process without a worker. */
  onEnd: (run: RunProgress) => void
  /** Called after this process has changed the queue, so that it reads its own change. */
  onQueue: () => void
  /** The trace of the request that this asynchronous context serves. */
  traceparent: () => string | undefined
  finishedTtlMs?: number | undefined
}

/** The runs of all processes: rows in the database. */
export function createRuns(options: RunsOptions) {
  const { database, rows, views, tickets, events, averages, clock, now, onEnd, onQueue } = options
  const rememberedNs = (options.finishedTtlMs ?? FINISHED_TTL_MS) * 1e6
  const accepting = createSingleFlight<Accepted>()

  // Most readers poll: they share statements.
  const newestOf = createGathering(
    async (pictures: Array<Pick<RunRow, 'series' | 'address'>>) => await rows.newest(pictures, rememberedNs),
    { clock }
  )

  async function newest(series: string, address: string): Promise<RunView | undefined> {
    const found = await newestOf({ series, address })
    return found && (await views.find(found))
  }

  async function newestLive(series: string, address: string): Promise<NewestRun | undefined> {
    const [run] = await rows.newest([{ series, address }], 0)
    return run?.state === 'waiting' || run?.state === 'working' ? run : undefined
  }

  async function live(series: string, address: string): Promise<RunView | undefined> {
    const run = await newest(series, address)
    return run?.done === false ? run : undefined
  }

  function rowOf(request: NewRun): { row: NewRow; progress: RunProgress } {
    const { series, address, client = '', provider, order, dress } = request
    const { force, replaces, definition, databaseHash } = request
    const runId = randomUUID()
    const acceptedNs = now()
    const progress = createRunProgress({
      ...request,
      runId,
      dress,
      averages,
      now,
      startedNs: acceptedNs,
      onChange: () => {}
    })
    const record = { force, replaces, definition, databaseHash }
    const traceparent = options.traceparent()
    const key = { runId, series, address, client, provider, order, acceptedNs, traceparent }
    return { row: { ...key, record, progress: progress.state() }, progress }
  }

  /** Adds a run with its ticket. Undefined if the picture has a live run. */
  async function add(request: NewRun): Promise<NewRow | undefined> {
    const { row } = rowOf(request)
    const { queueLimit: limit } = options
    const occupancy = await rows.occupancy(row.client, ALIVE_NS)
    const isAdded = await database.transaction(async () => {
      if (!(await rows.insert(row))) return false
      // A queue that others have filled still takes the client's share.
      if (!hasRoom({ ...occupancy, limit })) throw errors.queueFull(limit, options.secondsUntilFree())
      await tickets.add()
      return true
    })
    return isAdded ? row : undefined
  }

  async function accept(request: NewRun): Promise<Accepted> {
    for (;;) {
      const added = await add(request)
      if (added !== undefined) {
        onQueue()
        return { outcome: 'started', run: await views.ofNew(added) }
      }
      const joined = await live(request.series, request.address)
      if (joined !== undefined) return { outcome: 'joined', run: joined }
    }
  }

  /** Resolves at the next change of a picture's run, or soon. */
  async function changed(series: string, address: string): Promise<void> {
    let leave = () => {}
    let cancelTimer = () => {}
    await new Promise<void>((resolve) => {
      leave = events.subscribe(series, address, () => resolve())
      cancelTimer = clock.startTimer(CANCEL_LOOK_MS, resolve)
    })
    leave()
    cancelTimer()
  }

  /** Ends a run that no worker holds. */
  async function endOpen(row: RunRow, reason: ServiceError): Promise<boolean> {
    const { series, address, client, provider, progress: state } = row
    const run = createRunProgress({
      runId: row.run_id,
      series,
      address,
      client: client === '' ? undefined : client,
      provider,
      dress: state.dress,
      averages,
      now,
      startedNs: row.accepted_ns,
      state,
      onChange: () => {}
    })
    run.fail(reason)
    const isEnded = await rows.endOpen(row.run_id, run.state())
    if (isEnded) onEnd(run)
    return isEnded
  }

  return {
    async accept(request: NewRun): Promise<Accepted> {
      const key = pictureKey(request.series, request.address)
      const isFirst = !accepting.has(key)
      const accepted = await accepting.run(key, async () => await accept(request))
      return isFirst ? accepted : { ...accepted, outcome: 'joined' }
    },

    async reject(request: NewRun, error: ServiceError): Promise<RunView> {
      const { row, progress } = rowOf(request)
      progress.fail(error)
      await rows.insertFailed({ ...row, progress: progress.state() })
      onEnd(progress)
      return (await views.find({ run_id: row.runId, version: 1, state: 'failed' }))!
    },

    join: live,
    last: newest,

    async partial(series: string, address: string) {
      return await rows.readPartial(series, address)
    },

    async live(limit: number): Promise<{ count: number; runs: RunView[] }> {
      const oldest = limit === 0 ? [] : await rows.oldest(limit)
      const count = limit > oldest.length && limit > 0 ? oldest.length : await rows.countLive()
      return { count, runs: await views.of(oldest) }
    },

    async ended(seconds: number, limit: number): Promise<RunView[]> {
      return await views.of(await rows.endedAfter(now() - seconds * 1e9, limit))
    },

    async starterOf(series: string, address: string): Promise<string | undefined> {
      return (await newestLive(series, address))?.client || undefined
    },

    async cancel(series: string, address: string, reason: ServiceError): Promise<RunView | undefined> {
      const first = await newestLive(series, address)
      if (first === undefined) return undefined
      const giveUpAt = clock.now() + CANCEL_MS
      for (;;) {
        const row = await rows.read(first.run_id)
        if (row === undefined) return undefined
        if (row.ended_ns !== null) return (await views.of([row]))[0]
        // A worker that is gone leaves a run which waits when its lease is over.
        if (await endOpen(row, reason)) {
          onQueue()
          continue
        }
        const { code, message, details } = reason
        const asked = changed(series, address)
        await rows.askToEnd(row.run_id, { code, message, details })
        await asked
        if (clock.now() > giveUpAt) {
          throw errors.unavailable('The run has not ended yet', 'Its process does not answer; ask again')
        }
      }
    },

    hasCompleted: rows.hasCompleted,

    secondsSinceEnd(run: RunView): number {
      return (now() - run.endedNs) / 1e9
    }
  } satisfies RunStore
}
