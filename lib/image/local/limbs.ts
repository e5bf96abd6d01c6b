import type { DrawnLimb, Limb, LimbKind } from './anatomy.ts'
import { drawArm, drawForeleg } from './arms.ts'
import type { Role } from './palette.ts'
import type { Pen } from './pen.ts'
import { each } from './repeat.ts'
import { band, curve, ellipse, group, n, outAndBack, path, ribbon, sidesOf, tapering } from './svg.ts'
import type { Point } from './svg.ts'

/** Draws a limb. The grip of a tool is at its end, between the two parts. */
export function drawLimb(pen: Pen, kind: LimbKind, limb: Limb): DrawnLimb {
  return LIMBS[kind](pen, limb)
}

/** What goes over a tool if a plan has no arms: the tip of a fin, of a wing or of a leg. */
export const holdingTip = (pen: Pen, [x, y]: Point, side: number): string =>
  pen.solid(ellipse(x - side * 16, y, 56, 32, side * 18), 'bodyDark', { depth: 0.3 })

/** Content that is drawn to the right from 0, 0, along the line from the shoulder to the hand. */
function along({ from: [x, y], to: [hx, hy] }: Limb, draw: (length: number) => string): string {
  const length = Math.hypot(hx - x, hy - y)
  const degrees = (Math.atan2(hy - y, hx - x) * 180) / Math.PI
  return group(draw(length), `translate(${n(x)} ${n(y)}) rotate(${n(degrees)})`)
}

const bendOf = ({ from: [x, y], to: [hx, hy], side }: Limb): Point => [
  (x + hx) / 2 + side * 46,
  (y + hy) / 2 + 44
]

/** A wing to the right with its feathers below: one outline from the shoulder over the tips to the armpit. */
function wingPath(length: number, width: number, flip: number): string {
  const [l, w] = [length, width * flip]
  return path`
    M${-width * 0.3} ${-w * 0.5}
    Q${l * 0.36} ${-w * 0.86} ${l * 0.76} ${-w * 0.5}
    Q${l * 1.1} ${-w * 0.62} ${l * 1.2} ${-w * 0.34}
    Q${l * 1.2} ${-w * 0.14} ${l} ${-w * 0.12}
    Q${l * 1.22} ${-w * 0.04} ${l * 1.22} ${w * 0.14}
    Q${l * 1.18} ${w * 0.32} ${l * 0.97} ${w * 0.24}
    Q${l * 1.12} ${w * 0.44} ${l * 1.06} ${w * 0.6}
    Q${l * 0.98} ${w * 0.76} ${l * 0.84} ${w * 0.56}
    Q${l * 0.88} ${w * 0.98} ${l * 0.7} ${w}
    Q${l * 0.58} ${w} ${l * 0.58} ${w * 0.8}
    Q${l * 0.54} ${w * 1.14} ${l * 0.38} ${w * 1.12}
    Q${l * 0.26} ${w * 1.1} ${l * 0.3} ${w * 0.9}
    Q${l * 0.2} ${w * 1.1} ${l * 0.04} ${w}
    Q${-width * 0.2} ${w * 0.9} ${-width * 0.3} ${w * 0.5}
  `
}

/** The end of a tail or of an arm without bones: it goes once around the tool, and its tip stands off. */
const coil = ({ to: [x, y], side, width: w }: Limb, thick: number): string =>
  // From its tip on, because the last end is the round one.
  tapering(
    [
      [x - side * w * 0.62, y - w * 0.84],
      [x - side * w * 0.4, y - w * 0.34],
      [x + side * w * 0.36, y - w * 0.3],
      [x + side * w * 0.5, y + w * 0.12],
      [x - side * w * 0.3, y + w * 0.24]
    ],
    [w * 0.06, w * thick * 0.6, w * thick * 0.86, w * thick, w * thick],
    16
  )

/** The edge of a fin: it begins outside of the shoulder, narrows to a wrist, and from there rays spread. */
const finPath = (l: number, w: number): string => path`
  M${l * 0.12} ${-w * 0.44}
  Q${l * 0.24} ${-w * 0.38} ${l * 0.4} ${-w * 0.38}
  Q${l * 0.66} ${-w * 0.5} ${l * 0.98} ${-w}
  Q${l * 1.2} ${-w * 0.9} ${l * 1.08} ${-w * 0.44}
  Q${l * 1.3} ${-w * 0.22} ${l * 1.14} ${w * 0.1}
  Q${l * 1.24} ${w * 0.44} ${l * 1.02} ${w * 0.58}
  Q${l} ${w * 0.94} ${l * 0.74} ${w * 0.84}
  Q${l * 0.6} ${w * 0.44} ${l * 0.4} ${w * 0.38}
  Q${l * 0.24} ${w * 0.38} ${l * 0.12} ${w * 0.44}
`

/** The edge of a fin on a stalk: the stalk is thick up to its end, and short rays go around it. */
const lobePath = (l: number, w: number): string => path`
  M${l * 0.12} ${-w * 0.5}
  Q${l * 0.3} ${-w * 0.48} ${l * 0.5} ${-w * 0.6}
  Q${l * 0.6} ${-w * 1.1} ${l * 0.9} ${-w * 1.04}
  Q${l * 1.16} ${-w} ${l * 1.14} ${-w * 0.62}
  Q${l * 1.36} ${-w * 0.5} ${l * 1.24} ${-w * 0.1}
  Q${l * 1.4} ${w * 0.24} ${l * 1.16} ${w * 0.46}
  Q${l * 1.18} ${w * 0.96} ${l * 0.88} ${w * 0.98}
  Q${l * 0.62} ${w * 1.08} ${l * 0.5} ${w * 0.6}
  Q${l * 0.3} ${w * 0.48} ${l * 0.12} ${w * 0.5}
`

/** A fin as an arm. Its shoulder has the colour of the body, and its rays are darker. */
function drawFin(pen: Pen, limb: Limb, isLobed: boolean): DrawnLimb {
  const { width: w } = limb
  // The far one is in the shade of the body.
  const isFar = limb.isFar === true
  return {
    under: along(limb, (length) => {
      const l = Math.max(length, w * 1.6)
      const edge = isLobed ? lobePath(l, w) : finPath(l, w)
      const stalk = isLobed
        ? path`
            M${l * 0.3} ${-w * 1.4}
            Q${l * 0.5} ${-w * 0.62} ${l * 0.86} ${-w * 0.56}
            Q${l * 1.06} 0 ${l * 0.86} ${w * 0.56}
            Q${l * 0.5} ${w * 0.62} ${l * 0.3} ${w * 1.4}
            H${l * 1.6}
            V${-w * 1.4}Z
          `
        : path`M${l * 0.62} ${-w * 1.2}Q${l * 0.44} 0 ${l * 0.62} ${w * 1.2}H${l * 1.5}V${-w * 1.2}Z`
      const from = isLobed ? 0.9 : 0.6
      const rays = each(
        [-0.72, -0.26, 0.18, 0.54],
        (dy) => path`M${l * from} ${dy * w * (isLobed ? 0.8 : 0.4)}L${l * 1.1} ${dy * w * 1.1}`
      )
      // One that is before the body is closed at its root, as a leaf is.
      const root = path`Q${-w * 0.3} ${w * 0.36} ${-w * 0.3} 0Q${-w * 0.3} ${-w * 0.36} ${l * 0.12} ${-w * 0.44}Z`
      return pen.solid(edge + root, isFar ? 'bodyDark' : 'body', {
        depth: 0.4,
        inside: (isFar ? '' : pen.flat(stalk, 'bodyDark')) + pen.line(rays, 'body', 8)
      })
    }),
    over: limb.isHolding ? fingersOver(pen, limb, Math.max(lengthOf(limb), w * 1.6)) : ''
  }
}

const lengthOf = ({ from, to }: Limb) => Math.hypot(to[0] - from[0], to[1] - from[1])

/** Three feathers, rays or leaflets over a grip, which is at the end of the limb. */
function fingersOver(pen: Pen, limb: Limb, reach: number, role: Role = 'bodyDark'): string {
  const w = Math.max(64, Math.min(104, limb.width))
  return along(limb, (length) => {
    const x = Math.min(length, reach)
    return each([-1, 1, 0], (at) =>
      pen.solid(ellipse(x + w * (at === 0 ? 0.16 : 0.02), at * w * 0.36, w * 0.62, w * 0.23, at * 14), role, {
        depth: 0.3
      })
    )
  })
}

const LIMBS: Record<LimbKind, (pen: Pen, limb: Limb) => DrawnLimb> = {
  arm: drawArm,

  foreleg: drawForeleg,

  wing(pen, limb) {
    const { width, side } = limb
    const reach = (length: number) => Math.max(length, width * 1.7)
    return {
      under: along(limb, (length) => {
        const [l, w] = [reach(length), width * side]
        const edge = wingPath(l, width, side)
        const feathers = path`
          M${-width} ${w * 0.56}
          Q${l * 0.5} ${w * 0.7} ${l * 0.76} ${w * 0.1}
          L${l * 0.88} ${-w * 0.9}
          H${l * 1.4}
          V${w * 1.4}
          H${-width}Z
        `
        const vanes = path`
          M${l} ${-w * 0.12}L${l * 0.84} ${-w * 0.16}
          M${l * 0.97} ${w * 0.24}L${l * 0.8} ${w * 0.12}
          M${l * 0.84} ${w * 0.56}L${l * 0.72} ${w * 0.36}
          M${l * 0.58} ${w * 0.8}L${l * 0.5} ${w * 0.64}
          M${l * 0.3} ${w * 0.9}L${l * 0.26} ${w * 0.7}
        `
        return pen.joined(`${edge}Z`, edge, 'body', {
          depth: 0.4,
          inside: pen.flat(feathers, 'bodyDark') + pen.line(vanes, 'body', 8)
        })
      }),
      over: limb.isHolding ? fingersOver(pen, limb, reach(lengthOf(limb))) : ''
    }
  },

  fin: (pen, limb) => drawFin(pen, limb, false),

  lobe: (pen, limb) => drawFin(pen, limb, true),

  leaf(pen, limb) {
    const { from, to, width, side } = limb
    const w = width * 1.16
    const leaf = (length: number, turn: number) =>
      group(
        pen.solid(
          path`
            M${-w * 0.3} 0
            Q${w * 0.1} ${-w * 0.74} ${w * length} ${-w * 0.1}
            Q${w * 0.3} ${w * 0.7} ${-w * 0.3} 0Z
          `,
          'body',
          {
            depth: 0.4,
            inside: pen.line(path`M${-w * 0.2} 0L${w * length * 0.8} ${-w * 0.06}`, 'bodyDark', 8)
          }
        ),
        `translate(${n(to[0])} ${n(to[1])}) rotate(${turn})${side > 0 ? '' : ' scale(-1 1)'}`
      )
    const stem = pen.limb(curve(from, bendOf(limb), to), 'bodyDark', width * 0.42)
    // A stem that holds has a leaf below the tool and three leaflets over its grip.
    return limb.isHolding
      ? { under: stem + leaf(1.3, side * -24), over: fingersOver(pen, limb, Infinity, 'body') }
      : { under: stem, over: leaf(0.9, side * -96) + leaf(1.5, side * -26) }
  },

  tail(pen, limb) {
    const {
      from: [fx, fy],
      to: [x, y],
      side,
      width: w
    } = limb
    const out = Math.max(120, Math.abs(x - fx))
    const { left, right } = sidesOf(
      [
        [fx, fy],
        [fx + side * out * 0.7, fy + 8],
        [x + side * w * 0.75, (fy + y) / 2 + 20],
        [x + side * w * 0.2, y + w * 0.42],
        [x - side * w * 0.16, y + w * 0.1]
      ],
      [w * 1.34, w * 1.14, w * 0.78, w * 0.5, w * 0.4],
      16
    )
    const edge = outAndBack(left.slice(1), right.slice(1))
    return {
      under: pen.joined(band(left, right), edge, 'body', { depth: 0.4 }),
      over: pen.merged([coil(limb, 0.44)], 'body', { depth: 0.3 })
    }
  },

  tentacle(pen, limb) {
    const { from, to, width: w } = limb
    const { left, right } = sidesOf([from, bendOf(limb), to], [w * 1.1, w * 1.2, w * 0.6], 16)
    // The coil covers its end.
    const edge = curve(...left.slice(2)) + curve(...right.slice(2))
    return {
      under: pen.joined(band(left, right), edge, 'body', { depth: 0.4 }),
      over: pen.merged([coil(limb, 0.6)], 'body', { depth: 0.3 })
    }
  },

  trunk(pen, limb) {
    const {
      from: [x, y],
      to: [hx, hy],
      width
    } = limb
    const dip = Math.max(y, hy) + width * 1.3
    return {
      under: pen.solid(
        ribbon(
          [
            [x, y],
            [x - width * 0.2, (y + dip) / 2],
            [(x + hx) / 2, dip],
            [hx - width * 0.3, (hy + dip) / 2],
            [hx, hy]
          ],
          [width * 1.5, width * 1.15, width * 0.86, width * 0.7, width * 0.56]
        ),
        'body',
        { depth: 0.6 }
      ),
      over: pen.limb(
        curve(
          [hx - width * 0.34, hy + width * 0.3],
          [hx - width * 0.2, hy - width * 0.34],
          [hx + width * 0.44, hy - width * 0.1]
        ),
        'body',
        width * 0.36
      )
    }
  }
}
