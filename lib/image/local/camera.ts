import { match } from './traits.ts'
import type { Trait } from './traits.ts'

/** The position of the camera. */
export interface Camera {
  /** Height of the figure as a share of the frame's height, from 0.55 to 0.7. */
  scale: number
  /** The y of the horizon, in units of the frame of 1000. */
  horizon: number
  /** Tilt of the whole scene, in degrees. */
  tilt: number
  /** Whether the lens darkens the corners. */
  vignette: boolean
}

const LEVEL: Camera = { scale: 0.665, horizon: 660, tilt: 0, vignette: false }

const CAMERAS: Array<[RegExp, Partial<Camera>]> = [
  [/dutch|diagonal view|oblique/, { tilt: 5 }],
  [/low angle|worm|waterline|knee/, { scale: 0.7, horizon: 780 }],
  [/bird|high angle|balcony|rooftop|crane|isometric/, { scale: 0.6, horizon: 430 }],
  [/close-up|macro|bust|medium|tight/, { scale: 0.7, horizon: 640 }],
  [/establishing|long shot|panoramic|wide|full-length/, { scale: 0.575, horizon: 620 }],
  [/fisheye|pinhole|telephoto|shallow|tilt-shift|dolly/, { vignette: true, horizon: 690 }],
  [/three-point|two-point|tracking|orbit|freeze/, { tilt: -3, scale: 0.64 }]
]

export function cameraOf(viewpoint: Trait): Camera {
  const random = viewpoint.random()
  const camera = { ...LEVEL, ...match(viewpoint, CAMERAS, [{ horizon: 600 }, { horizon: 700 }, {}]) }
  const mirrored = random.chance(0.5) ? -1 : 1
  return {
    ...camera,
    tilt: camera.tilt * mirrored,
    horizon: camera.horizon + random.between(-24, 24),
    scale: Math.max(0.55, Math.min(0.7, camera.scale + random.between(-0.012, 0.012)))
  }
}
