import t from 'tap'
import { fileVersion } from '../../../lib/storage/file-version.ts'

t.test('the version of a file changes with its size and its time', async (t) => {
  const version = fileVersion({ bytes: 1000, modifiedMs: 1_700_000_000_000.25 })
  t.match(version, /^[0-9a-z]+-[0-9a-z]+$/)
  t.equal(fileVersion({ bytes: 1000, modifiedMs: 1_700_000_000_000.25 }), version)
  t.not(fileVersion({ bytes: 1001, modifiedMs: 1_700_000_000_000.25 }), version)
  t.not(fileVersion({ bytes: 1000, modifiedMs: 1_700_000_000_000.252 }), version, 'two microseconds later')
})
