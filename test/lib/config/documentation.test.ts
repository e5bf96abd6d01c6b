import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { configTable, envExample, withConfigTable } from '../../../lib/config/documentation.ts'
import { PACKAGE_ROOT } from '../../../lib/package.ts'
import { SCHEMA } from './read-config.ts'

const REMEDY = 'run npm run docs:config'

t.test('.env.example is generated from the schema and sets nothing', async (t) => {
  const text = await readFile(join(PACKAGE_ROOT, '.env.example'), 'utf8')
  t.equal(text, envExample(), REMEDY)
  for (const [name, { description, default: value }] of SCHEMA) {
    t.ok(text.includes(`# ${description}`), description)
    t.ok(text.includes(`\n#${name}=${value ?? ''}\n`), name)
  }
  t.ok(
    text.split('\n').every((line) => line === '' || line.startsWith('#')),
    'every line is commented out'
  )
})

t.test('lib/config/README.md contains the table that is generated from the schema', async (t) => {
  const text = await readFile(join(PACKAGE_ROOT, 'lib/config/README.md'), 'utf8')
  t.equal(text, withConfigTable(text), REMEDY)
  const rows = configTable().trim().split('\n')
  t.equal(rows.length, SCHEMA.length + 2, 'a row for each setting')
  for (const [name, { flag, default: value }] of SCHEMA) {
    const row = rows.find((line) => line.includes(` | \`${name}\` | `)) ?? ''
    t.ok(row.startsWith(flag === undefined ? '|  |' : `| \`--${flag}\` |`), `${name}: its flag`)
    t.ok(value === undefined || row.includes(`| \`${value}\` |`), `${name}: its default`)
  }
  t.notMatch(configTable(), /undefined/)
})
