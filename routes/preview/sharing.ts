import { html } from 'ghtml'
import { CARD } from '../../lib/image/card.ts'
import type { Picture } from '../../lib/engine/pictures.ts'
import type { DalleDress } from '../../lib/schemas/dress.ts'
import type { Provider } from '../../lib/schemas/progress.ts'
import { linksOf } from '../../plugins/app/send-picture.ts'
import { artistName } from './actions.ts'

/** The title and the description of the gallery. */
export const TITLE = 'dalleserver gallery'
export const DESCRIPTION =
  'One picture for every Ethereum address: make yours, watch its progress, and browse all of them.'

/** What other sites and search engines read of a page. All URLs are absolute. */
export interface Sharing {
  /** The URL of the page, without what does not matter in it. */
  url: string
  title: string
  description: string
  /** The image beside a link; undefined for none. */
  card: { url: string; alt: string } | undefined
  /** What the page shows, in the words of schema.org; undefined for none. */
  data: object | undefined
}

export interface SharedPicture {
  picture: Picture
  dress: DalleDress
  drawer: Provider | undefined
  name: string
  /** Whether the description may contain a prompt. */
  withPrompts: boolean
  /** `request.publicUrl`. */
  publicUrl: string
}

/** The URL of the card of a picture. @param base the beginning of all URLs of the service */
export function cardUrl(picture: Picture, base: string): string {
  const { page, version } = linksOf(picture, base)
  return `${page}/card.png?v=${version}`
}

/** What other sites read of the page of a picture. */
export function sharePicture(shared: SharedPicture): Sharing {
  const { picture, dress, drawer, name, withPrompts, publicUrl } = shared
  const { series, address, width, height, modifiedMs } = picture
  const { image, page, thumbnail } = linksOf(picture, publicUrl)
  const caption = withPrompts ? dress.tersePrompt : ''
  const origin = `The picture of ${address} in the series ${series}.`
  const description = caption === '' ? origin : caption
  return {
    url: page,
    title: name,
    description,
    card: { url: cardUrl(picture, publicUrl), alt: description },
    data: {
      '@context': 'https://schema.org',
      '@type': 'ImageObject',
      name,
      description,
      ...(caption !== '' && { caption }),
      url: page,
      contentUrl: image,
      thumbnailUrl: thumbnail,
      encodingFormat: 'image/png',
      ...(width > 0 && { width: `${width} px`, height: `${height} px` }),
      dateModified: new Date(modifiedMs).toISOString(),
      identifier: address,
      isPartOf: { '@type': 'ImageGallery', name: series, url: seriesUrl(publicUrl, series) },
      ...(drawer !== undefined && { creditText: artistName(drawer) })
    }
  }
}

interface SharedList {
  publicUrl: string
  /** The path and the query of the list, below the URL of the service. */
  path: string
  newest: Picture | undefined
}

/** What other sites read of a list. The card is that of the newest picture. */
export function shareList({ publicUrl, path, newest }: SharedList): Sharing {
  const card = newest && {
    url: cardUrl(newest, publicUrl),
    alt: newest.title || `The picture of ${newest.address}`
  }
  return { url: publicUrl + path, title: TITLE, description: DESCRIPTION, card, data: undefined }
}

function seriesUrl(publicUrl: string, series: string): string {
  return `${publicUrl}/preview?series=${encodeURIComponent(series)}`
}

/** The part of the head of a page that other sites and search engines read. */
export function renderSharing({ url, title, description, card, data }: Sharing): string {
  const properties = {
    'og:type': 'website',
    'og:site_name': 'dalleserver',
    'og:url': url,
    'og:title': title,
    'og:description': description,
    ...(card !== undefined && {
      'og:image': card.url,
      'og:image:type': 'image/png',
      'og:image:width': String(CARD.width),
      'og:image:height': String(CARD.height),
      'og:image:alt': card.alt
    })
  }
  const names = {
    'twitter:card': card === undefined ? 'summary' : 'summary_large_image',
    'twitter:title': title,
    'twitter:description': description,
    ...(card !== undefined && { 'twitter:image': card.url, 'twitter:image:alt': card.alt })
  }
  const lines = [
    html`<link rel="canonical" href="${url}">`,
    ...Object.entries(properties).map(([key, value]) => html`<meta property="${key}" content="${value}">`),
    ...Object.entries(names).map(([key, value]) => html`<meta name="${key}" content="${value}">`)
  ]
  if (data !== undefined) lines.push(`<script type="application/ld+json">${scriptJson(data)}</script>`)
  return lines.join('\n')
}

/**
 * JSON inside a script element, where no text of it may end the element or begin a comment. Such a script holds data
 * and does not run, so the content security policy has nothing to say about it.
 */
function scriptJson(data: object): string {
  return JSON.stringify(data).replaceAll('<', String.raw`\u003c`)
}
