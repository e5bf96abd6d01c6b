import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { asServiceError } from '../errors.ts'
import { PACKAGE_ROOT } from '../package.ts'
import { whyNoFile } from '../storage/files.ts'
import type { Files } from '../storage/files.ts'
import { FOLDERS } from '../storage/layout.ts'
import { describeCsv } from './csv.ts'

/** The attributes and their databases, in the order of the seed's digits. */
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

export type DatabaseName = (typeof ATTRIBUTES)[number]['database']
export type AttributeName = (typeof ATTRIBUTES)[number]['name']

const TAXONOMY = ['families', 'orders', 'classes', 'phyla'] as const

/** The databases of which attributes are chosen. */
export const DATABASES = [...new Set(ATTRIBUTES.map(({ database }) => database))]

/** The names of all CSV files of a set of databases, without the extension. */
export const TABLES = [...DATABASES, ...TAXONOMY] as const

export type TableName = (typeof TABLES)[number]

const UNVERSIONED = 'unversioned'
/** The version at the start of a row. */
const VERSION = /^v\d+(?:\.\d+)+(?=,)/m

const ManifestSchema = Type.Object({
  version: Type.String(),
  tables: Type.Record(
    Type.String(),
    Type.Object({
      columns: Type.Array(Type.String()),
      rows: Type.Integer(),
      sha256: Type.String()
    })
  )
})

export type Manifest = Static<typeof ManifestSchema>

export interface Databases {
  /** For example `v1.0.0`; `unversioned` for a user's databases without a version column. */
  version: string
  /** `sha256:` and the SHA-256 of the tables' hashes, one per line, in the order of `TABLES`. */
  hash: string
  /** Whether they are the service's own, or a copy of them. */
  isBuiltIn: boolean
  /** The rows of each table without the version column; a row of `nouns` is a name and its taxonomy. */
  rows: Record<TableName, readonly string[]>
  /** The CSV files, by name. */
  files: readonly TableFile[]
}

/** A CSV file of a set of databases, as it lies on disk. */
export interface TableFile {
  name: TableName
  /** `sha256:` and the SHA-256 of its bytes. */
  hash: string
  /** The version at the start of its rows; that of the whole set if they have none. */
  version: string
  columns: string[]
  /** How many CSV records follow the columns. */
  records: number
}

/** The folder of the built-in databases. */
export const BUILT_IN_DATABASES = join(PACKAGE_ROOT, 'lib/dress/databases')

async function readManifest(folder: string): Promise<Manifest> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))
  if (!Value.Check(ManifestSchema, manifest)) {
    throw new Error('manifest.json of the databases is not a manifest')
  }
  return manifest
}

/** The hash of the built-in databases. A copy of them gives the same pictures. */
async function builtInHash(): Promise<string> {
  const { tables } = await readManifest(BUILT_IN_DATABASES)
  return hashOf(TABLES.map((name) => tables[name]?.sha256 ?? ''))
}

/** @param hashes the SHA-256 of each table, in the order of `TABLES` */
function hashOf(hashes: string[]): string {
  return `sha256:${sha256(hashes.join('\n'))}`
}

/**
 * Reads a folder of databases and checks every file against the `manifest.json` there.
 * @throws Error that names the missing or different table
 */
export async function loadDatabases(folder: string): Promise<Databases> {
  const { version, tables } = await readManifest(folder)
  async function readChecked(file: string, name: TableName): Promise<TableContent> {
    const bytes = await readFile(join(folder, file))
    const text = bytes.toString('utf8')
    const expected = tables[name]
    if (expected === undefined) throw new Error(`manifest.json does not list the database ${name}`)
    const found = describeTable(text)
    if (!isDeepStrictEqual(found, expected)) {
      throw new Error(
        `the database ${file} (${found.rows} rows) is not the one that manifest.json describes ` +
          `(${expected.rows} rows)`
      )
    }
    return { text, bytes }
  }
  return { ...makeDatabases(await readTables(readChecked), version), isBuiltIn: true }
}

/**
 * Reads the user's databases in the data folder, which replace all built-in ones; undefined if there are none.
 * @throws Error that names the missing or unusable file
 */
export async function loadUserDatabases(
  files: Pick<Files, 'list' | 'read' | 'stat'>
): Promise<Databases | undefined> {
  const folder = FOLDERS.databases
  if ((await files.stat(folder))?.isDirectory() === false) {
    throw new Error(
      `${folder} in the data folder is a file; ` +
        `it must be a folder of ${TABLES.length} .csv files, or not be there`
    )
  }
  const entries = (await files.list(folder)).filter(({ name }) => !name.startsWith('.'))
  if (!entries.some(({ name }) => name.toLowerCase().endsWith('.csv'))) {
    const inner = entries.find((entry) => entry.isDirectory())
    if (inner === undefined) return undefined
    throw new Error(
      `${folder} in the data folder holds the folder ${inner.name} but no .csv file: ` +
        `the files must lie in ${folder} itself`
    )
  }
  const readTable = async (file: string) => {
    const entry = entries.find(({ name }) => name === file)
    return await readUserTable(files, `${folder}/${file}`, entry && whyNoFile(entry))
  }
  const found = makeDatabases(await readTables(readTable))
  return { ...found, isBuiltIn: found.hash === (await builtInHash()) }
}

/** @param odd why what lies at the path is no file, if it is none */
async function readUserTable(
  files: Pick<Files, 'read'>,
  path: string,
  odd: string | undefined
): Promise<TableContent> {
  const bytes = await files.read(path).catch((error: unknown) => {
    throw new Error(`${path} in the data folder cannot be read: ${asServiceError(error).details}`)
  })
  if (bytes === undefined) {
    if (odd !== undefined) throw new Error(`${path} in the data folder cannot be read: ${odd}`)
    throw new Error(
      `${path} is missing in the data folder: your own databases replace the built-in ones whole, ` +
        `so all ${TABLES.length} files must be there`
    )
  }
  if (!isUtf8(bytes) || bytes.includes(0)) throw new Error(`${path} in the data folder is not UTF-8 text`)
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
  if (rowsOf(text).length === 0) {
    throw new Error(
      `${path} in the data folder has no rows: below a line with the names of the columns, every line is one`
    )
  }
  return { text, bytes }
}

interface TableContent {
  /** Without a byte order mark. */
  text: string
  bytes: Buffer
}

type Tables = Record<TableName, TableContent>

async function readTables(read: (file: string, name: TableName) => Promise<TableContent>): Promise<Tables> {
  return Object.fromEntries(
    await Promise.all(TABLES.map(async (name) => [name, await read(`${name}.csv`, name)]))
  ) as Tables
}

/** @param version by default the first version at the start of a row */
function makeDatabases(tables: Tables, version?: string): Omit<Databases, 'isBuiltIn'> {
  const texts = Object.values(tables).map(({ text }) => text)
  const rows = Object.fromEntries(
    Object.entries(tables).map(([name, { text }]) => [name, rowsOf(text)])
  ) as Record<TableName, string[]>
  const ofSet = version ?? texts.map(versionIn).find(Boolean) ?? UNVERSIONED
  return {
    version: ofSet,
    hash: hashOf(texts.map(sha256)),
    rows: { ...rows, nouns: withTaxonomy(rows) },
    files: TABLES.map((name) => {
      const { text, bytes } = tables[name]
      return {
        name,
        hash: `sha256:${sha256(bytes)}`,
        version: versionIn(text) ?? ofSet,
        ...describeCsv(text)
      }
    }).sort((a, b) => (a.name < b.name ? -1 : 1))
  }
}

/** The first version at the start of a row. */
function versionIn(csv: string): string | undefined {
  return VERSION.exec(csv)?.[0]
}

/** The manifest's entry for a CSV file. */
export function describeTable(csv: string): Manifest['tables'][string] {
  return {
    columns: csv.slice(0, csv.indexOf('\n')).split(','),
    rows: rowsOf(csv).length,
    sha256: sha256(csv)
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

function withoutVersion(line: string): string {
  const version = versionIn(line)
  return version === undefined ? line : line.slice(version.length + 1)
}

/** The lines below the header, without their version. A line without a name is not a row. */
function rowsOf(csv: string): string[] {
  return csv
    .split(/\r?\n/)
    .slice(1)
    .map(withoutVersion)
    .filter((row) => /^\s*[^,\s]/.test(row))
}

/** Nouns as `name,family,order,class,phylum` in common names; ranks above a missing one are empty. */
function withTaxonomy(rows: Record<TableName, string[]>): string[] {
  const ranks = TAXONOMY.map((table) => {
    // The columns are the key, the key of the rank above (phyla have none), and the common name.
    // A row without a common name ends the chain.
    const column = table === 'phyla' ? 1 : 2
    const entries = rows[table]
      .map((row) => row.split(',').map((field) => field.trim()))
      .filter((fields) => fields.length > column)
    return new Map(entries.map((fields) => [fields[0], { above: fields[1], commonName: fields[column]! }]))
  })
  return rows.nouns.map((row) => {
    const [noun = '', family = ''] = row.split(',')
    const fields = [noun]
    let key: string | undefined = family.trim()
    for (const rank of ranks) {
      const entry = rank.get(key)
      fields.push(entry?.commonName ?? '')
      key = entry?.above
    }
    return fields.join(',')
  })
}
