import { html } from 'ghtml'
import { linksOf } from '../../plugins/app/send-picture.ts'
import { renderTokenForm } from './head.ts'
import type { GalleryView } from './view.ts'

/** The newest pictures are shown only if there are as many as the layout needs. */
export const PICTURES_AT_TOP = 3

/** The top of the page: the form that starts a run, the form for the token, and the newest pictures. */
export function renderForm(view: GalleryView): string {
  return html`<section class="maker" aria-labelledby="maker-title">
<div>
<h1 id="maker-title">One picture for every Ethereum address</h1>
<p class="lead">The same address always gives the same picture.
Enter an address, choose a series, and watch the picture being made.</p>
<form id="make" class="script" novalidate>
!${renderAddress(view)}
!${renderSeries(view)}
<div class="buttons">
<button class="button primary!${view.startNeedsToken ? ' change' : ''}">Make the picture</button>
<button type="button" id="random" class="button">Random</button>
</div>
</form>
<p id="random-status" class="unseen" role="status"></p>
<ul id="random-list" class="samples script" aria-label="Random addresses" hidden></ul>
!${view.needsToken ? renderToken(view) : ''}
<p id="make-outcome" class="outcome" role="status"></p>
<p class="notice scriptless">The form to make a picture needs scripts.
Without scripts, open <code>${view.assets.base}/dalle/&lt;series&gt;/&lt;address&gt;?generate=1</code>.</p>
</div>!${renderNewest(view)}
</section>`
}

function renderAddress({ initial }: GalleryView): string {
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
  aria-describedby="address-hint"
  required>
<p id="address-hint" class="hint">0x and 40 digits, 0 to 9 and a to f.</p>
</div>`
}

function renderSeries({ series, initial }: GalleryView): string {
  const options = series.map(({ name, purpose }) => {
    const selected = name === initial.series ? ' selected' : ''
    return html`<option value="${name}" data-purpose="${purpose}"!${selected}>${name}</option>`
  })
  const purpose = series.find(({ name }) => name === initial.series)?.purpose ?? ''
  return html`<div class="field">
<label for="series">Series</label>
<select id="series" name="series" aria-describedby="series-hint">!${options.join('')}</select>
<p id="series-hint" class="hint">${purpose}</p>
</div>`
}

function renderToken({ startNeedsToken }: GalleryView): string {
  const changes = startNeedsToken ? 'make or remove pictures' : 'remove pictures or to make them again'
  return renderTokenForm(changes)
}

/** For the eye only: the list has the same pictures, with their names. */
function renderNewest({ newest, filter, detail, assets }: GalleryView): string {
  const isSearch = filter.text !== '' || (filter.chosen ?? []).length > 0
  if (newest.length < PICTURES_AT_TOP || isSearch || detail !== undefined) return ''
  const images = newest.map((picture) => {
    const { page, thumbnail } = linksOf(picture, assets.base)
    const { width, height } = picture
    return html`<a href="${page}" tabindex="-1">
<img src="${thumbnail}" alt="" width="${width}" height="${height}" fetchpriority="high"></a>`
  })
  return html`<div class="fan" aria-hidden="true">!${images.join('')}</div>`
}
