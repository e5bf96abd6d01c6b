import { nameOf, pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path } from '../svg.ts'
import { CUPS, cupFungus } from './cup-fungus.ts'
import { fungusOf } from './fungus.ts'

/** How a cap is shaped: half a ball, a bell, an umbrella with a knob, a funnel. */
type Cap = 'round' | 'bell' | 'umbrella' | 'funnel'

const CAPS: ReadonlyArray<readonly [RegExp, Cap]> = [
  [/ink cap|fairy ring|pixie/, 'bell'],
  [/parasol|veiled|waxcap/, 'umbrella'],
  [/milkcap|jack-o|deceiver|tooth/, 'funnel']
]

/** Where the edge of a cap is, and its distance from the middle as a share of the usual one. */
const EDGES: Record<Cap, { low: number; reach: number }> = {
  round: { low: -590, reach: 1 },
  bell: { low: -560, reach: 0.94 },
  umbrella: { low: -590, reach: 1.14 },
  funnel: { low: -700, reach: 1.1 }
}

/** The outline of a cap from its edge at the left over its top to its edge at the right. */
function capPath(kind: Cap, half: number): string {
  switch (kind) {
    case 'bell':
      return path`
        M${-half * 0.94} -560
        Q${-half * 0.84} -700 ${-half * 0.66} -860
        Q${-half * 0.4} -1110 0 -1110
        Q${half * 0.4} -1110 ${half * 0.66} -860
        Q${half * 0.84} -700 ${half * 0.94} -560
      `
    case 'umbrella':
      return path`
        M${-half * 1.14} -590
        Q${-half * 0.94} -850 ${-half * 0.3} -930
        Q${-half * 0.16} -1040 0 -1040
        Q${half * 0.16} -1040 ${half * 0.3} -930
        Q${half * 0.94} -850 ${half * 1.14} -590
      `
    case 'funnel':
      return path`
        M${-half * 1.1} -700
        Q${-half * 1.16} -880 ${-half * 0.9} -900
        Q${-half * 0.4} -900 0 -850
        Q${half * 0.4} -900 ${half * 0.9} -900
        Q${half * 1.16} -880 ${half * 1.1} -700
      `
    case 'round':
      return path`M${-half} -590C${-half} -1140 ${half} -1140 ${half} -590`
  }
}

/** What is on a cap: warts of an agaric, scales of a parasol, shags, drops, a net. */
function capMarks({ pen, hide }: Model, name: string, half: number): string {
  if (/fly agaric|parasol/.test(name)) {
    return pen.flat(
      each(
        [
          [-200, -720, 50],
          [-60, -870, 60],
          [130, -740, 66],
          [240, -640, 36],
          [-310, -620, 36],
          [0, -680, 34],
          [120, -930, 40]
        ],
        ([x, y, size]) => ellipse((x * half) / 370, y, size, size * 0.84)
      ),
      'bodyLight'
    )
  }
  if (/ink cap/.test(name)) {
    return pen.line(
      repeat(18, (index) => {
        const [x, y] = [
          -270 + (index % 5) * 120 + (Math.floor(index / 5) % 2) * 60,
          -950 + Math.floor(index / 5) * 110
        ]
        return path`M${x - 34} ${y}q34 50 68 0`
      }),
      'bodyLight',
      20
    )
  }
  if (/devil's tooth/.test(name)) {
    return pen.flat(
      each(
        [
          [-230, -800],
          [-60, -850],
          [130, -840],
          [280, -790],
          [-330, -730],
          [40, -760]
        ],
        ([x, y]) => ellipse(x, y, 40, 48)
      ),
      'heart'
    )
  }
  return (
    hide(-half, -960, half * 2, 200) +
    pen.flat(ellipse(-half * 0.42, -850, half * 0.2, 60, -34), 'bodyLight', 0.55)
  )
}

/** Mushrooms: a cap with gills below on a stem with a ring; else cups, brackets, balls, antlers and moulds. */
export function mushroom(model: Model): Anatomy {
  const name = nameOf(model)
  const form = fungusOf(model)
  if (form !== undefined) return form(model)
  if (CUPS.test(name)) return cupFungus(model)
  const { pen, girth } = model
  const half = 410 * girth
  const kind = CAPS.find(([of]) => of.test(name))?.[1] ?? 'round'
  const { low, reach } = EDGES[kind]
  const wide = half * reach
  const cap = `${capPath(kind, half)}Q0 ${low + 80} ${Math.round(-wide)} ${low}Z`
  const deep = kind === 'funnel' ? 200 : 120
  const under = path`
    M${-wide * 0.99} ${low}
    Q${-wide * 0.5} ${low + deep} -190 ${low + deep}
    H190
    Q${wide * 0.5} ${low + deep} ${wide * 0.99} ${low}
    Q0 ${low + 80} ${-wide * 0.99} ${low}Z
  `
  const gills = repeat(15, (index) => {
    const share = (index / 14) * 2 - 1
    return curve(
      [share * wide * 0.96, low + 10],
      [share * wide * 0.6, low + deep * 0.6],
      [share * 200, low + deep]
    )
  })
  const stem = blob(
    [-170 * girth, -560],
    [170 * girth, -560],
    [196 * girth, -290],
    [250 * girth, -10],
    [-250 * girth, -10],
    [-196 * girth, -290]
  )
  const skirt = /veiled/.test(name)
    ? pen.line(
        both((side) =>
          each([0.3, 0.6, 0.9], (share) =>
            curve([side * 180 * share, -480], [side * 380 * share, -260], [side * 420 * share, -60])
          )
        ),
        'paper',
        16
      )
    : ''
  const volva = each([-190, -60, 70, 190], (x) =>
    pen.solid(ellipse(x * girth, -34, 84, 44), 'bodyLight', { depth: 0.4 })
  )
  return {
    behind: '',
    body:
      pen.solid(stem, 'bodyLight', { depth: 0.9 }) +
      (/fly agaric|veiled/.test(name) ? volva : '') +
      skirt +
      pen.solid(under, 'paper', { depth: 0, inside: pen.line(gills, 'skyLow', 13) }) +
      pen.solid(cap, 'body', { depth: 1.4, inside: capMarks(model, name, half) }),
    torso: { d: stem, x: -200 * girth, y: -230, width: 400 * girth, height: 220 },
    head: '',
    face: {
      x: 0,
      y: -366,
      eye: 57 * model.head,
      apart: 86,
      top: -470,
      mouth: { x: 0, y: -258, width: 104 }
    },
    crown: { x: 0, y: kind === 'funnel' ? -850 : -970, width: half * 0.8 },
    neck: { x: 0, y: -206, width: 390 * girth },
    shoulders: pair(184 * girth, -220),
    hands: pair(300, -150),
    arm: 44
  }
}
