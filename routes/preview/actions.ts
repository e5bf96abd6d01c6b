import { html } from 'ghtml'
import type { Picture } from '../../lib/engine/pictures.ts'
import type { Provider } from '../../lib/schemas/progress.ts'
import { isAddress } from '../../lib/storage/layout.ts'
import { linksOf } from '../../plugins/app/send-picture.ts'
import { avatarUrl } from './avatar-url.ts'

/** The side of an image on another site, in pixels. */
const EMBED_SIDE = 256

/** What the page says about changes of pictures that exist. */
export interface ChangeRules {
  /** Who would draw a picture now. */
  artist: Provider
  /** How long replaced and removed pictures are kept; 0 for ever. */
  archiveDays: number
  /** What a visitor needs to change a picture. `tokens`: the server needs them and has none, so that no visitor may. */
  needs: 'nothing' | 'token' | 'tokens'
}

/** What the buttons depend on. */
export interface ActionsView {
  /** `fastify.basePath`. */
  base: string
  picture: Picture
  /** The absolute URL of the page. */
  url: string
  /** `request.publicUrl`. */
  publicUrl: string
  /** Who drew the picture; undefined where it is not known. */
  drawer: Provider | undefined
  /** Undefined where nothing can be changed: in a frame. */
  rules: ChangeRules | undefined
  /** `hidden` and `gone`: no new picture is made in its series. `same`: the same picture would be drawn again. */
  offer: 'offered' | 'hidden' | 'gone' | 'same'
  /** Whether an earlier version of the picture is in the archive. */
  hasEarlier: boolean
}

/** An artist in a sentence. */
export const artistName = (provider: Provider) =>
  provider === 'local' ? 'the built-in artist' : 'the model provider'

/** The buttons of a picture, or why there are none. */
export function renderActions(view: ActionsView): string {
  const { base, picture, url, rules, hasEarlier } = view
  const { series, address } = picture
  const { image } = linksOf(picture, base)
  const mayChange = rules !== undefined && rules.needs !== 'tokens'
  return html`<div class="actions">
<a class="button primary" href="${image}" download="${series}-${address}.png">Download</a>
<button type="button" class="button script" data-share="${url}">Share</button>
!${isAddress(address) ? renderEmbed(view) : ''}
!${mayChange && isAddress(address) ? renderChanges(view, rules) : ''}
!${mayChange && hasEarlier ? RESTORE : ''}
</div>
!${isAddress(address) && rules !== undefined ? renderReason(view, rules) + renderOffer(view) : ''}`
}

/** The image of the address for other sites, as HTML. It follows the picture when that is made again. */
function renderEmbed({ picture, publicUrl }: ActionsView): string {
  const alt = picture.title || `Picture of ${picture.address}`
  const escaped = alt.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
  const side = `width="${EMBED_SIDE}" height="${EMBED_SIDE}"`
  const code = `<img src="${avatarUrl(publicUrl, picture, EMBED_SIDE)}" ${side} alt="${escaped}">`
  return html`<button type="button" class="button script" data-embed="${code}">Copy the embed code</button>`
}

const RESTORE = html`<button type="button"
  class="button script change"
  data-action="restore"
  data-question="The earlier picture comes back. This one moves to the archive, so you can change them back."
  >Bring back the earlier one</button>`

function renderChanges({ drawer, offer }: ActionsView, rules: ChangeRules): string {
  const kept = `This one moves to the archive of the server, which keeps it${keptFor(rules)}.`
  const redraw = `${redrawSentence(drawer, rules.artist)} ${kept}`
  const remove = `The picture moves to the archive of the server, which keeps it${keptFor(rules)}. Its prompts stay.`
  const again = html`<button type="button"
  class="button script change"
  data-action="regenerate"
  data-question="${redraw}">Make it again</button>`
  return html`!${offer === 'offered' ? again : ''}
<button type="button"
  class="button script change danger"
  data-action="remove"
  data-question="${remove}">Remove</button>`
}

/** Why the picture cannot be made again, whoever asks. */
function renderOffer({ base, picture: { series }, offer }: ActionsView): string {
  if (offer === 'offered' || offer === 'same') return ''
  if (offer === 'gone') {
    return html`<p class="hint">The series ${series} is gone, so no new picture is made in it.</p>`
  }
  const page = `${base}/preview/series?name=${encodeURIComponent(series)}`
  return html`<p class="hint">The series ${series} is hidden, so no new picture is made in it.
<a href="${page}">Show it again</a> on its page.</p>`
}

function keptFor({ archiveDays }: ChangeRules): string {
  if (archiveDays === 0) return ''
  return archiveDays === 1 ? ' for one day' : ` for ${archiveDays} days`
}

/** Who draws, and who drew the picture where that was another one. */
function redrawSentence(drawer: Provider | undefined, artist: Provider): string {
  const price = artist === 'local' ? '' : ', which costs money'
  const now = artistName(artist)
  const drewIt = drawer && artistName(drawer)
  if (drewIt === now) return `${capital(now)} draws it again${price}.`
  const earlier =
    drewIt === undefined ? 'It is not known who drew this picture.' : `${capital(drewIt)} drew this picture.`
  return `${earlier} Now ${now} would draw it${price}, and it would look different.`
}

function capital(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}`
}

/** What visitors without a token need. For the eye it is one line, which opens. */
function renderReason({ offer }: ActionsView, { needs }: ChangeRules): string {
  if (needs !== 'token') return ''
  return html`<details class="hint script tokenless">
<summary>To ${offer === 'same' ? '' : 'make it again or to '}remove it you need a token</summary>
<p>Close the picture and enter yours at the top of the page.</p>
</details>`
}

/** Why nobody can change the picture here, for the operator; empty where somebody can. */
export function closedReason({ offer, rules, picture }: ActionsView): string {
  if (rules?.needs !== 'tokens' || !isAddress(picture.address)) return ''
  return (
    `It can ${offer === 'same' ? 'not be' : 'neither be made again nor'} removed here: ` +
    'other machines reach this server, and it has no tokens. Its operator sets TB_DALLE_API_TOKENS.'
  )
}
