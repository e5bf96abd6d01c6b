import type { Model, Mouth } from '../anatomy.ts'
import { both } from '../repeat.ts'
import { blob, curve, ellipse, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'

type Ears = 'round' | 'pointed' | 'long' | 'flap' | 'small'

const LONG_EARED = anyOf(
  /hare|rabbit|kangaroo|wallab|donkey|\bass\b|fennec/,
  /jerboa|bilby|aardvark|long-eared|potoroo|bandicoot/
)

const POINTED_EARED = anyOf(
  /cat|lynx|tiger|lion|leopard|jaguar|cheetah|fox|wolf|dog|jackal|squirrel|hyena|weasel/,
  /marten|shrew|civet|\bbat|deer|antelope|horse|goat|sheep|cattle|okapi|giraffe|possum|genet/
)

const SMALL_EARED = anyOf(
  /seal|otter|beaver|mole|hippo|pangolin|armadillo|walrus/,
  /whale|sloth|anteater|echidna|platypus|manatee/
)

function earsOf(words: string): Ears {
  if (LONG_EARED.test(words)) {
    return 'long'
  }
  if (/elephant|mammoth|mastodon/.test(words)) return 'flap'
  if (POINTED_EARED.test(words)) {
    return 'pointed'
  }
  if (SMALL_EARED.test(words)) {
    return 'small'
  }
  return 'round'
}

function ears({ pen }: Model, kind: Ears, x: number, y: number, radius: number): string {
  const ear = (side: number): string => {
    const at = (dx: number, dy: number): Point => [x + side * dx * radius, y + dy * radius]
    switch (kind) {
      case 'round':
        return (
          pen.solid(ellipse(...at(0.78, -0.72), radius * 0.42), 'body') +
          pen.flat(ellipse(...at(0.78, -0.7), radius * 0.22), 'bodyLight')
        )
      case 'pointed':
        return (
          pen.solid(polygon(at(0.25, -0.8), at(0.86, -1.62), at(1, -0.32)), 'body') +
          pen.flat(polygon(at(0.46, -0.86), at(0.8, -1.34), at(0.86, -0.56)), 'bodyLight')
        )
      case 'long':
        return (
          pen.solid(ellipse(...at(0.52, -1.5), radius * 0.27, radius * 0.86, side * 12), 'body') +
          pen.flat(ellipse(...at(0.53, -1.46), radius * 0.12, radius * 0.6, side * 12), 'bodyLight')
        )
      case 'flap':
        return pen.solid(
          blob(at(0.6, -0.7), at(1.7, -1), at(2, -0.1), at(1.5, 0.8), at(0.8, 0.4)),
          'bodyDark',
          { depth: 0.6 }
        )
      case 'small':
        return pen.solid(ellipse(...at(0.9, -0.36), radius * 0.2), 'bodyDark', { depth: 0 })
    }
  }
  return ear(-1) + ear(1)
}

const HORNED = anyOf(
  /goat|ibex|antelope|oryx|gazelle|cattle|ox\b|bison|buffalo|sheep/,
  /kudu|bovid|wildebeest|impala|chamois|yak|gaur|pronghorn|bull/
)

/** Antlers, horns or a mane. */
function growth(
  { pen, words }: Model,
  x: number,
  y: number,
  radius: number
): { behind: string; front: string } {
  const at = (side: number, dx: number, dy: number): Point => [x + side * dx * radius, y + dy * radius]
  const both = (draw: (side: number) => string) => draw(-1) + draw(1)
  if (/\blion\b|mane|baboon|gelada|takin|aoudad|przewalski/.test(words)) {
    const points = Array.from({ length: 18 }, (_, index): Point => {
      const angle = (index / 18) * Math.PI * 2
      const reach = radius * (index % 2 === 0 ? 1.62 : 1.36)
      return [x + Math.sin(angle) * reach, y - Math.cos(angle) * reach]
    })
    return { behind: pen.solid(polygon(...points), 'bodyDark', { depth: 0.6 }), front: '' }
  }
  if (/deer|elk|moose|reindeer|caribou|stag|chital|muntjac/.test(words)) {
    return {
      behind: both(
        (side) =>
          pen.line(
            curve(at(side, 0.3, -0.8), at(side, 0.5, -1.7), at(side, 1.2, -2.2)),
            'accentDark',
            radius * 0.16
          ) +
          pen.line(
            curve(at(side, 0.42, -1.3), at(side, 0.9, -1.45), at(side, 1.2, -1.3)),
            'accentDark',
            radius * 0.13
          ) +
          pen.line(
            curve(at(side, 0.62, -1.75), at(side, 0.45, -2.1), at(side, 0.5, -2.4)),
            'accentDark',
            radius * 0.12
          )
      ),
      front: ''
    }
  }
  if (/rhino/.test(words)) {
    return {
      behind: '',
      front: pen.solid(
        polygon(
          [x - radius * 0.2, y + radius * 0.1],
          [x, y - radius * 0.9],
          [x + radius * 0.22, y + radius * 0.1]
        ),
        'paper'
      )
    }
  }
  if (HORNED.test(words)) {
    const curled = /sheep|mouflon|bighorn|argali/.test(words)
    return {
      behind: both((side) =>
        pen.line(
          curled
            ? curve(at(side, 0.35, -0.85), at(side, 1.5, -1.5), at(side, 1.75, -0.3), at(side, 1.15, -0.1))
            : curve(at(side, 0.32, -0.8), at(side, 0.72, -1.5), at(side, 0.6, -2.15)),
          'accentDark',
          radius * 0.2
        )
      ),
      front: ''
    }
  }
  if (/giraffe|okapi/.test(words)) {
    return {
      behind: both(
        (side) =>
          pen.line(curve(at(side, 0.3, -0.8), at(side, 0.36, -1.45)), 'bodyDark', radius * 0.14) +
          pen.flat(ellipse(...at(side, 0.36, -1.5), radius * 0.14), 'accentDark')
      ),
      front: ''
    }
  }
  return { behind: '', front: '' }
}

const BROAD_NOSED = anyOf(
  /pig|boar|hippo|cattle|bovid|bison|cow|horse|donkey|camel/,
  /llama|bear|hog|peccar|walrus|seal|capybara|wombat|koala/
)

const TRUNKED = /elephant|mammoth|mastodon|tapir|elephant shrew|proboscis/
const LONG_SNOUTED = /anteater|aardvark|echidna|shrew|tenrec|solenodon|numbat|elephant seal/

/** Where the mouth of a head is, beside a trunk or on a snout. */
export function mouthOf({ words }: Model, x: number, y: number, radius: number): Mouth {
  const at = (dx: number, dy: number, wide: number) => ({
    x: x + dx * radius,
    y: y + dy * radius,
    width: wide * radius
  })
  if (TRUNKED.test(words)) return at(0.5, 0.6, 0.36)
  return LONG_SNOUTED.test(words) ? at(-0.34, 0.62, 0.4) : at(0, 0.58, 0.42)
}

/** Muzzle and nose; the mouth is below them. */
function muzzle({ pen, words }: Model, x: number, y: number, radius: number): string {
  if (TRUNKED.test(words)) {
    return pen.solid(
      ribbon(
        [
          [x, y + radius * 0.1],
          [x, y + radius * 0.9],
          [x - radius * 0.3, y + radius * 1.5],
          [x - radius * 0.9, y + radius * 1.45]
        ],
        [radius * 0.62, radius * 0.46, radius * 0.3, radius * 0.24]
      ),
      'body'
    )
  }
  if (LONG_SNOUTED.test(words)) {
    const [tipX, tipY] = [x - radius * 1.16, y + radius * 0.52]
    return (
      pen.solid(
        ribbon(
          [
            [x + radius * 0.26, y + radius * 0.24],
            [x - radius * 0.2, y + radius * 0.42],
            [x - radius * 0.8, y + radius * 0.6],
            [tipX, tipY]
          ],
          [radius * 0.12, radius * 0.5, radius * 0.34, radius * 0.2]
        ),
        'bodyLight',
        { depth: 0.4 }
      ) + pen.flat(ellipse(tipX, tipY, radius * 0.15, radius * 0.13), 'ink')
    )
  }
  if (/platypus/.test(words)) {
    return pen.solid(ellipse(x, y + radius * 0.5, radius * 0.72, radius * 0.26), 'accent')
  }
  const broad = BROAD_NOSED.test(words)
  const base = pen.solid(
    ellipse(x, y + radius * 0.42, radius * (broad ? 0.58 : 0.46), radius * (broad ? 0.46 : 0.36)),
    'bodyLight',
    { depth: 0.35 }
  )
  if (/pig|boar|hog|peccar|warthog|babirusa/.test(words)) {
    return (
      base +
      pen.flat(ellipse(x, y + radius * 0.3, radius * 0.3, radius * 0.2), 'accent') +
      both((side) => pen.flat(ellipse(x + side * radius * 0.1, y + radius * 0.3, radius * 0.05), 'ink'))
    )
  }
  const tusks = /walrus|tusk|musk deer|chevrotain|sabre/.test(words)
    ? both((side) =>
        pen.flat(
          polygon(
            [x + side * radius * 0.1, y + radius * 0.62],
            [x + side * radius * 0.34, y + radius * 0.62],
            [x + side * radius * 0.2, y + radius * 1.3]
          ),
          'paper'
        )
      )
    : ''
  return (
    tusks +
    base +
    pen.flat(
      blob(
        [x - radius * 0.2, y + radius * 0.1],
        [x + radius * 0.2, y + radius * 0.1],
        [x, y + radius * 0.34]
      ),
      'ink'
    )
  )
}

const LONG_HEADED = anyOf(
  /horse|donkey|zebra|deer|camel|llama|alpaca|antelope/,
  /giraffe|goat|kangaroo|wallaby|okapi|cattle|bovid|oryx/
)

/** The head from the front: ears, skull, muzzle. */
export function headOf(model: Model, x: number, y: number, radius: number): { behind: string; head: string } {
  const { pen, words } = model
  const { behind, front } = growth(model, x, y, radius)
  const long = LONG_HEADED.test(words)
  const skull = long
    ? blob(
        [x - radius * 0.86, y - radius * 0.9],
        [x + radius * 0.86, y - radius * 0.9],
        [x + radius * 0.92, y + radius * 0.2],
        [x + radius * 0.5, y + radius * 1.06],
        [x - radius * 0.5, y + radius * 1.06],
        [x - radius * 0.92, y + radius * 0.2]
      )
    : ellipse(x, y, radius * 1.06, radius)
  const patch = /panda|raccoon|badger|lemur|coati|red panda|skunk|polecat|dormouse|meerkat/.test(words)
    ? both((side) =>
        pen.flat(
          ellipse(x + side * radius * 0.44, y - radius * 0.1, radius * 0.36, radius * 0.3, side * 24),
          'bodyDark'
        )
      )
    : ''
  const forelock = /horse|zebra|donkey|yak|highland|llama|alpaca|musk ox|bison/.test(words)
    ? pen.solid(
        blob(
          [x - radius * 0.42, y - radius * 1.2],
          [x + radius * 0.42, y - radius * 1.2],
          [x + radius * 0.2, y - radius * 0.34],
          [x - radius * 0.2, y - radius * 0.34]
        ),
        'bodyDark',
        { depth: 0.4 }
      )
    : ''
  return {
    behind,
    head:
      behind +
      ears(model, earsOf(words), x, y, radius) +
      pen.solid(skull, 'body', { inside: patch }) +
      forelock +
      muzzle(model, x, y, radius) +
      front
  }
}
