import { nameOf, pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path } from '../svg.ts'
import type { Point } from '../svg.ts'

/** Measures of a bell: its height, half its width, and where its rim is. */
interface Bell {
  half: number
  top: number
  rim: number
}

function bellOf(model: Model): Bell {
  const name = nameOf(model)
  if (/immortal/.test(name)) return { half: 250 * model.girth, top: -1050, rim: -500 }
  if (/flower hat/.test(name)) return { half: 370 * model.girth, top: -990, rim: -560 }
  return { half: 350 * model.girth, top: -1020, rim: -540 }
}

/** Many fine tentacles below the rim, each with a bead at its end if `isTipped`. */
function tentacles({ pen, random }: Model, { half, rim }: Bell, isTipped: boolean): string {
  const count = 17
  let beads = ''
  const threads = repeat(count, (index) => {
    const share = (index / (count - 1)) * 2 - 1
    const sway = random.between(16, 40) * (index % 2 === 0 ? 1 : -1)
    const x = share * half * 0.94
    const end: Point = [x * 1.12 + sway, index % 3 === 1 ? -30 : -150 - (index % 2) * 90]
    if (isTipped) beads += pen.flat(ellipse(...end, 24), 'accent')
    return curve([x, rim - 6], [x + sway * 1.6, rim * 0.7], [x - sway, rim * 0.4], end)
  })
  return pen.line(threads, 'bodyDark', 15) + beads
}

/** Hydrozoan jellies: a clear bell with canals from its top to a ring of lights, and many fine tentacles. */
export function crystalJelly(model: Model): Anatomy {
  const { pen, hide } = model
  const name = nameOf(model)
  const bell = bellOf(model)
  const { half, top, rim } = bell
  const high = rim - top
  const d = path`
    M${-half} ${rim}
    C${-half * 1.06} ${top - high * 0.16} ${half * 1.06} ${top - high * 0.16} ${half} ${rim}
    Q${half * 0.5} ${rim + 56} 0 ${rim + 56}
    Q${-half * 0.5} ${rim + 56} ${-half} ${rim}Z
  `
  const canals = each([-0.92, -0.62, -0.3, 0.3, 0.62, 0.92], (share) =>
    curve(
      [share * half * 0.2, top + high * 0.1],
      [share * half * 0.8, top + high * 0.4],
      [share * half, rim + 30]
    )
  )
  const lights = repeat(9, (index) => {
    const share = (index / 8) * 2 - 1
    const y = rim + 34 - share * share * 40
    return (
      pen.solid(ellipse(share * half * 0.95, y, 30), 'accent', { depth: 0 }) +
      pen.flat(ellipse(share * half * 0.95, y, 13), 'paper')
    )
  })
  const mouthArms = pen.solid(
    blob(
      [-half * 0.3, rim],
      [half * 0.3, rim],
      [half * 0.22, rim + 170],
      [half * 0.34, rim + 290],
      [0, rim + 220],
      [-half * 0.34, rim + 290],
      [-half * 0.22, rim + 170]
    ),
    /immortal/.test(name) ? 'heart' : 'bodyLight',
    { depth: 0.4 }
  )
  const stomach = /immortal/.test(name)
    ? pen.flat(ellipse(0, top + high * 0.17, half * 0.4, high * 0.1), 'heart')
    : pen.flat(ellipse(0, top + high * 0.13, half * 0.34, high * 0.07), 'bodyLight')
  return {
    behind: tentacles(model, bell, /fireworks|flower hat/.test(name)) + mouthArms,
    body:
      pen.solid(d, 'body', {
        depth: 0.9,
        inside:
          hide(-half * 0.9, rim - 90, half * 1.8, 80) +
          pen.line(canals, 'bodyLight', /flower hat/.test(name) ? 26 : 14) +
          stomach
      }) + lights,
    head: '',
    face: {
      x: 0,
      y: rim - high * 0.42,
      eye: 64 * model.head,
      apart: Math.min(half * 0.36, 112),
      mouth: { x: 0, y: rim - high * 0.16, width: 112 }
    },
    crown: { x: 0, y: top + high * 0.12, width: half * 0.9 },
    neck: { x: 0, y: rim + 60, width: half * 1.1 },
    shoulders: pair(half * 0.84, rim - 4),
    hands: pair(half + 30, -330),
    arm: 36
  }
}

/** A branch that forks, with polyps at its tips. */
function branch({ pen }: Model, side: number, from: Point, middle: Point, tips: readonly Point[]): string {
  const [mx, my] = middle
  const twigs = tips.map(([x, y]) =>
    curve([side * mx, my], [side * (mx + x) * 0.52, (my + y) / 2 + 20], [side * x, y])
  )
  const polyps = each(tips, ([x, y]) =>
    each([-34, 0, 34], (dx) => pen.line(curve([side * x, y - 10], [side * x + dx, y - 60]), 'accent', 13))
  )
  const heads = each(tips, ([x, y]) => pen.solid(ellipse(side * x, y, 36, 34), 'accent', { depth: 0.2 }))
  return (
    polyps +
    pen.limb(
      curve([side * from[0], from[1]], [side * mx * 0.8, my + 60], [side * mx, my]) + twigs.join(''),
      'body',
      70
    ) +
    heads
  )
}

/** A colony of polyps: a trunk on a crust, which branches like a bush. */
export function hydroid(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 190 * girth
  const trunk = blob(
    [-half * 0.8, -980],
    [half * 0.8, -980],
    [half * 1.14, -700],
    [half * 0.9, -420],
    [half * 1.1, -14],
    [-half * 1.1, -14],
    [-half * 0.9, -420],
    [-half * 1.14, -700]
  )
  const bush = each(
    [-1, 1],
    (side) =>
      branch(
        model,
        side,
        [60, -220],
        [300, -330],
        [
          [440, -470],
          [330, -520],
          [450, -300]
        ]
      ) +
      branch(
        model,
        side,
        [80, -560],
        [300, -730],
        [
          [440, -830],
          [320, -930],
          [450, -690]
        ]
      )
  )
  const pores = each(
    [
      [-0.5, -380],
      [0.1, -330],
      [0.56, -400],
      [-0.3, -230],
      [0.4, -190],
      [-0.6, -100],
      [0, -90]
    ],
    ([share, y]) => pen.flat(ellipse(share * half, y, 20), 'bodyDark')
  )
  return {
    behind: bush,
    body:
      pen.solid(
        blob(
          [-half * 1.9, -70],
          [-half, -130],
          [half, -130],
          [half * 1.9, -70],
          [half * 2, 10],
          [-half * 2, 10]
        ),
        'bodyDark',
        { depth: 0.4 }
      ) + pen.solid(trunk, 'body', { depth: 0.9, inside: hide(-half, -440, half * 2, 380) + pores }),
    torso: { d: trunk, x: -half, y: -460, width: half * 2, height: 380 },
    head: '',
    face: { x: 0, y: -760, eye: 62 * model.head, apart: 92, mouth: { x: 0, y: -640, width: 112 } },
    crown: { x: 0, y: -940, width: 280 },
    neck: { x: 0, y: -470, width: half * 1.7 },
    shoulders: pair(half * 0.8, -440),
    hands: pair(260, -330),
    arm: 48
  }
}
