import { searchWordsOf } from '../../search-words.ts'
import { withoutNul } from './rows.ts'

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

/** Collects the values of a statement. */
export function createValues(): { values: unknown[]; bind: Bind } {
  const values: unknown[] = []
  return { values, bind: (value) => `$${values.push(value)}` }
}
