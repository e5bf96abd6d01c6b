import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse, polygon } from '../svg.ts'
import type { Point } from '../svg.ts'

/** Nose, whiskers and tusks. */
function muzzle({ pen, words }: Model, x: number, y: number, radius: number): string {
  const at = (dx: number, dy: number): Point => [x + dx * radius, y + dy * radius]
  const tusks = /walrus|dugong/.test(words)
    ? both((side) =>
        pen.solid(
          polygon(at(-0.4 + side * 0.3, 0.76), at(-0.12 + side * 0.3, 0.76), at(-0.3 + side * 0.34, 1.6)),
          'paper',
          { depth: 0.3 }
        )
      )
    : ''
  const trunk = /elephant seal|hooded/.test(words)
    ? pen.solid(blob(at(-0.7, 0), at(-0.1, -0.1), at(0, 0.5), at(-0.5, 0.9), at(-0.95, 0.5)), 'bodyDark', {
        depth: 0.5
      })
    : pen.flat(blob(at(-0.62, 0.16), at(-0.16, 0.16), at(-0.4, 0.46)), 'ink')
  return (
    tusks +
    both((side) =>
      pen.solid(ellipse(...at(-0.38 + side * 0.34, 0.52), radius * 0.42, radius * 0.34), 'bodyLight', {
        depth: 0.3
      })
    ) +
    trunk +
    both((side) =>
      each([0.4, 0.58], (dy) =>
        pen.line(curve(at(-0.38 + side * 0.5, dy), at(-0.38 + side * 1.1, dy + 0.06)), 'ink', 6)
      )
    )
  )
}

/** Seals, sea lions, walruses and sea cows: the chest raised on two flippers, the tail to the right. */
export function seal(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const radius = 168 * model.head
  const [x, y] = [-170, -1000 + radius + 70]
  const half = 250 * girth
  const body = blob(
    [x - radius * 0.7, y + radius * 0.3],
    [x + radius * 0.86, y + radius * 0.1],
    [half * 0.5, -500],
    [half * 1.3, -260],
    [half * 1.9, -110],
    [half * 1.6, -20],
    [-half * 0.6, 0],
    [-half * 1.3, -70],
    [-half * 1.34, -460]
  )
  const hind = (shift: number) =>
    pen.solid(
      blob(
        [half * 1.5, -120],
        [half * 2 + 10, -190 - shift],
        [half * 2.4, -110 - shift],
        [half * 2.2, -30],
        [half * 1.6, -10]
      ),
      'bodyDark',
      { depth: 0.4 }
    )
  const ears = /sea lion|fur seal/.test(words)
    ? both((side) =>
        pen.solid(
          ellipse(x + side * radius * 0.98, y - radius * 0.2, radius * 0.12, radius * 0.24, side * 20),
          'bodyDark'
        )
      )
    : ''
  const ribbons = /ribbon|harp/.test(words)
    ? each([-560, -300], (top) =>
        pen.line(curve([-half * 1.4, top], [-half * 0.4, top + 110], [half, top + 30]), 'paper', 50)
      )
    : ''
  return {
    behind: /sea cow|manatee|dugong/.test(words)
      ? pen.solid(ellipse(half * 1.96, -90, 150, 84, -10), 'bodyDark', { depth: 0.4 })
      : hind(130) + hind(0),
    body: pen.solid(body, 'body', {
      depth: 1.2,
      inside:
        pen.flat(ellipse(-half * 0.76, -260, half * 0.72, 330, 6), 'bodyLight') +
        hide(-half * 0.6, -480, half * 2, 380) +
        ribbons
    }),
    torso: {
      d: body,
      x: -half * 1.3,
      y: y + radius,
      width: half * 1.76,
      height: -60 - y - radius,
      isRound: true
    },
    head: ears + pen.solid(ellipse(x, y, radius * 1.06, radius), 'body') + muzzle(model, x, y, radius),
    face: {
      x: x - radius * 0.1,
      y: y - radius * 0.2,
      eye: radius * 0.3,
      apart: radius * 0.48,
      turn: -0.5,
      mouth: { x: x - radius * 0.36, y: y + radius * 0.74, width: radius * 0.5 }
    },
    crown: { x: x + radius * 0.04, y: y - radius * 0.84, width: radius * 1.5 },
    neck: { x: x + 20, y: y + radius * 1.1, width: radius * 1.8 },
    shoulders: [
      [-half * 1.06, -420],
      [half * 0.3, -330]
    ],
    hands: [
      [-half * 1.6, -330],
      [half * 0.8, -110]
    ],
    arm: 104 * girth,
    limb: 'fin',
    far: 0
  }
}
