import { nameOf, pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { blob, ellipse, path } from '../svg.ts'
import { CUPS, cupFungus } from './cup-fungus.ts'

/** Mushrooms, cups, lichens: a cap on a stem. */
export function mushroom(model: Model): Anatomy {
  if (CUPS.test(nameOf(model))) return cupFungus(model)
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
    : `M${-half} -590C${-half} -1140 ${half} -1140 ${half} -590Q0 -510 ${-half} -590Z`
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
    [-190 * girth, -640],
    [190 * girth, -640],
    [196 * girth, -290],
    [250 * girth, -10],
    [-250 * girth, -10],
    [-196 * girth, -290]
  )
  return {
    behind: '',
    body:
      pen.solid(stem, 'bodyLight', { depth: 0.9 }) +
      pen.solid(
        path`
          M${-half * 0.8} -590
          Q0 -520 ${half * 0.8} -590
          Q${half * 0.4} -490 0 -490
          Q${-half * 0.4} -490 ${-half * 0.8} -590Z
        `,
        'paper',
        { depth: 0 }
      ) +
      pen.solid(cap, 'body', { depth: 1.4, inside: spots + hide(-half, -960, half * 2, 200) }),
    torso: { d: stem, x: -200 * girth, y: -230, width: 400 * girth, height: 220 },
    head: '',
    face: puff
      ? { x: 0, y: -740, eye: 62 * model.head, apart: 104, mouth: { x: 0, y: -620, width: 110 } }
      : {
          x: 0,
          y: -376,
          eye: 57 * model.head,
          apart: 86,
          top: -500,
          mouth: { x: 0, y: -264, width: 104 }
        },
    crown: { x: 0, y: -960, width: half * 0.8 },
    neck: { x: 0, y: -206, width: 390 * girth },
    shoulders: pair(184 * girth, -220),
    hands: pair(300, -150),
    arm: 44
  }
}
