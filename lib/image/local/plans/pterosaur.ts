import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse, polygon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { birdHead } from './plumage.ts'

/** A wing of skin, from the shoulder to the long finger and down to the hip. */
function skinWing({ pen, hide }: Model, side: number): string {
  const shape = polygon(
    [side * 90, -640],
    [side * 300, -800],
    [side * 520, -640],
    [side * 470, -420],
    [side * 380, -470],
    [side * 320, -300],
    [side * 220, -370],
    [side * 90, -250]
  )
  const finger = (x: number, y: number) => pen.line(curve([side * 290, -780], [side * x, y]), 'body', 12)
  return (
    pen.solid(shape, 'bodyDark', {
      depth: 0.6,
      inside: hide(side > 0 ? 100 : -500, -720, 400, 300) + finger(380, -480) + finger(220, -380)
    }) + pen.limb(curve([side * 80, -630], [side * 200, -780], [side * 310, -800]), 'body', 46)
  )
}

/** Flying reptiles: wings of skin, a long beak, a crest. */
export function pterosaur(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const radius = 136 * model.head
  const [x, y] = [-20, -1000 + radius + 60]
  const half = 150 * girth
  const at = (dx: number, dy: number): Point => [x + dx * radius, y + dy * radius]
  const isShort = /anurognathus|dimorphodon/.test(words)
  const body = blob(
    [-half * 0.7, -740],
    [half * 0.7, -740],
    [half * 1.1, -480],
    [half * 0.5, -150],
    [-half * 0.5, -150],
    [-half * 1.1, -480]
  )
  const crest = isShort
    ? ''
    : pen.solid(
        /tupandactylus|sail/.test(words)
          ? blob(at(-0.8, -0.6), at(-0.5, -2), at(0.6, -2.1), at(1.3, -1), at(0.7, -0.2))
          : polygon(at(-0.3, -0.7), at(1.9, -1.3), at(0.8, 0.3)),
        'accent',
        { depth: 0.4 }
      )
  const leg = (side: number) =>
    pen.limb(curve([side * 66, -220], [side * 90, -110], [side * 70, -30]), 'body', 46) +
    each([-40, 0, 40], (dx) => pen.limb(curve([side * 70, -30], [side * 70 + dx, -8]), 'bodyDark', 20))
  const { drawn, face, crown } = birdHead(model, { x, y, radius }, isShort ? 'puffin' : 'giant')
  return {
    behind: both((side) => skinWing(model, side)) + both(leg),
    body:
      pen.limb(curve([x, y], [0, -640]), 'body', radius * 1.1) +
      pen.solid(body, 'body', {
        inside: pen.flat(ellipse(0, -400, half * 0.66, 230), 'bodyLight') + hide(-half, -600, half * 2, 300)
      }),
    torso: { d: body, x: -half, y: -700, width: half * 2, height: 540 },
    head: crest + drawn,
    face,
    crown,
    neck: { x: 0, y: -690, width: half * 1.2 },
    shoulders: pair(half * 0.7, -600),
    hands: pair(half, -330),
    arm: 46 * girth
  }
}
