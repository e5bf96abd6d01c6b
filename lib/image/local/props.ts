import { drawingNames, drawingOf } from './drawings.ts'
import type { Pen } from './pen.ts'
import { match } from './traits.ts'
import type { Trait } from './traits.ts'

/** Where the thing of a trope is, in relation to the figure. */
export interface Part {
  /**
   * `before`: on the ground, in the figure's way. `behind`: it stands behind the figure. `aloft`: it floats behind the
   * head. `falling`: several of it fall around the figure.
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

/** The part of each thing in the story. The others stand in the figure's way. */
const PARTS: Record<string, Part> = {
  crown: { at: 'aloft', scale: 4 },
  hearts: { at: 'falling', scale: 1.5 },
  spectacles: { at: 'aloft', scale: 4.6 },
  scroll: { at: 'behind', scale: 5 },
  palm: { at: 'behind', scale: 6 },
  door: { at: 'behind', scale: 5.4 },
  mask: { at: 'aloft', scale: 4.6 },
  hat: { at: 'aloft', scale: 4.2 },
  mirror: { at: 'behind', scale: 5.2 },
  daisy: { at: 'behind', scale: 6 },
  ghost: { at: 'behind', scale: 5.8 },
  signpost: { at: 'behind', scale: 5.4 },
  key: { at: 'aloft', scale: 4.6 },
  gears: { at: 'aloft', scale: 5.4 },
  herring: { at: 'aloft', scale: 4.4 },
  letter: { at: 'falling', scale: 1.2 },
  train: { at: 'behind', scale: 4.4 },
  sword: { at: 'behind', scale: 4.4 },
  moustache: { at: 'aloft', scale: 4.2 },
  wheel: { at: 'aloft', scale: 5.6 },
  umbrella: { at: 'aloft', scale: 4.8 },
  eye: { at: 'aloft', scale: 5 },
  dice: { at: 'falling', scale: 1.2 }
}

export const PROP_NAMES = drawingNames('props')

/** The name of a trope's thing, found by its words. */
export function propOf(trope: Trait): string {
  return match(trope, WORDS, PROP_NAMES)
}

export const partOf = (trope: Trait): Part => PARTS[propOf(trope)] ?? { at: 'before', scale: 2.3 }

/** The thing of a trope on its own grid: it stands on y = 0 around x = 0 and is about 150 high. */
export function drawProp(pen: Pen, trope: Trait): string {
  return trope.name === '' ? '' : drawingOf('props', propOf(trope)).draw(pen)
}
