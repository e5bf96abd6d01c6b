// npm run docs:config: writes .env.example and the table in lib/config/README.md from the settings' schema.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { envExample, withConfigTable } from '../../lib/config/documentation.ts'
import { PACKAGE_ROOT } from '../../lib/package.ts'

const readme = join(PACKAGE_ROOT, 'lib/config/README.md')

await writeFile(join(PACKAGE_ROOT, '.env.example'), envExample())
await writeFile(readme, withConfigTable(await readFile(readme, 'utf8')))
