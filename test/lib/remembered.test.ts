import t from 'tap'
import { createRemembered } from '../../lib/remembered.ts'
import { createClock } from '../clock.ts'

t.test('a value is made once in a period, for all calls', async (t) => {
  const clock = createClock()
  let made = 0
  const value = createRemembered(async () => (made += 1), 1000, clock)
  t.same(await Promise.all([value(), value()]), [1, 1])
  await clock.advance(999)
  t.equal(await value(), 1)
  await clock.advance(1)
  t.equal(await value(), 2)
})

t.test('with a period of 0, each call makes a value', async (t) => {
  let made = 0
  const value = createRemembered(async () => (made += 1), 0, createClock())
  t.same([await value(), await value()], [1, 2])
})

t.test('a failure is not kept', async (t) => {
  let calls = 0
  const value = createRemembered(
    async () => {
      calls += 1
      if (calls === 1) throw new Error('no')
      return calls
    },
    1000,
    createClock()
  )
  await t.rejects(value(), { message: 'no' })
  t.equal(await value(), 2)
})

t.test('a new revision ends the period', async (t) => {
  let [made, revision] = [0, 1]
  const value = createRemembered(
    async () => (made += 1),
    1000,
    createClock(),
    () => revision
  )
  t.same([await value(), await value()], [1, 1])
  revision = 2
  t.same([await value(), await value()], [2, 2])
})
