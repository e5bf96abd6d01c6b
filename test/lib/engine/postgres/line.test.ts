import t from 'tap'
import { createLine } from '../../../../lib/engine/postgres/line.ts'

t.test('the queue is read at most twice for a reader, however often it changes meanwhile', async (t) => {
  let reads = 0
  const line = createLine({
    database: {
      async query<Row extends object>(text: string) {
        line.invalidate()
        if (text.includes('from process')) return [{ slots: 1 }] as unknown as Row[]
        reads += 1
        if (reads > 10) throw new Error('it is read again and again')
        return [{ run_id: `run-${reads}`, claimed_ns: null }] as unknown as Row[]
      }
    },
    averages: { all: () => ({}) },
    now: () => 0
  })
  const first = line.refresh()
  await Promise.all([first, line.refresh(), line.refresh()])
  t.equal(reads, 2)
  t.equal(line.placeOf('run-2'), 1)
})
