import type { Face, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, polygon } from '../svg.ts'
import type { Point } from '../svg.ts'

/** A head that looks to the left: its middle, its radius, and the length of its snout as a share of the radius. */
export interface ReptileHead {
  x: number
  y: number
  radius: number
  snout: number
}

/** Teeth along the upper lip. */
export function teeth({ pen }: Model, { x, y, radius, snout }: ReptileHead, count: number): string {
  return repeat(count, (index) => {
    const share = (index + 0.5) / count
    const tx = x - radius * (1.1 * snout - share * (1.1 * snout - 0.1))
    const ty = y + radius * (0.5 + share * 0.14)
    return pen.flat(
      polygon(
        [tx - radius * 0.08, ty - radius * 0.04],
        [tx + radius * 0.1, ty],
        [tx - radius * 0.02, ty + radius * 0.22]
      ),
      'paper'
    )
  })
}

/** Skull, snout and nostrils of a reptile or an amphibian, and where its face is. */
export function reptileHead(
  model: Model,
  head: ReptileHead,
  { isRound = false, teeth: count = 0 } = {}
): { drawn: string; face: Face; crown: { x: number; y: number; width: number } } {
  const { pen, hide, expression } = model
  const { x, y, radius, snout } = head
  const isShut = expression.open < 0.15 && !expression.teeth
  const at = (dx: number, dy: number): Point => [x + dx * radius, y + dy * radius]
  const skull = isRound
    ? blob(
        at(0.8, -0.9),
        at(-0.5, -1.04),
        at(-1.24, -0.2),
        at(-1.34, 0.66),
        at(-0.5, 1.06),
        at(0.8, 0.94),
        at(1.2, 0.2)
      )
    : blob(
        at(0.8, -0.86),
        at(-0.1, -1.14),
        at(-0.86, -0.5),
        at(-1.3 * snout, 0.1),
        at(-1.42 * snout, 0.56),
        at(-1.1 * snout, 0.86),
        at(-0.3, 1.02),
        at(0.9, 0.96),
        at(1.16, 0.1)
      )
  const tip = isRound ? -1 : -1.16 * snout
  const chin = pen.flat(
    ellipse(...at(tip * 0.5, 0.96), radius * (0.5 - tip * 0.3), radius * 0.34),
    'bodyLight'
  )
  return {
    drawn:
      pen.solid(skull, 'body', {
        inside: chin + hide(x - radius * 0.2, y - radius, radius * 1.4, radius * 0.6)
      }) +
      (isRound || !isShut ? '' : teeth(model, head, count)) +
      both((side) => pen.flat(ellipse(...at(tip + 0.06 + side * 0.12, 0.26), radius * 0.06), 'ink')),
    face: {
      x: x - radius * 0.1,
      y: y - radius * 0.28,
      eye: radius * 0.31,
      apart: radius * 0.5,
      turn: -0.6,
      top: y - radius * 1.02,
      beakTip: x - radius * (isRound ? 1.1 : 1.24 * snout),
      mouth: {
        x: x - radius * (isRound ? 0.2 : 0.04 + snout * 0.5),
        y: y + radius * 0.5,
        width: radius * 0.92,
        room: radius * 0.44
      }
    },
    crown: { x: x + radius * 0.04, y: y - radius * 0.87, width: radius * 1.5 }
  }
}

/** Horns, frills, crests and gills around a head. They are behind it. */
export function reptileMarks({ pen, words }: Model, { x, y, radius }: ReptileHead): string {
  const at = (dx: number, dy: number): Point => [x + dx * radius, y + dy * radius]
  const isGilled = /axolotl|\bolm\b|mudpuppy|siren|mudpuppies/.test(words)
  if (isGilled || /salamander|newt|amphiuma/.test(words)) {
    // Those of the others are short: a stranger takes an animal without any for a lizard.
    const long = isGilled ? 0.86 : 0.56
    return each([-60, -20, 20], (turn) =>
      both((side) => {
        const [gx, gy] = at(side * 0.9 + 0.1, -0.1)
        const tip: Point = [gx + side * radius * long, gy + (turn / 40) * radius * 0.5]
        return pen.limb(
          curve([gx - side * radius * 0.3, gy], [(gx + tip[0]) / 2, tip[1] - 20], tip),
          'accent',
          radius * 0.2
        )
      })
    )
  }
  if (/frilled lizard|bearded dragon/.test(words)) {
    return pen.solid(ellipse(...at(0.2, 0.16), radius * 1.9, radius * 1.7), 'accent', {
      depth: 0.5,
      inside: each([-70, -35, 0, 35, 70, 105, 180, 215, 250], (turn) => {
        const angle = (turn * Math.PI) / 180
        return pen.line(
          curve(at(0, 0), [x + Math.sin(angle) * radius * 2, y - Math.cos(angle) * radius * 2]),
          'accentDark',
          10
        )
      })
    })
  }
  if (/horned|thorny|chameleon|basilisk|casque|crested/.test(words)) {
    return /chameleon|basilisk|casque|crested/.test(words)
      ? pen.solid(blob(at(-0.5, -0.7), at(0.5, -1.9), at(1.3, -1), at(0.9, 0)), 'bodyDark', { depth: 0.5 })
      : each([-0.5, 0.1, 0.7], (dx) =>
          pen.solid(polygon(at(dx - 0.2, -0.7), at(dx + 0.16, -1.5), at(dx + 0.34, -0.6)), 'paper')
        )
  }
  return ''
}
