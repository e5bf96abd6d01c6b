import type { Point } from './svg.ts'
import type { Trait } from './traits.ts'

/** What a feeling does to the whole body. */
export interface Posture {
  /** Height above the ground, in units of the frame. */
  hop: number
  /** Degrees that the figure leans to the side of its light; negative is away from it. */
  lean: number
  /** Factors of width and height. */
  wide: number
  tall: number
  /** How far the head sinks between the shoulders, in units of the plan's grid. */
  sink: number
  /** Factor of the size of the head. */
  head: number
  /** Where the hand without a tool is, outwards and upwards from its shoulder. Absent if the action decides. */
  hand?: Point
  /** How high the hand with the tool is at least, and at most, from its shoulder. */
  least?: number
  most?: number
}

const UPRIGHT: Posture = { hop: 0, lean: 0, wide: 1, tall: 1, sink: 0, head: 1 }

const BY_GROUP: Record<string, Partial<Posture>> = {
  joy: { hop: 84, lean: 9, wide: 0.98, tall: 1.06, sink: -22, head: 1.06, hand: [150, 250], least: 150 },
  love: { lean: 9, hop: 18, sink: -8, head: 1.04, hand: [130, -30] },
  surprise: {
    hop: 64,
    lean: -10,
    wide: 0.92,
    tall: 1.09,
    sink: -24,
    head: 1.12,
    hand: [220, 170],
    least: 120
  },
  calm: { wide: 1.05, tall: 0.96, sink: 8, hand: [70, -210], most: -40 },
  pride: { lean: -8, wide: 1.1, tall: 1.07, sink: -18, hand: [70, -120] },
  fear: { lean: -13, wide: 0.84, tall: 0.93, sink: 62, head: 1.04, hand: [110, 110], most: 20 },
  anger: { lean: 13, wide: 1.14, tall: 0.93, sink: 46, head: 1.16, hand: [150, 20], least: 60 },
  sadness: { lean: 9, wide: 1.06, tall: 0.82, sink: 84, hand: [64, -260], most: -170 },
  disgust: { lean: -13, wide: 0.96, sink: 14, hand: [220, 30] },
  longing: { lean: 12, wide: 0.92, tall: 1.04, sink: 8, hand: [280, 170], least: -20 }
}

/** The posture of an emotion, which its group sets. */
export const postureOf = ({ fields }: Trait): Posture => ({ ...UPRIGHT, ...BY_GROUP[fields[1] ?? ''] })
