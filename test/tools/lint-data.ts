// npm run lint:data: everything that is wrong with the built-in databases, a line each; exits with 1 if there is anything.
import { BUILT_IN_DATABASES, TABLES, loadDatabases } from '../../lib/dress/databases.ts'
import { lintTables, readBuiltInTables } from './data-rules.ts'

const faults = lintTables(await readBuiltInTables(), await loadDatabases(BUILT_IN_DATABASES))
process.stdout.write(
  [...faults, `${TABLES.length} tables, ${faults.length} faults`].map((line) => `${line}\n`).join('')
)
process.exitCode = faults.length > 0 ? 1 : 0
