import { html } from 'ghtml'
import { checksumAddress } from '../../lib/checksum.ts'
import type { Page, Picture } from '../../lib/pictures/gallery.ts'
import { writeCursor } from '../../lib/pictures/cursor.ts'
import { versionOf } from '../../plugins/app/send-picture.ts'
import { LARGE_THUMBNAIL, THUMBNAIL, linksOf } from './links.ts'

/** What a visitor has narrowed the gallery down to; empty where to nothing. */
export interface Filter {
  series: string
  text: string
}

/** The address of the gallery narrowed down to this. */
export function listUrl({ series, text }: Filter, cursor?: string): string {
  const query = new URLSearchParams(
    Object.entries({ series, q: text, cursor: cursor ?? '' }).filter(([, value]) => value !== '')
  )
  return query.size === 0 ? '/preview' : `/preview?${query.toString()}`
}

export function renderChips(page: Page, all: number, filter: Filter): string {
  const chip = (series: string, label: string, count: number) =>
    html`<li><a href="${listUrl({ ...filter, series })}"!${filter.series === series ? ' aria-current="true"' : ''}>${label} <small>${count}</small></a></li>`
  const others =
    filter.series === '' || page.series.some(({ name }) => name === filter.series)
      ? []
      : [{ name: filter.series, count: 0 }]
  return html`<ul>!${chip('', 'All', all)}!${[...page.series, ...others].map(({ name, count }) => chip(name, name, count)).join('')}</ul>`
}

/** The pictures of a page by series, and the way to the next page. */
export function renderPictures(
  page: Page,
  filter: Filter,
  purposes: Map<string, string>,
  isFirst: boolean
): string {
  if (page.pictures.length === 0) return renderNothing(filter)
  const groups = new Map<string, Picture[]>()
  for (const picture of page.pictures) {
    const group = groups.get(picture.series)
    if (group === undefined) groups.set(picture.series, [picture])
    else group.push(picture)
  }
  const counts = new Map(page.series.map(({ name, count }) => [name, count]))
  const sections = [...groups].map(([series, pictures]) =>
    renderGroup(series, pictures, counts.get(series) ?? pictures.length, purposes.get(series) ?? '')
  )
  const more =
    page.next === undefined
      ? ''
      : html`<a class="button" rel="next" href="${listUrl(filter, writeCursor(page.next))}">More pictures</a>`
  const first = isFirst
    ? ''
    : html`<a class="button" rel="first" href="${listUrl(filter)}">Back to the newest</a>`
  return html`!${sections.join('')}<nav class="more" aria-label="Pages">!${first}!${more}</nav>`
}

/** A number of pictures in words. */
export function countPictures(count: number): string {
  return count === 1 ? '1 picture' : `${count.toLocaleString('en')} pictures`
}

function renderGroup(series: string, pictures: Picture[], count: number, purpose: string): string {
  return html`<section class="group" data-series="${series}"><h2>${series}</h2><p class="about"><span class="count">${countPictures(count)}</span>!${purpose === '' ? '' : html` · ${purpose}`}</p><ul class="grid">!${pictures.map(renderCard).join('')}</ul></section>
`
}

function renderCard(picture: Picture): string {
  const { series, address, title, width, height, modifiedMs } = picture
  const { page, thumbnail, largeThumbnail } = linksOf(picture)
  const size = width > 0 ? html` width="${width}" height="${height}"` : ''
  return html`<li class="card" data-key="${series}/${address}" data-version="${versionOf(picture)}" data-time="${Math.floor(modifiedMs)}"><a href="${page}"><img src="${thumbnail}" srcset="${thumbnail} ${THUMBNAIL}w, ${largeThumbnail} ${LARGE_THUMBNAIL}w" sizes="(max-width: 44rem) 46vw, 17rem"!${size} alt="${title || `Picture of ${address}`}" loading="lazy" decoding="async"><strong aria-hidden="true">${title || 'Untitled'}</strong><code>${checksumAddress(address)}</code></a></li>
`
}

function renderNothing({ series, text }: Filter): string {
  if (series === '' && text === '') {
    return html`<section class="empty"><h2>There is no picture yet</h2><p>Put any Ethereum address into the form above and press <b>Make the picture</b>: you can watch it being made, and it will hang here.</p></section>`
  }
  const where = series === '' ? '' : ` in ${series}`
  const what = text === '' ? 'There is no picture' : `Nothing matches “${text}”`
  return html`<section class="empty"><h2>${what}${where}</h2><p>The search looks for words of the title, for series, and for any part of an address. <a href="/preview">Show all pictures</a></p></section>`
}
