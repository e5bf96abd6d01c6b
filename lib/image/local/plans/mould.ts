import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { curve, ellipse, path, polar, ribbon } from '../svg.ts'
import { headless, roundTorso } from './headless.ts'

/** Zombie-ant fungi: an ant that bites a leaf, and the club of the fungus out of its head. */
export function antFungus(model: Model): Anatomy {
  const { pen, girth } = model
  const half = 150 * girth
  const club = ribbon(
    [
      [10, -360],
      [-40, -560],
      [10, -760],
      [0, -900],
      [0, -1050]
    ],
    [170, 220, 320, 300, 60].map((width) => width * girth)
  )
  const pits = pen.flat(
    each(
      [
        [-90, -960],
        [70, -980],
        [0, -1020],
        [-110, -500],
        [40, -470],
        [-30, -420],
        [-60, -560],
        [60, -560]
      ],
      ([x, y]) => ellipse(x * girth, y, 20)
    ),
    'accentDark'
  )
  const legs = pen.limb(
    each([-60, 30, 130], (x) => curve([x, -170], [x - 90, -230], [x - 130, -6])) +
      each([10, 110, 210], (x) => curve([x, -170], [x + 120, -240], [x + 160, -6])),
    'clothDark',
    28
  )
  const eye =
    pen.flat(ellipse(-236, -300, 46), 'paper') +
    pen.flat(path`M-262 -326l52 52M-210 -326l-52 52`, 'ink') +
    pen.line(path`M-262 -326l52 52M-210 -326l-52 52`, 'ink', 14)
  const ant =
    legs +
    pen.solid(ellipse(330, -240, 190, 150, -10), 'cloth', {
      depth: 0.8,
      inside: pen.line(path`M250 -400Q290 -240 250 -90M360 -400Q400 -240 360 -90`, 'clothDark', 16)
    }) +
    pen.solid(ellipse(60, -230, 140, 100), 'cloth', { depth: 0.6 }) +
    pen.limb(curve([-250, -390], [-330, -520], [-440, -500]), 'clothDark', 22) +
    pen.limb(path`M-330 -230L-410 -170M-310 -200L-360 -110`, 'clothDark', 30) +
    pen.solid(ellipse(-190, -280, 170, 150), 'cloth', { depth: 0.7 }) +
    eye
  return headless(
    model,
    {
      behind: '',
      body: ant + pen.solid(club, 'body', { depth: 1, inside: pits }),
      torso: roundTorso(club, half, -560, 160)
    },
    {
      y: -780,
      eye: 56,
      apart: 76,
      mouth: 108,
      hat: -930,
      hatWide: 230,
      neck: -580,
      neckWide: 230,
      shoulder: [90, -560],
      arm: 42
    }
  )
}

/** Moulds: a brush of chains of spores, a bulb that throws its hat. Yeasts: cells that bud. */
export function mould(model: Model): Anatomy {
  const { pen, girth } = model
  const name = nameOf(model)
  const half = 330 * girth
  if (/yeast/.test(name)) {
    const buds: ReadonlyArray<readonly [number, number, number]> = [
      [330, -830, 170],
      [-390, -420, 150],
      [480, -560, 92],
      [-330, -880, 96]
    ]
    return headless(
      model,
      {
        behind: each(buds, ([x, y, size]) =>
          pen.solid(ellipse(x * girth, y, size, size * 1.1), 'body', { depth: 0.7 })
        ),
        body: pen.solid(ellipse(0, -440, half * 1.08, 440), 'body', {
          depth: 1.2,
          inside:
            pen.flat(ellipse(120, -190, 130, 100), 'bodyLight') +
            pen.line(ellipse(-200, -220, 54, 40) + ellipse(-120, -120, 44, 32), 'bodyDark', 14)
        })
      },
      { y: -520, apart: 100, hat: -800, neck: -260, neckWide: half * 1.7, shoulder: [half * 0.98, -330] }
    )
  }
  const isHat = /hat-thrower/.test(name)
  const stem = ribbon(
    [
      [0, -480],
      [0, -240],
      [0, -10]
    ],
    [250, 210, 260].map((width) => width * girth)
  )
  const threads = pen.limb(
    each([-420, -270, 270, 420], (x) => curve([x * 0.2, -60], [x * 0.7, -70], [x, -8])),
    'bodyDark',
    30
  )
  const chains = each([-4, -3, -2, -1, 0, 1, 2, 3, 4], (step) => {
    const turn = step * 17
    const [fx, fy] = polar(0, -560, 300, turn)
    return (
      pen.limb(path`M0 -560L${fx} ${fy}`, 'bodyLight', 64) +
      pen.flat(
        each([350, 420, 484, 540], (reach) => ellipse(...polar(0, -560, reach, turn), 35)),
        step % 2 === 0 ? 'accent' : 'accentDark'
      )
    )
  })
  const bulb = isHat
    ? pen.solid(ellipse(0, -640, half * 0.94, 290), 'bodyLight', {
        depth: 1,
        inside: pen.flat(ellipse(-half * 0.5, -720, 46, 110, 16), 'paper', 0.8)
      }) +
      pen.solid(path`M-190 -880Q-210 -1060 0 -1070Q210 -1060 190 -880Q0 -830 -190 -880Z`, 'ink', { depth: 0 })
    : pen.solid(ellipse(0, -620, half * 0.74, 240), 'body', { depth: 1 })
  return headless(
    model,
    {
      behind: threads + (isHat ? '' : chains),
      body: pen.solid(stem, isHat ? 'bodyLight' : 'body', { depth: 0.8 }) + bulb,
      torso: roundTorso(stem, 130, -360, 320)
    },
    {
      y: -680,
      apart: 92,
      hat: isHat ? -1010 : -830,
      hatWide: 250,
      neck: -390,
      neckWide: 230 * girth,
      shoulder: [100 * girth, -370]
    }
  )
}
