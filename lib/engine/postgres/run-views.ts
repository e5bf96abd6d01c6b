import { LRUCache } from 'lru-cache'
import { createRunProgress } from '../../progress/run.ts'
import type { Averages, RunView } from '../engine.ts'
import type { Line } from './line.ts'
import { createGathering } from './gathering.ts'
import type { NewRow, RunRow, RunRows } from './run-rows.ts'

/** Runs whose last version is kept in memory. */
const KEPT = 2_000

export interface RunViewsOptions {
  rows: Pick<RunRows, 'readAll'>
  line: Pick<Line, 'placeOf' | 'waitNs' | 'locate'>
  averages: Pick<Averages, 'of' | 'all'>
  /** Unix time in nanoseconds by the clock of the database. */
  now: () => number
}

export type RunViews = ReturnType<typeof createRunViews>

/** The runs as their readers see them. Between two versions, percentage and remaining time move with the clock. */
export function createRunViews({ rows, line, averages, now }: RunViewsOptions) {
  const known = new LRUCache<string, RunView & { version: number }>({ max: KEPT })

  const readRow = createGathering(rows.readAll)

  function viewOf(row: Omit<RunRow, 'sequence'>): RunView & { version: number } {
    const { run_id: runId, series, address, state, version, image_order: order, progress: saved } = row
    const client = row.client === '' ? undefined : row.client
    const run = createRunProgress({
      runId,
      series,
      address,
      client,
      provider: row.provider,
      order: order ?? undefined,
      dress: saved.dress,
      averages,
      now,
      startedNs: row.accepted_ns,
      waitNs: line.waitNs,
      state: saved,
      onChange: () => {}
    })
    return {
      runId,
      client,
      order: run.order,
      version,
      done: run.done,
      failed: run.failed,
      endedNs: row.ended_ns ?? 0,
      retryAfter: run.retryAfter,
      costUsd: run.costUsd,
      mayBeBilled: run.mayBeBilled,
      snapshot() {
        if (state === 'waiting') run.setQueuePosition(line.placeOf(runId))
        return run.snapshot()
      }
    }
  }

  function add(row: Omit<RunRow, 'sequence'>): RunView {
    const view = known.get(row.run_id)
    if (view?.version === row.version) return view
    const added = viewOf(row)
    known.set(row.run_id, added)
    return added
  }

  return {
    /** The views of rows that are read already. */
    async of(read: RunRow[]): Promise<RunView[]> {
      await line.locate(read.filter(({ state }) => state === 'waiting').map((row) => row.run_id))
      return read.map(add)
    },

    /** The view of a run that this process has just added. */
    async ofNew({
      runId,
      series,
      address,
      client,
      provider,
      order,
      progress,
      acceptedNs
    }: NewRow): Promise<RunView> {
      await line.locate([runId])
      return add({
        ...{ run_id: runId, series, address, client, provider, progress },
        ...{
          state: 'waiting',
          version: 1,
          accepted_ns: acceptedNs,
          ended_ns: null,
          image_order: order ?? null
        }
      })
    },

    /** The view of a run that has at least this version. */
    async find({ run_id: runId, version, state }: Pick<RunRow, 'run_id' | 'version' | 'state'>) {
      if (state === 'waiting') await line.locate([runId])
      const view = known.get(runId)
      if (view?.version === version) return view
      const row = await readRow(runId)
      return row && add(row)
    }
  }
}
