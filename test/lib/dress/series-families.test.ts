import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { FAMILIES, familyOf } from '../../../lib/dress/series-families.ts'
import { PACKAGE_ROOT } from '../../../lib/package.ts'

t.test('every built-in series has one family', async (t) => {
  const files = await readdir(join(PACKAGE_ROOT, 'lib/dress/series'))
  t.same(Object.values(FAMILIES).flat().sort(), files.map((file) => file.slice(0, -'.json'.length)).sort())
  t.equal(familyOf('birds', true), 'subjects')
  t.equal(familyOf('birds', false), 'own')
})
