import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, repeat } from '../repeat.ts'
import { blob, curve, ellipse, polygon } from '../svg.ts'
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
    [-half * 0.8, shoulderY],
    [half * 0.8, shoulderY],
    [half * 0.86, -520],
    [half * 1.7, -20],
    [-half * 1.7, -20],
    [-half * 0.86, -520]
  )
}

function coat({ half, shoulderY }: Build): string {
  return blob(
    [-half, shoulderY],
    [half, shoulderY],
    [half * 1.06, -480],
    [half * 1.1, -250],
    [-half * 1.1, -250],
    [-half * 1.06, -480]
  )
}

function legs({ pen, girth }: Model, { half }: Build): string {
  return both(
    (side) =>
      pen.limb(curve([side * half * 0.5, -280], [side * half * 0.56, -40]), 'bodyDark', 96 * girth) +
      pen.solid(
        blob([side * half * 0.2, -50], [side * half, -50], [side * half * 1.2, 0], [side * half * 0.16, 0]),
        'ink',
        { depth: 0 }
      )
  )
}

/** A seam, four buttons and a collar. */
function seams({ pen }: Model, { half, shoulderY }: Build): string {
  return (
    pen.line(`M0 ${shoulderY}V-250`, 'bodyDark', 8) +
    repeat(4, (index) => pen.flat(ellipse(26, shoulderY + 110 + index * 84, 12), 'accent')) +
    pen.solid(
      polygon([-half * 0.46, shoulderY - 20], [half * 0.46, shoulderY - 20], [0, shoulderY + 120]),
      'paper',
      { depth: 0 }
    )
  )
}

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
  return pen.solid(
    blob(
      [-radius * 0.9, headY + radius * 0.3],
      [0, headY + radius * 0.2],
      [radius * 0.9, headY + radius * 0.3],
      [radius * 0.4, headY + radius * 1.4],
      [-radius * 0.4, headY + radius * 1.4]
    ),
    'paper',
    { depth: 0.4 }
  )
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

/** Neck, ears and skull. */
function skull({ pen }: Model, { radius, headY, shoulderY }: Build): string {
  return (
    pen.limb(curve([0, headY + radius * 0.7], [0, shoulderY + 16]), 'skin', radius * 0.6) +
    both((side) => pen.flat(ellipse(side * radius * 0.98, headY, radius * 0.2, radius * 0.26), 'skinDark')) +
    pen.solid(ellipse(0, headY, radius * 0.94, radius * 1.06), 'skin')
  )
}

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
  const lower = isGowned ? '' : legs(model, build)
  const hair = random.pick([shortHair, longHair, bun])(model, build)
  const chin = beard(model, build)
  const back = cape(model, build)
  const top = crown(model, build)
  return {
    behind: back,
    body: lower + pen.solid(torso, 'body', { inside: seams(model, build) }),
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
    shoulders: pair(half * 0.9, shoulderY + 56),
    hands: pair(half, -330),
    arm: 70 * girth
  }
}
