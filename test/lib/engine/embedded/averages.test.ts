import t from 'tap'
import { createKeptAverages } from '../../../../lib/engine/embedded/averages.ts'
import type { KeptAveragesOptions } from '../../../../lib/engine/embedded/averages.ts'
import { errors } from '../../../../lib/errors.ts'
import { WORK_PHASES } from '../../../../lib/progress/phases.ts'
import { createRunProgress } from '../../../../lib/progress/run.ts'
import { createFiles } from '../../../../lib/storage/files.ts'
import { ADDRESS, temporaryFolder } from '../../../helper.ts'
import { OTHER, SECOND, USUAL, createNsClock, plainDress, workThrough } from '../../progress/fixtures.ts'

const STATS = 'metrics/progress_phase_stats.json'
const HISTORY = 'metrics/progress_phase_history.jsonl'

/** The averages in a folder, and a function that starts a run which is added when it ends. */
async function open(
  t: Parameters<typeof temporaryFolder>[0],
  options: Partial<KeptAveragesOptions> = {},
  root?: string
) {
  const clock = createNsClock()
  const files = createFiles({ root: root ?? (await temporaryFolder(t)) })
  const averages = createKeptAverages({
    files,
    archiveRuns: false,
    onDiskError: (error) => {
      t.error(error)
    },
    ...options
  })
  await averages.open()
  t.teardown(() => averages.close())
  const start = (address = ADDRESS) => {
    const run = createRunProgress({
      runId: 'a-run',
      series: 'simple',
      address,
      provider: 'local',
      dress: plainDress(),
      averages,
      now: clock.now,
      onChange: () => {
        if (run.done) averages.addRun(run)
      }
    })
    return run
  }
  return { averages, clock, files, start }
}

t.test(
  'successful runs change the averages; failed runs, skipped phases and cache hits do not',
  async (t) => {
    const { averages, clock, files, start } = await open(t)
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
    t.strictSame(averages.all(), afterOne)

    const failed = start()
    workThrough(failed, clock, () => 500)
    failed.fail(errors.generationTimeout(300))
    t.strictSame(averages.all(), afterOne)

    averages.addCacheHit()
    t.strictSame(averages.all(), afterOne)

    const second = start(OTHER)
    workThrough(second, clock, () => 7)
    second.complete()
    t.equal(averages.of('setup'), 3 * SECOND)
    t.equal(averages.of('enhance_prompt'), 7 * SECOND)

    await averages.close()
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
  const before = await open(t, {}, root)
  const run = before.start()
  workThrough(run, before.clock, (phase) => USUAL[phase])
  run.complete()
  await before.averages.close()

  const between = await open(t, {}, root)
  between.averages.addCacheHit()
  await between.averages.close()

  const after = await open(t, {}, root)
  t.match(after.averages.stats, { generationRuns: 1, cacheHits: 1 })
  t.equal(after.start().snapshot().etaSeconds, 50)
  t.equal((await after.files.readText(HISTORY))?.split('\n').length, 2, 'a cache hit has no line')
})

t.test('with archiveRuns the last snapshot of every run is written to disk', async (t) => {
  const { averages, clock, files, start } = await open(t, { archiveRuns: true })
  const done = start()
  workThrough(done, clock, () => 1)
  done.complete()
  const failed = start(OTHER)
  failed.begin('setup')
  failed.fail(errors.cancelled())
  await averages.close()
  const archived = async (address: string) =>
    JSON.parse((await files.readText(`metrics/runs/simple_${address}_1700000007.json`)) ?? '')
  t.strictSame(await archived(ADDRESS), JSON.parse(JSON.stringify(done.snapshot())))
  t.match(await archived(OTHER), { done: true, errorCode: 'CANCELLED', phaseCount: 7 })
  t.equal((await files.list('metrics/runs')).length, 2)
})

t.test('disk errors are reported and do not fail the run', async (t) => {
  const reported: string[] = []
  const { averages, clock, start } = await open(t, {
    archiveRuns: true,
    files: {
      readText: async () => undefined,
      write: async (path: string) => {
        throw errors.fileSystem(`write ${path}`)
      },
      appendLine: async (path: string) => {
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
  await averages.close()
  t.strictSame(
    reported.sort(),
    [`append ${HISTORY}`, `write ${STATS}`, `write metrics/runs/simple_${ADDRESS}_1700000007.json`].sort()
  )
  t.equal(averages.of('setup'), SECOND, 'the averages in memory are updated')
})
