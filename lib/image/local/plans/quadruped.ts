import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { headOf } from './mammal-head.ts'

/** The measures of a four-legged body. */
interface Build {
  /** Radius of the head and its middle. */
  radius: number
  headX: number
  headY: number
  backY: number
  bellyY: number
  heavy: boolean
}

function trunk({ backY, bellyY }: Build): string {
  return blob(
    [-250, backY - 10],
    [-40, backY - 30],
    [260, backY - 10],
    [330, backY + 120],
    [280, bellyY],
    [0, bellyY + 24],
    [-250, bellyY]
  )
}

function neck({ pen, hide }: Model, { radius, headX, headY, backY }: Build): string {
  const outline = blob(
    [headX - radius * 0.7, headY],
    [headX + radius * 0.8, headY],
    [20, backY + 60],
    [-20, backY + 220],
    [-270, backY + 200],
    [-290, backY + 40]
  )
  return pen.solid(outline, 'body', {
    depth: 0.6,
    inside: hide(headX - radius, headY, radius * 3, backY + 220 - headY)
  })
}

/** The two legs of the near side or of the far side. */
function legs({ pen, girth }: Model, { bellyY, heavy }: Build, near: boolean): string {
  return each([-190, 220], (x, index) => {
    const foot = near ? x + (index === 0 ? -40 : 40) : x + (index === 0 ? 60 : -60)
    const hoof = polygon([foot - 44, -46], [foot + 44, -46], [foot + 54, 0], [foot - 54, 0])
    return (
      pen.limb(
        curve([x + (near ? 0 : 30), bellyY - 60], [foot, -40]),
        near ? 'body' : 'bodyDark',
        (heavy ? 96 : 62) * girth
      ) + pen.solid(hoof, 'ink', { depth: 0 })
    )
  })
}

function hump({ pen, words }: Model, { backY }: Build): string {
  if (!/camel|bison|zebu|dromedary|yak/.test(words)) return ''
  return pen.solid(ellipse(90, backY + 10, 120, 130), 'body')
}

function mane({ pen, words }: Model, { radius, headX, headY, backY }: Build): string {
  if (!/horse|zebra|donkey|giraffe|przewalski/.test(words)) return ''
  const spine: Point[] = [
    [headX + radius * 0.4, headY - radius * 0.6],
    [headX + radius * 1.1, headY + radius * 0.6],
    [30, backY + 10]
  ]
  return pen.solid(ribbon(spine, [40, 74, 40]), 'bodyDark', { depth: 0.4 })
}

function wool({ pen, words }: Model, { backY }: Build): string {
  if (!/sheep|lamb|alpaca|musk ox/.test(words)) return ''
  return repeat(7, (index) =>
    pen.solid(ellipse(-210 + index * 78, backY + 20 + (index % 2) * 26, 84), 'bodyLight', { depth: 0.4 })
  )
}

function tail({ pen }: Model, { backY }: Build): string {
  return (
    pen.limb(curve([310, backY + 60], [400, backY + 100], [384, backY + 300]), 'bodyDark', 26) +
    pen.solid(ellipse(384, backY + 310, 30, 50), 'ink', { depth: 0 })
  )
}

/** Hoofed animals and others on four legs: the body from the side, the face to the front. */
export function quadruped(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const tall = /giraffe|camel|llama|alpaca|vicuña|guanaco|horse|okapi|gerenuk/.test(words)
  const heavy = /elephant|mammoth|rhino|hippo|bison|buffalo|ox\b|bear|tapir|pig|boar/.test(words)
  const radius = (heavy ? 142 : 124) * model.head
  const backY = tall ? -560 : heavy ? -640 : -590
  const bellyY = backY + (heavy ? 330 : 260) * girth
  const headX = -190
  const headY = -1000 + radius * (tall ? 1.1 : 1.5)
  const build: Build = { radius, headX, headY, backY, bellyY, heavy }
  const torso = trunk(build)
  // The order of these calls is the order in which the pen numbers its shapes, so it is part of the picture's bytes.
  const back = hump(model, build)
  const hair = mane(model, build)
  const { head } = headOf(model, headX, headY, radius)
  const fleece = wool(model, build)
  return {
    behind: legs(model, build, false) + tail(model, build),
    body:
      legs(model, build, true) +
      back +
      pen.solid(torso, 'body', { inside: hide(-300, backY - 40, 650, bellyY - backY + 80) }) +
      fleece +
      hair +
      neck(model, build),
    torso: { d: torso, x: -100, y: backY - 20, width: 300, height: bellyY - backY },
    head,
    face: {
      x: headX,
      y: headY - radius * 0.2,
      eye: radius * 0.27,
      apart: radius * 0.46,
      mouth: { x: headX, y: headY + radius * 0.62, width: radius * 0.4 }
    },
    crown: { x: headX, y: headY - radius * 0.84, width: radius * 1.4 },
    neck: { x: -110 + (headX + 110) * 0.5, y: (headY + backY) / 2 + radius * 0.55, width: radius * 1.9 },
    shoulders: [
      [-250, backY + 170],
      [-90, backY + 170]
    ],
    hands: [
      [-330, -330],
      [-60, -300]
    ],
    arm: 56 * girth
  }
}
