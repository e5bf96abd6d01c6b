import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polygon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'

const GOWNED = anyOf(
  /queen|princess|witch|enchantress|fairy|diva|duchess|stepmother/,
  /oracle|druid|wizard|sorcer|hermit|monk|godmother|pilgrim|seer|muse/
)

const CAPED = anyOf(
  /hero|vampire|count|villain|overlord|knight|musketeer/,
  /avenger|magician|sorcer|king|queen|highwayman|fairy/
)

const BEARDED = /wizard|hermit|elder|prospector|castaway|pirate|sage|king|philosopher|druid|alchemist/

/** The measures of a person. */
interface Build {
  /** Radius of the head and the y of its middle. */
  radius: number
  headY: number
  /** Half the width of the shoulders, and their y. */
  half: number
  shoulderY: number
}

function gown({ half, shoulderY }: Build): string {
  return blob(
    [-half * 0.7, shoulderY - 10],
    [half * 0.7, shoulderY - 10],
    [half * 1.06, shoulderY + 60],
    [half * 0.7, -470],
    [half * 0.8, -390],
    [half * 1.5, -60],
    [half * 1.3, -36],
    [-half * 1.3, -36],
    [-half * 1.5, -60],
    [-half * 0.8, -390],
    [-half * 0.7, -470],
    [-half * 1.06, shoulderY + 60]
  )
}

function coat({ half, shoulderY }: Build): string {
  return blob(
    [-half * 0.7, shoulderY - 10],
    [half * 0.7, shoulderY - 10],
    [half * 1.08, shoulderY + 60],
    [half * 0.84, -470],
    [half * 0.96, -330],
    [half * 1.06, -240],
    [-half * 1.06, -240],
    [-half * 0.96, -330],
    [-half * 0.84, -470],
    [-half * 1.08, shoulderY + 60]
  )
}

function legs({ pen, girth }: Model, { half }: Build): string {
  return both(
    (side) =>
      pen.solid(
        polygon(
          [side * half * 0.02, -300],
          [side * half * 0.92, -300],
          [side * (half * 0.54 + 44 * girth), -36],
          [side * (half * 0.54 - 40 * girth), -36]
        ),
        'bodyDark',
        { depth: 0.4 }
      ) + shoe({ pen }, side, half * 0.54)
  )
}

/** A shoe whose tip points outwards. */
const shoe = ({ pen }: Pick<Model, 'pen'>, side: number, x: number): string =>
  pen.solid(
    blob(
      [side * (x - 46), -60],
      [side * (x + 40), -60],
      [side * (x + 104), -30],
      [side * (x + 100), 4],
      [side * (x - 54), 4]
    ),
    'ink',
    { depth: 0 }
  )

/** The belt of a gown, and the folds below it. */
const folds = ({ pen }: Model, half: number): string =>
  pen.line(
    path`
      M${-half * 0.36} -360
      Q${-half * 0.5} -200 ${-half * 0.7} -40
      M${half * 0.06} -360
      V-40
      M${half * 0.4} -360
      Q${half * 0.56} -200 ${half * 0.76} -40
    `,
    'bodyDark',
    8
  ) + pen.line(curve([-half, -436], [0, -412], [half, -436]), 'accent', 34)

/** A seam, four buttons and a collar. */
function seams({ pen }: Model, { half, shoulderY }: Build): string {
  return (
    pen.line(`M0 ${shoulderY}V-250`, 'bodyDark', 8) +
    repeat(4, (index) => pen.flat(ellipse(26, shoulderY + 130 + index * 70, 12), 'accent')) +
    collar({ pen }, { half, shoulderY })
  )
}

const collar = (
  { pen }: Pick<Model, 'pen'>,
  { half, shoulderY }: Pick<Build, 'half' | 'shoulderY'>
): string =>
  pen.solid(
    polygon([-half * 0.5, shoulderY - 20], [half * 0.5, shoulderY - 20], [0, shoulderY + 120]),
    'paper',
    { depth: 0 }
  ) +
  pen.flat(
    polygon([-half * 0.28, shoulderY - 20], [half * 0.28, shoulderY - 20], [0, shoulderY + 66]),
    'skin'
  )

function cape({ pen, words }: Model, { half, shoulderY }: Build): string {
  if (!CAPED.test(words)) return ''
  return pen.solid(
    polygon([-half * 0.9, shoulderY], [half * 0.9, shoulderY], [half * 2.1, -60], [-half * 2.1, -60]),
    'accentDark',
    { depth: 0.7 }
  )
}

function shortHair({ pen }: Model, { radius, headY }: Build): string {
  return pen.solid(
    blob(
      [-radius * 1.1, headY - radius * 0.2],
      [-radius * 0.7, headY - radius * 1.2],
      [radius * 0.7, headY - radius * 1.2],
      [radius * 1.1, headY - radius * 0.2],
      [radius * 0.4, headY - radius * 0.52],
      [-radius * 0.5, headY - radius * 0.62]
    ),
    'ink',
    { depth: 0 }
  )
}

function longHair({ pen }: Model, { radius, headY }: Build): string {
  return pen.solid(
    blob(
      [-radius * 1.12, headY + radius * 0.9],
      [-radius * 1.12, headY - radius * 0.9],
      [0, headY - radius * 1.36],
      [radius * 1.12, headY - radius * 0.9],
      [radius * 1.12, headY + radius * 0.9],
      [radius * 0.82, headY + radius * 0.4],
      [radius * 0.74, headY - radius * 0.5],
      [-radius * 0.74, headY - radius * 0.5],
      [-radius * 0.82, headY + radius * 0.4]
    ),
    'accentDark',
    { depth: 0.5 }
  )
}

function bun({ pen }: Model, { radius, headY }: Build): string {
  return (
    pen.solid(
      blob(
        [-radius * 0.9, headY - radius * 0.5],
        [0, headY - radius * 1.3],
        [radius * 0.9, headY - radius * 0.5],
        [0, headY - radius * 0.74]
      ),
      'bodyDark',
      { depth: 0 }
    ) + pen.solid(ellipse(0, headY - radius * 1.24, radius * 0.4), 'bodyDark', { depth: 0.4 })
  )
}

function beard({ pen, words }: Model, { radius, headY }: Build): string {
  if (!BEARDED.test(words)) return ''
  const at = (dx: number, dy: number): Point => [dx * radius, headY + dy * radius]
  const hair = blob(
    at(-1.04, -0.1),
    at(-0.72, 0.42),
    at(-0.3, 0.3),
    at(0, 0.36),
    at(0.3, 0.3),
    at(0.72, 0.42),
    at(1.04, -0.1),
    at(1.02, 0.9),
    at(0.3, 1.52),
    at(-0.3, 1.52),
    at(-1.02, 0.9)
  )
  // The mouth is on skin: hair under it would hide its corners.
  const lips = pen.flat(ellipse(...at(0, 0.62), radius * 0.46, radius * 0.27), 'skin')
  return pen.solid(hair, 'paper', { depth: 0.4, inside: lips })
}

/** A crown for rulers, a pointed hat for witches and wizards. */
function crown({ pen, words }: Model, { radius, headY }: Build): string {
  if (/king|queen|prince|princess|monarch|emperor/.test(words)) {
    return pen.solid(
      polygon(
        [-radius * 0.8, headY - radius * 0.7],
        [-radius * 0.86, headY - radius * 1.5],
        [-radius * 0.4, headY - radius * 1.1],
        [0, headY - radius * 1.64],
        [radius * 0.4, headY - radius * 1.1],
        [radius * 0.86, headY - radius * 1.5],
        [radius * 0.8, headY - radius * 0.7]
      ),
      'accent',
      { depth: 0.5 }
    )
  }
  if (!/witch|wizard/.test(words)) return ''
  return pen.solid(
    polygon(
      [-radius * 1.3, headY - radius * 0.66],
      [radius * 1.3, headY - radius * 0.66],
      [radius * 0.2, headY - radius * 2.1]
    ),
    'cloth',
    { depth: 0.6 }
  )
}

function mask({ pen, words }: Model, { radius, headY }: Build): string {
  if (!/masked|burglar|highwayman|avenger|bandit|superhero|outlaw/.test(words)) return ''
  return pen.flat(ellipse(0, headY - radius * 0.1, radius * 0.98, radius * 0.36), 'ink')
}

/** Ears and skull. */
function skull({ pen }: Model, { radius, headY }: Build): string {
  return (
    both((side) => pen.flat(ellipse(side * radius * 0.98, headY, radius * 0.2, radius * 0.26), 'skinDark')) +
    pen.solid(ellipse(0, headY, radius * 0.94, radius * 1.06), 'skin')
  )
}

/** The neck, which goes down into the collar. */
const neckOf = ({ pen }: Model, { radius, headY, shoulderY }: Build): string =>
  pen.solid(
    polygon(
      [-radius * 0.34, headY + radius * 0.5],
      [radius * 0.34, headY + radius * 0.5],
      [radius * 0.42, shoulderY + 30],
      [-radius * 0.42, shoulderY + 30]
    ),
    'skin',
    { depth: 0.3 }
  )

function nose({ pen }: Model, { radius, headY }: Build): string {
  return pen.line(
    curve([0, headY], [radius * 0.14, headY + radius * 0.24], [-radius * 0.04, headY + radius * 0.28]),
    'skinDark',
    radius * 0.09
  )
}

/** People: a coat, two legs, a face with hair. */
export function human(model: Model): Anatomy {
  const { pen, girth, words, random } = model
  const radius = 150 * model.head
  const headY = -1000 + radius + 50
  const half = 160 * girth
  const shoulderY = headY + radius * 1.16
  const build: Build = { radius, headY, half, shoulderY }
  const isGowned = GOWNED.test(words)
  const torso = isGowned ? gown(build) : coat(build)
  // The order of these calls is the order in which the pen numbers its shapes, so it is part of the picture's bytes.
  const lower = isGowned ? both((side) => shoe(model, side, half * 0.4)) : legs(model, build)
  const hair = random.pick([shortHair, longHair, bun])(model, build)
  const chin = beard(model, build)
  const back = cape(model, build)
  const top = crown(model, build)
  return {
    behind: back,
    body:
      lower +
      neckOf(model, build) +
      pen.solid(torso, 'body', {
        inside: isGowned ? folds(model, half) + collar(model, build) : seams(model, build)
      }),
    torso: {
      d: torso,
      x: -half * 1.1,
      y: shoulderY,
      width: half * 2.2,
      height: (isGowned ? -30 : -250) - shoulderY
    },
    head: skull(model, build) + chin + mask(model, build) + hair + top + nose(model, build),
    face: {
      x: 0,
      y: headY - radius * 0.1,
      eye: radius * 0.26,
      apart: radius * 0.42,
      mouth: { x: 0, y: headY + radius * 0.54, width: radius * 0.56 }
    },
    crown: { x: 0, y: headY - radius * 0.84, width: radius * 1.5 },
    neck: { x: 0, y: shoulderY + 16, width: half * 1.2 },
    shoulders: pair(half * 0.74, shoulderY + 66),
    hands: pair(half, -330),
    arm: 70 * girth
  }
}
