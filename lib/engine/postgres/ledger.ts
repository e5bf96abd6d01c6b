import { randomUUID } from 'node:crypto'
import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'
import { errors } from '../../errors.ts'
import type { ServiceError } from '../../errors.ts'
import { repeatWork } from '../../repeat-work.ts'
import type {
  DailyLimits,
  EarlierCalls,
  Expense,
  Ledger,
  LostCalls,
  PaidCall,
  Reservation
} from '../engine.ts'
import { limitRefusal } from '../limits.ts'
import { checkClaim, currentClaim } from './claims.ts'
import type { Database } from './database.ts'
import { limitInMicroUsd, toMicroUsd, toUsd } from './micro-usd.ts'
import { createWrites } from './writes.ts'

/** How often the copy of the budget is read anew, in milliseconds. */
const REFRESH_MS = 1_000
/** Days whose calls are kept. */
const KEPT_DAYS = 90

const NOTHING: Expense = { usd: 0, images: 0 }
/** More than any limit. */
const FULL: Expense = { usd: Number.MAX_SAFE_INTEGER, images: Number.MAX_SAFE_INTEGER }

/**
 * What open calls of a day have reserved. A statement does not see what it changes itself, so `except` leaves that out.
 */
const heldOf = (column: 'usd' | 'images', except: string) =>
  `(select coalesce(sum(${column}), 0)::bigint from expense
    where expense.day = budget.day and state = 'reserved' and not is_closed ${except}) as held_${column}`

const budgetWithout = (
  except: string
) => `budget.usd, budget.images, ${heldOf('usd', except)}, ${heldOf('images', except)},
  extract(epoch from (budget.day + 1)::timestamp - clock_timestamp() at time zone 'UTC') * 1000 as ms_left`

const BUDGET = budgetWithout('')

const LOSE_EARLIER = `
  with earlier as (
    select id, state, usd from expense
    where run_id = $1 and step = $2 and state <> 'settled' and not is_closed for update)
  update expense set state = 'lost' from earlier where expense.id = earlier.id
  returning earlier.state, earlier.usd`

const COST = `select coalesce(sum(usd), 0) as usd from expense where run_id = $1`

/** Books an expense and adds its call, if the limits have room for it. */
const BOOK = `
  with booked as (
    update budget set usd = budget.usd + $5, images = budget.images + $6
    where day = $7::date
      and ($8::bigint is null or budget.usd + $5 <= $8)
      and ($9::bigint is null or $6 = 0 or budget.images + $6 <= $9)
    returning day, ${BUDGET}),
  called as (
    insert into expense (id, run_id, step, fence, attempt, day, state, expected_usd, expected_images, usd, images)
    select $1::uuid, $2::text, $3::text, $4::bigint,
      1 + coalesce((select max(attempt) from expense where run_id = $2 and step = $3), 0),
      day, 'reserved', $5, $6, $5, $6
    from booked)
  select usd, images, held_usd + $5 as held_usd, held_images + $6 as held_images, ms_left from booked`

/** Replaces what is booked for the call in \`chosen\` by $1 USD and $2 images. */
const settling = (chosen: string) => `
  with before as (select id, day, usd, images from expense where ${chosen} for update),
  settled as (
    update expense set state = 'settled', usd = $1, images = $2 from before where expense.id = before.id)
  update budget set usd = budget.usd + $1 - before.usd, images = budget.images + $2 - before.images
  from before where budget.day = before.day
  returning ${budgetWithout('and expense.id <> before.id')}, budget.day = (select max(day) from budget) as is_today`

const SETTLE = settling(`id = $3 and state = 'reserved'`)

/** Only the last call of a step can have left the answer, so that this has an effect once. */
const SETTLE_KEPT = settling(`
  run_id = $3 and step = $4 and state <> 'settled' and not is_closed
    and attempt = (select max(attempt) from expense where run_id = $3 and step = $4)`)

/** A worker that has lost its claim must not close the calls of its successor. */
const CLOSE = `
  update expense set is_closed = true, state = case state when 'reserved' then 'lost' else state end
  where run_id = $1 and not is_closed and ($2::bigint is null or fence is null or fence <= $2)`

/** The day, with its row. Another statement must read the row. */
const DAY = `select spending_day()::text as day`
const READ = `select ${BUDGET} from budget where day = $1::date`

interface EarlierRow {
  state: 'reserved' | 'lost'
  usd: number
}

interface BudgetRow {
  usd: number
  images: number
  held_usd: number
  held_images: number
  /** Milliseconds until the day ends. */
  ms_left: number
}

export interface PostgresLedgerOptions {
  database: Pick<Database, 'query' | 'transaction'>
  /** What this process may add to. Processes with other limits add to the same sum, each up to its own. */
  limits: DailyLimits
  /** Called when the database cannot be read or written, and the service goes on. */
  onError: (error: unknown) => void
  /** Called with the calls that an earlier worker has left open, when their run makes the step again. */
  onLost?: ((lost: LostCalls) => void) | undefined
  clock?: Pick<Clock, 'now' | 'startTimer'>
}

export type PostgresLedger = ReturnType<typeof createPostgresLedger>

/**
 * The ledger of all processes. A reservation is one transaction: the sum of the day never exceeds the limit, and is at
 * each moment the sum of its calls. A call that cannot be settled stays spent.
 */
export function createPostgresLedger({
  database,
  limits,
  onError,
  onLost = () => {},
  clock = systemClock
}: PostgresLedgerOptions) {
  const writes = createWrites({ onError, clock })
  const limitUsd = limits.usd === undefined ? null : limitInMicroUsd(limits.usd)
  const limitImages = limits.images ?? null
  let copy = { spent: NOTHING, held: NOTHING, endsAt: 0 }
  let stopRefreshing = async () => {}

  function take(row: BudgetRow): void {
    copy = {
      spent: { usd: toUsd(row.usd), images: row.images },
      held: { usd: toUsd(row.held_usd), images: row.held_images },
      endsAt: clock.now() + row.ms_left
    }
  }

  /** A copy of yesterday says nothing of today. */
  function isOld(): boolean {
    return clock.now() >= copy.endsAt
  }

  const spent = (): Expense => (isOld() ? NOTHING : copy.spent)
  const held = (): Expense => (isOld() ? NOTHING : copy.held)

  function refusalAfter(gone: Expense, reserved: Expense, expected: Expense): ServiceError | undefined {
    const secondsLeft = Math.max(1, Math.ceil((copy.endsAt - clock.now()) / 1000))
    return limitRefusal(limits, { spent: gone, held: reserved, secondsLeft }, expected)
  }

  const refusal = (expected: Expense): ServiceError | undefined => refusalAfter(spent(), held(), expected)

  async function readDay(): Promise<string> {
    const [row] = await database.query<{ day: string }>(DAY)
    return row!.day
  }

  async function refresh(): Promise<void> {
    const [row] = await database.query<BudgetRow>(READ, [await readDay()])
    const isNewDay = isOld()
    if (row !== undefined) take(row)
    if (isNewDay) await removeOld()
  }

  async function removeOld(): Promise<void> {
    await database.transaction(async () => {
      await database.query(`delete from expense where day < current_date - $1::integer`, [KEPT_DAYS])
      await database.query(`delete from budget where day < current_date - $1::integer`, [KEPT_DAYS])
    })
  }

  async function settle(statement: string, real: Expense, ...call: string[]): Promise<void> {
    const rows = await database.query<BudgetRow & { is_today: boolean }>(statement, [
      toMicroUsd(real.usd),
      real.images,
      ...call
    ])
    const [row] = rows
    if (row?.is_today === true) take(row)
  }

  function settleSoon(statement: string, real: Expense, ...call: string[]): void {
    writes.later(async () => await settle(statement, real, ...call))
  }

  /** Books a call in one transaction. */
  async function book(id: string, { runId, step, expected, repeatsLost }: PaidCall) {
    const claim = currentClaim()
    return await database.transaction(async () => {
      await checkClaim(database)
      const earlier = await database.query<EarlierRow>(LOSE_EARLIER, [runId, step])
      if (earlier.length > repeatsLost) return { earlier, row: undefined }
      const [row] = await database.query<BudgetRow>(BOOK, [
        ...[id, runId, step, claim?.fence ?? null],
        ...[toMicroUsd(expected.usd), expected.images, await readDay(), limitUsd, limitImages]
      ])
      return { earlier, row }
    })
  }

  /**
   * Reports the lost answers of a step.
   * @throws ANSWER_LOST when there are too many
   */
  function checkLost({ runId, step, repeatsLost }: EarlierCalls, earlier: readonly EarlierRow[]): void {
    const unanswered = earlier.filter(({ state }) => state === 'reserved')
    if (unanswered.length > 0) {
      const microUsd = unanswered.reduce((sum, { usd }) => sum + usd, 0)
      onLost({ runId, step, calls: unanswered.length, usd: toUsd(microUsd) })
    }
    if (earlier.length > repeatsLost) throw errors.answerLost(earlier.length)
  }

  return {
    limits,
    spent,
    refusal,

    /** Reads what is spent, and does so again each second. */
    async open(): Promise<void> {
      await refresh().catch(onError)
      stopRefreshing = repeatWork(refresh, { everyMs: REFRESH_MS, onError, clock })
    },

    async loseEarlier(call: EarlierCalls): Promise<void> {
      await writes.flush()
      const earlier = await database.transaction(async () => {
        await checkClaim(database)
        return await database.query<EarlierRow>(LOSE_EARLIER, [call.runId, call.step])
      })
      checkLost(call, earlier)
    },

    async reserve(call: PaidCall): Promise<Reservation> {
      // A call of the step that is settled, but not written yet, must not count as lost.
      await writes.flush()
      const id = randomUUID()
      const { row, earlier } = await book(id, call).catch((error: unknown) => {
        // The answer to the commit may be lost. The call is not made, so it costs nothing.
        settleSoon(SETTLE, { usd: 0, images: 0 }, id)
        throw error
      })
      checkLost(call, earlier)
      if (row === undefined) {
        await refresh()
        // There may be room again, because a call at work has ended since. It may be tried again, then.
        throw refusal(call.expected) ?? refusalAfter(FULL, FULL, call.expected)!
      }
      take(row)
      return {
        settle: (real) => settleSoon(SETTLE, real, id),
        lose() {
          writes.later(async () => {
            await database.query(`update expense set state = 'lost' where id = $1 and state = 'reserved'`, [
              id
            ])
          })
        }
      }
    },

    settleKept(runId: string, step: PaidCall['step'], real: Expense): void {
      settleSoon(SETTLE_KEPT, real, runId, step)
    },

    close(runId: string): void {
      const fence = currentClaim()?.fence ?? null
      writes.later(async () => {
        await database.query(CLOSE, [runId, fence])
      })
    },

    /** What the calls of a run have cost in all processes, in USD. Those that are open or lost count. */
    async costOf(runId: string): Promise<number> {
      await writes.flush()
      const [row] = await database.query<{ usd: number }>(COST, [runId])
      return toUsd(row!.usd)
    },

    /** Writes what waits, if that is possible now. The rest stays spent. */
    async stop(): Promise<void> {
      await stopRefreshing()
      await writes.stop()
    }
  } satisfies Ledger & Record<string, unknown>
}
