import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { PaidCall } from '../../../lib/engine/engine.ts'
import { claimEnded } from '../../../lib/engine/claim-ended.ts'
import { errors } from '../../../lib/errors.ts'
import { createPaidStep } from '../../../lib/generation/paid-step.ts'
import type { PaidStepParts } from '../../../lib/generation/paid-step.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { temporaryFolder } from '../../helper.ts'
import { createManualClock } from '../../manual-clock.ts'
import { recordOf } from './fixtures.ts'

const EXPENSE = { usd: 0.2, images: 1 }

function partsOf(options: Partial<PaidStepParts> = {}) {
  const reserved: PaidCall[] = []
  const diskErrors: unknown[] = []
  const parts: PaidStepParts = {
    ledger: {
      async reserve(call) {
        reserved.push(call)
        return { settle: () => {}, lose: () => {} }
      },
      settleKept: () => {}
    },
    onDiskError: (error) => diskErrors.push(error),
    clock: createManualClock().clock,
    ...options
  }
  return { parts, reserved, diskErrors }
}

t.test('nothing is reserved when the result could not be kept', async (t) => {
  const { signal } = new AbortController()
  const asked: string[] = []
  const { parts, reserved } = partsOf({
    checkFolder: async (series) => {
      asked.push(series)
      return errors.unavailable('no room')
    }
  })
  const step = createPaidStep(parts, recordOf(), 'draw', signal, async () => {})
  await t.rejects(step.reserve(EXPENSE, 1), { code: 'SERVICE_UNAVAILABLE', message: 'no room' })
  t.same(reserved, [])
  t.same(asked, ['simple'])

  const able = partsOf({ checkFolder: async () => undefined })
  await createPaidStep(able.parts, recordOf(), 'draw', signal, async () => {}).reserve(EXPENSE, 1)
  t.same(able.reserved, [{ runId: 'a-run', step: 'draw', expected: EXPENSE, repeatsLost: 1 }])
})

t.test('a step waits for money that calls at work may give back, and for no other', async (t) => {
  const manual = createManualClock()
  const { signal } = new AbortController()
  const held = () => Object.assign(errors.budgetExhausted('reserved', 60), { isHeld: true })
  const answers: unknown[] = [held(), held(), undefined, errors.budgetExhausted('spent', 60)]
  let checks = 0
  const { parts } = partsOf({
    clock: manual.clock,
    async checkFolder() {
      checks += 1
      return undefined
    },
    ledger: {
      async reserve() {
        const error = answers.shift()
        if (error !== undefined) throw error
        return { settle: () => {}, lose: () => {} }
      },
      settleKept: () => {}
    }
  })
  const step = createPaidStep(parts, recordOf(), 'draw', signal, async () => {})
  t.ok(await step.reserve(EXPENSE, 1))
  t.same(manual.sleeps, [1_000, 1_000])
  t.equal(checks, 3, 'the folder is checked before each try')
  await t.rejects(step.reserve(EXPENSE, 1), { code: 'BUDGET_EXHAUSTED', details: 'spent' })

  answers.push(held())
  const ended = AbortSignal.abort(new Error('the run has ended'))
  const late = createPaidStep(parts, recordOf(), 'draw', ended, async () => {})
  await t.rejects(late.reserve(EXPENSE, 1), { message: 'the run has ended' })
  answers.push(...Array.from({ length: 300 }, held))
  await t.rejects(step.reserve(EXPENSE, 1), { code: 'BUDGET_EXHAUSTED', details: 'reserved' })
  t.equal(manual.sleeps.length, 300, 'five minutes altogether')
})

t.test('nothing is reserved when the process stops too soon for the answer', async (t) => {
  const run = new AbortController()
  const phases: string[] = []
  const { parts, reserved } = partsOf({
    time: {
      checkTimeFor(phase) {
        phases.push(phase)
        if (phase === 'image_wait') run.abort(new Error('the server stops'))
      }
    }
  })
  const stepOf = (step: PaidCall['step']) =>
    createPaidStep(parts, recordOf(), step, run.signal, async () => {})
  t.ok(await stepOf('enhance').reserve(EXPENSE, 1))
  await t.rejects(stepOf('draw').reserve(EXPENSE, 1), { message: 'the server stops' })
  t.same(phases, ['enhance_prompt', 'image_wait'])
  t.equal(reserved.length, 1)
})

t.test('an answer is written again and again while the disk refuses', async (t) => {
  const { signal } = new AbortController()
  const { parts, diskErrors } = partsOf()
  const written: string[] = []
  const step = createPaidStep(parts, recordOf(), 'draw', signal, async (answer: string) => {
    if (diskErrors.length < 3) throw errors.fileSystem('no space is left on the disk')
    written.push(answer)
  })
  await step.keep('the answer', EXPENSE)
  t.same(written, ['the answer'])
  t.equal(diskErrors.length, 3)
})

t.test('an answer waits while the data folder is gone, and nothing is written to its place', async (t) => {
  const { signal } = new AbortController()
  const root = join(await temporaryFolder(t), 'gone')
  const { parts, diskErrors } = partsOf()
  const files = createFiles({
    root,
    checkPlace: async () => {
      if (diskErrors.length < 3) throw errors.unavailable('The data folder is not the one of the start')
    }
  })
  const step = createPaidStep(parts, recordOf(), 'draw', signal, async (answer: string) => {
    t.same(await readdir(dirname(root)), [])
    await files.write('answer', answer)
  })
  await step.keep('the answer', EXPENSE)
  t.equal(await files.readText('answer'), 'the answer')
  t.equal(diskErrors.length, 3)
})

t.test('the tries of each write are counted, so that its failure is said once', async (t) => {
  const { signal } = new AbortController()
  const attempts: Array<number | undefined> = []
  const { parts } = partsOf({ onDiskError: (_error, attempt) => attempts.push(attempt) })
  const step = createPaidStep(parts, recordOf(), 'draw', signal, async (tries: number) => {
    if (attempts.length < tries) throw errors.fileSystem('no space is left on the disk')
  })
  await step.keep(3, EXPENSE)
  await step.keep(5, EXPENSE)
  t.same(attempts, [1, 2, 3, 1, 2])
})

t.test('nothing is tried again when another process works on the run', async (t) => {
  const { signal } = new AbortController()
  const { parts, diskErrors } = partsOf()
  const ended = claimEnded()
  const step = createPaidStep(parts, recordOf(), 'enhance', signal, async () => {
    throw ended
  })
  await t.rejects(step.keep('the answer', EXPENSE), ended)
  t.same(diskErrors, [])
})

t.test('the end of the run ends the tries, but not a write that has begun', async (t) => {
  const refused = new AbortController()
  const { parts } = partsOf({ onDiskError: () => refused.abort(errors.cancelled()) })
  const failing = createPaidStep(parts, recordOf(), 'draw', refused.signal, async () => {
    throw errors.fileSystem('no space is left on the disk')
  })
  await t.rejects(failing.keep('x', EXPENSE), { code: 'CANCELLED' })
  await failing.settled()

  const ended = new AbortController()
  let finish = () => {}
  let isWritten = false
  const step = createPaidStep(partsOf().parts, recordOf(), 'draw', ended.signal, async () => {
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    isWritten = true
  })
  const keeping = step.keep('x', EXPENSE)
  ended.abort(errors.cancelled())
  const settled = step.settled().then(() => t.ok(isWritten, 'settled waits for the write'))
  finish()
  await Promise.all([keeping, settled])
})
