import { errors, quote } from '../errors.ts'
import { FOLDERS, pathSafe } from '../storage/layout.ts'
import { TABLES } from './databases.ts'
import type { Databases, TableName } from './databases.ts'

/** The columns of `nouns` as dresses read it: the names of a noun and of what it belongs to. */
const NOUN_COLUMNS = ['commonName', 'family', 'order', 'class', 'phylum']

/** A set of databases as /v1 describes it. */
export interface DatabaseManifest {
  version: string
  archiveHash: string
  files: Array<{ name: string; path: string; hash: string; rows: number; columns: string[] }>
}

export interface DatabaseRecord {
  /** The first value. */
  key: string
  values: string[]
}

/** A part of the rows of a database. */
export interface DatabaseRecords {
  name: TableName
  version: string
  /** Only of `nouns`. */
  columns?: string[]
  records: DatabaseRecord[]
  /** How many rows come before the rest; undefined at the end. */
  next: number | undefined
}

/** The manifest of the databases in use. */
export function manifestOf({ version, hash, files }: Databases): DatabaseManifest {
  return {
    version,
    archiveHash: hash,
    files: files.map(({ name, hash: ofFile, records, columns }) => ({
      name,
      path: `${FOLDERS.databases}/${name}.csv`,
      hash: ofFile,
      rows: records,
      columns
    }))
  }
}

/**
 * The manifest of a version; an empty text is the version in use. The `v` in front may be missing.
 * @throws database_version_unavailable
 */
export function manifestOfVersion(databases: Databases, version: string): DatabaseManifest {
  const bare = (text: string) => text.replace(/^v/, '')
  const wanted = version.trim()
  if (wanted === '' || bare(wanted) === bare(databases.version)) return manifestOf(databases)
  throw errors.ofV1('database_version_unavailable', 'database archive version is not available', {
    details: `${quote(version)} is not the version in use, ${databases.version}`
  })
}

/** The columns of the rows of a database, as filters see them: without the version. */
export function columnsOf({ files }: Databases, name: TableName): string[] {
  if (name === 'nouns') return NOUN_COLUMNS
  return files.find((file) => file.name === name)!.columns.filter((column) => column !== 'version')
}

/**
 * The rows of a database.
 * @param given its name, with or without .csv
 * @param from how many rows come before
 * @throws database_version_unavailable for an unknown name
 */
export function recordsOf(databases: Databases, given: string, from: number, limit: number): DatabaseRecords {
  const name = TABLES.find((table) => table === pathSafe(given).replace(/\.csv$/, ''))
  if (name === undefined) {
    throw errors.ofV1('database_version_unavailable', `there is no database ${quote(given)}`, {
      details: `The databases are ${TABLES.toSorted().join(', ')}`
    })
  }
  const rows = databases.rows[name]
  return {
    name,
    version: databases.files.find((file) => file.name === name)!.version,
    ...(name === 'nouns' && { columns: NOUN_COLUMNS }),
    records: rows.slice(from, from + limit).map((row) => {
      const values = row.split(',')
      return { key: values[0]!.trim(), values }
    }),
    next: from + limit < rows.length ? from + limit : undefined
  }
}
