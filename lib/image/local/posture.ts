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
}

const UPRIGHT: Posture = { hop: 0, lean: 0, wide: 1, tall: 1, sink: 0, head: 1 }

const BY_GROUP: Record<string, Partial<Posture>> = {
  joy: { hop: 62, lean: 7, tall: 1.03, sink: -14, head: 1.04, hand: [150, 250] },
  love: { lean: 6, hop: 14, sink: -6, hand: [-60, -80] },
  surprise: { hop: 40, lean: -8, wide: 0.95, tall: 1.06, sink: -34, head: 1.08, hand: [220, 150] },
  calm: { wide: 1.03, tall: 0.97, hand: [10, -150] },
  pride: { lean: -5, wide: 1.07, tall: 1.04, sink: -26, hand: [70, -120] },
  fear: { lean: -13, wide: 0.88, tall: 0.95, sink: 52, hand: [-20, 40] },
  anger: { lean: 9, wide: 1.1, tall: 0.95, sink: 34, head: 1.1, hand: [130, -70] },
  sadness: { lean: 5, wide: 1.04, tall: 0.86, sink: 76, hand: [20, -260] },
  disgust: { lean: -12, wide: 0.97, sink: 12, hand: [210, -30] },
  longing: { lean: 11, wide: 0.94, tall: 1.02, sink: 14, hand: [270, 130] }
}

/** The posture of an emotion, which its group sets. */
export const postureOf = ({ fields }: Trait): Posture => ({ ...UPRIGHT, ...BY_GROUP[fields[1] ?? ''] })
