import { nameOf } from '../anatomy.ts'
import type { Face, Model } from '../anatomy.ts'
import { drawingOf, placed } from '../drawings.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse, onward, path, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'

/** A head in three-quarter view that looks to the left: its middle and its radius. */
export interface Head {
  x: number
  y: number
  radius: number
  /** Length and width of the muzzle as shares of the radius. */
  muzzle: readonly [length: number, width: number]
}

const MARKS: Array<[RegExp, string]> = [
  [/moose|fallow|\belk\b|megaloceros/, 'palms'],
  [/musk deer|water deer|chevrotain/, ''],
  [/deer|reindeer|caribou|chital|muntjac|wapiti|barasingha|pudu/, 'antlers'],
  [/sheep|mouflon|bighorn|argali|aoudad|\bram\b/, 'ramHorns'],
  [/buffalo|cattle|\bbison\b|\bgaur|\byak|\box\b|zebu|bull|anoa|wildebeest|aurochs|kouprey/, 'bullHorns'],
  [/oryx|gemsbok|addax|eland|gerenuk|blackbuck|saola|nilgai|sable/, 'spears'],
  [/giraffe|okapi|sivatherium/, 'ossicones'],
  [
    /goat|ibex|antelope|gazelle|kudu|impala|chamois|pronghorn|takin|markhor|serow|springbok|saiga|dik-dik|duiker/,
    'horns'
  ]
]

const LONG_EARS = /donkey|\bass\b|\bkiang|onager|hare|fennec|okapi|kudu|mule|aardvark/
const POINTED_EARS =
  /dog|fox|wolf|jackal|dingo|dhole|coyote|hyena|horse|zebra|aardwolf|llama|alpaca|guanaco|vicu/
const FLOPPY_EARS = /cattle|buffalo|goat|sheep|zebu|\bgaur|antelope|eland|nilgai|tapir/

function ears({ pen, words }: Model, { x, y, radius }: Head): string {
  const at = (side: number, dx: number, dy: number): Point => [x + side * dx * radius, y + dy * radius]
  return both((side) => {
    if (/elephant|mammoth|mastodon/.test(words)) {
      return pen.solid(
        blob(
          at(side, 0.5, -0.8),
          at(side, 1.7, -1.15),
          at(side, 2, 0),
          at(side, 1.4, 0.9),
          at(side, 0.7, 0.5)
        ),
        'bodyDark',
        { depth: 0.5 }
      )
    }
    if (LONG_EARS.test(words)) {
      return (
        pen.solid(ellipse(...at(side, 0.62, -1.35), radius * 0.26, radius * 0.78, side * 16), 'body') +
        pen.flat(ellipse(...at(side, 0.62, -1.3), radius * 0.12, radius * 0.54, side * 16), 'bodyLight')
      )
    }
    if (FLOPPY_EARS.test(words)) {
      return pen.solid(ellipse(...at(side, 1.18, -0.34), radius * 0.46, radius * 0.22, side * 18), 'bodyDark')
    }
    if (POINTED_EARS.test(words)) {
      return (
        pen.solid(polygon(at(side, 0.2, -0.82), at(side, 0.78, -1.62), at(side, 1, -0.3)), 'body') +
        pen.flat(polygon(at(side, 0.42, -0.86), at(side, 0.74, -1.32), at(side, 0.84, -0.56)), 'bodyLight')
      )
    }
    if (/hippo|rhino|pig|boar|hog|peccar|warthog/.test(words)) {
      return pen.solid(polygon(at(side, 0.4, -0.8), at(side, 0.98, -1.24), at(side, 0.98, -0.4)), 'bodyDark')
    }
    return pen.solid(ellipse(...at(side, 1.06, -0.52), radius * 0.44, radius * 0.24, -side * 32), 'body', {
      depth: 0.4
    })
  })
}

const SNOUTED = /pig|boar|hog|peccar|warthog|babirusa/

function muzzle({ pen, words }: Model, { x, y, radius, muzzle: [length, width] }: Head): string {
  if (/elephant|mammoth|mastodon/.test(words)) {
    const tusk = (side: number) =>
      pen.solid(
        ribbon(
          [
            [x - radius * 0.2 + side * radius * 0.42, y + radius * 0.5],
            [x - radius * 0.36 + side * radius * 0.56, y + radius * 1.05],
            [x - radius * 0.7 + side * radius * 0.5, y + radius * 1.2]
          ],
          [radius * 0.24, radius * 0.18, radius * 0.04]
        ),
        'paper',
        { depth: 0.3 }
      )
    return both(tusk)
  }
  const [endX, endY] = [x - radius * length * 0.42, y + radius * length * 0.9]
  const half = radius * width
  // It starts as the bridge of the nose between the eyes and widens to the nostrils.
  const [px, py] = [endX - x, endY - y]
  const left: Point[] = [
    [x + px * 0.06 - radius * 0.2, y + py * 0.1],
    [x + px * 0.5 - radius * 0.5, y + py * 0.44],
    [endX - half * 1.24, endY - half * 0.2],
    [endX - half * 1.06, endY + half * 0.86],
    [endX, endY + half * 0.96]
  ]
  const right: Point[] = [
    [endX, endY + half * 0.96],
    [endX + half * 1.04, endY + half * 0.86],
    [endX + half * 1.18, endY - half * 0.3],
    [x + px * 0.5 + radius * 0.58, y + py * 0.5],
    [x + px * 0.06 + radius * 0.3, y + py * 0.06]
  ]
  const edge = curve(...left) + onward(curve(...right))
  const base = pen.joined(`${edge}Z`, edge, 'bodyLight', { depth: 0.4 })
  if (SNOUTED.test(words)) {
    const tusks = both((side) =>
      pen.flat(
        polygon(
          [endX + side * half * 0.8, endY + half * 0.3],
          [endX + side * half * 1.2, endY - half * 0.5],
          [endX + side * half * 0.5, endY + half * 0.1]
        ),
        'paper'
      )
    )
    return (
      base +
      pen.solid(ellipse(endX, endY - half * 0.1, half * 0.72, half * 0.52), 'accent', { depth: 0.3 }) +
      both((side) =>
        pen.flat(ellipse(endX + side * half * 0.26, endY - half * 0.1, half * 0.12, half * 0.2), 'ink')
      ) +
      (/boar|hog|babirusa|peccar/.test(words) ? tusks : '')
    )
  }
  if (/rhino/.test(words)) {
    return (
      base +
      pen.solid(
        // It stands on the front of the snout and points forward, where no hat and no eye is over it.
        path`
          M${endX - half * 1.2} ${endY + half * 0.2}
          Q${endX - half * 1.9} ${endY - half * 0.3} ${endX - half * 2} ${endY - half * 1.6}
          Q${endX - half * 1.3} ${endY - half * 0.8} ${endX - half * 0.5} ${endY - half * 0.5}
          Q${endX - half * 0.7} ${endY} ${endX - half * 1.2} ${endY + half * 0.2}Z
        `,
        'bodyDark',
        { depth: 0.4 }
      )
    )
  }
  if (/dog|fox|wolf|jackal|dingo|dhole|coyote|hyena|aardwolf/.test(words)) {
    return base + pen.flat(ellipse(endX - half * 0.1, endY - half * 0.72, half * 0.46, half * 0.34), 'ink')
  }
  return (
    base +
    both((side) =>
      pen.flat(
        ellipse(endX + side * half * 0.46, endY - half * 0.3, half * 0.14, half * 0.2, side * 20),
        'ink'
      )
    )
  )
}

const FORELOCKED = /horse|donkey|\bass\b|yak|highland|llama|alpaca|musk ox|bison|przewalski/

/** Ears, horns, skull and muzzle of a beast, and its face. */
export function beastHead(model: Model, head: Head): { drawn: string; face: Face } {
  const { pen, words } = model
  const { x, y, radius, muzzle: shape } = head
  const byName = MARKS.find(([of]) => of.test(nameOf(model)))
  const mark = (byName ?? MARKS.find(([of]) => of.test(words)))?.[1] ?? ''
  const horns =
    mark === '' ? '' : placed(pen, drawingOf('marks', mark), 'head', { x, y, scale: radius / 100 })
  const skull = pen.solid(ellipse(x, y, radius * 1.04, radius), 'body')
  const blaze = /horse|\bfox|badger|cattle|goat|oryx|zebra/.test(words)
    ? pen.flat(
        blob(
          [x - radius * 0.26, y - radius * 0.6],
          [x, y - radius * 0.9],
          [x + radius * 0.14, y - radius * 0.5],
          [x - radius * 0.1, y + radius * 0.4]
        ),
        'bodyLight'
      )
    : ''
  const forelock = FORELOCKED.test(words)
    ? each([-0.3, 0, 0.3], (dx) =>
        pen.solid(
          blob(
            [x + dx * radius - radius * 0.2, y - radius * 1.06],
            [x + dx * radius + radius * 0.24, y - radius * 1.04],
            [x + dx * radius * 1.3, y - radius * 0.5]
          ),
          'bodyDark',
          { depth: 0.3 }
        )
      )
    : ''
  const isTrunked = /elephant|mammoth|mastodon/.test(words)
  const [length, width] = shape
  return {
    drawn: ears(model, head) + horns + skull + blaze + muzzle(model, head) + forelock,
    face: {
      x: x - radius * 0.06,
      y: y - radius * 0.16,
      eye: radius * 0.29,
      apart: radius * 0.46,
      turn: -0.7,
      top: y - radius * 0.92,
      mouth: isTrunked
        ? { x: x + radius * 0.36, y: y + radius * 0.72, width: radius * 0.42 }
        : {
            x: x - radius * length * 0.42,
            y: y + radius * (length * 0.9 + width * 0.34),
            width: radius * width * 0.9
          }
    }
  }
}

/** The hair along the neck, from the head to the shoulders. */
export function mane({ pen, words }: Model, { x, y, radius }: Head, withers: Point): string {
  if (
    !anyOf(/horse|zebra|donkey|giraffe|przewalski|\bass\b/, /kiang|onager|hyena|aardwolf|wildebeest/).test(
      words
    )
  ) {
    return ''
  }
  return pen.solid(
    ribbon(
      [
        [x + radius * 0.3, y - radius * 0.8],
        [x + radius * 1.05, y + radius * 0.5],
        [(x + radius + withers[0]) / 2 + 30, (y + withers[1]) / 2 + 20],
        withers
      ],
      [radius * 0.4, radius * 0.7, radius * 0.66, radius * 0.3]
    ),
    'bodyDark',
    { depth: 0.4 }
  )
}

/** A line of whiskers or of a beard. */
export function beard({ pen, words }: Model, { x, y, radius, muzzle: [length, width] }: Head): string {
  if (!/goat|ibex|markhor|wildebeest|\bbison|takin|aoudad/.test(words)) return ''
  const [endX, endY] = [x - radius * length * 0.3, y + radius * (length * 0.9 + width)]
  return (
    pen.solid(
      polygon(
        [endX - radius * 0.2, endY - radius * 0.3],
        [endX + radius * 0.3, endY - radius * 0.34],
        [endX + radius * 0.1, endY + radius * 0.44]
      ),
      'bodyDark',
      { depth: 0.3 }
    ) + pen.line(curve([endX, endY], [endX + radius * 0.06, endY + radius * 0.3]), 'body', 6)
  )
}
