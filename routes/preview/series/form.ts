import { html } from 'ghtml'
import type { Databases } from '../../../lib/dress/databases.ts'
import { filterRows } from '../../../lib/dress/row-filter.ts'
import { columnsOf } from '../../../lib/dress/records.ts'
import { seriesRecord } from '../../../lib/dress/series-record.ts'
import type { Series } from '../../../lib/schemas/series.ts'
import type { ChangeRules } from '../actions.ts'
import { rowCount } from '../client/row-count.ts'
import { DATABASE_GROUPS } from './databases.ts'
import type { ShownDatabase } from './databases.ts'

export interface SeriesFormView {
  /** `fastify.basePath`. */
  base: string
  series: Series
  /** As in its ETag; empty for a new one. */
  version: string
  databases: Databases
  kind: 'own' | 'builtin' | 'new'
  needs: ChangeRules['needs']
  /** HTML: pictures of the series; empty for a new one. */
  samples: string
}

const NEEDS_SCRIPTS = html`<p class="notice scriptless">A new series can be made here only with scripts.</p>`
const HIDDEN = 'It is hidden: no list contains it or its pictures, and no new picture is made in it.'
const SHOWN = 'It is shown: the gallery contains its pictures, and new ones can be made in it.'

/** The form of a series; for a built-in one, the same fields to read. */
export function renderSeriesForm(view: SeriesFormView): string {
  const { base, series, version, databases, kind, needs, samples } = view
  const isReadOnly = kind === 'builtin' || needs === 'tokens'
  const texts = [
    kind === 'new'
      ? renderText(
          'suffix',
          'Name',
          'Capitals become lower case, blanks become -. It cannot be changed later.',
          {
            example: 'rainy days'
          }
        )
      : '',
    renderText('purpose', 'Purpose', 'One line for the list of series.', {
      value: series.purpose,
      example: 'Puddles, umbrellas and wet dogs',
      isReadOnly
    }),
    isReadOnly && (series.colorLimit ?? '') === ''
      ? ''
      : renderText('colorLimit', 'Most colours', 'A number from 1 to 12 or its word, or empty.', {
          value: series.colorLimit,
          example: 'three',
          words: NUMBERS,
          isReadOnly
        })
  ]
  return html`<p class="back"><a href="${base}/preview/series">All series</a></p>
!${kind === 'new' ? NEEDS_SCRIPTS : ''}
<h1 id="series-title">${kind === 'new' ? 'New series' : series.suffix}</h1>
!${renderState(view)}
!${samples}
<form id="series-form"
  novalidate
  data-name="${series.suffix}"
  data-version="${version}"
  data-databases="${databases.version}"
  data-record="${JSON.stringify(seriesRecord(series))}">
<fieldset class="about-series">
<legend class="unseen">About the series</legend>
!${texts.join('')}
</fieldset>
!${renderFilters(view, isReadOnly)}
!${isReadOnly ? '' : renderButtons(kind)}
</form>`
}

function renderState({ base, series, kind, needs }: SeriesFormView): string {
  const url = `${base}/preview/series?from=${encodeURIComponent(series.suffix)}`
  const from = html`<a href="${url}">Start a new series from it</a>`
  if (kind === 'new') return ''
  if (kind === 'builtin') {
    return html`<p class="state">A built-in series cannot be changed, so that existing pictures stay what they are.
!${needs === 'tokens' ? '' : from}</p>`
  }
  const isHidden = series.deleted === true
  const state = isHidden ? HIDDEN : SHOWN
  const button = html`<button type="button"
  id="hide"
  class="button change script"
  data-hidden="${HIDDEN}"
  data-shown="${SHOWN}"
  aria-describedby="hide-hint"
  disabled>${isHidden ? 'Show it again' : 'Hide it'}</button>`
  return html`<div class="state">
<p id="hide-hint">${state}</p>
<p class="actions">!${needs === 'tokens' ? '' : `${button} ${from}`}</p>
</div>`
}

/** What "Most colours" offers. */
const NUMBERS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ')

interface TextField {
  value?: string | undefined
  example: string
  /** Words for the numbers from 1: the field takes one of them, or its number. */
  words?: readonly string[]
  isReadOnly?: boolean
}

const exampleOf = (text: string) => `For example: ${text}`

function renderText(
  name: string,
  label: string,
  hint: string,
  { value = '', example, words = [], isReadOnly = false }: TextField
): string {
  const hasChoice = words.length > 0 && !isReadOnly
  const pattern = ` *(${[...words.keys()].map((index) => index + 1).join('|')}|${words.join('|')}) *`
  const rule = `type a number from 1 to ${words.length}, or a word from ${words[0]} to ${words.at(-1)}`
  const choice = html`
  list="o-${name}" pattern="${pattern}" title="${rule}"`
  const options = words.map((word) => html`<option value="${word}"></option>`).join('')
  return html`<div class="field">
<label for="f-${name}">${label}</label>
<input id="f-${name}"
  name="${name}"
  value="${value}"
  maxlength="200"
  placeholder="${isReadOnly ? '' : exampleOf(example)}"
  autocomplete="off"
  aria-describedby="h-${name}"!${isReadOnly ? ' readonly' : ''}!${hasChoice ? choice : ''}>
!${hasChoice ? html`<datalist id="o-${name}">!${options}</datalist>` : ''}
<p id="h-${name}" class="hint">${hint}</p>
</div>`
}

/** The filters in their groups. Of a series that is only read, those without a text are left out. */
function renderFilters(view: SeriesFormView, isReadOnly: boolean): string {
  const isShown = ({ name }: ShownDatabase) => !isReadOnly || (view.series[name] ?? []).length > 0
  const groups = DATABASE_GROUPS.map(({ heading, databases }) => {
    const fields = databases.filter(isShown).map((database) => renderFilter(database, view, isReadOnly))
    return fields.length === 0
      ? ''
      : html`<h2>${heading}</h2>
<div class="filter-grid">!${fields.join('')}</div>`
  })
  return html`<fieldset class="filters">
<legend>Filters</legend>
!${isReadOnly ? renderKept(groups.every((group) => group === '')) : HOW}
!${groups.join('')}
</fieldset>`
}

const HOW = html`<p class="hint">One text per line. A row is kept if it contains any of them.
Upper and lower case differ. A comma belongs to the row: <code>,bird,</code> is a whole column.
Without a text all rows are kept.</p>`

const SENSITIVE = 'Styles that are marked as sensitive are left out unless the series names them.'

function renderKept(hasNone: boolean): string {
  return hasNone
    ? html`<p class="hint">It has none: all rows are kept, so a picture can be of anything. ${SENSITIVE}</p>`
    : html`<p class="hint">A picture is made only of what contains one of these texts. Whatever is not listed here
can be anything. ${SENSITIVE}</p>`
}

function renderFilter(
  { name, label, example }: ShownDatabase,
  { series, databases }: SeriesFormView,
  isReadOnly: boolean
): string {
  const filter = series[name] ?? []
  const rows = databases.rows[name]
  const left = filterRows(name, rows, filter)
  return html`<div class="field">
<label for="f-${name}">${label}</label>
<textarea id="f-${name}"
  name="${name}"
  rows="${Math.min(6, Math.max(2, filter.length))}"
  placeholder="${isReadOnly ? '' : exampleOf(example)}"
  spellcheck="false"
  autocapitalize="off"
  aria-describedby="c-${name}"!${isReadOnly ? ' readonly' : ''}>
${filter.join('\n')}</textarea>
<p id="c-${name}"
  class="hint count"
  aria-live="polite"
  data-database="${name}"
  data-state="${left.length === 0 ? 'wrong' : ''}">${rowCount(left.length, rows.length, filter.length > 0)}</p>
<details id="r-${name}"
  class="rows-left script"
  data-database="${name}"
  data-columns="${columnsOf(databases, name).join(',')}">
<summary>Show the rows</summary>
</details>
</div>`
}

function renderButtons(kind: SeriesFormView['kind']): string {
  return html`<div class="actions script">
<p id="series-outcome" class="outcome" role="status"></p>
<button class="button primary change" disabled>${kind === 'new' ? 'Make the series' : 'Save'}</button>
<button type="button" id="discard" class="button" hidden>Discard my edit</button>
<p class="hint tokenless">To change a series you need a token: enter yours below.</p>
</div>
<p class="notice scriptless">Changes need scripts.
Without scripts, edit the file user-series/&lt;name&gt;.json in the data folder.</p>`
}
