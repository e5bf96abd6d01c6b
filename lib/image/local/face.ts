import type { Face } from './anatomy.ts'
import type { Expression } from './expression.ts'
import { drawMouth } from './mouth.ts'
import type { Role } from './palette.ts'
import type { Pen } from './pen.ts'
import { both } from './repeat.ts'
import { curve, ellipse, path } from './svg.ts'
import { match } from './traits.ts'
import type { Trait } from './traits.ts'

/** Positions of the pupils, in shares of the eye's radius; `cross` turns both inwards. */
export interface Gaze {
  dx: number
  dy: number
  cross?: true
}

const GAZES: Array<[RegExp, Gaze]> = [
  [/cross-eyed/, { dx: 0, dy: 0.1, cross: true }],
  [/^down from/, { dx: 0.1, dy: 0.5 }],
  [/^sideways/, { dx: 0.52, dy: 0 }],
  [/^past/, { dx: -0.4, dy: -0.1 }],
  [/^inward|listening/, { dx: 0, dy: 0.5 }],
  [/sleepily/, { dx: 0.3, dy: 0.3 }],
  [/^down at the viewer/, { dx: 0, dy: 0.26 }],
  [/^up at the viewer/, { dx: 0, dy: -0.3 }],
  [/the viewer/, { dx: 0, dy: 0 }],
  [/^(?:up|dreamily)|star|moon|sky|from on high|shelf/, { dx: 0.12, dy: -0.46 }],
  [/down|reflection|well\b|ground|book|spectacles/, { dx: -0.08, dy: 0.48 }],
  [/back|away|aside|over|past|behind/, { dx: 0.5, dy: 0.04 }],
  [/corner|sideways|round|warily|side to side|keyhole|clock/, { dx: -0.5, dy: -0.06 }],
  [/flame|butterfly|crystal|mirror|telescope|light|distance/, { dx: 0.4, dy: -0.2 }]
]

export function gazeOf(gaze: Trait): Gaze {
  return match(gaze, GAZES, [
    { dx: 0, dy: 0 },
    { dx: 0.4, dy: 0 },
    { dx: -0.4, dy: 0.1 }
  ])
}

/** Eyes, brows and mouth. */
export function drawFace(
  pen: Pen,
  { x, y, eye, apart, mouth, turn = 0, top = -Infinity, beak = '' }: Face,
  expression: Expression,
  gaze: Gaze,
  skin: Role
): string {
  const { frown, lift, lids, wide, cheeks, tear, pupil: size, hearts, squint } = expression
  const spread = Math.max(apart, eye * wide * 1.08) * (1 - 0.12 * Math.abs(turn))
  const eyes = both((side) => {
    const radius = eye * wide * (side * turn < 0 ? 1 - 0.2 * Math.abs(turn) : 1)
    const cx = x + side * spread
    const dx = gaze.cross ? -side * 0.5 : gaze.dx
    const [px, py] = [cx + dx * radius, y + gaze.dy * radius]
    const white = ellipse(cx, y, radius)
    const lidY = y - radius + 2 * radius * lids
    const lid =
      lids < 0.06
        ? ''
        : pen.flat(
            path`
              M${cx - radius * 1.1} ${y - radius * 1.2}
              H${cx + radius * 1.1}
              V${lidY}
              Q${cx} ${lidY + radius * 0.26} ${cx - radius * 1.1} ${lidY}Z
            `,
            skin
          )
    const cheek =
      squint === 0
        ? ''
        : pen.flat(
            path`
              M${cx - radius * 1.1} ${y + radius * 1.2}
              H${cx + radius * 1.1}
              V${y + radius * (1 - squint)}
              Q${cx} ${y + radius * (1 - squint * 2.6)} ${cx - radius * 1.1} ${y + radius * (1 - squint)}Z
            `,
            skin
          )
    const gleam = Math.min(1.3, size / 0.54)
    const pupil = hearts
      ? pen.flat(heart(px, py, radius * 0.62), 'heart')
      : pen.flat(ellipse(px, py, radius * size), 'ink') +
        pen.flat(
          ellipse(px + radius * 0.2 * gleam, py - radius * 0.22 * gleam, radius * 0.17 * gleam),
          'paper'
        ) +
        pen.flat(
          ellipse(px - radius * 0.18 * gleam, py + radius * 0.2 * gleam, radius * 0.09 * gleam),
          'paper'
        )
    const raised = y - radius * (1.3 + lift * 0.42)
    // The highest point of the brow, with half the width of its line, stays on the head.
    const browY = Math.max(raised, top + radius * (0.32 + Math.max(0.42 * frown, -0.56 * frown)))
    const [inner, outer] = [browY + frown * radius * 0.56, browY - frown * radius * 0.42]
    const brow = pen.line(
      curve(
        [cx - side * radius * 0.82, inner],
        [cx + side * radius * 0.1, Math.min(inner, outer) - radius * 0.16],
        [cx + side * radius * 0.98, outer]
      ),
      'ink',
      radius * 0.32
    )
    return pen.eye(white, pupil + lid + cheek, radius * 0.1) + brow
  })
  const radius = eye * wide
  const blush = cheeks
    ? both((side) =>
        pen.flat(
          ellipse(x + side * (spread + radius * 0.8), y + radius * 1.3, radius * 0.46, radius * 0.3),
          'accent',
          0.75
        )
      )
    : ''
  const drop = tear
    ? both((side) =>
        pen.flat(
          path`
          M${x + side * (spread + radius * 0.3)} ${y + radius * 0.8}
          q${radius * 0.8} ${radius * 1.3} 0 ${radius * 1.5}
          q${-radius * 0.8} ${-radius * 0.2} 0 ${-radius * 1.5}Z
        `,
          'tear'
        )
      )
    : ''
  return blush + eyes + drop + (mouth === undefined ? '' : drawMouth(pen, mouth, expression)) + beak
}

/** @param size from the middle to a lobe */
const heart = (x: number, y: number, size: number) => path`
  M${x} ${y + size}
  C${x - 1.7 * size} ${y - 0.1 * size} ${x - 0.9 * size} ${y - 1.3 * size} ${x} ${y - 0.5 * size}
  C${x + 0.9 * size} ${y - 1.3 * size} ${x + 1.7 * size} ${y - 0.1 * size} ${x} ${y + size}Z
`
