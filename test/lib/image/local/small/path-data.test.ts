import t from 'tap'
import { readPath, writePath } from '../../../../../lib/image/local/small/path-data.ts'

t.test('every command of a path is read with absolute positions', async (t) => {
  t.same(readPath('M10 20h5v-5.5l1 1Z'), { kinds: 'MLLLZ', numbers: [10, 20, 15, 20, 15, 14.5, 16, 15.5] })
  t.same(readPath('m1 1 2 2M0 0 3-4'), { kinds: 'MLML', numbers: [1, 1, 3, 3, 0, 0, 3, -4] })
  t.same(
    readPath('M0 0Q1 2 2 0T4 0t2 0'),
    { kinds: 'MQQQ', numbers: [0, 0, 1, 2, 2, 0, 3, -2, 4, 0, 5, 2, 6, 0] },
    'T mirrors the last control point'
  )
  t.same(readPath('M5 5a2 3 10 1 0 4 0C1 1 2 2 3 3'), {
    kinds: 'MAC',
    numbers: [5, 5, 2, 3, 10, 1, 0, 9, 5, 1, 1, 2, 2, 3, 3]
  })
  t.same(readPath('M5 5h2Zl1 1').numbers.slice(-2), [6, 6], 'after Z the position is that of the last M')
})

t.test('a written path is short and reads as the same path', async (t) => {
  t.equal(writePath(readPath('M10 20L15 20L15 14L16 15L18 13Z')), 'M10 20h5v-6l1 1 2-2z')
  for (const d of [
    'M1 2L3 4M-5 6L7 -8Z',
    'M0 0Q1 2 3 4Q5 6 7 8C1 2 3 4 -5 6A3 4 20 1 0 9 9A3 4 20 1 0 0 0Z',
    'M9 9ZM9 9L9 9'
  ]) {
    t.same(readPath(writePath(readPath(d))), readPath(d), d)
  }
})
