import { html } from 'ghtml'
import { SEARCH_CHARACTERS_MAX } from '../../lib/engine/pictures.ts'
import { filterQuery, isSearch, renderChosen, renderFilterLink } from './filter/links.ts'
import { renderSuggestions } from './filter/suggestions.ts'
import { hasPlainForm, renderForm } from './form.ts'
import { THEME_BUTTON, renderBrand, renderHead, renderPages } from './head.ts'
import { countPictures, renderChips, renderPictures } from './pictures.ts'
import { DESCRIPTION } from './sharing.ts'
import type { GalleryView } from './view.ts'

const HEAD = {
  description: DESCRIPTION,
  styles: ['gallery.css', 'runs.css', 'picture.css'],
  script: 'gallery.js'
}

/** Of the details, which the page of a picture shows at once. */
const DETAIL_SCRIPTS = ['detail.js', 'clipboard.js', 'restore.js', 'run-detail.js', 'swipe.js']

/** The gallery as HTML. It works without scripts. All values are escaped. */
export function renderGallery(view: GalleryView): string {
  const { needsToken, revision, detail, filter, notice, title, sharing, assets } = view
  const token = needsToken ? ' data-token="missing"' : ''
  const direct = detail === undefined ? '' : ' data-direct'
  const search = isSearch(filter) ? ' data-search' : ''
  return html`<!doctype html>
<html lang="en">
!${renderHead({ title, assets, sharing, laterScripts: detail === undefined ? [] : DETAIL_SCRIPTS, ...HEAD })}
<body data-revision="${revision}"!${token}!${direct}!${search}>
<a class="skip" href="#pictures">Skip to the pictures</a>
!${renderBar(view)}
<main class="gallery">
!${notice === '' ? '' : renderNotice(view)}
!${renderForm(view)}
<section id="runs" class="runs" aria-labelledby="runs-title" hidden>
<h2 id="runs-title">Your runs</h2>
<p id="runs-status" class="unseen" role="status"></p>
<ul></ul>
</section>
!${renderList(view)}
</main>
!${renderDialog(view)}
<aside id="news" aria-label="News" class="script">
<button type="button" id="new" class="pill" hidden></button>
<details id="others" hidden>
<summary class="pill"></summary>
<div>
<h2>In the making</h2>
<ul></ul>
<p class="further"></p>
</div>
</details>
</aside>
<div id="toasts" role="status"></div>
!${renderFooter(view)}
</body>
</html>
`
}

function renderNotice(view: GalleryView): string {
  const ways = [renderMakeable(view), renderMake(view), renderRestore(view), renderUnchecked(view)]
  return html`<p class="notice">${view.notice} !${ways.filter((way) => way !== '').join(' ')}</p>`
}

/** Whether the visitor can make the missing picture. */
function renderMakeable({ makeable, hindrance, restorable, startNeedsToken }: GalleryView): string {
  if (!makeable || restorable !== '') return ''
  if (hindrance !== '') return html`It cannot be made now: ${hindrance}.`
  if (!startNeedsToken) return 'It can be made now.'
  return `<span class="change">It can be made now.</span>
<span class="tokenless">To make it needs a token.</span>`
}

/** The buttons send the forms, which hold the series and the address of the missing picture. */
function renderMake(view: GalleryView): string {
  const { makeable, isBeingMade, startNeedsToken, restorable } = view
  if (isBeingMade) return html`<a class="button scriptless" href="">Look again</a>`
  if (!makeable) return ''
  const plain = hasPlainForm(view)
    ? html` <button form="plain-make" class="button primary scriptless">Make this picture</button>`
    : ''
  const classes = `button script${restorable === '' ? ' primary' : ''}${startNeedsToken ? ' change' : ''}`
  return html`<button form="make" class="${classes}">Make this picture</button>!${plain}`
}

function renderRestore({ restorable }: GalleryView): string {
  if (restorable === '') return ''
  return html`<button type="button" class="button script change" data-restore="${restorable}">Bring it back</button>`
}

function renderUnchecked({ unchecked }: GalleryView): string {
  return unchecked === '' ? '' : html`<a class="button" href="${unchecked}">Use it anyway</a>`
}

function renderBar({ filter, assets }: GalleryView): string {
  const { text } = filter
  const hidden = [...filterQuery({ ...filter, text: '' })].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`
  )
  return html`<header class="bar">
<div class="ways">!${renderBrand(assets)}!${renderPages(assets)}</div>
<form id="search" role="search" action="${assets.base}/preview" method="get">
<input type="search"
  name="q"
  value="${text}"
  maxlength="${SEARCH_CHARACTERS_MAX}"
  aria-label="Search"
  placeholder="Search pictures"
  autocomplete="off"
  spellcheck="false">!${hidden.join('')}
</form>
<div class="view script">
<span class="columns">
<label for="columns">Columns</label>
<input id="columns" type="range" min="1" max="8" step="1">
</span>
!${THEME_BUTTON}
</div>
</header>`
}

function renderList({
  page,
  all,
  counts,
  startNeedsToken,
  filter,
  suggestions,
  isFirst,
  series,
  assets: { base }
}: GalleryView): string {
  const isFiltered = isSearch(filter) || filter.series !== ''
  const found = isFiltered ? `${countPictures(page.total)} of ${all.toLocaleString('en')}` : ''
  const matches = counts.reduce((sum, { count }) => sum + count, 0)
  const chips = all === 0 ? '' : renderChips(counts, isSearch(filter) ? matches : all, filter, base)
  const offered = new Map(series.map((each) => [each.name, each]))
  const link = all === 0 ? '' : renderFilterLink(filter, base)
  return html`<div class="chooser">
<div id="filters">!${link}</div>
<nav id="chips" class="chips" aria-label="Filter by series">!${chips}</nav>
</div>
<div id="chosen">!${renderChosen(filter, base)}!${renderSuggestions(suggestions, filter, base)}</div>
<section id="pictures" aria-label="Pictures" tabindex="-1">
<p id="found" class="found" role="status">${found}</p>
<div id="list">!${renderPictures(page, filter, { base, offered, isFirst, all, startNeedsToken })}</div>
</section>`
}

function renderDialog({ detail, assets, startNeedsToken }: GalleryView): string {
  const make = html`<span class="link!${startNeedsToken ? ' change' : ''}">Make yours</span>`
  const home = html`<a class="home" href="${assets.base}/preview"><span class="name">dalleserver</span> !${make}</a>`
  const arrow = (which: string, label: string, sign: string) =>
    html`<button type="button" class="quiet script" data-go="${which}" aria-label="${label}">${sign}</button>`
  return html`<dialog id="detail" aria-labelledby="detail-title"!${detail === undefined ? '' : ' open'}>
<div class="frame">
!${detail === undefined ? '' : home}
!${arrow('prev', 'Newer picture', '←')}
!${arrow('next', 'Older picture', '→')}
<a class="close quiet" href="${assets.base}/preview" aria-label="Close">✕</a>
</div>
<div id="detail-body">!${detail ?? ''}</div>
</dialog>`
}

function renderFooter({ all, healthNeedsToken, assets: { base } }: GalleryView): string {
  return html`<footer>
<p><span id="all">${countPictures(all)}</span> ·
<a href="${base}/preview/series">series</a> ·
!${healthNeedsToken ? '' : html`<a href="${base}/health">health</a> ·`}
<a href="${base}/docs">interface</a> ·
<a href="${base}/">all endpoints</a></p>
</footer>`
}
