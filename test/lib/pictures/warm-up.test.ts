import t from 'tap'
import { warmUp } from '../../../lib/pictures/warm-up.ts'

t.test('different addresses are drawn one after the other, and other work has its turn', async (t) => {
  const addresses: string[] = []
  let turns = 0
  let counting = setImmediate(function count() {
    turns += 1
    counting = setImmediate(count)
  })
  let drawing = 0
  await warmUp(
    async (address) => {
      drawing += 1
      t.equal(drawing, 1)
      addresses.push(address)
      await Promise.resolve()
      drawing -= 1
    },
    new AbortController().signal,
    0
  )
  clearImmediate(counting)
  t.ok(addresses.length >= 10, 'enough for V8')
  t.equal(new Set(addresses).size, addresses.length)
  for (const address of addresses) t.match(address, /^0x[0-9a-f]{40}$/)
  t.ok(turns >= addresses.length - 1)
})

t.test('nothing is drawn after the end', async (t) => {
  // The wait does not keep a process alive.
  const alive = setInterval(() => {}, 1000)
  t.teardown(() => clearInterval(alive))
  const ended = new AbortController()
  const waiting = warmUp(async () => t.fail('nothing is drawn'), ended.signal, 3_600_000)
  ended.abort()
  await waiting
  let drawn = 0
  const during = new AbortController()
  await warmUp(
    async () => {
      drawn += 1
      if (drawn === 2) during.abort()
    },
    during.signal,
    0
  )
  t.equal(drawn, 2)
})
