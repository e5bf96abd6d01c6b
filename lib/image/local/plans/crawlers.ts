import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'

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
    [40, -330],
    [210, -480],
    [40, -620],
    [-100, -740],
    [0, -860]
  ]
  const neck = ribbon(spine, [170 * girth, 160 * girth, 140 * girth, 124 * girth, 120])
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
    body: coils + pen.solid(neck, 'body', { inside: hide(-200, -860, 460, 540) }),
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

/** Lizards, crocodiles, newts, dinosaurs: a heavy tail, strong legs, a snout. */
export function saurian(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const longNeck =
    /sauropod|diplodoc|brachio|apato|plesio|titanosaur|long-neck|brontos|camarasaur|elasmosaur/.test(words)
  const radius = (longNeck ? 100 : 136) * model.head
  const half = 190 * girth
  const headX = longNeck ? -180 : -40
  const headY = -1000 + radius * 0.9
  const shoulderY = longNeck ? -560 : headY + radius * 1.2
  const body = longNeck
    ? blob(
        [-half, -470],
        [-half * 0.2, -600],
        [half * 0.8, -520],
        [half * 1.3, -300],
        [half * 0.6, -150],
        [-half * 0.7, -150],
        [-half * 1.3, -290]
      )
    : blob(
        [-half * 0.6, shoulderY - 20],
        [half * 0.5, shoulderY - 20],
        [half * 1.06, -400],
        [half * 1.1, -160],
        [half * 0.3, -90],
        [-half * 0.6, -90],
        [-half * 1.04, -180],
        [-half * 0.96, -430]
      )
  const neck = ribbon(
    [
      [-half * 0.2, -480],
      [-half * 0.9, -640],
      [headX + 40, -800],
      [headX, headY]
    ],
    longNeck ? [240 * girth, 150, 116, 104] : [200, 190, 170, 150]
  )
  const tail = ribbon(
    [
      [half * 0.4, -190],
      [300, -120],
      [430, -60],
      [470, -180],
      [420, -260]
    ],
    [190 * girth, 130, 84, 50, 16]
  )
  const plates = anyOf(
    /stegosaur|iguana|tuatara|spinosaur|dimetrodon|crested|dragon/,
    /basilisk|newt|kentro|crocod|alligator|caiman|ankylos/
  ).test(words)
    ? each(
        [
          [60, -720],
          [150, -610],
          [210, -490],
          [250, -370],
          [330, -250]
        ],
        ([x, y], index) =>
          pen.solid(
            polygon([x - 60, y + 50], [x + 70, y - 70 + index * 8], [x + 40, y + 90]),
            index % 2 === 0 ? 'accent' : 'accentDark',
            { depth: 0.4 }
          )
      )
    : ''
  const frill = /ceratops|horned|frilled|styraco|protoceratops/.test(words)
    ? pen.solid(
        blob(
          ...Array.from({ length: 9 }, (_, index): Point => [
            headX + Math.sin((index - 4) * 0.38) * radius * 1.9,
            headY - radius * 0.1 - Math.cos((index - 4) * 0.38) * radius * 1.7
          ])
        ),
        'accent',
        { depth: 0.6 }
      ) +
      both((side) =>
        pen.solid(
          polygon(
            [headX + side * radius * 0.3, headY - radius * 0.6],
            [headX + side * radius * 0.7, headY - radius * 0.6],
            [headX + side * radius * 0.9, headY - radius * 1.7]
          ),
          'paper'
        )
      )
    : /parasauro|lambeo|hadros|crest|cassowary|dilopho/.test(words)
      ? pen.solid(
          ribbon(
            [
              [headX, headY - radius * 0.6],
              [headX + radius, headY - radius * 1.3],
              [headX + radius * 1.9, headY - radius * 1.2]
            ],
            [80, 64, 34]
          ),
          'accent'
        )
      : ''
  const leg = (x: number) =>
    pen.limb(curve([x, -210], [x - 20, -50]), 'body', 118 * girth) +
    pen.solid(blob([x - 90, -50], [x + 60, -50], [x + 70, 0], [x - 120, 0]), 'bodyDark', { depth: 0.4 })
  const snout = /crocod|alligator|caiman|gharial|spino|monitor|suchus/.test(words) ? 1.25 : 0.9
  const head = blob(
    [headX - radius * 0.9, headY - radius * 0.7],
    [headX + radius * 0.9, headY - radius * 0.7],
    [headX + radius * 1.04, headY + radius * 0.1],
    [headX + radius * 0.66, headY + radius * snout],
    [headX - radius * 0.66, headY + radius * snout],
    [headX - radius * 1.04, headY + radius * 0.1]
  )
  const nostrils = both((side) =>
    pen.flat(ellipse(headX + side * radius * 0.22, headY + radius * 0.34, radius * 0.07), 'ink')
  )
  return {
    behind: plates + pen.solid(tail, 'bodyDark', { depth: 0.7, inside: hide(100, -300, 400, 300) }) + frill,
    body:
      leg(longNeck ? -120 : -100) +
      leg(longNeck ? 170 : 130) +
      (longNeck || /theropod|raptor|tyranno/.test(words) ? pen.solid(neck, 'body', { depth: 0.6 }) : '') +
      pen.solid(body, 'body', {
        inside:
          pen.flat(ellipse(-40, -270, half * 0.62, 190), 'bodyLight') +
          hide(-half, shoulderY, half * 2.1, 260)
      }),
    torso: { d: body, x: -half, y: shoulderY, width: half * 2.05, height: -100 - shoulderY },
    head: pen.solid(head, 'body') + nostrils,
    face: {
      x: headX,
      y: headY - radius * 0.24,
      eye: radius * 0.29,
      apart: radius * 0.5,
      mouth: { x: headX, y: headY + radius * 0.62, width: radius * 0.7 }
    },
    crown: { x: headX, y: headY - radius * 0.62, width: radius * 1.4 },
    neck: longNeck ? { x: -140, y: -700, width: 150 } : { x: -20, y: shoulderY + 10, width: half * 1.2 },
    shoulders: [
      [-half * 0.76, longNeck ? -440 : shoulderY + 110],
      [half * 0.6, longNeck ? -440 : shoulderY + 110]
    ],
    hands: [
      [-half, -330],
      [half, -330]
    ],
    arm: 58 * girth
  }
}

/** Turtles and tortoises: a dome on four stumps. */
export function turtle(model: Model): Anatomy {
  const { pen, girth, words } = model
  const radius = 116 * model.head
  const half = 330 * girth
  const dome = `M${-half + 60} -170C${-half + 40} -640 ${half + 20} -700 ${half + 60} -170Z`
  const tiles = each(
    [
      [60, -440, 92],
      [-90, -330, 74],
      [210, -330, 74],
      [-20, -230, 60],
      [140, -230, 60]
    ],
    ([x, y, size]) =>
      pen.solid(
        polygon(
          ...[0, 60, 120, 180, 240, 300].map((turn): Point => [
            x + Math.sin((turn * Math.PI) / 180) * size,
            y - Math.cos((turn * Math.PI) / 180) * size
          ])
        ),
        'clothDark',
        { depth: 0.3 }
      )
  )
  const flipper = /sea turtle|leatherback|loggerhead|green turtle|hawksbill|archelon|ridley/.test(words)
  const leg = (x: number, lean: number) =>
    flipper
      ? pen.solid(
          ribbon(
            [
              [x, -200],
              [x + lean * 2, -110],
              [x + lean * 3.4, -12]
            ],
            [110, 90, 30]
          ),
          'bodyDark'
        )
      : pen.limb(curve([x, -200], [x + lean * 0.3, -50]), 'bodyDark', 116)
  const neck = ribbon(
    [
      [-half + 120, -260],
      [-half - 20, -420],
      [-half + 20, -620]
    ],
    [130, 116, 110]
  )
  const [headX, headY] = [-half + 30, -700]
  return {
    behind:
      leg(-150, -60) + leg(250, 60) + pen.limb(curve([half + 30, -190], [half + 120, -110]), 'body', 34),
    body:
      pen.solid(neck, 'body', { depth: 0.6 }) +
      pen.solid(dome, 'cloth', { depth: 1.3, inside: tiles }) +
      pen.solid(
        `M${-half + 20} -200H${half + 90}Q${half + 60} -110 ${half} -110H${-half + 110}Q${-half + 40} -120 ${-half + 20} -200Z`,
        'bodyLight',
        { depth: 0.4 }
      ),
    head: pen.solid(ellipse(headX, headY, radius * 1.14, radius), 'body'),
    face: {
      x: headX,
      y: headY - radius * 0.2,
      eye: radius * 0.31,
      apart: radius * 0.5,
      mouth: { x: headX, y: headY + radius * 0.5, width: radius * 0.7 }
    },
    crown: { x: headX, y: headY - radius * 0.84, width: radius * 1.5 },
    neck: { x: -half + 4, y: -530, width: 130 },
    shoulders: [
      [-half + 80, -260],
      [-half + 200, -240]
    ],
    hands: [
      [-half - 40, -200],
      [-half + 300, -170]
    ],
    arm: 60
  }
}

/** Frogs and toads: wide, low, eyes on top, knees beside the ears. */
export function frog(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 300 * girth
  const body = blob(
    [-half * 0.74, -700],
    [half * 0.74, -700],
    [half * 1.04, -480],
    [half * 0.86, -60],
    [-half * 0.86, -60],
    [-half * 1.04, -480]
  )
  const eye = 74 * model.head
  const bulges = both((side) =>
    pen.solid(ellipse(side * half * 0.44, -704, eye * 1.4), 'body', { depth: 0.6 })
  )
  const legs = both(
    (side) =>
      pen.solid(ellipse(side * half * 1.02, -190, 118, 176, side * 16), 'bodyDark', { depth: 0.8 }) +
      pen.solid(
        blob(
          [side * half * 0.66, -44],
          [side * (half + 120), -52],
          [side * (half + 190), -18],
          [side * (half + 120), 0],
          [side * half * 0.6, 0]
        ),
        'body',
        { depth: 0.4 }
      ) +
      each([0, 1, 2], (toe) => pen.line(`M${side * (half + 60 + toe * 44)} -10V0`, 'bodyDark', 8))
  )
  return {
    behind: legs,
    body: pen.solid(body, 'body', {
      depth: 1.2,
      inside: pen.flat(ellipse(0, -180, half * 0.72, 210), 'bodyLight') + hide(-half, -540, half * 2, 170)
    }),
    torso: { d: body, x: -half * 0.9, y: -400, width: half * 1.8, height: 330 },
    head: bulges,
    face: { x: 0, y: -716, eye, apart: half * 0.44, mouth: { x: 0, y: -520, width: half * 0.96 } },
    crown: { x: 0, y: -730, width: 150 },
    neck: { x: 0, y: -410, width: half * 1.96 },
    shoulders: [
      [-half * 0.7, -320],
      [half * 0.7, -320]
    ],
    hands: [
      [-half * 0.7, -40],
      [half * 0.7, -40]
    ],
    arm: 60 * girth
  }
}

/** Butterflies, beetles, bees: three parts, feelers, wings behind. */
export function insect(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const radius = 136 * model.head
  const headY = -1000 + radius + 90
  const butterfly = /butterfl|moth/.test(words)
  const clear =
    /dragonfl|damselfl|bee\b|bees|wasp|fly\b|flies|cicada|mayfly|lacewing|mosquito|midge|hornet/.test(words)
  const slim = /mantis|mantid|stick|grasshopper|cricket|locust|katydid|ant\b|ants|water strider/.test(words)
  const half = (slim ? 100 : butterfly ? 92 : 170) * girth
  const abdomen = blob(
    [-half * 0.7, -560],
    [half * 0.7, -560],
    [half * 1.1, -330],
    [half * 0.3, -90],
    [-half * 0.3, -90],
    [-half * 1.1, -330]
  )
  const bands = each([0, 1, 2, 3], (index) =>
    pen.line(
      curve([-half * 1.2, -480 + index * 96], [0, -440 + index * 96], [half * 1.2, -480 + index * 96]),
      'bodyDark',
      butterfly ? 16 : 30
    )
  )
  const wings = butterfly
    ? both(
        (side) =>
          pen.solid(
            blob(
              [side * 40, -640],
              [side * 250, -960],
              [side * 500, -940],
              [side * 450, -620],
              [side * 110, -520]
            ),
            'cloth',
            {
              depth: 1.2,
              inside:
                hide(side > 0 ? 60 : -480, -900, 420, 330) +
                pen.flat(ellipse(side * 330, -780, 74), 'accent') +
                pen.flat(ellipse(side * 330, -780, 38), 'ink')
            }
          ) +
          pen.solid(
            blob(
              [side * 50, -540],
              [side * 350, -560],
              [side * 380, -300],
              [side * 250, -170],
              [side * 90, -380]
            ),
            'clothDark',
            { depth: 0.8, inside: pen.flat(ellipse(side * 240, -390, 52), 'accent') }
          )
      )
    : clear
      ? both((side) =>
          each([0, 1], (row) =>
            pen.solid(
              ribbon(
                [
                  [side * 70, -640 + row * 60],
                  [side * 270, -760 + row * 190],
                  [side * 480, -800 + row * 260]
                ],
                [40, 130, 60]
              ),
              'paper',
              {
                depth: 0.5,
                inside: pen.line(
                  curve([side * 70, -640 + row * 60], [side * 470, -800 + row * 260]),
                  'farDark',
                  6
                )
              }
            )
          )
        )
      : ''
  const elytra =
    !butterfly && !clear && !slim
      ? pen.line('M0 -600V-120', 'bodyDark', 12) +
        (/ladybird|ladybug|leaf beetle/.test(words)
          ? each(
              [
                [-80, -450],
                [80, -450],
                [-100, -290],
                [100, -290],
                [-60, -170],
                [60, -170]
              ],
              ([x, y]) => pen.flat(ellipse(x, y, 40), 'ink')
            )
          : hide(-half, -560, half * 2, 430))
      : bands
  const legs = each([0, 1], (row) =>
    both((side) =>
      pen.limb(
        curve(
          [side * half * 0.7, -460 + row * 150],
          [side * (half + 150), -470 + row * 200],
          [side * (half + 130 - row * 40), -8]
        ),
        'ink',
        22
      )
    )
  )
  const horn = /rhinoceros|hercules|stag|elephant beetle/.test(words)
    ? both((side) =>
        pen.line(
          curve(
            [side * 40, headY - radius * 0.8],
            [side * 150, headY - radius * 1.5],
            [side * 40, headY - radius * 2]
          ),
          'bodyDark',
          32
        )
      )
    : both(
        (side) =>
          pen.line(
            curve(
              [side * radius * 0.34, headY - radius * 0.8],
              [side * radius * 0.5, headY - radius * 1.5],
              [side * radius * 1.15, headY - radius * 1.7]
            ),
            'ink',
            13
          ) + pen.flat(ellipse(side * radius * 1.18, headY - radius * 1.72, 26), 'accent')
      )
  const thorax = ellipse(0, -640, half * 0.98 + 20, 110)
  return {
    behind: wings + legs,
    body:
      pen.solid(abdomen, 'body', { depth: 1.1, inside: elytra }) +
      pen.solid(thorax, 'bodyDark', { depth: 0.6 }),
    torso: { d: abdomen, x: -half, y: -600, width: half * 2, height: 480 },
    head: horn + pen.solid(ellipse(0, headY, radius * 1.1, radius), 'body'),
    face: {
      x: 0,
      y: headY - radius * 0.1,
      eye: radius * 0.34,
      apart: radius * 0.5,
      mouth: { x: 0, y: headY + radius * 0.56, width: radius * 0.5 }
    },
    crown: { x: 0, y: headY - radius * 0.86, width: radius * 1.4 },
    neck: { x: 0, y: -700, width: half * 1.7 + 50 },
    shoulders: [
      [-half * 0.7 - 30, -640],
      [half * 0.7 + 30, -640]
    ],
    hands: [
      [-half - 60, -430],
      [half + 60, -430]
    ],
    arm: 34
  }
}

/** Spiders, scorpions, mites: a round back, eight legs, more eyes than two. */
export function spider(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const half = 230 * girth
  const radius = 160 * model.head
  const headY = -470
  const legs = each([0, 1, 2, 3], (index) =>
    both((side) => {
      const [knee, foot] = [side * (260 + index * 52), side * (210 + index * 92)]
      return pen.limb(
        curve([side * 90, -400 + index * 26], [knee * 1.1, -860 + index * 150], [foot, -10]),
        index % 2 === 0 ? 'bodyDark' : 'body',
        34
      )
    })
  )
  const sting = /scorpion/.test(words)
    ? pen.limb(curve([140, -560], [420, -720], [300, -1000], [90, -930]), 'bodyDark', 56) +
      pen.flat(polygon([110, -960], [20, -880], [120, -880]), 'accentDark')
    : ''
  const claws = /scorpion|whip|pseudoscorpion/.test(words)
    ? both(
        (side) =>
          pen.limb(curve([side * 130, -380], [side * 330, -330], [side * 360, -180]), 'body', 40) +
          pen.solid(
            blob(
              [side * 320, -200],
              [side * 300, -60],
              [side * 360, -120],
              [side * 430, -50],
              [side * 420, -200]
            ),
            'body'
          )
      )
    : ''
  return {
    behind: sting + legs,
    body: pen.solid(ellipse(0, -680, half * 1.1, half), 'body', {
      depth: 1.3,
      inside:
        hide(-half, -880, half * 2, 360) +
        pen.flat(polygon([0, -860], [60, -760], [0, -660], [-60, -760]), 'accent')
    }),
    head:
      pen.solid(ellipse(0, headY, radius * 1.1, radius), 'body') +
      both(
        (side) =>
          pen.flat(ellipse(side * radius * 0.2, headY - radius * 0.66, radius * 0.11), 'ink') +
          pen.flat(ellipse(side * radius * 0.55, headY - radius * 0.58, radius * 0.09), 'ink') +
          pen.limb(
            curve([side * 50, headY + radius * 0.8], [side * 60, headY + radius * 1.25]),
            'bodyDark',
            34
          )
      ),
    front: claws,
    face: {
      x: 0,
      y: headY - radius * 0.04,
      eye: radius * 0.33,
      apart: radius * 0.44,
      mouth: { x: 0, y: headY + radius * 0.6, width: radius * 0.6 }
    },
    crown: { x: 0, y: -680 - half * 0.86, width: half * 1.1 },
    neck: { x: 0, y: headY + radius * 0.94, width: radius * 1.3 },
    hands: [
      [-330, -330],
      [330, -330]
    ]
  }
}

/** Worms, caterpillars, centipedes, velvet worms: a standing arc of rings. */
export function worm(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const radius = 142 * model.head
  const legged = anyOf(
    /centipede|millipede|myriapod|velvet|caterpillar/,
    /bristle|scale worm|ragworm|water bear|tardigrade/
  ).test(words)
  const spine: Point[] = [
    [420, -90],
    [260, -70],
    [70, -110],
    [-40, -300],
    [10, -520],
    [90, -700],
    [0, -850]
  ]
  const width = 190 * girth
  const body = ribbon(spine, [40, width * 0.8, width, width * 1.06, width, width, width])
  const rings = each(
    [
      [330, -80, 80],
      [210, -80, 70],
      [70, -130, 50],
      [-10, -230, 20],
      [-20, -340, 4],
      [0, -450, -8],
      [40, -560, -20],
      [70, -660, -16]
    ],
    ([x, y, tilt]) => pen.flat(ellipse(x, y, width * 0.62, 9, tilt > 40 ? 90 : tilt), 'bodyDark')
  )
  const legs = legged
    ? each(
        [
          [-120, -230],
          [-124, -360],
          [-100, -500],
          [-50, -620],
          [100, -330],
          [130, -470],
          [170, -600]
        ],
        ([x, y]) => pen.limb(curve([x, y], [x + (x < 0 ? -90 : 90), y + 40]), 'accentDark', 26)
      )
    : ''
  const feelers = legged
    ? both((side) => pen.line(curve([side * 60, -960], [side * 120, -1060], [side * 190, -1060]), 'ink', 14))
    : ''
  const plume = /feather|fan|tree worm|christmas|tube/.test(words)
    ? repeat(9, (index) =>
        pen.line(
          curve([0, -940], [(index - 4) * 46, -1040], [(index - 4) * 72, -1100 + Math.abs(index - 4) * 24]),
          index % 2 === 0 ? 'accent' : 'cloth',
          24
        )
      )
    : ''
  return {
    behind: legs + plume,
    body: pen.solid(body, 'body', { inside: rings + hide(-160, -700, 300, 400) }),
    torso: { d: body, x: -140, y: -640, width: 300, height: 330 },
    head: feelers + pen.solid(ellipse(0, -860, radius * 1.1, radius), 'body'),
    face: {
      x: 0,
      y: -880,
      eye: radius * 0.31,
      apart: radius * 0.46,
      mouth: { x: 0, y: -790, width: radius * 0.6 }
    },
    crown: { x: 0, y: -860 - radius * 0.82, width: radius * 1.4 },
    neck: { x: 60, y: -716, width },
    shoulders: [
      [-40, -560],
      [130, -580]
    ],
    hands: [
      [-140, -420],
      [240, -420]
    ],
    arm: 44
  }
}
