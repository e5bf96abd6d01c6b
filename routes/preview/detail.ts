import { html } from 'ghtml'
import { shownName } from '../../lib/checksum.ts'
import { spokenColor } from '../../lib/dress/language.ts'
import { labelOf } from '../../lib/dress/traits.ts'
import type { Picture } from '../../lib/engine/pictures.ts'
import type { Attribute, DalleDress } from '../../lib/schemas/dress.ts'
import { LARGE_THUMBNAIL, THUMBNAIL } from '../../lib/pictures/variants.ts'
import { isAddress } from '../../lib/storage/layout.ts'
import { linksOf } from '../../plugins/app/send-picture.ts'
import { artistName, closedReason, renderActions } from './actions.ts'
import type { ActionsView } from './actions.ts'
import { FULL_WIDTH } from './pictures.ts'
import { renderSimilar, sharedLinks } from './similar.ts'

export interface DetailView extends ActionsView {
  dress: DalleDress
  newer: Picture | undefined
  older: Picture | undefined
  /** The pictures most like it. */
  similar: readonly Picture[]
  /** The files that are there besides the picture: a picture of another server may have none. */
  files: { selector: boolean; drawing: boolean }
  /** `config.explorerUrl`. */
  explorer: string | undefined
}

/**
 * The widths in which the picture is offered, as WebP where the browser takes it: an AVIF takes six times as long to
 * make. The first three are those of the list.
 */
const PLATE_WIDTHS = [THUMBNAIL, LARGE_THUMBNAIL, FULL_WIDTH, 1536] as const
/** The width of the picture in CSS: of the window, or of a part of the dialog. */
const PLATE_SIZES = '(max-width: 56rem) calc(100vw - 2rem), min(50vw, 38rem)'

const COLOUR = /#[0-9a-f]{6}/i
const COLOUR_ATTRIBUTE = /^color\d$/

/** The name of a picture: its title, else its address. */
export function nameOf({ picture, dress }: Pick<DetailView, 'picture' | 'dress'>): string {
  return picture.title || dress.titlePrompt || `Picture of ${shownName(picture.address)}`
}

/** The details of one picture as HTML. */
export function renderDetail(view: DetailView): string {
  const { base, picture, dress, explorer } = view
  const { series, address, width, height } = picture
  const { image, page, picture: url, ofWidth } = linksOf(picture, base)
  const sources = PLATE_WIDTHS.map((each) => `${ofWidth(each)} ${each}w`).join(', ')
  const name = nameOf(view)
  const links = isAddress(address) ? renderExplorer(explorer, address) + renderInEvery(address, base) : ''
  const size = width > 0 ? html` width="${width}" height="${height}"` : ''
  return html`<article class="detail"
  data-key="${series}/${address}"
  data-picture="${url}"
  data-page="${page}">
<a class="plate" href="${image}"><img src="${image}"
  srcset="${sources}"
  sizes="${PLATE_SIZES}"!${size}
  alt="${dress.tersePrompt || name}"
  fetchpriority="high"></a>
<div class="facts">
<p class="series"><a href="${base}/preview?series=${encodeURIComponent(series)}">${series}</a></p>
<h2 id="detail-title" tabindex="-1">!${renderName(view)}</h2>
<p class="address">
<code id="detail-address">${shownName(address)}</code>
<span class="links">
<button type="button" class="quiet script" data-copy="detail-address">Copy</button>
!${links}
</span>
</p>
!${renderActions(view)}
<p class="outcome" role="status"></p>
!${renderAttributes(dress.attributes, base)}
!${renderPrompts(dress)}
!${renderFile(view)}
!${renderSimilar(view.similar, base)}
</div>
!${renderNeighbours(view)}
</article>`
}

/** The name as a heading. An address as a name is shown in short, for the eye only. */
function renderName(view: DetailView): string {
  const name = nameOf(view)
  const address = shownName(view.picture.address)
  if (!isAddress(view.picture.address) || !name.endsWith(` ${address}`)) return html`${name}`
  const begin = name.slice(0, -address.length)
  const [head, middle, tail] = [address.slice(0, 8), address.slice(8, -6), address.slice(-6)]
  return html`${begin}${head}<span class="middle">${middle}</span>${tail}`
}

/**
 * A page of another site about the address, in a window of its own: the picture stays open.
 * @param explorer the beginning of its URL; undefined for no link
 */
export function renderExplorer(explorer: string | undefined, address: string): string {
  if (explorer === undefined) return ''
  const url = `${explorer}${shownName(address)}`
  const { host } = new URL(explorer)
  const name = host === 'etherscan.io' ? 'Etherscan' : host
  const where = '<span class="unseen"> (another site, in a new window)</span>'
  return html`<a class="quiet" href="${url}" target="_blank" rel="noopener noreferrer">${name}!${where}</a>`
}

function renderAttributes(attributes: Attribute[], base: string): string {
  if (attributes.length === 0) return html`<section><h3>Attributes</h3><p>Not known</p></section>`
  const links = sharedLinks(attributes, base)
  const rows = attributes.map((attribute) => renderAttribute(attribute, links.get(attribute.name)))
  return html`<section>
<h3>Attributes</h3>
<dl class="attributes">!${rows.join('')}</dl>
</section>`
}

/** @param link to the pictures that share it */
function renderAttribute({ name, value }: Attribute, link: string | undefined): string {
  const [first = '', ...rest] = value.split(',').map((part) => part.trim())
  const spoken = COLOUR_ATTRIBUTE.test(name) ? spokenColor(first) : first
  const colour = COLOUR.exec(value)?.[0]
  const swatch = colour === undefined ? '' : `${renderSwatch(colour)} `
  const explanation = rest.filter((part) => part !== '').join(', ')
  const more = explanation === '' ? '' : html` <span>${explanation}</span>`
  const shown = link === undefined ? html`${spoken}` : html`<a href="${link}">${spoken}</a>`
  return html`<div><dt>${labelOf(name)}</dt><dd>!${swatch}<b>!${shown}</b>!${more}</dd></div>`
}

function renderSwatch(colour: string): string {
  return html`<svg viewBox="0 0 10 10" width="14" height="14" aria-hidden="true">
<circle cx="5" cy="5" r="4.6" fill="${colour}" stroke="currentColor" stroke-opacity="0.4" stroke-width="0.7"/>
</svg>`
}

function renderPrompts({ prompt, tersePrompt, titlePrompt, enhancedPrompt, dataPrompt }: DalleDress): string {
  const prompts = Object.entries({
    Title: titlePrompt,
    Short: tersePrompt,
    Full: prompt,
    Enhanced: enhancedPrompt,
    Data: dataPrompt
  }).filter(([, text]) => text !== '')
  if (prompts.length === 0) return html`<section><h3>Prompts</h3><p>Not known</p></section>`
  const parts = prompts.map(([name, text]) => renderPrompt(name, text))
  return html`<section><h3>Prompts</h3>!${parts.join('')}</section>`
}

function renderPrompt(name: string, text: string): string {
  const id = `prompt-${name}`
  const label = `Copy the ${name.toLowerCase()} prompt`
  return html`<details class="prompt"!${name === 'Short' ? ' open' : ''}>
<summary>${name}</summary>
<pre id="${id}" tabindex="0">${text}</pre>
<button type="button" class="quiet script" data-copy="${id}">${label}</button>
</details>`
}

function renderFile(view: DetailView): string {
  const { base, picture, dress, drawer, files } = view
  const { width, height, bytes, modifiedMs, series, address } = picture
  const { seed, databaseVersion } = dress
  const time = new Date(modifiedMs).toISOString()
  const folder = `${base}/files/${encodeURIComponent(series)}`
  const name = encodeURIComponent(address)
  const links = [
    files.selector && html`<a href="${folder}/selector/${name}.json">dress as JSON</a>`,
    files.drawing && html`<a href="${folder}/generated/${name}.png">without caption</a>`
  ]
  const facts = Object.entries({
    Made: html`<time datetime="${time}">${time.slice(0, 16).replace('T', ' ')} UTC</time>`,
    Size: html`${width} × ${height} pixels, ${(bytes / 1000).toFixed(0)} KB`,
    'Drawn by': drawer === undefined ? 'not known' : artistName(drawer),
    Databases: html`${databaseVersion || 'not known'}`,
    Seed: html`<code>${seed}</code>`,
    Files: links.filter((link) => link !== false).join(', '),
    Changes: html`${closedReason(view)}`
  }).filter(([, value]) => value !== '')
  const rows = facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>!${value}</dd></div>`)
  return html`<section>
<h3>About the file</h3>
<dl class="about-file">!${rows.join('')}</dl>
</section>`
}

function renderNeighbours({ base, newer, older }: DetailView): string {
  const link = (picture: Picture | undefined, rel: string, label: string) =>
    picture === undefined ? '' : html`<a rel="${rel}" href="${linksOf(picture, base).page}">${label}</a>`
  const previous = link(newer, 'prev', 'Newer')
  const next = link(older, 'next', 'Older')
  return html`<nav class="beside" aria-label="Neighbouring pictures">!${previous}!${next}</nav>`
}

/** The same address in the other series. */
function renderInEvery(address: string, base: string): string {
  return html` <a class="quiet" href="${base}/preview/address/${address}">In every series</a>`
}
