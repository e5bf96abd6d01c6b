import { html } from 'ghtml'
import type { Page, Picture } from '../../lib/pictures/gallery.ts'
import type { Assets } from './assets.ts'
import { linksOf } from './links.ts'
import { countPictures, renderChips, renderPictures } from './pictures.ts'
import type { Filter } from './pictures.ts'

export interface GalleryView {
  page: Page
  /** How many pictures there are, whatever the filter. */
  all: number
  filter: Filter
  isFirst: boolean
  /** Every series that a picture can be asked for in. */
  series: Array<{ name: string; purpose: string }>
  /** The newest pictures, for show. */
  newest: Picture[]
  /** Of the document. */
  title: string
  /** A picture's details as HTML, where its own address was opened. */
  detail: string | undefined
  /** What the form begins with. */
  wish: { series: string; address: string }
  /** What is to be said before anything else. */
  notice: string
  needsToken: boolean
  revision: number
  assets: Assets
}

/** The gallery as HTML, whole without any script. What it is given may hold anything; it is shown as text. */
export function renderGallery(view: GalleryView): string {
  const { page, all, filter, isFirst, title, detail, needsToken, revision, assets, notice } = view
  const purposes = new Map(view.series.map(({ name, purpose }) => [name, purpose]))
  const found =
    filter.text === '' && filter.series === ''
      ? ''
      : `${countPictures(page.total)} of ${all.toLocaleString('en')}`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="description" content="One picture for every Ethereum address: make yours, watch it being made, browse all of them.">
<link rel="icon" href="${assets.url('icon.svg')}" type="image/svg+xml">
<link rel="preload" href="${assets.url('jost-400.woff2')}" as="font" type="font/woff2" crossorigin>
<link rel="preload" href="${assets.url('jost-600.woff2')}" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="${assets.url('base.css')}">
<link rel="stylesheet" href="${assets.url('gallery.css')}">
<link rel="stylesheet" href="${assets.url('picture.css')}">
<script type="module" src="${assets.url('theme.js')}" blocking="render"></script>
<script type="module" src="${assets.url('gallery.js')}"></script>
</head>
<body data-revision="${revision}"!${needsToken ? ' data-token="missing"' : ''}>
<a class="skip" href="#pictures">Skip to the pictures</a>
<header class="bar">
<a class="brand" href="/preview"><img src="${assets.url('icon.svg')}" width="28" height="28" alt="">dalleserver</a>
<form id="search" role="search" action="/preview" method="get"><input type="search" name="q" value="${filter.text}" aria-label="Search" placeholder="Search titles and addresses" autocomplete="off" spellcheck="false">!${filter.series === '' ? '' : html`<input type="hidden" name="series" value="${filter.series}">`}</form>
<div class="view script"><label for="columns">Columns</label><input id="columns" type="range" min="1" max="8" step="1"><button type="button" id="theme" class="quiet" aria-pressed="false">Dark</button></div>
</header>
!${renderMaker(view)}
<section id="runs" class="runs" aria-labelledby="runs-title" hidden><h2 id="runs-title">In the making</h2><p id="runs-status" class="unseen" role="status"></p><ul></ul><p class="further"></p></section>
!${notice === '' ? '' : html`<p class="notice">${notice}</p>`}
<nav id="chips" class="chips" aria-label="Show one series">!${all === 0 ? '' : renderChips(page, filter.text === '' ? all : page.series.reduce((sum, { count }) => sum + count, 0), filter)}</nav>
<main id="pictures" tabindex="-1"><p id="found" class="found" role="status">${found}</p><div id="list">!${renderPictures(page, filter, purposes, isFirst)}</div></main>
<dialog id="detail" aria-labelledby="detail-title"!${detail === undefined ? '' : ' open'}><div class="frame"><button type="button" class="quiet script" data-go="prev" aria-label="Newer picture">←</button><button type="button" class="quiet script" data-go="next" aria-label="Older picture">→</button><a class="close quiet" href="/preview" aria-label="Close">✕</a></div><div id="detail-body">!${detail ?? ''}</div></dialog>
<div id="toasts" role="status"></div>
<footer><p><span id="all">${countPictures(all)}</span> · <a href="/series">series</a> · <a href="/health">health</a> · <a href="/">all endpoints</a></p></footer>
</body>
</html>
`
}

function renderMaker({ series, wish, newest, needsToken }: GalleryView): string {
  const option = ({ name, purpose }: { name: string; purpose: string }) =>
    html`<option value="${name}" data-purpose="${purpose}"!${name === wish.series ? ' selected' : ''}>${name}</option>`
  const show = newest
    .map(
      (picture) =>
        html`<img src="${linksOf(picture).thumbnail}" alt="" width="${picture.width}" height="${picture.height}">`
    )
    .join('')
  return html`<section class="maker"><div>
<h1>One picture for every Ethereum address</h1>
<p class="lead">The same address always gives the same picture. Enter one, choose a series, and watch it being drawn.</p>
<form id="make" class="script" novalidate>
<div class="field wide"><label for="address">Ethereum address</label><input id="address" name="address" value="${wish.address}" placeholder="0x…" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="100" aria-describedby="address-hint" required><p id="address-hint" class="hint">0x and 40 digits, 0 to 9 and a to f. <button type="button" id="example" class="link">Try a random one</button></p></div>
<div class="field"><label for="series">Series</label><select id="series" name="series" aria-describedby="series-hint">!${series.map(option).join('')}</select><p id="series-hint" class="hint">${series.find(({ name }) => name === wish.series)?.purpose ?? ''}</p></div>
<button class="button primary change">Make the picture</button>
</form>
!${needsToken ? html`<form id="token" class="token script" autocomplete="off"><label for="token-value">This server asks for a token before it makes or removes pictures.</label><input id="token-value" type="password" autocomplete="off" placeholder="Token" required><button class="button">Use it</button><p class="hint" role="status"></p></form>` : ''}
<p id="make-outcome" class="outcome" role="status"></p>
<p class="notice scriptless">To make a picture from here, scripts must be allowed. Without them, open <code>/dalle/&lt;series&gt;/&lt;address&gt;?generate=1</code>.</p>
</div>!${newest.length < 3 ? '' : html`<div class="fan" aria-hidden="true">!${show}</div>`}</section>`
}
