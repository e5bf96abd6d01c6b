import { html } from 'ghtml'
import type { Page } from '../../../lib/engine/pictures.ts'
import type { Series } from '../../../lib/schemas/series.ts'
import { linksOf, pagePath } from '../../../plugins/app/send-picture.ts'
import { avatarUrl } from '../avatar-url.ts'
import { countPictures } from '../pictures.ts'

/** The most pictures of a series on its page. */
export const SAMPLES = 6
/** The addresses of the sketches of a series without a picture. */
const ADDRESSES = [0x11, 0x22, 0x33].map((digits) => `0x${digits.toString(16).repeat(20)}`)
/** Pixels of a sketch. */
const SIDE = 256

const SAVED = html`<p class="notice" role="status">Saved. Now make a picture in it, or change it below.</p>`

export interface SamplesView {
  /** `fastify.basePath`. */
  base: string
  series: Series
  /** Its newest pictures. */
  page: Pick<Page, 'pictures' | 'total'>
  /** Whether the visitor has just made the series. */
  isNew: boolean
}

/** The newest pictures of a series, or sketches, and the way to its gallery and to a new picture. */
export function renderSamples({ base, series, page, isNew }: SamplesView): string {
  const { suffix: name, deleted: isHidden = false } = series
  if (isHidden) return ''
  const { pictures, total } = page
  const gallery = `${base}/preview?series=${encodeURIComponent(name)}`
  const images = total > 0 ? pictures.map((each) => renderPicture(each, base)) : renderSketches(name, base)
  const about = total > 0 ? 'Its newest pictures' : 'There is no picture in it yet. These are sketches.'
  const all = html`<a href="${gallery}#pictures">See its ${countPictures(total)}</a>`
  return html`!${isNew ? SAVED : ''}
<section class="samples-of" aria-labelledby="samples-title">
<h2 id="samples-title">${about}</h2>
<ul>!${images.join('')}</ul>
<p class="actions"><a class="button" href="${gallery}#address">Make a picture in it</a>
!${total > 0 ? all : ''}</p>
</section>`
}

function renderPicture(picture: SamplesView['page']['pictures'][number], base: string): string {
  const { page, thumbnail } = linksOf(picture, base)
  const { title, address, width, height } = picture
  const size = width > 0 ? html` width="${width}" height="${height}"` : ''
  return html`<li><a href="${page}"><img src="${thumbnail}"!${size}
  alt="${title || address}"
  decoding="async"></a></li>`
}

function renderSketches(name: string, base: string): string[] {
  return ADDRESSES.map(
    (address) => html`<li><a href="${base}${pagePath(name, address)}"><img
  src="${avatarUrl(base, { series: name, address }, SIDE)}"
  width="${SIDE}"
  height="${SIDE}"
  alt="A sketch for ${address}"
  decoding="async"></a></li>`
  )
}
