import { FRAME } from './frame.ts'
import type { PaletteRule } from './palette.ts'
import type { Pen } from './pen.ts'
import { repeat } from './repeat.ts'
import type { Box } from './small/outline.ts'
import { ellipse, n, path, polar, polygon } from './svg.ts'
import type { Traits } from './traits.ts'

const RARITIES = ['giant', 'moon', 'confetti', 'gold', 'rain', 'swarm', 'flood', 'spotlight'] as const

/** What makes a few pictures one of their kind. */
export type Rarity = (typeof RARITIES)[number]

/** The share of pictures that have one. */
const SHARE = 1 / 14

/** The rarity of a picture. Most have none. */
export function rarityOf(traits: Traits): Rarity | undefined {
  const random = traits.random('rarity')
  return random.chance(SHARE) ? random.pick(RARITIES) : undefined
}

/** The rule of colours of a picture with a rarity. */
export function rareRule(rule: PaletteRule, rarity: Rarity | undefined): PaletteRule {
  if (rarity === 'moon' || rarity === 'spotlight') return { ...rule, grounds: ['dark'] }
  if (rarity === 'gold') return { ...rule, grounds: ['mid'], back: { h: 86, share: 1 }, chroma: 1.2 }
  return rule
}

/** What a rarity adds behind the figure. */
export function drawRareBack(pen: Pen, rarity: Rarity | undefined, x: number): string {
  if (rarity === 'moon') return pen.flat(ellipse(x, 400, 370), pen.palette.isNight ? 'bodyLight' : 'paper')
  if (rarity === 'gold') {
    return pen.flat(
      repeat(40, (index) => {
        const [ax, ay] = polar(x, 430, 1300, index * 9)
        const [bx, by] = polar(x, 430, 1300, index * 9 + 4.5)
        return path`M${x} 430L${ax} ${ay}L${bx} ${by}Z`
      }),
      'skyLow',
      0.7
    )
  }
  if (rarity === 'spotlight') {
    return pen.flat(`M${n(x - 60)} -20H${n(x + 60)}L${n(x + 400)} ${FRAME + 20}H${n(x - 400)}Z`, 'skyLow')
  }
  return ''
}

/** The colours of confetti. */
const CONFETTI = ['accent', 'cloth', 'paper', 'bodyLight'] as const

/** What a rarity adds to the air behind the figure. Birds and rain keep off its face. */
export function drawRareAir(pen: Pen, rarity: Rarity | undefined, traits: Traits, face: Box): string {
  const random = traits.random('rarity of the air')
  if (rarity === 'confetti') {
    return repeat(56, (index) => {
      const [x, y, size] = [random.between(0, 1000), random.between(20, 940), random.between(9, 17)]
      const corners = [20, 160, 200, 340].map((turn) => polar(x, y, size, turn + index * 37))
      return pen.flat(polygon(...corners), CONFETTI[index % CONFETTI.length]!)
    })
  }
  if (rarity === 'rain') {
    return pen.line(
      repeat(60, () => {
        const [x, y] = [random.between(-60, 1060), random.between(-60, 960)]
        if (x > face.left - 20 && x < face.right + 42 && y > face.top - 94 && y < face.bottom + 20) return ''
        return path`M${x} ${y}l${-22} ${74}`
      }),
      'paper',
      7
    )
  }
  if (rarity === 'swarm') {
    const flock = (count: number) =>
      repeat(count, () => {
        const [x, y, w] = [random.between(40, 960), random.between(60, 460), random.between(14, 34)]
        const isNear = x > face.left - 60 && x < face.right + 60 && y > face.top - 60 && y < face.bottom + 60
        if (isNear) return ''
        return path`
          M${x} ${y}Q${x - w * 0.5} ${y - w} ${x - w * 1.4} ${y - w * 0.4}
          Q${x - w * 0.6} ${y - w * 0.4} ${x} ${y + w * 0.4}
          Q${x + w * 0.6} ${y - w * 0.4} ${x + w * 1.4} ${y - w * 0.4}Q${x + w * 0.5} ${y - w} ${x} ${y}Z
        `
      })
    return pen.flat(flock(18), 'front')
  }
  return ''
}
