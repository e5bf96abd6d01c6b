// Writes lib/dress/databases/manifest.json from the CSV files beside it.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BUILT_IN_DATABASES, TABLES, describeTable } from '../../lib/dress/databases.ts'
import type { Manifest } from '../../lib/dress/databases.ts'

const manifest: Manifest = { version: 'v1.0.0', tables: {} }
for (const name of TABLES) {
  manifest.tables[name] = describeTable(await readFile(join(BUILT_IN_DATABASES, `${name}.csv`), 'utf8'))
}
await writeFile(join(BUILT_IN_DATABASES, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
