import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'
import { fishBuild } from './fish-build.ts'
import type { FishBuild } from './fish-build.ts'

const outline = (half: number, snout: number): string =>
  blob(
    [-half * 1.1 - snout, -830 - snout * 0.2],
    [-half * 0.62, -1010],
    [half * 0.46, -1000],
    [half * 1.08, -760],
    [half * 0.94, -420],
    [half * 0.3 + 84, -190],
    [half * 0.3 - 10, -130],
    [-half * 0.5, -220],
    [-half * 1.1, -440],
    [-half * 1.14, -650]
  )

function tail({ pen, girth }: Model, { tail: kind }: FishBuild, half: number): string {
  const x = half * 0.3 + 36
  const at = (dx: number, y: number): Point => [x + dx * girth, y]
  const shape = {
    fork: blob(
      at(-50, -130),
      at(10, -220),
      at(130, -230),
      at(300, -290),
      at(200, -110),
      at(190, 14),
      at(40, 10),
      at(-20, -60)
    ),
    fan: blob(at(-56, -140), at(10, -240), at(230, -320), at(300, -120), at(190, 30), at(20, 20)),
    crescent: polygon(
      at(-50, -150),
      at(10, -210),
      at(120, -220),
      at(350, -350),
      at(170, -130),
      at(150, 0),
      at(56, -90)
    )
  }[kind]
  return pen.solid(shape, 'bodyDark', {
    depth: 0.5,
    inside:
      kind === 'crescent'
        ? ''
        : each([-220, -130, -40], (y) => pen.line(curve(at(10, -160), at(230, y)), 'body', 8))
  })
}

/** The edge of a fin whose rays are spines. */
const spinyEdge = (half: number): string =>
  polygon(
    [half * 0.5, -930],
    [half + 40, -960],
    [half + 30, -880],
    [half + 120, -870],
    [half + 80, -790],
    [half + 140, -750],
    [half + 80, -690],
    [half + 110, -620],
    [half * 0.9, -560]
  )

/** Two soft fins, the larger one behind the head. */
const softFins = (half: number): string[] => [
  blob([half * 0.3, -960], [half * 0.9, -980], [half + 170, -850], [half + 90, -740], [half * 0.8, -660]),
  blob([half * 0.8, -560], [half + 40, -600], [half + 140, -520], [half * 0.9, -380])
]

/** The fin on the back, which is to the right. */
function backFin({ pen }: Model, { back }: FishBuild, half: number): string {
  const fin = (d: string, inside = '') => pen.solid(d, 'bodyDark', { depth: 0.5, inside })
  const rays = (reach: number) =>
    each([-820, -720, -620, -520], (y) => pen.line(curve([half * 0.8, y + 50], [half + reach, y]), 'body', 8))
  switch (back) {
    case 'shark':
      return (
        fin(
          polygon(
            [half * 0.7, -800],
            [half * 1.3 + 60, -740],
            [half + 270, -560],
            [half * 1.2, -570],
            [half * 0.8, -470]
          )
        ) + fin(polygon([half * 0.7, -360], [half + 90, -300], [half * 0.6, -250]))
      )
    case 'sail':
      return fin(
        blob(
          [half * 0.5, -940],
          [half + 210, -1010],
          [half + 320, -720],
          [half + 180, -430],
          [half * 0.7, -340]
        ),
        rays(240)
      )
    case 'tall':
      return (
        fin(
          blob(
            [half * 0.4, -940],
            [half * 0.9, -960],
            [half + 260, -860],
            [half + 110, -560],
            [half * 0.8, -380]
          )
        ) +
        fin(
          blob(
            [-half * 0.2, -260],
            [-half * 1.1, -330],
            [-half * 1.2, -60],
            [-half * 0.3, -130],
            [half * 0.4, -200]
          )
        )
      )
    case 'long':
      return fin(
        ribbon(
          [
            [half * 0.3, -960],
            [half + 60, -740],
            [half + 60, -580],
            [half + 40, -420],
            [half * 0.3 + 90, -190]
          ],
          [40, 130, 120, 120, 70]
        ),
        rays(80)
      )
    case 'low':
      return softFins(half)
        .map((d) => fin(d))
        .join('')
    case 'spiny':
      return (
        fin(spinyEdge(half)) +
        fin(blob([half * 0.8, -560], [half + 130, -560], [half + 130, -400], [half * 0.6, -330]))
      )
  }
}

/** The fin below the belly, next to the tail. */
const bellyFin = ({ pen }: Model, half: number): string =>
  pen.solid(
    blob([-half * 0.3, -300], [-half * 0.86, -150], [-half * 0.5, -90], [half * 0.3, -190]),
    'bodyDark',
    { depth: 0.4 }
  )

/** The light of an anglerfish, the bill of a swordfish, the whiskers of a catfish, the bar of a hammerhead. */
function headMarks(model: Model, half: number, snout: number): { behind: string; front: string } {
  const { pen } = model
  const words = `${nameOf(model)},${model.order}`
  if (/angler|lantern|viper|dragonfish|footballfish/.test(words) && !/frogfish|sargassum/.test(words)) {
    const lure =
      pen.line(
        curve([-10, -980], [-half * 0.4, -1150], [-half - 90, -1080], [-half - 100, -990]),
        'bodyDark',
        18
      ) + pen.flat(ellipse(-half - 100, -970, 40), 'accent')
    return { behind: lure, front: '' }
  }
  if (/marlin|swordfish|sailfish|garfish|\bgar\b|sawshark/.test(words)) {
    const bill = pen.solid(
      polygon([-half * 0.7 - snout * 0.5, -800], [-half * 0.8 - snout * 0.5, -890], [-half - 330, -970]),
      'bodyDark',
      { depth: 0.4 }
    )
    return { behind: bill, front: '' }
  }
  if (/hammerhead/.test(words)) {
    return {
      behind: pen.solid(ellipse(-half * 0.3, -860, half * 1.9, 84, 12), 'bodyDark', { depth: 0.5 }),
      front: ''
    }
  }
  if (/unicornfish/.test(words)) {
    return {
      behind: pen.solid(polygon([-half * 0.5, -940], [-half * 0.9, -880], [-half - 160, -1060]), 'accent'),
      front: ''
    }
  }
  if (
    /catfish|sturgeon|carp\b|loach|goatfish|\bcod\b|red mullet|corydoras|pleco|wels|burbot|haddock/.test(
      words
    )
  ) {
    return {
      behind: '',
      front: each([0, 1], (index) =>
        pen.line(
          curve(
            [-half * (0.8 - index * 0.5), -600],
            [-half * (1.1 - index * 0.4) - 60, -580],
            [-half * (1.2 - index * 0.5) - 60, -490]
          ),
          'bodyDark',
          13
        )
      )
    }
  }
  return { behind: '', front: '' }
}

const SPINED = /lionfish|scorpionfish|stickleback|porcupine|puffer|spiny|thorny/
const BANDED = anyOf(
  /clown|perch|tiger|zebra|angelfish|barb\b|archerfish|humbug|idol/,
  /bichir|banded|butterflyfish|lionfish|pilotfish/
)

/** Spines around the back of the fishes that have them. */
function spines(model: Model, half: number): string {
  if (!SPINED.test(nameOf(model))) return ''
  return repeat(8, (index) => {
    const y = -940 + index * 86
    const reach = half * (0.8 + Math.min(index, 3) * 0.09)
    return (
      model.pen.line(
        curve([reach * 0.8, y + 20], [reach + 130, y - 50 + index * 16]),
        index % 2 === 0 ? 'accent' : 'bodyDark',
        18
      ) + (index < 3 ? '' : model.pen.line(curve([-half, y + 20], [-half - 110, y + 40]), 'accent', 16))
    )
  })
}

function scales({ pen }: Model, half: number, rows: number): string {
  const step = half * 0.36
  return repeat(rows, (row) => {
    let d = ''
    for (let column = 0; column < 7; column += 1) {
      const [x, y] = [-half * 1.1 + column * step + (row % 2) * step * 0.5, -560 + row * step * 0.8]
      d += curve([x - step / 2, y], [x, y + step * 0.9], [x + step / 2, y])
    }
    return pen.line(d, 'bodyDark', 8)
  })
}

/** Bands, scales or the marks of the hide. */
function coat(model: Model, build: FishBuild, half: number): string {
  const { pen, random, hide } = model
  if (BANDED.test(nameOf(model))) {
    const role = /clown|humbug|idol|angelfish/.test(nameOf(model)) ? 'paper' : 'bodyDark'
    return each([-560, -390, -240], (y) =>
      pen.line(curve([-half * 1.3, y + 60], [0, y + 20], [half * 1.3, y - 60]), role, 60)
    )
  }
  if (build.back === 'shark') return hide(-half * 1.1, -560, half * 2.2, 360)
  // Rows of scales tell a fish from a shark, so one with a hide of its own has some as well.
  return random.chance(0.5)
    ? scales(model, half, 2) + hide(-half * 1.1, -420, half * 2.2, 230)
    : scales(model, half, 6)
}

/** The edge of a gill cover, or the slits of a shark. */
function gills({ pen }: Model, build: FishBuild, half: number): string {
  if (build.back !== 'shark') {
    return pen.line(curve([half * 0.44, -960], [half * 1.02, -780], [half * 0.2, -600]), 'bodyDark', 18)
  }
  const slits = [0, 1, 2, 3, 4].map((index) => {
    const [x, y] = [half * (0.2 + index * 0.15), -690 - index * 14]
    return curve([x + half * 0.06, y], [x - half * 0.1, y + 60], [x, y + 120])
  })
  return pen.line(slits.join(''), 'bodyDark', 16)
}

/** Fishes from the side: on the tail, the belly to the left and the fin of the back to the right. */
export function fish(model: Model): Anatomy {
  const { pen, girth } = model
  const build = fishBuild(model)
  const half = build.half * girth
  const body = outline(half, build.snout)
  const isShark = build.back === 'shark'
  const belly = blob(
    [-half * 1.2 - build.snout, -770],
    [-half * 0.5, isShark ? -620 : -640],
    [-half * 0.2, -470],
    [half * 0.2, -230],
    [half * 0.3, -110],
    [-half * 0.8, -140],
    [-half * 1.5, -420],
    [-half * 1.5, -680]
  )
  const { behind, front } = headMarks(model, half, build.snout)
  const x = -half * 0.16 - build.snout * 0.2
  return {
    behind:
      tail(model, build, half) +
      backFin(model, build, half) +
      bellyFin(model, half) +
      spines(model, half) +
      behind,
    body: pen.solid(body, 'body', {
      depth: 1.1,
      inside: coat(model, build, half) + pen.flat(belly, isShark ? 'paper' : 'bodyLight')
    }),
    torso: { d: body, x: -half * 1.08, y: -590, width: half * 2.1, height: 400, isRound: true },
    head: gills(model, build, half) + front,
    face: {
      x,
      y: -806,
      eye: 58 * model.head,
      apart: Math.max(82, half * 0.42),
      turn: -0.6,
      top: -980,
      mouth: { x: x - half * 0.3 - build.snout * 0.14, y: -662, width: isShark ? 150 : 118 }
    },
    crown: { x: -half * 0.06, y: -968, width: half * 1.2 },
    neck: { x: -half * 0.04, y: -590, width: half * 2.06 },
    shoulders: [
      [-half * 0.9, -540],
      [half * 0.36, -540]
    ],
    hands: [
      [-half - 140, -480],
      [half + 140, -480]
    ],
    arm: 80,
    limb: 'fin'
  }
}
