import { randomUUID } from 'node:crypto'
import { createAverages } from '../../progress/averages.ts'
import { parseSpending } from '../embedded/ledger.ts'
import type { Database } from './database.ts'
import { toMicroUsd } from './micro-usd.ts'

/**
 * Takes over what the file `metrics/spending.json` says of today: afterwards the day has cost at least as much. The
 * difference becomes a call of its own. May be repeated, and while servers run.
 * @returns whether something was added
 * @throws FILE_SYSTEM_ERROR when the file does not say what was spent
 */
export async function importSpending(
  database: Pick<Database, 'query' | 'transaction'>,
  json: string
): Promise<boolean> {
  const { day: written, usd, images } = parseSpending(json)
  return await database.transaction(async () => {
    const [today] = await database.query<{ day: string }>('select spending_day()::text as day')
    if (today!.day !== written) return false
    const [spent] = await database.query<{ usd: number; images: number }>(
      'select usd, images from budget where day = $1::date for update',
      [written]
    )
    const missing = [Math.max(0, toMicroUsd(usd) - spent!.usd), Math.max(0, images - spent!.images)]
    if (missing.every((amount) => amount === 0)) return false
    await database.query('update budget set usd = usd + $1, images = images + $2 where day = $3::date', [
      ...missing,
      written
    ])
    const id = randomUUID()
    await database.query(
      `insert into expense
        (id, run_id, step, attempt, day, state, expected_usd, expected_images, usd, images, is_closed)
       values ($1::uuid, 'import ' || $1, 'import', 1, $4, 'settled', $2, $3, $2, $3, true)`,
      [id, ...missing, written]
    )
    return true
  })
}

/**
 * Takes over the file `metrics/progress_phase_stats.json`, where the database has no averages yet. What cannot be read
 * is left out. May be repeated, and while servers run.
 * @returns whether something was added
 */
export async function importAverages(
  database: Pick<Database, 'query' | 'transaction'>,
  json: string
): Promise<boolean> {
  const { phaseAverages, generationRuns, cacheHits } = createAverages(json).stats
  return await database.transaction(async () => {
    const [total] = await database.query<{ is_empty: boolean }>(
      'select runs = 0 and not exists (select from average) as is_empty from average_total for update'
    )
    if (!total!.is_empty || generationRuns === 0) return false
    for (const [phase, average] of Object.entries(phaseAverages)) {
      await database.query('insert into average (phase, count, avg_ns) values ($1, $2, $3)', [
        phase,
        average!.count,
        Math.round(average!.avgNs)
      ])
    }
    await database.query('update average_total set runs = runs + $1, cache_hits = cache_hits + $2', [
      generationRuns,
      cacheHits
    ])
    return true
  })
}
