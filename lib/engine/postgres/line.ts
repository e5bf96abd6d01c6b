import type { Averages, Load } from '../engine.ts'
import { createSingleFlight } from '../../single-flight.ts'
import type { Database } from './database.ts'
import { ALIVE_NS } from './processes.ts'

export interface LineOptions {
  database: Pick<Database, 'query'>
  averages: Pick<Averages, 'all'>
  /** Unix time in nanoseconds by the clock of the database. */
  now: () => number
}

export type Line = ReturnType<typeof createLine>

/** The queue as this process knows it: who waits in which order, and what works. */
export function createLine({ database, averages, now }: LineOptions) {
  let places = new Map<string, number>()
  let claimedNs: number[] = []
  let slots = 0
  let isStale = true
  const reads = createSingleFlight()

  async function read(): Promise<void> {
    isStale = false
    try {
      const [rows, [process]] = await Promise.all([
        database.query<{ run_id: string; claimed_ns: number | null }>(
          `select run_id, case when is_working then claimed_ns end as claimed_ns
          from (
            select *, row_number() over (partition by client, is_working order by sequence) as round
            from (
              select run_id, client, sequence, claimed_ns, state = 'working' and lease_until_ns > now_ns() as is_working
              from run where state in ('waiting', 'working')
            ) as live
          ) as open
          left join client_turn using (client)
          order by round, coalesce(turn, 0), sequence`
        ),
        database.query<{ slots: number }>(
          'select coalesce(sum(slots), 0) as slots from process where seen_ns > now_ns() - $1',
          [ALIVE_NS]
        )
      ])
      const waiting = rows.filter((row) => row.claimed_ns === null)
      places = new Map(waiting.map((row, index) => [row.run_id, index + 1]))
      claimedNs = rows.flatMap((row) => row.claimed_ns ?? [])
      slots = process!.slots
    } catch (error) {
      isStale = true
      throw error
    }
  }

  return {
    /** Something has changed: the next reader reads it. */
    invalidate(): void {
      isStale = true
    },

    get isStale(): boolean {
      return isStale
    },

    /** Reads the queue if it has changed. */
    async refresh(): Promise<void> {
      // A read that is under way may have begun before the change. The next one is new enough, whatever changes then.
      if (reads.has('line')) await reads.run('line', read)
      if (isStale || reads.has('line')) await reads.run('line', read)
    },

    /** The place of a run that waits; 1 is next, 0 is not in the queue. */
    placeOf: (runId: string): number => places.get(runId) ?? 0,

    /** Nanoseconds until the run at a place of the queue begins, by the averages and the slots of all workers. */
    waitNs(position: number): number {
      const runNs = Object.values(averages.all()).reduce((sum, ns) => sum + ns, 0)
      const remaining = claimedNs.map((ns) => Math.max(0, runNs - (now() - ns))).sort((a, b) => a - b)
      const free = Array<number>(Math.max(0, slots - remaining.length)).fill(0)
      const ends = [...free, ...remaining]
      const index = position - 1
      if (ends.length === 0) return position * runNs
      return ends[index % ends.length]! + Math.floor(index / ends.length) * runNs
    },

    load(): Load {
      const oldestNs = claimedNs.length === 0 ? 0 : now() - Math.min(...claimedNs)
      return { working: claimedNs.length, waiting: places.size, oldestSeconds: Math.max(0, oldestNs) / 1e9 }
    }
  }
}
