import t from 'tap'
import { chooseParts, readOptions, usage } from './options.ts'

const PARTS = [
  { name: 'pictures', about: 'pictures that exist' },
  { name: 'start', about: 'start to listening' },
  { name: 'growth', about: 'cost by number', isLong: true }
]

const names = (args: string[]) => chooseParts(PARTS, readOptions(args, PARTS)).map(({ name }) => name)

t.test('without options, all parts are measured that do not take minutes', async (t) => {
  t.match(readOptions([], PARTS), { only: [], rounds: 5, isFull: false, isHelp: false })
  t.same(names([]), ['pictures', 'start'])
  t.same(names(['--full']), ['pictures', 'start', 'growth'])
})

t.test('--only names parts, which are measured in their own order', async (t) => {
  t.same(names(['--only', 'start,pictures']), ['pictures', 'start'])
  t.same(names(['--only', ' growth , growth']), ['growth'])
})

t.test('an unknown part is refused with the names of all', async (t) => {
  const message = '--only knows no part "picture": choose from pictures, start, growth'
  t.throws(() => readOptions(['--only', 'start,picture'], PARTS), { message })
})

t.test('values that cannot be used are refused', async (t) => {
  for (const rounds of ['0', '-1', '1.5', 'x', '', '1000']) {
    t.throws(
      () => readOptions([`--rounds=${rounds}`], PARTS),
      /--rounds is ".*" and must be a whole number/,
      rounds
    )
  }
  for (const option of ['only', 'json', 'report', 'charts']) {
    t.throws(() => readOptions([`--${option}=`], PARTS), { message: `--${option} needs a value` })
  }
  t.throws(() => readOptions(['--only', ','], PARTS), { message: '--only needs a value' })
  t.throws(() => readOptions(['--fast'], PARTS), /--fast/)
  t.throws(() => readOptions(['pictures'], PARTS), /pictures/)
})

t.test('the usage lists all parts', async (t) => {
  for (const { name, about } of PARTS) t.match(usage(PARTS), new RegExp(`^  ${name} +${about}`, 'm'))
})
