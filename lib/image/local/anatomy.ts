import type { Expression } from './expression.ts'
import type { Pen } from './pen.ts'
import type { Random } from './random.ts'
import type { Point } from './svg.ts'

/**
 * The input of a body plan. A plan draws on its own grid: the figure is about 1000 high, its feet are on y = 0, its
 * middle is x = 0, and y is negative upwards.
 */
export interface Model {
  pen: Pen
  /** Its seed is the noun, so that the same noun always has the same shape. */
  random: Random
  /** The noun with its taxonomy, in lower case. */
  words: string
  /** Its order and class, in lower case. */
  order: string
  /** Factors of the usual size of the head and of the usual width, about 0.85 to 1.2. */
  head: number
  girth: number
  /** Of the feeling: a beak shows it. */
  expression: Expression
  /** Draws the marks of the hide over a region: spots, stripes, scales. */
  hide: (x: number, y: number, width: number, height: number) => string
}

export interface Pose {
  /** Position of each hand, in units from its shoulder: outwards and upwards. */
  hands: readonly [Point, Point]
  /** Degrees that the whole figure leans. */
  lean: number
  /** Height above the ground, in units of the frame. */
  hop: number
  /** Whether a limb trails a motion line. */
  moving: boolean
}

/** What a figure holds things with. */
export type LimbKind = 'arm' | 'fin' | 'foreleg' | 'leaf' | 'lobe' | 'tail' | 'tentacle' | 'trunk' | 'wing'

/** A limb from the shoulder to the hand. */
export interface Limb {
  from: Point
  to: Point
  /** -1 for the left one, 1 for the right one. */
  side: number
  /** Thickness at the hand. */
  width: number
  isHuman: boolean
  /** Whether it holds a tool. */
  isHolding: boolean
  /** Whether it is behind the body, on its far side. */
  isFar?: boolean
  /** Whether a garment covers it down to the wrist. */
  isSleeved: boolean
  /** Whether it comes out of a garment, so that its shoulder has an edge. */
  isFromArmhole?: boolean
}

/** What is under the tool, and the fingers over it. */
export interface DrawnLimb {
  under: string
  over: string
}

/** Where a mouth is. `room` is how far it opens downwards at most, so that it stays above the chin. */
export interface Mouth {
  x: number
  y: number
  width: number
  room?: number
}

export interface Face {
  x: number
  y: number
  /** Radius of an eye. */
  eye: number
  /** Half the distance between the eyes. */
  apart: number
  mouth?: Mouth
  /** How far the head is turned: the eye on the far side is smaller. -1 is to the left, 1 to the right. */
  turn?: number
  /** Whether the eyes are on stalks, so that no cheeks are below them. */
  isOnStalks?: boolean
  /** The y that no brow passes: the upper edge of the head, or the brim of a hat. */
  top?: number
  /** The beak with its feeling, in place of a mouth. */
  beak?: string
  /** The x that a beak or a snout reaches, on the left. What a hand holds keeps clear of it. */
  beakTip?: number
}

/** Where an animal without hands carries a tool: a point of its back, and its body with its depth. */
export interface Pack {
  x: number
  y: number
  depth: number
  /** The outline of the body, at which the cushion ends. */
  body: string
}

/** The parts of a figure, in layers, so that clothes and tools can be drawn between them. */
export interface Anatomy {
  /** The layer behind the others: tail, wings, far limbs. */
  behind: string
  body: string
  /**
   * The outline that garments are cut at, and the box that they cover: a chest, or a back. A round one has no front: it
   * wears what goes around it.
   */
  torso?: {
    d: string
    x: number
    y: number
    width: number
    height: number
    isBack?: boolean
    isRound?: boolean
  }
  head: string
  /** The layer over the garment: fins, folded wings. */
  front?: string
  face: Face
  /** Position and width of a hat on the head. */
  crown: { x: number; y: number; width: number }
  neck: { x: number; y: number; width: number }
  /** The upper ends of the arms. A plan without arms has the positions of its hands only. */
  shoulders?: readonly [Point, Point]
  hands: readonly [Point, Point]
  /** How high hands go at most above the shoulders: they stay below a wide crown. */
  raise?: number
  /** Thickness of an arm. */
  arm?: number
  /** What the arms are; `arm` if absent. */
  limb?: LimbKind
  /** The limb that is behind the body where it reaches outwards: that of the far side. Absent if both are before it. */
  far?: 0 | 1
  /** The hand that holds the tool of a body that looks to one side: the front one. Absent if the action decides. */
  grips?: 0 | 1
  /** The back that carries the tool of a body that holds none. */
  pack?: Pack
  /** The only hand, which is drawn over the head if it is a trunk. Absent if a plan has two. */
  holds?: 0 | 1
}

/** The name of the noun without its family, in lower case. */
export const nameOf = ({ words }: Model): string => words.split(',')[0]!

export type Plan = (model: Model) => Anatomy

/** The same point on the left and on the right. */
export const pair = (x: number, y: number): readonly [Point, Point] => [
  [-x, y],
  [x, y]
]
