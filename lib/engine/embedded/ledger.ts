import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { errors } from '../../errors.ts'
import type { ServiceError } from '../../errors.ts'
import { createSingleFlight } from '../../single-flight.ts'
import type { Files } from '../../storage/files.ts'
import { FOLDERS } from '../../storage/layout.ts'
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
import type { OwedWrites } from './owed-writes.ts'

const PATH = `${FOLDERS.metrics}/spending.json`
const DAY_MS = 86_400_000
/** Far more than the open calls of a full queue take. */
const FILE_BYTES_MAX = 16_000_000

/** A call that is not settled. It is `reserved` while its answer is awaited, and `lost` when no answer came. */
const OpenCallSchema = Type.Object({
  runId: Type.String(),
  step: Type.Union([Type.Literal('enhance'), Type.Literal('draw')]),
  state: Type.Union([Type.Literal('reserved'), Type.Literal('lost')]),
  day: Type.String(),
  usd: Type.Number({ minimum: 0 }),
  images: Type.Integer({ minimum: 0 })
})

type OpenCall = Static<typeof OpenCallSchema>

/** What the settled calls of a live run have cost. */
const PaidRunSchema = Type.Object({ runId: Type.String(), usd: Type.Number({ minimum: 0 }) })

/**
 * The file `metrics/spending.json`: what was spent or reserved on one day, and of the live runs the open calls and what
 * is paid.
 */
const SpendingSchema = Type.Object({
  version: Type.Literal('v1'),
  day: Type.String({ description: 'Date in UTC', pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  usd: Type.Number({ minimum: 0 }),
  images: Type.Integer({ minimum: 0 }),
  calls: Type.Optional(Type.Array(OpenCallSchema)),
  paid: Type.Optional(Type.Array(PaidRunSchema))
})

type Spending = Static<typeof SpendingSchema>

export interface LedgerOptions {
  files: Pick<Files, 'readText' | 'stat' | 'write'>
  limits: DailyLimits
  /** Called when the file cannot be read or written and no limit is set. */
  onDiskError: (error: unknown) => void
  /** Called when the recorded day lies more than a day ahead of the clock, so that it counts as today. */
  onDayAhead?: (recorded: string, today: string) => void
  /** Called with the calls that an earlier process has left open, when their run makes the step again. */
  onLost?: ((lost: LostCalls) => void) | undefined
  /** Writes that are tried again while the disk refuses them. */
  owed?: Pick<OwedWrites, 'write'>
  /** Unix milliseconds. */
  now?: () => number
}

export type EmbeddedLedger = Ledger & {
  /** What the calls of a live run have cost in all processes, in USD. Those that are open or lost count. */
  costOf(runId: string): number
  /** Reads what was spent. Until then nothing is. */
  open(): Promise<void>
  /** Forgets the calls of all other runs. */
  keepOnly(runIds: ReadonlySet<string>): void
  /** Waits for the last write. */
  closeFile(): Promise<void>
}

/**
 * The ledger: what the provider has cost since midnight UTC, and what may still be spent. Money is reserved before a
 * call and settled after it. A reservation is on disk before the call is made, so that it survives the end of the
 * process. The day never goes back when the clock does.
 */
export function createLedger({
  files,
  limits,
  onDiskError,
  onDayAhead = () => {},
  onLost = () => {},
  owed = { write: async (_key, work) => await work() },
  now = Date.now
}: LedgerOptions): EmbeddedLedger {
  const isLimited = limits.usd !== undefined || limits.images !== undefined
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  let state: Spending = emptyOn(dayOf(now()))
  let calls: OpenCall[] = []
  /** The calls that this process has made. Open ones of an earlier process get no answer any more. */
  const ownCalls = new WeakSet<OpenCall>()
  /** The settled calls of the live runs, in USD. */
  let paid = new Map<string, number>()
  const writes = createSingleFlight()

  function tolerate(error: unknown): undefined {
    if (isLimited) throw error
    onDiskError(error)
    return undefined
  }

  async function readFile(): Promise<Spending | undefined> {
    const text = await files.readText(PATH, { maxBytes: FILE_BYTES_MAX })
    if (text === undefined && (await files.stat(PATH)) === undefined) return undefined
    return parseSpending(text ?? '')
  }

  /** The state of today. A recorded day up to 24 hours ahead is kept: the clock may have gone back. */
  function today(): Spending {
    const day = dayOf(now())
    if (state.day < day) {
      state = emptyOn(day)
    } else if (Date.parse(state.day) - now() > DAY_MS) {
      onDayAhead(state.day, day)
      for (const call of calls) if (call.day === state.day) call.day = day
      state.day = day
    }
    return state
  }

  /** Writes the newest state. All callers during a write share one further write. */
  async function save(): Promise<void> {
    await writes.runNext(PATH, async () => {
      const paidRuns = [...paid].map(([runId, usd]) => ({ runId, usd }))
      await files.write(PATH, `${JSON.stringify({ ...state, calls, paid: paidRuns }, null, 2)}\n`)
    })
  }

  function saveSoon(): void {
    owed.write(PATH, save).catch(onDiskError)
  }

  function refusal(expected: Expense): ServiceError | undefined {
    const spent = today()
    const secondsLeft = Math.ceil((Date.parse(spent.day) + DAY_MS - now()) / 1000)
    const atWork = calls.filter(
      (call) => ownCalls.has(call) && call.state === 'reserved' && call.day === spent.day
    )
    const held = { usd: sumOf(atWork), images: atWork.reduce((sum, { images }) => sum + images, 0) }
    return limitRefusal(limits, { spent, held, secondsLeft }, expected)
  }

  function add(usd: number, images: number): void {
    const spent = today()
    spent.usd = Math.max(0, Number((spent.usd + usd).toFixed(6)))
    spent.images = Math.max(0, spent.images + images)
  }

  /** Replaces what was reserved for a call by what it really cost. */
  function settle(call: OpenCall, real: Expense): void {
    const at = calls.indexOf(call)
    if (at < 0) return
    calls.splice(at, 1)
    if (real.usd > 0) paid.set(call.runId, (paid.get(call.runId) ?? 0) + real.usd)
    if (today().day === call.day) add(real.usd - call.usd, real.images - call.images)
    saveSoon()
  }

  function callsOf(runId: string, step: PaidCall['step']): OpenCall[] {
    return calls.filter((call) => call.runId === runId && call.step === step)
  }

  /**
   * The answers that did not come before this process began, or before a call was repeated, do not come any more.
   * @throws ANSWER_LOST when there are too many
   */
  function loseEarlier({ runId, step, repeatsLost }: EarlierCalls): void {
    const earlier = callsOf(runId, step)
    const unanswered = earlier.filter(({ state }) => state === 'reserved')
    for (const call of unanswered) call.state = 'lost'
    if (unanswered.length > 0) onLost({ runId, step, calls: unanswered.length, usd: sumOf(unanswered) })
    if (earlier.length <= repeatsLost) return
    saveSoon()
    throw errors.answerLost(earlier.length)
  }

  function reservationOf(call: OpenCall): Reservation {
    return {
      settle: (real) => settle(call, real),
      lose() {
        if (!calls.includes(call)) return
        call.state = 'lost'
        saveSoon()
      }
    }
  }

  return {
    limits,

    spent() {
      const { usd, images } = today()
      return { usd, images }
    },

    refusal,

    async open() {
      const stored = await readFile().catch(tolerate)
      if (stored === undefined) return
      const { calls: open = [], paid: paidRuns = [], ...spending } = stored
      state = spending
      // The process that made these calls has ended, so their answers are lost unless they were kept.
      calls = open
      paid = new Map(paidRuns.map(({ runId, usd }) => [runId, usd]))
      today()
    },

    async loseEarlier(calls) {
      loseEarlier(calls)
    },

    async reserve(call) {
      const { runId, step, expected } = call
      loseEarlier(call)
      const refused = refusal(expected)
      if (refused !== undefined) throw refused
      add(expected.usd, expected.images)
      const open: OpenCall = { runId, step, state: 'reserved', day: state.day, ...expected }
      calls.push(open)
      ownCalls.add(open)
      const saved = save()
      if (!isLimited) {
        // The reservation is also what makes a call count as lost, so its write is awaited here too.
        await saved.catch(onDiskError)
        return reservationOf(open)
      }
      try {
        await saved
      } catch (error) {
        settle(open, { usd: 0, images: 0 })
        throw error
      }
      return reservationOf(open)
    },

    settleKept(runId, step, real) {
      const [last] = callsOf(runId, step).slice(-1)
      if (last !== undefined) settle(last, real)
    },

    close(runId) {
      const open = calls.length
      calls = calls.filter((call) => call.runId !== runId)
      if (paid.delete(runId) || calls.length < open) saveSoon()
    },

    costOf(runId) {
      const open = calls.filter((call) => call.runId === runId)
      return (paid.get(runId) ?? 0) + sumOf(open)
    },

    keepOnly(runIds) {
      calls = calls.filter(({ runId }) => runIds.has(runId))
      paid = new Map([...paid].filter(([runId]) => runIds.has(runId)))
    },

    async closeFile() {
      // Joins the writes that wait, or does nothing.
      await writes.runNext(PATH, async () => {}).catch(onDiskError)
    }
  }
}

function sumOf(calls: readonly OpenCall[]): number {
  return calls.reduce((sum, { usd }) => sum + usd, 0)
}

function emptyOn(day: string): Spending {
  return { version: 'v1', day, usd: 0, images: 0 }
}

/**
 * What the text of `metrics/spending.json` says.
 * @throws FILE_SYSTEM_ERROR when it does not say what was spent
 */
export function parseSpending(json: string): Spending {
  const value = parse(json)
  if (Value.Check(SpendingSchema, value) && !Number.isNaN(Date.parse(value.day))) return value
  throw errors.fileSystem(`${PATH} does not say what was spent; remove it to begin the day at 0`)
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
