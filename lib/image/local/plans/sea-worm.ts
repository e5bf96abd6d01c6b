import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar, polygon, polyline, ribbon, star } from '../svg.ts'
import type { Point } from '../svg.ts'
import { headless, roundTorso } from './headless.ts'

/** Flatworms: a leaf with a ruffled edge; a hammerhead has a head like a shovel, a planarian two lobes. */
export function flat(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const name = nameOf(model)
  const isHammer = /hammer/.test(name)
  const isCarpet = /carpet/.test(name)
  const edge = (
    [
      [-700, 0.8],
      [-600, 1.1],
      [-500, 0.92],
      [-400, 1.14],
      [-300, 0.9],
      [-200, 1],
      [-100, 0.66],
      [-10, 0.2]
    ] as const
  ).map(([y, share], index): Point => [
    (isCarpet ? 380 : isHammer ? 150 : 230) * girth * (isCarpet ? share : index > 5 ? share : 1),
    y
  ])
  const d = blob(...edge, ...edge.toReversed().map(([x, y]): Point => [-x, y]))
  const head = isHammer
    ? path`
      M-470 -760Q-500 -900 -330 -960Q0 -1090 330 -960Q500 -900 470 -760
      Q330 -690 170 -700H-170Q-330 -690 -470 -760Z
    `
    : isCarpet
      ? blob(
          [-240, -660],
          [-290, -860],
          [-210, -1060],
          [-120, -960],
          [0, -980],
          [120, -960],
          [210, -1060],
          [290, -860],
          [240, -660]
        )
      : polygon([-220, -660], [-340, -800], [-220, -860], [0, -1060], [220, -860], [340, -800], [220, -660])
  const stripe = pen.line(path`M0 -640V-70`, isCarpet ? 'accent' : 'bodyDark', 44)
  const rim = isCarpet ? pen.line(d, 'accent', 50) : ''
  return headless(
    model,
    {
      behind: '',
      body:
        pen.solid(d, 'body', { depth: 0.5, inside: rim + hide(-300, -600, 600, 500) + stripe }) +
        pen.solid(head, 'body', { depth: 0.5 }),
      torso: roundTorso(d, 220, -600, 460)
    },
    {
      y: -840,
      apart: 96,
      mouth: 104,
      hat: -950,
      hatWide: 270,
      neck: -630,
      neckWide: (isHammer ? 280 : 420) * girth,
      shoulder: [(isHammer ? 120 : 190) * girth, -580]
    }
  )
}

/** The crown of branched arms around the mouth of a sea cucumber. */
function armCrown({ pen }: Model, thick: number): string {
  const tones = ['', '']
  for (let step = -6; step <= 6; step += 1) {
    const turn = step * 15
    const fork = polar(0, -700, 390 - (step % 2 === 0 ? 0 : 50), turn)
    const twigs = each([-40, 0, 40], (aside) => polyline(fork, polar(...fork, 80, turn + aside)))
    tones[step % 2 === 0 ? 0 : 1] += polyline(polar(0, -700, 180, turn), fork) + twigs
  }
  return pen.limb(tones[1]!, 'accent', thick) + pen.limb(tones[0]!, 'body', thick)
}

/** Rows of warts below the face. */
const warts = (half: number): string =>
  repeat(4, (row) =>
    repeat(4, (index) => {
      const [x, y] = [(index - 1.5) * half * 0.5, -420 + row * 100]
      return polygon([x - 32, y + 26], [x, y - 40], [x + 32, y + 26])
    })
  )

/** The veil that a sea cucumber swims with. */
function veil({ pen }: Model, half: number, isSwimming: boolean): string {
  return isSwimming
    ? pen.solid(
        blob(
          [-half * 0.9, -760],
          [-half * 1.7, -500],
          [-half * 1.6, -120],
          [0, -60],
          [half * 1.6, -120],
          [half * 1.7, -500],
          [half * 0.9, -760]
        ),
        'accent',
        {
          depth: 0.4,
          inside: pen.line(
            repeat(9, (index) => path`M0 -400L${(index - 4) * 160} -20`),
            'accentDark',
            12
          )
        }
      )
    : ''
}

/** Sea cucumbers: a fat body on tube feet with rows of warts, a crown of branched arms around the mouth. */
export function cucumber(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const name = nameOf(model)
  const isPig = /pig/.test(name)
  const half = 300 * girth
  const d = isPig
    ? blob(
        [-half * 1.1, -820],
        [half * 0.6, -860],
        [half * 1.5, -640],
        [half * 1.5, -330],
        [half * 0.7, -170],
        [-half * 0.8, -180],
        [-half * 1.4, -420]
      )
    : blob(
        [-half * 0.8, -880],
        [half * 0.8, -880],
        [half * 1.1, -600],
        [half * 1.14, -300],
        [half * 0.8, -40],
        [-half * 0.8, -40],
        [-half * 1.14, -300],
        [-half * 1.1, -600]
      )
  const feet = pen.limb(
    isPig
      ? each([-300, -150, 0, 150, 300], (x) => path`M${x} -230L${x * 1.1} -10`)
      : repeat(6, (row) => both((side) => path`M${side * half * 0.9} ${-560 + row * 96}l${side * 96} 34`)) +
          each([-180, -60, 60, 180], (x) => path`M${x} -70V-4`),
    'bodyDark',
    isPig ? 84 : 44
  )
  const horns = isPig
    ? pen.limb(
        both((side) => curve([side * 110, -800], [side * 190, -960], [side * 330, -1060])),
        'bodyLight',
        40
      )
    : ''
  return headless(
    model,
    {
      behind:
        veil(model, half, /swimming|squirrel/.test(name)) +
        feet +
        (isPig ? horns : armCrown(model, /medusa/.test(name) ? 36 : 26)),
      body: pen.solid(d, 'body', {
        depth: 1.1,
        inside: hide(-half, -420, half * 2, 300) + pen.flat(warts(half), 'bodyLight')
      }),
      torso: roundTorso(d, half, -480, 420)
    },
    {
      y: -690,
      apart: 96,
      hat: -850,
      hatWide: 300,
      neck: -480,
      neckWide: half * 2,
      shoulder: [half * 0.94, -460]
    }
  )
}

/** Scale worms and sea mice: a broad back with plates in two rows, or with felt, and a fringe that shines. */
export function plated(model: Model): Anatomy {
  const { pen, girth } = model
  const isMouse = /mouse/.test(nameOf(model))
  const half = 330 * girth
  const d = blob(
    [-half * 0.6, -960],
    [half * 0.6, -960],
    [half * 1.1, -640],
    [half * 1.1, -320],
    [half * 0.5, -30],
    [-half * 0.5, -30],
    [-half * 1.1, -320],
    [-half * 1.1, -640]
  )
  const fringe = both((side) =>
    repeat(13, (index) => {
      const y = -880 + index * 66
      const x = half * (1 - (index / 6 - 1) ** 2 * 0.3)
      return each([-30, 10, 50], (dy) => path`M${side * x} ${y}l${side * 130} ${dy}`)
    })
  )
  const plates = isMouse
    ? pen.line(
        repeat(7, (row) =>
          repeat(6, (index) => path`M${(index - 2.5) * 100 + (row % 2) * 40} ${-440 + row * 66}l-14 70`)
        ),
        'bodyDark',
        16
      )
    : each([0, 1, 2, 3], (row) =>
        both((side) =>
          pen.solid(
            ellipse(side * half * 0.46, -420 + row * 108, half * 0.54, 74),
            row % 2 === 0 ? 'body' : 'bodyLight',
            {
              depth: 0.4,
              inside: pen.flat(ellipse(side * half * 0.46, -420 + row * 108, 44, 26), 'accent')
            }
          )
        )
      )
  const feelers = pen.limb(
    both((side) => curve([side * 80, -920], [side * 140, -1040], [side * 260, -1060])),
    'bodyDark',
    26
  )
  return headless(
    model,
    {
      behind: feelers + pen.line(fringe, 'accent', 15),
      body: pen.solid(d, 'body', { depth: 1, inside: plates }),
      torso: roundTorso(d, half, -500, 440)
    },
    {
      y: -720,
      apart: 100,
      hat: -900,
      hatWide: 300,
      neck: -500,
      neckWide: half * 2,
      shoulder: [half * 0.94, -480]
    }
  )
}

/** Lancelets: a clear blade that is pointed at both ends, with muscles like arrows along it. */
export function lancelet(model: Model): Anatomy {
  const { pen, girth } = model
  const d = ribbon(
    [
      [330, -20],
      [190, -240],
      [40, -480],
      [-20, -760],
      [-30, -1060]
    ],
    [10, 210, 320, 330, 20].map((width) => width * girth)
  )
  const muscles = repeat(7, (index) => {
    const [x, y] = [50 + index * 26 - 60, -560 + index * 74]
    return path`M${x - 150} ${y + 20}L${x + 20} ${y - 50}L${x + 130} ${y + 70}`
  })
  const whiskers = pen.limb(
    each([-3, -2, -1, 0, 1, 2, 3], (step) =>
      curve([-30 + step * 30, -930], [-40 + step * 60, -1000], [-40 + step * 70, -1090])
    ),
    'accent',
    20
  )
  const fin = ribbon(
    [
      [420, 0],
      [300, -260],
      [150, -500],
      [90, -760],
      [10, -1000]
    ],
    [120, 190, 170, 150, 20]
  )
  return headless(
    model,
    {
      behind:
        whiskers +
        pen.solid(fin, 'bodyLight', { depth: 0.3 }) +
        pen.solid(star(360, -60, 130, 60, 4, 30), 'bodyLight', { depth: 0.3 }),
      body: pen.solid(d, 'body', { depth: 0.8, inside: pen.line(muscles, 'bodyDark', 15) }),
      torso: roundTorso(d, 150, -540, 260)
    },
    {
      x: -20,
      y: -770,
      eye: 56,
      apart: 74,
      mouth: 104,
      smile: 90,
      hat: -900,
      hatWide: 220,
      neck: -560,
      neckWide: 300,
      shoulder: [110, -540],
      arm: 42
    }
  )
}
