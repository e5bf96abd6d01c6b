import { html } from 'ghtml'
import { FACETS, facetValuesIn } from '../../../lib/dress/facets.ts'
import type { Databases } from '../../../lib/dress/databases.ts'
import { FACET_VALUES_MAX } from '../../../lib/engine/pictures.ts'
import type { PictureIndex } from '../../../lib/engine/pictures.ts'
import { searchWordsOf, valueTestOf } from '../../../lib/engine/search-words.ts'
import type { Filter, Suggestion } from '../view.ts'
import { facetLabel, filterQuery, withQuery } from './links.ts'

const SUGGESTIONS_MAX = 5
/** Values that a suggestion chooses, those with the most pictures. */
const VALUES_MAX = 20
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
    const words = searchWordsOf(text).map((each) => ({ word: each.word, isMeant: valueTestOf(each) }))
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
        words.map(({ word, isMeant }): Suggestion => {
          const found = values.filter(({ value }) => isMeant({ facet, value }))
          return { word, facet, values: found.slice(0, VALUES_MAX).map(({ value }) => value) }
        })
      )
      .filter(({ values }) => values.length > 0)
      .slice(0, SUGGESTIONS_MAX)
  }
}

/** The suggestions as links to the pictures that have one of the values. */
export function renderSuggestions(
  suggestions: readonly Suggestion[],
  { series }: Filter,
  base: string
): string {
  if (suggestions.length === 0) return ''
  const links = suggestions.map(({ word, facet, values }) => {
    const chosen = values.map((value) => ({ facet, value }))
    const url = withQuery(`${base}/preview`, filterQuery({ series, text: '', chosen }))
    return html`<li><a href="${url}">${facetLabel(facet)}: <b>${word}</b></a></li>`
  })
  return html`<ul aria-label="What pictures are made of"><li>Only:</li>!${links.join('')}</ul>`
}
