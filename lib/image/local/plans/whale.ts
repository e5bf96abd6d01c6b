import type { Anatomy, Model } from '../anatomy.ts'
import { repeat } from '../repeat.ts'
import { blob, curve, ellipse, polygon } from '../svg.ts'

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

/** The beak of a dolphin and the snout of a beaked whale. */
function snout({ pen }: Model, words: string): string {
  return /dolphin|baiji|beaked/.test(words) && !/orca|pilot whale/.test(words)
    ? pen.solid(blob([-360, -350], [-560, -310], [-590, -240], [-520, -200], [-350, -190]), 'body', {
        depth: 0.4
      })
    : ''
}

/** Whales and dolphins: one great arc with the flukes in the air. */
export function whale(model: Model): Anatomy {
  const { pen, girth, words, order, hide } = model
  const kin = `${words},${order}`
  const isSlim = /dolphin|porpoise|orca|baiji|vaquita|pilot whale/.test(kin)
  const top = (isSlim ? -640 : -760) * girth
  const body = blob(
    [-430, -90],
    [-480, -400],
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
  const fin = isSlim
    ? pen.solid(polygon([-150, top + 90], [40, top - 150], [80, top - 130], [90, top + 130]), 'bodyDark', {
        depth: 0.4
      })
    : ''
  const horn = /narwhal/.test(words)
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
    head: snout(model, kin),
    face: {
      x: -290,
      y: -440,
      eye: 58 * model.head,
      apart: 100,
      turn: -0.4,
      mouth: { x: -300, y: -280, width: 150 }
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
