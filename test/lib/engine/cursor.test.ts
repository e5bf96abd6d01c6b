import t from 'tap'
import { readCursor, writeCursor } from '../../../lib/engine/cursor.ts'

t.test('the format of a cursor stays the same', async (t) => {
  const cursor = {
    order: 'series',
    asOf: 5,
    finishedSeries: 'abcdef',
    modifiedMs: 4,
    series: 'a',
    address: '0x1'
  }
  const text = Buffer.from('["series",5,"abcdef",4,"a","0x1"]').toString('base64url')
  t.equal(writeCursor({ ...cursor, order: 'series' }), text)
  t.same(readCursor(text), cursor)
  for (const invalid of ['', 'x', Buffer.from('["other",5,"",4,"a","0x1"]').toString('base64url')]) {
    t.equal(readCursor(invalid), undefined)
  }
})
