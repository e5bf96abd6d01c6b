import type { Face } from './anatomy.ts'
import type { Role } from './palette.ts'
import type { Pen } from './pen.ts'
import { both } from './repeat.ts'
import { curve, ellipse, path } from './svg.ts'
import { match } from './traits.ts'
import type { Trait } from './traits.ts'

/** The expression of a feeling. */
export interface Expression {
  /** Tilt of the brows: positive lowers their inner ends (anger), negative lowers their outer ends (sorrow). */
  frown: number
  /** How far the brows are raised. */
  lift: number
  /** How far the lids are down, from 0 to 1. */
  lids: number
  /** From -1 (down) to 1 (a smile). */
  smile: number
  /** How far the mouth is open, from 0 to 1. */
  open: number
  /** Size of the eyes, 1 being usual. */
  wide: number
  /** Size of the pupils as a share of the eye: small in fright, large in tenderness. */
  pupil: number
  /** Whether the pupils are hearts. */
  hearts: boolean
  /** Whether the mouth is a row of clenched teeth. */
  teeth: boolean
  cheeks: boolean
  tear: boolean
  /** Degrees that the head is tilted. */
  tilt: number
}

const CALM: Expression = {
  frown: 0,
  lift: 0,
  lids: 0,
  smile: 0.3,
  open: 0,
  wide: 1,
  pupil: 0.54,
  hearts: false,
  teeth: false,
  cheeks: false,
  tear: false,
  tilt: 0
}

const BY_GROUP: Record<string, Partial<Expression>> = {
  joy: { lift: 0.8, smile: 1, open: 1, cheeks: true, tilt: 7, wide: 1.05 },
  love: { lift: 0.5, smile: 0.85, cheeks: true, tilt: 12, wide: 1.15, hearts: true },
  surprise: { lift: 1.6, smile: 0, open: 1.2, wide: 1.35, pupil: 0.42 },
  calm: { lids: 0.5, smile: 0.5, tilt: -4 },
  pride: { frown: 0.35, lift: 0.9, smile: 0.75, tilt: -10 },
  fear: { frown: -1, lift: 1, smile: -0.7, open: 0.5, wide: 1.3, pupil: 0.26, teeth: true, tilt: -7 },
  anger: { frown: 1.3, lift: -0.5, smile: -1, open: 0.5, pupil: 0.44, tilt: 3 },
  sadness: { frown: -1.2, lift: 0.2, smile: -1, tear: true, tilt: 13 },
  disgust: { frown: 0.7, lids: 0.42, smile: -0.85, tilt: -14 },
  longing: { frown: -0.9, lift: 0.7, lids: 0.2, smile: 0.34, pupil: 0.72, cheeks: true, tilt: 16, wide: 1.12 }
}

const BY_POLARITY: Record<string, Partial<Record<'smile' | 'frown', number>>> = {
  positive: { smile: 0.3 },
  negative: { smile: -0.3 },
  mixed: { frown: -0.15 }
}

/** The expression of an emotion: its group sets the values, its polarity and its row change them a little. */
export function expressionOf(emotion: Trait): Expression {
  const random = emotion.random()
  const [, group = '', polarity = ''] = emotion.fields
  const base = { ...CALM, ...BY_GROUP[group] }
  const shade = BY_POLARITY[polarity] ?? {}
  const clamp = (value: number) => Math.max(-1.3, Math.min(1.3, value))
  return {
    ...base,
    smile: clamp(base.smile + (shade.smile ?? 0) + random.between(-0.12, 0.12)),
    frown: clamp(base.frown + (shade.frown ?? 0) + random.between(-0.12, 0.12)),
    lids: base.lids === 0 ? 0 : base.lids + random.between(-0.06, 0.06),
    tilt: base.tilt * random.between(0.8, 1.2)
  }
}

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
  { x, y, eye, apart, mouth, beak = '' }: Face,
  expression: Expression,
  gaze: Gaze,
  skin: Role
): string {
  const { frown, lift, lids, wide, cheeks, tear, pupil: size, hearts } = expression
  const radius = eye * wide
  const spread = Math.max(apart, radius * 1.08)
  const eyes = both((side) => {
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
    const browY = y - radius * (1.3 + lift * 0.42)
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
    return pen.eye(white, pupil + lid, radius * 0.1) + brow
  })
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

function drawMouth(
  pen: Pen,
  { x, y, width }: { x: number; y: number; width: number },
  { smile, open, teeth }: Expression
): string {
  const half = width * 0.68
  const bend = half * smile * 0.8
  if (teeth) return drawTeeth(pen, x, y, half)
  if (open < 0.15) {
    return pen.line(
      path`
        M${x - half} ${y - bend * 0.5}
        Q${x} ${y + bend * 1.3} ${x + half} ${y - bend * 0.5}
      `,
      'ink',
      Math.max(9, width * 0.15)
    )
  }
  if (Math.abs(smile) < 0.25) {
    return (
      pen.flat(ellipse(x, y + half * 0.2, half * 0.6, half * (0.4 + open * 0.45)), 'ink') +
      pen.flat(ellipse(x, y + half * 0.55, half * 0.36, half * 0.3), 'accent')
    )
  }
  const depth = Math.min(half * (0.5 + open), half * 0.45 + 85)
  const shape =
    smile > 0
      ? path`
        M${x - half} ${y - half * 0.3}
        Q${x} ${y - half * 0.1} ${x + half} ${y - half * 0.3}
        Q${x + half * 0.7} ${y + depth} ${x} ${y + depth}
        Q${x - half * 0.7} ${y + depth} ${x - half} ${y - half * 0.3}Z
      `
      : path`
        M${x - half} ${y + half * 0.4}
        Q${x - half * 0.6} ${y - depth * 0.6} ${x} ${y - depth * 0.6}
        Q${x + half * 0.6} ${y - depth * 0.6} ${x + half} ${y + half * 0.4}
        Q${x} ${y + half * 0.1} ${x - half} ${y + half * 0.4}Z
      `
  return (
    pen.flat(shape, 'ink') +
    pen.within(
      shape,
      smile > 0
        ? pen.flat(ellipse(x, y + depth, half * 0.56, half * 0.4), 'accent') +
            pen.flat(
              path`M${x - half} ${y - half * 0.4}H${x + half}V${y - half * 0.02}H${x - half}Z`,
              'paper'
            )
        : pen.flat(path`M${x - half} ${y + half * 0.12}H${x + half}V${y + half * 0.5}H${x - half}Z`, 'paper')
    )
  )
}

/** A wavering mouth with clenched teeth. */
function drawTeeth(pen: Pen, x: number, y: number, half: number): string {
  const edge = Math.min(half * 0.4, 46)
  const lips = path`
    M${x - half} ${y + edge * 0.5}
    Q${x - half * 0.6} ${y - edge * 1.3} ${x - half * 0.2} ${y - edge * 0.6}
    T${x + half * 0.5} ${y - edge * 0.7}
    T${x + half} ${y + edge * 0.5}
    Q${x + half * 0.6} ${y + edge * 1.5} ${x + half * 0.2} ${y + edge}
    T${x - half * 0.5} ${y + edge * 1.1}
    T${x - half} ${y + edge * 0.5}Z
  `
  return (
    pen.flat(lips, 'paper') +
    pen.within(
      lips,
      pen.line(path`M${x - half} ${y + edge * 0.2}H${x + half}`, 'ink', Math.max(5, half * 0.07)) +
        pen.line(
          path`
            M${x - half * 0.5} ${y - edge * 2}V${y + edge * 3}
            M${x} ${y - edge * 2}V${y + edge * 3}
            M${x + half * 0.5} ${y - edge * 2}V${y + edge * 3}
          `,
          'ink',
          Math.max(5, half * 0.07)
        )
    ) +
    pen.line(lips, 'ink', Math.max(6, half * 0.12))
  )
}
