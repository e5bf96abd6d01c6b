import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, repeat } from '../repeat.ts'
import { around, curve, polygon, ribbon } from '../svg.ts'
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

/** Viruses: a six-sided head on a tail with thin legs. */
export function virus(model: Model): Anatomy {
  const { pen, girth } = model
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
