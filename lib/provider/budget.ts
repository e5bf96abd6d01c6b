import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { DailyLimits } from '../config/config.ts'
import { errors } from '../errors.ts'
import type { ServiceError } from '../errors.ts'
import type { Files } from '../storage/files.ts'
import { FOLDERS } from '../storage/layout.ts'

const PATH = `${FOLDERS.metrics}/spending.json`
const DAY_MS = 86_400_000

/** The file `metrics/spending.json`: what was spent or set aside on one day. */
const SpendingSchema = Type.Object({
  version: Type.Literal('v1'),
  day: Type.String({ description: 'Date in UTC' }),
  usd: Type.Number({ minimum: 0 }),
  images: Type.Integer({ minimum: 0 })
})

/** What a call is expected to take from the budget. */
export interface Expense {
  usd: number
  images: number
}

export interface BudgetOptions {
  files: Pick<Files, 'readText' | 'write'>
  limits: DailyLimits
  /** Told when the file cannot be read or kept where no limit hangs on it. */
  onDiskError: (error: unknown) => void
  /** Unix milliseconds. */
  now?: () => number
}

export type Budget = Awaited<ReturnType<typeof createBudget>>

/**
 * What the provider has cost since midnight UTC. Money is set aside before a call and settled after it; what is set aside is on
 * disk before the call is made, so that a process which dies meanwhile has spent it.
 */
export async function createBudget({ files, limits, onDiskError, now = Date.now }: BudgetOptions) {
  const isLimited = limits.usd !== undefined || limits.images !== undefined
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  let state = (await files.readText(PATH).then(read).catch(tolerate)) ?? emptyOn(dayOf(now()))
  let saving: Promise<void> | undefined
  let isSaved = true

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

  /** Writes the newest state; callers that come while it is being written share one further write. */
  async function save(): Promise<void> {
    isSaved = false
    saving ??= write()
    await saving
  }

  async function write(): Promise<void> {
    try {
      while (!isSaved) {
        isSaved = true
        await files.write(PATH, `${JSON.stringify(state, null, 2)}\n`)
      }
    } finally {
      // In the same turn as the last look at isSaved: whoever saves next begins a write of its own.
      saving = undefined
    }
  }

  function refusal({ usd, images }: Expense): ServiceError | undefined {
    const spent = today()
    const retryAfter = Math.ceil((DAY_MS - (now() % DAY_MS)) / 1000)
    if (limits.images !== undefined && images > 0 && spent.images + images > limits.images) {
      return errors.budgetExhausted(
        `${limits.images} ${limits.images === 1 ? 'picture' : 'pictures'} a day may be bought; the count starts anew at midnight UTC`,
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

    /** What is spent or set aside today. */
    spent(): Expense {
      const { usd, images } = today()
      return { usd, images }
    },

    /** Why such an expense would not be allowed now, if so. */
    refusal,

    /**
     * Sets an expense aside.
     * @returns settles it: with what the call really took
     * @throws BUDGET_EXHAUSTED; FILE_SYSTEM_ERROR when a limit cannot be kept over a restart
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

    /** Waits until everything is on disk. */
    async close(): Promise<void> {
      await saving?.catch(() => {})
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
