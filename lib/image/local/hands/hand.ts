import type { Inset } from '../framing.ts'
import type { PaletteRule, Role } from '../palette.ts'
import type { Pen, Technique } from '../pen.ts'
import type { Print } from '../grid/prints.ts'
import type { Palette } from '../palette.ts'
import type { Random } from '../random.ts'
import type { Point } from '../svg.ts'

/** What a hand composes: the parts of a scene, and where the figure is. Positions are in units of the frame. */
export interface Stage {
  pen: Pen
  palette: Palette
  /** Its seed is the row of the art style. */
  random: Random
  /** The middle of the figure, its feet and its height. */
  x: number
  feet: number
  height: number
  horizon: number
  /** The middle of the head, where the one large shape is, and half of the head's size. */
  head: Point
  headSize: number
  /** 1 if the light comes from the right, else -1. */
  side: number
  isSmall: boolean
  /** Whether the scene is a room. */
  isIndoors: boolean
  /** Whether the scene is turned: the renderer draws textures slowly then. */
  isTilted: boolean
  /** The colour of a frame, which the literary style chooses. */
  frame: Role
  /** The class of the emotion: `joy`, `love`, … */
  feeling: string
  /** What the place, the back style and the second art style add behind the figure. */
  landmark: (scale?: number) => string
  backdrop: () => string
  /** One large shape behind the head: that of the composition, else the light of the trope. */
  behind: () => string
  ornament: () => string
  /** The pattern of the ground. */
  floor: () => string
  /** What the composition adds on the ground. */
  paths: () => string
}

/** The way in which a group of art styles builds a picture. */
export interface Hand {
  name: string
  technique: Technique
  palette: PaletteRule
  /** Factors of the usual size of the head and of the usual width. */
  head?: number
  girth?: number
  /** The lowest y of the feet of a figure that is not cropped: above a band of the hand's frame. */
  feet?: number
  /** Draws its emblem, which it adds to pictures as the second art style. */
  motif: (pen: Pen, x: number, y: number, radius: number, role: Role) => string
  /** Draws all that is behind the figure. */
  back: (stage: Stage) => string
  /** Draws a frame before the figure, or what is right behind it if the hand has none. */
  front?: (stage: Stage) => string
  /** How far its frame reaches into the picture. The head of the figure keeps out of it. */
  inset?: Inset
  /**
   * How far a wall with an arch, a curtain or leaves hide the sky: the far moon is in what is left.
   * @param side that of the light
   */
  sky?: (side: number) => Inset
  /**
   * How far the foot of an arch, a curtain or a panel hides the ground: the thing of the trope is in what is left.
   * @param side that of the light
   * @param head the x of the middle of the head
   */
  niche?: (side: number, head: number) => Inset
  /** Whether `front` has a frame, so that the literary style sets its colour and no border. */
  isFramed?: true
  /** Whether its frame is right behind the figure: its lines reach far into the picture, or the figure steps out. */
  isBehind?: true
  /** Whether a seal or a title is in an upper corner, which an edge must not cut. */
  isSigned?: true
  /** Sets the scene in another way. */
  print?: (palette: Palette) => Print
  /** The same for a small picture. */
  smallPrint?: (palette: Palette) => Print
  /**
   * Set the figure in finer cells than `print`, and its face over them. The side of `figure` is a multiple of that of
   * `print`.
   */
  finePrints?: (palette: Palette) => { figure: Print; face: Print }
  /** Paints over the scene. Then `smallPrint` sets the ground only. */
  paint?: Paint
  /** Whether `print` sets the figure and its face too, in the same cells. */
  isCoarse?: true
  /** Whether nothing leans: in few cells, slanted eyes and mouths cannot be read. */
  isUpright?: true
}

/**
 * Strokes or dots over a scene that is drawn as it is. They keep to its areas of one colour, so that edges and small
 * things are as they were drawn. The side of `figure` is a multiple of that of `ground`.
 */
export interface Paint {
  /** Absent where the ground stays as it is. */
  ground?: Print
  figure: Print
  /** Absent where the face stays as it is. */
  face?: Print
}
