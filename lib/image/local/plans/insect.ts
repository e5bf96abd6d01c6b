import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'

const CLEAR_WINGED =
  /dragonfl|damselfl|bee\b|bees|wasp|fly\b|flies|cicada|mayfly|lacewing|mosquito|midge|hornet/

type Kind = 'butterfly' | 'clear' | 'slim' | 'beetle'

function kindOf(words: string): { kind: Kind; isSlim: boolean } {
  const isSlim = /mantis|mantid|stick|grasshopper|cricket|locust|katydid|ant\b|ants|water strider/.test(words)
  const kind = /butterfl|moth/.test(words)
    ? 'butterfly'
    : CLEAR_WINGED.test(words)
      ? 'clear'
      : isSlim
        ? 'slim'
        : 'beetle'
  return { kind, isSlim }
}

function butterflyWing({ pen, hide }: Model, side: number): string {
  const upper = blob(
    [side * 40, -640],
    [side * 250, -960],
    [side * 500, -940],
    [side * 450, -620],
    [side * 110, -520]
  )
  const lower = blob(
    [side * 50, -540],
    [side * 350, -560],
    [side * 380, -300],
    [side * 250, -170],
    [side * 90, -380]
  )
  const spot =
    pen.flat(ellipse(side * 330, -780, 74), 'accent') + pen.flat(ellipse(side * 330, -780, 38), 'ink')
  return (
    pen.solid(upper, 'cloth', { depth: 1.2, inside: hide(side > 0 ? 60 : -480, -900, 420, 330) + spot }) +
    pen.solid(lower, 'clothDark', { depth: 0.8, inside: pen.flat(ellipse(side * 240, -390, 52), 'accent') })
  )
}

/** @param row 0 for the upper wing, 1 for the lower one */
function clearWing({ pen }: Model, side: number, row: number): string {
  const [root, tip]: [Point, number] = [[side * 70, -640 + row * 60], -800 + row * 260]
  const wing = ribbon([root, [side * 270, -760 + row * 190], [side * 480, tip]], [40, 130, 60])
  return pen.solid(wing, 'paper', {
    depth: 0.5,
    inside: pen.line(curve(root, [side * 470, tip]), 'farDark', 6)
  })
}

function wings(model: Model, kind: Kind): string {
  if (kind === 'butterfly') return both((side) => butterflyWing(model, side))
  if (kind === 'clear') return both((side) => repeat(2, (row) => clearWing(model, side, row)))
  return ''
}

/** The marks on the abdomen: a beetle's wing cases, or bands. */
function back({ pen, words, hide }: Model, kind: Kind, half: number): string {
  if (kind !== 'beetle') {
    return repeat(4, (index) => {
      const y = -480 + index * 96
      const band = curve([-half * 1.2, y], [0, y + 40], [half * 1.2, y])
      return pen.line(band, 'bodyDark', kind === 'butterfly' ? 16 : 30)
    })
  }
  const spots = [...pair(80, -450), ...pair(100, -290), ...pair(60, -170)]
  return (
    pen.line('M0 -600V-120', 'bodyDark', 12) +
    (/ladybird|ladybug|leaf beetle/.test(words)
      ? each(spots, ([x, y]) => pen.flat(ellipse(x, y, 40), 'ink'))
      : hide(-half, -560, half * 2, 430))
  )
}

function legs({ pen }: Model, half: number): string {
  return repeat(2, (row) =>
    both((side) =>
      pen.limb(
        curve(
          [side * half * 0.7, -460 + row * 150],
          [side * (half + 150), -470 + row * 200],
          [side * (half + 130 - row * 40), -8]
        ),
        'ink',
        22
      )
    )
  )
}

/** Horns for the beetles that have them, else feelers. */
function feelers({ pen, words }: Model, y: number, radius: number): string {
  if (/rhinoceros|hercules|stag|elephant beetle/.test(words)) {
    return both((side) =>
      pen.line(
        curve([side * 40, y - radius * 0.8], [side * 150, y - radius * 1.5], [side * 40, y - radius * 2]),
        'bodyDark',
        32
      )
    )
  }
  return both(
    (side) =>
      pen.line(
        curve(
          [side * radius * 0.34, y - radius * 0.8],
          [side * radius * 0.5, y - radius * 1.5],
          [side * radius * 1.15, y - radius * 1.7]
        ),
        'ink',
        13
      ) + pen.flat(ellipse(side * radius * 1.18, y - radius * 1.72, 26), 'accent')
  )
}

/** Butterflies, beetles, bees: three parts, feelers, wings behind. */
export function insect(model: Model): Anatomy {
  const { pen, girth, words } = model
  const radius = 136 * model.head
  const headY = -1000 + radius + 90
  const { kind, isSlim } = kindOf(words)
  const half = (isSlim ? 100 : kind === 'butterfly' ? 92 : 170) * girth
  const abdomen = blob(
    [-half * 0.7, -560],
    [half * 0.7, -560],
    [half * 1.1, -330],
    [half * 0.3, -90],
    [-half * 0.3, -90],
    [-half * 1.1, -330]
  )
  const thorax = ellipse(0, -640, half * 0.98 + 20, 110)
  return {
    behind: wings(model, kind) + legs(model, half),
    body:
      pen.solid(abdomen, 'body', { depth: 1.1, inside: back(model, kind, half) }) +
      pen.solid(thorax, 'bodyDark', { depth: 0.6 }),
    torso: { d: abdomen, x: -half, y: -600, width: half * 2, height: 480 },
    head: feelers(model, headY, radius) + pen.solid(ellipse(0, headY, radius * 1.1, radius), 'body'),
    face: {
      x: 0,
      y: headY - radius * 0.1,
      eye: radius * 0.34,
      apart: radius * 0.5,
      mouth: { x: 0, y: headY + radius * 0.56, width: radius * 0.5 }
    },
    crown: { x: 0, y: headY - radius * 0.86, width: radius * 1.4 },
    neck: { x: 0, y: -700, width: half * 1.7 + 50 },
    shoulders: pair(half * 0.7 + 30, -640),
    hands: pair(half + 60, -430),
    arm: 34
  }
}
