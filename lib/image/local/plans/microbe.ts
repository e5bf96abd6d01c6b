import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { around, blob, curve, ellipse, polar, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'

/** Microbes: a cell with its lashes and organs; diatoms and viruses are of plain geometry. */
export function microbe(model: Model): Anatomy {
  const { pen, girth, words, random, hide } = model
  const centre = -520
  if (/phage|virus/.test(words)) {
    const head = polygon(
      ...[0, 60, 120, 180, 240, 300].map((turn): Point => polar(0, -690, 300 * girth, turn))
    )
    return {
      behind: both((side) =>
        each([0, 1], (index) =>
          pen.limb(
            curve(
              [side * 40, -190],
              [side * (190 + index * 130), -330 + index * 60],
              [side * (230 + index * 160), -10]
            ),
            'bodyDark',
            24
          )
        )
      ),
      body:
        pen.solid(
          ribbon(
            [
              [0, -460],
              [0, -160]
            ],
            [110, 110]
          ),
          'bodyDark',
          {
            inside: each([0, 1, 2, 3, 4], (index) => pen.line(`M-70 ${-400 + index * 60}H70`, 'body', 14))
          }
        ) +
        pen.solid(head, 'body', {
          depth: 1.2,
          inside: pen.line(
            'M0 -990L-260 -540M0 -990L260 -540M-260 -540H260M0 -390L-260 -840M0 -390L260 -840',
            'bodyDark',
            7
          )
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
  const geometric = /diatom|radiolar|foramin|desmid|coccolith|archaeon|silico/.test(words)
  const count = random.whole(3, 8)
  const half = 360 * girth
  const shape = geometric
    ? random.pick([
        () => blob(...around(0, centre, half, count + 2)),
        () => polygon(...around(0, centre, half * 1.1, count)),
        () => ellipse(0, centre, half * 0.62, 460)
      ])()
    : blob(
        ...around(0, centre, 1, 9).map((_, index): Point =>
          polar(0, centre, half * random.between(0.92, 1.22) * (index % 2 === 0 ? 1 : 0.94), index * 40)
        )
      )
  const lashes = geometric
    ? each(around(0, centre, 1, 20), (_, index) =>
        pen.line(
          curve(polar(0, centre, half * 0.8, index * 18), polar(0, centre, half * 1.22, index * 18)),
          'bodyDark',
          11
        )
      )
    : /flagell|euglena|dinofl|sparkle|choano|vibrio|spiroch/.test(words)
      ? pen.line(
          curve(
            [half * 0.6, centre - 200],
            [half * 1.2, centre - 330],
            [half * 1.05, centre - 480],
            [half * 1.32, centre - 500]
          ),
          'bodyDark',
          22
        ) +
        pen.line(
          curve([-half * 0.5, centre + 260], [-half * 1.1, centre + 330], [-half * 1.15, centre + 450]),
          'bodyDark',
          18
        )
      : each(around(0, centre, 1, 26), (_, index) =>
          pen.line(
            curve(
              polar(0, centre, half * 0.95, index * 13.8),
              polar(0, centre, half * 1.24, index * 13.8 + 7)
            ),
            'bodyDark',
            13
          )
        )
  const organs = each(
    [
      [-0.5, 0.52, 60],
      [0.5, 0.4, 80],
      [0.12, 0.74, 46],
      [-0.62, -0.3, 40],
      [0.62, -0.46, 50]
    ],
    ([dx, dy, size], index) =>
      pen.solid(
        ellipse(dx * half, centre + dy * half, size),
        (['accent', 'cloth', 'bodyLight'] as const)[index % 3]!,
        { depth: 0.4 }
      )
  )
  const ribs = geometric
    ? each(around(0, centre, 1, count * 2), (_, index) =>
        pen.line(
          curve(
            polar(0, centre, half * 0.5, (index * 180) / count),
            polar(0, centre, half * 1.1, (index * 180) / count)
          ),
          'bodyDark',
          8
        )
      )
    : organs
  const stalk = /vorticella|stentor|choano|bell/.test(words)
    ? pen.limb(curve([0, -200], [70, -140], [-60, -70], [20, -6]), 'bodyDark', 30)
    : ''
  return {
    behind: stalk + lashes,
    body: pen.solid(shape, 'body', { depth: 1.3, inside: ribs + hide(-half, centre + 120, half * 2, 260) }),
    head: '',
    face: {
      x: 0,
      y: centre - 90,
      eye: 68 * model.head,
      apart: 118,
      mouth: { x: 0, y: centre + 50, width: 124 }
    },
    crown: { x: 0, y: centre - half * 0.9, width: 260 },
    neck: { x: 0, y: centre + 210, width: 0 },
    shoulders: pair(half * 0.8, centre + 90),
    hands: pair(half, -300),
    arm: 40
  }
}
