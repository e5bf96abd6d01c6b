import { html } from 'ghtml'
import type { Assets } from './assets.ts'
import { renderSharing } from './sharing.ts'
import type { Sharing } from './sharing.ts'

export interface HeadOptions {
  title: string
  description: string
  assets: Assets
  /** Names of style sheets besides base.css. */
  styles: string[]
  /** The name of the script of the page; undefined for a page in a frame. */
  script: string | undefined
  /** Names of scripts that the page loads later in any case. */
  laterScripts?: string[]
  /** What other sites read of the page; absent for a page that nobody shares. Its description is that of the page. */
  sharing?: Sharing | undefined
}

/** The head of a page. */
export function renderHead({
  title,
  description,
  assets,
  styles,
  script,
  laterScripts,
  sharing
}: HeadOptions): string {
  const font = (name: string) =>
    html`<link rel="preload" href="${assets.url(name)}" as="font" type="font/woff2" crossorigin>`
  const style = (name: string) => html`<link rel="stylesheet" href="${assets.url(name)}">`
  return html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="description" content="${sharing?.description ?? description}">
!${sharing === undefined ? '' : renderSharing(sharing)}
<meta name="theme-color" content="#f8f5ef" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#141215" media="(prefers-color-scheme: dark)">
<link rel="icon" href="${assets.url('icon.svg')}" type="image/svg+xml">
<link rel="apple-touch-icon" href="${assets.url('apple-touch-icon.png')}">
!${font('jost-400.woff2')}
!${font('jost-600.woff2')}
!${['base.css', ...styles].map(style).join('\n')}
!${script === undefined ? '<base target="_blank">' : renderScripts(assets, script, laterScripts)}
</head>`
}

function renderScripts(assets: Assets, script: string, laterScripts: string[] = []): string {
  const later = laterScripts.map((name) => html`<link rel="modulepreload" href="${assets.url(name)}">`)
  return html`<link rel="manifest" href="${assets.url('manifest.webmanifest')}">
<script type="module" src="${assets.url('theme.js')}" blocking="render"></script>
<script type="module" src="${assets.url(script)}"></script>
!${later.join('\n')}`
}

/** The link to the gallery at the left of the bar. */
export function renderBrand(assets: Assets): string {
  const icon = html`<img src="${assets.url('icon.svg')}" width="28" height="28" alt="">`
  return html`<a class="brand" href="${assets.base}/preview">!${icon}dalleserver</a>`
}

/** The button that changes between light and dark. */
export const THEME_BUTTON =
  '<button type="button" id="theme" class="quiet" aria-pressed="false">Dark</button>'

/** The links between the pages. @param gallery the URL of the gallery as the visitor left it */
export function renderPages(assets: Assets, gallery = `${assets.base}/preview`): string {
  return html`<nav aria-label="Main">
<a href="${gallery}">Gallery</a> <a href="${assets.base}/preview/series">Series</a>
</nav>`
}

/** The bar of a page beside the gallery. @param gallery the URL of the gallery as the visitor left it */
export function renderPageBar(assets: Assets, gallery?: string): string {
  return html`<header class="bar page-bar">
!${renderBrand(assets)}
!${renderPages(assets, gallery)}
<div class="view script">!${THEME_BUTTON}</div>
</header>`
}

/** The form for the token. @param purpose what the token is needed for */
export function renderTokenForm(purpose: string): string {
  return html`<form id="token" class="token script" autocomplete="off">
<label for="token-value"><span class="tokenless">You need a token to ${purpose} on this server.</span>
<span class="change">Another token</span></label>
<input id="token-value" type="password" autocomplete="off" placeholder="Token" required>
<button class="button">Use this token</button>
<p class="hint" role="status"></p>
</form>`
}
