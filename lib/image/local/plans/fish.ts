import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { blob, curve, path, polygon, polyline, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'
import { fishBuild } from './fish-build.ts'
import type { FishBuild } from './fish-build.ts'
import { headMarks } from './fish-head.ts'

/** Where the tail begins: the end of the stalk that the body narrows to. */
const stalk = (half: number): Point => [half * 0.34 + 96, -150]

/** The body: deep behind the head, and narrow before the tail. */
function outline(half: number, snout: number): string {
  const [x, y] = stalk(half)
  return blob(
    [-half * 1.1 - snout, -830 - snout * 0.2],
    [-half * 0.62, -1010],
    [half * 0.46, -1000],
    [half * 1.1, -780],
    [half * 1.04, -540],
    [half * 0.62 + 60, -330],
    [x + 30, y - 50],
    [x + 50, y + 20],
    [x - 50, y + 44],
    [x - 90, y - 60],
    [-half * 0.5, -290],
    [-half * 1.08, -500],
    [-half * 1.16, -680]
  )
}

function tail({ pen, girth }: Model, { tail: kind }: FishBuild, half: number): string {
  const [x, y] = stalk(half)
  const at = (dx: number, dy: number): Point => [x + dx * girth, y + dy]
  const shape = {
    fork: blob(
      at(-54, -6),
      at(40, -60),
      at(150, -170),
      at(270, -190),
      at(250, -90),
      at(170, 20),
      at(176, 100),
      at(120, 200),
      at(10, 160),
      at(-50, 60)
    ),
    fan: blob(at(-54, 0), at(40, -90), at(200, -170), at(290, -40), at(230, 130), at(80, 196), at(-30, 90)),
    moon: blob(
      at(-54, -6),
      at(50, -70),
      at(160, -190),
      at(300, -290),
      at(250, -120),
      at(190, 10),
      at(190, 120),
      at(170, 250),
      at(70, 170),
      at(-30, 80)
    ),
    shark: polygon(
      at(-50, 0),
      at(20, -40),
      at(110, -80),
      at(300, -270),
      at(190, -20),
      at(180, 150),
      at(80, 80),
      at(-30, 60)
    ),
    lobes: blob(
      at(-54, 0),
      at(30, -90),
      at(170, -180),
      at(220, -100),
      at(176, -50),
      at(300, -30),
      at(310, 60),
      at(190, 60),
      at(190, 150),
      at(100, 196),
      at(-20, 90)
    )
  }[kind]
  const tips: Point[] = kind === 'shark' ? [] : [at(210, -150), at(230, -40), at(190, 70), at(110, 160)]
  const rays = tips.map(([tx, ty]) => path`M${x - 20} ${y + 10}L${tx} ${ty}`).join('')
  return pen.solid(shape, 'bodyDark', {
    depth: 0.5,
    inside: rays === '' ? '' : pen.line(rays, 'body', 9)
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

/** A fin on a stalk of flesh: a leaf of rays around its end. */
function lobe({ pen }: Model, [x, y]: Point, [tx, ty]: Point): string {
  const at = (share: number, aside: number): Point => [
    x + (tx - x) * share - (ty - y) * aside,
    y + (ty - y) * share + (tx - x) * aside
  ]
  const leaf = blob(
    at(0.3, -0.24),
    at(0.9, -0.5),
    at(1.4, -0.44),
    at(1.66, 0),
    at(1.4, 0.44),
    at(0.9, 0.5),
    at(0.3, 0.24)
  )
  const rays = each([-0.26, 0, 0.26], (aside) => polyline(at(1.06, aside * 0.5), at(1.46, aside)))
  return (
    pen.solid(leaf, 'bodyDark', { depth: 0.3, inside: pen.line(rays, 'body', 10) }) +
    pen.solid(blob(at(-0.2, -0.28), at(0.7, -0.26), at(1.06, 0), at(0.7, 0.26), at(-0.2, 0.28)), 'body', {
      depth: 0.3
    })
  )
}

/** The fins of a lobe-finned fish: one on the back without a stalk, two with one. */
function lobedFins(model: Model, half: number): string {
  const { pen } = model
  const back = blob(
    [half * 0.6, -900],
    [half + 60, -910],
    [half + 150, -830],
    [half + 140, -720],
    [half + 40, -640],
    [half * 0.8, -640]
  )
  const rays = each([-850, -780, -710], (y) => polyline([half * 0.9, y + 30], [half + 90, y]))
  return (
    pen.solid(back, 'bodyDark', { depth: 0.5, inside: pen.line(rays, 'body', 10) }) +
    lobe(model, [half * 0.9, -560], [half + 150, -430]) +
    lobe(model, [half * 0.1, -330], [-half * 0.3, -110])
  )
}

/** The fin on the back, which is to the right. */
function backFin(model: Model, { back }: FishBuild, half: number): string {
  const { pen } = model
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
            [half * 0.3, -940],
            [half * 0.9, -960],
            [half + 160, -830],
            [half + 250, -560],
            [half + 130, -520],
            [half * 0.8, -380]
          ),
          rays(170)
        ) +
        fin(
          blob(
            [-half * 0.5, -420],
            [-half * 0.9, -330],
            [-half * 0.7, -60],
            [-half * 0.3, -40],
            [half * 0.1, -190],
            [half * 0.3, -280]
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
    case 'lobes':
      return lobedFins(model, half)
    case 'low':
      return softFins(half)
        .map((d) => fin(d, rays(130)))
        .join('')
    case 'spiny':
      return (
        fin(spinyEdge(half)) +
        fin(blob([half * 0.8, -560], [half + 130, -560], [half + 130, -400], [half * 0.6, -330]))
      )
  }
}

/** The fins below the belly: one in its middle, one before the tail. Those of a shark have no rays. */
function bellyFin({ pen }: Model, { back }: FishBuild, half: number): string {
  const rays = (from: Point, ...tips: Point[]) =>
    back === 'shark'
      ? ''
      : pen.line(
          each(tips, (tip) => polyline(from, tip)),
          'body',
          8
        )
  return (
    pen.solid(
      polygon([-half * 0.62, -400], [-half * 1.12, -190], [-half * 0.66, -200], [half * 0.1, -260]),
      'bodyDark',
      {
        depth: 0.4,
        inside: rays(
          [-half * 0.3, -330],
          [-half * 0.86, -230],
          [-half * 0.72, -180],
          [-half * 0.46, -190],
          [-half * 0.2, -220]
        )
      }
    ) +
    pen.solid(
      polygon([half * 0.02, -300], [-half * 0.34, -80], [half * 0.1, -100], [half * 0.3 + 50, -190]),
      'bodyDark',
      {
        depth: 0.4,
        inside: rays([half * 0.2, -250], [-half * 0.12, -130], [half * 0.06, -100], [half * 0.24, -130])
      }
    )
  )
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
  const isLobed = build.back === 'lobes'
  const belly = blob(
    [-half * 1.2 - build.snout, -770],
    [-half * 0.56, -640],
    [-half * 0.5, -470],
    [-half * 0.04, -300],
    [half * 0.3 + 40, -170],
    [-half * 0.5, -140],
    [-half * 1.5, -420],
    [-half * 1.5, -680]
  )
  const { behind, front } = headMarks(model, half, build.snout)
  const x = -half * 0.16 - build.snout * 0.2
  return {
    behind:
      tail(model, build, half) +
      backFin(model, build, half) +
      (isLobed || build.back === 'tall' ? '' : bellyFin(model, build, half)) +
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
      mouth: { x: x - half * 0.2 - build.snout * 0.14, y: -662, width: isShark ? 150 : 106 }
    },
    crown: { x: -half * 0.06, y: -968, width: half * 1.2 },
    neck: { x: -half * 0.04, y: -590, width: half * 2.06 },
    shoulders: [
      [-half * 0.84, -540],
      [half * 0.4, -540]
    ],
    hands: [
      [-half - 140, -480],
      [half + 140, -480]
    ],
    arm: isLobed ? 86 : 80,
    limb: isLobed ? 'lobe' : 'fin',
    far: 0
  }
}
