import { searchWordsOf } from '../../search-words.ts'
import { chosenByFacet } from '../../facet-counts.ts'
import type { PictureFilter } from '../../pictures.ts'
import { facetIds } from './facet-values.ts'
import { withoutNul } from './text.ts'

/** Keeps the values of a statement. The result is the place of the value in the text: `$1`. */
export type Bind = (value: unknown) => string

/**
 * The condition of a search on the column `search`; undefined if the text has no words. It matches the same pictures
 * as the search of the embedded engine.
 */
export function searchCondition(text: string, bind: Bind): string | undefined {
  const words = searchWordsOf(withoutNul(text))
  if (words.length === 0) return undefined
  return words
    .map(({ word, isHexadecimal }) => {
      const pattern = word.replaceAll(/[\\%_]/g, '\\$&')
      // The address is the first line, so other words are searched after the first end of a line.
      return `picture.search like ${bind(isHexadecimal ? `%${pattern}%` : `%\n%${pattern}%`)}`
    })
    .join(' and ')
}

/** Whether a filter has words, or values that are chosen. */
export function isSearch({ text = '', chosen = [] }: PictureFilter): boolean {
  return text.trim() !== '' || chosen.length > 0
}

/** The condition of the words and the chosen values on the columns of `picture`. */
export function matchCondition({ text = '', chosen }: PictureFilter, bind: Bind): string {
  const groups = [...chosenByFacet(chosen).values()]
  const conditions = groups.map((values) => `picture.facets && ${bind(facetIds(values))}::bigint[]`)
  return [searchCondition(text, bind) ?? 'true', ...conditions].join(' and ')
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
