import t from 'tap'
import { demandValidManifest, problemOfManifest } from '../../../lib/dress/manifest-check.ts'
import { manifestOf } from '../../../lib/dress/records.ts'
import { databases } from './built-in.ts'

t.test('the manifest of the built-in databases is valid', async (t) => {
  t.equal(problemOfManifest(manifestOf(databases)), undefined)
})

t.test('a manifest with a gap is not valid', async (t) => {
  const good = manifestOf(databases)
  const [file, ...others] = good.files
  const withFile = (changes: object) => ({ ...good, files: [{ ...file!, ...changes }, ...others] })
  const damaged = [
    { ...good, version: '' },
    { ...good, archiveHash: '123' },
    { ...good, files: [] },
    { ...good, files: [file!, ...good.files] },
    withFile({ name: '' }),
    withFile({ path: '' }),
    withFile({ hash: 'md5:1' }),
    withFile({ rows: -1 }),
    withFile({ columns: [] }),
    withFile({ columns: ['version', ''] })
  ]
  for (const manifest of damaged) {
    t.throws(() => demandValidManifest(manifest), { code: 'database_manifest_invalid', statusCode: 500 })
  }
})
