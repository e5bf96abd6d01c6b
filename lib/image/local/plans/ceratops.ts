import type { Anatomy, Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { blob, clockwiseRibbon, curve, ellipse, group, n, path, polygon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { reptileHead } from './reptile-head.ts'
import type { ReptileHead } from './reptile-head.ts'

/** Measures of a heavy dinosaur. Points are from the head on along the back, then along the belly. */
interface HeavyBuild {
  head: Omit<ReptileHead, 'snout'>
  body: readonly Point[]
  tail: readonly Point[]
  tailWidths: readonly number[]
  neckWidth: number
  /** Where legs begin, and how thick they are. */
  hip: number
  leg: number
  /** The x of the four legs: the far ones, then the near one. */
  far: readonly [number, number]
  near: number
}

/** Horned dinosaurs carry their head high, before a round body. */
const HORNED: HeavyBuild = {
  head: { x: -320, y: -560, radius: 148 },
  body: [
    [-330, -300],
    [-270, -460],
    [-40, -570],
    [210, -540],
    [390, -360],
    [270, -150],
    [-210, -140]
  ],
  tail: [
    [250, -400],
    [430, -260],
    [560, -210],
    [640, -300]
  ],
  tailWidths: [230, 140, 70, 20],
  neckWidth: 210,
  hip: -280,
  leg: 124,
  far: [-90, 290],
  near: 200
}

/** Stegosaurs are highest at the hips, and their head is low. */
const PLATED: HeavyBuild = {
  head: { x: -390, y: -430, radius: 126 },
  body: [
    [-310, -270],
    [-290, -400],
    [-120, -560],
    [120, -730],
    [320, -640],
    [400, -400],
    [290, -200],
    [40, -150],
    [-200, -160]
  ],
  tail: [
    [260, -480],
    [430, -400],
    [550, -350],
    [640, -390]
  ],
  tailWidths: [250, 160, 80, 26],
  neckWidth: 170,
  hip: -300,
  leg: 116,
  far: [-120, 280],
  near: 180
}

/** Ankylosaurs are low and broad, on short legs. */
const ARMOURED: HeavyBuild = {
  head: { x: -370, y: -530, radius: 148 },
  body: [
    [-390, -200],
    [-350, -460],
    [-140, -590],
    [110, -610],
    [300, -540],
    [380, -310],
    [290, -120],
    [-20, -100],
    [-290, -110]
  ],
  tail: [
    [270, -320],
    [390, -290],
    [440, -380],
    [424, -480]
  ],
  tailWidths: [220, 120, 70, 56],
  neckWidth: 230,
  hip: -240,
  leg: 130,
  far: [-130, 280],
  near: 200
}

const buildOf = (words: string): HeavyBuild =>
  /stego|kentro|plated/.test(words) ? PLATED : /ankylo|nodosaur|tank/.test(words) ? ARMOURED : HORNED

/** Where plates stand on a back, how high they are, and the degrees that they lean. */
const PLATES: ReadonlyArray<readonly [x: number, y: number, size: number, lean: number]> = [
  [-250, -430, 46, -34],
  [-180, -490, 64, -30],
  [-90, -550, 84, -24],
  [20, -610, 104, -16],
  [140, -640, 116, -4],
  [250, -600, 104, 12],
  [335, -500, 84, 26],
  [425, -465, 62, 30],
  [500, -420, 42, 26]
]

/** Two rows of plates; on a kentrosaur spikes from the hips on. */
function plates({ pen, words }: Model): string {
  const spikesFrom = /kentro/.test(words) ? 4 : PLATES.length
  const row = (far: boolean) =>
    each(PLATES, ([x, y, size, lean], index) => {
      if ((index % 2 === 0) !== far) return ''
      const d =
        index < spikesFrom
          ? path`M${-size * 0.5} ${size * 0.6}Q${-size} ${-size * 0.6} 0 ${-size * 1.9}
            Q${size} ${-size * 0.6} ${size * 0.5} ${size * 0.6}Z`
          : polygon([-26, 60], [0, -150 - size * 0.5], [26, 60])
      const role = index < spikesFrom ? (far ? 'accentDark' : 'accent') : 'paper'
      return group(pen.solid(d, role, { depth: 0.4 }), `translate(${n(x)} ${n(y)}) rotate(${lean})`)
    })
  return row(true) + row(false)
}

/** The spikes at the end of a stegosaur's tail. */
const tailSpikes = ({ pen }: Model): string =>
  each(
    [
      [550, 10],
      [605, 70]
    ],
    ([x, reach]) =>
      pen.solid(polygon([x - 30, -360], [x + reach, -570], [x + 30, -370]), 'paper', { depth: 0.3 })
  )

/** Bony knobs along the outline of an armoured back, and the club of its tail. */
const knobs = ({ pen }: Model): string =>
  each(
    [
      [-230, -520],
      [-110, -570],
      [20, -592],
      [150, -580],
      [250, -545],
      [330, -450]
    ],
    ([x, y]) =>
      pen.solid(polygon([x - 50, y + 60], [x + 26, y - 50], [x + 60, y + 60]), 'paper', { depth: 0.3 })
  )

const club = ({ pen }: Model): string =>
  pen.solid(ellipse(372, -560, 62, 80, -50), 'accentDark', { depth: 0.6 }) +
  pen.solid(ellipse(424, -584, 66, 80, 14), 'accent', { depth: 0.7 })

/** The shield of an armoured back: rows of bony plates, and spikes where it ends. */
function shield({ pen }: Model): string {
  const edge = [-280, -160, -40, 80, 200, 320]
  return (
    pen.flat(
      blob([-420, -310], [-360, -550], [-140, -640], [110, -660], [340, -580], [420, -300], [0, -290]),
      'accent'
    ) +
    each([0, 1], (row) =>
      each(edge, (x) => pen.flat(ellipse(x + 50 - row * 60, -510 + row * 80, 34, 22), 'accentDark'))
    ) +
    each(edge, (x) => pen.flat(polygon([x - 34, -310], [x + 20, -220], [x + 40, -310]), 'paper'))
  )
}

/** The frill and the horns of a horned dinosaur. */
function frill({ pen, words }: Model, { x, y, radius }: ReptileHead): { behind: string; front: string } {
  if (!/triceratops|styraco|protoceratops|horned|frilled/.test(words)) return { behind: '', front: '' }
  const at = (dx: number, dy: number): Point => [x + dx * radius, y + dy * radius]
  const horn = (dx: number, dy: number, long: number) =>
    pen.solid(
      polygon(at(dx - 0.2, dy), at(dx - 0.2 - long * 0.24, dy - long), at(dx + 0.2, dy - 0.06)),
      'paper',
      { depth: 0.4 }
    )
  return {
    behind: pen.solid(
      blob(
        at(-0.9, -0.5),
        at(-0.5, -1.8),
        at(0.7, -2),
        at(1.9, -1.3),
        at(2.1, 0.1),
        at(1.3, 1.1),
        at(0.4, 0.9)
      ),
      'accent',
      {
        depth: 0.6,
        inside: each(
          [
            [-0.2, -1.5],
            [0.7, -1.6],
            [1.5, -1],
            [1.7, -0.1],
            [1.3, 0.7]
          ],
          ([dx, dy]) => pen.flat(ellipse(...at(dx, dy), radius * 0.16), 'accentDark')
        )
      }
    ),
    front:
      (/protoceratops/.test(words) ? '' : horn(-0.6, -0.74, 1.1) + horn(0.5, -0.84, 1.2)) +
      horn(-1.1, 0.16, 0.5)
  }
}

/** Heavy dinosaurs on four legs: plates, armour, or a frill with horns. */
export function ceratops(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const build = buildOf(words)
  const { hip, leg, neckWidth } = build
  const head: ReptileHead = { ...build.head, radius: build.head.radius * model.head, snout: 1.1 }
  const wide = build.body.reduce((most, [x]) => Math.max(most, x), 0)
  const body = blob(...build.body.map(([x, y]): Point => [x === wide ? x * girth : x, y]))
  const { behind, front } = frill(model, head)
  const { drawn, face, crown } = reptileHead(model, head)
  const pillar = (x: number, role: 'body' | 'bodyDark') =>
    pen.limb(curve([x, hip], [x, -60]), role, leg * girth) +
    each([-36, 0, 36], (dx) => pen.flat(ellipse(x + dx - 4, -14, 16, 14), 'paper'))
  const tail = clockwiseRibbon(
    build.tail,
    build.tailWidths.map((width, index) => (index === 0 ? width * girth : width))
  )
  const neck = clockwiseRibbon(
    [
      [-190, Math.min(-300, head.y + 160)],
      [(head.x - 180) / 2, (head.y + Math.min(-300, head.y + 160)) / 2 + 16],
      [head.x + 30, head.y + 40]
    ],
    [neckWidth * girth * 1.04, neckWidth * girth, Math.min(neckWidth * girth, head.radius * 1.3)]
  )
  const back = build === PLATED ? plates(model) : build === ARMOURED ? knobs(model) : ''
  const end = build === PLATED ? tailSpikes(model) : build === ARMOURED ? club(model) : ''
  return {
    behind: end + back + pillar(build.far[0], 'bodyDark') + pillar(build.far[1], 'bodyDark'),
    body:
      pillar(build.near, 'body') +
      pen.merged([body, neck, tail], 'body', {
        depth: 1.1,
        inside:
          pen.within(
            body,
            pen.flat(ellipse(0, build === ARMOURED ? -100 : -140, 320, 90), 'bodyLight') +
              hide(-270, -560, 640, 300)
          ) + (build === ARMOURED ? shield(model) : '')
      }),
    torso: { d: body, x: -90, y: -590, width: 360, height: 370, isBack: true },
    head: behind + drawn + front,
    face,
    crown,
    neck: { x: head.x + 90, y: head.y + 140, width: 230 * girth },
    shoulders: [
      [-250, -300],
      [60, -300]
    ],
    hands: [
      [-400, -260],
      [200, -100]
    ],
    arm: 96 * girth,
    holds: 0
  }
}
