import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { blob, ellipse } from '../svg.ts'

/** Mushrooms, cups, lichens: a cap on a stem. */
export function mushroom(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const half = 370 * girth
  const puff = /puffball|truffle|earthstar|lichen|yeast|mould|morel|coral|jelly/.test(words)
  const cap = puff
    ? blob(
        [-half * 0.6, -1000],
        [half * 0.6, -1000],
        [half * 0.92, -720],
        [half * 0.5, -480],
        [-half * 0.5, -480],
        [-half * 0.92, -720]
      )
    : `M${-half} -590C${-half} -1140 ${half} -1140 ${half} -590Q0 -470 ${-half} -590Z`
  const spots =
    /fly agaric|amanita|parasol/.test(words) || !puff
      ? each(
          [
            [-200, -700, 52],
            [-60, -850, 64],
            [130, -720, 70],
            [250, -640, 36],
            [-300, -610, 34],
            [60, -620, 34]
          ],
          ([x, y, size]) => pen.flat(ellipse(x, y, size, size * 0.84), 'bodyLight')
        )
      : ''
  const stem = blob(
    [-120 * girth, -600],
    [120 * girth, -600],
    [150 * girth, -260],
    [190 * girth, -10],
    [-190 * girth, -10],
    [-150 * girth, -260]
  )
  return {
    behind: '',
    body:
      pen.solid(stem, 'paper', { depth: 0.9 }) +
      pen.solid(
        `M${-half * 0.5} -560Q0 -480 ${half * 0.5} -560L${120 * girth} -480Q0 -440 ${-120 * girth} -480Z`,
        'bodyLight',
        { depth: 0 }
      ) +
      pen.solid(cap, 'body', { depth: 1.4, inside: spots + hide(-half, -960, half * 2, 200) }),
    torso: { d: stem, x: -150 * girth, y: -260, width: 300 * girth, height: 250 },
    head: '',
    face: puff
      ? { x: 0, y: -740, eye: 62 * model.head, apart: 104, mouth: { x: 0, y: -620, width: 110 } }
      : { x: 0, y: -390, eye: 52 * model.head, apart: 66, mouth: { x: 0, y: -300, width: 84 } },
    crown: { x: 0, y: -960, width: half * 0.8 },
    neck: { x: 0, y: -236, width: 290 * girth },
    shoulders: pair(140 * girth, -230),
    hands: pair(260, -160),
    arm: 44
  }
}
