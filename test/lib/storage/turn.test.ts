import t from 'tap'
import { errors } from '../../../lib/errors.ts'
import { waitForTurn } from '../../../lib/storage/turn.ts'
import type { TurnOptions } from '../../../lib/storage/turn.ts'
import { createManualClock } from '../../manual-clock.ts'
import { until } from '../../helper.ts'

/** A lock that gives these answers in turn, the last one again and again. */
function lockOf(...answers: Array<boolean | Error>): TurnOptions['lock'] & { tries: number } {
  return {
    tries: 0,
    async tryAcquire() {
      const answer = answers[Math.min(this.tries, answers.length - 1)]!
      this.tries += 1
      if (answer instanceof Error) throw answer
      return answer
    }
  }
}

t.test('the lock is tried until it is free, and then it is the turn once', async (t) => {
  const { clock } = createManualClock()
  const lock = lockOf(false, false, true)
  let turns = 0
  const onTurn = async () => {
    turns += 1
    return true
  }
  const stop = waitForTurn({ lock, onTurn, onError: t.threw, clock })
  await until(() => turns === 1)
  await stop()
  t.equal(lock.tries, 3)
  t.equal(turns, 1)
})

t.test('an error that lasts is reported once, and the lock is tried on', async (t) => {
  const { clock } = createManualClock()
  const broken = errors.fileSystem('broken')
  const lock = lockOf(broken, broken, broken, errors.image('another one'), true)
  const reported: unknown[] = []
  let turns = 0
  const stop = waitForTurn({
    lock,
    onTurn: async () => {
      turns += 1
      return true
    },
    onError: (error) => reported.push(error),
    clock
  })
  await until(() => turns === 1)
  await stop()
  t.equal(reported.length, 2)
})

t.test('a turn that was given up comes again', async (t) => {
  const { clock } = createManualClock()
  const lock = lockOf(true, false, true)
  let turns = 0
  const onTurn = async () => {
    turns += 1
    return turns === 2
  }
  const stop = waitForTurn({ lock, onTurn, onError: t.threw, clock })
  await until(() => turns === 2)
  await stop()
  t.equal(lock.tries, 3)
  t.equal(turns, 2)
})

t.test('the wait can be ended', async (t) => {
  const lock = lockOf(false)
  const stop = waitForTurn({
    lock,
    onTurn: async () => {
      t.fail('it was never the turn')
      return true
    },
    onError: t.threw
  })
  await until(() => lock.tries > 0)
  await stop()
  const { tries } = lock
  await new Promise((resolve) => setImmediate(resolve))
  t.equal(lock.tries, tries)
})
