import type { Database } from '../../lib/engine/postgres/database.ts'
import { createRunRows } from '../../lib/engine/postgres/run-rows.ts'
import { sweepAnswers } from '../../lib/generation/answer-sweep.ts'
import { createAnswers } from '../../lib/generation/answers.ts'
import { createFiles } from '../../lib/storage/files.ts'
import type { Accepted } from '../chaos/check.ts'
import { PRICE } from '../chaos/provider.ts'
import type { Room } from '../chaos/room.ts'

interface DayRow {
  day: string
  usd: number
  images: number
  expense_usd: number
  expense_images: number
}

/** What is wrong with the ledger at this moment: it holds at every moment, whatever the processes do. */
export async function ledgerProblems(
  database: Database,
  { images: limit = Infinity }: { images?: number } = {}
): Promise<string[]> {
  const days = await database
    .query<DayRow>(
      `select day::text, usd, images,
        (select coalesce(sum(usd), 0) from expense where expense.day = budget.day) as expense_usd,
        (select coalesce(sum(images), 0) from expense where expense.day = budget.day) as expense_images
      from budget`
    )
    // While the database is away there is nothing to see.
    .catch(() => [])
  return days.flatMap(({ day, usd, images, expense_usd: sumUsd, expense_images: sumImages }) => [
    ...(usd === sumUsd ? [] : [`${day}: ${usd} micro-USD are booked for expenses of ${sumUsd}`]),
    ...(images === sumImages ? [] : [`${day}: ${images} images are booked for expenses of ${sumImages}`]),
    ...(images <= limit ? [] : [`${day}: ${images} images are booked of ${limit}`])
  ])
}

/** The live runs that share a picture: there is at most one. */
export async function doubledRuns(database: Database): Promise<string[]> {
  const rows = await database
    .query<{ series: string; address: string }>(
      `select series, address from run where state in ('waiting', 'working') group by 1, 2 having count(*) > 1`
    )
    .catch(() => [])
  return rows.map(({ series, address }) => `${series}/${address} has more than one live run`)
}

/** Each picture was made by a run that has completed. */
async function strayPictures(database: Database): Promise<string[]> {
  const rows = await database.query<{ address: string; state: string }>(
    `select picture.address, coalesce(run.state, 'unknown') as state
    from picture left join run on run.run_id = picture.run_id
    where run.state is distinct from 'completed'`
  )
  return rows.map(({ address, state }) => `${address} has a picture, and its run is ${state}`)
}

/** The full check when no run is live and no process works. */
export async function checkEngine({ room, database }: { room: Room; database: Database }): Promise<void> {
  const { tally, provider, folder } = room
  tally.problems.push(...(await ledgerProblems(database)), ...(await doubledRuns(database)))
  const open = await database.query<{ address: string; state: string }>(
    `select address, state from run where state in ('waiting', 'working')`
  )
  tally.problems.push(...open.map(({ address, state }) => `${address} is still ${state}`))
  const indexed = await database.query<{ address: string }>('select address from picture')
  const files = await folder.pictures()
  for (const { address } of indexed) {
    if (!files.has(address)) tally.problems.push(`${address} is in the index, and its file is missing`)
  }
  const pictured = new Set(indexed.map(({ address }) => address))
  for (const address of files) {
    if (!pictured.has(address)) tally.problems.push(`${address} is no picture of the index`)
  }
  tally.problems.push(...(await strayPictures(database)))
  const [booked] = await database.query<{ usd: number; images: number }>(
    'select coalesce(sum(usd), 0) as usd, coalesce(sum(images), 0) as images from budget'
  )
  const { image, chat } = provider.total
  const charged = Math.round((image * PRICE.image + chat * PRICE.chat) * 1e6)
  if (booked!.images < image) tally.problems.push(`${image} drawings arrived, ${booked!.images} are booked`)
  if (booked!.usd < charged) {
    tally.problems.push(`${charged} micro-USD are charged, ${booked!.usd} are booked`)
  }
  tally.notes.push(`${image} drawings and ${chat} prompts charged, ${booked!.images} drawings booked`)
}

/** Counts the runs of each picture: a client may not have seen the answer to a request that started one. */
export async function countRuns(accepted: ReadonlyMap<string, Accepted>, database: Database): Promise<void> {
  const rows = await database.query<{ address: string; runs: number }>(
    'select address, count(*)::integer as runs from run group by 1'
  )
  for (const { address, runs } of rows) {
    const known = accepted.get(address)
    if (known !== undefined) known.runs = Math.max(known.runs, runs)
  }
}

const AN_HOUR_MS = 3_600_000

/**
 * Sweeps the kept answers as a worker does an hour later, when no run is live: a worker that is killed after the end of
 * its run leaves its answer. @returns how many were removed
 */
export async function sweepLeftAnswers(dataDir: string, database: Database): Promise<number> {
  const files = createFiles({ root: dataDir })
  return await sweepAnswers({
    files,
    answers: createAnswers(files),
    runs: { last: async () => undefined, hasCompleted: createRunRows(database).hasCompleted },
    pictures: { find: async () => undefined },
    now: () => Date.now() + AN_HOUR_MS
  })
}
