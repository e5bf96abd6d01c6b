// npm run lint:data prints the faults of the built-in databases, one per line, and exits with 1 if there are any.
import { BUILT_IN_DATABASES, TABLES, loadDatabases } from '../../lib/dress/databases.ts'
import { lintTables, readBuiltInTables } from './data-rules.ts'

const faults = lintTables(await readBuiltInTables(), await loadDatabases(BUILT_IN_DATABASES))
process.stdout.write(
  [...faults, `${TABLES.length} tables, ${faults.length} faults`].map((line) => `${line}\n`).join('')
)
process.exitCode = faults.length > 0 ? 1 : 0
