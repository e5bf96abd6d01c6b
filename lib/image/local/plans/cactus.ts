import { nameOf, pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'

type Kind = 'cactus' | 'root' | 'bud' | 'globe' | 'fruit'

const KINDS: Array<[RegExp, Kind]> = [
  [/artichoke/, 'bud'],
  [/carrot|radish|beet/, 'root'],
  [/pumpkin|cauliflower/, 'globe'],
  [/strawberr|aubergine|pepper/, 'fruit']
]

/** The outline of the body. */
function outline(kind: Kind, half: number): string {
  const at = (dx: number, y: number): Point => [dx * half, y]
  switch (kind) {
    case 'root':
      return blob(
        at(-0.9, -900),
        at(0.9, -900),
        at(1.2, -640),
        at(0.7, -260),
        at(0.06, 30),
        at(-0.06, 30),
        at(-0.7, -260),
        at(-1.2, -640)
      )
    case 'globe':
      return blob(at(-0.9, -820), at(0.9, -820), at(1.7, -500), at(1, -10), at(-1, -10), at(-1.7, -500))
    case 'bud':
      return blob(
        at(-0.5, -960),
        at(0.5, -960),
        at(1.3, -660),
        at(1.3, -300),
        at(0.6, -120),
        at(-0.6, -120),
        at(-1.3, -300),
        at(-1.3, -660)
      )
    case 'fruit':
      return blob(
        at(-0.6, -900),
        at(0.7, -900),
        at(1.2, -700),
        at(1.1, -240),
        at(0.4, -10),
        at(-0.5, -10),
        at(-1.1, -300),
        at(-1.1, -700)
      )
    default:
      return blob(at(-0.8, -900), at(0.8, -900), at(1.06, -520), at(0.8, -10), at(-0.8, -10), at(-1.06, -520))
  }
}

/** A scale of a bud, from its foot up to its tip. */
const scale = ({ pen }: Model, x: number, y: number, wide: number, lean: number): string =>
  pen.solid(
    path`
      M${x - wide} ${y}
      Q${x - wide * 1.1 + lean * 0.4} ${y - 120} ${x + lean} ${y - 210}
      Q${x + wide * 1.1 + lean * 0.4} ${y - 120} ${x + wide} ${y}
      Q${x} ${y + 70} ${x - wide} ${y}Z
    `,
    'body',
    { depth: 0.4, inside: pen.line(path`M${x + lean * 0.7} ${y - 150}L${x} ${y + 10}`, 'bodyDark', 9) }
  )

/** The scales of a bud below its face, row over row. */
const scales = (model: Model, half: number): string =>
  each([0, 1, 2], (row) => {
    const [y, count] = [-300 + row * 76, row % 2 === 0 ? 4 : 3]
    return repeat(count, (index) => {
      const share = (index / (count - 1)) * 2 - 1
      return scale(model, share * half * (0.86 - row * 0.12), y, 92 - row * 6, share * 46)
    })
  })

/** The seeds of a fruit, or the ribs of the others. */
function marks({ pen, hide }: Model, kind: Kind, half: number): string {
  if (kind === 'fruit') {
    return repeat(20, (index) => {
      const [row, column] = [Math.floor(index / 4), index % 4]
      const x = -half + column * half * 0.62 + (row % 2) * half * 0.3
      return pen.flat(ellipse(x, -460 + row * 96, 11, 18), 'accent')
    })
  }
  const ribs = each([-0.6, -0.3, 0, 0.3, 0.6], (share) =>
    pen.line(
      curve(
        [share * half * 0.9, -900],
        [share * half * (kind === 'globe' ? 2.5 : 1.4), -480],
        [share * half, 0]
      ),
      'bodyDark',
      12
    )
  )
  return ribs + hide(-half, -420, half * 2, 380)
}

/** Leaves, a stalk or a flower on top, and arms of a cactus. */
function growth(model: Model, kind: Kind, half: number): string {
  const { pen } = model
  const name = nameOf(model)
  const leaves = (turns: readonly number[], long: number, wide: number, role: 'accent' | 'accentDark') =>
    each(turns, (turn) =>
      pen.solid(
        ribbon(
          [[0, -800], polar(0, -860, long * 0.6, turn), polar(0, -860, long, turn * 1.3)],
          [wide * 0.6, wide, 10]
        ),
        role,
        { depth: 0.4 }
      )
    )
  switch (kind) {
    case 'cactus':
      return (
        (/saguaro/.test(name)
          ? both((side) =>
              pen.limb(
                curve([side * half * 0.7, -360], [side * (half + 170), -340], [side * (half + 150), -640]),
                'body',
                110
              )
            )
          : /prickly/.test(name)
            ? both((side) =>
                pen.solid(ellipse(side * (half + 40), -800, 130, 170, side * 30), 'body', { depth: 0.5 })
              )
            : '') +
        repeat(5, (row) =>
          both((side) =>
            pen.line(
              curve([side * half * 0.9, -780 + row * 150], [side * (half * 1.06 + 44), -800 + row * 150]),
              'accentDark',
              11
            )
          )
        ) +
        leaves([-60, -30, 0, 30, 60], 170, 56, 'accent')
      )
    case 'root':
      return leaves([-44, -20, 4, 26, 48], 300, 84, 'accentDark')
    case 'bud':
      return (
        pen.limb(curve([0, -160], [0, -4]), 'bodyDark', 96) +
        each([-2, 2, -1, 1, 0], (step) =>
          scale(model, step * half * 0.44, -760 - (2 - Math.abs(step)) * 60, 96, step * 50)
        ) +
        both((side) => scale(model, side * half * 0.94, -500, 100, side * 90))
      )
    case 'globe':
      return (
        pen.limb(curve([0, -790], [10, -900], [70, -960]), 'accentDark', 56) +
        leaves([60], 220, 100, 'accentDark')
      )
    case 'fruit':
      return leaves([-84, -50, -16, 16, 50, 84], 200, 90, 'accentDark')
  }
}

/** Cacti, vegetables and fruits: a thick body with what grows from it. */
export function cactus(model: Model): Anatomy {
  const { pen, girth } = model
  const name = nameOf(model)
  const kind = KINDS.find(([of]) => of.test(name))?.[1] ?? 'cactus'
  const half = (/carrot|aubergine|chilli/.test(name) ? 196 : 226) * girth
  const trunk = outline(kind, half)
  return {
    behind: growth(model, kind, half),
    body:
      pen.solid(trunk, 'body', { depth: 1.2, inside: kind === 'bud' ? '' : marks(model, kind, half) }) +
      (kind === 'bud' ? scales(model, half) : ''),
    torso: { d: trunk, x: -half, y: -440, width: half * 2, height: 420 },
    head: '',
    face: {
      x: 0,
      y: kind === 'globe' ? -640 : -700,
      eye: 60 * model.head,
      apart: 98,
      mouth: { x: 0, y: kind === 'globe' ? -520 : -580, width: 116 }
    },
    crown: { x: 0, y: kind === 'globe' ? -790 : -870, width: half * 1.2 },
    neck: { x: 0, y: -440, width: half * 1.96 },
    shoulders: pair(half * (kind === 'globe' ? 1.2 : 0.92), -440),
    hands: pair(half + 60, -320),
    arm: 62
  }
}
