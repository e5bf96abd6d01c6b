import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, polygon } from '../svg.ts'

/** Whales, dolphins, seals: one great arc with the flukes in the air. */
export function whale(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const seal = /seal|sea lion|walrus|manatee|dugong|sea cow/.test(words)
  const top = -760 * girth
  const body = blob(
    [-430, -90],
    [-470, -420],
    [-260, top],
    [60, top + 60],
    [230, -430],
    [330, -560],
    [400, -520],
    [330, -210],
    [120, -10],
    [-260, 0]
  )
  const fluke = seal
    ? pen.solid(blob([330, -590], [440, -720], [500, -640], [400, -500]), 'bodyDark') +
      pen.solid(blob([330, -560], [260, -730], [330, -760], [390, -600]), 'bodyDark')
    : pen.solid(
        blob(
          [340, -570],
          [230, -760],
          [120, -800],
          [200, -880],
          [350, -760],
          [380, -760],
          [490, -890],
          [560, -800],
          [470, -700],
          [400, -540]
        ),
        'bodyDark'
      )
  const belly = blob([-440, -60], [-440, -250], [-150, -190], [150, -130], [140, 10], [-250, 20])
  const grooves = seal
    ? ''
    : repeat(6, (index) =>
        pen.line(curve([-420 + index * 30, -210 + index * 14], [-380 + index * 50, -20]), 'body', 7)
      )
  const spout =
    seal || /dolphin|porpoise|narwhal|beluga/.test(words)
      ? ''
      : pen.line(curve([-150, top - 10], [-150, top - 130], [-230, top - 170]), 'accent', 20) +
        pen.line(curve([-150, top - 10], [-150, top - 130], [-70, top - 170]), 'accent', 20) +
        pen.line(curve([-150, top], [-150, top - 190]), 'accent', 20)
  const fin = /dolphin|porpoise|orca|killer/.test(words)
    ? pen.solid(blob([20, top + 60], [130, top - 130], [170, top + 110]), 'bodyDark')
    : ''
  const horn = /narwhal/.test(words)
    ? pen.solid(polygon([-290, top + 90], [-250, top + 60], [-400, -1000]), 'paper')
    : ''
  const whiskers = seal
    ? both((side) =>
        each([0, 1], (row) =>
          pen.line(curve([-300 + side * 46, -330 + row * 24], [-300 + side * 150, -350 + row * 50]), 'ink', 5)
        )
      ) + pen.flat(blob([-330, -370], [-270, -370], [-300, -330]), 'ink')
    : ''
  return {
    behind: fluke + spout + fin + horn,
    body: pen.solid(body, 'body', {
      depth: 1.4,
      inside: hide(-460, top, 760, 380) + pen.flat(belly, 'bodyLight') + grooves
    }),
    torso: { d: body, x: -200, y: -400, width: 420, height: 380 },
    head: whiskers,
    front: pen.solid(blob([-90, -240], [40, -260], [110, -30], [10, -10], [-80, -110]), 'bodyDark', {
      depth: 0.6
    }),
    face: { x: -290, y: -440, eye: 58 * model.head, apart: 110, mouth: { x: -300, y: -290, width: 130 } },
    crown: { x: -230, y: top + 50, width: 240 },
    neck: { x: -20, y: -330, width: 0 },
    hands: [
      [60, -130],
      [60, -130]
    ]
  }
}
