import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { repeat } from '../repeat.ts'
import { blob, curve, ellipse, polygon } from '../svg.ts'
import type { Point } from '../svg.ts'

/** Flukes at the end of the tail, in the air. */
const flukes = ({ pen }: Model): string =>
  pen.solid(
    blob(
      [300, -470],
      [250, -690],
      [90, -760],
      [180, -860],
      [340, -770],
      [380, -770],
      [460, -880],
      [530, -780],
      [430, -690],
      [420, -470]
    ),
    'bodyDark'
  )

/** The edge of the head with the beak of a dolphin or of a beaked whale. */
const BEAK: readonly Point[] = [
  [-390, -60],
  [-430, -170],
  [-610, -160],
  [-640, -270],
  [-480, -350],
  [-450, -440]
]

/** The edge of the head of the others. */
const BLUNT: readonly Point[] = [
  [-430, -90],
  [-480, -400]
]

/** The fin on the back. @param top the y of the back */
const backFin = ({ pen }: Model, top: number): string =>
  pen.solid(
    blob(
      [-170, top + 60],
      [-60, top - 40],
      [60, top - 190],
      [110, top - 160],
      [70, top - 40],
      [110, top + 130]
    ),
    'bodyDark',
    { depth: 0.4 }
  )

/** Whales and dolphins: one great arc with the flukes in the air. */
export function whale(model: Model): Anatomy {
  const { pen, girth, words, order, hide } = model
  const kin = `${words},${order}`
  const isSlim = /dolphin|porpoise|orca|baiji|vaquita|pilot whale/.test(kin)
  const top = (isSlim ? -640 : -760) * girth
  const isBeaked = /dolphin|baiji|beaked/.test(kin) && !/orca|pilot whale/.test(kin)
  const body = blob(
    ...(isBeaked ? BEAK : BLUNT),
    [-270, top],
    [60, top + 50],
    [240, -430],
    [310, -600],
    [430, -580],
    [360, -210],
    [130, -10],
    [-260, 0]
  )
  const belly = blob([-460, -60], [-450, -240], [-160, -190], [150, -130], [160, 10], [-250, 20])
  const grooves = isSlim
    ? ''
    : repeat(6, (index) =>
        pen.line(curve([-420 + index * 30, -210 + index * 14], [-380 + index * 50, -20]), 'body', 8)
      )
  const jet = (end: number, high: number) =>
    pen.line(curve([-110, top + 40], [-110, top - high], [end, top - high - 40]), 'accent', 22)
  const spout = isSlim || /narwhal|beluga/.test(words) ? '' : jet(-210, 110) + jet(-10, 110)
  const fin = isSlim ? backFin(model, top) : ''
  const horn = /narwhal/.test(nameOf(model))
    ? pen.solid(polygon([-340, top + 170], [-270, top + 100], [-470, -1000]), 'paper', { depth: 0.3 })
    : ''
  const patches = /orca/.test(words)
    ? pen.flat(ellipse(-60, -520, 96, 54, -20), 'paper') + pen.flat(ellipse(110, -330, 100, 44, -30), 'paper')
    : ''
  return {
    behind: flukes(model) + spout + fin + horn,
    body: pen.solid(body, 'body', {
      depth: 1.4,
      inside:
        hide(-460, top, 760, 380) +
        pen.flat(belly, /orca/.test(words) ? 'paper' : 'bodyLight') +
        grooves +
        patches
    }),
    torso: { d: body, x: -170, y: -470, width: 390, height: 400, isBack: true },
    head: '',
    face: {
      x: -256,
      y: -424,
      eye: 58 * model.head,
      apart: 92,
      turn: -0.4,
      mouth: isBeaked ? { x: -450, y: -262, width: 190, room: 70 } : { x: -300, y: -280, width: 150 }
    },
    crown: { x: -220, y: top + 60, width: 250 },
    neck: { x: -60, y: -330, width: 0 },
    shoulders: [
      [-150, -170],
      [60, -200]
    ],
    hands: [
      [-330, -120],
      [200, -130]
    ],
    arm: 110,
    limb: 'fin',
    holds: 1
  }
}
