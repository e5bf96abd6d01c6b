import { nameOf, pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { around, blob, curve, ellipse, path, polar, polyline, sidesOf, tapering } from '../svg.ts'
import type { Point } from '../svg.ts'

/** Where the middle of a star is. */
const CENTRE = -470

/** Urchins: a ball of spines. */
function urchin(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const spines = each(around(0, CENTRE, 1, 26), (_, index) => {
    const turn = (index * 360) / 26
    const [from, to] = [polar(0, CENTRE, 130, turn), polar(0, CENTRE, index % 2 === 0 ? 470 : 400, turn)]
    return pen.line(curve(from, to), index % 2 === 0 ? 'bodyDark' : 'accentDark', 22)
  })
  return {
    behind: spines,
    body: pen.solid(ellipse(0, -440, 300 * girth), 'body', {
      depth: 1.3,
      inside: hide(-260, -420, 520, 300)
    }),
    head: '',
    face: { x: 0, y: -520, eye: 66 * model.head, apart: 110, mouth: { x: 0, y: -390, width: 120 } },
    crown: { x: 0, y: -700, width: 300 },
    neck: { x: 0, y: -260, width: 0 },
    hands: pair(360, -330)
  }
}

/** The three arms of a brittle star that hold nothing, from the disc to the tip. */
const WHIPS: ReadonlyArray<readonly Point[]> = [
  [
    [-110, -500],
    [-300, -480],
    [-400, -300],
    [-330, -140],
    [-470, -30]
  ],
  [
    [110, -500],
    [310, -500],
    [390, -320],
    [330, -150],
    [480, -40]
  ],
  [
    [0, -440],
    [50, -280],
    [-60, -170],
    [30, -70],
    [150, -14]
  ]
]

/** Brittle stars: a small round disc, and five thin arms like whips with short thorns. */
function brittleStar(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const radius = 206 * girth
  const whips = each(WHIPS, (points) => {
    const { left, right } = sidesOf(points, [170, 130, 104, 84, 40], 12)
    const thorns = left
      .slice(2)
      .map(([x, y], index) => {
        const [ox, oy] = right[index + 2]!
        return path`M${x + (x - ox) * 0.04} ${y + (y - oy) * 0.04}L${ox - (x - ox) * 0.04} ${oy - (y - oy) * 0.04}`
      })
      .join('')
    return (
      pen.line(thorns, 'accentDark', 13) +
      pen.solid(tapering(points, [86, 66, 52, 42, 22], 30), 'bodyDark', {
        depth: 0.4,
        inside: pen.line(left.map((point, index) => polyline(point, right[index]!)).join(''), 'body', 9)
      })
    )
  })
  const curls = /basket/.test(words)
    ? pen.limb(
        each([-1, 1], (side) =>
          each([-460, -330, -200], (y, index) =>
            curve(
              [side * (330 + index * 20), y],
              [side * 470, y - 50],
              [side * 500, y + 20],
              [side * 440, y + 30]
            )
          )
        ),
        'bodyDark',
        22
      )
    : ''
  const petals = repeat(5, (index) =>
    pen.flat(ellipse(...polar(0, -560, radius * 0.72, index * 72 + 36), 60, 44, index * 72 + 36), 'bodyLight')
  )
  return {
    behind: curls + whips,
    body: pen.solid(ellipse(0, -560, radius), 'body', {
      depth: 1.1,
      inside: petals + hide(-radius, -460, radius * 2, 120)
    }),
    head: '',
    face: { x: 0, y: -600, eye: 56 * model.head, apart: 80, mouth: { x: 0, y: -500, width: 100 } },
    crown: { x: 0, y: -560 - radius * 0.9, width: 240 },
    neck: { x: 0, y: -380, width: 0 },
    shoulders: pair(radius * 0.84, -570),
    hands: pair(380, -800),
    arm: 62,
    limb: 'tentacle'
  }
}

/** Feather stars and sea lilies: a cup with arms like feathers, on claws or on a stalk. */
function featherStar(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const isLily = /lily/.test(words)
  const y = isLily ? -560 : -470
  const radius = 190 * girth
  const feathers = repeat(9, (index) => {
    const turn = (index - 4) * 25
    const bend = turn < 0 ? -16 : 16
    const at = (reach: number): Point => polar(0, y, reach, turn + (bend * reach) / 480)
    const barbs = [230, 290, 350, 410].map((reach) => {
      const [x, by] = at(reach)
      return each([-1, 1], (side) => {
        const [tx, ty] = polar(x, by, 84, turn + side * 52)
        return path`M${x} ${by}L${tx} ${ty}`
      })
    })
    const role = index % 2 === 0 ? 'accent' : 'bodyDark'
    return pen.line(barbs.join(''), role, 13) + pen.limb(curve(at(120), at(300), at(470)), role, 26)
  })
  const root = isLily
    ? pen.limb(path`M0 -420Q60 -220 0 -10`, 'bodyDark', 58) +
      pen.line(
        repeat(6, (index) => path`M-20 ${-380 + index * 62}h60`),
        'body',
        10
      ) +
      pen.limb(path`M0 -20Q-80 -30 -130 -4M0 -20Q80 -30 130 -4`, 'bodyDark', 30)
    : pen.limb(
        repeat(6, (index) => {
          const x = (index - 2.5) * 62
          return curve([x, -330], [x * 1.7, -170], [x * 2, -20], [x * 1.5, -8])
        }),
        'accentDark',
        26
      )
  return {
    behind: root + feathers,
    body: pen.solid(
      blob(
        [-radius, y - 150],
        [radius, y - 150],
        [radius * 1.1, y + 20],
        [radius * 0.5, y + 190],
        [-radius * 0.5, y + 190],
        [-radius * 1.1, y + 20]
      ),
      'body',
      { depth: 1.1, inside: hide(-radius, y + 40, radius * 2, 140) }
    ),
    head: '',
    face: { x: 0, y: y - 30, eye: 54 * model.head, apart: 80, mouth: { x: 0, y: y + 66, width: 96 } },
    crown: { x: 0, y: y - 130, width: 230 },
    neck: { x: 0, y: y + 160, width: 0 },
    shoulders: pair(radius * 0.86, y + 60),
    hands: pair(330, y + 160),
    arm: 50,
    limb: 'tentacle'
  }
}

/** Sea stars with thick arms: five, or many for suns. */
function thickStar(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const count = /sunflower|sun star|crown-of-thorns/.test(words) ? 11 : 5
  const inner = (count === 5 ? 210 : 330) * girth
  const outline = Array.from({ length: count * 2 }, (_, index): Point =>
    polar(0, CENTRE, index % 2 === 0 ? 560 : inner, (index * 180) / count)
  )
  const star = blob(...outline.flatMap((point, index) => (index % 2 === 0 ? [point, point] : [point])))
  const isThorned = /crown-of-thorns|chocolate chip/.test(words)
  const knobs = repeat(count, (arm) =>
    each(count === 5 ? [arm === 0 ? 360 : 150, 240, 320, 390] : [300, 380], (reach) => {
      // None is on the forehead.
      if (arm === 0 && reach < 300) return ''
      const at = polar(0, CENTRE, reach, (arm * 360) / count)
      return pen.flat(ellipse(...at, (isThorned ? 30 : 20) - reach / 40), isThorned ? 'accent' : 'bodyLight')
    })
  )
  return {
    behind: '',
    body: pen.solid(star, 'body', { depth: 1.1, inside: knobs + hide(-200, -560, 400, 260) }),
    torso: { d: star, x: -210, y: -400, width: 420, height: 200 },
    head: '',
    face: {
      x: 0,
      y: count === 5 ? -490 : -520,
      eye: (count === 5 ? 54 : 58) * model.head,
      apart: count === 5 ? 76 : 86,
      top: -620,
      mouth: { x: 0, y: -386, width: 100 }
    },
    crown: { x: 0, y: count === 5 ? -800 : -860, width: 190 },
    neck: { x: 0, y: -330, width: 0 },
    hands: pair(440, -600)
  }
}

/** Sea stars, brittle stars, urchins, feather stars. */
export function seaStar(model: Model): Anatomy {
  if (/urchin|sand dollar|sea potato|hedgehog|biscuit/.test(model.words) && !/star/.test(nameOf(model))) {
    return urchin(model)
  }
  if (/brittle star/.test(model.order)) return brittleStar(model)
  if (/feather-armed/.test(model.order)) return featherStar(model)
  return thickStar(model)
}
