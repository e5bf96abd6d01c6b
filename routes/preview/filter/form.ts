import { html } from 'ghtml'
import { facetKey, shownValue } from '../../../lib/dress/facets.ts'
import type { FacetCounts } from '../../../lib/engine/pictures.ts'
import { countPictures } from '../pictures.ts'
import type { Filter } from '../view.ts'
import { facetLabel, filterQuery, isSameValue, withQuery } from './links.ts'

/** Values of a facet that are shown at first. */
export const FIRST_VALUES = 8
/** Facets that are open at first. */
const OPEN = ['class', 'color', 'mood']

export interface FilterView {
  base: string
  filter: Filter
  /** How many pictures match. */
  total: number
  /** Whether there is no picture at all. */
  isEmpty: boolean
  facets: FacetCounts[]
  /** Names of the facets that are shown with all values. */
  expanded: readonly string[]
  /** The hexadecimal value of a colour. */
  colorOf: (name: string) => string | undefined
}

/** The form that chooses what the pictures of the list have. It works without scripts. */
export function renderFilterForm(view: FilterView): string {
  const { base, filter, total } = view
  const facets = view.facets.filter(({ values }) => values.length > 0)
  const hidden = Object.entries({ series: filter.series, q: filter.text })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)
  const where = filter.series === '' ? '' : ` in ${filter.series}`
  const what = filter.text === '' ? '' : ` with “${filter.text}”`
  const nothing = view.isEmpty
    ? 'There is no picture yet.'
    : `No picture${where}${what} says what it is made of.`
  const none = facets.length > 0 ? '' : html`<p class="nothing">${nothing}</p>`
  return html`<form id="filter-form" action="${base}/preview" method="get">
<header>
<h1 id="filter-title" tabindex="-1">Filter</h1>
<p id="filter-found" role="status">${countPictures(total)}${where}${what}</p>
</header>
!${hidden.join('')}
<div class="facets">!${none}!${facets.map((facet) => renderFacet(facet, view)).join('')}</div>
<footer>
<button class="button primary">Show ${countPictures(total)}</button>
<a id="filter-clear" class="button" href="${withQuery(`${base}/preview`, filterQuery({ ...filter, chosen: [] }))}">Clear
filters</a>
</footer>
</form>`
}

function renderFacet(facet: FacetCounts, view: FilterView): string {
  const { name, values, distinct, isComplete } = facet
  const { base, filter, expanded } = view
  const label = facetLabel(name)
  const chosen = (filter.chosen ?? []).filter((each) => each.facet === name)
  const isExpanded = expanded.includes(name)
  const isOpen = isExpanded || chosen.length > 0 || OPEN.includes(name)
  const items = values.map(({ value, count }) => {
    const isChosen = chosen.some((each) => isSameValue(each, { facet: name, value }))
    const color = name === 'color' || name === 'background' ? view.colorOf(facetKey(value)) : undefined
    const swatch = color === undefined ? '' : renderSwatch(color)
    const checked = isChosen ? ' checked' : ''
    const shown = `${count.toLocaleString('en')}${isComplete ? '' : '+'}`
    return html`<li><label><input type="checkbox" name="${name}" value="${value}"!${checked}>
!${swatch}<span>${shownValue({ facet: name, value })}</span> <small>${shown}</small></label></li>`
  })
  const query = filterQuery(filter)
  for (const each of [...expanded, name]) query.append('all', each)
  const all =
    isExpanded || distinct <= values.length
      ? ''
      : html`<a class="all" data-all="${name}" href="${withQuery(`${base}/preview/filter`, query)}#facet-${name}">All
${distinct.toLocaleString('en')}<span class="unseen"> values of ${label}</span></a>`
  const narrow = isExpanded
    ? html`<input type="search" class="narrow script" aria-label="Search in ${label}" placeholder="Search"
  autocomplete="off" spellcheck="false">`
    : ''
  return html`<details id="facet-${name}" data-facet="${name}"!${isOpen ? ' open' : ''}>
<summary>${label}!${chosen.length === 0 ? '' : html` <small>${chosen.length} chosen</small>`}</summary>
!${narrow}
<ul>!${items.join('')}</ul>
!${all}
</details>`
}

function renderSwatch(color: string): string {
  return html`<svg viewBox="0 0 10 10" width="16" height="16" aria-hidden="true">
<circle cx="5" cy="5" r="4.5" fill="${color}"/></svg>`
}
