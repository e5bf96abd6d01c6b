import t from 'tap'
import { describeCsv } from '../../../lib/dress/csv.ts'

t.test('a field in quotes may contain commas, line breaks and quotes', async (t) => {
  t.same(describeCsv('version,"name, or ""title""",note\nv1,"a\nb",c\nv1,"d,e",f\n'), {
    columns: ['version', 'name, or "title"', 'note'],
    records: 2
  })
})

t.test('empty lines, the end of the text and carriage returns make no records', async (t) => {
  for (const csv of ['a,b\r\n1,2\r\n\r\n3,4\r\n', 'a,b\n1,2\n\n3,4', '\na,b\n1,2\n3\n']) {
    t.same(describeCsv(csv), { columns: ['a', 'b'], records: 2 }, JSON.stringify(csv))
  }
  t.same(describeCsv('a'), { columns: ['a'], records: 0 })
  t.same(describeCsv(''), { columns: [], records: 0 })
  t.equal(describeCsv('a\n,\n').records, 1, 'a record of empty fields is one')
})

t.test('quotes that are not closed, or not at the ends of a field, belong to the text', async (t) => {
  t.same(describeCsv('a,b\n1,5" screen\n2,"open\n3,"shut" and more\n'), { columns: ['a', 'b'], records: 3 })
})
