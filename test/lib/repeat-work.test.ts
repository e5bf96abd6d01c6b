import t from 'tap'
import { repeatWork } from '../../lib/repeat-work.ts'
import { createClock } from '../clock.ts'

const EVERY_MS = 1_000

t.test('work is repeated until it is stopped, also after an error', async (t) => {
  for (const isAtOnce of [true, false]) {
    const clock = createClock()
    const errors: unknown[] = []
    let count = 0
    const work = async () => {
      count += 1
      if (count === 2) throw new Error('once')
    }
    const stop = repeatWork(work, {
      everyMs: EVERY_MS,
      onError: (error) => errors.push(error),
      clock,
      isAtOnce
    })
    const atOnce = isAtOnce ? 1 : 0
    t.equal(count, atOnce)
    // The timer starts when the work has ended.
    await clock.advance(0)
    await clock.advance(3 * EVERY_MS)
    t.equal(count, 3 + atOnce)
    t.match(errors, [{ message: 'once' }])
    await stop()
    await clock.advance(3 * EVERY_MS)
    t.equal(count, 3 + atOnce)
    t.equal(clock.timers, 0)
  }
})

t.test('a stop aborts the signal of the work, and waits for its end', async (t) => {
  const clock = createClock()
  let end = () => {}
  let given: AbortSignal | undefined
  const work = async (signal: AbortSignal) => {
    given = signal
    await new Promise<void>((resolve) => {
      end = resolve
    })
  }
  const stop = repeatWork(work, {
    everyMs: EVERY_MS,
    onError: () => t.fail('no error'),
    clock,
    isAtOnce: true
  })
  await clock.advance(5 * EVERY_MS)
  let isStopped = false
  const stopping = stop().then(() => {
    isStopped = true
  })
  await clock.advance(0)
  t.same([given!.aborted, isStopped], [true, false])
  end()
  await stopping
  t.equal(clock.timers, 0)
})
