import type { LimbKind } from './anatomy.ts'
import type { Pen } from './pen.ts'
import { each } from './repeat.ts'
import { blob, curve, ellipse, group, n, polygon, ribbon } from './svg.ts'
import type { Point } from './svg.ts'

/** A limb from the shoulder to the hand. */
export interface Limb {
  from: Point
  to: Point
  /** -1 for the left one, 1 for the right one. */
  side: number
  /** Thickness at the hand. */
  width: number
  isHuman: boolean
}

/** What is under the tool, and the fingers over it. */
interface DrawnLimb {
  under: string
  over: string
}

/** Draws a limb. The grip of a tool is at its end, between the two parts. */
export function drawLimb(pen: Pen, kind: LimbKind, limb: Limb): DrawnLimb {
  return LIMBS[kind](pen, limb)
}

/** Content that is drawn to the right from 0, 0, along the line from the shoulder to the hand. */
function along({ from: [x, y], to: [hx, hy] }: Limb, draw: (length: number) => string): string {
  const length = Math.hypot(hx - x, hy - y)
  const degrees = (Math.atan2(hy - y, hx - x) * 180) / Math.PI
  return group(draw(length), `translate(${n(x)} ${n(y)}) rotate(${n(degrees)})`)
}

const elbowOf = ({ from: [x, y], to: [hx, hy], side }: Limb): Point => [
  (x + hx) / 2 + side * 46,
  (y + hy) / 2 + 44
]

const LIMBS: Record<LimbKind, (pen: Pen, limb: Limb) => DrawnLimb> = {
  arm(pen, limb) {
    const { from, to, width, isHuman } = limb
    const role = isHuman ? 'skin' : 'bodyDark'
    const [x, y] = to
    return {
      under:
        pen.limb(curve(from, elbowOf(limb), to), 'body', width) +
        pen.solid(ellipse(x, y, width * 0.6), role, { depth: 0.4 }),
      over: each([-0.4, 0, 0.4], (dy) =>
        pen.solid(ellipse(x - limb.side * width * 0.1, y + dy * width, width * 0.46, width * 0.22), role, {
          depth: 0.25
        })
      )
    }
  },

  foreleg(pen, limb) {
    const { from, to, width } = limb
    const [x, y] = to
    return {
      under: pen.limb(curve(from, elbowOf(limb), to), 'body', width),
      over: pen.solid(ellipse(x, y, width * 0.62, width * 0.5), 'ink', { depth: 0 })
    }
  },

  wing(pen, limb) {
    const { width } = limb
    const flip = limb.side
    const feather = (length: number, index: number) =>
      blob(
        [length * (0.42 + index * 0.17), 0],
        [length * (0.5 + index * 0.17), flip * width * (1.75 - index * 0.32)],
        [length * (0.34 + index * 0.17), flip * width * (1.9 - index * 0.32)],
        [length * (0.2 + index * 0.15), 0]
      )
    return {
      under: along(
        limb,
        (length) =>
          each([2, 1, 0], (index) => pen.solid(feather(length, index), 'bodyDark', { depth: 0.3 })) +
          pen.solid(
            blob(
              [-width * 0.5, -flip * width * 0.3],
              [length * 0.4, -flip * width * 0.62],
              [length * 1.04, -flip * width * 0.1],
              [length * 0.96, flip * width * 0.42],
              [length * 0.4, flip * width * 0.95],
              [-width * 0.4, flip * width * 0.7]
            ),
            'body',
            { depth: 0.5 }
          )
      ),
      over: along(limb, (length) =>
        each([-0.34, 0, 0.34], (dy) =>
          pen.solid(ellipse(length * 0.99, dy * width, width * 0.5, width * 0.2, dy * 30), 'bodyDark', {
            depth: 0.25
          })
        )
      )
    }
  },

  fin(pen, limb) {
    const { width } = limb
    return {
      under: along(limb, (length) =>
        pen.solid(
          blob(
            [-width * 0.3, -width * 0.4],
            [length * 0.7, -width * 0.9],
            [length * 1.16, -width * 0.5],
            [length * 1.1, width * 0.3],
            [length * 0.8, width * 0.9],
            [-width * 0.2, width * 0.4]
          ),
          'bodyDark',
          {
            depth: 0.5,
            inside: each([-0.42, 0, 0.42], (dy) =>
              pen.line(
                `M${n(length * 0.5)} ${n(dy * width * 0.6)}L${n(length * 1.1)} ${n(dy * width)}`,
                'body',
                8
              )
            )
          }
        )
      ),
      over: along(limb, (length) =>
        pen.solid(
          polygon([length * 0.9, -width * 0.62], [length * 1.13, -width * 0.2], [length * 0.86, width * 0.5]),
          'bodyDark',
          { depth: 0.3 }
        )
      )
    }
  },

  leaf(pen, limb) {
    const { from, to, width } = limb
    return {
      under: pen.line(curve(from, elbowOf(limb), to), 'bodyDark', width * 0.4),
      over: group(
        pen.solid(
          blob([-width * 0.7, 0], [0, -width * 0.7], [width * 1.5, -width * 0.1], [width * 0.1, width * 0.6]),
          'body',
          { depth: 0.5, inside: pen.line(`M${n(-width * 0.5)} 0H${n(width)}`, 'bodyDark', 7) }
        ),
        `translate(${n(to[0])} ${n(to[1])}) rotate(${limb.side > 0 ? -30 : 210})`
      )
    }
  },

  tentacle(pen, limb) {
    const { from, to, side, width } = limb
    const [x, y] = to
    return {
      under: pen.solid(
        ribbon([from, elbowOf(limb), [x - side * 14, y + 30], to], [width * 1.2, width, width * 0.7]),
        'body',
        { depth: 0.5 }
      ),
      over: pen.limb(
        curve(
          [x, y + width * 0.4],
          [x - side * width * 0.9, y - width * 0.1],
          [x + side * width * 0.7, y - width * 0.5]
        ),
        'body',
        width * 0.5
      )
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
