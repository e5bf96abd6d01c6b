import t from 'tap'
import { createRoundRobin } from '../../lib/round-robin.ts'

t.test('one item of each client is served in a round, in the order of its arrival', async (t) => {
  const queue = createRoundRobin<string>()
  for (const item of ['a1', 'a2', 'a3']) queue.add(item, 'a')
  queue.add('b1', 'b')
  t.equal(queue.next(), 'a1')
  queue.add('c1', 'c')
  t.same(
    [1, 2, 3, 4].map(() => queue.next()),
    ['b1', 'a2', 'c1', 'a3']
  )
  t.equal(queue.next(), undefined)
})
