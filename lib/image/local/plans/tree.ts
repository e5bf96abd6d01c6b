import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, polar, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'

/** The outline of a conifer. */
const FIR = polygon(
  [0, -1040],
  [150, -820],
  [90, -820],
  [230, -590],
  [150, -590],
  [310, -320],
  [-310, -320],
  [-150, -590],
  [-230, -590],
  [-90, -820],
  [-150, -820]
)

function leafyCrown(girth: number): string {
  return blob(
    [-160, -960],
    [160, -960],
    [330 * girth, -760],
    [330 * girth, -520],
    [130, -380],
    [-130, -380],
    [-330 * girth, -520],
    [-330 * girth, -760]
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
    behind: palm ? fronds(model) : '',
    body: trunk(model) + pen.solid(crown, 'body', { depth: 1.4, inside: hide(-300, -960, 600, 600) }),
    head: '',
    face: {
      x: 0,
      y: pointed ? -600 : -710,
      eye: 62 * model.head,
      apart: 104,
      mouth: { x: 0, y: pointed ? -480 : -590, width: 116 }
    },
    crown: { x: 0, y: pointed ? -990 : -930, width: pointed ? 120 : 240 },
    neck: { x: 0, y: -350, width: 140 },
    shoulders: pair(70, -300),
    hands: pair(250, -300),
    arm: 40
  }
}
