import t from 'tap'
import { createGathering } from '../../../../lib/engine/postgres/gathering.ts'
import { createClock } from '../../../clock.ts'

/** Statements that end when the test says so. */
function setUp() {
  const asked: number[][] = []
  const ends: Array<() => void> = []
  const clock = createClock()
  const ask = createGathering(
    async (questions: number[]) => {
      asked.push(questions)
      await new Promise<void>((resolve) => ends.push(resolve))
      if (questions.includes(0)) throw new Error('no answer')
      return questions.map((question) => question * 10)
    },
    { clock }
  )
  return { ask, asked, clock, end: (statement: number) => ends[statement]!() }
}

t.test('questions that come during a statement are the next one together', async (t) => {
  const { ask, asked, end } = setUp()
  const first = ask(1)
  const others = [ask(2), ask(3), ask(2)]
  t.same(asked, [[1]])
  end(0)
  t.equal(await first, 10)
  t.same(asked, [[1], [2, 3, 2]])
  end(1)
  t.same(await Promise.all(others), [20, 30, 20])
  const later = ask(4)
  t.same(asked.at(-1), [4])
  end(2)
  t.equal(await later, 40)
})

t.test('a statement that fails fails its questions, and not the next ones', async (t) => {
  const { ask, end } = setUp()
  const first = ask(0)
  const second = ask(1)
  end(0)
  await t.rejects(first, { message: 'no answer' })
  end(1)
  t.equal(await second, 10)
})

t.test('a statement that takes long does not hold up the next one', async (t) => {
  const { ask, asked, clock, end } = setUp()
  const first = ask(1)
  const second = ask(2)
  await clock.advance(100)
  t.same(asked, [[1], [2]])
  end(1)
  t.equal(await second, 20)
  end(0)
  t.equal(await first, 10)
})
