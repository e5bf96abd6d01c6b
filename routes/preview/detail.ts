import { html } from 'ghtml'
import { checksumAddress } from '../../lib/checksum.ts'
import type { Picture } from '../../lib/pictures/gallery.ts'
import type { Attribute, DalleDress } from '../../lib/schemas/dress.ts'
import { linksOf } from './links.ts'

interface DetailView {
  picture: Picture
  dress: DalleDress
  newer: Picture | undefined
  older: Picture | undefined
}

const LABEL: Record<string, string> = {
  adverb: 'Adverb',
  adjective: 'Adjective',
  noun: 'Noun',
  emotion: 'Emotion',
  occupation: 'Occupation',
  action: 'Action',
  artStyle1: 'Art style',
  artStyle2: 'with a trace of',
  litStyle: 'Literary style',
  color1: 'Colour',
  color2: 'Second colour',
  color3: 'Background',
  viewpoint: 'Viewpoint',
  gaze: 'Gaze',
  composition: 'Composition',
  place: 'Place',
  trope: 'Trope',
  backStyle: 'Backdrop'
}

const COLOUR = /#[0-9a-f]{6}/i

/** What a picture is called: its title, else its address. */
export function nameOf({ picture, dress }: Pick<DetailView, 'picture' | 'dress'>): string {
  return picture.title || dress.titlePrompt || `Picture of ${checksumAddress(picture.address)}`
}

/** All that is known of one picture. */
export function renderDetail({ picture, dress, newer, older }: DetailView): string {
  const { series, address, width, height } = picture
  const { image, page, picture: url } = linksOf(picture)
  const checksum = checksumAddress(address)
  const name = nameOf({ picture, dress })
  const size = width > 0 ? html` width="${width}" height="${height}"` : ''
  return html`<article class="detail" data-key="${series}/${address}" data-picture="${url}" data-page="${page}">
<a class="plate" href="${image}"><img src="${image}"!${size} alt="${dress.tersePrompt || name}"></a>
<div class="facts">
<p class="series"><a href="/preview?series=${encodeURIComponent(series)}">${series}</a></p>
<h2 id="detail-title" tabindex="-1">${name}</h2>
<p class="address"><code id="detail-address">${checksum}</code> <button type="button" class="quiet script" data-copy="detail-address">Copy</button></p>
<div class="actions"><a class="button primary" href="${image}" download="${series}-${address}.png">Download</a><button type="button" class="button script change" data-action="regenerate">Make anew</button><button type="button" class="button script change danger" data-action="remove">Remove</button></div>
<p class="outcome" role="status"></p>
!${renderAttributes(dress.attributes)}
!${renderPrompts(dress)}
!${renderFacts(picture, dress)}
</div>
<nav class="beside" aria-label="Pictures beside this one">!${newer === undefined ? '' : html`<a rel="prev" href="${linksOf(newer).page}">Newer</a>`}!${older === undefined ? '' : html`<a rel="next" href="${linksOf(older).page}">Older</a>`}</nav>
</article>`
}

function renderAttributes(attributes: Attribute[]): string {
  if (attributes.length === 0) return ''
  return html`<section><h3>What it is made of</h3><dl class="attributes">!${attributes.map(renderAttribute).join('')}</dl></section>`
}

function renderAttribute({ name, value }: Attribute): string {
  const [first = '', ...rest] = value.split(',').map((part) => part.trim())
  const colour = COLOUR.exec(value)?.[0]
  const swatch =
    colour === undefined
      ? ''
      : html`<svg viewBox="0 0 10 10" width="14" height="14" aria-hidden="true"><circle cx="5" cy="5" r="5" fill="${colour}"/></svg> `
  const gloss = rest.filter((part) => part !== '').join(', ')
  return html`<div><dt>${LABEL[name] ?? name}</dt><dd>!${swatch}<b>${first}</b>!${gloss === '' ? '' : html` <span>${gloss}</span>`}</dd></div>`
}

function renderPrompts({ prompt, tersePrompt, titlePrompt, enhancedPrompt, dataPrompt }: DalleDress): string {
  const prompts = Object.entries({
    Title: titlePrompt,
    Short: tersePrompt,
    Full: prompt,
    Enhanced: enhancedPrompt,
    Data: dataPrompt
  }).filter(([, text]) => text !== '')
  if (prompts.length === 0) return ''
  return html`<section><h3>Prompts</h3>!${prompts.map(([name, text]) => html`<details class="prompt"!${name === 'Short' ? ' open' : ''}><summary>${name}</summary><pre id="prompt-${name}" tabindex="0">${text}</pre><button type="button" class="quiet script" data-copy="prompt-${name}">Copy the ${name.toLowerCase()} prompt</button></details>`).join('')}</section>`
}

function renderFacts(
  { width, height, bytes, modifiedMs, series, address }: Picture,
  { seed, databaseVersion, downloadMode }: DalleDress
): string {
  const made = new Date(modifiedMs)
  const facts = Object.entries({
    Made: html`<time datetime="${made.toISOString()}">${made.toISOString().slice(0, 16).replace('T', ' ')} UTC</time>`,
    Size: html`${width} × ${height} pixels, ${(bytes / 1000).toFixed(0)} KB`,
    'Drawn by':
      downloadMode === 'local' ? 'the built-in artist' : downloadMode === '' ? '' : 'the model provider',
    Databases: html`${databaseVersion}`,
    Seed: html`<code>${seed}</code>`,
    Files: html`<a href="/files/${encodeURIComponent(series)}/selector/${address}.json">dress as JSON</a>, <a href="/files/${encodeURIComponent(series)}/generated/${address}.png">without caption</a>`
  }).filter(([, value]) => value !== '')
  return html`<section><h3>About the file</h3><dl class="about-file">!${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>!${value}</dd></div>`).join('')}</dl></section>`
}
