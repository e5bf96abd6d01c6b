import { html } from 'ghtml'
import { FACETS, facetValuesOf } from '../../lib/dress/facets.ts'
import type { Facet } from '../../lib/dress/facets.ts'
import type { Picture } from '../../lib/engine/pictures.ts'
import type { Attribute } from '../../lib/schemas/dress.ts'
import { linksOf } from '../../plugins/app/send-picture.ts'
import { filterQuery } from './filter/links.ts'

/** Pictures that the page of a picture names as like it. */
export const SIMILAR = 6

/**
 * The links from the attributes of a dress to the pictures that share them, by the name of the attribute. The link of
 * the third colour leads to pictures with the same background.
 */
export function sharedLinks(attributes: readonly Attribute[], base: string): Map<string, string> {
  const values = facetValuesOf(attributes)
  const facets: Facet[] = FACETS.filter(({ column }) => column === 0)
  const links = new Map<string, string>()
  for (const { name, value } of attributes) {
    const found = facets
      .filter((facet) => facet.attributes.some((each) => each === name))
      .sort((a, b) => a.attributes.length - b.attributes.length)[0]
    if (found === undefined) continue
    const ofFacet = values.filter(({ facet }) => facet === found.name)
    const first = value.split(',')[0]?.trim()
    const chosen = found.name === 'backStyle' ? ofFacet[0] : ofFacet.find((each) => each.value === first)
    if (chosen === undefined) continue
    const query = filterQuery({ series: '', text: '', chosen: [chosen] })
    links.set(name, `${base}/preview?${query.toString()}`)
  }
  return links
}

/** The pictures most like another one. Their images are loaded when they come near. */
export function renderSimilar(pictures: readonly Picture[], base: string): string {
  if (pictures.length === 0) return ''
  const items = pictures.map((picture) => {
    const { address, title } = picture
    const { page, thumbnail } = linksOf(picture, base)
    const image = html`<img src="${thumbnail}" width="160" height="160" alt="" loading="lazy" decoding="async">`
    return html`<li><a href="${page}">!${image}<span>${title || `Picture of ${address}`}</span></a></li>`
  })
  return html`<section>
<h3>More like this</h3>
<ul class="similar">!${items.join('')}</ul>
</section>`
}
