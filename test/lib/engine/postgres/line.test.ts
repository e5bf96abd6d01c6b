import t from 'tap'
import { createLine } from '../../../../lib/engine/postgres/line.ts'

const LOAD = { waiting: 1, claimed_ns: [], slots: 1 }

/** A queue whose database counts the reads of the order. */
function createTestLine(onRead: (reads: number) => string) {
  let reads = 0
  const clock = { ns: 0 }
  const line = createLine({
    database: {
      async query<Row extends object>(text: string) {
        if (!text.includes('run_ids')) return [LOAD] as unknown as Row[]
        reads += 1
        return [{ run_ids: onRead(reads) }] as unknown as Row[]
      }
    },
    averages: { all: () => ({}) },
    now: () => clock.ns
  })
  return { line, clock, reads: () => reads }
}

t.test('the queue is read at most twice for a reader, however often it changes meanwhile', async (t) => {
  const { line, reads } = createTestLine((read) => {
    line.invalidate()
    if (read > 10) throw new Error('it is read again and again')
    return `run-${read}`
  })
  const first = line.locate(['run-2'])
  await Promise.all([first, line.locate(['run-2']), line.locate(['run-2'])])
  t.equal(reads(), 2)
  t.equal(line.placeOf('run-2'), 1)
})

t.test('the order of the queue is read only for a reader, and only after a change', async (t) => {
  const { line, reads } = createTestLine(() => 'run-1 run-2')
  await line.refresh()
  await line.locate([])
  t.equal(reads(), 0, 'how many wait does not need it')
  for (let poll = 0; poll < 3; poll += 1) await line.locate(['run-2'])
  t.equal(reads(), 1)
  line.invalidate()
  await line.refresh()
  t.equal(reads(), 1)
  await line.locate(['run-2'])
  t.equal(reads(), 2)
})

t.test('the places in a long queue may be old, but not the one of a run that has just come', async (t) => {
  const runs = Array.from({ length: 5_000 }, (_, index) => `run-${index}`)
  const { line, clock, reads } = createTestLine((read) => runs.slice(read - 1).join(' '))
  await line.locate(['run-10'])
  t.equal(line.placeOf('run-10'), 11)
  runs.push('new')
  line.invalidate()
  clock.ns = 499e6
  await line.locate(['run-10'])
  t.equal(reads(), 1)
  await line.locate(['run-10', 'new'])
  t.equal(line.placeOf('new'), 5_000)
  t.equal(line.placeOf('run-10'), 10)
  line.invalidate()
  clock.ns += 501e6
  await line.locate(['run-10'])
  t.equal(line.placeOf('run-10'), 9)
})
