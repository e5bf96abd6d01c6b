import { FormatRegistry } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import fc from 'fast-check'
import t from 'tap'
import { errors } from '../../../lib/errors.ts'
import { createAverages } from '../../../lib/progress/averages.ts'
import { WORK_PHASES } from '../../../lib/progress/phases.ts'
import { SnapshotSchema } from '../../../lib/schemas/progress.ts'
import { ADDRESS } from '../../helper.ts'
import { ALL_PHASES, SECOND, USUAL, createRun, statsOf, workThrough } from './fixtures.ts'

FormatRegistry.Set('date-time', (text) => new Date(text).toISOString() === text)

t.test(
  'without averages, percent counts the finished phases, and every snapshot has all fields',
  async (t) => {
    const { run, clock, changes } = createRun()
    const started = clock.now()

    function check(currentPhase: string, phaseIndex: number, percent: number): void {
      const snapshot = run.snapshot()
      t.ok(
        Value.Check(SnapshotSchema, snapshot),
        JSON.stringify([...Value.Errors(SnapshotSchema, snapshot)].slice(0, 2))
      )
      t.strictSame(
        snapshot.phases.map(({ name }) => name),
        ALL_PHASES
      )
      t.match(snapshot, {
        series: 'simple',
        address: ADDRESS,
        provider: 'local',
        startedNs: started,
        startedAt: '2023-11-14T22:13:20.000Z',
        nextPollMs: currentPhase === 'completed' ? 0 : 250,
        runId: run.runId,
        currentPhase,
        phaseIndex,
        percent,
        phaseCount: 7,
        cacheHit: false,
        attempt: 1
      })
      t.strictSame(snapshot.phaseAverages, {})
    }

    check('setup', 1, 0)
    for (const [index, phase] of WORK_PHASES.entries()) {
      run.begin(phase)
      clock.pass(1)
      if (phase === 'enhance_prompt') run.skip()
      check(phase, index + 1, Math.round((index / 7) * 10_000) / 100)
    }
    t.notOk(run.done)
    run.complete()
    check('completed', 7, 100)
    t.match(run.snapshot(), {
      done: true,
      error: '',
      errorCode: '',
      etaSeconds: 0,
      phasePercent: 100,
      phaseETASeconds: 0,
      queuePosition: 0,
      dalleDress: { completed: true, cacheHit: false }
    })
    t.equal(changes.count, 9, 'onChange was called for each change')

    const { phases } = run.snapshot()
    t.strictSame(phases[0], {
      name: 'setup',
      startedNs: started,
      endedNs: started + SECOND,
      skipped: false,
      error: ''
    })
    t.strictSame(phases[2], {
      name: 'enhance_prompt',
      startedNs: started + 2 * SECOND,
      endedNs: started + 3 * SECOND,
      skipped: true,
      error: ''
    })
    t.strictSame(phases[7], { name: 'failed', startedNs: 0, endedNs: 0, skipped: false, error: '' })
    t.strictSame(phases[8], {
      name: 'completed',
      startedNs: started + 7 * SECOND,
      endedNs: started + 7 * SECOND,
      skipped: false,
      error: ''
    })
    t.strictSame(run.durationsNs(), {
      setup: SECOND,
      base_prompts: SECOND,
      image_prep: SECOND,
      image_wait: SECOND,
      image_download: SECOND,
      annotate: SECOND
    })
  }
)

t.test(
  'with averages, percent and the remaining times follow the clock, and a phase counts at most its average',
  async (t) => {
    const { run, clock } = createRun(createAverages(JSON.stringify(statsOf(USUAL))))
    const at = (expected: object) => t.match(run.snapshot(), expected)
    at({
      percent: 0,
      etaSeconds: 50,
      phasePercent: 0,
      phaseETASeconds: 1,
      nextPollMs: 10_000,
      phaseAverages: { setup: SECOND, image_wait: 30 * SECOND }
    })
    run.begin('setup')
    clock.pass(0.5)
    at({ percent: 1, etaSeconds: 49.5, phasePercent: 50, phaseETASeconds: 0.5 })
    clock.pass(100)
    at({ percent: 2, etaSeconds: 49, phasePercent: 100, phaseETASeconds: 0 })
    run.begin('base_prompts')
    clock.pass(0.25)
    at({ percent: 2.5, etaSeconds: 48.75, phasePercent: 25, phaseETASeconds: 0.75 })
    run.begin('enhance_prompt')
    run.skip()
    run.begin('image_prep')
    run.begin('image_wait')
    at({ percent: 6.25, etaSeconds: 45, phasePercent: 0, phaseETASeconds: 30, phaseIndex: 5 })
    clock.pass(15)
    at({ percent: 37.5, etaSeconds: 30, phasePercent: 50, phaseETASeconds: 15, nextPollMs: 10_000 })
    run.begin('image_download')
    run.begin('annotate')
    at({ etaSeconds: 10, nextPollMs: 5_000 })
    clock.pass(1_000)
    at({ percent: 99.9, etaSeconds: 0, phasePercent: 100, phaseETASeconds: 0, nextPollMs: 10_000 })
    run.complete()
    at({ percent: 100, done: true, nextPollMs: 0 })
  }
)

t.test('the time in the queue does not count as progress', async (t) => {
  const { run, clock } = createRun(createAverages(JSON.stringify(statsOf(USUAL))))
  run.setQueuePosition(3)
  clock.pass(60)
  t.match(run.snapshot(), {
    queuePosition: 3,
    percent: 0,
    etaSeconds: 50,
    phasePercent: 0,
    done: false,
    currentPhase: 'setup',
    phaseIndex: 1
  })
  run.fail(errors.cancelled())
  t.match(run.snapshot(), {
    queuePosition: 0,
    percent: 0,
    etaSeconds: 0,
    phaseETASeconds: 0,
    done: true,
    errorCode: 'CANCELLED'
  })
  t.strictSame(run.durationsNs(), {})
})

t.test('a failed run shows its error and stays below 100 percent', async (t) => {
  for (const averages of [createAverages(), createAverages(JSON.stringify(statsOf(USUAL)))]) {
    const { run, clock } = createRun(averages)
    workThrough(run, clock, () => 1_000)
    run.fail(
      errors.fileSystem('Could not write a file: no space is left on the disk', new Error('open /secret'))
    )
    const snapshot = run.snapshot()
    t.ok(run.done && run.failed)
    t.equal(run.endedNs, clock.now())
    t.ok(snapshot.percent > 50 && snapshot.percent < 100, String(snapshot.percent))
    t.match(snapshot, {
      done: true,
      currentPhase: 'failed',
      phaseIndex: 7,
      error: 'File system error: Could not write a file: no space is left on the disk',
      errorCode: 'FILE_SYSTEM_ERROR',
      etaSeconds: 0,
      phaseETASeconds: 0,
      dalleDress: { completed: false }
    })
    t.equal(snapshot.phases.find(({ name }) => name === 'annotate')?.error, 'File system error')
    t.equal(snapshot.phases.find(({ name }) => name === 'failed')?.endedNs, clock.now())
    t.equal(snapshot.phases.find(({ name }) => name === 'completed')?.endedNs, 0)
    t.notMatch(JSON.stringify(snapshot), /secret/)
  }
})

t.test('a snapshot does not change after it was taken', async (t) => {
  const { run, clock } = createRun()
  run.begin('setup')
  const before = run.snapshot()
  const copy = structuredClone(before)
  clock.pass(1)
  run.begin('base_prompts')
  run.dress.prompt = 'later'
  run.complete()
  t.strictSame(before, copy)
})

t.test('percent never decreases, and is 100 only when the run is completed', async (t) => {
  const seconds = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 100, noNaN: true }))
  const phase = fc.constantFrom(...WORK_PHASES)
  const step = fc.oneof(
    fc.record({ do: fc.constant('begin' as const), phase }),
    fc.record({ do: fc.constant('skip' as const) }),
    fc.record({ do: fc.constant('pass' as const), seconds }),
    fc.record({ do: fc.constant('learn' as const), phase, seconds })
  )
  const inOrder = fc
    .subarray([...WORK_PHASES])
    .map((phases) => phases.map((phase) => ({ do: 'begin' as const, phase })))
  const property = fc.property(
    fc.dictionary(phase, seconds),
    fc.oneof(fc.array(step, { maxLength: 30 }), inOrder),
    fc.array(seconds, { minLength: 1 }),
    fc.constantFrom('complete', 'fail', 'go on'),
    (known, steps, waits, end) => {
      const averages = createAverages(JSON.stringify(statsOf(known)))
      const { run, clock } = createRun(averages)
      let highest = 0
      const check = (allowed: (percent: number) => boolean) => {
        const { percent } = run.snapshot()
        if (percent < highest || !allowed(percent)) throw new Error(`${percent} after ${highest}`)
        highest = percent
      }
      const belowAll = (percent: number) => percent < 100
      check(belowAll)
      for (const [index, step] of steps.entries()) {
        if (step.do === 'begin') run.begin(step.phase)
        else if (step.do === 'skip') run.skip()
        else if (step.do === 'pass') clock.pass(step.seconds)
        else averages.addRun({ [step.phase]: step.seconds * SECOND })
        check(belowAll)
        clock.pass(waits[index % waits.length]!)
        check(belowAll)
      }
      if (end === 'complete') run.complete()
      if (end === 'fail') run.fail(errors.cancelled())
      for (let again = 0; again < 2; again++) {
        check(end === 'complete' ? (percent) => percent === 100 : belowAll)
      }
    }
  )
  t.doesNotThrow(() => fc.assert(property, { numRuns: 500 }))
})

t.test('every figure of a snapshot stays within its bounds', async (t) => {
  const seconds = fc.integer({ min: 0, max: 1_000_000 }).map((value) => value / 1_000)
  const property = fc.property(
    fc.dictionary(fc.constantFrom(...WORK_PHASES), seconds),
    fc.array(fc.tuple(seconds, fc.boolean()), { minLength: 7, maxLength: 7 }),
    (known, plan) => {
      const total = Object.values(known).reduce((sum, value) => sum + value, 0)
      const { run, clock } = createRun(createAverages(JSON.stringify(statsOf(known))))
      for (const [index, phase] of WORK_PHASES.entries()) {
        const [duration, skipped] = plan[index]!
        run.begin(phase)
        if (skipped) run.skip()
        for (const part of [0, duration / 2, duration / 2]) {
          clock.pass(part)
          const snapshot = run.snapshot()
          if (
            !Value.Check(SnapshotSchema, {
              ...snapshot,
              startedNs: 0,
              phases: snapshot.phases.map((timing) => ({ ...timing, startedNs: 0, endedNs: 0 }))
            })
          ) {
            return false
          }
          if (snapshot.etaSeconds > total + 0.01 || snapshot.phaseETASeconds > (known[phase] ?? 0) + 0.01) {
            return false
          }
        }
      }
      return true
    }
  )
  t.doesNotThrow(() => fc.assert(property, { numRuns: 200 }))
})

t.test(
  'those who ask within a tenth of a second share a snapshot, and each change makes a new one',
  async (t) => {
    const { run, clock } = createRun()
    const first = run.snapshot()
    clock.pass(0.09)
    t.equal(run.snapshot(), first)
    clock.pass(0.02)
    t.not(run.snapshot(), first, 'the time that remains is another')
    const changes: Array<[name: string, change: () => void, seen: object]> = [
      ['queue', () => run.setQueuePosition(3), { queuePosition: 3 }],
      ['phase', () => run.begin('enhance_prompt'), { currentPhase: 'enhance_prompt' }],
      ['failed phase', () => run.failPhase('refused'), { phases: [{}, {}, { error: 'refused' }] }],
      ['degraded', () => run.degrade('plain prompt'), { degraded: true }],
      ['attempt', () => run.setAttempt(2), { attempt: 2 }],
      ['skipped', () => run.skip(), { phases: [{}, {}, { skipped: true }] }],
      ['end', () => run.fail(errors.cancelled()), { done: true, errorCode: 'CANCELLED' }]
    ]
    for (const [name, change, seen] of changes) {
      const before = run.snapshot()
      change()
      t.not(run.snapshot(), before, name)
      t.match(run.snapshot(), seen, name)
    }
  }
)
