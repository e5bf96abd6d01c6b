import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { curve, ellipse, path, polar, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { earth } from './earth.ts'

/** The outline of a conifer: tiers of boughs that droop. */
const FIR = path`
  M0 -1080
  Q70 -900 230 -800Q190 -780 130 -790
  Q220 -640 370 -560Q310 -530 220 -540
  Q320 -390 470 -310Q420 -280 330 -290
  Q200 -250 0 -270
  Q-200 -250 -330 -290
  Q-420 -280 -470 -310
  Q-320 -390 -220 -540Q-310 -530 -370 -560
  Q-220 -640 -130 -790Q-190 -780 -230 -800
  Q-70 -900 0 -1080Z
`

/** Needles on the boughs, and cones that hang from them. */
const needles = ({ pen }: Model): string =>
  pen.line(
    each(
      [
        [-140, -800],
        [-60, -860],
        [70, -850],
        [150, -800],
        [-300, -570],
        [300, -570],
        [-380, -330],
        [-260, -310],
        [-130, -300],
        [0, -300],
        [130, -300],
        [260, -310],
        [380, -330]
      ],
      ([x, y]) => path`M${x - 22} ${y - 44}L${x} ${y}L${x + 22} ${y - 44}M${x} ${y}V${y - 60}`
    ),
    'bodyDark',
    11
  )

const cones = ({ pen }: Model): string =>
  each(
    [
      [-420, -270],
      [420, -270],
      [-330, -520],
      [330, -520],
      [-190, -770],
      [190, -770]
    ],
    ([x, y]) =>
      pen.solid(ellipse(x, y, 44, 70), 'accent', {
        depth: 0.4,
        inside: pen.line(
          each([-34, 0, 34], (dy) => path`M${x - 44} ${y + dy}q22 24 44 0q22 24 44 0`),
          'accentDark',
          10
        )
      })
  )

/** The leaves of a ginkgo: fans with a notch, all around the crown. */
function fans({ pen }: Model): string {
  const tones = ['', '']
  let veins = ''
  for (let index = 0; index < 13; index += 1) {
    const turn = index * 27.7
    const [x, y] = polar(0, -710, 300, turn)
    const [ax, ay] = polar(x, y, 190, turn - 46)
    const [bx, by] = polar(x, y, 190, turn + 46)
    const [cx, cy] = polar(x, y, 230, turn - 16)
    const [dx, dy] = polar(x, y, 230, turn + 16)
    const [nx, ny] = polar(x, y, 130, turn)
    tones[index % 2] += path`M${x} ${y}L${ax} ${ay}Q${cx} ${cy} ${nx} ${ny}Q${dx} ${dy} ${bx} ${by}Z`
    veins += path`M${x} ${y}L${(ax + nx) / 2} ${(ay + ny) / 2}M${x} ${y}L${(bx + nx) / 2} ${(by + ny) / 2}`
  }
  return (
    pen.solid(tones[0]!, 'bodyDark', { depth: 0.3 }) +
    pen.solid(tones[1]!, 'body', { depth: 0.3 }) +
    pen.line(veins, 'bodyLight', 8)
  )
}

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
  if (!/apple|pomegranate|cacao|olive|\boak|ginkgo|magnolia/.test(words)) return ''
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

/** A trunk in its mound of earth. */
function trunk(model: Model): string {
  const { pen, words } = model
  const isStout = /baobab|sequoia|boojum/.test(words)
  const spine: Point[] = [
    [0, -560],
    [-20, -240],
    [0, 0]
  ]
  const bark = /birch/.test(words)
    ? pen.line(
        each(
          [-340, -250, -150, -70],
          (y, index) => path`M${-60 + (index % 2) * 50} ${y}h${60 + (index % 2) * 10}`
        ),
        'ink',
        20
      )
    : pen.line(
        repeat(4, (index) => curve([-60, -330 + index * 80], [0, -320 + index * 80])),
        'clothDark',
        9
      )
  const widths = isStout ? [250, 330, 400] : [110, 120, 200]
  const wood = pen.solid(ribbon(spine, widths), /birch/.test(words) ? 'paper' : 'cloth', {
    depth: 0.8,
    inside: bark
  })
  return wood + earth(model, isStout ? 290 : 190)
}

/** Trees: a trunk and a crown with the face in it. */
export function tree(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const pointed = /pine|fir\b|spruce|cedar|conifer|cypress|sequoia|redwood|monkey puzzle/.test(words)
  const isGinkgo = /ginkgo/.test(words)
  const crown = isGinkgo ? ellipse(0, -710, 330) : pointed ? FIR : leafyCrown(girth)
  return {
    behind: /willow/.test(words) ? hanging(model) : '',
    body:
      (/mangrove|banyan/.test(words) ? stilts(model) : '') +
      trunk(model) +
      (isGinkgo ? fans(model) : '') +
      pen.solid(crown, 'body', {
        depth: 1.4,
        inside: hide(-300, -960, 600, 600) + (pointed ? needles(model) : '')
      }) +
      (pointed ? cones(model) : fruits(model)),
    head: '',
    face: {
      x: 0,
      y: pointed ? -530 : -710,
      eye: 62 * model.head,
      apart: 104,
      mouth: { x: 0, y: pointed ? -410 : -590, width: 116 },
      ...(pointed && { top: -720 })
    },
    crown: { x: 0, y: pointed ? -990 : -930, width: pointed ? 120 : 240 },
    neck: { x: 0, y: pointed ? -270 : -350, width: 140 },
    shoulders: pair(70, pointed ? -260 : -300),
    hands: pair(250, -300),
    raise: 20,
    arm: 40
  }
}
