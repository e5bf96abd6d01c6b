import t from 'tap'
import { createTimeLimit } from '../../../lib/engine/time-limit.ts'
import { createClock } from '../../clock.ts'

t.test('a limit ends the work after its time, without the time of its pauses', async (t) => {
  const clock = createClock()
  let isOver = false
  const pauses: number[] = []
  const limit = createTimeLimit({
    clock,
    limitMs: 10_000,
    since: clock.now(),
    onOver: () => (isOver = true),
    onPaused: async (pausedMs) => {
      pauses.push(pausedMs)
    }
  })
  await clock.advance(4_000)
  t.equal(limit.workedMs(), 4_000)
  const paused = limit.pause(async () => {
    await clock.advance(60_000)
    t.equal(limit.workedMs(), 4_000)
    return 'the money'
  })
  t.equal(await paused, 'the money')
  t.same(pauses, [60_000])
  await t.rejects(
    limit.pause(async () => {
      await clock.advance(60_000)
      throw new Error('no money')
    }),
    { message: 'no money' }
  )
  await clock.advance(5_000)
  t.equal(limit.workedMs(), 9_000)
  t.notOk(isOver)
  await clock.advance(1_000)
  t.ok(isOver)
})

t.test('no timer is left after the end of the work, also where it ends in a pause', async (t) => {
  const clock = createClock()
  const begin = () => createTimeLimit({ clock, limitMs: 10_000, since: clock.now(), onOver: () => {} })
  begin().stop()
  t.equal(clock.timers, 0)
  const limit = begin()
  await limit.pause(async () => limit.stop())
  t.equal(clock.timers, 0)
})
