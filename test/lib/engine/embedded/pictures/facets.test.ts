import t from 'tap'
import { createFacetTable } from '../../../../../lib/engine/embedded/pictures/facet-table.ts'
import { createPictureIndex } from '../../../../../lib/engine/embedded/pictures/picture-index.ts'
import { createFiles } from '../../../../../lib/storage/files.ts'
import { createPngFiles } from '../../../../../lib/storage/png-files.ts'
import { temporaryFolder } from '../../../../helper.ts'
import { testFacets } from '../../facets-suite.ts'

testFacets({
  name: 'embedded',
  createStore: async (t) => {
    const folder = await temporaryFolder(t)
    return {
      folder,
      async open() {
        const files = createFiles({ root: folder })
        const index = createPictureIndex({ files, pngs: createPngFiles(files) })
        t.teardown(index.stop)
        return index
      }
    }
  }
})

t.test('a facet may have more values than a byte or two can number', async (t) => {
  const table = createFacetTable()
  const rows = Array.from({ length: 70_000 }, (_, index) =>
    table.add([
      { facet: 'noun', value: `noun ${index}` },
      { facet: 'color', value: `color ${index % 300}` }
    ])
  )
  const find = (value: string) => {
    const test = table.tests([{ facet: 'noun', value }]).get('noun')!
    return rows.filter(test)
  }
  for (const index of [0, 254, 255, 256, 65_534, 65_535, 65_536, 69_999]) {
    t.same(find(`noun ${index}`), [rows[index]])
  }
  const { add, counts } = table.counter('color')
  rows.forEach(add)
  t.equal(counts().length, 300)
  t.equal(
    counts().reduce((sum, { count }) => sum + count, 0),
    rows.length
  )
  table.remove(rows[7]!)
  t.same(find('noun 7'), [])
  t.equal(table.add([{ facet: 'gaze', value: 'down' }]), rows[7], 'its place is used again')
  t.same(find('noun 7'), [])
})
