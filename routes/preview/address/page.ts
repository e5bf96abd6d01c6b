import { html } from 'ghtml'
import { checksumAddress } from '../../../lib/checksum.ts'
import { SEARCH_CHARACTERS_MAX } from '../../../lib/engine/pictures.ts'
import type { Provider } from '../../../lib/schemas/progress.ts'
import { artistName } from '../actions.ts'
import type { Assets } from '../assets.ts'
import { renderExplorer } from '../detail.ts'
import { renderHead, renderPageBar, renderTokenForm } from '../head.ts'
import { groupByFamily } from '../series/families.ts'
import type { Family } from '../series/families.ts'
import { DESCRIPTION, cardUrl } from '../sharing.ts'
import type { Sharing } from '../sharing.ts'
import { renderSeriesCard } from './cards.ts'
import type { CardOptions } from './cards.ts'
import type { SeriesOfAddress } from './find.ts'

export interface AddressView extends Omit<CardOptions, 'base'> {
  series: SeriesOfAddress[]
  /** Who would draw a picture now. */
  artist: Provider
  assets: Assets
  /** Of the gallery, so that the page knows which changes it shows. */
  revision: number
  /** `config.explorerUrl`. */
  explorer: string | undefined
  /** `request.publicUrl`. */
  publicUrl: string
  /** The address as the visitor wrote it. */
  typed: string
  /** What is wrong with its checksum; empty if nothing is. */
  problem: string
}

const STYLES = ['gallery.css', 'picture.css', 'series.css', 'address.css']
/** Cards in a row of a phone. */
const FIRST = 2

/** The page of a text that is no address. */
export interface WrongAddressView {
  assets: Assets
  /** As the visitor typed it. */
  typed: string
  problem: string
}

interface Group extends Pick<Family<SeriesOfAddress>, 'heading' | 'members'> {
  id: string
}

/** One address in every series as HTML. It works without scripts, but for the buttons that draw. */
export function renderAddressPage(view: AddressView): string {
  const { address, assets, needs, revision, series } = view
  const groups = groupsOf(series)
  const head = {
    title: `${titleOf(address)} – dalleserver`,
    description: DESCRIPTION,
    assets,
    styles: STYLES,
    script: 'address.js',
    sharing: shareAddress(view)
  }
  return html`<!doctype html>
<html lang="en">
!${renderHead(head)}
<body data-address="${address}" data-revision="${revision}"!${needs === 'token' ? ' data-token="missing"' : ''}>
<a class="skip" href="#content">Skip to the content</a>
!${renderPageBar(assets)}
<main id="content" class="series-page address-page" tabindex="-1">
!${renderTop(view)}
<nav id="families" class="chips" aria-label="Families of series">!${renderChips(groups)}</nav>
!${groups.map((group, index) => renderGroup(group, view, index === 0 ? FIRST : 0)).join('')}
</main>
<p id="announced" class="unseen" role="status"></p>
<div id="toasts" role="status"></div>
</body>
</html>
`
}

const titleOf = (address: string) => `${checksumAddress(address)} in every series`
const countDrawn = (series: SeriesOfAddress[]) => series.filter(({ picture }) => picture !== undefined).length

/** What other sites read of the page. The card is that of the newest picture. */
function shareAddress({ address, series, publicUrl }: AddressView): Sharing {
  const [newest] = series.flatMap(({ picture }) => picture ?? []).sort((a, b) => b.modifiedMs - a.modifiedMs)
  const card = newest && {
    url: cardUrl(newest, publicUrl),
    alt: newest.title || `The picture of ${address}`
  }
  return {
    url: `${publicUrl}/preview/address/${address}`,
    title: titleOf(address),
    description: `One Ethereum address side by side: ${sentenceOf(series)}`,
    card,
    data: undefined
  }
}

function sentenceOf(series: SeriesOfAddress[]): string {
  const drawn = countDrawn(series)
  return `${drawn} of ${series.length} pictures ${drawn === 1 ? 'is' : 'are'} drawn.`
}

function groupsOf(series: SeriesOfAddress[]): Group[] {
  const offered = series.filter(({ isOffered }) => isOffered)
  const families = groupByFamily(offered, ({ family }) => family)
  const groups = families.map(({ family: id, heading, members }) => ({ id, heading, members }))
  const former = series.filter(({ isOffered }) => !isOffered)
  return [...groups, { id: 'former', heading: 'Not offered any more', members: former }].filter(
    ({ members }) => members.length > 0
  )
}

/** What is to be said of the series without a picture; empty where there is none. */
function describeSketches({ series, artist }: AddressView): string {
  const drawn = countDrawn(series)
  if (drawn === series.length) return ''
  const which = drawn === 0 ? 'All are sketches' : 'The others are sketches'
  const price = artist === 'local' ? '' : ` Now ${artistName(artist)} would draw them, which costs money.`
  return `${which} until somebody draws them.${price}`
}

function renderTop(view: AddressView): string {
  const { address, series, needs, assets, explorer, problem } = view
  return html`!${problem === '' ? '' : renderDoubt(view)}
<div class="top">
<div>
<h1>One address in every series</h1>
<p class="address">
<code id="shown-address">${checksumAddress(address)}</code>
<span class="links">
<button type="button" class="quiet script" data-copy="shown-address">Copy</button>
!${renderExplorer(explorer, address)}
</span>
</p>
<p id="drawn" class="lead">${sentenceOf(series)} ${describeSketches(view)}</p>
</div>
!${renderOther({ label: 'Another address', assets, typed: problem && view.typed, problem })}
</div>
!${needs === 'token' ? renderTokenForm('draw pictures') : needs === 'tokens' ? NO_TOKENS : ''}`
}

/** A wrong checksum. Nothing can be made here until the visitor uses the address anyway. */
function renderDoubt({ address, typed, problem, assets }: AddressView): string {
  return html`<p class="notice" role="alert">${typed}: ${problem}
<a class="button" href="${assets.base}/preview/address/${address}">Use it anyway</a></p>`
}

function renderOther({ label, assets, typed, problem }: WrongAddressView & { label: string }): string {
  const invalid = problem === '' ? '' : ' aria-invalid="true" aria-describedby="other-hint"'
  return html`<form class="other" action="${assets.base}/preview/address" method="get">
<label for="other-address">${label}</label>
<input id="other-address"
  name="address"
  value="${typed}"
  placeholder="0x…"
  autocomplete="off"
  autocapitalize="off"
  spellcheck="false"
  maxlength="${SEARCH_CHARACTERS_MAX}"!${invalid}
  required>
<button class="button">Show it</button>
!${problem === '' ? '' : html`<p id="other-hint" class="hint" data-state="wrong">${problem}</p>`}
</form>`
}

/** The form again, with what the visitor typed and what is wrong with it. */
export function renderWrongAddress(view: WrongAddressView): string {
  const { assets } = view
  const head = {
    title: 'Not an address – dalleserver',
    description: DESCRIPTION,
    assets,
    styles: STYLES,
    script: 'series.js'
  }
  return html`<!doctype html>
<html lang="en">
!${renderHead(head)}
<body>
<a class="skip" href="#content">Skip to the content</a>
!${renderPageBar(assets)}
<main id="content" class="series-page address-page" tabindex="-1">
<h1>One address in every series</h1>
!${renderOther({ label: 'Ethereum address', ...view })}
<p><a href="${assets.base}/preview">Open the gallery</a></p>
</main>
<div id="toasts" role="status"></div>
</body>
</html>
`
}

const NO_TOKENS = html`<p class="notice">Pictures cannot be drawn here: other machines reach this server, and it has no
tokens. Its operator sets TB_DALLE_API_TOKENS.</p>`

function renderChips(groups: Group[]): string {
  const chips = groups.map(({ id, heading, members }) => {
    const count = `${countDrawn(members)} of ${members.length}`
    return html`<li><a href="#${id}">${heading} <small>${count}</small></a></li>`
  })
  return html`<ul>!${chips.join('')}</ul>`
}

/** @param first how many images are loaded first */
function renderGroup({ id, heading, members }: Group, view: AddressView, first: number): string {
  // While the checksum is in doubt, cards have no buttons.
  const needs = view.problem === '' ? view.needs : 'tokens'
  const options = { address: view.address, needs, base: view.assets.base } as const
  const cards = members.map((each, index) =>
    renderSeriesCard(each, options, index < first ? 'first' : 'lazy')
  )
  return html`<section id="${id}" class="family" aria-labelledby="${id}-title">
<h2 id="${id}-title">${heading}</h2>
<ul class="grid">!${cards.join('')}</ul>
</section>
`
}
