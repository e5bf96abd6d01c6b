import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { PACKAGE_ROOT } from '../package.ts'

/** Which attribute is read from which database, in the order of the seed's digits. */
export const ATTRIBUTES = [
  { database: 'adverbs', name: 'adverb' },
  { database: 'adjectives', name: 'adjective' },
  { database: 'nouns', name: 'noun' },
  { database: 'emotions', name: 'emotion' },
  { database: 'occupations', name: 'occupation' },
  { database: 'actions', name: 'action' },
  { database: 'artstyles', name: 'artStyle1' },
  { database: 'artstyles', name: 'artStyle2' },
  { database: 'litstyles', name: 'litStyle' },
  { database: 'colors', name: 'color1' },
  { database: 'colors', name: 'color2' },
  { database: 'colors', name: 'color3' },
  { database: 'viewpoints', name: 'viewpoint' },
  { database: 'gazes', name: 'gaze' },
  { database: 'compositions', name: 'composition' },
  { database: 'places', name: 'place' },
  { database: 'tropes', name: 'trope' },
  { database: 'backstyles', name: 'backStyle' }
] as const

export type DatabaseName = typeof ATTRIBUTES[number]['database']
export type AttributeName = typeof ATTRIBUTES[number]['name']

const TAXONOMY = ['families', 'orders', 'classes', 'phyla'] as const

/** Every CSV file of a set of databases, by its name without the extension. */
export const TABLES = [...new Set(ATTRIBUTES.map(({ database }) => database)), ...TAXONOMY] as const

type TableName = typeof TABLES[number]

const ManifestSchema = Type.Object({
  version: Type.String(),
  tables: Type.Record(Type.String(), Type.Object({
    columns: Type.Array(Type.String()),
    rows: Type.Integer(),
    sha256: Type.String()
  }))
})

export type Manifest = Static<typeof ManifestSchema>

export interface Databases {
  /** The version in the manifest, e.g. `v1.0.0`. */
  version: string
  /** `sha256:` and the SHA-256 over the tables' own hashes, in the order of the manifest. */
  hash: string
  /** The rows of each database without their version column; a noun's row is its name and its taxonomy. */
  rows: Record<DatabaseName, readonly string[]>
}

/** The folder of the built-in databases. */
export const BUILT_IN_DATABASES = join(PACKAGE_ROOT, 'lib/dress/databases')

/**
 * Reads a folder of databases and checks every file against `manifest.json` there.
 * @throws Error naming the table that is missing or not as the manifest says
 */
export async function loadDatabases (folder: string): Promise<Databases> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))
  if (!Value.Check(ManifestSchema, manifest)) throw new Error('manifest.json of the databases is not a manifest')

  const tables = new Map<TableName, string[]>(await Promise.all(TABLES.map(async (name) => {
    const text = await readFile(join(folder, `${name}.csv`), 'utf8')
    const expected = manifest.tables[name]
    const found = describeTable(text)
    if (expected === undefined) throw new Error(`manifest.json does not list the database ${name}`)
    if (!isDeepStrictEqual(found, expected)) {
      throw new Error(`the database ${name}.csv (${found.rows} rows) is not the one that manifest.json describes (${expected.rows} rows)`)
    }
    return [name, rowsOf(text)] as const
  })))

  const rows = Object.fromEntries(tables) as Record<TableName, string[]>
  rows.nouns = withTaxonomy(rows)
  const hash = createHash('sha256').update(Object.values(manifest.tables).map(({ sha256 }) => sha256).join('\n')).digest('hex')
  return { version: manifest.version, hash: `sha256:${hash}`, rows }
}

/** The manifest's entry for the text of a CSV file. */
export function describeTable (csv: string): Manifest['tables'][string] {
  return {
    columns: csv.slice(0, csv.indexOf('\n')).split(','),
    rows: rowsOf(csv).length,
    sha256: createHash('sha256').update(csv).digest('hex')
  }
}

/** The lines below the header without their first column. */
function rowsOf (csv: string): string[] {
  return csv.split('\n').slice(1).filter((line) => line !== '').map((line) => line.slice(line.indexOf(',') + 1))
}

/** Nouns as `name,family,order,class,phylum` in common names; empty from where the chain breaks. */
function withTaxonomy (rows: Record<TableName, string[]>): string[] {
  const index = (table: TableName) => new Map(rows[table].map((row) => [row.slice(0, row.indexOf(',')), row.split(',')]))
  const ranks = TAXONOMY.map(index)
  return rows.nouns.map((row) => {
    const [noun = '', ...rest] = row.split(',')
    const fields = [noun]
    let key = rest[0] ?? ''
    for (const rank of ranks) {
      const entry = rank.get(key)
      fields.push(entry?.at(-1) ?? '')
      key = entry?.[1] ?? ''
    }
    return fields.join(',')
  })
}
