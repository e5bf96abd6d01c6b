import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { around, blob, curve, ellipse, polar, polygon, ribbon } from '../svg.ts'
import { anyOf } from '../words.ts'

function leaf({ pen }: Model, x: number, y: number, side: number, length: number): string {
  return pen.solid(
    blob(
      [x, y],
      [x + side * length * 0.5, y - length * 0.42],
      [x + side * length, y - length * 0.3],
      [x + side * length * 0.55, y + length * 0.1]
    ),
    'accent',
    {
      depth: 0.6,
      inside: pen.line(curve([x, y], [x + side * length * 0.9, y - length * 0.27]), 'accentDark', 9)
    }
  )
}

const TREES = anyOf(
  /tree|pine|palm|oak|birch|baobab|maple|conifer|cypress|sequoia/,
  /willow|ginkgo|redwood|fir\b|spruce|cedar|mangrove|bamboo/
)

const STOUT_PLANTS = anyOf(
  /cact|saguaro|prickly|peyote|aloe|succulent|pineapple|pumpkin|carrot|beet|radish/,
  /aubergine|artichoke|cauliflower|garlic|maize|pepper|strawberr|pomegranate|apple/
)

const BELL_FLOWERS = anyOf(
  /foxglove|bluebell|snapdragon|pitcher|cobra|fritillary/,
  /fuchsia|arum|orchid|tulip|flytrap|monkshood/
)

/** Flowers and herbs: a stem, two leaves for arms, a face in the bloom; trees and cacti: a face in the crown. */
export function plant(model: Model): Anatomy {
  const { pen, girth, words, random, hide } = model
  if (TREES.test(words)) {
    const pointed = /pine|fir\b|spruce|cedar|conifer|cypress|sequoia|redwood|monkey puzzle/.test(words)
    const palm = /palm|fern|cycad|dragon tree|banana/.test(words)
    const crown = pointed
      ? polygon(
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
      : blob(
          [-160, -960],
          [160, -960],
          [330 * girth, -760],
          [330 * girth, -520],
          [130, -380],
          [-130, -380],
          [-330 * girth, -520],
          [-330 * girth, -760]
        )
    const fronds = palm
      ? each([-70, -40, -14, 14, 40, 70], (turn) =>
          pen.solid(
            ribbon(
              [[0, -780], polar(0, -780, 260, turn * 1.2), polar(0, -640, 470, turn * 1.5)],
              [40, 110, 16]
            ),
            'bodyDark',
            { depth: 0.5 }
          )
        )
      : ''
    return {
      behind: fronds,
      body:
        pen.solid(
          ribbon(
            [
              [0, -480],
              [-20, -240],
              [0, 0]
            ],
            [110, 120, 200]
          ),
          'cloth',
          {
            depth: 0.8,
            inside: each([0, 1, 2, 3], (index) =>
              pen.line(curve([-60, -330 + index * 80], [0, -320 + index * 80]), 'clothDark', 9)
            )
          }
        ) +
        pen.solid(palm ? ellipse(0, -720, 210 * model.head) : crown, 'body', {
          depth: 1.4,
          inside: hide(-300, -960, 600, 600)
        }),
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
  if (STOUT_PLANTS.test(words)) {
    const half = 230 * girth
    const trunk = blob(
      [-half * 0.8, -900],
      [half * 0.8, -900],
      [half * 1.06, -520],
      [half * 0.8, -10],
      [-half * 0.8, -10],
      [-half * 1.06, -520]
    )
    const ribs = each([-0.6, -0.3, 0, 0.3, 0.6], (share) =>
      pen.line(
        curve([share * half * 0.7, -900], [share * half * 1.3, -480], [share * half, 0]),
        'bodyDark',
        9
      )
    )
    const tuft = each([-44, -22, 0, 22, 44], (turn) =>
      pen.solid(
        ribbon([[0, -860], polar(0, -870, 130, turn), polar(0, -870, 220, turn * 1.2)], [50, 56, 10]),
        /cact|saguaro|prickly/.test(words) ? 'accent' : 'accentDark',
        { depth: 0.4 }
      )
    )
    return {
      behind: tuft,
      body: pen.solid(trunk, 'body', { depth: 1.2, inside: ribs + hide(-half, -420, half * 2, 380) }),
      torso: { d: trunk, x: -half, y: -440, width: half * 2, height: 420 },
      head: '',
      face: { x: 0, y: -700, eye: 60 * model.head, apart: 98, mouth: { x: 0, y: -580, width: 112 } },
      crown: { x: 0, y: -870, width: half * 1.2 },
      neck: { x: 0, y: -440, width: half * 1.96 },
      shoulders: pair(half * 0.92, -470),
      hands: pair(half + 60, -320),
      arm: 62
    }
  }
  const radius = 176 * model.head
  const petals = random.whole(6, 12)
  const bell = BELL_FLOWERS.test(words)
  const bloom = bell
    ? pen.solid(
        blob(
          [-radius * 0.5, -1030],
          [radius * 0.5, -1030],
          [radius * 1.3, -800],
          [radius * 1.5, -600],
          [0, -560],
          [-radius * 1.5, -600],
          [-radius * 1.3, -800]
        ),
        'cloth',
        { depth: 1.1, inside: hide(-200, -980, 400, 200) }
      )
    : each(around(0, -760, 1, petals), (_, index) =>
        pen.solid(
          ellipse(
            ...polar(0, -760, radius * 1.28, (index * 360) / petals),
            radius * 0.36 * girth,
            radius * 0.66,
            (index * 360) / petals
          ),
          index % 2 === 0 ? 'cloth' : 'clothDark',
          { depth: 0.5 }
        )
      )
  return {
    behind: bloom,
    body:
      pen.limb(curve([0, -620], [26, -320], [0, -20]), 'accent', 66) +
      pen.solid(blob([-150, -30], [150, -30], [110, 0], [-110, 0]), 'accentDark', { depth: 0.4 }),
    head: pen.solid(ellipse(0, -760, radius), 'body'),
    front: leaf(model, -10, -320, -1, 340) + leaf(model, 16, -230, 1, 330),
    face: {
      x: 0,
      y: -780,
      eye: radius * 0.29,
      apart: radius * 0.43,
      mouth: { x: 0, y: -680, width: radius * 0.6 }
    },
    crown: { x: 0, y: -760 - radius * (bell ? 1.3 : 0.9), width: radius * 1.3 },
    neck: { x: 4, y: -560, width: 110 },
    hands: [
      [-280, -420],
      [280, -340]
    ]
  }
}
