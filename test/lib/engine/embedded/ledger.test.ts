import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { createLedger } from '../../../../lib/engine/embedded/ledger.ts'
import type { LedgerOptions } from '../../../../lib/engine/embedded/ledger.ts'
import type { Expense, LostCalls } from '../../../../lib/engine/engine.ts'
import { createFiles } from '../../../../lib/storage/files.ts'
import { temporaryFolder } from '../../../helper.ts'

const NOON = Date.parse('2026-11-25T12:00:00Z')

async function open(t: Test, options: Partial<LedgerOptions> & { folder?: string } = {}) {
  const folder = options.folder ?? (await temporaryFolder(t))
  const diskErrors: unknown[] = []
  const ledger = createLedger({
    files: createFiles({ root: folder }),
    limits: {},
    onDiskError: (error) => {
      diskErrors.push(error)
    },
    now: () => NOON,
    ...options
  })
  await ledger.open()
  t.teardown(() => ledger.closeFile())
  let runs = 0
  const budget = {
    ...ledger,
    /** Reserves for a new run. Returns a function that settles. */
    async reserve(expected: Expense) {
      runs += 1
      const reservation = await ledger.reserve({
        runId: `run ${runs}`,
        step: 'draw',
        expected,
        repeatsLost: 1
      })
      return reservation.settle
    },
    close: ledger.closeFile
  }
  const onDisk = async () => JSON.parse(await readFile(join(folder, 'metrics/spending.json'), 'utf8'))
  return { ledger, budget, folder, onDisk, diskErrors }
}

t.test('money is reserved on disk before a call and settled after it', async (t) => {
  const { budget, onDisk, folder } = await open(t, { limits: { usd: 1 } })
  const settle = await budget.reserve({ usd: 0.4, images: 1 })
  t.match(
    await onDisk(),
    { version: 'v1', day: '2026-11-25', usd: 0.4, images: 1 },
    'it counts as spent if the process ends now'
  )
  await budget.reserve({ usd: 0.4, images: 1 })
  await t.rejects(budget.reserve({ usd: 0.4, images: 1 }), {
    code: 'BUDGET_EXHAUSTED',
    statusCode: 429,
    retryAfter: 12 * 3600,
    details: /1 USD a day/
  })
  settle({ usd: 0.15, images: 1 })
  t.same(budget.spent(), { usd: 0.55, images: 2 })
  await budget.reserve({ usd: 0.45, images: 1 })
  await budget.close()
  t.same(
    (await open(t, { folder, limits: { usd: 1 } })).budget.spent(),
    { usd: 1, images: 3 },
    'a restart keeps it'
  )
})

t.test(
  'images are counted, a free call is given back, and the count starts again at midnight UTC',
  async (t) => {
    let now = NOON
    const { budget, folder } = await open(t, { limits: { images: 2 }, now: () => now })
    const first = await budget.reserve({ usd: 0, images: 1 })
    const second = await budget.reserve({ usd: 0, images: 1 })
    t.match(budget.refusal({ usd: 0, images: 1 }), { code: 'BUDGET_EXHAUSTED', details: /2 pictures a day/ })
    t.equal(budget.refusal({ usd: 5, images: 0 }), undefined, 'the enhancement of a prompt needs no image')
    first({ usd: 0, images: 0 })
    t.equal(budget.refusal({ usd: 0, images: 1 }), undefined)
    now = Date.parse('2026-11-26T00:00:00Z')
    t.same(budget.spent(), { usd: 0, images: 0 })
    second({ usd: 0, images: 0 })
    t.same(budget.spent(), { usd: 0, images: 0 }, 'a reservation of yesterday does not change today')
    await budget.reserve({ usd: 0, images: 1 })
    await budget.close()
    t.same((await open(t, { folder, limits: { images: 2 }, now: () => now + 86_400_000 })).budget.spent(), {
      usd: 0,
      images: 0
    })
  }
)

t.test('many reservations at once stay within the limit', async (t) => {
  const { budget, onDisk } = await open(t, { limits: { usd: 10, images: 100 } })
  const outcomes = await Promise.allSettled(
    Array.from({ length: 300 }, () => budget.reserve({ usd: 0.1, images: 1 }))
  )
  t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 100)
  t.match(await onDisk(), { usd: 10, images: 100 })
})

t.test('a reservation is on disk when it is granted, while other writes go on', async (t) => {
  let onDisk = 0
  const files = {
    readText: async () => undefined,
    stat: async () => undefined,
    write: async (_path: string, text: string | Uint8Array) => {
      for (let turn = 0; turn < 3; turn += 1) await Promise.resolve()
      onDisk = JSON.parse(String(text)).images
    }
  }
  const { budget } = await open(t, { limits: { images: 10_000 }, files })
  const seen: boolean[] = []
  await Promise.all(
    Array.from({ length: 40 }, async (_, lane) => {
      for (let index = 0; index < 25; index += 1) {
        for (let turn = 0; turn < (lane * index) % 7; turn += 1) await Promise.resolve()
        const settle = await budget.reserve({ usd: 0, images: 1 })
        const { images } = budget.spent()
        seen.push(onDisk > 0 && onDisk <= images)
        settle({ usd: 0, images: 1 })
      }
    })
  )
  await budget.close()
  t.ok(seen.every(Boolean))
  t.equal(onDisk, 1_000)
})

t.test(
  'with a limit, a file that cannot be written or read stops spending; without one, it is only reported',
  async (t) => {
    const broken = {
      readText: async () => undefined,
      stat: async () => undefined,
      write: async () => {
        throw new Error('no space')
      }
    }
    const limited = await open(t, { limits: { usd: 1 }, files: broken })
    await t.rejects(limited.budget.reserve({ usd: 0.5, images: 1 }), { message: 'no space' })
    t.same(limited.budget.spent(), { usd: 0, images: 0 })
    const free = await open(t, { files: broken })
    await free.budget.reserve({ usd: 0.5, images: 1 })
    await free.budget.close()
    t.ok(free.diskErrors.length > 0)
    t.same(free.budget.spent(), { usd: 0.5, images: 1 })

    const folder = await temporaryFolder(t)
    await createFiles({ root: folder }).write('metrics/spending.json', '{"usd": "much"}')
    await t.rejects(open(t, { folder, limits: { usd: 1 } }), {
      code: 'FILE_SYSTEM_ERROR',
      details: /spending\.json does not say what was spent/
    })
    t.equal((await open(t, { folder })).diskErrors.length, 1)
    await writeFile(join(folder, 'metrics/spending.json'), 'no JSON')
    await t.rejects(open(t, { folder, limits: { images: 1 } }), { code: 'FILE_SYSTEM_ERROR' })
    await rm(join(folder, 'metrics/spending.json'))
    await mkdir(join(folder, 'metrics/spending.json'))
    await t.rejects(open(t, { folder, limits: { images: 1 } }), { code: 'FILE_SYSTEM_ERROR' })
  }
)

t.test(
  'a lost answer stays spent, and a step repeats it as often as it may, also after restarts',
  async (t) => {
    const folder = await temporaryFolder(t)
    const call = { runId: 'a', step: 'draw', expected: { usd: 0.2, images: 1 }, repeatsLost: 1 } as const
    const first = await open(t, { folder })
    const reservation = await first.ledger.reserve(call)
    reservation.lose()
    await first.ledger.closeFile()

    const second = await open(t, { folder })
    second.ledger.keepOnly(new Set(['a']))
    await second.ledger.reserve(call)
    t.same(second.ledger.spent(), { usd: 0.4, images: 2 })
    await second.ledger.closeFile()

    // The second process was killed during its call.
    const reported: LostCalls[] = []
    const third = await open(t, { folder, onLost: (lost) => reported.push(lost) })
    await t.rejects(third.ledger.reserve(call), {
      code: 'ANSWER_LOST',
      details: /2 calls may have been charged/
    })
    t.same(reported, [{ runId: 'a', step: 'draw', calls: 1, usd: 0.2 }], 'the first process knew of its loss')
    t.equal(third.ledger.costOf('a'), 0.4)
    t.same(third.ledger.spent(), { usd: 0.4, images: 2 }, 'no third call is booked')
    await third.ledger.reserve({ ...call, step: 'enhance', expected: { usd: 0.01, images: 0 } })
    third.ledger.close('a')
    await third.ledger.reserve(call)
    t.same(third.ledger.spent(), { usd: 0.61, images: 3 }, 'a new run of the same picture may call again')

    const never = await open(t)
    await never.ledger.reserve({ ...call, repeatsLost: 0 })
    await t.rejects(never.ledger.reserve({ ...call, repeatsLost: 0 }), { code: 'ANSWER_LOST' })
  }
)

t.test('an answer that an earlier process kept is settled once', async (t) => {
  const folder = await temporaryFolder(t)
  const call = { runId: 'a', step: 'draw', expected: { usd: 0.2, images: 1 }, repeatsLost: 1 } as const
  await (await open(t, { folder })).ledger.reserve(call)
  const { ledger } = await open(t, { folder })
  ledger.settleKept('a', 'draw', { usd: 0.15, images: 1 })
  ledger.settleKept('a', 'draw', { usd: 0.15, images: 1 })
  t.same(ledger.spent(), { usd: 0.15, images: 1 })
  ledger.settleKept('b', 'draw', { usd: 9, images: 1 })
  t.same(ledger.spent(), { usd: 0.15, images: 1 })
  t.equal(ledger.costOf('a'), 0.15)
  await ledger.closeFile()
  const next = await open(t, { folder })
  t.equal(next.ledger.costOf('a'), 0.15, 'the cost of a run survives the process')
  next.ledger.close('a')
  await next.ledger.closeFile()
  t.match(await next.onDisk(), { usd: 0.15, calls: [], paid: [] }, 'until the run ends')
})

t.test('calls of runs that are gone are forgotten; what they cost stays spent', async (t) => {
  const folder = await temporaryFolder(t)
  const expected = { usd: 0.2, images: 1 }
  await (await open(t, { folder })).ledger.reserve({ runId: 'a', step: 'draw', expected, repeatsLost: 0 })
  const { ledger } = await open(t, { folder })
  ledger.keepOnly(new Set())
  await ledger.reserve({ runId: 'a', step: 'draw', expected, repeatsLost: 0 })
  t.same(ledger.spent(), { usd: 0.4, images: 2 })
})

t.test('the day never goes back with the clock, and a day far ahead counts as today', async (t) => {
  const folder = await temporaryFolder(t)
  let now = NOON
  const { budget } = await open(t, { folder, limits: { images: 2 }, now: () => now })
  await budget.reserve({ usd: 0, images: 1 })
  await budget.reserve({ usd: 0, images: 1 })
  now = NOON - 20 * 3_600_000
  await t.rejects(budget.reserve({ usd: 0, images: 1 }), { code: 'BUDGET_EXHAUSTED', retryAfter: 32 * 3_600 })
  await budget.close()

  // The machine has no clock of its own: it starts in 1970.
  const ahead: string[][] = []
  const onDayAhead = (...days: string[]) => ahead.push(days)
  const restarted = await open(t, { folder, limits: { images: 2 }, now: () => 0, onDayAhead })
  t.same(ahead, [['2026-11-25', '1970-01-01']])
  await t.rejects(restarted.budget.reserve({ usd: 0, images: 1 }), { code: 'BUDGET_EXHAUSTED' })
  t.same(restarted.budget.spent(), { usd: 0, images: 2 }, 'what was spent counts as today')
})

t.test('a refusal says whether only calls at work are in the way', async (t) => {
  const { ledger, folder } = await open(t, { limits: { usd: 1 } })
  const call = { runId: 'a', step: 'draw', expected: { usd: 0.9, images: 1 }, repeatsLost: 1 } as const
  const first = await ledger.reserve(call)
  const held = ledger.refusal({ usd: 0.4, images: 1 })
  t.match(held, { isHeld: true, details: /drawn now/ })
  t.equal(ledger.refusal({ usd: 1.4, images: 1 })?.isHeld, undefined, 'it would never fit')
  first.settle({ usd: 0.2, images: 1 })
  t.equal(ledger.refusal({ usd: 0.4, images: 1 }), undefined)

  const second = await ledger.reserve({ ...call, expected: { usd: 0.7, images: 1 } })
  second.lose()
  t.match(ledger.refusal({ usd: 0.4, images: 1 }), { details: /midnight/ }, 'a lost answer stays spent')
  t.equal(ledger.refusal({ usd: 0.4, images: 1 })?.isHeld, undefined)
  await ledger.closeFile()
  const later = await open(t, { folder, limits: { usd: 1 } })
  t.equal(later.ledger.refusal({ usd: 0.4, images: 1 })?.isHeld, undefined)
})

t.test('the open calls of an earlier process are not at work', async (t) => {
  const first = await open(t, { limits: { usd: 1 } })
  await first.budget.reserve({ usd: 0.9, images: 1 })
  await first.budget.close()
  const { ledger } = await open(t, { folder: first.folder, limits: { usd: 1 } })
  t.match(ledger.refusal({ usd: 0.4, images: 1 }), { details: /midnight/ })
  t.equal(ledger.refusal({ usd: 0.4, images: 1 })?.isHeld, undefined)
})
