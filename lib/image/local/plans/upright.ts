import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse, n, path, polyline, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'
import { headOf, mouthOf } from './mammal-head.ts'

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
          [x + 190, y - 20],
          [x + 260, y - 210],
          [x + 190, y - 400],
          [x + 90, y - 470]
        ],
        [50, 120, 170, 130, 6],
        36
      ),
      'body',
      { inside: pen.flat(ellipse(x + 120, y - 440, 120), 'bodyLight') }
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

/** A wing of skin behind the arm: it hangs from long fingers, between which its edge is drawn in. */
function batWing({ pen }: Model, side: number, half: number, top: number): string {
  const at = (x: number, y: number): Point => [side * x, y]
  const [wrist, tips] = [at(330, top - 150), [at(500, top + 60), at(430, top + 290), at(250, top + 380)]]
  const [one, two, three] = tips as [Point, Point, Point]
  const edge = path`
    M${side * half * 0.5} ${top + 30}
    Q${side * 210} ${top - 20} ${wrist[0]} ${wrist[1]}
    Q${side * 480} ${top - 90} ${one[0]} ${one[1]}
    Q${side * 410} ${top + 130} ${two[0]} ${two[1]}
    Q${side * 310} ${top + 240} ${three[0]} ${three[1]}
    Q${side * 200} ${top + 330} ${side * half * 0.7} -190
  `
  const fingers = tips.map((tip) => polyline(wrist, tip)).join('')
  return pen.solid(`${edge}Z`, 'bodyDark', {
    depth: 0.4,
    inside: pen.line(fingers, 'body', 12)
  })
}

/** A thigh that grows out of the hip, a shin, and a foot with toes that point outwards. */
function drawLeg({ pen, girth }: Model, side: number, half: number): string {
  const at = (dx: number, y: number): Point => [side * (half * 0.52 + dx * girth), y]
  const outer = [at(78, -226), at(104, -130), at(58, -74), at(54, -24)]
  const inner = [at(-30, -30), at(-40, -80), at(-58, -120)]
  const d = `${curve(...outer, ...inner)}L${n(at(-20, -200)[0])} -200Z`
  const toes = each([38, 70], (dx) => path`M${at(dx, 0)[0]} -30V-4`)
  return (
    pen.joined(d, curve(...outer) + curve(...inner), 'body', { depth: 0.4 }) +
    pen.solid(blob(at(-48, -50), at(56, -54), at(112, -26), at(106, 4), at(-56, 4)), 'bodyDark', {
      depth: 0.3,
      inside: pen.line(toes, 'ink', 6)
    })
  )
}

/** Bears, monkeys, rodents, cats: on two legs, pear-shaped. */
export function upright(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const radius = 158 * model.head
  const half = 176 * girth
  const headY = -1000 + radius + 40
  const neckY = headY + radius * 0.8
  // Neck, shoulders, a waist, hips.
  const torso = blob(
    [-half * 0.56, neckY - 30],
    [half * 0.56, neckY - 30],
    [half * 1.02, neckY + 70],
    [half * 0.84, -430],
    [half * 0.98, -300],
    [half * 1.08, -150],
    [half * 0.4, -104],
    [-half * 0.4, -104],
    [-half * 1.08, -150],
    [-half * 0.98, -300],
    [-half * 0.84, -430],
    [-half * 1.02, neckY + 70]
  )
  const { head } = headOf(model, 0, headY, radius)
  const belly = pen.flat(
    blob(
      [-half * 0.36, neckY + 60],
      [half * 0.36, neckY + 60],
      [half * 0.56, -420],
      [half * 0.62, -290],
      [half * 0.3, -190],
      [-half * 0.3, -190],
      [-half * 0.62, -290],
      [-half * 0.56, -420]
    ),
    'bodyLight'
  )
  const leg = (side: number) => drawLeg(model, side, half)
  const wings = /\bbat\b|\bbats|flying fox|colugo|pipistrelle/.test(words)
    ? both((side) => batWing(model, side, half, neckY))
    : ''
  return {
    behind: (LONG_TAILED.test(words) ? tail(model, half * 0.7, -150) : '') + wings,
    body:
      pen.solid(torso, 'body', { inside: belly + hide(-half * 1.2, neckY, half * 2.4, -86 - neckY) }) +
      both(leg),
    torso: { d: torso, x: -half * 1.1, y: neckY, width: half * 2.2, height: -90 - neckY },
    head,
    face: {
      x: 0,
      y: headY - radius * 0.16,
      eye: radius * 0.27,
      apart: radius * 0.43,
      mouth: mouthOf(model, 0, headY, radius)
    },
    crown: { x: 0, y: headY - radius * 0.84, width: radius * 1.5 },
    neck: { x: 0, y: neckY + 6, width: half * 1.25 },
    shoulders: pair(half * 0.7, neckY + 84),
    hands: pair(half, -300),
    arm: 74 * girth
  }
}
