import { nameOf, pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar, polyline, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { roundTorso } from './headless.ts'
import { crystalJelly, hydroid } from './hydrozoan.ts'
import { goblet } from './sponge.ts'

/** Hanging threads with beads, from a line at `y` between -`reach` and `reach`. */
function threads({ pen, random }: Model, y: number, reach: number, count: number, thick: number): string {
  return repeat(count, (index) => {
    const x = (index / (count - 1) - 0.5) * 2 * reach
    const sway = random.between(24, 60) * (index % 2 === 0 ? 1 : -1)
    const end = index % 3 === 1 ? -14 : -120 - (index % 2) * 60
    return pen.limb(
      curve([x, y], [x + sway, y * 0.7], [x - sway, y * 0.36], [x + sway * 0.6, end]),
      index % 2 === 0 ? 'bodyDark' : 'accent',
      index % 2 === 0 ? thick : thick * 1.5
    )
  })
}

/** True jellies: a bell with streamers down to the ground. A box jelly has corners with bundles. */
function bell(model: Model): Anatomy {
  const { pen, girth, random, order, hide } = model
  const half = 300 * girth
  const isBox = /box jelly/.test(order)
  const d = isBox
    ? blob(
        [-half * 0.84, -1010],
        [half * 0.84, -1010],
        [half * 0.92, -780],
        [half, -540],
        [half * 0.4, -570],
        [-half * 0.4, -570],
        [-half, -540],
        [-half * 0.92, -780]
      )
    : [
        `M${-half} -560C${-half} -1130 ${half} -1130 ${half} -560`,
        `Q${half * 0.75} -490 ${half * 0.5} -550Q${half * 0.25} -480 0 -550`,
        `Q${-half * 0.25} -480 ${-half * 0.5} -550Q${-half * 0.75} -490 ${-half} -560Z`
      ].join('')
  const streamers = isBox
    ? each([-0.82, -0.3, 0.3, 0.82], (share) =>
        repeat(3, (index) => {
          const x = share * half + (index - 1) * 34
          return pen.limb(
            curve([share * half, -590], [x * 1.06, -380], [x - 30, -200], [x * 1.1, index === 1 ? -14 : -90]),
            index === 1 ? 'bodyDark' : 'body',
            30
          )
        })
      )
    : repeat(7, (index) => {
        const x = (index - 3) * half * 0.27
        const sway = random.between(30, 80) * (index % 2 === 0 ? 1 : -1)
        return pen.limb(
          curve([x, -540], [x + sway, -380], [x - sway, -200], [x + sway * 0.6, index % 2 === 0 ? -14 : -90]),
          index % 2 === 0 ? 'bodyDark' : 'body',
          index % 2 === 0 ? 24 : 38
        )
      })
  const edges = isBox
    ? pen.line(
        both((side) =>
          curve([side * half * 0.4, -960], [side * half * 0.5, -760], [side * half * 0.56, -580])
        ),
        'bodyDark',
        14
      )
    : ''
  return {
    behind: streamers,
    body: pen.solid(d, 'body', {
      depth: 1.3,
      inside:
        pen.flat(ellipse(0, -560, half * 0.8, 90), 'bodyLight') + hide(-half, -990, half * 2, 190) + edges
    }),
    head: '',
    face: { x: 0, y: -740, eye: 62 * model.head, apart: half * 0.4, mouth: { x: 0, y: -632, width: 104 } },
    crown: { x: 0, y: -950, width: half * 0.9 },
    neck: { x: 0, y: -530, width: half * 1.2 },
    shoulders: pair(half * 0.86, -560),
    hands: pair(half, -330),
    arm: 34
  }
}

/** A man o' war: a float like a bag with a crest, and many threads on one side. */
function float(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const g = girth
  const bag = blob(
    [-430 * g, -760],
    [-300 * g, -900],
    [60 * g, -960],
    [330 * g, -800],
    [400 * g, -600],
    [200 * g, -540],
    [-160 * g, -530],
    [-350 * g, -610]
  )
  const crest = blob(
    [-330 * g, -830],
    [-180 * g, -1010],
    [40 * g, -1090],
    [240 * g, -1010],
    [300 * g, -800],
    [0, -800]
  )
  const folds = each([-180, -60, 60, 160], (x) => path`M${x * g} ${-860}L${x * g * 0.9} ${-1060}`)
  return {
    behind: threads(model, -560, 230 * g, 11, 18),
    body:
      pen.solid(crest, 'accent', { depth: 0.5, inside: pen.line(folds, 'accentDark', 14) }) +
      pen.solid(bag, 'body', {
        depth: 1.2,
        inside: pen.flat(ellipse(20, -530, 300 * g, 66), 'bodyLight') + hide(-380 * g, -880, 700 * g, 120)
      }),
    head: '',
    face: { x: -40, y: -746, eye: 60 * model.head, apart: 100, mouth: { x: -44, y: -640, width: 110 } },
    crown: { x: -20, y: -940, width: 240 },
    neck: { x: 0, y: -540, width: 300 },
    shoulders: pair(270 * g, -590),
    hands: pair(330, -360),
    arm: 38
  }
}

/** A by-the-wind sailor and a blue button: a flat raft with a fringe, the first with a sail. */
function raft(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 390 * girth
  const isSailor = /sailor/.test(nameOf(model))
  const y = isSailor ? -380 : -540
  const sail = isSailor
    ? pen.solid(blob([-300, y], [-250, -760], [0, -1060], [60, -1060], [260, -760], [300, y]), 'bodyLight', {
        depth: 0.8,
        inside:
          hide(-240, -980, 480, 300) +
          pen.line(
            each([0.5, 0.75], (share) => curve([-280 * share, y], [0, y - 700 * share], [280 * share, y])),
            'body',
            14
          )
      })
    : ''
  const rays = repeat(18, (index) => {
    const [from, to] = [polar(0, y, 180, index * 20), polar(0, y, half * 1.2 + (index % 2) * 60, index * 20)]
    return (
      pen.line(polyline(from, to), index % 2 === 0 ? 'accent' : 'bodyDark', 26) +
      pen.flat(ellipse(...to, 26), 'accent')
    )
  })
  const disc = isSailor ? ellipse(0, y, half, 132) : ellipse(0, y, half * 0.82)
  return {
    behind: isSailor ? threads(model, y + 20, half * 0.84, 13, 20) : rays,
    body:
      sail +
      pen.solid(disc, 'body', {
        depth: 1.1,
        inside: isSailor
          ? pen.line(ellipse(0, y, half * 0.7, 84), 'bodyDark', 16)
          : pen.flat(ellipse(0, y, half * 0.62), 'bodyLight') + pen.flat(ellipse(0, y, half * 0.54), 'body')
      }),
    head: '',
    face: isSailor
      ? { x: 0, y: -700, eye: 58 * model.head, apart: 84, mouth: { x: 0, y: -596, width: 104 } }
      : { x: 0, y: y - 30, eye: 58 * model.head, apart: 90, mouth: { x: 0, y: y + 74, width: 108 } },
    crown: { x: 20, y: isSailor ? -950 : y - half * 0.74, width: 230 },
    neck: { x: 0, y: y + 60, width: 300 },
    shoulders: pair(half * 0.66, y + (isSailor ? 30 : 120)),
    hands: pair(half, -240),
    arm: 40
  }
}

/** A hydra: a thin stalk on a foot, a ring of long arms around the mouth, a bud. */
function hydra(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const stalk: Point[] = [
    [0, -720],
    [30, -500],
    [-30, -280],
    [0, -40]
  ]
  const d = ribbon(
    stalk,
    [300, 220, 150, 190].map((width) => width * girth)
  )
  const arms = repeat(8, (index) => {
    const side = index % 2 === 0 ? -1 : 1
    const row = Math.floor(index / 2)
    return pen.solid(
      ribbon(
        [
          [side * 60, -760],
          [side * (200 + row * 30), -980 + row * 120],
          [side * (330 + row * 34), -900 + row * 150],
          [side * (400 + row * 26), -1010 + row * 190]
        ],
        [60, 46, 34, 8],
        16
      ),
      row % 2 === 0 ? 'accent' : 'bodyDark',
      { depth: 0.4 }
    )
  })
  const bud =
    pen.limb(path`M20 -300Q130 -330 160 -420`, 'body', 66) +
    pen.limb(
      path`M160 -420Q120 -480 130 -540M160 -420Q190 -490 180 -560M160 -420Q240 -460 250 -520`,
      'accent',
      18
    )
  return {
    behind: arms + bud,
    body:
      pen.solid(ellipse(0, -30, 190 * girth, 40), 'bodyDark', { depth: 0.4 }) +
      pen.solid(d, 'body', { depth: 0.9, inside: hide(-140, -560, 280, 480) }),
    head: pen.solid(ellipse(0, -740, 200 * girth, 180), 'body', { depth: 0.9 }),
    face: { x: 0, y: -770, eye: 56 * model.head, apart: 80, mouth: { x: 0, y: -664, width: 100 } },
    crown: { x: 0, y: -890, width: 250 },
    neck: { x: 10, y: -550, width: 220 * girth },
    shoulders: pair(84 * girth, -500),
    hands: pair(230, -360),
    arm: 44
  }
}

/** Comb jellies: a clear egg with eight combs of lashes, and two threads with fringes if it has any. */
function combJelly(model: Model): Anatomy {
  const { pen, girth, words, order, hide } = model
  const half = 270 * girth
  const isGirdle = /girdle/.test(words)
  const egg = isGirdle
    ? blob(
        [-480, -700],
        [-300, -860],
        [0, -900],
        [300, -860],
        [480, -700],
        [300, -600],
        [0, -500],
        [-300, -600]
      )
    : blob(
        [-half * 0.7, -960],
        [half * 0.7, -960],
        [half * 1.16, -640],
        [half * 0.9, -260],
        [half * 0.3, -140],
        [-half * 0.3, -140],
        [-half * 0.9, -260],
        [-half * 1.16, -640]
      )
  const comb = (share: number) =>
    repeat(12, (index) => {
      const y = -900 + index * 60
      const swell = 1 - ((y + 560) / 470) ** 2
      const x = share * half * (0.5 + 0.55 * Math.max(0, swell))
      return path`M${x - 30} ${y}h60`
    })
  const combs = isGirdle
    ? pen.line(
        repeat(13, (index) => path`M${-420 + index * 70} ${-800 - (index > 2 && index < 10 ? 46 : 0)}v56`),
        'accent',
        18
      )
    : pen.line(comb(-0.88) + comb(0.88), 'accent', 20) + pen.line(comb(-0.42) + comb(0.42), 'bodyLight', 16)
  const isBare = /tentacle-free/.test(order) || isGirdle
  const tentacles = isBare
    ? ''
    : both((side) => {
        const at = (share: number): Point => [
          side * (150 + 240 * share + (share > 0.5 ? (0.5 - share) * 160 : 0)),
          -230 + 220 * share
        ]
        const fringe = [0.3, 0.45, 0.6, 0.75, 0.9].map((share) => {
          const [x, y] = at(share)
          return path`M${x} ${y}q${side * 26} 60 ${-side * 6} 110`
        })
        return (
          pen.line(fringe.join(''), 'accent', 12) +
          pen.limb(
            curve([side * 120, -260], [side * 330, -330], [side * 420, -120], [side * 320, -14]),
            'accent',
            24
          )
        )
      })
  const low = isGirdle
    ? threads(model, -560, 120, 5, 20)
    : pen.limb(path`M-60 -150Q-90 -70 -40 -8M60 -150Q90 -70 40 -8`, 'bodyDark', 34)
  return {
    behind: tentacles + low,
    body: pen.solid(egg, 'body', {
      depth: 1.3,
      inside:
        (isGirdle ? '' : pen.flat(ellipse(0, -300, half * 0.34, 150), 'bodyLight')) +
        hide(-half * 0.5, -420, half, 200) +
        combs
    }),
    head: '',
    face: {
      x: 0,
      y: isGirdle ? -730 : -700,
      eye: 60 * model.head,
      apart: 84,
      mouth: { x: 0, y: isGirdle ? -630 : -590, width: 104 }
    },
    crown: { x: 0, y: isGirdle ? -850 : -920, width: 250 },
    neck: { x: 0, y: -450, width: half * 1.6 },
    shoulders: isGirdle ? pair(190, -590) : pair(half * 0.86, -470),
    hands: pair(half + 80, -330),
    arm: 40
  }
}

/** Salps and pyrosomes: a clear barrel with hoops, open above. */
function tunicate(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const half = 250 * girth
  const d = blob(
    [-half * 0.8, -1000],
    [half * 0.8, -1000],
    [half * 1.2, -560],
    [half * 0.8, -10],
    [-half * 0.8, -10],
    [-half * 1.2, -560]
  )
  const isColony = /pyrosome/.test(words)
  const marks = isColony
    ? repeat(22, (index) =>
        pen.solid(
          ellipse(
            -half + (index % 5) * half * 0.5 + (Math.floor(index / 5) % 2) * 50,
            -480 + Math.floor(index / 5) * 110,
            38
          ),
          'accent',
          { depth: 0.3 }
        )
      )
    : pen.line(
        each([-900, -470, -360, -250, -140], (y) => curve([-half * 1.3, y], [0, y + 60], [half * 1.3, y])),
        'accent',
        34
      )
  return {
    behind: '',
    body:
      pen.solid(d, 'body', {
        depth: 1.2,
        inside:
          pen.flat(ellipse(0, -330, half * 0.4, 200), 'bodyLight') + marks + hide(-half, -120, half * 2, 100)
      }) + pen.solid(ellipse(0, -940, half * 0.66, 60), 'bodyDark', { depth: 0.4 }),
    torso: roundTorso(d, half, -460, 420),
    head: '',
    face: { x: 0, y: -720, eye: 60 * model.head, apart: 90, mouth: { x: 0, y: -600, width: 108 } },
    crown: { x: 0, y: -960, width: 260 },
    neck: { x: 0, y: -480, width: half * 2 },
    shoulders: pair(half * 0.9, -470),
    hands: pair(half + 80, -330),
    arm: 46
  }
}

/** Jellies and their kin. */
export function jelly(model: Model): Anatomy {
  const { words, order } = model
  if (/comb jelly/.test(order)) return combJelly(model)
  if (/tunicate/.test(order)) return tunicate(model)
  if (/stalked jelly/.test(order)) return goblet(model)
  if (/man o' war/.test(words)) return float(model)
  if (/sailor|blue button/.test(words)) return raft(model)
  if (/hydra\b/.test(words)) return hydra(model)
  if (/fire coral/.test(words)) return hydroid(model)
  if (/hydrozoa/.test(order)) return crystalJelly(model)
  return bell(model)
}
