import type { Anatomy } from '../anatomy.ts'
import type { Pen } from '../pen.ts'
import { group, n } from '../svg.ts'
import { match } from '../traits.ts'
import type { Trait } from '../traits.ts'
import { GARMENT_WORDS, GARMENTS } from './garments.ts'
import { HAT_WORDS, HATS } from './hats.ts'
import { TOOL_WORDS, TOOLS } from './tools.ts'

export const CATALOGUE = {
  garments: Object.keys(GARMENTS),
  hats: Object.keys(HATS),
  tools: Object.keys(TOOLS)
}

/** Garments that need a neck only. */
const BANDS = ['scarf', 'bowTie', 'kerchief', 'ruff']

/** What an occupation is known by, by the words of its row. @param hasTorso whether there is something to put a garment on */
export function outfitOf(
  occupation: Trait,
  hasTorso: boolean
): { garment: string; hat: string; tool: string } {
  const garment = match(occupation, GARMENT_WORDS, [
    'apron',
    'vest',
    'scarf',
    'kerchief',
    'coat',
    'bowTie',
    'overalls'
  ])
  return {
    garment: hasTorso || BANDS.includes(garment) ? garment : occupation.random().pick(BANDS.slice(0, 3)),
    hat: match(occupation, HAT_WORDS, ['flatCap', 'bowler', 'beret', 'kerchief', 'beanie']),
    tool: match(occupation, TOOL_WORDS, ['basket', 'book', 'brush', 'bell', 'suitcase', 'scroll'])
  }
}

/** Clothes under the head, the hat on it, and the tool in the hand. */
export function dressUp(
  pen: Pen,
  occupation: Trait,
  { neck, torso, crown, hands }: Anatomy,
  hand: 0 | 1
): { garment: string; hat: string; tool: string } {
  if (occupation.name === '') return { garment: '', hat: '', tool: '' }
  const { garment, hat, tool } = outfitOf(occupation, torso !== undefined)
  const [x, y] = hands[hand]
  return {
    garment: neck.width === 0 ? '' : GARMENTS[garment]!(pen, neck, torso),
    hat: group(
      HATS[hat]!(pen, Math.max(130, crown.width)),
      `translate(${n(crown.x)} ${n(crown.y - crown.width * 0.06)}) ` +
        `rotate(${n(occupation.random().between(-7, 7))})`
    ),
    tool: group(
      TOOLS[tool]!(pen),
      `translate(${n(x)} ${n(y)}) rotate(${hand === 0 ? '-14) scale(-1 1' : '14'}) scale(0.94)`
    )
  }
}
