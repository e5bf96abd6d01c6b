import { createHash } from 'node:crypto'
import t from 'tap'
import { createKeptRandom, createRandom } from '../../../../lib/image/local/random.ts'

t.test('random numbers of a seed', async (t) => {
  const take = <T>(count: number, draw: () => T) => Array.from({ length: count }, draw)

  t.test('are the same for the same seed and others for another', async (t) => {
    const [one, again, other] = ['a', 'a', 'b'].map((seed) => take(50, createRandom(seed).next))
    t.same(one, again)
    t.notSame(one, other)
    t.equal(new Set(one).size, 50)
    t.equal(
      one![9],
      createHash('sha256').update('a/1').digest().readUInt32BE(4) / 2 ** 32,
      'the tenth is the second of the second digest'
    )
  })

  t.test('are the same where they are kept', async (t) => {
    const [one, other] = [createKeptRandom('kept'), createKeptRandom('kept')]
    const numbers = take(60, createRandom('kept').next)
    const drawn = take(60, (): number => 0).map((_, index) => {
      // The two take turns, so that each reads numbers that the other has made.
      if (index % 3 === 0) t.equal(other.next(), numbers[index / 3])
      return one.next()
    })
    t.same(drawn, numbers)
    t.same(take(60, createKeptRandom('kept').next), numbers)
  })

  t.test('keep to their ranges', async (t) => {
    const random = createRandom('ranges')
    t.ok(take(5000, random.next).every((value) => value >= 0 && value < 1))
    t.ok(take(5000, () => random.between(-3, 7)).every((value) => value >= -3 && value < 7))
    t.same([...new Set(take(5000, () => random.whole(3, 6)))].sort(), [3, 4, 5, 6])
    t.same([...new Set(take(500, () => random.pick(['x', 'y', 'z'])))].sort(), ['x', 'y', 'z'])
    t.same(new Set(take(500, () => random.chance(0))), new Set([false]))
    t.same(new Set(take(500, () => random.chance(1))), new Set([true]))
  })

  t.test('are spread evenly', async (t) => {
    const random = createRandom('evenly')
    const tenths = Array.from({ length: 10 }, () => 0)
    for (const value of take(10_000, random.next)) tenths[Math.floor(value * 10)]! += 1
    t.ok(
      tenths.every((count) => count > 850 && count < 1150),
      tenths.join()
    )
    const hits = take(10_000, () => random.chance(0.3)).filter(Boolean).length
    t.ok(hits > 2800 && hits < 3200, `${hits} of 3000`)
  })
})
