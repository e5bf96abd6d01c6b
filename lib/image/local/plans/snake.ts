import type { Anatomy, Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { blob, curve, ellipse, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'

/** Snakes and eels: three coils, an S of a neck, a forked tongue. */
export function snake(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const radius = 124 * model.head
  const eel = /eel|lamprey|hagfish|caecilian/.test(words)
  const coils = each([0, 1, 2], (index) =>
    pen.solid(ellipse(0, -70 - index * 96, 360 - index * 62, 86), index % 2 === 0 ? 'body' : 'bodyDark', {
      depth: 0.8,
      inside: hide(-360, -150 - index * 96, 720, 150)
    })
  )
  const spine: Point[] = [
    [-20, -270],
    [120, -330],
    [180, -410],
    [150, -510],
    [40, -610],
    [-60, -700],
    [-60, -780],
    [0, -860]
  ]
  const neck = ribbon(
    spine,
    [190, 184, 176, 166, 156, 146, 136, 124].map((width) => width * girth)
  )
  const hood = /cobra/.test(words)
    ? pen.solid(
        blob([-90, -940], [90, -940], [250, -720], [60, -520], [-190, -640], [-250, -800]),
        'bodyDark',
        { depth: 0.6 }
      )
    : ''
  const rattle = /rattle/.test(words)
    ? each([0, 1, 2], (index) =>
        pen.solid(ellipse(400 + index * 26, -150 - index * 52, 34 - index * 6), 'accent')
      )
    : pen.limb(curve([340, -80], [450, -90], [440, -220]), 'body', 44)
  const fin = eel
    ? pen.solid(
        ribbon(
          [
            [-40, -640],
            [170, -500],
            [120, -350]
          ],
          [20, 90, 30]
        ),
        'bodyDark',
        { depth: 0.4 }
      )
    : ''
  return {
    behind: rattle + hood + fin,
    // The neck rises from behind the upper coil.
    body: pen.solid(neck, 'body', { inside: hide(-200, -860, 460, 540) }) + coils,
    torso: { d: neck, x: -120, y: -640, width: 360, height: 260 },
    head:
      (eel ? '' : pen.line(`M0 ${-880 + radius * 0.7}v90l-30 44m30 -44l30 44`, 'accentDark', 12)) +
      pen.solid(
        blob(
          [-radius, -960],
          [radius, -960],
          [radius * 1.2, -850],
          [radius * 0.6, -770],
          [-radius * 0.6, -770],
          [-radius * 1.2, -850]
        ),
        'body'
      ),
    face: { x: 0, y: -894, eye: radius * 0.34, apart: radius * 0.54, mouth: { x: 0, y: -806, width: 88 } },
    crown: { x: 0, y: -950, width: radius * 1.5 },
    neck: { x: -74, y: -716, width: 160 * girth },
    hands: [
      [-130, -560],
      [450, -230]
    ]
  }
}
