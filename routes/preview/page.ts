import { html } from 'ghtml'
import type { ImageEntry } from '../../lib/storage/images.ts'
import { artifactPath } from '../../lib/storage/layout.ts'

export interface GalleryImage extends ImageEntry {
  /** Empty where the title is not known. */
  title: string
}

export interface GalleryView {
  /** The newest first. */
  images: GalleryImage[]
  total: number
  /** Counts from 1. */
  page: number
  pages: number
  /** The address of this server as the visitor has it, e.g. `http://127.0.0.1:8080`. */
  origin: string
}

/** The gallery as HTML. What it is given may hold anything; it is shown as text. */
export function renderGallery ({ images, total, page, pages, origin }: GalleryView): string {
  const content = total === 0
    ? renderEmpty(origin)
    : [...groupBySeries(images)].map(([series, group]) => renderGroup(series, group)).join('')
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>dalleserver gallery</title>
<link rel="stylesheet" href="/preview/assets/gallery.css">
</head>
<body>
<header><h1>Gallery</h1><p>${total} ${total === 1 ? 'picture' : 'pictures'}, the newest first</p></header>
<main>!${content}</main>
!${renderPager(page, pages)}
</body>
</html>
`
}

function renderEmpty (origin: string): string {
  return html`<section class="empty">
<p>There is no picture yet. Ask for one, with any Ethereum address:</p>
<pre>curl '${origin}/dalle/simple/0xf503017d7baf7fbc0fff7492b751025c6a78179b?generate=1'</pre>
<p>Then reload this page. <a href="/series">These series</a> can stand in place of <code>simple</code>.</p>
</section>`
}

function groupBySeries (images: GalleryImage[]): Map<string, GalleryImage[]> {
  const groups = new Map<string, GalleryImage[]>()
  for (const image of images) groups.set(image.series, [...groups.get(image.series) ?? [], image])
  return groups
}

function renderGroup (series: string, images: GalleryImage[]): string {
  return html`<section><h2>${series}</h2><ul class="grid">!${images.map(renderImage).join('')}</ul></section>
`
}

function renderImage ({ series, address, title, modifiedMs }: GalleryImage): string {
  const path = artifactPath('annotated', series, address).split('/').map(encodeURIComponent).join('/')
  // The time makes a picture that was made anew a new URL, so that no browser shows the old one.
  const url = `/files/${path}?t=${Math.floor(modifiedMs)}`
  return html`<li><a href="${url}"><img src="${url}" alt="${title || address}" loading="lazy"><strong>${title}</strong><code>${address}</code></a></li>
`
}

function renderPager (page: number, pages: number): string {
  if (pages <= 1) return ''
  const link = (to: number, words: string) => html`<a href="/preview?page=${to}">${words}</a>`
  return html`<nav aria-label="Pages">!${page > 1 ? link(page - 1, 'Newer') : ''}<span>Page ${page} of ${pages}</span>!${page < pages ? link(page + 1, 'Older') : ''}</nav>`
}
