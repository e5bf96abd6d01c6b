import type { Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse, polygon } from '../svg.ts'
import { anyOf } from '../words.ts'

/** A wing as an arm, from the shoulder down; its feathers end in three scallops. */
export function wing({ pen }: Model, x: number, y: number, side: number, length: number): string {
  const shape = blob(
    [x - side * 20, y - 10],
    [x + side * 110, y + 30],
    [x + side * 140, y + length * 0.6],
    [x + side * 60, y + length],
    [x + side * 6, y + length * 0.72]
  )
  const feathers = each([0.5, 0.68, 0.86], (share) =>
    pen.line(
      curve(
        [x + side * 18, y + length * share - 40],
        [x + side * 70, y + length * share],
        [x + side * 128, y + length * share - 60]
      ),
      'bodyDark',
      9
    )
  )
  return pen.solid(shape, 'body', { inside: feathers })
}

export function legs({ pen }: Model, x: number, top: number, thick: number): string {
  return both(
    (side) =>
      pen.line(curve([x + side * 56, top], [x + side * 62, -14]), 'accentDark', thick) +
      pen.line(
        `M${x + side * 62 - 50} -8L${x + side * 62} -34L${x + side * 62 + 50} -8M${x + side * 62} -34V-6`,
        'accentDark',
        thick
      )
  )
}

const CRESTED = anyOf(
  /cockatoo|hoopoe|jay|cardinal|waxwing|lapwing|tit\b|peafowl|pheasant/,
  /crane|turaco|quetzal|hoatzin|curassow|tern|grebe|macaroni|rockhopper/
)

export function crest({ pen, words, random }: Model, x: number, y: number, radius: number): string {
  if (CRESTED.test(words)) {
    return each([-26, -4, 18, 38], (tilt, index) =>
      pen.solid(
        ellipse(x + (index - 1.2) * radius * 0.2, y - radius * 1.18, radius * 0.11, radius * 0.46, tilt),
        index % 2 === 0 ? 'accent' : 'bodyDark',
        { depth: 0 }
      )
    )
  }
  if (/hen|rooster|fowl|junglefowl|chicken/.test(words)) {
    return each([-0.4, 0, 0.4], (dx) =>
      pen.flat(ellipse(x + dx * radius, y - radius * 1.06, radius * 0.24), 'accent')
    )
  }
  if (/cassowary|hornbill|guinea/.test(words)) {
    return pen.solid(
      blob([x - radius * 0.3, y - radius * 0.8], [x, y - radius * 1.6], [x + radius * 0.4, y - radius * 0.8]),
      'accentDark'
    )
  }
  return random.chance(0.3)
    ? pen.line(
        curve(
          [x, y - radius * 0.9],
          [x + radius * 0.1, y - radius * 1.3],
          [x + radius * 0.4, y - radius * 1.35]
        ),
        'bodyDark',
        radius * 0.1
      )
    : ''
}

const BROAD_BEAKED = anyOf(
  /duck|goose|swan|teal|mallard|wigeon|pintail|eider/,
  /shoveler|spoonbill|pelican|anatid|waterfowl|smew/
)

const LONG_BEAKED = anyOf(
  /heron|stork|ibis|egret|crane|curlew|kiwi|hummingbird|snipe|avocet|godwit|woodpecker|kingfisher/,
  /hoopoe|bee-eater|toucan|hornbill|pelican|penguin|sunbird|tern|skua|gannet|auk|puffin/
)

/** The beak from the front: a wedge; its length and breadth by words. */
export function beak({ pen, words }: Model, x: number, y: number, radius: number): string {
  const broad = BROAD_BEAKED.test(words)
  const long = LONG_BEAKED.test(words)
  const half = radius * (broad ? 0.5 : 0.26)
  const reach = radius * (long ? 1.05 : broad ? 0.46 : 0.5)
  const shape = broad
    ? ellipse(x, y + radius * 0.32, half * 1.1, reach * 0.62)
    : polygon(
        [x - half, y + radius * 0.06],
        [x + half, y + radius * 0.06],
        [x + half * 0.12, y + reach],
        [x - half * 0.12, y + reach]
      )
  return (
    pen.solid(shape, 'accent', { depth: 0.4 }) +
    pen.line(
      curve([x - half * 0.8, y + radius * 0.3], [x, y + radius * 0.38], [x + half * 0.8, y + radius * 0.3]),
      'accentDark',
      radius * 0.05
    )
  )
}
