import { html } from 'ghtml'
import type { Picture } from '../../../lib/engine/pictures.ts'
import { LARGE_THUMBNAIL, THUMBNAIL } from '../../../lib/pictures/variants.ts'
import { linksOf, pagePath } from '../../../plugins/app/send-picture.ts'
import { avatarUrl } from '../avatar-url.ts'
import { CARD_SIZES } from '../pictures.ts'
import type { SeriesOfAddress } from './find.ts'

export interface CardOptions {
  /** `fastify.basePath`. */
  base: string
  address: string
  /** What a visitor needs to start a run. `tokens`: nobody can, because the server needs them and has none. */
  needs: 'nothing' | 'token' | 'tokens'
}

/** The images that every window shows are loaded first, the others when they come into sight. */
type Loading = 'first' | 'lazy'
const LOADING: Record<Loading, string> = { first: 'fetchpriority="high"', lazy: 'loading="lazy"' }

/** The sides of a sketch in pixels. */
const SKETCH_SIDES = [256, 512] as const

/** A series with the picture of the address, or with a sketch in its place. */
export function renderSeriesCard(series: SeriesOfAddress, options: CardOptions, loading: Loading): string {
  const { name, purpose, picture } = series
  const content =
    picture === undefined
      ? renderSketch(series, options, loading)
      : renderPicture(picture, options.base, loading)
  const version = picture === undefined ? '' : linksOf(picture, options.base).version
  return html`<li class="card${picture === undefined ? ' sketch' : ''}"
  data-series="${name}"
  data-version="${version}">
!${content}
<p class="purpose">${purpose}</p>
!${picture === undefined ? renderDraw(name, options) : ''}
</li>
`
}

function renderPicture(picture: Picture, base: string, loading: Loading): string {
  const { series, title, width, height } = picture
  const { page, thumbnail, largeThumbnail } = linksOf(picture, base)
  const size = width > 0 ? html` width="${width}" height="${height}"` : ''
  return html`<a href="${page}">
<img src="${thumbnail}"
  srcset="${thumbnail} ${THUMBNAIL}w, ${largeThumbnail} ${LARGE_THUMBNAIL}w"
  sizes="${CARD_SIZES}"!${size}
  alt=""
  !${LOADING[loading]}
  decoding="async">
<strong>${series}</strong> <span class="title">${title}</span>
</a>`
}

/** The link leads to the page of the missing picture, which says so and can make it, also without scripts. */
function renderSketch(
  { name }: SeriesOfAddress,
  { base, address, needs }: CardOptions,
  loading: Loading
): string {
  const make = needs === 'nothing' ? '<span class="button scriptless">Draw it</span>' : ''
  const url = (side: number) => avatarUrl(base, { series: name, address }, side)
  const sources = SKETCH_SIDES.map((side) => `${url(side)} ${side}w`).join(', ')
  return html`<a href="${base}${pagePath(name, address)}">
<img src="${url(SKETCH_SIDES[0])}"
  srcset="${sources}"
  sizes="${CARD_SIZES}"
  width="${SKETCH_SIDES[0]}"
  height="${SKETCH_SIDES[0]}"
  alt=""
  !${LOADING[loading]}
  decoding="async">
<span class="badge">Sketch</span>
<strong>${name}</strong>
!${make}
</a>`
}

function renderDraw(name: string, { needs }: CardOptions): string {
  if (needs === 'tokens') return ''
  const classes = `button script${needs === 'token' ? ' change' : ''}`
  return html`<div class="draw">
<button type="button" class="${classes}">Draw it<span class="unseen"> in ${name}</span></button>
</div>`
}
