import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse, polygon } from '../svg.ts'
import { frontBeak } from './front-beak.ts'
import { birdHead } from './plumage.ts'

/** The measures of a raptor: its head, half the width of its shoulders, and where they are. */
interface Build {
  radius: number
  headY: number
  half: number
  top: number
}

/** A folded wing over the side, with the edges of its feathers. */
function cape({ pen }: Model, { half, top }: Build): string {
  const edge = (share: number) =>
    curve(
      [half * 0.7, top + (-100 - top) * share],
      [half * 1.1, top + (-60 - top) * share],
      [half * 1.4, top + (-150 - top) * share]
    )
  return pen.solid(
    blob(
      [half * 0.4, top - 10],
      [half * 1.24, top + 50],
      [half * 1.42, -330],
      [half * 0.9, -70],
      [half * 0.72, -300]
    ),
    'bodyDark',
    { inside: each([0.4, 0.55, 0.7, 0.85], (share) => pen.line(edge(share), 'ink', 5)) }
  )
}

function talons({ pen }: Model): string {
  return both(
    (side) =>
      pen.limb(curve([side * 78, -170], [side * 80, -40]), 'accent', 40) +
      each([-34, 0, 34], (dx) => pen.limb(curve([side * 80, -34], [side * 80 + dx, -8]), 'accentDark', 22))
  )
}

/** Tail, legs, trunk and wings, which owls and eagles share. */
function trunk(
  model: Model,
  build: Build
): Pick<Anatomy, 'behind' | 'body' | 'torso' | 'neck' | 'shoulders' | 'hands' | 'arm' | 'limb' | 'holds'> {
  const { pen, girth, hide } = model
  const { half, top } = build
  const body = blob(
    [-half, top],
    [half, top],
    [half * 1.06, -460],
    [half * 0.5, -140],
    [-half * 0.5, -140],
    [-half * 1.06, -460]
  )
  const chest = pen.solid(
    blob([-half * 0.6, top + 40], [half * 0.6, top + 40], [half * 0.5, -280], [0, -150], [-half * 0.5, -280]),
    'bodyLight',
    { depth: 0.4, inside: hide(-half * 0.6, top + 60, half * 1.2, -200 - top) }
  )
  const tail = polygon([-100, -220], [100, -220], [130, -30], [0, -60], [-130, -30])
  return {
    behind: pen.solid(tail, 'bodyDark', { depth: 0.4 }) + talons(model),
    body: pen.solid(body, 'body', { inside: chest }) + cape(model, build),
    torso: { d: body, x: -half * 0.9, y: top, width: half * 1.8, height: -150 - top },
    neck: { x: 0, y: top + 26, width: half * 1.3 },
    shoulders: [
      [-half * 0.66, top + 120],
      [half * 0.9, top + 80]
    ],
    hands: [
      [-half * 1.4, -330],
      [half * 1.2, -200]
    ],
    arm: 120 * girth,
    limb: 'wing',
    holds: 0
  }
}

/** The head of an owl from the front: the discs around its eyes, and tufts if it has them. */
function owlHead({ pen, words }: Model, { radius, headY }: Build): string {
  const isBarn = /barn|snowy/.test(words)
  const disc = both((side) =>
    pen.flat(
      ellipse(side * radius * 0.42, headY + radius * 0.02, radius * 0.62, radius * 0.78, side * -14),
      isBarn ? 'paper' : 'bodyLight'
    )
  )
  const tufts = /barn|snowy|tawny|elf|burrowing|great grey|frogmouth/.test(words)
    ? ''
    : both((side) =>
        pen.solid(
          polygon(
            [side * radius * 0.3, headY - radius * 0.72],
            [side * radius * 0.96, headY - radius * 1.38],
            [side * radius * 0.98, headY - radius * 0.4]
          ),
          'bodyDark',
          { depth: 0.3 }
        )
      )
  return tufts + pen.solid(ellipse(0, headY, radius * 1.1, radius), 'body', { inside: disc })
}

function owl(model: Model): Anatomy {
  const { girth } = model
  const radius = 192 * model.head
  const headY = -1000 + radius + 60
  const half = 220 * girth
  const build: Build = { radius, headY, half, top: headY + radius * 0.6 }
  const feeling = frontBeak(model, { x: 0, y: headY, radius })
  return {
    ...trunk(model, build),
    head: owlHead(model, build) + feeling,
    face: {
      x: 0,
      y: headY - radius * 0.06,
      eye: radius * 0.33,
      apart: radius * 0.45,
      mouth: { x: 0, y: headY + radius * 0.62, width: radius * 0.56 },
      beak: feeling
    },
    crown: { x: 0, y: headY - radius * 0.82, width: radius * 1.5 }
  }
}

const PALE_HEADED = /bald|osprey|vulture|secretary|caracara|kite|condor/

/** Eagles, falcons, owls: broad shoulders, hooked beak, talons. */
export function raptor(model: Model): Anatomy {
  const { pen, girth, words } = model
  if (/\bowl\b|frogmouth/.test(words)) return owl(model)
  const radius = 150 * model.head
  const headY = -1000 + radius + 60
  const half = 220 * girth
  const x = -24
  const build: Build = { radius, headY, half, top: headY + radius * 0.6 }
  const { body, ...rest } = trunk(model, build)
  const ruff = /vulture|condor/.test(words)
    ? each([-0.8, -0.4, 0, 0.4, 0.8], (dx) =>
        pen.solid(
          ellipse(x + dx * radius, headY + radius * (1.06 - Math.abs(dx) * 0.16), radius * 0.34),
          'paper',
          { depth: 0.3 }
        )
      )
    : ''
  const role = PALE_HEADED.test(words) ? 'bodyLight' : 'body'
  const { drawn, face, crown } = birdHead(model, { x, y: headY, radius }, 'eagle', role)
  return { ...rest, body: body + ruff, head: drawn, face, crown }
}
