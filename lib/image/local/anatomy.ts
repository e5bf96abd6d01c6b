import type { Pen } from './pen.ts'
import type { Random } from './random.ts'
import type { Point } from './svg.ts'

/**
 * What a body plan is drawn with. Its own grid: it stands on y = 0 round x = 0 and is about 1000 high, upwards being negative.
 */
export interface Model {
  pen: Pen
  /** Depends on the noun alone. */
  random: Random
  /** The noun with its taxonomy, in lower case. */
  words: string
  /** Shares of the usual, about 0.85 to 1.2. */
  head: number
  girth: number
  /** Draws the marks of the hide over a region: spots, stripes, scales. */
  hide: (x: number, y: number, width: number, height: number) => string
}

export interface Pose {
  /** Where the hands go, in units from their shoulders: outwards and upwards. */
  hands: readonly [Point, Point]
  /** Degrees that the whole figure leans. */
  lean: number
  /** How far it is off the ground. */
  hop: number
  /** Whether a limb trails a motion line. */
  moving: boolean
}

export interface Face {
  x: number
  y: number
  /** Radius of an eye. */
  eye: number
  /** Half the distance of the eyes. */
  apart: number
  /** The mouth, unless the plan has drawn one (a beak). */
  mouth?: { x: number; y: number; width: number }
}

/** A figure taken apart, so that clothes and tools can be put between. */
export interface Anatomy {
  /** Behind everything: tail, wings, far limbs. */
  behind: string
  body: string
  /** The outline of what clothes cover, and the box that it lies in. */
  torso?: { d: string; x: number; y: number; width: number; height: number }
  head: string
  /** Over the clothes: fins, folded wings. */
  front?: string
  face: Face
  /** The top of the head: where a hat sits, and how wide. */
  crown: { x: number; y: number; width: number }
  neck: { x: number; y: number; width: number }
  /** Where arms begin; a plan without arms says where its hands are. */
  shoulders?: readonly [Point, Point]
  hands: readonly [Point, Point]
  /** Thickness of an arm. */
  arm?: number
}

export type Plan = (model: Model) => Anatomy

/** The same point on the left and on the right. */
export const pair = (x: number, y: number): readonly [Point, Point] => [
  [-x, y],
  [x, y]
]
