import { match } from './traits.ts'
import type { Trait } from './traits.ts'

/** Positions of the pupils, in shares of the eye's radius; `cross` turns both inwards. */
export interface Gaze {
  dx: number
  dy: number
  cross?: true
}

const GAZES: Array<[RegExp, Gaze]> = [
  [/cross-eyed/, { dx: 0, dy: 0.1, cross: true }],
  [/^down from/, { dx: 0.1, dy: 0.5 }],
  [/^sideways/, { dx: 0.52, dy: 0 }],
  [/^past/, { dx: -0.4, dy: -0.1 }],
  [/^inward|listening/, { dx: 0, dy: 0.5 }],
  [/sleepily/, { dx: 0.3, dy: 0.3 }],
  [/^down at the viewer/, { dx: 0, dy: 0.26 }],
  [/^up at the viewer/, { dx: 0, dy: -0.3 }],
  [/the viewer/, { dx: 0, dy: 0 }],
  [/^(?:up|dreamily)|star|moon|sky|from on high|shelf/, { dx: 0.12, dy: -0.46 }],
  [/down|reflection|well\b|ground|book|spectacles/, { dx: -0.08, dy: 0.48 }],
  [/back|away|aside|over|past|behind/, { dx: 0.5, dy: 0.04 }],
  [/corner|sideways|round|warily|side to side|keyhole|clock/, { dx: -0.5, dy: -0.06 }],
  [/flame|butterfly|crystal|mirror|telescope|light|distance/, { dx: 0.4, dy: -0.2 }]
]

export function gazeOf(gaze: Trait): Gaze {
  return match(gaze, GAZES, [
    { dx: 0, dy: 0 },
    { dx: 0.4, dy: 0 },
    { dx: -0.4, dy: 0.1 }
  ])
}
