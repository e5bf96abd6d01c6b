import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { curve, ellipse, path, polar, polyline } from '../svg.ts'
import type { Point } from '../svg.ts'
import { headless } from './headless.ts'

/** Balls of algae: a marimo with soft threads all around it, a sailor's eyeball that shines. */
function ball(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const isEye = /eyeball/.test(nameOf(model))
  const half = 440 * girth
  const threads = repeat(120, (index) => {
    const turn = index * 3
    const tip = polar(0, -460, half * (1.06 + ((index * 7) % 5) * 0.02), turn + (index % 2 === 0 ? 5 : -4))
    return tip[1] > -12 ? '' : polyline(polar(0, -460, half * 0.9, turn), tip)
  })
  const fuzz = repeat(54, (index) => {
    const [x, y] = polar(0, -460, 300 + (index % 3) * 52, index * 20 + (index % 3) * 7)
    return path`M${x} ${y}q14 ${-26 - (index % 2) * 12} 30 -34`
  })
  const shine =
    pen.flat(ellipse(-half * 0.5, -700, 60, 120, 34), 'paper', 0.85) +
    pen.flat(ellipse(-half * 0.24, -830, 40, 30, 20), 'paper', 0.85)
  const roots = pen.line(
    each([-90, -30, 30, 90], (x) => curve([x, -60], [x * 1.4, -24], [x * 1.8, -4])),
    'bodyDark',
    22
  )
  return headless(
    model,
    {
      behind: isEye ? roots : pen.limb(threads, 'bodyDark', 13),
      body: pen.solid(ellipse(0, -460, half, 450), 'body', {
        depth: 1.4,
        inside: isEye ? hide(-half, -240, half * 2, 160) + shine : pen.line(fuzz, 'bodyDark', 11)
      })
    },
    {
      y: -520,
      apart: 106,
      hat: -800,
      hatWide: 330,
      neck: -250,
      neckWide: half * 1.7,
      shoulder: [half * 0.92, -300]
    }
  )
}

/** A mermaid's wineglass: a ribbed cup like a parasol that is turned up, on a thin stalk. */
function wineglass(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 430 * girth
  const d = path`
    M${-half} -920
    Q${-half * 0.9} -560 ${-half * 0.2} -400
    Q0 -370 ${half * 0.2} -400
    Q${half * 0.9} -560 ${half} -920Z
  `
  const ribs = each([-0.86, -0.6, 0.6, 0.86], (share) =>
    curve([share * half, -920], [share * half * 0.8, -640], [share * half * 0.16, -390])
  )
  const rim: Point[] = Array.from({ length: 13 }, (_, index) => [((index - 6) / 6) * half, -920])
  return headless(
    model,
    {
      behind:
        pen.limb(curve([0, -420], [30, -230], [0, -20]), 'body', 60) +
        pen.limb(
          each([-150, -60, 60, 150], (x) => curve([0, -60], [x * 0.6, -40], [x, -6])),
          'bodyDark',
          28
        ),
      body:
        pen.solid(ellipse(0, -920, half, 96), 'bodyDark', {
          depth: 0.2,
          inside: pen.flat(ellipse(0, -910, half * 0.8, 62), 'accentDark')
        }) +
        pen.solid(d, 'body', {
          depth: 1.1,
          inside: hide(-half, -560, half * 2, 120) + pen.line(ribs, 'bodyDark', 16)
        }) +
        pen.flat(
          each(rim, ([x, y]) => ellipse(x, y, 36, 30)),
          'bodyLight'
        )
    },
    { y: -690, apart: 104, hat: -900, hatWide: half, neck: -420, neckWide: 190, shoulder: [half * 0.6, -540] }
  )
}

/** Green seaweeds that are one cell or a ball. */
export const greenAlga = (model: Model): Anatomy =>
  /wineglass/.test(nameOf(model)) ? wineglass(model) : ball(model)
