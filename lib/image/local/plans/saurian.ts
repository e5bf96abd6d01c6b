import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'

const PLATED = anyOf(
  /stegosaur|iguana|tuatara|spinosaur|dimetrodon|crested|dragon/,
  /basilisk|newt|kentro|crocod|alligator|caiman|ankylos/
)

/** Lizards, crocodiles, newts, dinosaurs: a heavy tail, strong legs, a snout. */
export function saurian(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const longNeck =
    /sauropod|diplodoc|brachio|apato|plesio|titanosaur|long-neck|brontos|camarasaur|elasmosaur/.test(words)
  const radius = (longNeck ? 100 : 136) * model.head
  const half = 190 * girth
  const headX = longNeck ? -180 : -40
  const headY = -1000 + radius * 0.9
  const shoulderY = longNeck ? -560 : headY + radius * 1.2
  const body = longNeck
    ? blob(
        [-half, -470],
        [-half * 0.2, -600],
        [half * 0.8, -520],
        [half * 1.3, -300],
        [half * 0.6, -150],
        [-half * 0.7, -150],
        [-half * 1.3, -290]
      )
    : blob(
        [-half * 0.6, shoulderY - 20],
        [half * 0.5, shoulderY - 20],
        [half * 1.06, -400],
        [half * 1.1, -160],
        [half * 0.3, -90],
        [-half * 0.6, -90],
        [-half * 1.04, -180],
        [-half * 0.96, -430]
      )
  const neck = ribbon(
    [
      [-half * 0.2, -480],
      [-half * 0.9, -640],
      [headX + 40, -800],
      [headX, headY]
    ],
    longNeck ? [240 * girth, 150, 116, 104] : [200, 190, 170, 150]
  )
  const tail = ribbon(
    [
      [half * 0.4, -190],
      [300, -120],
      [430, -60],
      [470, -180],
      [420, -260]
    ],
    [190 * girth, 130, 84, 50, 16]
  )
  const plates = PLATED.test(words)
    ? each(
        [
          [60, -720],
          [150, -610],
          [210, -490],
          [250, -370],
          [330, -250]
        ],
        ([x, y], index) =>
          pen.solid(
            polygon([x - 60, y + 50], [x + 70, y - 70 + index * 8], [x + 40, y + 90]),
            index % 2 === 0 ? 'accent' : 'accentDark',
            { depth: 0.4 }
          )
      )
    : ''
  const frill = /ceratops|horned|frilled|styraco|protoceratops/.test(words)
    ? pen.solid(
        blob(
          ...Array.from({ length: 9 }, (_, index): Point => [
            headX + Math.sin((index - 4) * 0.38) * radius * 1.9,
            headY - radius * 0.1 - Math.cos((index - 4) * 0.38) * radius * 1.7
          ])
        ),
        'accent',
        { depth: 0.6 }
      ) +
      both((side) =>
        pen.solid(
          polygon(
            [headX + side * radius * 0.3, headY - radius * 0.6],
            [headX + side * radius * 0.7, headY - radius * 0.6],
            [headX + side * radius * 0.9, headY - radius * 1.7]
          ),
          'paper'
        )
      )
    : /parasauro|lambeo|hadros|crest|cassowary|dilopho/.test(words)
      ? pen.solid(
          ribbon(
            [
              [headX, headY - radius * 0.6],
              [headX + radius, headY - radius * 1.3],
              [headX + radius * 1.9, headY - radius * 1.2]
            ],
            [80, 64, 34]
          ),
          'accent'
        )
      : ''
  const leg = (x: number) =>
    pen.limb(curve([x, -210], [x - 20, -50]), 'body', 118 * girth) +
    pen.solid(blob([x - 90, -50], [x + 60, -50], [x + 70, 0], [x - 120, 0]), 'bodyDark', { depth: 0.4 })
  const snout = /crocod|alligator|caiman|gharial|spino|monitor|suchus/.test(words) ? 1.25 : 0.9
  const head = blob(
    [headX - radius * 0.9, headY - radius * 0.7],
    [headX + radius * 0.9, headY - radius * 0.7],
    [headX + radius * 1.04, headY + radius * 0.1],
    [headX + radius * 0.66, headY + radius * snout],
    [headX - radius * 0.66, headY + radius * snout],
    [headX - radius * 1.04, headY + radius * 0.1]
  )
  const nostrils = both((side) =>
    pen.flat(ellipse(headX + side * radius * 0.22, headY + radius * 0.34, radius * 0.07), 'ink')
  )
  return {
    behind: plates + pen.solid(tail, 'bodyDark', { depth: 0.7, inside: hide(100, -300, 400, 300) }) + frill,
    body:
      leg(longNeck ? -120 : -100) +
      leg(longNeck ? 170 : 130) +
      (longNeck || /theropod|raptor|tyranno/.test(words) ? pen.solid(neck, 'body', { depth: 0.6 }) : '') +
      pen.solid(body, 'body', {
        inside:
          pen.flat(ellipse(-40, -270, half * 0.62, 190), 'bodyLight') +
          hide(-half, shoulderY, half * 2.1, 260)
      }),
    torso: { d: body, x: -half, y: shoulderY, width: half * 2.05, height: -100 - shoulderY },
    head: pen.solid(head, 'body') + nostrils,
    face: {
      x: headX,
      y: headY - radius * 0.24,
      eye: radius * 0.29,
      apart: radius * 0.5,
      mouth: { x: headX, y: headY + radius * 0.62, width: radius * 0.7 }
    },
    crown: { x: headX, y: headY - radius * 0.62, width: radius * 1.4 },
    neck: longNeck ? { x: -140, y: -700, width: 150 } : { x: -20, y: shoulderY + 10, width: half * 1.2 },
    shoulders: [
      [-half * 0.76, longNeck ? -440 : shoulderY + 110],
      [half * 0.6, longNeck ? -440 : shoulderY + 110]
    ],
    hands: pair(half, -330),
    arm: 58 * girth
  }
}
