import t from 'tap'
import { createWatchdog } from '../../../lib/storage/watchdog.ts'
import { createClock } from '../../clock.ts'
import { until } from '../../helper.ts'

/** A `stat` that is answered when the test says so. */
function createStat() {
  const open: Array<{ resolve: () => void; reject: (error: Error) => void }> = []
  const stat = async () =>
    await new Promise<void>((resolve, reject) => {
      open.push({ resolve, reject })
    })
  return { fs: { stat }, open }
}

t.test('the file system is silent after 30 s without an answer, until it answers', async (t) => {
  const clock = createClock()
  const { fs, open } = createStat()
  const changes: boolean[] = []
  const onChange = (isSilent: boolean) => changes.push(isSilent)
  const watchdog = createWatchdog({ root: '/data', fs, startTimer: clock.startTimer, onChange })
  await clock.advance(29_999)
  t.notOk(watchdog.isSilent)
  await clock.advance(1)
  t.ok(watchdog.isSilent)
  await clock.advance(600_000)
  t.equal(open.length, 1, 'one question at a time')

  open[0]!.resolve()
  await clock.advance(0)
  t.notOk(watchdog.isSilent)
  await clock.advance(4_999)
  t.equal(open.length, 1)
  await clock.advance(1)
  t.equal(open.length, 2, 'the next question after 5 s')
  open[1]!.reject(new Error('ENOENT'))
  await clock.advance(0)
  await clock.advance(5_000)
  t.equal(open.length, 3, 'an error is an answer')
  t.same(changes, [true, false])
  watchdog.close()
  t.equal(clock.timers, 0)
  open[2]!.resolve()
  await clock.advance(60_000)
  t.equal(open.length, 3, 'a closed watchdog asks no more')
  t.equal(clock.timers, 0)
})

t.test('a folder of the system answers', async (t) => {
  const clock = createClock()
  let timers = 0
  const startTimer = (ms: number, expire: () => void) => {
    timers += 1
    return clock.startTimer(ms, expire)
  }
  const watchdog = createWatchdog({ root: import.meta.dirname, startTimer })
  await until(() => timers === 2)
  t.notOk(watchdog.isSilent)
  watchdog.close()
})
