import t from 'tap'
import { keepLease } from '../../../../lib/engine/postgres/lease.ts'
import { createClock } from '../../../clock.ts'

type Answer = { cancel: { code: 'CANCELLED'; message: string } | null } | undefined | Error

function hold(answer: () => Answer) {
  const clock = createClock()
  const seen = { lost: 0, cancels: [] as string[] }
  const lease = keepLease({
    claim: { runId: 'a', fence: 1 },
    rows: {
      async renew() {
        const given = answer()
        if (given instanceof Error) throw given
        return given
      }
    },
    clock,
    claimedAt: clock.now(),
    onLost: () => {
      seen.lost += 1
    },
    onCancel: ({ code }) => seen.cancels.push(code),
    onError: () => {}
  })
  return { clock, lease, seen }
}

t.test('a lease that is renewed is not lost', async (t) => {
  const { clock, seen } = hold(() => ({ cancel: null }))
  await clock.advance(120_000)
  t.equal(seen.lost, 0)
})

t.test('a lease that cannot be renewed is in doubt when its time is over', async (t) => {
  const { clock, lease, seen } = hold(() => new Error('the database is away'))
  await clock.advance(14_999)
  t.equal(seen.lost, 0)
  await clock.advance(1)
  t.equal(seen.lost, 1)
  t.ok(lease.isLost)
})

t.test('a paid call that is open keeps its work, which ends after it', async (t) => {
  const { clock, lease, seen } = hold(() => new Error('the database is away'))
  const letGo = lease.hold()
  await clock.advance(60_000)
  t.equal(seen.lost, 0)
  letGo()
  letGo()
  t.equal(seen.lost, 1)
})

t.test('a database that comes back in time ends the doubt', async (t) => {
  let answer: Answer = new Error('the database is away')
  const { clock, lease, seen } = hold(() => answer)
  const letGo = lease.hold()
  await clock.advance(60_000)
  answer = { cancel: null }
  await clock.advance(5_000)
  letGo()
  t.equal(seen.lost, 0)
})

t.test('a claim that has ended is lost at once, and a run that must end is named', async (t) => {
  const fenced = hold(() => undefined)
  await fenced.clock.advance(5_000)
  t.equal(fenced.seen.lost, 1)
  const cancelled = hold(() => ({ cancel: { code: 'CANCELLED', message: 'cancelled' } }))
  await cancelled.clock.advance(5_000)
  t.same(cancelled.seen.cancels, ['CANCELLED'])
})
