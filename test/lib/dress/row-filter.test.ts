import t from 'tap'
import { filterRows } from '../../../lib/dress/row-filter.ts'

const ROWS = ['cubism,modern,,flattens', 'icon,old,sensitive,gilds', 'fauvism,modern,,glows']

t.test('a filter keeps the rows that contain any of its strings', async (t) => {
  t.same(filterRows('artstyles', ROWS, ['modern']), [ROWS[0], ROWS[2]])
  t.same(filterRows('artstyles', ROWS, ['ic', 'glow']), [ROWS[1], ROWS[2]])
  t.same(filterRows('artstyles', ROWS, ['nothing']), [])
  t.same(filterRows('artstyles', ROWS, ['']), ROWS, 'every row contains the empty string')
})

t.test('without a filter all rows are kept, but for the sensitive ones of the styles', async (t) => {
  for (const filter of [undefined, null, []]) {
    t.same(filterRows('nouns', ROWS, filter), ROWS)
    for (const database of ['artstyles', 'litstyles']) {
      t.same(filterRows(database, ROWS, filter), [ROWS[0], ROWS[2]], database)
    }
  }
})
