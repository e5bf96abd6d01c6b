import { html } from 'ghtml'
import { FACETS, facetKey, shownValue } from '../../../lib/dress/facets.ts'
import type { FacetName, FacetValue } from '../../../lib/dress/facets.ts'
import type { Filter } from '../view.ts'

/** Whether only what was searched or chosen is shown. A series alone is a part of the gallery. */
export function isSearch({ text, chosen = [] }: Filter): boolean {
  return text !== '' || chosen.length > 0
}

/** The query of a list with this filter. */
export function filterQuery({ series, text, chosen = [] }: Filter): URLSearchParams {
  const pairs: Array<[string, string]> = [
    ['series', series],
    ['q', text]
  ]
  for (const { facet, value } of chosen) pairs.push([facet, value])
  return new URLSearchParams(pairs.filter(([, value]) => value !== ''))
}

/** The path with the query, if there is one. */
export function withQuery(path: string, query: URLSearchParams): string {
  return query.size === 0 ? path : `${path}?${query.toString()}`
}

export function facetLabel(name: FacetName): string {
  return FACETS.find((facet) => facet.name === name)!.label
}

export function isSameValue(a: FacetValue, b: FacetValue): boolean {
  return a.facet === b.facet && facetKey(a.value) === facetKey(b.value)
}

/** The link to the page on which a filter is chosen. */
export function renderFilterLink(filter: Filter, base: string): string {
  const { length } = filter.chosen ?? []
  const count = length === 0 ? '' : html` <small>${length}</small>`
  return html`<a href="${withQuery(`${base}/preview/filter`, filterQuery(filter))}">Filter!${count}</a>`
}

/** What is chosen, as links that take it away. */
export function renderChosen(filter: Filter, base: string): string {
  const { chosen = [] } = filter
  if (chosen.length === 0) return ''
  const url = (rest: readonly FacetValue[]) =>
    withQuery(`${base}/preview`, filterQuery({ ...filter, chosen: rest }))
  const items = chosen.map((each) => {
    const [label, value] = [facetLabel(each.facet), shownValue(each)]
    const rest = chosen.filter((other) => !isSameValue(other, each))
    return html`<li><a href="${url(rest)}" aria-label="Remove ${label}: ${value}">
${label}: <b>${value}</b> <span aria-hidden="true">✕</span></a></li>`
  })
  const clear = chosen.length > 1 ? html`<li><a href="${url([])}">Clear all</a></li>` : ''
  return html`<ul aria-label="Filters">!${items.join('')}!${clear}</ul>`
}
