import type { PhaseStats } from '../../progress/averages.ts'
import { FOLDERS } from '../../storage/layout.ts'
import type { Files } from '../../storage/files.ts'
import type { Database } from './database.ts'
import { toUsd } from './micro-usd.ts'

/** The file `metrics/spending.json` with what is spent today. No call is open: it is for a time without runs. */
export async function exportSpending(database: Pick<Database, 'query'>): Promise<string> {
  const [today] = await database.query<{ day: string }>('select spending_day()::text as day')
  const { day } = today!
  const [spent] = await database.query<{ usd: number; images: number }>(
    'select usd, images from budget where day = $1::date',
    [day]
  )
  const { usd = 0, images = 0 } = spent ?? {}
  return `${JSON.stringify({ version: 'v1', day, usd: toUsd(usd), images, calls: [] }, null, 2)}\n`
}

const HISTORY = `${FOLDERS.metrics}/progress_phase_history.jsonl`
/** Lines of the history that are appended at once. */
const LINES_MAX = 1_000

/** Appends what the file `metrics/progress_phase_history.jsonl` lacks. */
export async function exportHistory(
  database: Pick<Database, 'query' | 'transaction'>,
  files: Pick<Files, 'appendLine'>
): Promise<void> {
  for (;;) {
    const written = await database.transaction(async () => {
      const lines = await database.query<{ line: string }>(
        `with taken as (
          delete from average_line where id in (select id from average_line order by id limit ${LINES_MAX})
          returning id, line
        )
        select line from taken order by id`
      )
      if (lines.length > 0) await files.appendLine(HISTORY, lines.map(({ line }) => line).join('\n'))
      return lines.length
    })
    if (written < LINES_MAX) return
  }
}

/** The file `metrics/progress_phase_stats.json`. */
export async function exportAverages(database: Pick<Database, 'query'>): Promise<string> {
  const phases = await database.query<{ phase: string; count: number; avg_ns: number }>(
    'select phase, count, avg_ns from average order by phase'
  )
  const [total] = await database.query<{ runs: number; cache_hits: number }>(
    'select runs, cache_hits from average_total'
  )
  const stats: PhaseStats = {
    version: 'v1',
    phaseAverages: Object.fromEntries(
      phases.map(({ phase, count, avg_ns: avgNs }) => [phase, { count, avgNs }])
    ),
    generationRuns: total?.runs ?? 0,
    cacheHits: total?.cache_hits ?? 0
  }
  return `${JSON.stringify(stats, null, 2)}\n`
}
