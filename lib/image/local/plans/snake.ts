import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { blob, curve, ellipse, path, polygon, polyline, ribbon, sidesOf } from '../svg.ts'
import type { Point } from '../svg.ts'
import { reptileHead } from './reptile-head.ts'

/** The neck in an S, from inside of the coils to the head. */
const NECK: Point[] = [
  [-30, -176],
  [-10, -250],
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
  const at = (index: number): Point => NECK[index + 1]!
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

/** A turn of the body, seen from the side and a little from above. */
interface Turn {
  y: number
  reach: number
  high: number
}

/** The turns from the lowest to the highest, and the opening in the highest, from which the neck rises. */
const TURNS: readonly Turn[] = [
  { y: -112, reach: 366, high: 118 },
  { y: -212, reach: 268, high: 100 }
]
const OPENING: Turn = { y: -252, reach: 172, high: 46 }

/** A turn as a whole ring: those above lie on it. */
function ring({ pen, hide }: Model, { y, reach, high }: Turn): string {
  const shade = path`
    M${-reach * 1.1} ${y + high * 0.2}
    Q0 ${y + high * 1.1} ${reach * 1.1} ${y + high * 0.2}
    V${y + high * 1.2}
    H${-reach * 1.1}Z
  `
  return pen.solid(ellipse(0, y, reach, high), 'body', {
    depth: 0.8,
    inside: hide(-reach, y - 40, reach * 2, high) + pen.flat(shade, 'bodyDark')
  })
}

/** The part of the highest turn that is before the neck. It has the outline of the opening only. */
function lip({ pen }: Model): string {
  const { y, reach, high } = OPENING
  const edge = path`M${-reach} ${y}A${reach} ${high} 0 0 0 ${reach} ${y}`
  return pen.joined(
    edge + path`L${reach * 0.9} ${y + high * 1.8}Q0 ${y + high * 3} ${-reach * 0.9} ${y + high * 1.8}Z`,
    edge,
    'body',
    { depth: 0 }
  )
}

/** The light scutes along the front of the neck. */
function scutes({ pen }: Model, girth: number): string {
  const front = NECK.map(([x, y], index): Point => [
    x - (index < 4 ? 30 : 52) * girth,
    y + (index < 5 ? 26 : 6)
  ])
  const { left, right } = sidesOf(front, [80 * girth, 60 * girth], 13)
  const edges = left.map((point, index) => polyline(point, right[index]!))
  return (
    pen.flat(ribbon(front, [80 * girth, 60 * girth], 13), 'bodyLight') + pen.line(edges.join(''), 'body', 7)
  )
}

/** Snakes: a coil whose turns pass before and behind each other, an S of a neck, a forked tongue. */
export function snake(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const radius = 136 * model.head
  const head = { x: -60, y: -1000 + radius * 1.1, radius, snout: 1.06 }
  const neck = ribbon(
    NECK,
    [190, 190, 186, 176, 164, 152, 140, 130].map((width) => width * girth)
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
    // The neck rises from inside of the coil.
    body:
      each(TURNS, (turn) => ring(model, turn)) +
      pen.flat(ellipse(0, OPENING.y, OPENING.reach, OPENING.high), 'bodyDark') +
      pen.line(ellipse(0, OPENING.y, OPENING.reach, OPENING.high), 'bodyDark', 6) +
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
        [210, -96]
      ] as const
    }),
    hands: [
      [-130, -560],
      [400, -200]
    ],
    arm: 110,
    limb: 'tail',
    far: 1,
    holds: 1
  }
}
