import { Value } from '@sinclair/typebox/value'
import fc from 'fast-check'
import t from 'tap'
import { ERROR_CODES, errors } from '../../lib/errors.ts'
import { createErrorSerializer } from '../../lib/log.ts'
import type { LoggedError } from '../../lib/log.ts'
import { createMetrics } from '../../lib/metrics/metrics.ts'
import { createReport } from '../../lib/metrics/report.ts'
import { createAverages } from '../../lib/progress/averages.ts'
import type { Averages } from '../../lib/progress/averages.ts'
import { WORK_PHASES } from '../../lib/progress/phases.ts'
import type { WorkPhase } from '../../lib/progress/phases.ts'
import { createRunProgress } from '../../lib/progress/run.ts'
import { createTracker } from '../../lib/progress/tracker.ts'
import type { TrackerOptions } from '../../lib/progress/tracker.ts'
import type { DalleDress } from '../../lib/schemas/dress.ts'
import { SnapshotSchema } from '../../lib/schemas/progress.ts'
import { createFiles } from '../../lib/storage/files.ts'
import { ADDRESS, temporaryFolder, until } from '../helper.ts'

const SECOND = 1e9
const ALL_PHASES = [
  'setup',
  'base_prompts',
  'enhance_prompt',
  'image_prep',
  'image_wait',
  'image_download',
  'annotate',
  'failed',
  'completed'
]
const OTHER = `0x${'0'.repeat(40)}`

/** Seconds that phases take on average; 50 in all. */
const USUAL: Record<WorkPhase, number> = {
  setup: 1,
  base_prompts: 1,
  enhance_prompt: 2,
  image_prep: 1,
  image_wait: 30,
  image_download: 5,
  annotate: 10
}

function createClock() {
  let ns = 1_700_000_000 * SECOND
  return {
    now: () => ns,
    pass: (seconds: number) => {
      ns += seconds * SECOND
    }
  }
}

function statsOf(seconds: Partial<Record<string, number>>) {
  return {
    version: 'v1',
    phaseAverages: Object.fromEntries(
      Object.entries(seconds).map(([phase, value]) => [phase, { count: 3, avgNs: value! * SECOND }])
    ),
    generationRuns: 3,
    cacheHits: 4
  }
}

function plainDress(): DalleDress {
  return {
    original: ADDRESS,
    originalName: '',
    fileName: ADDRESS,
    fileSize: 0,
    modifiedAt: 0,
    seed: '',
    prompt: '',
    dataPrompt: '',
    titlePrompt: '',
    tersePrompt: '',
    enhancedPrompt: '',
    attributes: [],
    seedChunks: [],
    selectedTokens: [],
    selectedRecords: [],
    imageUrl: '',
    generatedPath: '',
    annotatedPath: '',
    downloadMode: '',
    ipfsHash: '',
    cacheHit: false,
    completed: false,
    series: 'simple',
    colorLimit: '',
    databaseVersion: '',
    databaseHash: ''
  }
}

function createRun(averages: Averages = createAverages()) {
  const clock = createClock()
  const changes = { count: 0 }
  const run = createRunProgress({
    series: 'simple',
    address: ADDRESS,
    provider: 'local',
    dress: plainDress(),
    averages,
    now: clock.now,
    onChange: () => {
      changes.count += 1
    }
  })
  return { run, clock, changes }
}

/** A run that works through all phases, each `seconds` long. */
function workThrough(
  run: ReturnType<typeof createRun>['run'],
  clock: ReturnType<typeof createClock>,
  seconds: (phase: WorkPhase) => number
): void {
  for (const phase of WORK_PHASES) {
    run.begin(phase)
    clock.pass(seconds(phase))
  }
}

t.test('averages', async (t) => {
  t.test('the first duration counts as it is, each further one by a fifth', async (t) => {
    const averages = createAverages()
    t.equal(averages.of('setup'), 0)
    t.strictSame(averages.all(), {})
    averages.addRun({ setup: 1_000, image_wait: 500 })
    t.equal(averages.of('setup'), 1_000)
    averages.addRun({ setup: 2_000 })
    t.equal(averages.of('setup'), 1_200)
    averages.addRun({ setup: 0 })
    t.equal(averages.of('setup'), 960)
    averages.addCacheHit()
    t.strictSame(averages.all(), { setup: 960, image_wait: 500 })
    t.strictSame(averages.stats, {
      version: 'v1',
      phaseAverages: { setup: { count: 3, avgNs: 960 }, image_wait: { count: 1, avgNs: 500 } },
      generationRuns: 3,
      cacheHits: 1
    })
  })

  t.test('the statistics of the Go server are carried on', async (t) => {
    const averages = createAverages(`{
      "version": "v1",
      "phaseAverages": {"setup": {"count": 2, "avgNs": 5000}, "image_wait": {"count": 9, "avgNs": 30000000000}, "completed": {"count": 9, "avgNs": 1}},
      "generationRuns": 9, "cacheHits": 21
    }`)
    t.strictSame(averages.all(), { setup: 5_000, image_wait: 30_000_000_000 }, 'of the phases that work')
    averages.addRun({ setup: 10_000 })
    averages.addCacheHit()
    t.strictSame(averages.stats.phaseAverages.setup, { count: 3, avgNs: 6_000 })
    t.match(averages.stats, { generationRuns: 10, cacheHits: 22 })
  })

  t.test('statistics that cannot be read start afresh', async (t) => {
    const fresh = { version: 'v1', phaseAverages: {}, generationRuns: 0, cacheHits: 0 }
    const whole = statsOf({ setup: 1 })
    const texts = [
      undefined,
      '',
      'not JSON',
      '{"version":"v1","phaseAv',
      'null',
      '[]',
      '7',
      '{}',
      JSON.stringify({ ...whole, version: 'v2' }),
      JSON.stringify({ ...whole, phaseAverages: { setup: 5 } }),
      JSON.stringify({ ...whole, phaseAverages: { setup: { count: 1, avgNs: -1 } } }),
      JSON.stringify({ ...whole, phaseAverages: { setup: { count: 1, avgNs: '1' } } }),
      JSON.stringify({ ...whole, generationRuns: undefined })
    ]
    for (const text of texts) t.strictSame(createAverages(text).stats, fresh, String(text))
    t.strictSame(createAverages(JSON.stringify(whole)).stats, whole, 'whole ones do not')
  })
})

t.test('the snapshot of a run', async (t) => {
  t.test(
    'without averages percent counts the finished phases, and every field is there at every step',
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
      t.equal(changes.count, 9, 'each change was told')

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
    'with averages percent and the times left go by time, and a phase counts for its average at most',
    async (t) => {
      const { run, clock } = createRun(createAverages(JSON.stringify(statsOf(USUAL))))
      const at = (expected: object) => t.match(run.snapshot(), expected)
      at({
        percent: 0,
        etaSeconds: 50,
        phasePercent: 0,
        phaseETASeconds: 1,
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
      at({ percent: 37.5, etaSeconds: 30, phasePercent: 50, phaseETASeconds: 15 })
      run.begin('image_download')
      run.begin('annotate')
      clock.pass(1_000)
      at({ percent: 99.9, etaSeconds: 0, phasePercent: 100, phaseETASeconds: 0, done: false })
      run.complete()
      at({ percent: 100, done: true })
    }
  )

  t.test('in the queue nothing runs', async (t) => {
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

  t.test('a failed run tells its error and stays below 100', async (t) => {
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

  t.test('a snapshot stays as it was taken', async (t) => {
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

  t.test('percent never goes back, and is 100 exactly when completed', async (t) => {
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
        const look = (allowed: (percent: number) => boolean) => {
          const { percent } = run.snapshot()
          if (percent < highest || !allowed(percent)) throw new Error(`${percent} after ${highest}`)
          highest = percent
        }
        const belowAll = (percent: number) => percent < 100
        look(belowAll)
        for (const [index, step] of steps.entries()) {
          if (step.do === 'begin') run.begin(step.phase)
          else if (step.do === 'skip') run.skip()
          else if (step.do === 'pass') clock.pass(step.seconds)
          else averages.addRun({ [step.phase]: step.seconds * SECOND })
          look(belowAll)
          clock.pass(waits[index % waits.length]!)
          look(belowAll)
        }
        if (end === 'complete') run.complete()
        if (end === 'fail') run.fail(errors.cancelled())
        for (let again = 0; again < 2; again++) {
          look(end === 'complete' ? (percent) => percent === 100 : belowAll)
        }
      }
    )
    t.doesNotThrow(() => fc.assert(property, { numRuns: 500 }))
  })

  t.test('in order, each figure of a snapshot stays in its bounds', async (t) => {
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
})

t.test('the tracker', async (t) => {
  const STATS = 'metrics/progress_phase_stats.json'
  const HISTORY = 'metrics/progress_phase_history.jsonl'

  async function track(
    t: Parameters<typeof temporaryFolder>[0],
    options: Partial<TrackerOptions> = {},
    root?: string
  ) {
    const clock = createClock()
    const files = createFiles({ root: root ?? (await temporaryFolder(t)) })
    const tracker = await createTracker({
      files,
      archiveRuns: false,
      onDiskError: (error) => {
        t.error(error)
      },
      now: clock.now,
      ...options
    })
    t.teardown(() => tracker.close())
    const start = (address = ADDRESS) => tracker.start('simple', address, 'local', plainDress())
    return { tracker, clock, files, start }
  }

  t.test(
    'successful runs move the averages; failed runs, skipped phases and cache hits do not',
    async (t) => {
      const { tracker, clock, files, start } = await track(t)
      const first = start()
      for (const phase of WORK_PHASES) {
        first.begin(phase)
        clock.pass(2)
        if (phase === 'enhance_prompt') first.skip()
      }
      first.complete()
      const afterOne = Object.fromEntries(
        WORK_PHASES.filter((phase) => phase !== 'enhance_prompt').map((phase) => [phase, 2 * SECOND])
      )
      t.strictSame(tracker.averages.all(), afterOne)

      const failed = start()
      workThrough(failed, clock, () => 500)
      failed.fail(errors.generationTimeout(300))
      t.strictSame(tracker.averages.all(), afterOne)

      const hit = tracker.cacheHit('simple', OTHER, 'local', plainDress())
      t.strictSame(tracker.averages.all(), afterOne)
      t.match(hit.snapshot(), {
        done: true,
        percent: 100,
        currentPhase: 'completed',
        error: '',
        dalleDress: { cacheHit: true, completed: true }
      })
      t.ok(
        hit
          .snapshot()
          .phases.slice(0, 7)
          .every(({ skipped, startedNs }) => skipped && startedNs === 0),
        'no phase was worked through'
      )
      t.strictSame(
        hit.snapshot().phases.map(({ name }) => name),
        ALL_PHASES
      )
      t.equal(tracker.get('simple', OTHER), undefined, 'a cache hit is no run')

      const second = start(OTHER)
      workThrough(second, clock, () => 7)
      second.complete()
      t.equal(tracker.averages.of('setup'), 3 * SECOND)
      t.equal(tracker.averages.of('enhance_prompt'), 7 * SECOND)

      await tracker.close()
      const expected = {
        version: 'v1',
        phaseAverages: Object.fromEntries(
          WORK_PHASES.map((phase) => [
            phase,
            phase === 'enhance_prompt' ? { count: 1, avgNs: 7 * SECOND } : { count: 2, avgNs: 3 * SECOND }
          ])
        ),
        generationRuns: 2,
        cacheHits: 1
      }
      t.strictSame(JSON.parse((await files.readText(STATS)) ?? ''), expected)

      const lines = (await files.readText(HISTORY))?.split('\n') ?? []
      t.equal(lines.pop(), '', 'the last line is ended')
      const history = lines.map((line) => JSON.parse(line))
      t.strictSame(
        history.map(({ runs, cacheHits }) => [runs, cacheHits]),
        [
          [1, 0],
          [1, 0],
          [2, 1]
        ],
        'a line a run'
      )
      t.strictSame(
        history.map(({ timestamp }) => timestamp),
        [14, 14 + 3_500, 14 + 3_500 + 49].map((seconds) =>
          new Date((1_700_000_000 + seconds) * 1_000).toISOString()
        )
      )
      t.strictSame(history[2].phases, expected.phaseAverages)
      t.strictSame(await files.list('metrics/runs'), [], 'snapshots are not kept unasked')
    }
  )

  t.test('statistics outlive the process, cache hits alone too', async (t) => {
    const root = await temporaryFolder(t)
    const before = await track(t, {}, root)
    const run = before.start()
    workThrough(run, before.clock, (phase) => USUAL[phase])
    run.complete()
    await before.tracker.close()

    const between = await track(t, {}, root)
    between.tracker.cacheHit('simple', ADDRESS, 'local', plainDress())
    await between.tracker.close()

    const after = await track(t, {}, root)
    t.match(after.tracker.averages.stats, { generationRuns: 1, cacheHits: 1 })
    t.equal(after.start().snapshot().etaSeconds, 50)
    t.equal((await after.files.readText(HISTORY))?.split('\n').length, 2, 'a cache hit has no line')
  })

  t.test('the last snapshot of every run is archived where that is wanted', async (t) => {
    const { tracker, clock, files, start } = await track(t, { archiveRuns: true })
    const done = start()
    workThrough(done, clock, () => 1)
    done.complete()
    const failed = start(OTHER)
    failed.begin('setup')
    failed.fail(errors.cancelled())
    await tracker.close()
    const archived = async (address: string) =>
      JSON.parse((await files.readText(`metrics/runs/simple_${address}_1700000007.json`)) ?? '')
    t.strictSame(await archived(ADDRESS), JSON.parse(JSON.stringify(done.snapshot())))
    t.match(await archived(OTHER), { done: true, errorCode: 'CANCELLED', phaseCount: 7 })
    t.equal((await files.list('metrics/runs')).length, 2)
  })

  t.test('a run is found while it works and after it ended, by any number of readers', async (t) => {
    const { tracker, start } = await track(t)
    t.equal(tracker.get('simple', ADDRESS), undefined)
    const run = start()
    t.equal(tracker.get('simple', ADDRESS), run)
    t.equal(tracker.get('other', ADDRESS), undefined)
    run.fail(errors.cancelled())
    for (let reader = 0; reader < 3; reader++) t.equal(tracker.get('simple', ADDRESS), run)
    const next = start()
    t.equal(tracker.get('simple', ADDRESS), next, 'a new run takes its place')
    t.not(next.runId, run.runId)
  })

  t.test('how long ago a run ended goes by the same clock', async (t) => {
    const { tracker, clock, start } = await track(t)
    const run = start()
    clock.pass(60)
    run.complete()
    t.equal(tracker.secondsSinceEnd(run), 0)
    clock.pass(9.75)
    t.ok(Math.abs(tracker.secondsSinceEnd(run) - 9.75) < 1e-6)
  })

  t.test('finished runs are forgotten in time, working ones never', async (t) => {
    const { tracker, start } = await track(t, { finishedTtlMs: 30 })
    const working = start(OTHER)
    start().complete()
    await until(() => tracker.get('simple', ADDRESS) === undefined)
    t.equal(tracker.get('simple', OTHER), working)
  })

  t.test('finished runs are bounded in number, the oldest go first', async (t) => {
    const { tracker, start } = await track(t, { finishedMax: 2 })
    const addresses = ['1', '2', '3', '4'].map((digit) => `0x${digit.repeat(40)}`)
    const working = start(addresses[0])
    for (const address of addresses.slice(1)) start(address).complete()
    t.strictSame(
      addresses.map((address) => tracker.get('simple', address) !== undefined),
      [true, false, true, true]
    )
    t.equal(tracker.get('simple', addresses[0]!), working)
  })

  t.test('listeners hear of each change of their picture until they leave', async (t) => {
    const { tracker, start } = await track(t)
    const heard: string[] = []
    const leave = tracker.subscribe('simple', ADDRESS, (run) =>
      heard.push(`one ${run.snapshot().currentPhase}`)
    )
    const leaveToo = tracker.subscribe('simple', ADDRESS, (run) =>
      heard.push(`two ${run.snapshot().currentPhase}`)
    )
    const other = start(OTHER)
    other.begin('setup')
    const run = start()
    run.begin('setup')
    t.strictSame(heard.splice(0), ['one setup', 'two setup'])
    leave()
    run.begin('base_prompts')
    run.skip()
    run.complete()
    t.strictSame(heard.splice(0), ['two base_prompts', 'two base_prompts', 'two completed'])
    start().begin('setup')
    t.strictSame(heard.splice(0), ['two setup'], 'of the next run too')
    leaveToo()
    other.complete()
    tracker.get('simple', ADDRESS)?.complete()
    t.strictSame(heard, [])
  })

  t.test('a failing disk is told of and hurts no run', async (t) => {
    const told: string[] = []
    const { tracker, clock, start } = await track(t, {
      archiveRuns: true,
      files: {
        readText: async () => undefined,
        write: async (path) => {
          throw errors.fileSystem(`write ${path}`)
        },
        appendLine: async (path) => {
          throw errors.fileSystem(`append ${path}`)
        }
      },
      onDiskError: (error) => {
        told.push((error as { details: string }).details)
      }
    })
    const run = start()
    workThrough(run, clock, () => 1)
    run.complete()
    t.match(run.snapshot(), { done: true, error: '', percent: 100 })
    await tracker.close()
    t.strictSame(
      told.sort(),
      [`append ${HISTORY}`, `write ${STATS}`, `write metrics/runs/simple_${ADDRESS}_1700000007.json`].sort()
    )
    t.equal(tracker.averages.of('setup'), SECOND, 'what is in memory goes on')
    t.equal(tracker.get('simple', ADDRESS), run)
  })
})

t.test('the report', async (t) => {
  t.test('response times are summed over all, percentiles taken from the newest thousand', async (t) => {
    const report = createReport()
    t.strictSame(report.read().response_times, {
      count: 0,
      sum_ms: 0,
      min_ms: 0,
      max_ms: 0,
      avg_ms: 0,
      p95_ms: 0,
      p99_ms: 0
    })
    report.addResponse(7)
    t.strictSame(report.read().response_times, {
      count: 1,
      sum_ms: 7,
      min_ms: 7,
      max_ms: 7,
      avg_ms: 7,
      p95_ms: 7,
      p99_ms: 7
    })
    report.addResponse(1)
    report.addResponse(4)
    t.strictSame(report.read().response_times, {
      count: 3,
      sum_ms: 12,
      min_ms: 1,
      max_ms: 7,
      avg_ms: 4,
      p95_ms: 7,
      p99_ms: 7
    })

    report.reset()
    for (let sample = 0; sample < 500; sample++) report.addResponse(1_000_000)
    // 0 … 999 in an order that is not theirs: 7 and 1000 have no common divisor.
    for (let sample = 0; sample < 1_000; sample++) report.addResponse((sample * 7) % 1_000)
    const { p95_ms: p95, p99_ms: p99, ...all } = report.read().response_times
    t.strictSame(all, {
      count: 1_500,
      sum_ms: 500_499_500,
      min_ms: 0,
      max_ms: 1_000_000,
      avg_ms: 500_499_500 / 1_500
    })
    t.ok(p95 >= 949 && p95 <= 950, `95 of 100 take at most ${p95}`)
    t.ok(p99 >= 989 && p99 <= 990, `99 of 100 take at most ${p99}`)
  })

  t.test('what happened is counted by its kind, and forgotten at a reset', async (t) => {
    const report = createReport()
    report.addError('NOT_FOUND', '/files/*')
    report.addError('NOT_FOUND', 'unmatched')
    report.addError('INVALID_SERIES', '/dalle/*')
    report.addRetry('file')
    report.addRetry('file')
    report.addFileOperation(true)
    report.addFileOperation(false)
    report.addResponse(5)
    const read = report.read()
    t.match(read, {
      total_errors: 3,
      total_retries: 2,
      file_operations: 2,
      file_operation_errors: 1,
      circuit_breaker_state: 'CLOSED',
      openai_requests: 0,
      openai_errors: 0,
      openai_timeouts: 0
    })
    t.strictSame(read.errors_by_code, { NOT_FOUND: 2, INVALID_SERIES: 1 })
    t.strictSame(read.errors_by_endpoint, { '/files/*': 1, unmatched: 1, '/dalle/*': 1 })
    t.strictSame(read.retries_by_operation, { file: 2 })
    t.ok(Math.abs(Date.parse(read.last_updated) - Date.now()) < 60_000)

    report.reset()
    const { last_updated: _, ...cleared } = report.read()
    const { last_updated: __, ...fresh } = createReport().read()
    t.strictSame(cleared, fresh)
    report.addResponse(3)
    t.match(
      report.read().response_times,
      { count: 1, min_ms: 3, max_ms: 3, p99_ms: 3 },
      'nothing old remains'
    )
  })
})

t.test('the metrics', async (t) => {
  /** The samples of a text in Prometheus' format by their name with labels. */
  async function samplesOf(metrics: ReturnType<typeof createMetrics>): Promise<Record<string, number>> {
    const lines = (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    return Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.lastIndexOf(' ')),
        Number(line.slice(line.lastIndexOf(' ') + 1))
      ])
    )
  }

  t.test('every kept name is there at the start, and nothing has happened', async (t) => {
    const metrics = createMetrics()
    const samples = await samplesOf(metrics)
    const zero = [
      'dalleserver_errors_total',
      'dalleserver_retries_total',
      'dalleserver_openai_requests_total',
      'dalleserver_openai_errors_total',
      'dalleserver_openai_timeouts_total',
      'dalleserver_file_operations_total',
      'dalleserver_file_operation_errors_total',
      'dalleserver_circuit_breaker_state{state="OPEN"}',
      'dalleserver_circuit_breaker_state{state="HALF_OPEN"}',
      ...['avg', 'min', 'max', '0.95', '0.99'].map(
        (quantile) => `dalleserver_response_time_ms{quantile="${quantile}"}`
      ),
      ...ERROR_CODES.map((code) => `dalleserver_error_code_total{code="${code}"}`)
    ]
    for (const name of zero) t.equal(samples[name], 0, name)
    t.equal(samples['dalleserver_circuit_breaker_state{state="CLOSED"}'], 1)
    t.equal(samples.dalleserver_up, 1)
    t.match(
      await metrics.text(),
      /^# TYPE dalleserver_error_endpoint_total counter$/m,
      'an endpoint has a sample at its first error'
    )
    t.match(metrics.contentType, /^text\/plain; version=0\.0\.4/)
  })

  t.test('counters follow what happens and never go back, the report may be cleared', async (t) => {
    const metrics = createMetrics()
    metrics.recordError('NOT_FOUND', '/files/*')
    metrics.recordError('NOT_FOUND', '/files/*')
    metrics.recordRetry('file')
    metrics.recordFileOperation('write', true)
    metrics.recordFileOperation('write', false)
    metrics.recordResponse('GET', '/files/*', 200, 10)
    metrics.recordResponse('BREW', '/files/*', 200, 30)
    const counters = {
      dalleserver_errors_total: 2,
      'dalleserver_error_code_total{code="NOT_FOUND"}': 2,
      'dalleserver_error_endpoint_total{endpoint="/files/*"}': 2,
      dalleserver_retries_total: 1,
      dalleserver_file_operations_total: 2,
      dalleserver_file_operation_errors_total: 1,
      'dalleserver_storage_operations_total{operation="write",outcome="success"}': 1,
      'dalleserver_storage_operations_total{operation="write",outcome="failure"}': 1,
      'dalleserver_http_request_duration_seconds_count{method="GET",route="/files/*",code="200"}': 1,
      'dalleserver_http_request_duration_seconds_count{method="OTHER",route="/files/*",code="200"}': 1
    }
    t.match(await samplesOf(metrics), {
      ...counters,
      'dalleserver_response_time_ms{quantile="avg"}': 20,
      'dalleserver_response_time_ms{quantile="min"}': 10,
      'dalleserver_response_time_ms{quantile="max"}': 30,
      'dalleserver_response_time_ms{quantile="0.99"}': 30
    })
    t.match(metrics.report.read(), {
      total_errors: 2,
      total_retries: 1,
      file_operations: 2,
      file_operation_errors: 1,
      response_times: { count: 2 }
    })

    metrics.report.reset()
    t.match(await samplesOf(metrics), { ...counters, 'dalleserver_response_time_ms{quantile="max"}': 0 })
    t.match(metrics.report.read(), { total_errors: 0, response_times: { count: 0 } })
    metrics.recordError('NOT_FOUND', '/files/*')
    t.equal((await samplesOf(metrics)).dalleserver_errors_total, 3)
    t.equal(metrics.report.read().total_errors, 1)
  })

  t.test('two services in one process count apart', async (t) => {
    const [one, other] = [createMetrics(), createMetrics()]
    one.recordRetry('file')
    t.equal((await samplesOf(one)).dalleserver_retries_total, 1)
    t.equal((await samplesOf(other)).dalleserver_retries_total, 0)
  })
})

t.test('an error in the log', async (t) => {
  const serialize = createErrorSerializer({
    'file:///opt/server/': '',
    '/opt/server/': '',
    '/var/data': '<data>'
  })

  t.test('shows no folder of the machine, neither in message, stack nor causes', async (t) => {
    const cause = Object.assign(
      new Error("ENOSPC: no space left, open '/var/data/output/a.png' and '/var/data/b'"),
      { code: 'ENOSPC' }
    )
    cause.stack = `${cause.message}\n    at write (file:///opt/server/dist/lib/storage/files.js:1:1)\n    at /opt/server/dist/app.js:2:2`
    const error = errors.fileSystem('Could not write a file: no space is left on the disk', cause)
    const logged = serialize(error)
    t.notMatch(JSON.stringify(logged), /\/opt|\/var/)
    t.match(logged, {
      type: 'Error',
      code: 'FILE_SYSTEM_ERROR',
      message: 'File system error',
      details: 'Could not write a file: no space is left on the disk'
    })
    t.match(logged.cause, {
      code: 'ENOSPC',
      message: "ENOSPC: no space left, open '<data>/output/a.png' and '<data>/b'",
      stack: /at write \(dist\/lib\/storage\/files\.js:1:1\)\n {4}at dist\/app\.js:2:2$/
    })
    t.match(serialize(new TypeError('x')), {
      type: 'TypeError',
      message: 'x',
      stack: /TypeError: x\n/,
      cause: undefined
    })
    t.strictSame(
      serialize('thrown in /var/data/x'),
      { type: 'string', message: 'thrown in <data>/x', stack: '' },
      'what is no error too'
    )
  })

  t.test('has four causes at most', async (t) => {
    let error = new Error('cause 9')
    for (let depth = 8; depth >= 0; depth--) error = new Error(`cause ${depth}`, { cause: error })
    const messages: string[] = []
    for (
      let logged: LoggedError | undefined = serialize(error);
      logged !== undefined;
      logged = logged.cause as LoggedError | undefined
    ) {
      messages.push(logged.message)
    }
    t.strictSame(messages, ['cause 0', 'cause 1', 'cause 2', 'cause 3', 'cause 4'])

    const ring = new Error('round')
    ring.cause = ring
    t.doesNotThrow(() => JSON.stringify(serialize(ring)), 'and ends where they go round')
  })
})
