import type { Role } from './palette.ts'
import { ellipse, path, rectangle } from './svg.ts'

/** How a hand draws a face, with its own means. */
export interface FaceStyle {
  eye: 'round' | 'oval' | 'almond' | 'square'
  /** Width of the edge of an eye, as a share of its radius, and its colour. */
  rim: number
  rimRole: Role
  /** `gloss`: two points of light. `point`: one. `plain`: a disc. `ring`: a ring in the accent around it. */
  pupil: 'gloss' | 'point' | 'plain' | 'ring'
  /** `line`: an even line with round ends. `brush`: it swells. `block`: a bar with straight ends. */
  stroke: 'line' | 'brush' | 'block'
  /** Factor of the usual width of brows and lips. */
  weight: number
  /** Whether a heavy line is the upper edge of an eye. */
  hasLash: boolean
  /** Whether the upper part of an eye is in the shade. */
  isShaded: boolean
  /** Whether a mouth has corners in place of curves. */
  isAngular: boolean
}

const USUAL: FaceStyle = {
  eye: 'round',
  rim: 0.1,
  rimRole: 'ink',
  pupil: 'gloss',
  stroke: 'line',
  weight: 1,
  hasLash: false,
  isShaded: false,
  isAngular: false
}

export const faceStyle = (style: Partial<FaceStyle> = {}): FaceStyle => ({ ...USUAL, ...style })

/** The outline of an eye. A wide open eye is never an almond. */
export function eyeShape({ eye }: FaceStyle, x: number, y: number, radius: number, isWide: boolean): string {
  switch (isWide && eye === 'almond' ? 'oval' : eye) {
    case 'round':
      return ellipse(x, y, radius)
    case 'oval':
      return ellipse(x, y, radius * 0.86, radius * 1.08)
    case 'almond': {
      const [wide, high, middle] = [radius * 1.04, radius * 1.16, y + radius * 0.06]
      return path`
        M${x - wide} ${middle}
        C${x - wide * 0.5} ${middle - high} ${x + wide * 0.5} ${middle - high} ${x + wide} ${middle}
        C${x + wide * 0.5} ${middle + high * 0.9} ${x - wide * 0.5} ${middle + high * 0.9} ${x - wide} ${middle}Z
      `
    }
    case 'square':
      return rectangle(x - radius * 0.96, y - radius * 0.9, radius * 1.92, radius * 1.8, radius * 0.3)
  }
}
