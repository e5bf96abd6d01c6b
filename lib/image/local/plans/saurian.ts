import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'

const PLATED = anyOf(
  /stegosaur|iguana|tuatara|spinosaur|dimetrodon|crested|dragon/,
  /basilisk|newt|kentro|crocod|alligator|caiman|ankylos/
)

const LONG_NECKED =
  /sauropod|diplodoc|brachio|apato|plesio|titanosaur|long-neck|brontos|camarasaur|elasmosaur/

/** The measures of a head: its middle and its radius. */
interface Head {
  x: number
  y: number
  radius: number
}

function heavyBody(half: number): string {
  return blob(
    [-half, -470],
    [-half * 0.2, -600],
    [half * 0.8, -520],
    [half * 1.3, -300],
    [half * 0.6, -150],
    [-half * 0.7, -150],
    [-half * 1.3, -290]
  )
}

function uprightBody(half: number, shoulderY: number): string {
  return blob(
    [-half * 0.6, shoulderY - 20],
    [half * 0.5, shoulderY - 20],
    [half * 1.06, -400],
    [half * 1.1, -160],
    [half * 0.3, -90],
    [-half * 0.6, -90],
    [-half * 1.04, -180],
    [-half * 0.96, -430]
  )
}

function neck({ pen, girth }: Model, { x, y }: Head, half: number, isLong: boolean): string {
  const spine: Point[] = [
    [-half * 0.2, -480],
    [-half * 0.9, -640],
    [x + 40, -800],
    [x, y]
  ]
  const widths = isLong ? [240 * girth, 150, 116, 104] : [200, 190, 170, 150]
  return pen.solid(ribbon(spine, widths), 'body', { depth: 0.6 })
}

function tail({ pen, girth, hide }: Model, half: number): string {
  const spine: Point[] = [
    [half * 0.4, -190],
    [300, -120],
    [430, -60],
    [470, -180],
    [420, -260]
  ]
  return pen.solid(ribbon(spine, [190 * girth, 130, 84, 50, 16]), 'bodyDark', {
    depth: 0.7,
    inside: hide(100, -300, 400, 300)
  })
}

/** The plates along the back. */
function plates({ pen, words }: Model): string {
  if (!PLATED.test(words)) return ''
  return each(
    [
      [60, -720],
      [150, -610],
      [210, -490],
      [250, -370],
      [330, -250]
    ],
    ([x, y], index) =>
      pen.solid(
        polygon([x - 60, y + 50], [x + 70, y - 70 + index * 8], [x + 40, y + 90]),
        index % 2 === 0 ? 'accent' : 'accentDark',
        { depth: 0.4 }
      )
  )
}

/** A frill with two horns. */
function frill({ pen }: Model, { x, y, radius }: Head): string {
  const rim = Array.from({ length: 9 }, (_, index): Point => [
    x + Math.sin((index - 4) * 0.38) * radius * 1.9,
    y - radius * 0.1 - Math.cos((index - 4) * 0.38) * radius * 1.7
  ])
  return (
    pen.solid(blob(...rim), 'accent', { depth: 0.6 }) +
    both((side) =>
      pen.solid(
        polygon(
          [x + side * radius * 0.3, y - radius * 0.6],
          [x + side * radius * 0.7, y - radius * 0.6],
          [x + side * radius * 0.9, y - radius * 1.7]
        ),
        'paper'
      )
    )
  )
}

/** A crest that points backwards. */
function crest({ pen }: Model, { x, y, radius }: Head): string {
  const spine: Point[] = [
    [x, y - radius * 0.6],
    [x + radius, y - radius * 1.3],
    [x + radius * 1.9, y - radius * 1.2]
  ]
  return pen.solid(ribbon(spine, [80, 64, 34]), 'accent')
}

function leg({ pen, girth }: Model, x: number): string {
  return (
    pen.limb(curve([x, -210], [x - 20, -50]), 'body', 118 * girth) +
    pen.solid(blob([x - 90, -50], [x + 60, -50], [x + 70, 0], [x - 120, 0]), 'bodyDark', { depth: 0.4 })
  )
}

/** Skull and nostrils. */
function skull({ pen, words }: Model, { x, y, radius }: Head): string {
  const snout = /crocod|alligator|caiman|gharial|spino|monitor|suchus/.test(words) ? 1.25 : 0.9
  const outline = blob(
    [x - radius * 0.9, y - radius * 0.7],
    [x + radius * 0.9, y - radius * 0.7],
    [x + radius * 1.04, y + radius * 0.1],
    [x + radius * 0.66, y + radius * snout],
    [x - radius * 0.66, y + radius * snout],
    [x - radius * 1.04, y + radius * 0.1]
  )
  return (
    pen.solid(outline, 'body') +
    both((side) => pen.flat(ellipse(x + side * radius * 0.22, y + radius * 0.34, radius * 0.07), 'ink'))
  )
}

/** Lizards, crocodiles, newts, dinosaurs: a heavy tail, strong legs, a snout. */
export function saurian(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const longNeck = LONG_NECKED.test(words)
  const radius = (longNeck ? 100 : 136) * model.head
  const half = 190 * girth
  const headX = longNeck ? -180 : -40
  const headY = -1000 + radius * 0.9
  const shoulderY = longNeck ? -560 : headY + radius * 1.2
  const head: Head = { x: headX, y: headY, radius }
  const body = longNeck ? heavyBody(half) : uprightBody(half, shoulderY)
  // The order of these calls is the order in which the pen numbers its shapes, so it is part of the picture's bytes.
  const back = plates(model)
  const ornament = /ceratops|horned|frilled|styraco|protoceratops/.test(words)
    ? frill(model, head)
    : /parasauro|lambeo|hadros|crest|cassowary|dilopho/.test(words)
      ? crest(model, head)
      : ''
  return {
    behind: back + tail(model, half) + ornament,
    body:
      leg(model, longNeck ? -120 : -100) +
      leg(model, longNeck ? 170 : 130) +
      (longNeck || /theropod|raptor|tyranno/.test(words)
        ? neck(model, head, half, longNeck)
        : pen.limb(curve([headX, headY], [headX + 20, shoulderY + 60]), 'body', radius * 1.2)) +
      pen.solid(body, 'body', {
        inside:
          pen.flat(ellipse(-40, -270, half * 0.62, 190), 'bodyLight') +
          hide(-half, shoulderY, half * 2.1, 260)
      }),
    torso: { d: body, x: -half, y: shoulderY, width: half * 2.05, height: -100 - shoulderY },
    head: skull(model, head),
    face: {
      x: headX,
      y: headY - radius * 0.24,
      eye: radius * 0.29,
      apart: radius * 0.5,
      mouth: { x: headX, y: headY + radius * 0.62, width: radius * 0.7 }
    },
    crown: { x: headX, y: headY - radius * 0.62, width: radius * 1.4 },
    neck: longNeck ? { x: -140, y: -700, width: 150 } : { x: -20, y: shoulderY + 10, width: half * 1.2 },
    shoulders: [
      [-half * 0.76, longNeck ? -440 : shoulderY + 110],
      [half * 0.6, longNeck ? -440 : shoulderY + 110]
    ],
    hands: pair(half, -330),
    arm: 58 * girth
  }
}
