import type { Anatomy, Model } from './anatomy.ts'
import { energyOf } from './energy.ts'
import { expressionOf } from './expression.ts'
import { drawFace } from './face.ts'
import { gazeOf } from './gaze.ts'
import { hideOf } from './hide.ts'
import { faceBox, handsOf, holdingHand, isHanging } from './hold.ts'
import { drawLimb, holdingTip } from './limbs.ts'
import { lipsOf } from './lips.ts'
import { drawMotion } from './motion.ts'
import { drawPack } from './pack.ts'
import type { Pen } from './pen.ts'
import { planOf, PLANS } from './plans/index.ts'
import type { PlanName } from './plans/index.ts'
import { poseOf } from './pose.ts'
import { postureOf } from './posture.ts'
import type { Posture } from './posture.ts'
import { proportionsOf } from './proportions.ts'
import { startRecording } from './recording.ts'
import { each } from './repeat.ts'
import { drawnInMarks, shouldersOn, skullOf } from './skull.ts'
import type { Mark } from './surface.ts'
import { ellipse, group, n } from './svg.ts'
import type { Point } from './svg.ts'
import type { Trait, Traits } from './traits.ts'
import { drawGear, hasArmholes, hasSleeves, toolBox } from './wardrobe/index.ts'

/** Least radius of an eye, in units of the frame: 1.6 pixels in a picture of 64 pixels. */
const LEAST_EYE = 25
/** Factor of the radius of an eye that a plan sets. */
const EYE = 1.16

const USUAL = { height: 1060, reach: 540 }
/**
 * Height of a plan's figure with its hat, and its reach: the distance from its middle to the end of its tool. Both in
 * units of the plan's grid.
 */
const EXTENT: Partial<Record<PlanName, Partial<typeof USUAL>>> = {
  barnacle: { height: 1120 },
  bird: { height: 1100 },
  carapace: { height: 1130, reach: 600 },
  ceratops: { height: 940, reach: 680 },
  chiton: { height: 1090 },
  clam: { height: 900, reach: 610 },
  crab: { height: 1280, reach: 630 },
  eel: { height: 1250 },
  fish: { height: 1190 },
  fowl: { height: 1190, reach: 620 },
  frog: { height: 945, reach: 640 },
  human: { height: 1135 },
  insect: { height: 1175 },
  jelly: { height: 1130 },
  lamprey: { height: 1290, reach: 590 },
  lichen: { height: 1180, reach: 560 },
  lizard: { height: 1060, reach: 640 },
  microbe: { height: 1050, reach: 600 },
  mushroom: { height: 1215 },
  myriapod: { height: 1280, reach: 690 },
  octopus: { height: 1040, reach: 570 },
  penguin: { height: 1175, reach: 560 },
  plant: { height: 1140 },
  polyp: { height: 1150 },
  quadruped: { height: 1275, reach: 560 },
  raptor: { reach: 600 },
  ray: { height: 1110 },
  saurian: { height: 1160, reach: 680 },
  seaReptile: { height: 930, reach: 650 },
  seaStar: { height: 1095, reach: 590 },
  snail: { height: 960, reach: 640 },
  spider: { height: 1000, reach: 610 },
  turtle: { height: 960, reach: 600 },
  upright: { height: 1165 },
  wader: { reach: 570 },
  whale: { height: 950, reach: 620 },
  worm: { height: 1120 }
}

/** Plans whose arms come out from behind the body: its front has another colour, or there is no shoulder to join. */
const ARMS_BEHIND: readonly PlanName[] = [
  'barnacle',
  'chiton',
  'clam',
  'jelly',
  'lichen',
  'mushroom',
  'polyp'
]

/**
 * The scale that gives a noun's figure the height, and the figure's reach to either side at that scale.
 * @param height in units of the frame
 */
export function measureFigure(noun: Trait, height: number): { scale: number; reach: number } {
  const extent = { ...USUAL, ...EXTENT[planOf(noun)] }
  const scale = height / extent.height
  return { scale, reach: extent.reach * scale }
}

/** Where a figure stands, and how the camera and the hand change its proportions. */
export interface Stand {
  x: number
  /** The y of the feet, or of the face of a figure that the frame crops. */
  y: number
  isCropped: boolean
  scale: number
  light: number
  head: number
  girth: number
  /** Whether nothing leans, whatever the feeling. */
  isUpright?: boolean
  /** Whether the figure faces the right. Plans are drawn to face the left. The light of its pen is mirrored too. */
  isMirrored?: boolean
}

/**
 * A figure: `figure` is its shadow, its strokes of motion and `body`. Parts of the body are `head`, with the hat,
 * `hat`, and `held`: the tool with the arm that holds it.
 */
export interface Figure {
  figure: string
  body: string
  head: string
  hat: string
  held: string
  /** The body without the head. */
  trunk: string
  /** Apart, because nothing may cover it. */
  face: string
  /** The point that stays if the scale of the stand changes. */
  origin: Point
}

/** A figure before it has a place, in the grid of its plan. */
type Pieces = ReturnType<typeof piecesOf>

/** The figure with its shadow, and its face apart. */
export function drawFigure(pen: Pen, traits: Traits, stand: Stand): Figure {
  return placedFigure(pen, traits, piecesOf(pen, traits, stand), stand)
}

/** A figure that is composed once, measured, and drawn by other pens. */
export interface MeasuredFigure {
  /** As the measuring pen draws it. */
  measured: Figure
  /** The same as `drawFigure`, for stands that differ in place and scale only. */
  draw: (pen: Pen, stand: Stand) => Figure
}

/**
 * Composes a figure for `boxOf`, which measures it, and for the pens that draw it later.
 * @param measuring a pen that draws flat shapes into `marks`
 * @param edge the width of its outlines
 */
export function measuredFigure(
  measuring: Pen,
  marks: Mark[],
  edge: number,
  traits: Traits,
  stand: Stand
): MeasuredFigure {
  const { pen: recorder, replay } = startRecording(measuring, marks, edge)
  const pieces = piecesOf(recorder, traits, stand)
  return {
    measured: placedFigure(measuring, traits, pieces, stand),
    draw: (pen, stand) => placedFigure(pen, traits, drawnPieces(pieces, replay(pen)), stand)
  }
}

/** The pieces as another pen draws them. */
function drawnPieces(pieces: Pieces, textOf: (recorded: string) => string): Pieces {
  const { anatomy, body, idle, head, hat, arm } = pieces
  const { beak } = anatomy.face
  const face = beak === undefined ? anatomy.face : { ...anatomy.face, beak: textOf(beak) }
  return {
    ...pieces,
    anatomy: { ...anatomy, face },
    body: textOf(body),
    idle: textOf(idle),
    head: textOf(head),
    hat: textOf(hat),
    arm: textOf(arm)
  }
}

/** The pieces of a figure, which its place and its scale do not change. */
function piecesOf(pen: Pen, traits: Traits, { head: headFactor, girth: girthFactor }: Stand) {
  const plan = planOf(traits.noun)
  const pose = poseOf(traits.action)
  const energy = energyOf(traits.adverb)
  const posture = postureOf(traits.emotion)
  const expression = expressionOf(traits.emotion)
  const { head: headSize, girth } = proportionsOf(traits.adjective)
  const model: Model = {
    pen,
    random: traits.noun.random(),
    words: traits.noun.fields.slice(0, 2).join(',').toLowerCase(),
    order: traits.noun.fields.slice(2, 4).join(',').toLowerCase(),
    head: headSize * headFactor * posture.head,
    girth: girth * girthFactor,
    expression,
    hide: hideOf(pen, traits.adjective)
  }
  const planned = PLANS[plan](model)
  const drawn = drawnInMarks(pen, PLANS[plan], { ...model, random: traits.noun.random() })
  const shoulders = planned.limb === undefined ? shouldersOn(drawn) : planned.shoulders
  const anatomy = shoulders === undefined ? planned : { ...planned, shoulders }
  const holding = anatomy.holds ?? anatomy.grips ?? holdingHand(pose)
  const isBehind = ARMS_BEHIND.includes(plan)
  const cause = { palette: pen.palette, pose, posture, force: energy.force, holding, isBehind }
  const hands = handsOf(anatomy, cause, traits.occupation)
  const lowest = faceBox(anatomy.face).bottom + Math.max(0, sinkOf(anatomy, posture))
  const skull =
    HATLESS.has(plan) || traits.occupation.name === ''
      ? undefined
      : skullOf(pen, drawn, expression, anatomy.face.eye * EYE)
  const edges = { lowest, skull }
  const gear = drawGear(pen, traits.occupation, { ...anatomy, hands }, holding, edges)
  const { garment, hat, tool } = gear
  const isHuman = plan === 'human'
  const isSleeved = hasSleeves(traits.occupation, anatomy.torso)
  const isFromArmhole = hasArmholes(traits.occupation, anatomy.torso)
  const far = farLimb(anatomy, hands)
  const { pack } = anatomy
  const held = toolBox(pen.palette, traits.occupation, holding)
  const limbOf = (index: 0 | 1) => {
    const [from, to, side] = [anatomy.shoulders?.[index], hands[index], index === 0 ? -1 : 1]
    if (pack !== undefined) {
      return tool === '' ? { under: '', over: '' } : drawPack(pen, pack, isHanging(held))
    }
    if (from === undefined) return { under: '', over: holdingTip(pen, to, side) }
    return drawLimb(pen, anatomy.limb ?? 'arm', {
      from,
      to,
      side,
      width: anatomy.arm ?? 60,
      isHuman,
      isHolding: index === holding && tool !== '',
      isFar: index === far,
      isSleeved,
      isFromArmhole
    })
  }
  const limbs = [limbOf(0), limbOf(1)] as const
  const other = holding === 0 ? 1 : 0
  const isBefore = (index: 0 | 1) => index !== far && !isBehind
  const farLimbs = each([0, 1], (index) => (isBefore(index) ? '' : limbs[index].under))
  const before = (index: 0 | 1) => (isBefore(index) ? limbs[index].under : '')
  const isOne = anatomy.holds !== undefined || anatomy.shoulders === undefined
  const grip = anatomy.shoulders !== undefined || tool !== '' ? limbs[holding].over : ''
  return {
    plan,
    pose,
    energy,
    posture,
    anatomy,
    isHuman,
    body: [anatomy.behind, farLimbs, anatomy.body, garment, anatomy.front ?? ''].join(''),
    /** The limb that holds nothing. */
    idle: isOne ? '' : before(other) + limbs[other].over,
    head: anatomy.head,
    hat,
    isHatOnBody: skull?.isOnBody === true,
    lips: lipsOf(pen, drawn),
    /** The y that no brow passes. */
    browLimit: Math.max(gear.brim ?? -Infinity, anatomy.face.top ?? anatomy.crown.y),
    /** The limb that holds the tool, with the tool. */
    arm: before(holding) + tool + grip
  }
}

/** The far limb, if it reaches outwards. One that reaches inwards is before the body. */
function farLimb({ far, shoulders }: Anatomy, hands: readonly [Point, Point]): 0 | 1 | undefined {
  if (far === undefined || shoulders === undefined) return undefined
  const out = (hands[far][0] - shoulders[far][0]) * (far === 0 ? -1 : 1)
  return out > 90 ? far : undefined
}

/** The figure of the pieces where it stands. */
function placedFigure(
  pen: Pen,
  traits: Traits,
  {
    plan,
    pose,
    energy,
    posture,
    anatomy,
    isHuman,
    body,
    idle,
    head,
    hat,
    isHatOnBody,
    arm,
    lips,
    browLimit
  }: Pieces,
  { x: middle, y, isCropped, scale, light, isUpright, isMirrored }: Stand
): Figure {
  const expression = expressionOf(traits.emotion)
  const sink = sinkOf(anatomy, posture)
  const facing = isMirrored === true ? -1 : 1
  const { dx, ...gaze } = gazeOf(traits.gaze)
  // A face on the body turns on its place, and the hat stays on the body.
  const isOnBody = anatomy.head === ''
  const tilt = isUpright ? 0 : expression.tilt
  const turn = isOnBody
    ? `translate(0 ${n(sink)}) rotate(${n(tilt * 0.5)} ${n(anatomy.face.x)} ${n(anatomy.face.y)})`
    : turnOf(anatomy, tilt, sink)
  const skin = isHuman
    ? ({ skin: 'skinDark', on: 'skin', lips } as const)
    : ({ skin: 'bodyDark', on: 'body', lips } as const)
  const face = drawFace(
    pen,
    { ...anatomy.face, top: browLimit, eye: Math.max(anatomy.face.eye * EYE, LEAST_EYE / scale) },
    expression,
    { ...gaze, dx: dx * facing },
    skin
  )

  // A wide figure leans less, so that it stays in the frame; one on four legs leans and leaps less.
  const isOnFour = anatomy.pack !== undefined
  const steadiness =
    (isCropped || isOnFour ? STEADY : 1) * (USUAL.reach / (EXTENT[plan]?.reach ?? USUAL.reach)) ** 2
  const leaning = (pose.lean * facing + posture.lean * light) * energy.force * steadiness
  const lean = isUpright ? 0 : Math.max(-MOST_LEAN, Math.min(MOST_LEAN, leaning))
  const hop = isCropped ? 0 : Math.max(pose.hop, posture.hop) * (isOnFour ? STEADY : 1)
  const x = isCropped ? middle - anatomy.face.x * scale * facing : middle
  const feet = isCropped ? y - (anatomy.face.y + posture.sink) * scale * posture.tall : y
  const stand = (content: string) =>
    group(
      content,
      `translate(${n(x)} ${n(feet - hop)}) rotate(${n(lean)}) scale(${scale.toFixed(4)})` +
        ` scale(${(posture.wide * facing).toFixed(3)} ${posture.tall.toFixed(3)})`
    )
  const spread = (anatomy.neck.width > 300 ? 330 : 270) * scale * posture.wide
  const shadow = pen.flat(
    ellipse(x - light * 30, feet + 4, spread * (hop > 0 ? 0.78 : 1), hop > 0 ? 20 : 26),
    'ink',
    hop > 0 ? 0.22 : 0.3
  )
  // Strokes of motion are where there is more room.
  const free = x === 500 ? -light : x > 500 ? -1 : 1
  const strokes = pose.moving ? stand(drawMotion(pen, energy, free * facing)) : ''
  // A hat on a body that has no head stays where it is when the face turns.
  const hatTurned = isHatOnBody ? hat : group(hat, turn)
  const top = isOnBody ? hat : isHatOnBody ? group(head, turn) + hat : group(head + hat, turn)
  const [under, over] = anatomy.limb === 'trunk' ? ['', arm] : [arm, '']
  const whole = stand(body + idle + under + top + over)
  return {
    figure: shadow + strokes + whole,
    body: whole,
    head: stand(top),
    hat: stand(hatTurned),
    held: stand(arm),
    trunk: stand(body + idle + arm),
    face: stand(group(face, turn)),
    origin: isCropped ? [middle, y] : [x, feet - hop]
  }
}

/** How far a figure that the frame crops, or one on four legs, leans and leaps, as a share of the usual. */
const STEADY = 0.4

/** Degrees that a figure leans at most: one that leans further seems to fall. */
const MOST_LEAN = 15

/** How far the head sinks. */
const sinkOf = ({ torso }: Anatomy, { sink }: Posture) => sink * (torso === undefined ? 0.4 : 1)

/** Plans whose bodies have no place for a hat: the eyes are at the top, or the head is below the body. */
const HATLESS: ReadonlySet<PlanName> = new Set(['crab', 'frog', 'snail', 'spider'])

/** The transform that tilts the head around the neck and lets it sink. */
function turnOf({ neck, face }: Anatomy, degrees: number, sink: number): string {
  return `translate(0 ${n(sink)}) rotate(${n(degrees * 0.9)} ${n(face.x)} ${n(Math.max(neck.y, face.y + 60))})`
}
