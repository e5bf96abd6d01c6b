import t from 'tap'
import { EDITION } from '../../lib/image/local/edition.ts'
import { hashesOfDatabases, readFrozen, whyNot } from '../tools/frozen.ts'

// The drawings are compared in image/local/scene.test.ts.
t.test('the databases and the edition of the artist are those that are frozen', async (t) => {
  const { artist, databases } = await readFrozen()
  const hashes = await hashesOfDatabases()
  t.ok(Object.keys(hashes).length > 19)
  t.same(hashes, databases, 'addresses get other dresses: see "Releases" in CONTRIBUTING.md')
  t.equal(artist.edition, EDITION)
})

t.test('what is released is not frozen anew', async (t) => {
  t.equal(whyNot('1.0.0', []), undefined)
  t.equal(whyNot('1.0.0', ['v0.9.0', 'v10.0.0', 'other']), undefined)
  t.match(whyNot('1.1.0', ['v1.0.0']), /^v1\.0\.0 is released: .+\.$/)
  t.equal(whyNot('2.0.0', ['v1.0.0', 'v1.1.0']), undefined)
})
