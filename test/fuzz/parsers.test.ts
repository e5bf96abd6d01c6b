import fc from 'fast-check'
import t from 'tap'
import { parserRuns } from './cases.ts'
import { FILE_PARSERS } from './file-parsers.ts'
import { PARSERS } from './parsers.ts'

const ALL = [...PARSERS, ...FILE_PARSERS]

for (const [name, property] of ALL) {
  t.test(`whatever comes, it is read or refused: ${name}`, async () => {
    await fc.assert(property, parserRuns(ALL.length))
  })
}
