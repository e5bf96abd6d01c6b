import { html } from 'ghtml'
import { shownName } from '../../lib/checksum.ts'
import type { Page, Picture } from '../../lib/engine/pictures.ts'
import { writeCursor } from '../../lib/engine/cursor.ts'
import { LARGE_THUMBNAIL, THUMBNAIL } from '../../lib/pictures/variants.ts'
import { isAddress } from '../../lib/storage/layout.ts'
import { isAccountName } from '../../lib/typed-address.ts'
import { linksOf } from '../../plugins/app/send-picture.ts'
import { filterQuery, isSearch, withQuery } from './filter/links.ts'
import { typedProblem } from './picture-name.ts'
import type { Filter, OfferedSeries } from './view.ts'

/** With a digit that is missing, wrong or too many. */
const MOST_OF_AN_ADDRESS = /^(?:0x\S{30,}|[0-9a-f]{30,})$/i

/** Series with so few pictures stand beside others in a wide window. */
const FEW = 3

/** The width of most pictures, for a wide window with few columns. The page of a picture offers it too. */
export const FULL_WIDTH = 1024

/** The width of a card in CSS, for the browser's choice between the widths. */
export const CARD_SIZES = '(max-width: 44rem) 46vw, 17rem'

/** The URL of the list with this filter, at the cursor if there is one. */
export function listUrl(base: string, filter: Filter, cursor?: string): string {
  const query = filterQuery(filter)
  if (cursor !== undefined) query.set('cursor', cursor)
  return withQuery(`${base}/preview`, query)
}

/** The links that filter the list by series. `all` is the number of pictures in all series. */
export function renderChips(counts: Page['series'], all: number, filter: Filter, base: string): string {
  const chip = (series: string, label: string, count: number) => {
    const current = filter.series === series ? ' aria-current="true"' : ''
    return html`<li>
<a href="${listUrl(base, { ...filter, series })}"!${current}>${label} <small>${count}</small></a>
</li>`
  }
  const others =
    filter.series === '' || counts.some(({ name }) => name === filter.series)
      ? []
      : [{ name: filter.series, count: 0 }]
  const chips = [...counts, ...others].map(({ name, count }) => chip(name, name, count))
  return html`<ul>!${chip('', 'All', all)}!${chips.join('')}</ul>`
}

interface ListOptions {
  base: string
  offered: Map<string, OfferedSeries>
  isFirst: boolean
  /** The number of pictures without any filter. */
  all: number
  /** Whether a new picture needs a token. */
  startNeedsToken: boolean
}

/** The pictures of a page, grouped by series, and the links to the other pages. */
export function renderPictures(page: Page, filter: Filter, options: ListOptions): string {
  if (page.pictures.length === 0) return renderEmpty(filter, options)
  const { base, offered, isFirst } = options
  const groups = new Map<string, Picture[]>()
  for (const picture of page.pictures) {
    const group = groups.get(picture.series)
    if (group === undefined) groups.set(picture.series, [picture])
    else group.push(picture)
  }
  const counts = new Map(page.series.map(({ name, count }) => [name, count]))
  const render = isSearch(filter) ? renderFound : renderGroup
  const sections = [...groups].map(([series, pictures]) =>
    render(series, pictures, counts.get(series) ?? pictures.length, { base, about: offered.get(series) })
  )
  const more =
    page.next === undefined
      ? ''
      : html`<a class="button" rel="next" href="${listUrl(base, filter, writeCursor(page.next))}">More pictures</a>`
  const first = isFirst
    ? ''
    : html`<a class="button" rel="first" href="${listUrl(base, filter)}">Back to the newest pictures</a>`
  return html`!${sections.join('')}<nav class="more" aria-label="Pages">!${first}!${more}</nav>`
}

/** A number of pictures in words. */
export function countPictures(count: number): string {
  return count === 1 ? '1 picture' : `${count.toLocaleString('en')} pictures`
}

interface GroupOptions {
  base: string
  about: OfferedSeries | undefined
}

/** The found pictures of a series. Those of all series stand in one grid, so the cards name the series. */
function renderFound(series: string, pictures: Picture[], count: number, { base }: GroupOptions): string {
  const cards = pictures.map((picture) => renderCard(picture, base, { withSeries: true }))
  return html`<section class="group results" data-series="${series}">
<h2 class="unseen">${series}</h2>
<p class="unseen"><span class="count">${countPictures(count)}</span></p>
<ul class="grid">!${cards.join('')}</ul>
</section>
`
}

function renderGroup(
  series: string,
  pictures: Picture[],
  count: number,
  { base, about: offered }: GroupOptions
): string {
  const purpose = offered?.purpose ? html` · ${offered.purpose}` : ''
  const about = offered === undefined ? '' : `${purpose} · ${renderSeriesLink(offered, base)}`
  // Of the whole series: a section must not move when the next page adds its other pictures.
  const few = count <= FEW ? html` data-few="${count}"` : ''
  return html`<section class="group" data-series="${series}"!${few}>
<h2>${series}</h2>
<p class="about"><span class="count">${countPictures(count)}</span>!${about}</p>
<ul class="grid">!${pictures.map((picture) => renderCard(picture, base)).join('')}</ul>
</section>
`
}

function renderSeriesLink({ name, isOwn }: OfferedSeries, base: string): string {
  const url = `${base}/preview/series?name=${encodeURIComponent(name)}`
  const label = isOwn ? `Edit or hide ${name}` : `About this series: ${name}`
  return html`<a href="${url}" aria-label="${label}">${isOwn ? 'Edit or hide' : 'About this series'}</a>`
}

function renderCard(picture: Picture, base: string, { withSeries = false } = {}): string {
  const { series, address, title, width, height, modifiedMs } = picture
  const { page, thumbnail, largeThumbnail, ofWidth, version } = linksOf(picture, base)
  const size = width > 0 ? html` width="${width}" height="${height}"` : ''
  const full = width > LARGE_THUMBNAIL ? html`, ${ofWidth(FULL_WIDTH)} ${FULL_WIDTH}w` : ''
  return html`<li class="card${width > height ? ' wide' : ''}"
  data-key="${series}/${address}"
  data-version="${version}"
  data-time="${Math.floor(modifiedMs)}">
<a href="${page}">
<img src="${thumbnail}"
  srcset="${thumbnail} ${THUMBNAIL}w, ${largeThumbnail} ${LARGE_THUMBNAIL}w!${full}"
  sizes="${CARD_SIZES}"!${size}
  alt="${title || `Picture of ${address}`}"
  loading="lazy"
  decoding="async">
<strong aria-hidden="true">${title || 'Untitled'}</strong>!${withSeries ? html` <span>${series}</span>` : ''}
<code>${shownName(address)}</code>
</a>
</li>
`
}

function renderEmpty(filter: Filter, { base, offered, all, startNeedsToken }: ListOptions): string {
  const { series, text, chosen = [] } = filter
  if (series !== '' && !offered.has(series)) {
    return html`<section class="empty">
<h2>There is no series ${series}</h2>
<p><a href="${base}/preview/series">All series</a> · <a href="${base}/preview">Show all pictures</a></p>
</section>`
  }
  if (all === 0) {
    return html`<section class="empty">
<h2>There is no picture yet</h2>
!${isSearch(filter) ? html`<p><a href="${base}/preview">Open the gallery</a></p>` : renderInvitation(startNeedsToken)}
!${isAddress(text.toLowerCase()) ? renderSearchedAddress(text, base) : ''}
</section>`
  }
  const where = series === '' ? '' : ` in ${series}`
  const plain = chosen.length === 0 ? 'There is no picture' : 'Nothing matches these filters'
  const what = text === '' ? plain : `Nothing matches “${text}”`
  return html`<section class="empty">
<h2>${what}${where}</h2>
!${text === '' ? '' : renderSearchHint(text, base)}
<p><a href="${base}/preview">Show all pictures</a></p>
!${isAddress(text.toLowerCase()) ? renderSearchedAddress(text, base) : ''}
</section>`
}

/** How the first picture is made. */
function renderInvitation(startNeedsToken: boolean): string {
  const tokenless = '<p class="tokenless">A new picture needs a token. When one is made, it appears here.</p>'
  return html`!${startNeedsToken ? tokenless : ''}
<p!${startNeedsToken ? ' class="change"' : ''}>Enter any Ethereum address in the form above and press
<b>Make the picture</b>. You can watch the progress, and the finished picture appears here.</p>
<p class="script!${startNeedsToken ? ' change' : ''}">Without an address at hand, <b>Random</b> shows six with
a sketch of each: choose one.</p>`
}

/** What to do with the search that found nothing: with one for an address, as the form says it. */
function renderSearchHint(text: string, base: string): string {
  const problem = isMeantAsAddress(text) ? typedProblem(text) : ''
  if (problem !== '') return html`<p>${problem}</p>`
  return html`<p>The search finds words in titles, in names of series and in what pictures are made of, and parts of
addresses. A picture must have all of the words. What pictures are made of is listed in the
<a href="${base}/preview/filter">filter</a>.</p>`
}

/** Whether a search is for a whole address, or for the name of an account. Shorter digits are a part of an address. */
function isMeantAsAddress(text: string): boolean {
  return isAccountName(text) || MOST_OF_AN_ADDRESS.test(text.replace(/\s+/g, ''))
}

/** A search for an address finds pictures only. Its page has the sketches too. */
function renderSearchedAddress(address: string, base: string): string {
  return html`<p><a class="button" href="${base}/preview/address/${address}">See it in every series</a></p>`
}
