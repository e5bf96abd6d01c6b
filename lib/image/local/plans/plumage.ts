import { nameOf } from '../anatomy.ts'
import type { Face, Model } from '../anatomy.ts'
import { drawingOf, placed } from '../drawings.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse, path, polar, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'
import { beak, reachOf } from './beak.ts'
import type { BirdHead } from './beak.ts'
import type { BeakKind } from './beak-shapes.ts'

/** A folded wing of a bird that looks to the left, from the shoulder to the tip. Its feathers end in scallops. */
export function foldedWing(model: Model, [x, y]: Point, [tipX, tipY]: Point, depth: number): string {
  const { pen } = model
  const at = (along: number, down: number): Point => [
    x + (tipX - x) * along,
    y + (tipY - y) * along + down * depth
  ]
  const shape = blob(
    at(-0.12, 0.2),
    at(0.06, -0.16),
    at(0.6, -0.14),
    at(1.06, 0.06),
    at(0.62, 0.9),
    at(0.1, 1)
  )
  const band = /duck|mallard|teal|macaw|parrot|lorikeet|jay|goldfinch|eider|jacana|roller/.test(nameOf(model))
    ? pen.flat(ellipse(...at(0.3, 0.9), (tipX - x) * 0.32, depth * 0.3), 'accent')
    : ''
  const edge = (along: number, down: number, length: number) =>
    curve(at(along, down), at(along + length * 0.6, down + 0.24), at(along + length, down - 0.06))
  return pen.solid(shape, 'bodyDark', {
    depth: 0.5,
    inside:
      band +
      each([0.34, 0.62], (down, index) =>
        pen.line(edge(0.16 + index * 0.1, down, 0.56 - index * 0.1), 'body', Math.max(7, depth * 0.06))
      )
  })
}

/** Two legs with toes that point to the left, or with webs. */
export function birdLegs(
  { pen }: Model,
  {
    x,
    top,
    thick,
    spread,
    isWebbed
  }: { x: number; top: number; thick: number; spread: number; isWebbed?: boolean }
): string {
  return both((side) => {
    const foot = x + side * spread
    const leg = pen.line(curve([foot + 14, top], [foot + 4, -14]), 'accentDark', thick)
    if (isWebbed === true) {
      return (
        leg +
        pen.solid(blob([foot + 34, -44], [foot + 40, 4], [foot - 120, 6], [foot - 40, -44]), 'accent', {
          depth: 0.3
        })
      )
    }
    return (
      leg +
      pen.line(
        path`M${foot + 44} -8L${foot + 4} -30L${foot - 66} -8M${foot + 4} -30L${foot - 16} -6`,
        'accentDark',
        thick
      )
    )
  })
}

const CRESTS: ReadonlyArray<readonly [RegExp, string]> = [
  [/cockatoo|hoopoe|cockatiel|crowned|hoatzin|umbrellabird|seriema|secretary|tragopan|curassow/, 'crestUp'],
  [
    anyOf(
      /jay|cardinal|waxwing|lapwing|titmouse|kingfisher|turaco|quetzal|bulbul|roadrunner|smew|merganser|grebe/,
      /woodpecker|mousebird|hamerkop|mandarin|heron|egret|golden pheasant|capercaillie|skylark|cuckoo-roller/
    ),
    'crestBack'
  ],
  [/hornbill|cassowary|guineafowl|helmet/, 'casque'],
  [/\bhen\b|rooster|chicken|junglefowl|cock-of|turkey|moorhen/, 'comb'],
  [/quail|peacock|monal|tinamou|bird-of-paradise|drongo|screamer|parotia/, 'topknot'],
  [/rockhopper|tufted|reedling|owlet|inca/, 'tufts']
]

/** The crest of a kind, behind the head. */
export function crest(model: Model, { x, y, radius }: BirdHead): string {
  const { pen } = model
  const name = CRESTS.find(([of]) => of.test(nameOf(model)))?.[1]
  return name === undefined
    ? ''
    : placed(pen, drawingOf('marks', name), 'head', { x: x + radius * 0.1, y, scale: radius / 100 })
}

const MASKED = anyOf(
  /titmouse|\btit\b|magpie|chickadee|penguin|\bauk\b|puffin|wagtail|dipper|shrike|nuthatch|plover/,
  /budgerigar|bunting|goose|oystercatcher|bulbul|whydah|pitta|macaw|sparrow|manakin/
)
const CAPPED =
  /\btern\b|chickadee|\btit\b|bullfinch|warbler|goldfinch|mallard|eider|smew|woodpecker|kestrel|junco|gouldian/
const RINGED =
  /dove|mallard|pheasant|plover|condor|robin|pelican|lovebird|bee-eater|swan goose|kingfisher|chinstrap/

/** Crest, skull, marks and beak of a bird, and where its face is. */
export function birdHead(
  model: Model,
  head: BirdHead,
  kind: BeakKind | 'bill' | 'spoon',
  role: 'body' | 'bodyDark' | 'bodyLight' = 'body'
): { drawn: string; face: Face; crown: { x: number; y: number; width: number } } {
  const { pen } = model
  const words = nameOf(model)
  const { x, y, radius } = head
  const mask = MASKED.test(words)
    ? pen.flat(
        ellipse(x - radius * 0.3, y + radius * 0.3, radius * 0.84, radius * 0.66),
        role === 'bodyDark' ? 'paper' : 'bodyLight'
      )
    : ''
  const cap = CAPPED.test(words)
    ? pen.flat(ellipse(x + radius * 0.2, y - radius * 0.96, radius * 1.2, radius * 0.6), 'bodyDark')
    : ''
  const wattles = /\bhen\b|rooster|turkey|guineafowl|bellbird|saddleback|capercaillie|cassowary|lapwing/.test(
    words
  )
    ? each([-0.5, -0.2], (dx) =>
        pen.solid(ellipse(x + dx * radius, y + radius * 1.02, radius * 0.16, radius * 0.32), 'heart', {
          depth: 0.3
        })
      )
    : ''
  const feeling = beak(model, kind, head)
  return {
    drawn:
      crest(model, head) +
      wattles +
      pen.solid(ellipse(x, y, radius * 1.04, radius), role, { inside: mask + cap }) +
      feeling,
    face: {
      x: x - radius * 0.08,
      y: y - radius * 0.16,
      eye: radius * 0.29,
      apart: radius * 0.45,
      turn: -0.7,
      top: y - radius * 0.92,
      mouth: { x: x - radius * 0.5, y: y + radius * 0.62, width: radius * 0.7 },
      beak: feeling,
      beakTip: x - radius * reachOf(kind)
    },
    crown: { x: x + radius * 0.06, y: y - radius * 0.84, width: radius * 1.5 }
  }
}

/** A ring around the neck, in the colour that the kind has there. */
export const neckRing = (model: Model, [x, y]: Point, width: number): string =>
  RINGED.test(nameOf(model))
    ? model.pen.line(curve([x - width / 2, y], [x, y + width * 0.2], [x + width / 2, y]), 'paper', 26)
    : ''

export type TailKind = 'plain' | 'short' | 'long' | 'fork' | 'fan' | 'train' | 'up' | 'plumes'

const TAILS: Array<[RegExp, TailKind]> = [
  [/peacock|peafowl/, 'train'],
  [/lyrebird|turkey|capercaillie|astrapia/, 'fan'],
  [/swallow|swift|\btern\b|frigatebird|\bkite\b|drongo|scissor|bee-eater/, 'fork'],
  [
    /widowbird|whydah|bird-of-paradise|tropicbird|motmot|quetzal|paradise flycatcher|nightjar|parotia/,
    'plumes'
  ],
  [
    anyOf(
      /magpie|macaw|parakeet|budgerigar|pheasant|roadrunner|coucal|cuckoo|wagtail|long-tailed|skua|turaco|mousebird/,
      /astrapia|jacamar|cockatiel|hornbill|toucan|hoatzin|lorikeet|anhinga|malkoha|secretary|archaeopteryx|sunbird/
    ),
    'long'
  ],
  [
    /\bwren|dipper|pitta|kiwi|partridge|\bquail|tody|auklet|corncrake|rail\b|coot|takahe|fairywren|mallard|duck/,
    'up'
  ]
]

export const tailOf = (model: Model, otherwise: TailKind): TailKind =>
  TAILS.find(([of]) => of.test(nameOf(model)))?.[1] ?? otherwise

/** Feathers that spread from a point: rays with a round end. */
function spread({ pen }: Model, [x, y]: Point, length: number, isEyed: boolean): string {
  const angles = [-78, -52, -26, 0, 26, 52, 78]
  return each(angles, (turn, index) => {
    const end = polar(x, y, length, turn + 14)
    const feather = ellipse(...polar(x, y, length * 0.56, turn + 14), length * 0.17, length * 0.5, turn + 14)
    const eye = isEyed
      ? pen.flat(ellipse(...polar(x, y, length * 0.84, turn + 14), length * 0.11), 'accent') +
        pen.flat(ellipse(...polar(x, y, length * 0.84, turn + 14), length * 0.055), 'ink')
      : pen.line(curve([x, y], end), 'body', 8)
    return (
      pen.solid(feather, index % 2 === 0 ? 'bodyDark' : isEyed ? 'cloth' : 'bodyLight', { depth: 0.4 }) + eye
    )
  })
}

/** A tail that starts at a point and hangs to the lower right, or stands up. */
export function birdTail(model: Model, kind: TailKind, [x, y]: Point, size = 1): string {
  const { pen } = model
  const at = (dx: number, dy: number): Point => [x + dx * size, y + dy * size]
  const solid = (d: string, role: 'body' | 'bodyDark' | 'accent' = 'bodyDark') =>
    pen.solid(d, role, { depth: 0.5 })
  const barb = (dx: number, dy: number) => pen.line(curve(at(20, 10), at(dx, dy)), 'body', 8)
  switch (kind) {
    case 'train':
      return spread(model, at(-60, 20), 520 * size, true)
    case 'fan':
      return spread(model, at(-30, 10), 400 * size, false)
    case 'up':
      return solid(blob(at(-70, 60), at(-20, -60), at(120, -250), at(190, -210), at(120, 40)))
    case 'short':
      return solid(blob(at(-60, -40), at(80, -20), at(170, 80), at(110, 130), at(-60, 60))) + barb(120, 84)
    case 'fork':
      return solid(
        blob(at(-60, -40), at(90, 0), at(330, 20), at(150, 70), at(180, 250), at(60, 120), at(-60, 60))
      )
    case 'long':
      return (
        solid(blob(at(-70, -50), at(80, 0), at(330, 170), at(350, 226), at(270, 226), at(-50, 70))) +
        barb(270, 176)
      )
    case 'plumes':
      return (
        solid(blob(at(-60, -40), at(80, -20), at(170, 80), at(110, 130), at(-60, 60))) +
        each([0, 1], (index) =>
          pen.solid(
            ribbon(
              [
                at(0, 10 + index * 30),
                at(190, 70 + index * 60),
                at(330 - index * 90, 40 + index * 170),
                at(380 - index * 60, -60 + index * 260)
              ],
              [40, 34, 26, 60]
            ),
            index === 0 ? 'accent' : 'bodyLight',
            { depth: 0.3 }
          )
        )
      )
    case 'plain':
      return (
        solid(blob(at(-70, -50), at(70, -10), at(230, 110), at(240, 170), at(150, 180), at(-50, 70))) +
        barb(180, 130)
      )
  }
}
