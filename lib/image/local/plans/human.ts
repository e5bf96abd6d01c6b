import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
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

/** People: a coat, two legs, a face with hair. */
export function human(model: Model): Anatomy {
  const { pen, girth, words, random } = model
  const radius = 128 * model.head
  const headY = -1000 + radius + 50
  const half = 160 * girth
  const shoulderY = headY + radius * 1.16
  const gown = GOWNED.test(words)
  const torso = gown
    ? blob(
        [-half * 0.8, shoulderY],
        [half * 0.8, shoulderY],
        [half * 0.86, -520],
        [half * 1.7, -20],
        [-half * 1.7, -20],
        [-half * 0.86, -520]
      )
    : blob(
        [-half, shoulderY],
        [half, shoulderY],
        [half * 1.06, -480],
        [half * 1.1, -250],
        [-half * 1.1, -250],
        [-half * 1.06, -480]
      )
  const legs = gown
    ? ''
    : both(
        (side) =>
          pen.limb(curve([side * half * 0.5, -280], [side * half * 0.56, -40]), 'clothDark', 96 * girth) +
          pen.solid(
            blob(
              [side * half * 0.2, -50],
              [side * half, -50],
              [side * half * 1.2, 0],
              [side * half * 0.16, 0]
            ),
            'ink',
            { depth: 0 }
          )
      )
  const hair = random.pick([
    () =>
      pen.solid(
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
      ),
    () =>
      pen.solid(
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
      ),
    () =>
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
  ])()
  const beard = /wizard|hermit|elder|prospector|castaway|pirate|sage|king|philosopher|druid|alchemist/.test(
    words
  )
    ? pen.solid(
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
    : ''
  const cape = CAPED.test(words)
    ? pen.solid(
        polygon([-half * 0.9, shoulderY], [half * 0.9, shoulderY], [half * 2.1, -60], [-half * 2.1, -60]),
        'accentDark',
        { depth: 0.7 }
      )
    : ''
  const crown = /king|queen|prince|princess|monarch|emperor/.test(words)
    ? pen.solid(
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
    : /witch|wizard/.test(words)
      ? pen.solid(
          polygon(
            [-radius * 1.3, headY - radius * 0.66],
            [radius * 1.3, headY - radius * 0.66],
            [radius * 0.2, headY - radius * 2.1]
          ),
          'cloth',
          { depth: 0.6 }
        )
      : ''
  const mask = /masked|burglar|highwayman|avenger|bandit|superhero|outlaw/.test(words)
    ? pen.flat(ellipse(0, headY - radius * 0.1, radius * 0.98, radius * 0.36), 'ink')
    : ''
  return {
    behind: cape,
    body:
      legs +
      pen.solid(torso, 'cloth', {
        inside:
          pen.line(`M0 ${shoulderY}V-250`, 'clothDark', 8) +
          each([0, 1, 2, 3], (index) => pen.flat(ellipse(26, shoulderY + 110 + index * 84, 12), 'accent')) +
          pen.solid(
            polygon([-half * 0.46, shoulderY - 20], [half * 0.46, shoulderY - 20], [0, shoulderY + 120]),
            'paper',
            { depth: 0 }
          )
      }),
    torso: {
      d: torso,
      x: -half * 1.1,
      y: shoulderY,
      width: half * 2.2,
      height: (gown ? -30 : -250) - shoulderY
    },
    head:
      pen.limb(curve([0, headY + radius * 0.7], [0, shoulderY + 16]), 'body', radius * 0.6) +
      both((side) =>
        pen.flat(ellipse(side * radius * 0.98, headY, radius * 0.2, radius * 0.26), 'bodyDark')
      ) +
      pen.solid(ellipse(0, headY, radius * 0.94, radius * 1.06), 'body') +
      beard +
      mask +
      hair +
      crown +
      pen.line(
        curve([0, headY], [radius * 0.14, headY + radius * 0.24], [-radius * 0.04, headY + radius * 0.28]),
        'bodyDark',
        radius * 0.09
      ),
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
