import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { reptileHead, reptileMarks } from './reptile-head.ts'
import type { ReptileHead } from './reptile-head.ts'

/** The line from the neck along the back to the tip of the tail. */
const spineOf = (isCurled: boolean): Point[] => [
  [-250, -590],
  [-170, -410],
  [30, -310],
  [230, -270],
  [400, -130],
  ...((isCurled
    ? [
        [560, -190],
        [540, -380],
        [420, -390],
        [420, -290]
      ]
    : [
        [525, -120],
        [600, -220],
        [596, -350]
      ]) as Point[])
]

function foot({ pen }: Model, x: number, isPadded: boolean, role: 'body' | 'bodyDark'): string {
  return each([-1, 0, 1], (toe) =>
    isPadded
      ? pen.flat(ellipse(x - 40 + toe * 44, -18, 26, 19), 'accent')
      : pen.limb(curve([x, -34], [x - 46 + toe * 40, -12]), role, 24)
  )
}

/** Two legs, the nearer ones lighter. */
function legs(model: Model, isNear: boolean, isPadded: boolean): string {
  const { pen, girth } = model
  const role = isNear ? 'body' : 'bodyDark'
  const shift = isNear ? 0 : 110
  const fore = isNear
    ? ''
    : pen.limb(curve([-150, -370], [-250, -190], [-190, -40]), role, 76 * girth) +
      foot(model, -190, isPadded, role)
  return (
    fore +
    pen.solid(
      blob(
        [90 + shift, -290],
        [270 + shift, -330],
        [320 + shift, -190],
        [230 + shift, -90],
        [120 + shift, -130]
      ),
      role,
      { depth: 0.5 }
    ) +
    pen.limb(curve([240 + shift, -150], [300 + shift, -90], [230 + shift, -36]), role, 66 * girth) +
    foot(model, 220 + shift, isPadded, role)
  )
}

/** The soft crest of a newt, with waves along its edge. */
const crest = ({ pen }: Model): string =>
  pen.solid(
    blob(
      [-170, -470],
      [-140, -610],
      [-70, -540],
      [-10, -600],
      [60, -500],
      [130, -550],
      [200, -430],
      [270, -450],
      [330, -330],
      [300, -240],
      [0, -320]
    ),
    'accent',
    { depth: 0.4 }
  )

/** Plates or spines along the back. */
function ridge(model: Model): string {
  const words = `${nameOf(model)},${model.words}`
  if (/newt/.test(words)) return crest(model)
  const isCroc = /crocod|alligator|caiman|gharial|ankylo|tuatara|armadillo|shingleback/.test(words)
  if (!isCroc && !/iguana|dragon|basilisk|thorny|horned|crested|anole|agama/.test(words)) return ''
  const points: Point[] = [
    [-140, -530],
    [-60, -470],
    [30, -440],
    [120, -410],
    [210, -380],
    [300, -310],
    [380, -230]
  ]
  return each(points, ([x, y], index) => {
    const high = isCroc ? 56 : 96 - index * 8
    return model.pen.solid(
      polygon([x - 50, y + 60], [x + 14, y - high], [x + 60, y + 70]),
      index % 2 === 0 ? 'accent' : 'accentDark',
      { depth: 0.3 }
    )
  })
}

/** Bright marks of the kinds that have them. */
function signs({ pen, words }: Model, isWet: boolean): string {
  if (isWet || /fire salamander|spotted|gila|tiger|leopard|ocellated|ornate|newt/.test(words)) {
    return repeat(8, (index) => {
      const [x, y] = [-190 + index * 70, -470 + index * 22 + (index % 2) * 80]
      return pen.flat(ellipse(x, y, 34, 26, index * 40), 'accent')
    })
  }
  return ''
}

/** Lizards, crocodiles, salamanders: low on bent legs, the head raised to the left and the tail to the right. */
export function lizard(model: Model): Anatomy {
  const { pen, girth, words, order, hide } = model
  const isWet = /amphibian|salamander|newt|axolotl/.test(`${words},${order}`)
  const isLong =
    !isWet && /crocod|alligator|caiman|gharial|monitor|komodo|mosasaur|suchus|perentie/.test(words)
  const isPadded = isWet || /gecko|anole|tree/.test(words)
  const radius = (isWet ? 158 : 142) * model.head
  const head: ReptileHead = { x: -270, y: -690, radius, snout: isLong ? 1.7 : 1 }
  const widths = [190, 270, 290, 230, 130, 90, 56, 20].map((width) => width * girth)
  const body = ribbon(spineOf(/chameleon|gecko/.test(words)), widths)
  const belly = ribbon(
    [
      [-340, -560],
      [-270, -360],
      [-40, -200],
      [200, -150]
    ],
    [60, 130, 120, 70]
  )
  const { drawn, face, crown } = reptileHead(model, head, { isRound: isWet, teeth: isLong ? 6 : 0 })
  const fin = isWet
    ? pen.solid(
        ribbon(
          [
            [150, -400],
            [330, -300],
            [480, -190],
            [590, -250],
            [540, -390]
          ],
          [20, 130, 170, 150, 30]
        ),
        'bodyDark',
        { depth: 0.4 }
      )
    : ''
  return {
    behind: fin + ridge(model) + legs(model, false, isPadded) + reptileMarks(model, head),
    body:
      pen.solid(body, 'body', {
        inside: pen.flat(belly, 'bodyLight') + signs(model, isWet) + hide(-150, -480, 560, 240)
      }) + legs(model, true, isPadded),
    torso: { d: body, x: -190, y: -470, width: 330, height: 250, isBack: true },
    head: drawn,
    face,
    crown,
    neck: { x: -240, y: -510, width: 210 * girth },
    shoulders: [
      [-250, -390],
      [60, -300]
    ],
    hands: [
      [-390, -330],
      [200, -100]
    ],
    arm: 74 * girth,
    holds: 0
  }
}
