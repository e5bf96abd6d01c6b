import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BUILT_IN_DATABASES, loadDatabases } from '../../../lib/dress/databases.ts'
import type { DatabaseName, Databases } from '../../../lib/dress/databases.ts'
import { PACKAGE_ROOT } from '../../../lib/package.ts'
import type { Series } from '../../../lib/schemas/series.ts'
import { ADDRESS } from '../../helper.ts'

export const ORDER: ReadonlyArray<readonly [DatabaseName, string]> = [
  ['adverbs', 'adverb'],
  ['adjectives', 'adjective'],
  ['nouns', 'noun'],
  ['emotions', 'emotion'],
  ['occupations', 'occupation'],
  ['actions', 'action'],
  ['artstyles', 'artStyle1'],
  ['artstyles', 'artStyle2'],
  ['litstyles', 'litStyle'],
  ['colors', 'color1'],
  ['colors', 'color2'],
  ['colors', 'color3'],
  ['viewpoints', 'viewpoint'],
  ['gazes', 'gaze'],
  ['compositions', 'composition'],
  ['places', 'place'],
  ['tropes', 'trope'],
  ['backstyles', 'backStyle']
]
export const DATABASES = [...new Set(ORDER.map(([database]) => database))]
export const TAXONOMY = ['families', 'orders', 'classes', 'phyla']
const SERIES_FOLDER = join(PACKAGE_ROOT, 'lib/dress/series')
export const EMPTY: Series = { suffix: 'empty' }

export const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')

/** Addresses that look random and are the same in every run, after three at the edges of the range. */
export const ADDRESSES = [
  `0x${'0'.repeat(40)}`,
  `0x${'f'.repeat(40)}`,
  ADDRESS,
  ...Array.from({ length: 200 }, (_, index) => `0x${sha256(`address ${index}`).slice(0, 40)}`)
]

export async function csvLines(table: string): Promise<string[]> {
  const text = await readFile(join(BUILT_IN_DATABASES, `${table}.csv`), 'utf8')
  return text.trimEnd().split('\n')
}

export async function csvRows(table: string): Promise<string[]> {
  return (await csvLines(table)).slice(1).map((line) => line.split(',').slice(1).join(','))
}

export async function builtInSeries(): Promise<Series[]> {
  const names = (await readdir(SERIES_FOLDER)).filter((name) => name.endsWith('.json'))
  return await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(SERIES_FOLDER, name), 'utf8')) as Series)
  )
}

export const databases = await loadDatabases(BUILT_IN_DATABASES)

/** The built-in databases with the rows of some of them exchanged. */
export function databasesWith(rows: Partial<Record<DatabaseName, string[]>>): Databases {
  return { ...databases, rows: { ...databases.rows, ...rows } }
}

export const nameOf = (row: string) => row.split(',')[0]!
