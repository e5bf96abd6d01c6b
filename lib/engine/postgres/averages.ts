import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'
import type { PhaseStats } from '../../progress/averages.ts'
import { WORK_PHASES } from '../../progress/phases.ts'
import type { WorkPhase } from '../../progress/phases.ts'
import type { RunProgress } from '../../progress/run.ts'
import { repeatWork } from '../../repeat-work.ts'
import { FOLDERS, runArchivePath } from '../../storage/layout.ts'
import type { Files } from '../../storage/files.ts'
import type { Averages } from '../engine.ts'
import type { Database } from './database.ts'
import { createWrites } from './writes.ts'

/** How often the copy is read anew, and the files are written, in milliseconds. */
const REFRESH_MS = 1_000
/** Lines of the history that are appended at once. */
const LINES_MAX = 1_000
const STATS = `${FOLDERS.metrics}/progress_phase_stats.json`
const HISTORY = `${FOLDERS.metrics}/progress_phase_history.jsonl`

/** Counts runs and cache hits, both since the last time. */
const ADD_TOTALS = `
  update average_total set runs = runs + $1, cache_hits = cache_hits + $2, is_changed = true`

/**
 * Adds the durations of a run, and the line of the history that it leaves, in one statement. The moving average: a
 * fifth of it is the newest duration. The total comes first, so that two runs never wait for each other in a circle.
 */
const ADD_RUN = `
  with total as (${ADD_TOTALS} returning runs, cache_hits),
  changed as (
    insert into average (phase, count, avg_ns)
    select phase, 1, ns from unnest($3::text[], $4::bigint[]) as added (phase, ns)
    where exists (select from total) order by phase
    on conflict (phase) do update
    set count = average.count + 1, avg_ns = round(0.2 * excluded.avg_ns + 0.8 * average.avg_ns)
    returning phase, count, avg_ns),
  phases as (
    select * from changed
    union all
    select * from average where phase not in (select phase from changed))
  insert into average_line (line)
  select json_build_object(
    'timestamp', $5::text,
    'phases', (
      select coalesce(json_object_agg(phase, json_build_object('count', count, 'avgNs', avg_ns)), '{}') from phases
    ),
    'runs', runs, 'cacheHits', cache_hits)
  from total where $6`

interface AverageRow {
  phase: string
  count: number
  avg_ns: number
}

interface TotalRow {
  runs: number
  cache_hits: number
}

export interface PostgresAveragesOptions {
  database: Pick<Database, 'query' | 'transaction'>
  /** Where the files of the averages are; without it none is written. */
  files?: Pick<Files, 'write' | 'appendLine'> | undefined
  /** Writes the last snapshot of every run to disk. */
  archiveRuns?: boolean
  /** Called when statistics cannot be read or written. Runs go on without them. */
  onError: (error: unknown) => void
  clock?: Pick<Clock, 'startTimer'>
}

export type PostgresAverages = ReturnType<typeof createPostgresAverages>

/**
 * The averages of all processes. The table decides; the files in `metrics/` are written from it, by one process at a
 * time: the one that has the lock on the row of the totals.
 */
export function createPostgresAverages(options: PostgresAveragesOptions) {
  const { database, files, archiveRuns = false, onError, clock = systemClock } = options
  const writes = createWrites({ onError, clock })
  let stats: PhaseStats = { version: 'v1', phaseAverages: {}, generationRuns: 0, cacheHits: 0 }
  let cacheHits = 0
  let stopRefreshing = async () => {}
  let archiving: Promise<void> = Promise.resolve()

  async function read(): Promise<PhaseStats> {
    const rows = await database.query<AverageRow>('select phase, count, avg_ns from average')
    const [total] = await database.query<TotalRow>('select runs, cache_hits from average_total')
    const phases = rows.map(({ phase, count, avg_ns: avgNs }) => [phase, { count, avgNs }] as const)
    const { runs: generationRuns, cache_hits: hits } = total!
    return { version: 'v1', phaseAverages: Object.fromEntries(phases), generationRuns, cacheHits: hits }
  }

  /** Writes the files, unless they are up to date or another process does it. */
  async function writeFiles(to: NonNullable<typeof files>): Promise<void> {
    await database.transaction(async () => {
      const locked = await database.query(
        'select 1 from average_total where is_changed for update skip locked'
      )
      if (locked.length === 0) return
      const lines = await database.query<{ id: number; line: string }>(
        'select id, line from average_line order by id limit $1',
        [LINES_MAX]
      )
      await to.write(STATS, `${JSON.stringify(await read(), null, 2)}\n`)
      if (lines.length > 0) await to.appendLine(HISTORY, lines.map(({ line }) => line).join('\n'))
      await database.query('delete from average_line where id = any ($1::bigint[])', [
        lines.map(({ id }) => id)
      ])
      await database.query('update average_total set is_changed = exists (select from average_line)')
    })
  }

  /** The hits of a second are one write. */
  function countHits(): void {
    if (cacheHits === 0) return
    const hits = cacheHits
    cacheHits = 0
    writes.later(async () => {
      await database.query(ADD_TOTALS, [0, hits])
    })
  }

  async function refresh(): Promise<void> {
    countHits()
    await writes.flush()
    if (files !== undefined) await writeFiles(files)
    stats = await read()
  }

  async function add(run: RunProgress): Promise<void> {
    const isCounted = !run.failed && !run.isStandIn
    const durations = isCounted ? Object.entries(run.durationsNs()) : []
    await database.query(ADD_RUN, [
      ...[isCounted ? 1 : 0, 0],
      ...[durations.map(([phase]) => phase), durations.map(([, ns]) => Math.round(ns))],
      ...[new Date(run.endedNs / 1e6).toISOString(), files !== undefined]
    ])
  }

  return {
    /** The averages as this process knows them. */
    get stats(): PhaseStats {
      return stats
    },

    of: (phase: WorkPhase): number => stats.phaseAverages[phase]?.avgNs ?? 0,

    all: (): Record<string, number> =>
      Object.fromEntries(
        WORK_PHASES.filter((phase) => phase in stats.phaseAverages).map((phase) => [
          phase,
          stats.phaseAverages[phase]!.avgNs
        ])
      ),

    /** Reads the averages, and does so again each second. */
    async open(): Promise<void> {
      await refresh().catch(onError)
      stopRefreshing = repeatWork(refresh, { everyMs: REFRESH_MS, onError, clock })
    },

    addCacheHit(): void {
      cacheHits += 1
    },

    /** Adds a run that has ended in this process. */
    addRun(run: RunProgress): void {
      // A run that is refused at once costs nothing, so any client can make many. They are not kept.
      if (!run.hasBegun) return
      writes.later(async () => {
        await add(run)
      })
      if (!archiveRuns || files === undefined) return
      const path = runArchivePath(run.series, run.address, Math.floor(run.endedNs / 1e9))
      const snapshot = `${JSON.stringify(run.snapshot(), null, 2)}\n`
      archiving = archiving.then(async () => await files.write(path, snapshot)).catch(onError)
    },

    /** Writes what waits, if that is possible now. */
    async stop(): Promise<void> {
      await stopRefreshing()
      await refresh().catch(onError)
      await writes.stop()
      await archiving
    }
  } satisfies Averages & Record<string, unknown>
}
