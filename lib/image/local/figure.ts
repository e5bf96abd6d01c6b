import type { Anatomy, Model } from './anatomy.ts'
import { energyOf } from './energy.ts'
import type { Energy } from './energy.ts'
import { drawFace, expressionOf, gazeOf } from './face.ts'
import { hideOf } from './hide.ts'
import type { Pen } from './pen.ts'
import { planOf, PLANS } from './plans/index.ts'
import type { PlanName } from './plans/index.ts'
import { poseOf } from './pose.ts'
import { proportionsOf } from './proportions.ts'
import { repeat } from './repeat.ts'
import { curve, ellipse, group, n, star } from './svg.ts'
import type { Point } from './svg.ts'
import type { Trait, Traits } from './traits.ts'
import { drawGear } from './wardrobe/index.ts'

/** The y of the figure's feet, in units of the frame. */
export const FLOOR = 905

/** Least radius of an eye, in units of the frame: 1.6 pixels in a picture of 64 pixels. */
const LEAST_EYE = 25

const USUAL = { height: 1060, reach: 540 }
/**
 * Height of a plan's figure with its hat, and its reach: the distance from its middle to the end of its tool. Both in
 * units of the plan's grid.
 */
const EXTENT: Partial<Record<PlanName, Partial<typeof USUAL>>> = {
  bird: { height: 1100 },
  clam: { height: 900, reach: 610 },
  crab: { height: 1090, reach: 610 },
  fish: { height: 1100 },
  frog: { height: 890, reach: 640 },
  jelly: { height: 1130 },
  microbe: { height: 960, reach: 600 },
  mushroom: { height: 1145 },
  octopus: { height: 1040, reach: 570 },
  plant: { height: 1140 },
  polyp: { height: 1015 },
  quadruped: { height: 1080 },
  ray: { height: 1110 },
  saurian: { height: 1110 },
  seaStar: { height: 1010, reach: 590 },
  snail: { height: 1030 },
  spider: { height: 1060, reach: 610 },
  turtle: { height: 920, reach: 600 },
  upright: { height: 1100 },
  whale: { height: 950, reach: 620 },
  worm: { height: 1120 }
}

/**
 * The scale that gives a noun's figure the height, and the figure's reach to either side at that scale.
 * @param height in units of the frame
 */
export function measureFigure(noun: Trait, height: number): { scale: number; reach: number } {
  const extent = { ...USUAL, ...EXTENT[planOf(noun)] }
  const scale = height / extent.height
  return { scale, reach: extent.reach * scale }
}

/** The figure with its shadow: the noun's body with the marks of all attributes that change a figure. */
export function drawFigure(
  pen: Pen,
  traits: Traits,
  { x, scale, lightX }: { x: number; scale: number; lightX: number }
): string {
  const plan = planOf(traits.noun)
  const pose = poseOf(traits.action)
  const energy = energyOf(traits.adverb)
  const model: Model = {
    pen,
    random: traits.noun.random(),
    words: traits.noun.fields.slice(0, 2).join(',').toLowerCase(),
    ...proportionsOf(traits.adjective),
    hide: hideOf(pen, traits.adjective)
  }
  const anatomy = PLANS[plan](model)
  const expression = expressionOf(traits.emotion)
  const { shoulders, neck } = anatomy
  const droop = expression.droop * 26
  const hands =
    shoulders === undefined
      ? anatomy.hands
      : (shoulders.map(([sx, sy], index): Point => [
          sx + (index === 0 ? -1 : 1) * pose.hands[index]![0],
          sy - pose.hands[index]![1] + droop
        ]) as [Point, Point])
  const holding = hands[0][1] < hands[1][1] ? 0 : 1
  const { garment, hat, tool } = drawGear(pen, traits.occupation, { ...anatomy, hands }, holding)
  const arm = (index: 0 | 1) =>
    shoulders === undefined
      ? ''
      : drawArm(pen, shoulders[index], hands[index], anatomy.arm ?? 60, plan === 'human' ? 'cloth' : 'body')
  const head = group(
    anatomy.head +
      drawFace(
        pen,
        { ...anatomy.face, eye: Math.max(anatomy.face.eye, LEAST_EYE / scale) },
        expression,
        gazeOf(traits.gaze)
      ) +
      hat,
    turnOf(anatomy, expression.tilt)
  )

  // A wide figure leans less, so that it stays in the frame.
  const steadiness = (USUAL.reach / (EXTENT[plan]?.reach ?? USUAL.reach)) ** 2
  const body = [anatomy.behind, anatomy.body, garment, anatomy.front ?? '', arm(0), arm(1), head, tool].join(
    ''
  )
  const shadow = pen.flat(
    ellipse(
      x - Math.sign(lightX) * 36,
      FLOOR + 6,
      (neck.width > 300 ? 330 : 270) * scale * (pose.hop > 0 ? 0.8 : 1),
      24
    ),
    'ink',
    0.24
  )
  return (
    shadow +
    group(
      motion(pen, energy, {
        side: -Math.sign(lightX),
        isMoving: pose.moving,
        most: (Math.min(x, 1000 - x) - 40) / scale - 160
      }) + body,
      `translate(${n(x)} ${n(FLOOR - pose.hop)}) ` +
        `rotate(${n(pose.lean * energy.force * steadiness)}) scale(${scale.toFixed(4)})`
    )
  )
}

function drawArm(pen: Pen, [sx, sy]: Point, [hx, hy]: Point, width: number, role: 'body' | 'cloth'): string {
  const elbow: Point = [(sx + hx) / 2 + Math.sign(hx || sx) * 46, (sy + hy) / 2 + 44]
  return (
    pen.limb(curve([sx, sy], elbow, [hx, hy]), role, width) +
    pen.solid(ellipse(hx, hy, width * 0.6), role === 'cloth' ? 'body' : 'bodyDark', { depth: 0.4 })
  )
}

/** The rotation that tilts the head around the neck. */
function turnOf({ neck, face }: Anatomy, degrees: number): string {
  return `rotate(${n(degrees * 0.8)} ${n(face.x)} ${n(Math.max(neck.y, face.y + 60))})`
}

/** Draws one stroke of each kind. @param reach length, negative to the left */
const STROKES: Record<Energy['kind'], (pen: Pen, x: number, y: number, reach: number) => string> = {
  curls: (pen, x, y, reach) => pen.line(curve([x, y], [x + reach * 0.9, y + 50], [x, y + 84]), 'accent', 14),
  dashes: (pen, x, y, reach) => pen.line(`M${n(x)} ${n(y)}h${n(reach)}`, 'accent', 14),
  dots: (pen, x, y, reach) =>
    pen.flat(ellipse(x, y, 20), 'accent') + pen.flat(ellipse(x + reach * 0.6, y + 16, 12), 'accent'),
  sparks: (pen, x, y, reach) => pen.flat(star(x, y, Math.abs(reach) * 0.4, 10, 4), 'accent'),
  waves: (pen, x, y, reach) =>
    pen.line(
      curve(
        [x, y],
        [x + reach * 0.33, y - 34],
        [x + reach * 0.66, y],
        [x + reach, y + 34],
        [x + reach * 1.33, y]
      ),
      'accent',
      13
    )
}

/**
 * The strokes beside the figure, on the side away from the light. The adverb sets their kind and number. They are
 * longer when the figure moves.
 * @param most greatest distance from the middle of the figure
 */
function motion(
  pen: Pen,
  { kind, strokes }: Energy,
  { side, isMoving, most }: { side: number; isMoving: boolean; most: number }
): string {
  return repeat(strokes, (index) =>
    STROKES[kind](
      pen,
      side * Math.min(430 + (index % 2) * 50, most),
      -820 + index * 124,
      side * (isMoving ? 117 : 90)
    )
  )
}
