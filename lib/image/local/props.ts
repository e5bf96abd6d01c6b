import { drawingNames, drawingOf } from './drawings.ts'
import type { Pen } from './pen.ts'
import { match } from './traits.ts'
import type { Trait, Traits } from './traits.ts'

/** Where the thing of a trope is, in relation to the figure. */
export interface Part {
  /**
   * `before`: on the ground, beside the feet of the figure. `behind`: it stands further back, beside the figure.
   * `aloft`: it floats beside the head. `falling`: a few of it fall on both sides of the head.
   */
  at: 'before' | 'behind' | 'aloft' | 'falling'
  /** Its size: 1 is 150 units high. */
  scale: number
}

const WORDS: Array<[RegExp, string]> = [
  [/message in a bottle/, 'bottle'],
  [/first sight|love triangle|star-crossed/, 'hearts'],
  [/admirer/, 'letter'],
  [/serenade/, 'flute'],
  [/mistaken identity|chosen one/, 'crown'],
  [/sibling/, 'cake'],
  [/absent-minded/, 'spectacles'],
  [/banana/, 'banana'],
  [/bargain|prophecy/, 'scroll'],
  [/siege/, 'drum'],
  [/treasure/, 'chest'],
  [/desert island/, 'palm'],
  [/door|other world|another world/, 'door'],
  [/double life/, 'mask'],
  [/duel/, 'hat'],
  [/mirror/, 'mirror'],
  [/fish out/, 'bowl'],
  [/gentle giant/, 'daisy'],
  [/haunted/, 'ghost'],
  [/hero's journey|impossible quest|long way/, 'signpost'],
  [/locked room/, 'key'],
  [/magic lamp/, 'lamp'],
  [/road trip|reluctant/, 'suitcase'],
  [/machine|plan gone/, 'gears'],
  [/red herring/, 'herring'],
  [/second chance/, 'train'],
  [/sword/, 'sword'],
  [/disguise/, 'moustache'],
  [/trickster|rogue/, 'dice'],
  [/fortune/, 'wheel'],
  [/underdog/, 'trophy'],
  [/alliance/, 'umbrella'],
  [/mentor|narrator/, 'books'],
  [/secret society/, 'eye'],
  [/odd couple/, 'candle']
]

/** The part of each thing in the story. The others stand on the ground beside the figure. */
const PARTS: Record<string, Part> = {
  hearts: { at: 'falling', scale: 1.2 },
  palm: { at: 'behind', scale: 3 },
  door: { at: 'behind', scale: 2.7 },
  mirror: { at: 'behind', scale: 1.9 },
  signpost: { at: 'behind', scale: 2 },
  daisy: { at: 'behind', scale: 1.9 },
  train: { at: 'behind', scale: 1.7 },
  ghost: { at: 'aloft', scale: 1.6 },
  eye: { at: 'aloft', scale: 1.7 }
}

const USUAL_PART: Part = { at: 'before', scale: 2.3 }

export const PROP_NAMES = drawingNames('props')

/** The name of a trope's thing, found by its words. */
export function propOf(trope: Trait): string {
  return match(trope, WORDS, PROP_NAMES)
}

export const partOf = (trope: Trait): Part => PARTS[propOf(trope)] ?? USUAL_PART

/** The thing of a picture and its part. Hearts in the air belong to love: with another feeling there is a letter. */
export function thingOf({ trope, emotion }: Pick<Traits, 'trope' | 'emotion'>): { name: string } & Part {
  const name = propOf(trope)
  if (name === 'hearts' && emotion.fields[1] !== 'love') return { name: 'letter', ...USUAL_PART }
  return { name, ...partOf(trope) }
}

/** A thing on its own grid: it stands on y = 0 around x = 0 and is about 150 high. */
export const drawProp = (pen: Pen, name: string): string => drawingOf('props', name).draw(pen)
