import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { around, curve, ellipse, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'

function legs({ pen }: Model): string {
  return both((side) =>
    repeat(2, (index) => {
      const knee: Point = [side * (190 + index * 130), -330 + index * 60]
      return pen.limb(curve([side * 40, -190], knee, [side * (230 + index * 160), -10]), 'bodyDark', 24)
    })
  )
}

function tail({ pen }: Model): string {
  const tube = ribbon(
    [
      [0, -460],
      [0, -160]
    ],
    [110, 110]
  )
  const rings = repeat(5, (index) => pen.line(`M-70 ${-400 + index * 60}H70`, 'body', 14))
  return pen.solid(tube, 'bodyDark', { inside: rings })
}

/** A thread of coat proteins in a helix, with knobs at both of its ends. */
function thread({ pen, girth, head }: Model): Anatomy {
  const tube = ribbon(
    [
      [30, -46],
      [100, -200],
      [-70, -390],
      [70, -570],
      [0, -740],
      [0, -930]
    ],
    [100, 120, 130, 150, 250 * girth, 250 * girth]
  )
  const turns = repeat(13, (index) =>
    pen.line(`M-260 ${-700 + index * 54}L260 ${-620 + index * 54}`, 'bodyDark', 13)
  )
  const knob = (from: Point, to: Point) =>
    pen.limb(curve(from, to), 'bodyDark', 18) + pen.solid(ellipse(...to, 30), 'accent', { depth: 0.4 })
  return {
    behind:
      each([-80, 0, 80], (x) => knob([x, -900], [x * 1.5, -1010])) +
      each([-110, -40, 40, 110], (dx) => knob([30, -60], [30 + dx, -24])),
    body: pen.solid(tube, 'body', { depth: 0.6, inside: turns }),
    head: '',
    face: { x: 0, y: -830, eye: 52 * head, apart: 60, mouth: { x: 0, y: -744, width: 84 } },
    crown: { x: 0, y: -930, width: 230 },
    neck: { x: 26, y: -640, width: 200 },
    shoulders: pair(70, -560),
    hands: pair(220, -480),
    arm: 34
  }
}

/** Viruses: a six-sided head on a tail with thin legs, or a thread. */
export function virus(model: Model): Anatomy {
  const { pen, girth } = model
  if (/thread/.test(model.order)) return thread(model)
  const facets = 'M0 -990L-260 -540M0 -990L260 -540M-260 -540H260M0 -390L-260 -840M0 -390L260 -840'
  return {
    behind: legs(model),
    body:
      tail(model) +
      pen.solid(polygon(...around(0, -690, 300 * girth, 6)), 'body', {
        depth: 1.2,
        inside: pen.line(facets, 'bodyDark', 7)
      }),
    head: '',
    face: { x: 0, y: -720, eye: 60 * model.head, apart: 96, mouth: { x: 0, y: -604, width: 100 } },
    crown: { x: 0, y: -930, width: 220 },
    neck: { x: 0, y: -400, width: 130 },
    shoulders: pair(50, -350),
    hands: pair(200, -300),
    arm: 28
  }
}
