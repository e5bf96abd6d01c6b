import t from 'tap'
import { errors } from '../../../lib/errors.ts'
import { WORK_PHASES } from '../../../lib/progress/phases.ts'
import { createTracker } from '../../../lib/progress/tracker.ts'
import type { TrackerOptions } from '../../../lib/progress/tracker.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { ADDRESS, temporaryFolder } from '../../helper.ts'
import { ALL_PHASES, OTHER, SECOND, USUAL, createNsClock, plainDress, workThrough } from './fixtures.ts'

const STATS = 'metrics/progress_phase_stats.json'
const HISTORY = 'metrics/progress_phase_history.jsonl'

async function track(
  t: Parameters<typeof temporaryFolder>[0],
  options: Partial<TrackerOptions> = {},
  root?: string
) {
  const clock = createNsClock()
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
  'successful runs change the averages; failed runs, skipped phases and cache hits do not',
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
      'all phases are skipped'
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
      'one line for each run'
    )
    t.strictSame(
      history.map(({ timestamp }) => timestamp),
      [14, 14 + 3_500, 14 + 3_500 + 49].map((seconds) =>
        new Date((1_700_000_000 + seconds) * 1_000).toISOString()
      )
    )
    t.strictSame(history[2].phases, expected.phaseAverages)
    t.strictSame(await files.list('metrics/runs'), [], 'snapshots are not archived by default')
  }
)

t.test('statistics are kept over a restart, also when there were only cache hits', async (t) => {
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

t.test('with archiveRuns the last snapshot of every run is written to disk', async (t) => {
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

t.test('get finds a run while it works and after it ended, any number of times', async (t) => {
  const { tracker, start } = await track(t)
  t.equal(tracker.get('simple', ADDRESS), undefined)
  const run = start()
  t.equal(tracker.get('simple', ADDRESS), run)
  t.equal(tracker.get('other', ADDRESS), undefined)
  run.fail(errors.cancelled())
  for (let reader = 0; reader < 3; reader++) t.equal(tracker.get('simple', ADDRESS), run)
  const next = start()
  t.equal(tracker.get('simple', ADDRESS), next, 'a new run replaces it')
  t.not(next.runId, run.runId)
})

t.test('secondsSinceEnd uses the same clock as the runs', async (t) => {
  const { tracker, clock, start } = await track(t)
  const run = start()
  clock.pass(60)
  run.complete()
  t.equal(tracker.secondsSinceEnd(run), 0)
  clock.pass(9.75)
  t.ok(Math.abs(tracker.secondsSinceEnd(run) - 9.75) < 1e-6)
})

t.test('finished runs are removed after their time to live, live runs never', async (t) => {
  const { tracker, clock, start } = await track(t, { finishedTtlMs: 600_000 })
  const working = start(OTHER)
  const ended = start()
  ended.complete()
  clock.pass(599)
  t.equal(tracker.get('simple', ADDRESS), ended)
  clock.pass(2)
  t.equal(tracker.get('simple', ADDRESS), undefined)
  t.equal(tracker.get('simple', OTHER), working)
})

t.test('the number of finished runs is limited, and the oldest are removed first', async (t) => {
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

t.test('a listener is called at each change of its picture until it unsubscribes', async (t) => {
  const { tracker, start } = await track(t)
  const calls: string[] = []
  const leave = tracker.subscribe('simple', ADDRESS, (run) =>
    calls.push(`one ${run.snapshot().currentPhase}`)
  )
  const leaveToo = tracker.subscribe('simple', ADDRESS, (run) =>
    calls.push(`two ${run.snapshot().currentPhase}`)
  )
  const other = start(OTHER)
  other.begin('setup')
  const run = start()
  run.begin('setup')
  t.strictSame(calls.splice(0), ['one setup', 'two setup'])
  leave()
  run.begin('base_prompts')
  run.skip()
  run.complete()
  t.strictSame(calls.splice(0), ['two base_prompts', 'two base_prompts', 'two completed'])
  start().begin('setup')
  t.strictSame(calls.splice(0), ['two setup'], 'also for the next run')
  leaveToo()
  other.complete()
  tracker.get('simple', ADDRESS)?.complete()
  t.strictSame(calls, [])
})

t.test('disk errors are reported and do not fail the run', async (t) => {
  const reported: string[] = []
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
      reported.push((error as { details: string }).details)
    }
  })
  const run = start()
  workThrough(run, clock, () => 1)
  run.complete()
  t.match(run.snapshot(), { done: true, error: '', percent: 100 })
  await tracker.close()
  t.strictSame(
    reported.sort(),
    [`append ${HISTORY}`, `write ${STATS}`, `write metrics/runs/simple_${ADDRESS}_1700000007.json`].sort()
  )
  t.equal(tracker.averages.of('setup'), SECOND, 'the averages in memory are updated')
  t.equal(tracker.get('simple', ADDRESS), run)
})
