import { match } from './traits.ts'
import type { Trait } from './traits.ts'

/** The position of the camera. */
export interface Camera {
  /** Height of the figure as a share of the frame's height. Above 1 the frame crops it. */
  height: number
  /** The y of the feet, or of the top of a cropped figure, in units of the frame of 1000. */
  feet: number
  /** The y of the horizon. */
  horizon: number
  /** Tilt of the whole scene, in degrees. */
  tilt: number
  /** Factors of the usual head and of the usual width: a low camera sees a small head on a broad body. */
  head: number
  girth: number
}

const LEVEL: Camera = { height: 0.88, feet: 962, horizon: 650, tilt: 0, head: 1, girth: 1 }

/** The y of the top of a figure that the frame crops. */
export const TOP = 70

const cropped = (height: number): Partial<Camera> => ({ height, feet: TOP + height * 1000, horizon: 760 })

const CAMERAS: Array<[RegExp, Partial<Camera>]> = [
  [/dutch/, { tilt: 7, height: 0.9 }],
  [/diagonal view|oblique/, { tilt: 5, height: 0.9 }],
  [/worm/, { height: 1.0, feet: 1030, horizon: 880, head: 0.82, girth: 1.14 }],
  [/low angle|waterline|knee/, { height: 0.96, feet: 990, horizon: 830, head: 0.9, girth: 1.08 }],
  [/bird|rooftop|crane/, { height: 0.84, feet: 930, horizon: 400, head: 1.24, girth: 0.92 }],
  [/high angle|balcony|isometric/, { height: 0.88, feet: 945, horizon: 440, head: 1.14 }],
  [/close-up|macro/, cropped(1.5)],
  [/bust|over-the-shoulder/, cropped(1.4)],
  [/medium/, cropped(1.25)],
  [/establishing|long shot|panoramic/, { height: 0.82, feet: 945, horizon: 600 }],
  [/wide|full-length/, { height: 0.87, feet: 955, horizon: 630 }],
  [/fisheye|dolly/, { height: 0.94, feet: 985, head: 1.2 }],
  [/telephoto|shallow|tilt-shift|pinhole/, { ...cropped(1.2), horizon: 720 }],
  [/three-point|two-point|tracking|orbit|freeze/, { tilt: -4, height: 0.9, feet: 965 }]
]

export function cameraOf(viewpoint: Trait): Camera {
  const random = viewpoint.random()
  const camera = {
    ...LEVEL,
    ...match(viewpoint, CAMERAS, [{ horizon: 600 }, { horizon: 720, height: 0.94 }, cropped(1.3)])
  }
  const mirrored = random.chance(0.5) ? -1 : 1
  const factor = random.between(0.98, 1.02)
  return {
    ...camera,
    tilt: camera.tilt * mirrored,
    horizon: camera.horizon + random.between(-30, 30),
    height: camera.height * factor,
    feet: camera.height > 1 ? TOP + camera.height * factor * 1000 : camera.feet
  }
}
