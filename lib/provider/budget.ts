import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { errors } from '../errors.ts'
import type { ServiceError } from '../errors.ts'
import { createSingleFlight } from '../single-flight.ts'
import type { Files } from '../storage/files.ts'
import { FOLDERS } from '../storage/layout.ts'

const PATH = `${FOLDERS.metrics}/spending.json`
const DAY_MS = 86_400_000

/** The file `metrics/spending.json`: what was spent or reserved on one day. */
const SpendingSchema = Type.Object({
  version: Type.Literal('v1'),
  day: Type.String({ description: 'Date in UTC' }),
  usd: Type.Number({ minimum: 0 }),
  images: Type.Integer({ minimum: 0 })
})

/** What may be spent between two midnights UTC; absent is unlimited. */
export interface DailyLimits {
  readonly usd?: number | undefined
  readonly images?: number | undefined
}

/** What one call costs. */
export interface Expense {
  usd: number
  images: number
}

export interface BudgetOptions {
  files: Pick<Files, 'readText' | 'write'>
  limits: DailyLimits
  /** Called when the file cannot be read or written and no limit is set. */
  onDiskError: (error: unknown) => void
  /** Unix milliseconds. */
  now?: () => number
}

export type Budget = Awaited<ReturnType<typeof createBudget>>

/**
 * The budget: what the provider has cost since midnight UTC, and what may still be spent. Money is reserved
 * before a call and settled after it. A reservation is on disk before the call is made, so that it survives
 * the end of the process.
 */
export async function createBudget({ files, limits, onDiskError, now = Date.now }: BudgetOptions) {
  const isLimited = limits.usd !== undefined || limits.images !== undefined
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  let state = (await files.readText(PATH).then(read).catch(tolerate)) ?? emptyOn(dayOf(now()))
  const writes = createSingleFlight()

  function tolerate(error: unknown): undefined {
    if (isLimited) throw error
    onDiskError(error)
    return undefined
  }

  function today() {
    const day = dayOf(now())
    if (state.day !== day) state = emptyOn(day)
    return state
  }

  /** Writes the newest state. All callers during a write share one further write. */
  async function save(): Promise<void> {
    await writes.runNext(PATH, async () => await files.write(PATH, `${JSON.stringify(state, null, 2)}\n`))
  }

  function refusal({ usd, images }: Expense): ServiceError | undefined {
    const spent = today()
    const retryAfter = Math.ceil((DAY_MS - (now() % DAY_MS)) / 1000)
    if (limits.images !== undefined && images > 0 && spent.images + images > limits.images) {
      const pictures = limits.images === 1 ? 'picture' : 'pictures'
      return errors.budgetExhausted(
        `${limits.images} ${pictures} a day may be bought; the count starts anew at midnight UTC`,
        retryAfter
      )
    }
    if (limits.usd !== undefined && spent.usd + usd > limits.usd + Number.EPSILON) {
      return errors.budgetExhausted(
        `${limits.usd} USD a day may be spent; the count starts anew at midnight UTC`,
        retryAfter
      )
    }
  }

  function add(usd: number, images: number): void {
    const spent = today()
    spent.usd = Math.max(0, Number((spent.usd + usd).toFixed(6)))
    spent.images = Math.max(0, spent.images + images)
  }

  return {
    limits,

    /** What is spent or reserved today. */
    spent(): Expense {
      const { usd, images } = today()
      return { usd, images }
    },

    /** The error that `reserve` would throw now for an expense, if any. */
    refusal,

    /**
     * Reserves an expense.
     * @returns a function that replaces the reservation by the real expense
     * @throws BUDGET_EXHAUSTED; FILE_SYSTEM_ERROR when a limit is set and the reservation cannot be written
     */
    async reserve(expected: Expense): Promise<(real: Expense) => void> {
      const refused = refusal(expected)
      if (refused !== undefined) throw refused
      add(expected.usd, expected.images)
      const { day } = state
      const settle = (real: Expense) => {
        if (today().day !== day) return
        add(real.usd - expected.usd, real.images - expected.images)
        save().catch(onDiskError)
      }
      const saved = save()
      if (!isLimited) {
        saved.catch(onDiskError)
        return settle
      }
      try {
        await saved
      } catch (error) {
        settle({ usd: 0, images: 0 })
        throw error
      }
      return settle
    },

    /** Waits for the last write. */
    async close(): Promise<void> {
      // Joins the writes that wait, or does nothing.
      await writes.runNext(PATH, async () => {}).catch(onDiskError)
    }
  }
}

function emptyOn(day: string) {
  return { version: 'v1' as const, day, usd: 0, images: 0 }
}

function read(json: string | undefined) {
  if (json === undefined) return undefined
  const value = parse(json)
  if (Value.Check(SpendingSchema, value)) return value
  throw errors.fileSystem(`${PATH} does not tell what was spent; remove it to begin the day at 0`)
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
