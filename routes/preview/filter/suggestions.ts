import { html } from 'ghtml'
import { FACETS, facetValuesIn, shownValue } from '../../../lib/dress/facets.ts'
import type { FacetName, FacetValue } from '../../../lib/dress/facets.ts'
import type { Databases } from '../../../lib/dress/databases.ts'
import { FACET_VALUES_MAX } from '../../../lib/engine/pictures.ts'
import type { PictureIndex } from '../../../lib/engine/pictures.ts'
import { hasWord, searchWordsOf, valueTestOf } from '../../../lib/engine/search-words.ts'
import type { SearchWord } from '../../../lib/engine/search-words.ts'
import type { Filter, Suggestion } from '../view.ts'
import { facetLabel, filterQuery, withQuery } from './links.ts'

const SUGGESTIONS_MAX = 5
/** Values that a suggestion chooses, those with the most pictures. */
const VALUES_MAX = 20
/** So short a word begins many words that have nothing to do with it: *sad* begins *saddle brown*. */
const WHOLE_CHARACTERS = 3
/** A background is a colour too. */
const NAMES = FACETS.map(({ name }) => name).filter((name) => name !== 'background')

/**
 * Finds what of the attributes a search may mean.
 * @param databases say which facets are worth a look at the pictures
 */
export function createSuggestions(
  databases: Pick<Databases, 'rows'>,
  gallery: Pick<PictureIndex, 'facets'>
): (text: string, without: ReadonlySet<string>) => Promise<Suggestion[]> {
  return async (text, without) => {
    const words = searchWordsOf(text).map((each) => ({ each, isMeant: meaningOf(each) }))
    const facets = NAMES.filter((name) => {
      const values = [
        ...facetValuesIn(
          databases,
          FACETS.find((each) => each.name === name)!
        ).values()
      ]
      return words.some(({ isMeant }) => values.some((value) => isMeant({ facet: name, value })))
    })
    if (facets.length === 0) return []
    const counted = await gallery.facets({ facets, limit: FACET_VALUES_MAX, without })
    return counted
      .flatMap(({ name: facet, values }) =>
        words.map(({ each, isMeant }): Suggestion => {
          const found = values.map(({ value }) => value).filter((value) => isMeant({ facet, value }))
          return { label: labelOf(each, facet, found), facet, values: found.slice(0, VALUES_MAX) }
        })
      )
      .filter(({ values }) => values.length > 0)
      .slice(0, SUGGESTIONS_MAX)
  }
}

function meaningOf(word: SearchWord): (value: FacetValue) => boolean {
  return [...word.word].length > WHOLE_CHARACTERS ? valueTestOf(word) : (value) => hasWord(value, word)
}

/** The word, or the only value that it may mean where it is a part of a word of it. */
function labelOf(word: SearchWord, facet: FacetName, [value, ...others]: readonly string[]): string {
  if (value === undefined || others.length > 0 || hasWord({ facet, value }, word)) return word.word
  return shownValue({ facet, value })
}

/** The suggestions as links to the pictures that have one of the values. */
export function renderSuggestions(
  suggestions: readonly Suggestion[],
  { series }: Filter,
  base: string
): string {
  if (suggestions.length === 0) return ''
  const links = suggestions.map(({ label, facet, values }) => {
    const chosen = values.map((value) => ({ facet, value }))
    const url = withQuery(`${base}/preview`, filterQuery({ series, text: '', chosen }))
    return html`<li><a href="${url}">${facetLabel(facet)}: <b>${label}</b></a></li>`
  })
  return html`<ul aria-label="What pictures are made of"><li>Only:</li>!${links.join('')}</ul>`
}
