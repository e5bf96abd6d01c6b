import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { blob, curve, ellipse, path, polygon, ribbon, sidesOf } from '../svg.ts'
import type { Point } from '../svg.ts'
import { reptileHead } from './reptile-head.ts'

/** The neck in an S, from the coils to the head. */
const NECK: Point[] = [
  [-20, -250],
  [130, -330],
  [190, -430],
  [130, -550],
  [0, -640],
  [-70, -730],
  [-40, -850]
]

/** What marks a kind of snake: a hood, a rattle. */
function signs(model: Model): { hood: string; tip: string } {
  const { pen } = model
  const name = nameOf(model)
  const hood = /cobra/.test(name)
    ? pen.solid(
        blob([-150, -960], [90, -960], [250, -740], [110, -500], [-190, -560], [-310, -780]),
        'bodyDark',
        {
          depth: 0.6,
          inside: pen.line(curve([-210, -720], [-40, -560], [140, -720]), 'bodyLight', 40)
        }
      )
    : ''
  const tail: Point[] = [
    [300, -60],
    [420, -70],
    [460, -160],
    [430, -250]
  ]
  const tip = /rattle/.test(name)
    ? pen.solid(ribbon(tail, [90, 74, 56, 40]), 'body', { depth: 0.5 }) +
      each([0, 1, 2, 3], (index) =>
        pen.solid(ellipse(430, -250 - index * 44, 44 - index * 6, 34), 'accent', { depth: 0.3 })
      )
    : ''
  return { hood, tip }
}

/** Rings, zigzags or diamonds along the neck. */
function pattern(model: Model): string {
  const { pen } = model
  const name = nameOf(model)
  const at = (index: number): Point => NECK[index]!
  if (/coral|king|krait|ringed|milk|garter|banded/.test(name)) {
    return each([1, 2, 3, 4, 5], (index) => {
      const [x, y] = at(index)
      return pen.line(
        curve([x - 110, y - 30], [x, y + 30], [x + 110, y - 30]),
        index % 2 === 0 ? 'paper' : 'accent',
        34
      )
    })
  }
  if (/viper|adder|rattle|python|boa|anaconda|corn|gaboon/.test(name)) {
    return each([1, 2, 3, 4, 5], (index) => {
      const [x, y] = at(index)
      return pen.flat(polygon([x - 50, y], [x, y - 60], [x + 50, y], [x, y + 60]), 'accent')
    })
  }
  return ''
}

/** The coils from the side: one on the other, with a hollow in the upper one. */
function coils({ pen, hide }: Model): string {
  const turn = (x: number, y: number, wide: number, high: number): string => {
    const shade = path`
      M${x - wide} ${y + high * 0.2}
      Q${x} ${y + high * 1.1} ${x + wide} ${y + high * 0.2}
      V${y + high}
      H${x - wide}Z
    `
    return pen.solid(ellipse(x, y, wide, high), 'body', {
      depth: 0.6,
      inside: hide(x - wide, y - high * 0.3, wide * 2, high) + pen.flat(shade, 'bodyDark')
    })
  }
  return turn(0, -102, 380, 106) + turn(10, -216, 290, 96) + pen.flat(ellipse(20, -268, 190, 46), 'bodyDark')
}

/** The edge of the upper coil before the neck, which rises out of it. */
const lip = ({ pen }: Model): string =>
  pen.joined(
    'M-170 -262Q20 -194 210 -262Q236 -206 170 -190Q20 -160 -130 -190Q-196 -206 -170 -262Z',
    'M-170 -262Q20 -194 210 -262',
    'body',
    { depth: 0 }
  )

/** The light scutes along the front of the neck. */
function scutes({ pen }: Model, girth: number): string {
  const front = NECK.map(([x, y], index): Point => [
    x - (index < 3 ? 30 : 52) * girth,
    y + (index < 4 ? 26 : 6)
  ])
  const { left, right } = sidesOf(front, [80 * girth, 60 * girth], 13)
  const edges = left.map(([x, y], index) => path`M${x} ${y}L${right[index]![0]} ${right[index]![1]}`)
  return (
    pen.flat(ribbon(front, [80 * girth, 60 * girth], 13), 'bodyLight') + pen.line(edges.join(''), 'body', 7)
  )
}

/** Snakes: two coils, out of which the neck rises, an S of a neck, a forked tongue. */
export function snake(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const radius = 136 * model.head
  const head = { x: -60, y: -1000 + radius * 1.1, radius, snout: 1.06 }
  const neck = ribbon(
    NECK,
    [190, 186, 176, 164, 152, 140, 130].map((width) => width * girth)
  )
  const { hood, tip } = signs(model)
  const { drawn, face, crown } = reptileHead(model, head)
  const [tx, ty] = [head.x - radius * 1.2, head.y + radius * 0.6]
  const tongue = pen.line(`M${Math.round(tx)} ${Math.round(ty)}l-90 40l-50 -14m50 14l-20 46`, 'heart', 16)
  const horns = /horned|eyelash/.test(nameOf(model))
    ? each([-0.3, 0.4], (dx) =>
        pen.solid(
          polygon(
            [head.x + (dx - 0.2) * radius, head.y - radius * 0.8],
            [head.x + dx * radius, head.y - radius * 1.5],
            [head.x + (dx + 0.2) * radius, head.y - radius * 0.8]
          ),
          'accent',
          { depth: 0.3 }
        )
      )
    : ''
  return {
    behind: tip + hood,
    body:
      coils(model) +
      pen.solid(neck, 'body', {
        depth: 0.6,
        inside: hide(-200, -860, 460, 540) + scutes(model, girth) + pattern(model)
      }) +
      lip(model),
    head: tongue + horns + drawn,
    face,
    crown,
    neck: { x: -60, y: -716, width: 160 * girth },
    // The tail holds things, but not the one with a rattle.
    ...(tip === '' && {
      shoulders: [
        [-130, -150],
        [200, -88]
      ] as const
    }),
    hands: [
      [-130, -560],
      [400, -200]
    ],
    arm: 110,
    limb: 'tail',
    holds: 1
  }
}
