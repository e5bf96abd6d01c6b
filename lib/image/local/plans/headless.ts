import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'

/** Where face, hat, collar and arms are on a body that has no head. */
export interface Places {
  /** The middle of the face: its x, and the y of the eyes. */
  x?: number
  y: number
  /** Radius of an eye, and half their distance. */
  eye?: number
  apart?: number
  /** How far the mouth is below the eyes, and its width. */
  mouth?: number
  smile?: number
  /** The y that no brow passes. */
  top?: number
  /** The y of the hat, and its width. */
  hat: number
  hatWide?: number
  /** The y of what goes around the body, and its width. */
  neck: number
  neckWide: number
  /** Where the arms begin. */
  shoulder: readonly [x: number, y: number]
  arm?: number
}

/** A torso without a front, as wide to the left as to the right. @param d its outline @param half half its width */
export const roundTorso = (d: string, half: number, y: number, height: number): Anatomy['torso'] => ({
  d,
  x: -half,
  y,
  width: half * 2,
  height,
  isRound: true
})

/** What a body without a head is, from its drawing and its places. */
export function headless(
  { head }: Model,
  drawn: Pick<Anatomy, 'behind' | 'body' | 'torso' | 'front' | 'limb'>,
  places: Places
): Anatomy {
  const { x = 0, y, eye = 60, apart = 94, mouth = 114, smile = 112, top, hat, hatWide = 280 } = places
  const [shoulderX, shoulderY] = places.shoulder
  return {
    ...drawn,
    head: '',
    face: {
      x,
      y,
      eye: eye * head,
      apart,
      mouth: { x, y: y + mouth, width: smile },
      ...(top !== undefined && { top })
    },
    crown: { x, y: hat, width: hatWide },
    neck: { x: 0, y: places.neck, width: places.neckWide },
    shoulders: pair(shoulderX, shoulderY),
    hands: pair(shoulderX + 110, shoulderY + 110),
    arm: places.arm ?? 46
  }
}
