import t from 'tap'
import { isoTime, pollIntervalMs, shortenSnapshot } from '../../../lib/progress/polls.ts'
import { ALL_PHASES, SECOND, createRun } from './fixtures.ts'

t.test('the interval of polls is half of the remaining time, from 250 ms to 10 s', async (t) => {
  const intervals: Array<[remainingSeconds: number, ms: number]> = [
    [0.001, 250],
    [0.5, 250],
    [0.503, 252],
    [3, 1_500],
    [20, 10_000],
    [1e9, 10_000]
  ]
  for (const [remaining, ms] of intervals) {
    t.equal(pollIntervalMs(remaining * SECOND, 100 * SECOND), ms, `${remaining} s remain`)
  }
})

t.test('where the remaining time is not known, the interval doubles with the age of the run', async (t) => {
  const intervals: Array<[elapsedSeconds: number, ms: number]> = [
    [0, 250],
    [9, 250],
    [10, 500],
    [19, 500],
    [20, 1_000],
    [100, 4_000],
    [1e6, 10_000]
  ]
  for (const [elapsed, ms] of intervals) {
    t.equal(pollIntervalMs(0, elapsed * SECOND), ms, `after ${elapsed} s`)
  }
})

t.test('times are in ISO 8601, whatever a file says', async (t) => {
  t.equal(isoTime(1_700_000_000.25 * SECOND), '2023-11-14T22:13:20.250Z')
  t.equal(isoTime(-1), '1970-01-01T00:00:00.000Z')
  t.equal(isoTime(Number.MAX_VALUE), '+275760-09-13T00:00:00.000Z')
})

t.test('the short form leaves out the phases, the dress and the averages, and nothing else', async (t) => {
  const { run } = createRun()
  const snapshot = run.snapshot()
  const short = shortenSnapshot(snapshot)
  t.equal(snapshot.phases.length, ALL_PHASES.length, 'the snapshot itself is whole')
  const left = Object.keys(snapshot).filter((name) => !(name in short))
  t.same(left, ['phases', 'dalleDress', 'phaseAverages'])
  for (const [name, value] of Object.entries(short)) t.equal(value, Reflect.get(snapshot, name), name)
})
