import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both } from '../repeat.ts'
import { blob, curve, ellipse, polygon, ribbon } from '../svg.ts'
import { anyOf } from '../words.ts'
import { headOf } from './mammal-head.ts'

const SHORT_TAILED = anyOf(
  /bear|hare|rabbit|deer|pig|koala|wombat|hamster/,
  /guinea|human|gorilla|chimp|orangutan|gibbon|panda/
)

function tail(model: Model, x: number, y: number): string {
  const { pen, words } = model
  if (/squirrel|fox|skunk|lemur|anteater|chipmunk|red panda|marten|wolf/.test(words)) {
    return pen.solid(
      ribbon(
        [
          [x, y],
          [x + 190, y - 30],
          [x + 250, y - 230],
          [x + 170, y - 400]
        ],
        [50, 130, 160, 60]
      ),
      'body',
      { inside: pen.flat(ellipse(x + 170, y - 390, 90), 'bodyLight') }
    )
  }
  if (/beaver|platypus/.test(words)) return pen.solid(ellipse(x + 150, y - 10, 140, 56, -18), 'bodyDark')
  if (SHORT_TAILED.test(words)) {
    return pen.solid(ellipse(x + 40, y - 30, 52), 'bodyLight')
  }
  return pen.limb(
    curve([x, y - 20], [x + 210, y + 20], [x + 240, y - 190], [x + 160, y - 250]),
    'bodyDark',
    34
  )
}

const LONG_TAILED = anyOf(
  /monkey|ape|cat|mouse|rat|kangaroo|squirrel|fox|lemur|otter|beaver/,
  /marsup|rodent|carniv|primate|possum|mongoose|skunk|shrew/
)

/** Bears, monkeys, rodents, cats: on two legs, pear-shaped. */
export function upright(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const radius = 158 * model.head
  const half = 176 * girth
  const headY = -1000 + radius + 40
  const neckY = headY + radius * 0.8
  const torso = blob(
    [-half * 0.62, neckY - 10],
    [half * 0.62, neckY - 10],
    [half * 1.02, -400],
    [half * 1.12, -150],
    [half * 0.5, -86],
    [-half * 0.5, -86],
    [-half * 1.12, -150],
    [-half * 1.02, -400]
  )
  const { head } = headOf(model, 0, headY, radius)
  const belly = pen.flat(ellipse(0, -270, half * 0.62, 190), 'bodyLight')
  const leg = (side: number) =>
    pen.limb(curve([side * half * 0.5, -190], [side * half * 0.56, -40]), 'body', 104 * girth) +
    pen.solid(
      blob(
        [side * half * 0.22, -46],
        [side * half * 1.08, -46],
        [side * half * 1.16, 0],
        [side * half * 0.2, 0]
      ),
      'bodyDark',
      { depth: 0.4 }
    )
  const wings = /bat\b|bats|flying fox|colugo|pipistrelle/.test(words)
    ? both((side) =>
        pen.solid(
          polygon(
            [side * half * 0.5, neckY + 40],
            [side * 470, neckY - 150],
            [side * 450, neckY + 190],
            [side * 350, neckY + 110],
            [side * 300, neckY + 310],
            [side * 210, neckY + 210],
            [side * half * 0.8, -240]
          ),
          'bodyDark',
          { depth: 0.6 }
        )
      )
    : ''
  return {
    behind: (LONG_TAILED.test(words) ? tail(model, half * 0.7, -150) : '') + wings,
    body:
      leg(-1) +
      leg(1) +
      pen.solid(torso, 'body', { inside: belly + hide(-half * 1.2, neckY, half * 2.4, -86 - neckY) }),
    torso: { d: torso, x: -half * 1.1, y: neckY, width: half * 2.2, height: -90 - neckY },
    head,
    face: {
      x: 0,
      y: headY - radius * 0.16,
      eye: radius * 0.27,
      apart: radius * 0.43,
      mouth: { x: 0, y: headY + radius * 0.58, width: radius * 0.42 }
    },
    crown: { x: 0, y: headY - radius * 0.84, width: radius * 1.5 },
    neck: { x: 0, y: neckY + 6, width: half * 1.25 },
    shoulders: pair(half * 0.74, neckY + 90),
    hands: pair(half, -300),
    arm: 74 * girth
  }
}
