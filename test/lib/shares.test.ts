import t from 'tap'
import { createShares } from '../../lib/shares.ts'

t.test('each client has its own share, and a place that is given back is free again', async (t) => {
  const shares = createShares(2)
  const [first, second] = [shares.take('a'), shares.take('a')]
  t.ok(first)
  t.ok(second)
  t.equal(shares.take('a'), undefined)
  t.ok(shares.take('b'))
  first!()
  first!()
  t.ok(shares.take('a'), 'a place is given back once')
  t.equal(shares.take('a'), undefined)
})

t.test('without a limit there is always a place', async (t) => {
  const shares = createShares(undefined)
  for (let index = 0; index < 1000; index += 1) t.ok(shares.take('a'))
})
