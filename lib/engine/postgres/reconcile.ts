import type { EngineHealth } from '../engine.ts'
import { ALIVE_NS, LIVE_WORKERS } from './processes.ts'
import { saysDatabaseAway } from './database.ts'
import type { Database } from './database.ts'
import type { Tickets } from './tickets.ts'

/** Any number that no other lock has: one process at a time looks. */
const LOCK = 0x64_61_6c_67
/** Runs that ended stay in the table for a day. */
const KEPT_NS = 86_400e9
/** What is not in use any more is removed after this time. */
const UNUSED_NS = 600e9

export interface ReconcilerOptions {
  database: Pick<Database, 'query' | 'transaction'>
  tickets: Pick<Tickets, 'add' | 'countWaiting'>
}

export type Reconciler = ReturnType<typeof createReconciler>

/** Repairs what kills leave behind: runs without a ticket. Removes what is old. */
export function createReconciler({ database, tickets }: ReconcilerOptions) {
  async function tryAlone(work: () => Promise<void>): Promise<void> {
    await database.transaction(async () => {
      const [row] = await database.query<{ is_alone: boolean }>(
        'select pg_try_advisory_xact_lock($1) as is_alone',
        [LOCK]
      )
      if (row!.is_alone) await work()
    })
  }

  return {
    /** Adds a ticket for each run that could be claimed and has none. A ticket too many does no harm. */
    async reconcile(): Promise<void> {
      await tryAlone(async () => {
        const [row] = await database.query<{ claimable: number }>(
          `select count(*) as claimable from run
          where state in ('waiting', 'working') and lease_until_ns <= now_ns()`
        )
        const missing = row!.claimable - (await tickets.countWaiting())
        if (missing > 0) await tickets.add(missing)
      })
    },

    /** Removes runs that ended long ago. One whose answer was lost stays until a forced run replaces it. */
    async sweep(): Promise<void> {
      await tryAlone(async () => {
        await database.query('delete from run where ended_ns < now_ns() - $1 and not answer_lost', [KEPT_NS])
        await database.query('delete from process where seen_ns < now_ns() - $1', [UNUSED_NS])
        await database.query(
          `delete from client_turn where began_ns < now_ns() - $1 and not exists
            (select 1 from run where run.client = client_turn.client and state in ('waiting', 'working'))`,
          [UNUSED_NS]
        )
      })
    }
  }
}

/** The state of the database, for the health of the service. */
export async function readHealth(
  database: Pick<Database, 'query'>,
  isListening: boolean,
  clockAheadMs: number
): Promise<EngineHealth> {
  const [row] = await database.query<{
    schema: string
    working: number
    waiting: number
    stalled: number
    lease: number
    processes: number
    workers: number
  }>(
    `select (select max(name) from dalle.migration) as schema,
      count(*) filter (where state = 'working') as working,
      count(*) filter (where state = 'waiting') as waiting,
      count(*) filter (where state = 'working' and lease_until_ns <= now_ns()) as stalled,
      coalesce(min(lease_until_ns - now_ns()) filter (where state = 'working'), 0) / 1000000 as lease,
      (select count(*) from process where seen_ns > now_ns() - ${ALIVE_NS}::bigint) as processes,
      ${LIVE_WORKERS} as workers
    from run where state in ('waiting', 'working')`
  )
  const { schema, working, waiting, stalled, lease, processes, workers } = row!
  const problem =
    workers === 0
      ? `No worker lives, and ${runsOf(waiting + working)} for one`
      : stalled > 0
        ? `${runsOf(stalled)} for another worker`
        : isListening
          ? undefined
          : 'Notices of other processes do not arrive'
  return {
    status: problem === undefined ? 'healthy' : 'degraded',
    message: problem ?? 'The database answers',
    details: {
      schema,
      processes,
      workers,
      clock_ahead_ms: clockAheadMs,
      working_runs: working,
      waiting_runs: waiting,
      stalled_runs: stalled,
      shortest_lease_ms: lease
    }
  }
}

/** The health when it cannot be read because the database is away. Throws any other error again. */
export function asAwayHealth(error: unknown): EngineHealth {
  if (!saysDatabaseAway(error)) throw error
  return { status: 'unhealthy', message: 'The database does not answer', details: {} }
}

function runsOf(count: number): string {
  return count === 1 ? '1 run waits' : `${count} runs wait`
}
