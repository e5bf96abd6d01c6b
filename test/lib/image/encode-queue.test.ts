import t from 'tap'
import { createEncodeQueue } from '../../../lib/image/encode-queue.ts'

/** Queues jobs while all slots are busy, and returns the order in which they then ran. */
async function orderOf(
  fill: (queue: ReturnType<typeof createEncodeQueue>, job: (name: string) => () => Promise<void>) => void
) {
  const queue = createEncodeQueue()
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  const busy = [1, 2].map(async () => await queue.run(async () => await released))
  const order: string[] = []
  const ended: Array<Promise<void>> = []
  fill(queue, (name) => {
    let end = () => {}
    ended.push(new Promise((resolve) => (end = resolve)))
    return async () => {
      order.push(name)
      end()
    }
  })
  release()
  await Promise.all([...busy, ...ended])
  return order
}

t.test('quick tasks take every second turn, so that neither they nor runs wait for all others', async (t) => {
  const order = await orderOf((queue, job) => {
    for (const name of ['run 1', 'run 2', 'run 3']) queue.run(job(name)).catch(t.threw)
    queue.add(job('thumbnail'), 'a', true)
    for (const name of ['quick 1', 'quick 2', 'quick 3', 'quick 4', 'quick 5', 'quick 6']) {
      queue.addQuick(job(name), 'a')
    }
  })
  t.strictSame(order, [
    'quick 1',
    'run 1',
    'quick 2',
    'run 2',
    'quick 3',
    'run 3',
    'quick 4',
    'thumbnail',
    'quick 5',
    'quick 6'
  ])
})

t.test('clients take turns with quick tasks', async (t) => {
  const order = await orderOf((queue, job) => {
    for (const name of ['a 1', 'a 2', 'a 3']) queue.addQuick(job(name), 'a')
    queue.addQuick(job('b 1'), 'b')
  })
  t.ok(order.indexOf('b 1') < order.indexOf('a 2'), order.join())
})
