import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { blob, clockwiseRibbon, curve, ellipse, onward, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { beard, beastHead, mane } from './beast-head.ts'
import { buildOf } from './beast-build.ts'
import type { Build } from './beast-build.ts'

const belly = ({ leg }: Build) => -leg
const back = ({ leg, depth }: Build) => -leg - depth

function trunk(build: Build): string {
  const { half, depth } = build
  const [low, high] = [belly(build), back(build)]
  return blob(
    [-half * 0.9, high - 10],
    [-half * 0.2, high + 6],
    [half * 0.5, high - 12],
    [half * 1.08, high],
    [half * 1.2, high + depth * 0.62],
    [half * 0.8, low + 8],
    [half * 0.1, low - 6],
    [-half * 0.6, low + 26],
    [-half * 1.22, low - depth * 0.2],
    [-half * 1.2, high + depth * 0.28]
  )
}

/** Where a leg ends: its foot covers the end. */
const SOLE = -8

/** How far the far hind leg is before the near one. */
const FAR_HIND = -136

const hindFoot = (model: Model, build: Build, shift: number) => foot(model, build, build.half * 0.92 + shift)
const foreFoot = (model: Model, build: Build, shift: number) =>
  foot(model, build, build.half * -0.62 + shift + 6)

function foot({ pen }: Model, { shin, foot: kind }: Build, x: number): string {
  if (kind === 'hoof') {
    return pen.solid(
      polygon([x - shin * 0.6, -48], [x + shin * 0.5, -48], [x + shin * 0.62, 0], [x - shin * 0.86, 0]),
      'ink',
      { depth: 0 }
    )
  }
  if (kind === 'pad') {
    return each([-0.5, 0, 0.5], (dx) =>
      pen.flat(ellipse(x + dx * shin * 0.8 - 4, -13, shin * 0.18, 13), 'paper')
    )
  }
  return pen.solid(
    blob([x - shin * 1.15, -40], [x + shin * 0.4, -56], [x + shin * 0.62, 0], [x - shin * 1.25, 2]),
    'bodyDark',
    { depth: 0.3 }
  )
}

/** The outline of a hind leg, clockwise from the rump: it continues the trunk and has a hock above the foot. */
function hindLegPath(build: Build, shift: number): string {
  const { half, depth, leg, shin } = build
  const [x, high] = [half * 0.92 + shift, back(build)]
  const [front, rear] = [x - shin * 0.48, x + shin * 0.48]
  const behind = curve(
    [half * 0.9 + shift, high + depth * 0.3],
    [half * 1.2 + shift, high + depth * 0.5],
    [half * 1.14 + shift, -leg * 0.82],
    [Math.max(rear, half * 1.12 + shift), -leg * 0.5],
    [rear, -leg * 0.34],
    [rear, SOLE]
  )
  const before = curve(
    [front, SOLE],
    [front, -leg * 0.36],
    [Math.min(front, half * 0.84 + shift), -leg * 0.52],
    [half * 0.3 + shift, -leg * 0.78],
    [half * 0.28 + shift, -leg - depth * 0.34]
  )
  return `${behind}${onward(before)}Z`
}

/** The outline of a foreleg, clockwise: wider at the shoulder, even below the knee. */
function foreLegPath(build: Build, shift: number): string {
  const { half, depth, leg, shin } = build
  const [x, top] = [-half * 0.62 + shift, back(build) + depth * 0.62]
  const [front, rear] = [x + 6 - shin * 0.5, x + 6 + shin * 0.5]
  const behind = curve(
    [x + depth * 0.26, top],
    [rear + shin * 0.2, -leg * 0.7],
    [rear, -leg * 0.4],
    [rear, SOLE]
  )
  const before = curve(
    [front, SOLE],
    [front, -leg * 0.4],
    [front - shin * 0.2, -leg * 0.7],
    [x - depth * 0.2, top]
  )
  return `${behind}${onward(before)}Z`
}

/** The legs behind the trunk, which are in its shade. */
function farLegs(model: Model, build: Build, shift: number): string {
  const legs = [hindLegPath(build, FAR_HIND), foreLegPath(build, shift)]
  return (
    each(legs, (leg) => model.pen.solid(leg, 'bodyDark', { depth: 0.5 })) +
    hindFoot(model, build, FAR_HIND) +
    foreFoot(model, build, shift)
  )
}

function tail({ pen, words }: Model, build: Build): string {
  const [x, y] = [build.half * 1.06, back(build) + 40]
  if (/fox|wolf|jackal|dhole|coyote|maned|arctic/.test(words)) {
    const bush = ribbon(
      [
        [x - 30, y + 30],
        [x + 110, y + 110],
        [x + 210, y + 40],
        [x + 220, y - 110]
      ],
      [60, 120, 140, 30]
    )
    return pen.solid(bush, 'body', {
      depth: 0.5,
      inside: pen.flat(ellipse(x + 226, y - 90, 96, 84), 'bodyLight')
    })
  }
  if (/dog|dingo|hyena|aardwolf/.test(words)) {
    return pen.limb(curve([x - 20, y + 30], [x + 120, y + 10], [x + 150, y - 130]), 'bodyDark', 46)
  }
  if (/horse|zebra|donkey|\bass\b|kiang|onager|przewalski/.test(words)) {
    return pen.solid(
      ribbon(
        [
          [x - 30, y + 6],
          [x + 80, y + 40],
          [x + 104, y + 190],
          [x + 70, y + 340]
        ],
        [40, 84, 100, 20]
      ),
      'bodyDark',
      { depth: 0.5 }
    )
  }
  if (/pig|boar|hog|peccar|babirusa/.test(words)) {
    return pen.line(
      curve([x, y + 60], [x + 90, y + 10], [x + 50, y - 40], [x + 30, y + 20], [x + 110, y + 40]),
      'bodyDark',
      20
    )
  }
  if (/deer|goat|ibex|sheep|antelope|gazelle|capybara|hyrax|tapir|llama|alpaca|impala|duiker/.test(words)) {
    return pen.solid(ellipse(x + 16, y + 30, 60, 36, -40), 'bodyLight', { depth: 0.4 })
  }
  return (
    pen.limb(curve([x - 10, y + 30], [x + 90, y + 70], [x + 84, y + 280]), 'bodyDark', 26) +
    pen.solid(ellipse(x + 84, y + 296, 30, 54), 'ink', { depth: 0 })
  )
}

function humps({ pen, words }: Model, build: Build): string {
  const y = back(build) + 30
  if (/bactrian|wild camel/.test(words)) {
    return each([-0.3, 0.5], (dx) => pen.solid(ellipse(dx * build.half, y, 92, 130), 'body', { depth: 0.6 }))
  }
  if (/camel|dromedary/.test(words)) {
    return pen.solid(ellipse(build.half * 0.12, y, 150, 150), 'body', { depth: 0.6 })
  }
  if (/bison|\byak|zebu|\bgaur|wildebeest/.test(words)) {
    return pen.solid(ellipse(-build.half * 0.4, y + 30, 200, 130), 'bodyDark', { depth: 0.6 })
  }
  return ''
}

function wool({ pen, words }: Model, build: Build): string {
  if (!/sheep|alpaca|musk ox/.test(words)) return ''
  const { half, depth } = build
  return repeat(12, (index) => {
    const [column, row] = [index % 6, Math.floor(index / 6)]
    return pen.solid(
      ellipse(
        -half * 0.96 + column * half * 0.4 + row * 40,
        back(build) + 20 + row * depth * 0.46,
        depth * 0.31
      ),
      'bodyLight',
      { depth: 0.5 }
    )
  })
}

/** The marks of a coat that every animal of a kind has. */
function coat({ pen, words, hide }: Model, x: number, y: number, width: number, height: number): string {
  if (/zebra|okapi|bongo|quagga/.test(words)) {
    return repeat(Math.ceil(width / 62), (index) =>
      pen.line(
        curve(
          [x + index * 62, y - 20],
          [x + index * 62 + 34, y + height / 2],
          [x + index * 62 - 6, y + height + 20]
        ),
        'bodyDark',
        26
      )
    )
  }
  if (/giraffe|african wild dog|hyena/.test(words)) {
    return repeat(24, (index) => {
      const [cx, cy] = [
        x + (index % 6) * 76 + (Math.floor(index / 6) % 2) * 36,
        y + 20 + Math.floor(index / 6) * 84
      ]
      return pen.flat(
        blob(
          [cx - 40, cy - 18],
          [cx + 4, cy - 42],
          [cx + 40, cy - 6],
          [cx + 20, cy + 40],
          [cx - 34, cy + 28]
        ),
        'bodyDark'
      )
    })
  }
  return hide(x, y, width, height)
}

/**
 * Hoofed animals, elephants and dogs: the body from the side, the head turned to the front. One leg is raised where the
 * back cannot carry the tool.
 */
export function quadruped(model: Model): Anatomy {
  const { pen, words } = model
  const build = buildOf(model)
  const { half, depth, head, neck, shin } = build
  const { x, y, radius } = head
  const torso = trunk(build)
  const [low, high] = [belly(build), back(build)]
  const withers: Point = [-half * 0.5, high + 24]
  const shoulder: Point = [-half * 0.6, high + depth * 0.62]
  const throat: Point = [(x + shoulder[0]) / 2 - radius * 0.1, (y + shoulder[1]) / 2]
  const spine: Point[] = [shoulder, throat, [x + radius * 0.16, y + radius * 0.2]]
  const neckPath = clockwiseRibbon(spine, [neck[1], (neck[0] + neck[1]) / 2, Math.min(neck[0], radius * 1.1)])
  const { drawn, face } = beastHead(model, head)
  const isTrunked = /elephant|mammoth|mastodon/.test(words)
  const isWoolly = /sheep|alpaca|musk ox/.test(words)
  // Hooves and paws stand on the ground: what the animal works with is on the back, if the back is even.
  const isPacked = !isTrunked && !isWoolly && humps(model, build) === ''
  const standsOnFour = isTrunked || isPacked
  return {
    behind: tail(model, build) + farLegs(model, build, isTrunked ? 70 : 64) + humps(model, build),
    body:
      pen.merged(
        [torso, neckPath, hindLegPath(build, 0), ...(standsOnFour ? [foreLegPath(build, -10)] : [])],
        'body',
        {
          inside:
            pen.within(
              torso,
              pen.flat(ellipse(-half * 0.2, low + 34, half * 0.66, depth * 0.15), 'bodyLight')
            ) +
            coat(model, -half * 1.1, high, half * 2.3, depth * 0.8) +
            coat(model, x - radius, y, neck[1] + radius * 1.6, high - 30 - y)
        }
      ) +
      hindFoot(model, build, 0) +
      (standsOnFour ? foreFoot(model, build, -10) : '') +
      wool(model, build) +
      mane(model, head, withers),
    ...(isWoolly
      ? {}
      : {
          torso: {
            d: torso,
            x: -half * 0.42,
            y: high - 10,
            width: half * 1.26,
            height: depth * 0.86,
            isBack: true
          }
        }),
    head: beard(model, head) + drawn,
    face,
    crown: { x: x + radius * 0.06, y: y - radius * 0.84, width: radius * 1.5 },
    neck: { x: throat[0] - 4, y: throat[1] + (neck[1] - neck[0]) * 0.2, width: (neck[0] + neck[1]) * 0.56 },
    shoulders: isTrunked
      ? [
          [x - radius * 0.16, y + radius * 0.3],
          [x, y]
        ]
      : [
          [shoulder[0] - 4, shoulder[1] + 10],
          [0, high]
        ],
    hands: [
      [-half - 160, -leg(build)],
      [0, high]
    ],
    arm: isTrunked ? radius * 0.5 : shin * 1.1,
    limb: isTrunked ? 'trunk' : 'foreleg',
    ...(isPacked && { pack: { x: half * 0.56, y: high, depth, body: torso } }),
    holds: isPacked ? 1 : 0,
    raise: 60
  }
}

const leg = ({ leg: length }: Build) => length
