import { html } from 'ghtml'
import { avatarUrl } from '../avatar-url.ts'
import type { OfferedSeries } from '../view.ts'
import { groupByFamily } from './families.ts'

export interface ChoiceView {
  /** `fastify.basePath`. */
  base: string
  series: OfferedSeries[]
  /** The address whose picture, or sketch, stands for each series. */
  address: string
}

/** Pixels of a sample in CSS. */
const SIDE = 96

/** What the chooser of the gallery shows: all series by family, with a sample picture of each. */
export function renderChoice({ base, series, address }: ChoiceView): string {
  const families = groupByFamily(series, ({ family }) => family).filter(({ members }) => members.length > 0)
  const sections = families.map(({ family, heading, members }) => {
    const items = members.map((each) => html`<li>!${renderItem(each, address, base)}</li>`)
    return html`<section class="family" aria-labelledby="choice-${family}">
<h3 id="choice-${family}">${heading}</h3>
<ul>!${items.join('')}</ul>
</section>`
  })
  return sections.join('')
}

function renderItem({ name, purpose }: OfferedSeries, address: string, base: string): string {
  const url = (side: number) => avatarUrl(base, { series: name, address }, side)
  return html`<button type="button" class="choice" data-series="${name}" data-purpose="${purpose}">
<img src="${url(SIDE)}"
  srcset="${url(SIDE)} 1x, ${url(2 * SIDE)} 2x"
  width="${SIDE}"
  height="${SIDE}"
  alt=""
  loading="lazy"
  decoding="async">
<span><b>${name}</b> <small>${purpose}</small></span>
</button>`
}
