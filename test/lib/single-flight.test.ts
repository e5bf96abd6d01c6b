import t from 'tap'
import { createSingleFlight } from '../../lib/single-flight.ts'

/** Work that ends when the test says so. */
function createWork() {
  const calls: Array<{ resolve: (value: string) => void; reject: (error: Error) => void }> = []
  const work = async () =>
    await new Promise<string>((resolve, reject) => {
      calls.push({ resolve, reject })
    })
  return { calls, work }
}

t.test('concurrent calls with the same key share one result', async (t) => {
  const flights = createSingleFlight<string>()
  const { calls, work } = createWork()
  const results = [flights.run('a', work), flights.run('a', work), flights.run('b', work)]
  t.equal(calls.length, 2)
  t.equal(flights.size, 2)
  t.ok(flights.has('a'))
  calls[0]!.resolve('for a')
  calls[1]!.resolve('for b')
  t.same(await Promise.all(results), ['for a', 'for a', 'for b'])
  t.equal(flights.size, 0)
  t.notOk(flights.has('a'))
})

t.test('a call after the end works anew, after a failure too', async (t) => {
  const flights = createSingleFlight<string>()
  const { calls, work } = createWork()
  const failed = [flights.run('a', work), flights.run('a', work)]
  calls[0]!.reject(new Error('broken'))
  for (const result of failed) await t.rejects(result, { message: 'broken' })
  const next = flights.run('a', work)
  t.equal(calls.length, 2)
  calls[1]!.resolve('second')
  t.equal(await next, 'second')
  await t.rejects(
    flights.run('a', () => {
      throw new Error('at once')
    }),
    { message: 'at once' }
  )
  t.equal(flights.size, 0)
})

t.test('a caller that aborts leaves the work to the others', async (t) => {
  const flights = createSingleFlight<string>()
  const { calls, work } = createWork()
  const [first, second] = [new AbortController(), new AbortController()]
  let waiters = () => -1
  const counted = async (flight: { readonly waiters: number }) => {
    waiters = () => flight.waiters
    return await work()
  }
  const left = flights.run('a', counted, first.signal)
  t.equal(waiters(), 1, 'the work never sees a flight without waiters at its start')
  const stayed = flights.run('a', counted, second.signal)
  t.equal(waiters(), 2)
  first.abort(new Error('left'))
  await t.rejects(left, { message: 'left' })
  t.equal(waiters(), 1)
  calls[0]!.resolve('done')
  t.equal(await stayed, 'done')
  await t.rejects(flights.run('a', counted, first.signal), { message: 'left' })
  t.equal(calls.length, 1, 'an aborted signal starts no work')
})

t.test('a failure after all callers have aborted is handled', async (t) => {
  const flights = createSingleFlight<string>()
  const { calls, work } = createWork()
  const caller = new AbortController()
  const left = flights.run('a', work, caller.signal)
  caller.abort(new Error('left'))
  await t.rejects(left, { message: 'left' })
  calls[0]!.reject(new Error('no caller gets this'))
  await flights.settled()
  t.equal(flights.size, 0)
})

t.test('runNext joins only work that begins after the call', async (t) => {
  const flights = createSingleFlight<string>()
  const { calls, work } = createWork()
  const first = flights.runNext('a', work)
  const later = [flights.runNext('a', work), flights.runNext('a', work)]
  t.equal(calls.length, 1)
  calls[0]!.reject(new Error('broken'))
  await t.rejects(first, { message: 'broken' })
  while (calls.length < 2) await Promise.resolve()
  calls[1]!.resolve('second')
  t.same(await Promise.all(later), ['second', 'second'])
  t.equal(calls.length, 2)
})
