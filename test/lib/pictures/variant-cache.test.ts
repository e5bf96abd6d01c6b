import t from 'tap'
import { createVariantCache } from '../../../lib/pictures/variant-cache.ts'

/** A cache of ten variants of one byte. */
function createCache() {
  const removed: string[] = []
  const cache = createVariantCache({ maxBytes: 10, onRemove: (path) => removed.push(path) })
  const keep = (path: string, client?: string) => {
    cache.makeRoom(1, client)
    cache.keep(path, 1, client)
  }
  return { cache, removed, keep }
}

t.test('a client that is alone may fill the cache, and then loses what it used longest ago', async (t) => {
  const { cache, removed, keep } = createCache()
  for (let index = 0; index < 10; index += 1) keep(`a${index}`, 'a')
  t.same(removed, [])
  cache.use('a0', 'a')
  keep('a10', 'a')
  t.same(removed, ['a1'])
  t.equal(cache.bytes, 10)
})

t.test('a flood of one client replaces no more than its share', async (t) => {
  const { cache, removed, keep } = createCache()
  for (let index = 0; index < 10; index += 1) keep(`b${index}`, 'b')
  for (let index = 0; index < 100; index += 1) keep(`a${index}`, 'a')
  const left = Array.from({ length: 10 }, (_, index) => `b${index}`).filter((path) => cache.has(path))
  t.equal(left.length, 7)
  t.same(removed.slice(0, 3), ['b0', 'b1', 'b2'])
  t.equal(cache.bytes, 10)
})

t.test('the variants of earlier starts are protected in the same way', async (t) => {
  const { cache, keep } = createCache()
  for (let index = 0; index < 10; index += 1) keep(`old${index}`)
  for (let index = 0; index < 100; index += 1) keep(`a${index}`, 'a')
  t.ok(cache.has('old9'))
  t.notOk(cache.has('old0'))
})

t.test('a client that has filled the cache makes room for the share of another one', async (t) => {
  const { cache, removed, keep } = createCache()
  for (let index = 0; index < 10; index += 1) keep(`a${index}`, 'a')
  for (let index = 0; index < 5; index += 1) keep(`b${index}`, 'b')
  t.same(removed, ['a0', 'a1', 'a2', 'b0', 'b1'])
  keep('a10', 'a')
  t.same(removed.at(-1), 'a3')
  t.equal(cache.bytes, 10)
})

t.test('a variant that another client requests too is no longer the loss of the first one', async (t) => {
  const { cache, keep } = createCache()
  for (let index = 0; index < 10; index += 1) keep(`a${index}`, 'a')
  cache.use('a0', 'b')
  for (let index = 10; index < 50; index += 1) keep(`a${index}`, 'a')
  t.ok(cache.has('a0'))
})

t.test('a variant can be replaced and removed', async (t) => {
  const { cache, removed, keep } = createCache()
  keep('a0', 'a')
  keep('a0', 'b')
  t.equal(cache.bytes, 1)
  cache.remove('a0')
  cache.remove('a0')
  t.same(removed, ['a0'])
  t.equal(cache.bytes, 0)
})
