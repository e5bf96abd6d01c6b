import { nameOf, pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar, tapering } from '../svg.ts'
import type { Point } from '../svg.ts'

/** Nautiluses, ammonites and argonauts: a coiled shell with bands, a hood, and many thin arms below it. */
function shelled(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const isPlain = /argonaut/.test(nameOf(model))
  const [cx, cy, size] = [70, -640, 400 * girth]
  const shell = path`
    M${cx - size * 1.02} ${cy + size * 0.5}
    Q${cx - size * 1.1} ${cy - size * 0.5} ${cx - size * 0.4} ${cy - size * 0.9}
    Q${cx + size * 0.3} ${cy - size * 1.2} ${cx + size * 0.86} ${cy - size * 0.56}
    Q${cx + size * 1.3} ${cy + size * 0.2} ${cx + size * 0.7} ${cy + size * 0.74}
    Q${cx + size * 0.2} ${cy + size * 1.06} ${cx - size * 0.3} ${cy + size * 0.8}Z
  `
  const bands = pen.line(
    repeat(8, (index) => {
      const turn = -70 + index * 30
      return curve(
        polar(cx + 20, cy + 20, size * 0.3, turn - 30),
        polar(cx, cy, size * 0.7, turn - 16),
        polar(cx, cy, size * 1.2, turn)
      )
    }),
    isPlain ? 'bodyLight' : 'clothDark',
    isPlain ? 16 : 44
  )
  const spiral = pen.line(
    curve(
      [cx + 130, cy + 40],
      [cx + 90, cy + 130],
      [cx - 50, cy + 90],
      [cx - 20, cy - 90],
      [cx + 160, cy - 110],
      [cx + 230, cy + 70],
      [cx + 120, cy + 240]
    ),
    isPlain ? 'bodyLight' : 'clothDark',
    24
  )
  // They hang side by side, so that no outline of one is inside of another.
  const arms = repeat(7, (index) => {
    const x = -330 + index * 74
    return pen.solid(
      tapering(
        [
          [x * 0.9 - 10, -320],
          [x + 22, -200],
          [x - 16, -96],
          [x + 26, -16]
        ],
        [50, 46, 38, 28]
      ),
      'bodyDark',
      { depth: 0.3 }
    )
  })
  const hood = blob(
    [-430, -560],
    [-330, -680],
    [-60, -660],
    [130, -480],
    [120, -320],
    [-80, -230],
    [-330, -250],
    [-450, -400]
  )
  return {
    behind:
      pen.solid(shell, 'cloth', {
        depth: 1.2,
        inside: bands + spiral + hide(cx - 100, cy - size, size, size * 0.6)
      }) + arms,
    body: pen.solid(hood, 'body', { depth: 1 }),
    head: '',
    face: { x: -160, y: -500, eye: 66 * model.head, apart: 104, mouth: { x: -160, y: -376, width: 110 } },
    crown: { x: -150, y: -640, width: 280 },
    neck: { x: -150, y: -300, width: 430 },
    shoulders: [
      [-330, -330],
      [60, -340]
    ],
    hands: [
      [-470, -190],
      [250, -200]
    ],
    arm: 76,
    limb: 'tentacle'
  }
}

/** Octopuses, squids, cuttlefishes; nautiluses and others that have a shell. */
export function octopus(model: Model): Anatomy {
  if (/nautil|ammon|argonaut/.test(nameOf(model))) return shelled(model)
  const { pen, girth, words, hide } = model
  const squid = /squid|cuttle|belemn/.test(words)
  const half = (squid ? 170 : 230) * girth
  const mantle = squid
    ? blob(
        [0, -1040],
        [half * 0.7, -860],
        [half, -620],
        [half * 0.8, -420],
        [-half * 0.8, -420],
        [-half, -620],
        [-half * 0.7, -860]
      )
    : blob(
        [-half * 0.7, -990],
        [half * 0.7, -990],
        [half * 1.2, -760],
        [half * 0.72, -430],
        [-half * 0.72, -430],
        [-half * 1.2, -760]
      )
  const arm = (side: number, index: number): Point[] => {
    const spread = [80, 200, 320, 430][index]!
    return [
      [side * (40 + index * 36), -490],
      [side * (spread * 0.84 + 30), -350 - index * 20],
      [side * (spread * 0.96), -190 - index * 6],
      [side * (spread + 30), -70 - index * 6],
      [side * (spread + 90), -40 - index * 14],
      [side * (spread + 112), -92 - index * 16],
      [side * (spread + 74), -116 - index * 16]
    ]
  }
  // The ends roll up, and are pointed.
  const arms = each([3, 2, 1, 0], (index) =>
    both((side) =>
      pen.solid(
        tapering(arm(side, index), [110, 96, 82, 66, 48, 34, 22], 40),
        index % 2 === 0 ? 'body' : 'bodyDark',
        {
          depth: 0.5
        }
      )
    )
  )
  const suckers = both((side) =>
    each([0.45, 0.55, 0.65, 0.75], (share) =>
      pen.flat(ellipse(side * (60 + share * 30), -430 + share * 460, 13), 'bodyLight')
    )
  )
  const fins = squid
    ? both((side) =>
        pen.solid(
          blob([side * half * 0.2, -1000], [side * half * 1.9, -800], [side * half * 0.7, -690]),
          'bodyDark',
          { depth: 0.5 }
        )
      )
    : ''
  return {
    behind: arms,
    body:
      suckers + fins + pen.solid(mantle, 'body', { depth: 1.3, inside: hide(-half, -980, half * 2, 260) }),
    head: '',
    face: {
      x: 0,
      y: squid ? -570 : -640,
      eye: 66 * model.head,
      apart: half * 0.5,
      mouth: { x: 0, y: squid ? -470 : -510, width: 96 }
    },
    crown: { x: 0, y: squid ? -900 : -940, width: half * 1.2 },
    neck: { x: 0, y: -430, width: half * 1.6 },
    shoulders: pair(half * 1.02, -400),
    hands: pair(430, -170),
    arm: 84,
    limb: 'tentacle'
  }
}
