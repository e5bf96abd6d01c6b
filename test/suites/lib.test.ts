import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import t from 'tap'
import { SUITE_NAMES, runSuite, suiteOf, testFiles } from './suites.ts'

t.test('every test file belongs to a suite, and every suite has its file', async (t) => {
  const files = testFiles()
  t.ok(files.length > 100)
  t.same(
    files.filter((file) => suiteOf(file) === undefined),
    []
  )
  const extension = extname(import.meta.filename)
  const missing = SUITE_NAMES.filter(
    (name) => name !== 'long' && !existsSync(join(import.meta.dirname, `${name}.test${extension}`))
  )
  t.same(missing, [])
})

await runSuite('lib')
