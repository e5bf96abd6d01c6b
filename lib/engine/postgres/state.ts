import { LIVE_WORKERS } from './processes.ts'
import { EMBEDDED_STATE } from '../state.ts'
import type { EngineState } from '../state.ts'
import type { Database } from './database.ts'

export interface StateReaderOptions {
  database: Pick<Database, 'query' | 'pool'>
  /** Unix time of this machine in milliseconds. */
  now?: () => number
}

/**
 * Reads how the engine is doing. It never fails: while the database is away, the engine is not up, and the other
 * figures are those of the last time. A database that only reads, as a standby does, takes no work either.
 */
export function createStateReader({
  database,
  now = Date.now
}: StateReaderOptions): () => Promise<EngineState> {
  const { pool } = database
  let known: Pick<EngineState, 'clockDifferenceSeconds' | 'stalledRuns' | 'workers'> = EMBEDDED_STATE

  return async () => {
    // Before the statement, which would count itself.
    const connections = {
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount
    }
    const before = now()
    try {
      const [row] = await database.query<{
        ns: number
        stalled: number
        workers: number
        reads_only: boolean
      }>(
        `select now_ns() as ns, pg_is_in_recovery() as reads_only,
           (select count(*) from run where state = 'working' and lease_until_ns < now_ns()) as stalled,
           ${LIVE_WORKERS} as workers`
      )
      const { ns, stalled, workers, reads_only: readsOnly } = row!
      known = {
        clockDifferenceSeconds: (ns / 1e6 - (before + now()) / 2) / 1000,
        stalledRuns: stalled,
        workers
      }
      return { isUp: !readsOnly, ...known, connections }
    } catch {
      const { clockDifferenceSeconds, stalledRuns, workers } = known
      return { isUp: false, clockDifferenceSeconds, stalledRuns, workers, connections }
    }
  }
}
