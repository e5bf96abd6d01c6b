import { match } from './traits.ts'
import type { Trait } from './traits.ts'
import { anyOf } from './words.ts'

/** How energetic an action is. */
export interface Energy {
  /** Factor of the usual lean of the figure. */
  force: number
  /** Kind and number of the strokes beside the figure. */
  kind: 'curls' | 'dashes' | 'dots' | 'sparks' | 'waves'
  strokes: number
}

/** Force and number of strokes, by words. */
const STRENGTHS: Array<[RegExp, readonly [number, number]]> = [
  [
    anyOf(
      /gent|soft|calm|quiet|slow|sleep|drows|tender|still/,
      /serene|lazi|peace|mild|silent|whisper|dream/
    ),
    [0.6, 1]
  ],
  [
    anyOf(
      /fur|wild|fierce|loud|bois|fast|swift|brisk|zest|energ|explos/,
      /franti|hectic|wind|thunder|bold|vigor|fizz|spark|exuber|lively/
    ),
    [1.5, 5]
  ]
]

export function energyOf(adverb: Trait): Energy {
  const random = adverb.random()
  const kind = random.pick(['curls', 'dashes', 'dots', 'sparks', 'waves'] as const)
  const [force, strokes] = match<readonly [number, number]>(adverb, STRENGTHS, [
    [0.8, 2],
    [1, 3],
    [1.3, 4]
  ])
  return { force, kind, strokes }
}
