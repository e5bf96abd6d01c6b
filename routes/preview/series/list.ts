import { html } from 'ghtml'
import { familyOf } from '../../../lib/dress/series-families.ts'
import type { SeriesEntry } from '../../../lib/dress/series-registry.ts'
import type { ChangeRules } from '../actions.ts'
import { countPictures } from '../pictures.ts'
import { groupByFamily } from './families.ts'
import type { Family } from './families.ts'

export interface SeriesListView {
  /** `fastify.basePath`. */
  base: string
  entries: readonly SeriesEntry[]
  /** How many pictures each series has. */
  pictures: Map<string, number>
  /** What a visitor needs to change a series. */
  needs: ChangeRules['needs']
  /** A message above the list; empty for none. */
  notice: string
}

/** All series by family, those of the user first. */
export function renderSeriesList({ base, entries, pictures, needs, notice }: SeriesListView): string {
  const families = groupByFamily(entries, ({ series, file }) => familyOf(series.suffix, file === undefined))
  const sections = families.map((family) => renderFamily(family, { base, pictures }))
  return html`<h1>Series</h1>
<p class="lead">A series decides what a picture may be made of. Built-in series stay as they are;
your own can be edited and hidden.</p>
!${notice === '' ? '' : html`<p class="notice" role="alert">${notice}</p>`}
!${renderNew(base, needs)}
!${sections.join('')}`
}

/** The way to a new series. Without the token that it needs, it is no button. */
function renderNew(base: string, needs: ChangeRules['needs']): string {
  const url = `${base}/preview/series?new=1`
  const button = html`<p!${needs === 'token' ? ' class="change"' : ''}>
<a class="button primary" href="${url}">New series</a></p>`
  if (needs === 'nothing') return button
  const text = html`<a href="${url}">New series</a>: to save one needs a token.`
  return needs === 'token' ? html`!${button}<p class="tokenless">!${text}</p>` : ''
}

function renderFamily(
  { family, heading, members }: Family<SeriesEntry>,
  { base, pictures }: Pick<SeriesListView, 'base' | 'pictures'>
): string {
  if (members.length === 0 && family !== 'own') return ''
  const items = members.map(({ series }) => {
    const { suffix: name, purpose = '', deleted } = series
    const count = countPictures(pictures.get(name) ?? 0)
    const url = `${base}/preview/series?name=${encodeURIComponent(name)}`
    return html`<li>
<span class="name"><a href="${url}">${name}</a>!${deleted ? ' <b class="mark">hidden</b>' : ''}</span>
<span class="purpose">${purpose}</span>
<small>${count}</small>
</li>`
  })
  const none = html`<p class="about">There is none yet. Start with an empty one, or from a built-in one.</p>`
  return html`<section class="family">
<h2>${heading}</h2>
!${members.length === 0 ? none : `<ul class="series-list">${items.join('')}</ul>`}
</section>`
}
