import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { BUILT_IN_DATABASES, TABLES, loadDatabases } from '../../../lib/dress/databases.ts'
import { temporaryFolder } from '../../helper.ts'
import { databases, sha256 } from './built-in.ts'
import { readBuiltInTables } from '../../tools/data-rules.ts'

const tables = await readBuiltInTables()

t.test('the built-in databases match the manifest', async (t) => {
  const manifest = JSON.parse(await readFile(join(BUILT_IN_DATABASES, 'manifest.json'), 'utf8'))
  const files = (await readdir(BUILT_IN_DATABASES))
    .filter((name) => name.endsWith('.csv'))
    .map((name) => name.slice(0, -4))
  t.same(Object.keys(manifest.tables).sort(), files.sort())
  t.same([...TABLES].sort(), files)
  for (const name of TABLES) {
    const [header = '', ...lines] = tables[name].trimEnd().split('\n')
    t.same(
      manifest.tables[name],
      { columns: header.split(','), rows: lines.length, sha256: sha256(tables[name]) },
      name
    )
  }
  t.equal(manifest.version, 'v1.0.0')
  t.equal(databases.version, 'v1.0.0')
  const hashes = Object.values<{ sha256: string }>(manifest.tables).map(({ sha256 }) => sha256)
  t.equal(databases.hash, `sha256:${sha256(hashes.join('\n'))}`)
})

t.test('the built-in databases never change, because the number of a row decides pictures', async (t) => {
  t.equal(databases.hash, 'sha256:cacb8a7f98567ddf79e930a4baf8ef39c9cf3a70e6ab3f6f342d196bf1292d8d')
})

async function copied(t: Test): Promise<string> {
  const folder = await temporaryFolder(t)
  await cp(BUILT_IN_DATABASES, folder, { recursive: true })
  return folder
}
const rewrite = async (folder: string, file: string, change: (text: string) => string) => {
  const before = await readFile(join(folder, file), 'utf8')
  const after = change(before)
  if (after === before) throw new Error('nothing changed')
  await writeFile(join(folder, file), after)
}

t.test('a copy of the folder loads as the same databases', async (t) => {
  t.same(await loadDatabases(await copied(t)), databases)
})
t.test('a table with a changed byte is refused', async (t) => {
  const folder = await copied(t)
  await rewrite(folder, 'emotions.csv', (text) => text.replace('joy', 'boy'))
  await t.rejects(loadDatabases(folder), /emotions/)
})
t.test('a table with a missing row is refused', async (t) => {
  const folder = await copied(t)
  await rewrite(folder, 'orders.csv', (text) => text.replace(/^v1\.0\.0,Anura.*\n/m, ''))
  await t.rejects(loadDatabases(folder), /orders/)
})
t.test('a folder with a missing file is refused', async (t) => {
  const folder = await copied(t)
  await rm(join(folder, 'gazes.csv'))
  await t.rejects(loadDatabases(folder), /gazes/)
})
t.test('a table that the manifest does not list is refused', async (t) => {
  const folder = await copied(t)
  await rewrite(folder, 'manifest.json', (text) => text.replace('"tropes"', '"hopes"'))
  await t.rejects(loadDatabases(folder), /tropes/)
})
t.test('an invalid manifest is refused', async (t) => {
  const folder = await copied(t)
  await writeFile(join(folder, 'manifest.json'), '{"version": 1}')
  await t.rejects(loadDatabases(folder), /manifest/)
})
