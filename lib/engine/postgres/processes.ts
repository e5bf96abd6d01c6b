import { quote } from '../../errors.ts'
import type { Database } from './database.ts'
import { UnusableDatabase } from './unusable-database.ts'

/** A process that was not seen for this long has ended. */
export const ALIVE_NS = 15e9
/** SQL: how many live processes work runs. */
export const LIVE_WORKERS = `(select count(*) from process
  where role <> 'http' and seen_ns > now_ns() - ${ALIVE_NS}::bigint)`
/** Milliseconds by which the clock of a worker may differ from the one of the database. */
const CLOCK_LIMIT_MS = 5_000
const LOCK = 0x64_61_6c_66
export interface ProcessFacts {
  processId: string
  role: 'all' | 'http' | 'worker'
  /** Runs that it works at the same time. */
  slots: number
  databaseHash: string
  /** Who draws. */
  artist: string
  /** Where it keeps its files: the id of the data folder, or the place of the bucket. Empty if it is not known. */
  store: string
}

/** Which live process keeps its files in another place than `store`, in words; undefined if none does. */
async function elsewhere(database: Pick<Database, 'query'>, store: string): Promise<string | undefined> {
  if (store === '') return undefined
  const [other] = await database.query<{ process_id: string; store: string }>(
    `select process_id, store from process where seen_ns > now_ns() - $1 and store not in ('', $2) limit 1`,
    [ALIVE_NS, store]
  )
  if (other === undefined) return undefined
  const [host = '', pid = ''] = other.process_id.split(':')
  return (
    `Process ${pid} on ${quote(host)} with this PostgreSQL database keeps its files elsewhere: in ${other.store}, ` +
    `and this one in ${store}. All share one TB_DALLE_DATA_DIR, whose volume is mounted on each host, or one ` +
    'bucket of TB_DALLE_S3_URL. A process that was killed counts for 15 seconds.'
  )
}

/**
 * Takes a place as that of the files, unless it is one already or a live process keeps its files elsewhere.
 * @param store empty if it is not known
 * @param isChecked whether the place is known to have the pictures of the database
 * @returns why a process in this place may make no pictures; undefined if it may
 */
export async function takeStore(
  database: Pick<Database, 'query'>,
  store: string,
  isChecked: boolean
): Promise<string | undefined> {
  const [known] = await database.query<{ name: string }>('select name from store')
  if (store === '' || known?.name === store) return undefined
  const reason = await elsewhere(database, store)
  if (reason !== undefined) return reason
  if (!isChecked && (await hasWork(database))) return 'The pictures were made in another place: start again.'
  await database.query(
    'insert into store (name) values ($1) on conflict (id) do update set name = excluded.name',
    [store]
  )
  return undefined
}

/** Whether there are pictures, or runs whose answers may be paid for. */
async function hasWork(database: Pick<Database, 'query'>): Promise<boolean> {
  const [row] = await database.query<{ isThere: boolean }>(
    `select exists (select 1 from picture) or exists (select 1 from run where state in ('waiting', 'working'))
      as "isThere"`
  )
  return row!.isThere
}

export interface ProcessesOptions {
  database: Pick<Database, 'query' | 'transaction'>
  /** Unix time of this machine in nanoseconds; never goes back. */
  now: () => number
}

export type Processes = ReturnType<typeof createProcesses>

/** The processes that use the database, and its clock. */
export function createProcesses({ database, now }: ProcessesOptions) {
  /** What the clock of the database is ahead of this machine's. */
  let aheadNs = 0
  let latestNs = 0

  async function measureClock(): Promise<void> {
    const before = now()
    const [row] = await database.query<{ ns: number }>('select now_ns() as ns')
    aheadNs = row!.ns - (before + now()) / 2
  }

  async function put({ processId, role, slots, databaseHash, artist, store }: ProcessFacts): Promise<void> {
    await database.query(
      `insert into process (process_id, role, slots, database_hash, artist, store, seen_ns)
      values ($1, $2, $3, $4, $5, $6, now_ns()) on conflict (process_id) do update set seen_ns = excluded.seen_ns`,
      [processId, role, slots, databaseHash, artist, store]
    )
  }

  return {
    measureClock,

    /** Unix time in nanoseconds by the clock of the database; never goes back. */
    now(): number {
      latestNs = Math.max(latestNs, Math.round(now() + aheadNs))
      return latestNs
    },

    /** Milliseconds that the clock of the database is ahead of the one of this machine. */
    get clockAheadMs(): number {
      return Math.round(aheadNs / 1e6)
    },

    /**
     * Enters this process. All processes must make the same pictures, and keep them in one place.
     * @returns why this process may make no pictures yet: there are none, and another process keeps its files elsewhere
     * @throws UnusableDatabase when another one has other databases, another artist or, where there are pictures or
     * runs, another place, or when the clocks differ
     */
    async enter(facts: ProcessFacts): Promise<string | undefined> {
      const { role, databaseHash, artist, store } = facts
      await measureClock()
      const differenceMs = Math.abs(Math.round(aheadNs / 1e6))
      if (role !== 'http' && differenceMs > CLOCK_LIMIT_MS) {
        throw new UnusableDatabase(
          `The clock of this machine differs from the one of the database by ${differenceMs} ms: a worker may differ ` +
            `by ${CLOCK_LIMIT_MS} ms.`
        )
      }
      return await database.transaction(async () => {
        await database.query('select pg_advisory_xact_lock($1)', [LOCK])
        const others = await database.query<{ database_hash: string; artist: string }>(
          'select database_hash, artist from process where seen_ns > now_ns() - $1',
          [ALIVE_NS]
        )
        if (others.some((other) => other.database_hash !== databaseHash)) {
          throw new UnusableDatabase(
            'Another process with this PostgreSQL database has other attribute databases: stop it first, ' +
              'or use the same.'
          )
        }
        const other = others.find((other) => other.artist !== artist)
        if (other !== undefined) {
          throw new UnusableDatabase(
            `Another process with this PostgreSQL database draws with ${other.artist}, and this one with ${artist}: ` +
              'give all of them the same settings.'
          )
        }
        const reason = await takeStore(database, store, true)
        if (reason !== undefined && (await hasWork(database))) throw new UnusableDatabase(reason)
        await put(facts)
        return reason
      })
    },

    /**
     * Says that this process lives, and looks at the clock.
     * @returns why this process may make no pictures; undefined if it may
     */
    async beat(facts: ProcessFacts): Promise<string | undefined> {
      await put(facts)
      await measureClock()
      return await takeStore(database, facts.store, false)
    },

    async leave(processId: string): Promise<void> {
      await database.query('delete from process where process_id = $1', [processId])
    }
  }
}
