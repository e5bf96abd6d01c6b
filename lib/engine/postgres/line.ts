import type { Averages, Load } from '../engine.ts'
import { createSingleFlight } from '../../single-flight.ts'
import type { Database } from './database.ts'
import { ALIVE_NS } from './processes.ts'

/** In a queue of at least so many runs, the places that a reader sees may be old. */
const LONG = 1_000
/** How old they may be, in milliseconds for each run that waits: reading them takes as long as the queue is. */
const AGE_MS = 0.1

export interface LineOptions {
  database: Pick<Database, 'query'>
  averages: Pick<Averages, 'all'>
  /** Unix time in nanoseconds by the clock of the database. */
  now: () => number
}

export type Line = ReturnType<typeof createLine>

const WORKS = `state = 'working' and lease_until_ns > now_ns()`

/** What works, and how many wait. */
const LOAD = `
  select count(*) filter (where not (${WORKS})) as waiting,
    coalesce(json_agg(claimed_ns) filter (where ${WORKS}), '[]') as claimed_ns,
    (select coalesce(sum(slots), 0) from process where seen_ns > now_ns() - ${ALIVE_NS}::bigint) as slots
  from run where state in ('waiting', 'working')`

/** The runs that wait, in the order of their turns. One text is read faster than a row for each. */
const ORDER = `
  select string_agg(run_id, ' ' order by round, coalesce(turn, 0), sequence) as run_ids
  from (
    select run_id, client, sequence, row_number() over (partition by client order by sequence) as round
    from run where state in ('waiting', 'working') and not (${WORKS})
  ) as open
  left join client_turn using (client)`

/** The queue as this process knows it: who waits in which order, and what works. */
export function createLine({ database, averages, now }: LineOptions) {
  let places = new Map<string, number>()
  let placesAtNs = -Infinity
  let load = { waiting: 0, claimed_ns: [] as number[], slots: 0 }
  let isLoadStale = true
  let arePlacesStale = true
  const reads = createSingleFlight()

  async function readLoad(): Promise<void> {
    isLoadStale = false
    try {
      const [row] = await database.query<typeof load>(LOAD)
      load = row!
    } catch (error) {
      isLoadStale = true
      throw error
    }
  }

  async function readPlaces(): Promise<void> {
    arePlacesStale = false
    try {
      const [row] = await database.query<{ run_ids: string | null }>(ORDER)
      const runIds = row!.run_ids?.split(' ') ?? []
      places = new Map(runIds.map((runId, index) => [runId, index + 1]))
      placesAtNs = now()
    } catch (error) {
      arePlacesStale = true
      throw error
    }
  }

  /** Reads anew if something has changed. */
  async function refreshBy(name: string, read: () => Promise<void>, isStale: () => boolean): Promise<void> {
    // A read that is under way may have begun before the change. The next one is new enough, whatever changes then.
    if (reads.has(name)) await reads.run(name, read)
    if (isStale() || reads.has(name)) await reads.run(name, read)
  }

  async function refresh(): Promise<void> {
    await refreshBy('load', readLoad, () => isLoadStale)
  }

  /** Whether the places of these runs may be shown as they were read last. */
  function areKnown(runIds: readonly string[]): boolean {
    const { size } = places
    const isRecent = size >= LONG && now() - placesAtNs < size * AGE_MS * 1e6
    return isRecent && runIds.every((runId) => places.has(runId))
  }

  return {
    /** Something has changed: the next reader reads it. */
    invalidate(): void {
      isLoadStale = true
      arePlacesStale = true
    },

    /** Reads what works if it has changed. What it costs hardly depends on how many runs wait. */
    refresh,

    /** Reads the places of runs that wait, if the queue has changed. In a long queue they may be a second old. */
    async locate(runIds: readonly string[]): Promise<void> {
      if (runIds.length === 0) return
      const readNow = async () => {
        if (!areKnown(runIds)) await refreshBy('places', readPlaces, () => arePlacesStale)
      }
      await Promise.all([refresh(), readNow()])
    },

    /** The place of a run that waits; 1 is next, 0 is not in the queue. */
    placeOf: (runId: string): number => places.get(runId) ?? 0,

    /** Nanoseconds until the run at a place of the queue begins, by the averages and the slots of all workers. */
    waitNs(position: number): number {
      const runNs = Object.values(averages.all()).reduce((sum, ns) => sum + ns, 0)
      const remaining = load.claimed_ns.map((ns) => Math.max(0, runNs - (now() - ns))).sort((a, b) => a - b)
      const free = Array<number>(Math.max(0, load.slots - remaining.length)).fill(0)
      const ends = [...free, ...remaining]
      const index = position - 1
      if (ends.length === 0) return position * runNs
      return ends[index % ends.length]! + Math.floor(index / ends.length) * runNs
    },

    load(): Load {
      const { claimed_ns: claimedNs, waiting } = load
      const oldestNs = claimedNs.length === 0 ? 0 : now() - Math.min(...claimedNs)
      return { working: claimedNs.length, waiting, oldestSeconds: Math.max(0, oldestNs) / 1e9 }
    }
  }
}
