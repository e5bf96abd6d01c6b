import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { blob, curve, ellipse, polar } from '../svg.ts'
import type { Point } from '../svg.ts'

/** The size of the upper shell as a factor of the lower one: it is seen behind the body. */
const UPPER = 1.22

/** Clams, scallops, lamp shells, barnacles: two fans ajar, a face between. */
export function clam(model: Model): Anatomy {
  const { pen, girth } = model
  const half = 370 * girth
  const fan = (up: boolean) => {
    const rim = Array.from({ length: 9 }, (_, index): Point =>
      polar(
        0,
        up ? -330 : -300,
        half * (up ? UPPER : 1) * (index % 2 === 0 ? 1.02 : 0.95),
        (up ? -84 : 96) + index * 21
      )
    )
    return blob(...rim, [up ? 60 : -60, up ? -300 : -280], [up ? -60 : 60, up ? -300 : -280])
  }
  const ribs = (up: boolean) =>
    each([-60, -36, -12, 12, 36, 60], (turn) =>
      pen.line(
        curve([0, up ? -320 : -310], polar(0, -320, half * (up ? UPPER : 1) * 1.1, up ? turn : 180 + turn)),
        'bodyDark',
        12
      )
    )
  return {
    behind: pen.solid(fan(true), 'body', { depth: 1.2, inside: ribs(true) }),
    body: pen.solid(ellipse(0, -420, half * 0.9, 190), 'bodyLight', { depth: 0.5 }),
    head: '',
    front: pen.solid(
      [
        `M${-half} -300A${half} 320 0 0 0 ${half} -300`,
        `Q${half * 0.75} -240 ${half * 0.5} -300Q${half * 0.25} -240 0 -300`,
        `Q${-half * 0.25} -240 ${-half * 0.5} -300Q${-half * 0.75} -240 ${-half} -300Z`
      ].join(''),
      'body',
      { depth: 1.2, inside: ribs(false) }
    ),
    face: { x: 0, y: -470, eye: 64 * model.head, apart: 110, mouth: { x: 0, y: -356, width: 120 } },
    crown: { x: 0, y: -330 - half * UPPER * 0.94, width: 300 },
    neck: { x: 0, y: -260, width: 0 },
    shoulders: pair(half * 0.86, -330),
    hands: pair(half, -200),
    arm: 40
  }
}
