import { match } from './traits.ts'
import type { Trait } from './traits.ts'
import { anyOf } from './words.ts'

/** Factors for head and girth, by words. */
const FACTORS: Array<[RegExp, readonly [number, number]]> = [
  [
    anyOf(
      /giant|giga|huge|vast|colossal|towering|monument|titan|mammoth/,
      /enormous|stout|burly|brawny|bulky|broad|barrel|massive|hulking/,
      /portly|plump|round|roly|spher|bulbous|swollen|puffed|ample|chubby/
    ),
    [0.94, 1.17]
  ],
  [
    anyOf(
      /slim|slender|lank|lean|reedy|thin|willow|wiry|narrow|spindle|tapering/,
      /svelte|lissom|long-legged|swan|skinny|gangly|lithe|tubular|lofty|tall/
    ),
    [0.96, 0.86]
  ],
  [
    anyOf(
      /tiny|small|minute|little|petite|mini|wee|dainty|elfin|baby/,
      /child|young|cute|dinky|pint|doll|infant|boyish|girlish|toy/
    ),
    [1.14, 0.94]
  ],
  [/old|ancient|elder|wizen|wrinkl|hoary|aged|antique|venerable|gnarled|primeval/, [1.04, 0.94]]
]

/** The adjective's effect on a body: factors of the usual size of the head and of the usual width. */
export function proportionsOf(adjective: Trait): { head: number; girth: number } {
  const random = adjective.random()
  const [head, girth] = match<readonly [number, number]>(adjective, FACTORS, [
    [1, 1],
    [1.06, 1.05],
    [0.97, 0.95],
    [1.1, 1]
  ])
  return { head: head + random.between(-0.03, 0.03), girth: girth + random.between(-0.04, 0.04) }
}
