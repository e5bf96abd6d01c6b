import fc from 'fast-check'
import t from 'tap'
import { createTurns } from '../../lib/turns.ts'

/** Takes all items. */
function drain(turns: ReturnType<typeof createTurns<string>>): string[] {
  const taken: string[] = []
  for (let item = turns.next(); item !== undefined; item = turns.next()) taken.push(item)
  return taken
}

t.test('clients take turns, and each line keeps its order', async (t) => {
  const turns = createTurns<string>()
  for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) turns.add(item, item[0]!)
  t.equal(turns.size, 6)
  t.equal(turns.clients, 3)
  t.equal(turns.sizeOf('a'), 3)
  t.same(turns.ordered(), ['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
  t.same(drain(turns), ['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
  t.equal(turns.size, 0)
})

t.test('a client that comes later is served in the current round', async (t) => {
  const turns = createTurns<string>()
  for (let index = 0; index < 100; index += 1) turns.add(`a${index}`, 'a')
  for (let index = 0; index < 4; index += 1) turns.next()
  turns.add('b', 'b')
  t.equal(turns.next(), 'b')
  t.equal(turns.next(), 'a4')
})

t.test('a client that adds one item at a time is served no more often than the others', async (t) => {
  const turns = createTurns<string>()
  for (let index = 0; index < 10; index += 1) turns.add('a', 'a')
  const taken: Array<string | undefined> = []
  for (let index = 0; index < 8; index += 1) {
    if (turns.sizeOf('b') === 0) turns.add('b', 'b')
    taken.push(turns.next())
  }
  t.equal(taken.filter((item) => item === 'b').length, 4, taken.join())
})

t.test('who was served before does not matter after a time without waiting items', async (t) => {
  const turns = createTurns<string>()
  for (const item of ['a1', 'a2', 'a3']) turns.add(item, 'a')
  drain(turns)
  turns.add('a4', 'a')
  turns.add('b1', 'b')
  t.same(drain(turns), ['a4', 'b1'])
})

t.test('an item of a lower rank goes before the other items of its client only', async (t) => {
  const turns = createTurns<string>()
  turns.add('large1', 'a', 1)
  turns.add('large2', 'a', 1)
  turns.add('other', 'b', 1)
  turns.add('small1', 'a', 0)
  turns.add('small2', 'a', 0)
  t.same(drain(turns), ['other', 'small1', 'small2', 'large1', 'large2'])
})

t.test('an item in several lines is taken once, by the client whose turn comes first', async (t) => {
  const turns = createTurns<string>()
  for (const item of ['a1', 'a2', 'shared']) turns.add(item, 'a')
  turns.add('shared', 'b')
  t.same(drain(turns), ['a1', 'shared', 'a2'])
})

t.test('a removed item costs its client no turn', async (t) => {
  const turns = createTurns<string>()
  for (let index = 0; index < 10; index += 1) turns.add(`a${index}`, 'a')
  turns.add('b', 'b')
  for (let index = 0; index < 9; index += 1) t.ok(turns.remove(`a${index}`))
  t.notOk(turns.remove('a0'))
  t.same(drain(turns), ['a9', 'b'])
})

t.test(
  'whatever comes and goes: what is announced is what is served, and no client waits a round longer',
  async () => {
    const step = fc.record({
      client: fc.constantFrom('a', 'b', 'c', 'd'),
      action: fc.constantFrom('add', 'add', 'add', 'next', 'remove')
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const turns = createTurns<string>()
        let count = 0
        for (const { client, action } of steps) {
          const announced = turns.ordered()
          if (action === 'add') turns.add(`${client}${(count += 1)}`, client)
          else if (action === 'remove') turns.remove(announced.find((item) => item[0] === client) ?? '')
          else if (turns.next() !== announced[0]) return false
        }
        const announced = turns.ordered()
        const clients = new Set(announced.map((item) => item[0]))
        // Each client has an item among the first ones. One more turn each is the round that has begun.
        for (const client of clients) {
          if (announced.findIndex((item) => item[0] === client) >= 2 * clients.size) return false
        }
        return JSON.stringify(drain(turns)) === JSON.stringify(announced)
      })
    )
  }
)
