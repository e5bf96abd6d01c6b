import type { FacetValue } from '../../../dress/facets.ts'
import { searchWordsOf, valueTestOf } from '../../search-words.ts'
import type { SearchWord } from '../../search-words.ts'
import { chosenByFacet } from '../../facet-counts.ts'
import type { PictureFilter } from '../../pictures.ts'
import type { Database } from '../database.ts'
import { facetIds } from './facet-values.ts'
import { withoutNul } from './text.ts'

/** Keeps the values of a statement. The result is the place of the value in the text: `$1`. */
export type Bind = (value: unknown) => string

/** A word of a search, with the numbers of the values that have it. */
export interface SearchTerm extends SearchWord {
  values: readonly string[]
}

/** A filter whose words have been looked up. */
export type Terms = PictureFilter & { terms: readonly SearchTerm[] }

/** Looks up which values have the words of a search. */
export async function lookUp<Filter extends PictureFilter>(
  database: Pick<Database, 'query'>,
  filter: Filter
): Promise<Filter & Terms> {
  const words = searchWordsOf(withoutNul(filter.text ?? ''))
  const patterns = words.flatMap(({ pattern }) => pattern ?? [])
  const known =
    patterns.length === 0
      ? []
      : // The names of colours are compared as people see them, which the database does not know.
        await database.query<FacetValue & { id: string }>(
          `select id::text, facet, value from facet_value
          where value ~ any($1::text[]) or facet in ('color', 'background')`,
          [patterns]
        )
  const terms = words.map((word) => {
    const isMeant = valueTestOf(word)
    return { ...word, values: known.filter(isMeant).map(({ id }) => id) }
  })
  return { ...filter, terms }
}

/** The condition of a word. It matches the same pictures as the search of the embedded engine. */
function termCondition({ word, isHexadecimal, values }: SearchTerm, bind: Bind): string {
  const pattern = word.replaceAll(/[\\%_]/g, '\\$&')
  // The address is the first line, so other words are searched after the first end of a line.
  const inText = `picture.search like ${bind(isHexadecimal ? `%${pattern}%` : `%\n%${pattern}%`)}`
  return values.length === 0
    ? inText
    : `(${inText} or picture.facets && ${bind(`{${values.join(',')}}`)}::bigint[])`
}

/** Whether a filter has words, or values that are chosen. */
export function isSearch({ text = '', chosen = [] }: PictureFilter): boolean {
  return text.trim() !== '' || chosen.length > 0
}

/** The condition of the words and the chosen values on the columns of `picture`. */
export function matchCondition({ terms, chosen }: Terms, bind: Bind): string {
  const groups = [...chosenByFacet(chosen).values()]
  const conditions = groups.map((values) => `picture.facets && ${bind(facetIds(values))}::bigint[]`)
  return ['true', ...terms.map((term) => termCondition(term, bind)), ...conditions].join(' and ')
}

/** The condition of the series on a column. */
export function seriesCondition(column: string, { series, without }: PictureFilter, bind: Bind): string {
  const conditions = ['true']
  if (series !== undefined) conditions.push(`${column} = ${bind(series)}`)
  if (without !== undefined && without.size > 0) {
    conditions.push(`${column} <> all(${bind([...without])}::text[])`)
  }
  return conditions.join(' and ')
}

/** Collects the values of a statement. */
export function createValues(): { values: unknown[]; bind: Bind } {
  const values: unknown[] = []
  return { values, bind: (value) => `$${values.push(value)}` }
}
