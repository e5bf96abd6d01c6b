import t from 'tap'
import { without } from '../../../../../lib/image/local/grid/grid.ts'

t.test('a grid has no cells that lie wholly below those of a finer one', async (t) => {
  const coarse = { side: 2, colors: ['#111111', '#222222', '#333333', '#444444'] }
  const fine = {
    side: 4,
    colors: [
      ...['#aaaaaa', '#aaaaaa', '', '#aaaaaa'],
      ...['#aaaaaa', '#aaaaaa', '#aaaaaa', '#aaaaaa'],
      ...['', '', '', ''],
      ...['', '', '#aaaaaa', '']
    ]
  }
  t.same(without(coarse, fine), { side: 2, colors: ['', '#222222', '#333333', '#444444'] })
})
