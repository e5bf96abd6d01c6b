import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { BUILT_IN_DATABASES, TABLES, loadUserDatabases } from '../../../lib/dress/databases.ts'
import { manifestOf, manifestOfVersion, recordsOf } from '../../../lib/dress/records.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { databases } from './built-in.ts'
import { goFolder } from './go-databases.ts'

const unavailable = { code: 'database_version_unavailable', statusCode: 404 }

t.test('the manifest names every file of the databases in use, by path', async (t) => {
  const { version, archiveHash, files } = manifestOf(databases)
  t.equal(version, databases.version)
  t.equal(archiveHash, databases.hash)
  t.same(
    files.map(({ path }) => path),
    TABLES.map((name) => `databases/${name}.csv`).sort()
  )
  t.equal(files.length, 19)
  for (const { name, hash, rows, columns } of files) {
    const bytes = await readFile(join(BUILT_IN_DATABASES, `${name}.csv`))
    t.equal(hash, `sha256:${createHash('sha256').update(bytes).digest('hex')}`, name)
    t.equal(columns[0], 'version')
    t.ok(rows > 0)
  }
  t.match(
    files.find(({ name }) => name === 'nouns'),
    { rows: 1782, columns: ['version', 'commonName', 'family'] }
  )
})

t.test("the manifest of the user's databases counts CSV records and hashes the bytes", async (t) => {
  const { dataDir, folder } = await goFolder(t)
  const text = '\uFEFFversion,"first, of two",second\nv0.2.0,"a\nb",c\n\nv0.2.0,d,e\n'
  await writeFile(join(folder, 'gazes.csv'), text)
  const own = (await loadUserDatabases(createFiles({ root: dataDir })))!
  t.match(
    manifestOf(own).files.find(({ name }) => name === 'gazes'),
    {
      hash: `sha256:${createHash('sha256').update(text).digest('hex')}`,
      rows: 2,
      columns: ['version', 'first, of two', 'second']
    }
  )
  t.equal(recordsOf(own, 'gazes', 0, 10).version, 'v0.2.0', 'the version of the rows')
  t.equal(manifestOf(own).version, 'v0.1.0')
})

t.test('a version is found with and without its v, and no text is the version in use', async (t) => {
  for (const version of ['v1.0.0', '1.0.0', '', ' ']) {
    t.equal(manifestOfVersion(databases, version).version, 'v1.0.0', version)
  }
  for (const version of ['9.9', 'v1.0', 'vv1.0.0', 'constructor']) {
    t.throws(
      () => manifestOfVersion(databases, version),
      { ...unavailable, message: 'database_version_unavailable: database archive version is not available' },
      version
    )
  }
})

t.test('the records of a database are its rows, split at every comma', async (t) => {
  const { dataDir } = await goFolder(t)
  const own = (await loadUserDatabases(createFiles({ root: dataDir })))!
  t.same(recordsOf(own, 'adverbs', 0, 2), {
    name: 'adverbs',
    version: 'v0.1.0',
    records: [
      { key: 'abruptly', values: ['abruptly', '"all at once', ' and without a word"'] },
      { key: 'no-version-ly', values: ['no-version-ly', 'as it came'] }
    ],
    next: 2
  })
  t.same(recordsOf(own, ' Nouns.csv ', 0, 1), {
    name: 'nouns',
    version: 'v0.1.0',
    columns: ['commonName', 'family', 'order', 'class', 'phylum'],
    records: [{ key: 'otter', values: ['otter', 'weasels', 'carnivores', 'mammal', 'chordate'] }],
    next: 1
  })
  t.same(recordsOf(own, 'orders', 1, 9).records, [{ key: 'Strigiformes', values: ['Strigiformes', 'Aves'] }])
  t.equal(recordsOf(own, 'orders', 1, 9).next, undefined)
  t.same(recordsOf(own, 'orders', 99, 9).records, [])
})

t.test('a row is what a filter is matched with', async (t) => {
  for (const name of TABLES) {
    t.same(
      recordsOf(databases, name, 0, 10_000).records.map(({ values }) => values.join(',')),
      databases.rows[name],
      name
    )
  }
})

t.test('there are no other databases', async (t) => {
  for (const name of ['', 'nosuch', 'rows', 'constructor', '../nouns', 'nouns.csv.csv', 'a\0b']) {
    t.throws(() => recordsOf(databases, name, 0, 1), unavailable, JSON.stringify(name))
  }
})
