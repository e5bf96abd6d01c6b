import { html } from 'ghtml'
import { linksOf } from '../../plugins/app/send-picture.ts'
import { isSearch } from './filter/links.ts'
import { renderTokenForm } from './head.ts'
import { groupByFamily } from './series/families.ts'
import type { GalleryView, OfferedSeries } from './view.ts'

/** The newest pictures are shown only if there are as many as the layout needs. */
export const PICTURES_AT_TOP = 3

const HINT = '0x and 40 digits, 0 to 9 and a to f.'

/** The top of the page: the form that starts a run, the form for the token, and the newest pictures. */
export function renderForm(view: GalleryView): string {
  return html`<section class="maker" aria-labelledby="maker-title">
<div>
<h1 id="maker-title">One picture for every Ethereum address</h1>
<p class="lead">The same address always gives the same picture.
!${renderLead(view)}</p>
<form id="make" class="script" novalidate>
!${renderAddress(view)}
!${renderSeries(view)}
<div class="buttons">
<button class="button!${view.makeable ? '' : ' primary'}!${view.startNeedsToken ? ' change' : ''}">
Make the picture</button>
!${view.startNeedsToken ? '<button type="submit" class="button primary tokenless">See it in every series</button>' : ''}
<button type="button" id="random" class="button">Random</button>
</div>
</form>
!${view.needsToken ? renderToken(view) : ''}
<p id="make-outcome" class="outcome" role="status"></p>
!${renderPlainForm(view)}
!${renderPlainAddress(view.assets.base)}
<div id="random-panel" class="script">
<p id="random-status" role="status"></p>
<button type="button" class="quiet" aria-label="Close these addresses">✕</button>
<ul class="samples" aria-label="Random addresses"></ul>
</div>
</div>!${renderNewest(view)}
</section>`
}

/** What the visitor can do with the form. */
function renderLead({ startNeedsToken }: GalleryView): string {
  const make = 'Enter an address, choose a series, and watch the picture being made.'
  if (!startNeedsToken) return make
  return `<span class="change">${make}</span>
<span class="tokenless">Enter an address and see a sketch of it in every series.</span>`
}

/** Whether the form works that starts a run without scripts. */
export function hasPlainForm({ startNeedsToken, tellsItsSite }: GalleryView): boolean {
  return !startNeedsToken && tellsItsSite
}

/** Starts a run without scripts, or says why that needs scripts. */
function renderPlainForm(view: GalleryView): string {
  const { problem } = view
  if (view.startNeedsToken) {
    return html`<p class="notice scriptless">A new picture needs a token, and to enter one needs scripts.</p>`
  }
  if (!hasPlainForm(view)) {
    return html`<p class="notice scriptless">To make a picture here needs scripts, or HTTPS:
over plain HTTP, browsers do not say which page asks.</p>`
  }
  const options = renderOptions(
    view,
    ({ name }) => html`<option!${name === view.initial.series ? ' selected' : ''}>${name}</option>`
  )
  return html`<form id="plain-make" class="scriptless" action="${view.assets.base}/preview/make" method="get">
<div class="field">
<label for="plain-make-address">Ethereum address</label>
<input id="plain-make-address"
  name="address"
  value="${view.initial.address}"
  placeholder="0x…"
  autocomplete="off"
  maxlength="500"!${problem === '' ? '' : ' aria-invalid="true" aria-describedby="plain-make-hint" autofocus'}
  required>
!${problem === '' ? '' : html`<p id="plain-make-hint" class="hint" data-state="wrong">${problem}</p>`}
</div>
<div class="field">
<label for="plain-series">Series</label>
<select id="plain-series" name="series">!${options}</select>
</div>
<button class="button!${view.makeable ? '' : ' primary'}">Make the picture</button>
<p class="hint">To watch it being made needs scripts. Without them, its page shows how far it is.</p>
</form>`
}

/** Leads to the page of the address, which works without scripts. */
function renderPlainAddress(base: string): string {
  return html`<form class="scriptless" action="${base}/preview/address" method="get">
<div class="field">
<label for="plain-address">Address to see in every series</label>
<input id="plain-address" name="address" placeholder="0x…" autocomplete="off" maxlength="500" required>
</div>
<button class="button">Show it</button>
</form>`
}

function renderAddress({ initial, problem }: GalleryView): string {
  return html`<div class="field wide">
<label for="address">Ethereum address</label>
<input id="address"
  name="address"
  value="${initial.address}"
  placeholder="0x…"
  autocomplete="off"
  autocapitalize="off"
  spellcheck="false"
  maxlength="500"
  aria-describedby="address-hint"!${problem === '' ? '' : ' aria-invalid="true"'}
  required>
<p id="address-hint" class="hint" data-state="${problem === '' ? '' : 'wrong'}">${problem || HINT}</p>
</div>`
}

/** The families are in the list too, for visitors who do not open the chooser. */
function renderSeries({ series, initial }: GalleryView): string {
  const options = renderOptions({ series }, (each) => renderOption(each, initial.series))
  const purpose = series.find(({ name }) => name === initial.series)?.purpose ?? ''
  return html`<div class="field">
<div class="labels">
<label for="series">Series</label>
<button type="button" id="choose" class="link" aria-haspopup="dialog">See them all</button>
</div>
<select id="series" name="series" aria-describedby="series-hint">!${options}</select>
<p id="series-hint" class="hint">${purpose}</p>
</div>`
}

/** The series in groups. */
function renderOptions(
  { series }: Pick<GalleryView, 'series'>,
  render: (series: OfferedSeries) => string
): string {
  const families = groupByFamily(series, ({ family }) => family).filter(({ members }) => members.length > 0)
  const groups = families.map(
    ({ heading, members }) => html`<optgroup label="${heading}">!${members.map(render).join('')}</optgroup>`
  )
  return groups.join('')
}

function renderOption({ name, purpose }: OfferedSeries, selected: string): string {
  const mark = name === selected ? ' selected' : ''
  return html`<option value="${name}" data-purpose="${purpose}"!${mark}>${name}</option>`
}

function renderToken({ startNeedsToken }: GalleryView): string {
  const changes = startNeedsToken ? 'make or remove pictures' : 'remove pictures or to make them again'
  return renderTokenForm(changes)
}

/**
 * For the eye only: the list has the same pictures, with their names. An open picture hides them, and they are not
 * loaded until it is closed.
 */
function renderNewest({ newest, filter, detail, assets }: GalleryView): string {
  if (newest.length < PICTURES_AT_TOP || isSearch(filter)) return ''
  const loading = detail === undefined ? 'fetchpriority="high"' : 'loading="lazy"'
  const images = newest.map((picture) => {
    const { page, thumbnail } = linksOf(picture, assets.base)
    const { width, height } = picture
    return html`<a href="${page}" tabindex="-1">
<img src="${thumbnail}" alt="" width="${width}" height="${height}" !${loading}></a>`
  })
  return html`<div class="fan" aria-hidden="true">!${images.join('')}</div>`
}
