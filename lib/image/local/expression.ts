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
  /** How far a laugh pushes the lower lids up, from 0 to 1. */
  squint: number
  /** Whether the tongue is out. */
  tongue: boolean
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
  squint: 0,
  tongue: false,
  teeth: false,
  cheeks: false,
  tear: false,
  tilt: 0
}

const BY_GROUP: Record<string, Partial<Expression>> = {
  joy: { lift: 0.8, smile: 1, open: 1, squint: 0.36, cheeks: true, tilt: 7, wide: 1.05 },
  love: { lift: 0.5, smile: 0.85, cheeks: true, tilt: 12, wide: 1.15, hearts: true },
  surprise: { lift: 1.25, smile: 0, open: 1.1, wide: 1.21, pupil: 0.4 },
  calm: { frown: -0.5, lift: 0.1, lids: 0.62, smile: 0.42 },
  pride: { frown: 0.35, lift: 0.9, smile: 0.75, tilt: -10 },
  fear: { frown: -1, lift: 1, smile: -0.7, open: 0.5, wide: 1.14, pupil: 0.3, teeth: true, tilt: -7 },
  anger: { frown: 1.3, lift: -0.5, smile: -1, open: 0.5, pupil: 0.44, tilt: 3 },
  sadness: { frown: -1.2, lift: 0.2, smile: -1, tear: true, tilt: 13 },
  disgust: { frown: 0.7, lids: 0.42, smile: -0.85, tongue: true, tilt: -14 },
  longing: { frown: -1.1, lift: 0.9, smile: -0.2, pupil: 0.74, cheeks: true, tilt: 18, wide: 1.16 }
}

const BY_POLARITY: Record<string, Partial<Record<'smile' | 'frown', number>>> = {
  positive: { smile: 0.3 },
  negative: { smile: -0.3 },
  mixed: { frown: -0.15 }
}

/** The most that a round mouth smiles. */
export const ROUND = 0.2

/** The expression of an emotion: its group sets the values, its polarity and its row change them a little. */
export function expressionOf(emotion: Trait): Expression {
  const random = emotion.random()
  const [, group = '', polarity = ''] = emotion.fields
  const base = { ...CALM, ...BY_GROUP[group] }
  const shade = BY_POLARITY[polarity] ?? {}
  const clamp = (value: number) => Math.max(-1.3, Math.min(1.3, value))
  const smile = clamp(base.smile + (shade.smile ?? 0) + random.between(-0.12, 0.12))
  return {
    ...base,
    // A round mouth stays round: a smile would make a laugh of it.
    smile: base.smile === 0 ? Math.max(-ROUND, Math.min(ROUND, smile)) : smile,
    frown: clamp(base.frown + (shade.frown ?? 0) + random.between(-0.12, 0.12)),
    lids: base.lids === 0 ? 0 : base.lids + random.between(-0.06, 0.06),
    tilt: base.tilt * random.between(0.8, 1.2)
  }
}
