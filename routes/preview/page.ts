import { html } from 'ghtml'
import { SEARCH_CHARACTERS_MAX } from '../../lib/engine/pictures.ts'
import { renderForm } from './form.ts'
import { countPictures, renderChips, renderPictures } from './pictures.ts'
import type { GalleryView } from './view.ts'

/** The gallery as HTML. It works without scripts. All values are escaped. */
export function renderGallery(view: GalleryView): string {
  const { needsToken, revision, notice } = view
  const token = needsToken ? ' data-token="missing"' : ''
  return html`<!doctype html>
<html lang="en">
!${renderHead(view)}
<body data-revision="${revision}"!${token}>
<a class="skip" href="#pictures">Skip to the pictures</a>
!${renderBar(view)}
!${renderForm(view)}
<section id="runs" class="runs" aria-labelledby="runs-title" hidden>
<h2 id="runs-title">In progress</h2>
<p id="runs-status" class="unseen" role="status"></p>
<ul></ul>
<p class="further"></p>
</section>
!${notice === '' ? '' : html`<p class="notice">${notice}</p>`}
!${renderList(view)}
!${renderDialog(view)}
<div id="toasts" role="status"></div>
!${renderFooter(view)}
</body>
</html>
`
}

function renderHead({ title, assets }: GalleryView): string {
  const font = (name: string) =>
    html`<link rel="preload" href="${assets.url(name)}" as="font" type="font/woff2" crossorigin>`
  return html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="description"
  content="One picture for every Ethereum address: make yours, watch its progress, and browse all of them.">
<link rel="icon" href="${assets.url('icon.svg')}" type="image/svg+xml">
!${font('jost-400.woff2')}
!${font('jost-600.woff2')}
<link rel="stylesheet" href="${assets.url('base.css')}">
<link rel="stylesheet" href="${assets.url('gallery.css')}">
<link rel="stylesheet" href="${assets.url('picture.css')}">
<script type="module" src="${assets.url('theme.js')}" blocking="render"></script>
<script type="module" src="${assets.url('gallery.js')}"></script>
</head>`
}

function renderBar({ filter, assets }: GalleryView): string {
  const { text, series } = filter
  const hidden = series === '' ? '' : html`<input type="hidden" name="series" value="${series}">`
  return html`<header class="bar">
<a class="brand" href="/preview"><img src="${assets.url('icon.svg')}" width="28" height="28" alt="">dalleserver</a>
<form id="search" role="search" action="/preview" method="get">
<input type="search"
  name="q"
  value="${text}"
  maxlength="${SEARCH_CHARACTERS_MAX}"
  aria-label="Search"
  placeholder="Search titles and addresses"
  autocomplete="off"
  spellcheck="false">!${hidden}
</form>
<div class="view script">
<label for="columns">Columns</label>
<input id="columns" type="range" min="1" max="8" step="1">
<button type="button" id="theme" class="quiet" aria-pressed="false">Dark</button>
</div>
</header>`
}

function renderList({ page, all, filter, isFirst, series }: GalleryView): string {
  const { text } = filter
  const isFiltered = text !== '' || filter.series !== ''
  const found = isFiltered ? `${countPictures(page.total)} of ${all.toLocaleString('en')}` : ''
  const matches = page.series.reduce((sum, { count }) => sum + count, 0)
  const chips = all === 0 ? '' : renderChips(page, text === '' ? all : matches, filter)
  const purposes = new Map(series.map(({ name, purpose }) => [name, purpose]))
  return html`<nav id="chips" class="chips" aria-label="Filter by series">!${chips}</nav>
<main id="pictures" tabindex="-1">
<p id="found" class="found" role="status">${found}</p>
<div id="list">!${renderPictures(page, filter, purposes, isFirst)}</div>
</main>`
}

function renderDialog({ detail }: GalleryView): string {
  const arrow = (which: string, label: string, sign: string) =>
    html`<button type="button" class="quiet script" data-go="${which}" aria-label="${label}">${sign}</button>`
  return html`<dialog id="detail" aria-labelledby="detail-title"!${detail === undefined ? '' : ' open'}>
<div class="frame">
!${arrow('prev', 'Newer picture', '←')}
!${arrow('next', 'Older picture', '→')}
<a class="close quiet" href="/preview" aria-label="Close">✕</a>
</div>
<div id="detail-body">!${detail ?? ''}</div>
</dialog>`
}

function renderFooter({ all }: GalleryView): string {
  return html`<footer>
<p><span id="all">${countPictures(all)}</span> ·
<a href="/series">series</a> · <a href="/health">health</a> · <a href="/">all endpoints</a></p>
</footer>`
}
