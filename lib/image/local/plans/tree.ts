import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { curve, ellipse, path, polar, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'

/** The outline of a conifer. */
const FIR = polygon(
  [0, -1060],
  [200, -800],
  [140, -800],
  [330, -530],
  [250, -530],
  [390, -290],
  [-390, -290],
  [-250, -530],
  [-330, -530],
  [-140, -800],
  [-200, -800]
)

/** A crown of leaves as a cloud of lobes. */
function leafyCrown(girth: number): string {
  const w = 350 * girth
  return path`
    M${-w * 0.5} -430
    Q${-w} -400 ${-w * 0.96} -560
    Q${-w * 1.3} -700 ${-w * 0.86} -810
    Q${-w * 0.7} -1010 ${-w * 0.2} -970
    Q${w * 0.1} -1090 ${w * 0.44} -950
    Q${w * 0.94} -960 ${w * 0.92} -760
    Q${w * 1.26} -620 ${w * 0.9} -500
    Q${w * 0.84} -360 ${w * 0.4} -420
    Q0 -330 ${-w * 0.5} -430Z
  `
}

/** Branches that hang down to both sides. */
const hanging = ({ pen }: Model): string =>
  both((side) =>
    each([0, 1, 2], (index) =>
      pen.solid(
        ribbon(
          [
            [side * (90 + index * 80), -840],
            [side * (260 + index * 70), -640],
            [side * (280 + index * 66), -240 + index * 40]
          ],
          [70, 84, 14]
        ),
        index % 2 === 0 ? 'bodyDark' : 'body',
        { depth: 0.4 }
      )
    )
  )

/** Roots that stand like stilts. */
const stilts = ({ pen }: Model): string =>
  both((side) =>
    each([0, 1], (index) =>
      pen.limb(
        curve([side * 30, -330], [side * (150 + index * 90), -230], [side * (170 + index * 110), -12]),
        'cloth',
        40
      )
    )
  )

/** The fruits of a tree. */
function fruits({ pen, words }: Model): string {
  if (!/apple|pomegranate|cacao|olive|\boak|coconut|ginkgo|magnolia/.test(words)) return ''
  return each(
    [
      [-260, -560],
      [250, -520],
      [-210, -860],
      [230, -820],
      [0, -440]
    ],
    ([x, y]) => pen.solid(ellipse(x, y, 46), 'accent', { depth: 0.4 })
  )
}

function fronds({ pen }: Model): string {
  return each([-70, -40, -14, 14, 40, 70], (turn) => {
    const spine: Point[] = [[0, -780], polar(0, -780, 260, turn * 1.2), polar(0, -640, 470, turn * 1.5)]
    return pen.solid(ribbon(spine, [40, 110, 16]), 'bodyDark', { depth: 0.5 })
  })
}

function trunk({ pen }: Model): string {
  const spine: Point[] = [
    [0, -480],
    [-20, -240],
    [0, 0]
  ]
  const bark = repeat(4, (index) =>
    pen.line(curve([-60, -330 + index * 80], [0, -320 + index * 80]), 'clothDark', 9)
  )
  return pen.solid(ribbon(spine, [110, 120, 200]), 'cloth', { depth: 0.8, inside: bark })
}

/** Trees: a trunk and a crown with the face in it. */
export function tree(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const pointed = /pine|fir\b|spruce|cedar|conifer|cypress|sequoia|redwood|monkey puzzle/.test(words)
  const palm = /palm|fern|cycad|dragon tree|banana/.test(words)
  const crown = palm ? ellipse(0, -720, 210 * model.head) : pointed ? FIR : leafyCrown(girth)
  return {
    behind: palm ? fronds(model) : /willow/.test(words) ? hanging(model) : '',
    body:
      (/mangrove|banyan/.test(words) ? stilts(model) : '') +
      trunk(model) +
      pen.solid(crown, 'body', { depth: 1.4, inside: hide(-300, -960, 600, 600) }) +
      (pointed || palm ? '' : fruits(model)),
    head: '',
    face: {
      x: 0,
      y: pointed ? -570 : -710,
      eye: 62 * model.head,
      apart: 104,
      mouth: { x: 0, y: pointed ? -446 : -590, width: 116 },
      ...(pointed && { top: -760 })
    },
    crown: { x: 0, y: pointed ? -990 : -930, width: pointed ? 120 : 240 },
    neck: { x: 0, y: pointed ? -270 : -350, width: 140 },
    shoulders: pair(70, pointed ? -260 : -300),
    hands: pair(250, -300),
    raise: 20,
    arm: 40
  }
}
