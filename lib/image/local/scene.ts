import type { DalleDress } from '../../schemas/dress.ts'
import type { Anatomy, Face, Model } from './anatomy.ts'
import { drawBackdrop } from './backdrop.ts'
import { drawFace, expressionOf, lookOf } from './face.ts'
import { arrangementOf, cameraOf, drawBorder, horizonShift } from './framing.ts'
import { energyOf, hideOf, proportionsOf } from './manner.ts'
import type { Energy } from './manner.ts'
import { drawLandmark } from './landmark.ts'
import { paletteOf } from './palette.ts'
import { createPen, tileOf } from './pen.ts'
import type { Pen } from './pen.ts'
import { PLANS, planOf } from './plans/index.ts'
import type { PlanName } from './plans/index.ts'
import { poseOf } from './pose.ts'
import { drawLamp, drawProp, lampOf } from './props.ts'
import { createRandom } from './random.ts'
import { curve, ellipse, group, n, rectangle, star } from './svg.ts'
import type { Point } from './svg.ts'
import { traitsOf } from './traits.ts'
import type { Traits } from './traits.ts'
import { soften, treatmentOf } from './treatments.ts'
import { dressUp } from './wardrobe.ts'

/** Side of the square that a scene is laid out in; the SVG scales to any size. */
const FRAME = 1000
/** How high a plan's figure is with its hat, in units of its own grid; 1060 where it is not here. */
const HEIGHT_BY_PLAN: Partial<Record<PlanName, number>> = { whale: 930, turtle: 900, frog: 880, crab: 980, clam: 900, snail: 980, seaStar: 1060, ray: 1040, spider: 980, microbe: 1000, worm: 1080, plant: 1120, fish: 1080, jelly: 1080, quadruped: 1060 }
/** How far a wide plan's figure reaches from its middle, in the same units; 380 where it is not here. */
const REACH_BY_PLAN: Partial<Record<PlanName, number>> = { whale: 560, spider: 540, crab: 560, seaStar: 540, octopus: 490, microbe: 480, jelly: 400, turtle: 500, ray: 450, snail: 430, saurian: 470, quadruped: 420, worm: 450, raptor: 400, frog: 500, insect: 500, polyp: 460 }
const MARGIN = 45
/** Where a figure stands. */
const FLOOR = 905

/** The picture of a dress as SVG, a pure function of the dress: backdrop, landmark and figure, in one hand. */
export function composeScene (dress: DalleDress, sidePixels: number): string {
  const traits = traitsOf(dress)
  const palette = paletteOf(traits)
  const treatment = treatmentOf(traits.artStyle1)
  const camera = cameraOf(traits.viewpoint)
  const arrangement = arrangementOf(traits.composition)
  const random = traits.random('scene')
  const plan = planOf(traits.noun)
  const size = camera.scale * FRAME / (HEIGHT_BY_PLAN[plan] ?? 1060)
  const room = FRAME / 2 - MARGIN - (REACH_BY_PLAN[plan] ?? 380) * size
  const x = FRAME / 2 + Math.max(-Math.max(0, room), Math.min(Math.max(0, room), arrangement.x - FRAME / 2))
  const horizon = Math.max(400, Math.min(830, camera.horizon + horizonShift(traits.composition)))

  const lampSide = random.chance(0.5) ? -1 : 1
  const lamp = lampOf(traits.trope)
  const [lampX, lampY] = [x + lampSide * random.between(250, 330), random.between(150, 240)]
  const light = { dx: lampSide * 26, dy: -20 }
  const far = createPen(palette, soften(treatmentOf(traits.artStyle2), 0.25 + 0.6 * traits.mixing), { dx: light.dx * 0.6, dy: light.dy * 0.6 }, 'b')
  const pen = createPen(palette, treatment, light, 'f')

  const landmark = group(drawLandmark(far, traits.place), `translate(${n(x - lampSide * random.between(230, 290))} ${n(horizon)}) scale(${random.between(0.78, 0.96).toFixed(3)})`)
  const land = `M-200 ${n(horizon)}H1200V1200H-200Z`
  // Tiles that are turned take long, so tilted land is left plain.
  const ground = camera.tilt === 0 ? far.solid(land, 'ground', { depth: 0 }) : far.flat(land, 'ground')
  const prop = group(drawProp(pen, traits.trope), `translate(${n(Math.max(165, Math.min(835, x + lampSide * 340)))} ${FLOOR + 30}) scale(0.84)`)
  const sky = [
    far.solid(rectangle(0, 0, FRAME, FRAME), 'sky', { depth: 0 }), drawBackdrop(far, traits.backStyle, horizon), drawLamp(far, lamp, lampX, lampY, 74), arrangement.behind(far, x, horizon)
  ].join('')
  const scene = [
    landmark, ground, far.flat(`M-200 ${n(horizon)}H1200V${n(horizon + 12)}H-200Z`, 'groundDark'), arrangement.ground(far, x, horizon),
    drawFigure(pen, traits, plan, x, size, light.dx), prop
  ].join('')
  const tilted = camera.tilt === 0 ? scene : group(scene, `rotate(${n(camera.tilt)} 500 640)`)
  const front = arrangement.front(pen, x) + (camera.vignette ? vignette(pen) : '') + drawBorder(pen, traits.litStyle)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${sidePixels}" height="${sidePixels}" viewBox="0 0 ${FRAME} ${FRAME}">` +
    `<defs>${far.defs()}${pen.defs()}${GRAIN}</defs>${sky}${tilted}${front}<rect width="${FRAME}" height="${FRAME}" fill="url(#grain)"/></svg>`
}

function drawFigure (pen: Pen, traits: Traits, plan: PlanName, x: number, size: number, lightX: number): string {
  const pose = poseOf(traits.action)
  const energy = energyOf(traits.adverb)
  const model: Model = { pen, random: traits.noun.random(), words: traits.noun.fields.slice(0, 2).join(',').toLowerCase(), ...proportionsOf(traits.adjective), hide: hideOf(pen, traits.adjective), pose }
  const anatomy = PLANS[plan](model)
  const expression = expressionOf(traits.emotion)
  const { shoulders, neck } = anatomy
  const droop = expression.droop * 26
  const hands = shoulders === undefined
    ? anatomy.hands
    : shoulders.map(([sx, sy], index): Point => [sx + (index === 0 ? -1 : 1) * pose.hands[index]![0], sy - pose.hands[index]![1] + droop]) as [Point, Point]
  const holding = hands[0][1] < hands[1][1] ? 0 : 1
  const { garment, hat, tool } = dressUp(pen, traits.occupation, { ...anatomy, hands }, holding)
  const arm = (index: 0 | 1) => shoulders === undefined ? '' : drawArm(pen, shoulders[index], hands[index], anatomy.arm ?? 60, plan === 'human' ? 'cloth' : 'body')
  const head = group(anatomy.head + drawFace(pen, anatomy.face, expression, lookOf(traits.gaze)) + hat, turnOf(anatomy, expression.tilt))

  const body = [anatomy.behind, anatomy.body, garment, anatomy.front ?? '', arm(0), arm(1), head, tool].join('')
  const shadow = pen.flat(ellipse(x - Math.sign(lightX) * 36, FLOOR + 6, (neck.width > 300 ? 330 : 270) * size * (pose.hop > 0 ? 0.8 : 1), 24), 'ink', 0.24)
  return shadow + group(motion(pen, lightX, energy, pose.moving) + body, `translate(${n(x)} ${n(FLOOR - pose.hop)}) rotate(${n(pose.lean * energy.force)}) scale(${size.toFixed(4)})`)
}

function drawArm (pen: Pen, [sx, sy]: Point, [hx, hy]: Point, width: number, role: 'body' | 'cloth'): string {
  const elbow: Point = [(sx + hx) / 2 + Math.sign(hx || sx) * 46, (sy + hy) / 2 + 44]
  return pen.limb(curve([sx, sy], elbow, [hx, hy]), role, width) + pen.solid(ellipse(hx, hy, width * 0.6), role === 'cloth' ? 'body' : 'bodyDark', { depth: 0.4 })
}

/** The head's own turn, about the neck. */
function turnOf ({ neck, face }: { neck: Anatomy['neck'], face: Face }, degrees: number): string {
  return `rotate(${n(degrees * 0.8)} ${n(face.x)} ${n(Math.max(neck.y, face.y + 60))})`
}

/** One stroke of each kind. @param reach outwards, negative to the left */
const STROKES: Record<Energy['kind'], (pen: Pen, x: number, y: number, reach: number) => string> = {
  curls: (pen, x, y, reach) => pen.line(curve([x, y], [x + reach * 0.9, y + 50], [x, y + 84]), 'accent', 14),
  dashes: (pen, x, y, reach) => pen.line(`M${n(x)} ${n(y)}h${n(reach)}`, 'accent', 14),
  dots: (pen, x, y, reach) => pen.flat(ellipse(x, y, 20), 'accent') + pen.flat(ellipse(x + reach * 0.6, y + 16, 12), 'accent'),
  sparks: (pen, x, y, reach) => pen.flat(star(x, y, Math.abs(reach) * 0.4, 10, 4), 'accent'),
  waves: (pen, x, y, reach) => pen.line(curve([x, y], [x + reach * 0.33, y - 34], [x + reach * 0.66, y], [x + reach, y + 34], [x + reach * 1.33, y]), 'accent', 13)
}

/** What flies off the figure on its far side: as many strokes as the adverb has force, of its own kind, longer when it moves. */
function motion (pen: Pen, lightX: number, { kind, strokes }: Energy, isMoving: boolean): string {
  const side = -Math.sign(lightX)
  return Array.from({ length: strokes }, (_, index) =>
    STROKES[kind](pen, side * (430 + index % 2 * 50), -820 + index * 124, side * (isMoving ? 117 : 90))).join('')
}

function vignette (pen: Pen): string {
  return pen.flat('M0 0H1000V1000H0ZM500 -60A560 560 0 1 0 500 1060A560 560 0 1 0 500 -60Z', 'ink', 0.26)
}

const GRAIN_SIDE = 160
/** Specks of light and dark over all, as paper takes ink; the same in every picture. */
const GRAIN = grain()

function grain (): string {
  const random = createRandom('grain')
  const specks = (color: string, opacity: number) => `<path fill="none" stroke="${color}" stroke-opacity="${opacity}" stroke-width="1.5" stroke-linecap="round" d="${Array.from({ length: 240 }, () => `M${n(random.between(1, GRAIN_SIDE - 1))} ${n(random.between(1, GRAIN_SIDE - 1))}h.1`).join('')}"/>`
  return tileOf('grain', { width: GRAIN_SIDE, marks: specks('#000', 0.09) + specks('#fff', 0.13) })
}
