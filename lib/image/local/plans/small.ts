import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { around, blob, curve, ellipse, polar, polygon, ribbon, star } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'

/** Microbes: a cell with its lashes and organs; diatoms and viruses are of plain geometry. */
export function microbe(model: Model): Anatomy {
  const { pen, girth, words, random, hide } = model
  const centre = -520
  if (/phage|virus/.test(words)) {
    const head = polygon(
      ...[0, 60, 120, 180, 240, 300].map((turn): Point => polar(0, -690, 300 * girth, turn))
    )
    return {
      behind: both((side) =>
        each([0, 1], (index) =>
          pen.limb(
            curve(
              [side * 40, -190],
              [side * (190 + index * 130), -330 + index * 60],
              [side * (230 + index * 160), -10]
            ),
            'bodyDark',
            24
          )
        )
      ),
      body:
        pen.solid(
          ribbon(
            [
              [0, -460],
              [0, -160]
            ],
            [110, 110]
          ),
          'bodyDark',
          {
            inside: each([0, 1, 2, 3, 4], (index) => pen.line(`M-70 ${-400 + index * 60}H70`, 'body', 14))
          }
        ) +
        pen.solid(head, 'body', {
          depth: 1.2,
          inside: pen.line(
            'M0 -990L-260 -540M0 -990L260 -540M-260 -540H260M0 -390L-260 -840M0 -390L260 -840',
            'bodyDark',
            7
          )
        }),
      head: '',
      face: { x: 0, y: -720, eye: 60 * model.head, apart: 96, mouth: { x: 0, y: -604, width: 100 } },
      crown: { x: 0, y: -930, width: 220 },
      neck: { x: 0, y: -400, width: 130 },
      shoulders: [
        [-50, -350],
        [50, -350]
      ],
      hands: [
        [-200, -300],
        [200, -300]
      ],
      arm: 28
    }
  }
  const geometric = /diatom|radiolar|foramin|desmid|coccolith|archaeon|silico/.test(words)
  const count = random.whole(3, 8)
  const half = 360 * girth
  const shape = geometric
    ? random.pick([
        () => blob(...around(0, centre, half, count + 2)),
        () => polygon(...around(0, centre, half * 1.1, count)),
        () => ellipse(0, centre, half * 0.62, 460)
      ])()
    : blob(
        ...around(0, centre, 1, 9).map((_, index): Point =>
          polar(0, centre, half * random.between(0.92, 1.22) * (index % 2 === 0 ? 1 : 0.94), index * 40)
        )
      )
  const lashes = geometric
    ? each(around(0, centre, 1, 20), (_, index) =>
        pen.line(
          curve(polar(0, centre, half * 0.8, index * 18), polar(0, centre, half * 1.22, index * 18)),
          'bodyDark',
          11
        )
      )
    : /flagell|euglena|dinofl|sparkle|choano|vibrio|spiroch/.test(words)
      ? pen.line(
          curve(
            [half * 0.6, centre - 200],
            [half * 1.2, centre - 330],
            [half * 1.05, centre - 480],
            [half * 1.32, centre - 500]
          ),
          'bodyDark',
          22
        ) +
        pen.line(
          curve([-half * 0.5, centre + 260], [-half * 1.1, centre + 330], [-half * 1.15, centre + 450]),
          'bodyDark',
          18
        )
      : each(around(0, centre, 1, 26), (_, index) =>
          pen.line(
            curve(
              polar(0, centre, half * 0.95, index * 13.8),
              polar(0, centre, half * 1.24, index * 13.8 + 7)
            ),
            'bodyDark',
            13
          )
        )
  const organs = each(
    [
      [-0.5, 0.52, 60],
      [0.5, 0.4, 80],
      [0.12, 0.74, 46],
      [-0.62, -0.3, 40],
      [0.62, -0.46, 50]
    ],
    ([dx, dy, size], index) =>
      pen.solid(
        ellipse(dx * half, centre + dy * half, size),
        (['accent', 'cloth', 'bodyLight'] as const)[index % 3]!,
        { depth: 0.4 }
      )
  )
  const ribs = geometric
    ? each(around(0, centre, 1, count * 2), (_, index) =>
        pen.line(
          curve(
            polar(0, centre, half * 0.5, (index * 180) / count),
            polar(0, centre, half * 1.1, (index * 180) / count)
          ),
          'bodyDark',
          8
        )
      )
    : organs
  const stalk = /vorticella|stentor|choano|bell/.test(words)
    ? pen.limb(curve([0, -200], [70, -140], [-60, -70], [20, -6]), 'bodyDark', 30)
    : ''
  return {
    behind: stalk + lashes,
    body: pen.solid(shape, 'body', { depth: 1.3, inside: ribs + hide(-half, centre + 120, half * 2, 260) }),
    head: '',
    face: {
      x: 0,
      y: centre - 90,
      eye: 68 * model.head,
      apart: 118,
      mouth: { x: 0, y: centre + 50, width: 124 }
    },
    crown: { x: 0, y: centre - half * 0.9, width: 260 },
    neck: { x: 0, y: centre + 210, width: 0 },
    shoulders: [
      [-half * 0.8, centre + 90],
      [half * 0.8, centre + 90]
    ],
    hands: [
      [-half, -300],
      [half, -300]
    ],
    arm: 40
  }
}

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

/** Flowers and herbs: a stem, two leaves for arms, a face in the bloom; trees and cacti: a face in the crown. */
export function plant(model: Model): Anatomy {
  const { pen, girth, words, random, hide } = model
  if (
    anyOf(
      /tree|pine|palm|oak|birch|baobab|maple|conifer|cypress|sequoia/,
      /willow|ginkgo|redwood|fir\b|spruce|cedar|mangrove|bamboo/
    ).test(words)
  ) {
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
      shoulders: [
        [-70, -300],
        [70, -300]
      ],
      hands: [
        [-250, -300],
        [250, -300]
      ],
      arm: 40
    }
  }
  if (
    anyOf(
      /cact|saguaro|prickly|peyote|aloe|succulent|pineapple|pumpkin|carrot|beet|radish/,
      /aubergine|artichoke|cauliflower|garlic|maize|pepper|strawberr|pomegranate|apple/
    ).test(words)
  ) {
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
      shoulders: [
        [-half * 0.92, -470],
        [half * 0.92, -470]
      ],
      hands: [
        [-half - 60, -320],
        [half + 60, -320]
      ],
      arm: 62
    }
  }
  const radius = 176 * model.head
  const petals = random.whole(6, 12)
  const bell = anyOf(
    /foxglove|bluebell|snapdragon|pitcher|cobra|fritillary/,
    /fuchsia|arum|orchid|tulip|flytrap|monkshood/
  ).test(words)
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
    shoulders: [
      [-140 * girth, -230],
      [140 * girth, -230]
    ],
    hands: [
      [-260, -160],
      [260, -160]
    ],
    arm: 44
  }
}

/** Corals, anemones, sponges, moss animals: a pillar with a crown. */
export function polyp(model: Model): Anatomy {
  const { pen, girth, random, hide } = model
  const half = 170 * girth
  const pillar = blob(
    [-half, -620],
    [half, -620],
    [half * 0.92, -300],
    [half * 1.3, -10],
    [-half * 1.3, -10],
    [-half * 0.92, -300]
  )
  const count = random.whole(9, 13)
  const tentacles = repeat(count, (index) => {
    const turn = (index - (count - 1) / 2) * (150 / count)
    return pen.limb(
      curve(
        [(index - (count - 1) / 2) * half * 0.16, -620],
        polar(0, -560, 260, turn),
        polar(0, -560, random.between(380, 460), turn * 1.1)
      ),
      index % 2 === 0 ? 'body' : 'accent',
      42
    )
  })
  return {
    behind: tentacles,
    body:
      pen.solid(pillar, 'body', { depth: 1.1, inside: hide(-half, -320, half * 2, 300) }) +
      pen.solid(star(0, -630, half * 1.1, half * 0.9, 12), 'bodyDark', { depth: 0.3 }),
    torso: { d: pillar, x: -half, y: -330, width: half * 2, height: 320 },
    head: '',
    face: { x: 0, y: -470, eye: 54 * model.head, apart: 80, mouth: { x: 0, y: -370, width: 92 } },
    crown: { x: 0, y: -680, width: half * 1.3 },
    neck: { x: 0, y: -310, width: half * 1.86 },
    shoulders: [
      [-half * 0.86, -290],
      [half * 0.86, -290]
    ],
    hands: [
      [-half - 90, -220],
      [half + 90, -220]
    ],
    arm: 46
  }
}
