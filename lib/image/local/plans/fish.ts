import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, polygon, ribbon } from '../svg.ts'
import { anyOf } from '../words.ts'

const ROUND_FISHES = anyOf(
  /puffer|sunfish|boxfish|lumpsucker|frogfish|angler|burrfish|porcupine|goldfish/,
  /butterflyfish|angelfish|discus|moonfish|batfish|filefish|triggerfish/
)

const SLIM_FISHES = anyOf(
  /pike|barracuda|needle|gar|tarpon|sturgeon|trumpet|pipe|tuna/,
  /marlin|sword|sail|trout|salmon|herring|sardine|wahoo|snipe/
)

function scales({ pen }: Model, x: number, y: number, width: number, height: number): string {
  const step = 58
  const rows: string[] = []
  for (let row = 0; row * 46 < height; row += 1) {
    for (let column = 0; column * step <= width; column += 1) {
      const [cx, cy] = [x + column * step + ((row % 2) * step) / 2, y + row * 46]
      rows.push(pen.line(curve([cx - step / 2, cy], [cx, cy + 44], [cx + step / 2, cy]), 'bodyDark', 5))
    }
  }
  return rows.join('')
}

/** The outline of the body. @param top the y of the head's upper edge */
function outline(shark: boolean, half: number, top: number): string {
  return shark
    ? blob(
        [0, top - 30],
        [half * 0.9, -840],
        [half * 1.1, -560],
        [half * 0.5, -250],
        [0, -120],
        [-half * 0.5, -250],
        [-half * 1.1, -560],
        [-half * 0.9, -840]
      )
    : blob(
        [-half * 0.62, top],
        [half * 0.62, top],
        [half * 1.16, -700],
        [half * 1.04, -480],
        [half * 0.3, -130],
        [-half * 0.3, -130],
        [-half * 1.04, -480],
        [-half * 1.16, -700]
      )
}

function tail({ pen, girth }: Model): string {
  return pen.solid(
    blob(
      [-30, -190],
      [30, -190],
      [120, -70],
      [250 * girth, -20],
      [150, 6],
      [0, -50],
      [-150, 6],
      [-250 * girth, -20],
      [-120, -70]
    ),
    'bodyDark',
    { inside: each([-160, -80, 0, 80, 160], (x) => pen.line(curve([x * 0.2, -150], [x, 10]), 'body', 7)) }
  )
}

/** The fins on the back, and spines for the fishes that have them. */
function dorsalFins({ pen, words }: Model, shark: boolean, half: number): string {
  const fins = shark
    ? pen.solid(polygon([half * 0.8, -640], [half * 2, -600], [half * 0.9, -420]), 'bodyDark')
    : both((side) =>
        pen.solid(
          ribbon(
            [
              [side * half * 0.9, -760],
              [side * (half + 60), -600],
              [side * half * 0.8, -380]
            ],
            [20, 110, 30]
          ),
          'bodyDark',
          { depth: 0.5 }
        )
      )
  if (!/lionfish|scorpion|stickleback|ruffe|urchin|sail|betta|fighting/.test(words)) return fins
  const spine = (side: number, index: number) =>
    curve([side * half * 0.8, -740 + index * 90], [side * (half + 150), -830 + index * 110])
  return (
    fins +
    both((side) =>
      repeat(4, (index) => pen.line(spine(side, index), index % 2 === 0 ? 'accent' : 'bodyDark', 16))
    )
  )
}

/** The light that an anglerfish carries before its head. */
function lure({ pen, words }: Model, top: number): string {
  if (!/angler|lantern|viper|dragonfish/.test(words)) return ''
  return (
    pen.line(curve([0, top + 20], [40, top - 150], [170, top - 110]), 'bodyDark', 14) +
    pen.flat(ellipse(176, top - 100, 34), 'accent')
  )
}

function gills({ pen }: Model, half: number, y: number): string {
  return both((side) =>
    pen.line(
      curve([side * half * 0.66, y + 40], [side * half * 0.86, y + 100], [side * half * 0.62, y + 160]),
      'bodyDark',
      10
    )
  )
}

function whiskers({ pen, words }: Model, y: number): string {
  if (!/catfish|sturgeon|carp|loach|goatfish|cod/.test(words)) return ''
  return both((side) =>
    pen.line(curve([side * 70, y + 120], [side * 190, y + 130], [side * 230, y + 220]), 'bodyDark', 10)
  )
}

/** Fishes: upright on the tail, fins for arms, a gill behind the face. */
export function fish(model: Model): Anatomy {
  const { pen, girth, words, hide, random } = model
  const shark = /shark|dogfish/.test(words)
  const half = (ROUND_FISHES.test(words) ? 250 : SLIM_FISHES.test(words) ? 150 : shark ? 178 : 196) * girth
  const top = -1000
  const faceY = -760
  const body = outline(shark, half, top)
  const belly = pen.flat(
    blob([-half * 0.5, -640], [half * 0.5, -640], [half * 0.6, -420], [0, -190], [-half * 0.6, -420]),
    'bodyLight'
  )
  const marks = random.chance(0.5)
    ? hide(-half * 1.1, -660, half * 2.2, 440)
    : scales(model, -half * 1.1, -600, half * 2.2, 400)
  return {
    behind: tail(model) + dorsalFins(model, shark, half) + lure(model, top),
    body: pen.solid(body, 'body', { inside: belly + marks }),
    torso: { d: body, x: -half * 1.1, y: -600, width: half * 2.2, height: 420 },
    head: gills(model, half, faceY) + whiskers(model, faceY),
    face: {
      x: 0,
      y: faceY,
      eye: 54 * model.head,
      apart: half * 0.5,
      mouth: { x: 0, y: faceY + 124, width: 92 }
    },
    crown: { x: 0, y: top + 40, width: half * 1.1 },
    neck: { x: 0, y: -604, width: half * 2.06 },
    shoulders: pair(half * 0.86, -520),
    hands: pair(half + 140, -480),
    arm: 74,
    limb: 'fin'
  }
}
