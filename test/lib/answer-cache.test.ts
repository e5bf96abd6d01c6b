import t from 'tap'
import { createAnswerCache } from '../../lib/answer-cache.ts'
import { createSharedBody } from '../../lib/shared-body.ts'

function setUp(maxBytes = 10_000) {
  let now = 0
  let revision = 'a'
  let made = 0
  const cache = createAnswerCache({
    maxBytes,
    maxAgeMs: 500,
    revision: () => revision,
    clock: { now: () => now }
  })
  const read = async (key: string, bytes = 10) => {
    const body = await cache.read(key, async () => {
      made += 1
      return createSharedBody(String(made).padEnd(bytes))
    })
    return Number(body.plain({}).toString())
  }
  return {
    cache,
    read,
    pass: (ms: number) => (now += ms),
    change: () => (revision += 'a'),
    get made() {
      return made
    }
  }
}

t.test('an answer is made once for all who ask, until its time is over or something changes', async (t) => {
  const { read, pass, change } = setUp()
  t.same(await Promise.all([read('one'), read('one'), read('other')]), [1, 1, 2])
  pass(499)
  t.equal(await read('one'), 1)
  pass(1)
  t.equal(await read('one'), 3)
  change()
  t.equal(await read('one'), 4)
})

t.test('however many different answers are asked for, they take no more bytes than that', async (t) => {
  const server = setUp(10_000)
  for (let index = 0; index < 100; index += 1) await server.read(`key ${index}`, 1_000)
  t.ok(server.cache.bytes <= 10_000 && server.cache.bytes > 5_000, String(server.cache.bytes))
  t.equal(await server.read('key 99'), 100, 'the last one is kept')
  await server.read('large', 20_000)
  t.ok(server.cache.bytes <= 10_000, 'one that is larger is sent and not kept')
  await server.read('large', 20_000)
  t.equal(server.made, 102)
})

t.test('a failure is not kept', async (t) => {
  const { cache, read } = setUp()
  await t.rejects(
    cache.read('one', async () => {
      throw new Error('busy')
    }),
    { message: 'busy' }
  )
  t.equal(await read('one'), 1)
})
