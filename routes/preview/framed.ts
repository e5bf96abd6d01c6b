import { html } from 'ghtml'
import type { FastifyRequest } from 'fastify'
import type { Assets } from './assets.ts'
import { nameOf, renderDetail } from './detail.ts'
import type { DetailView } from './detail.ts'
import { renderBrand, renderHead } from './head.ts'
import type { Sharing } from './sharing.ts'

interface FramedPage {
  series: string
  address: string
  /** Undefined if there is no such picture. */
  view?: DetailView | undefined
  sharing?: Sharing | undefined
  assets: Assets
}

/**
 * Whether a page may be shown in a frame. Browsers send `Sec-Fetch-Dest` to trustworthy URLs (https, loopback). To
 * others they send nothing, so that a frame and a window look the same.
 */
export function mayBeFramed({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-dest'] !== 'document'
}

/**
 * The page of a picture for frames. The site around a frame can make visitors click in it without their knowing, so the
 * page has no script, no form and no button that changes something. Its links open in a window of their own.
 */
export function renderFramedPage({ series, address, view, sharing, assets }: FramedPage): string {
  const head = {
    title: `${view === undefined ? 'No picture' : nameOf(view)} – dalleserver`,
    description: 'One picture for every Ethereum address.',
    assets,
    styles: ['gallery.css', 'picture.css'],
    script: undefined,
    sharing: sharing && { ...sharing, data: undefined }
  }
  const content =
    view === undefined
      ? html`<p class="notice">There is no picture of ${address} in ${series}.
<a href="${assets.base}/preview">Open the gallery</a></p>`
      : renderDetail({ ...view, rules: undefined })
  return html`<!doctype html>
<html lang="en">
!${renderHead(head)}
<body>
<main>
!${content}
</main>
<footer><p>!${renderBrand(assets)}</p></footer>
</body>
</html>
`
}
