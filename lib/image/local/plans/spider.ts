import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse, polygon } from '../svg.ts'
import { jointedLeg } from './jointed-leg.ts'

/** The legs of one side from the outer to the inner: y of the hip, knee, x of the foot. */
const LEGS = [
  [-520, 420, -770, 500],
  [-470, 360, -640, 420],
  [-420, 290, -480, 290],
  [-380, 190, -310, 160]
] as const

/** Spiders, scorpions, mites: a round back, eight legs, more eyes than two. */
export function spider(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const half = 230 * girth
  const radius = 160 * model.head
  const headY = -470
  const isArmed = /scorpion|whip/.test(words)
  // Each leg stands inside of the one before, so that all can be counted. The arms are the first pair.
  const legs = each(isArmed ? LEGS : LEGS.slice(1), ([hipY, kneeX, kneeY, footX]) =>
    both((side) =>
      jointedLeg(
        pen,
        [
          [side * 80, hipY],
          [side * kneeX, kneeY],
          [side * (kneeX * 0.1 + footX * 0.96), kneeY * 0.5],
          [side * footX, -6]
        ],
        68,
        'bodyDark'
      )
    )
  )
  const sting = /scorpion/.test(words)
    ? pen.limb(curve([140, -560], [420, -720], [300, -1000], [90, -930]), 'bodyDark', 56) +
      pen.flat(polygon([110, -960], [20, -880], [120, -880]), 'accentDark')
    : ''
  const claws = isArmed
    ? both((side) => {
        const [x, y] = [side * 400, -500]
        return (
          pen.limb(curve([side * 130, -380], [side * 350, -300], [x, y + 50]), 'body', 50) +
          pen.solid(
            blob(
              [x - side * 30, y + 70],
              [x - side * 100, y],
              [x - side * 90, y - 130],
              [x - side * 14, y - 160],
              [x - side * 34, y - 80],
              [x + side * 10, y - 26],
              [x + side * 40, y - 110],
              [x + side * 96, y - 130],
              [x + side * 100, y],
              [x + side * 40, y + 70]
            ),
            'body'
          )
        )
      })
    : ''
  return {
    behind: sting + legs,
    body: pen.solid(ellipse(0, -680, half * 1.1, half), 'body', {
      depth: 1.3,
      inside:
        hide(-half, -880, half * 2, 360) +
        pen.flat(polygon([0, -860], [60, -760], [0, -660], [-60, -760]), 'accent')
    }),
    head:
      pen.solid(ellipse(0, headY, radius * 1.1, radius), 'body') +
      both(
        (side) =>
          pen.flat(ellipse(side * radius * 0.17, headY - radius * 0.86, radius * 0.09), 'accent') +
          pen.flat(ellipse(side * radius * 0.5, headY - radius * 0.78, radius * 0.07), 'accent') +
          pen.solid(
            polygon(
              [side * radius * 0.4, headY + radius * 0.82],
              [side * radius * 0.72, headY + radius * 0.66],
              [side * radius * 0.54, headY + radius * 1.24]
            ),
            'paper',
            { depth: 0.3 }
          )
      ),
    front: claws,
    face: {
      x: 0,
      y: headY - radius * 0.04,
      eye: radius * 0.33,
      apart: radius * 0.44,
      mouth: { x: 0, y: headY + radius * 0.6, width: radius * 0.6 }
    },
    crown: { x: 0, y: headY - radius * 0.86, width: radius * 1.4 },
    neck: { x: 0, y: headY + radius * 0.94, width: radius * 1.3 },
    ...(!isArmed && { shoulders: pair(radius * 0.9, headY + 30), arm: 50 }),
    hands: isArmed ? pair(406, -560) : pair(330, -330)
  }
}
