import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { around, blob, curve, ellipse, polar, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'

function scales({ pen }: Model, x: number, y: number, width: number, height: number): string {
  const step = 58
  const rows: string[] = []
  for (let row = 0; row * 46 < height; row += 1) {
    for (let column = 0; column * step <= width; column += 1) {
      const [cx, cy] = [x + column * step + ((row % 2) * step) / 2, y + row * 46]
      rows.push(pen.line(curve([cx - step / 2, cy], [cx, cy + 44], [cx + step / 2, cy]), 'bodyDark', 5))
    }
  }
  return rows.join('')
}

/** Fishes: upright on the tail, fins for arms, a gill behind the face. */
export function fish(model: Model): Anatomy {
  const { pen, girth, words, hide, random } = model
  const shark = /shark|dogfish/.test(words)
  const round = anyOf(
    /puffer|sunfish|boxfish|lumpsucker|frogfish|angler|burrfish|porcupine|goldfish/,
    /butterflyfish|angelfish|discus|moonfish|batfish|filefish|triggerfish/
  ).test(words)
  const slim = anyOf(
    /pike|barracuda|needle|gar|tarpon|sturgeon|trumpet|pipe|tuna/,
    /marlin|sword|sail|trout|salmon|herring|sardine|wahoo|snipe/
  ).test(words)
  const half = (round ? 250 : slim ? 150 : shark ? 178 : 196) * girth
  const top = -1000
  const faceY = -760
  const body = shark
    ? blob(
        [0, top - 30],
        [half * 0.9, -840],
        [half * 1.1, -560],
        [half * 0.5, -250],
        [0, -120],
        [-half * 0.5, -250],
        [-half * 1.1, -560],
        [-half * 0.9, -840]
      )
    : blob(
        [-half * 0.62, top],
        [half * 0.62, top],
        [half * 1.16, -700],
        [half * 1.04, -480],
        [half * 0.3, -130],
        [-half * 0.3, -130],
        [-half * 1.04, -480],
        [-half * 1.16, -700]
      )
  const belly = pen.flat(
    blob([-half * 0.5, -640], [half * 0.5, -640], [half * 0.6, -420], [0, -190], [-half * 0.6, -420]),
    'bodyLight'
  )
  const tail = pen.solid(
    blob(
      [-30, -190],
      [30, -190],
      [120, -70],
      [250 * girth, -20],
      [150, 6],
      [0, -50],
      [-150, 6],
      [-250 * girth, -20],
      [-120, -70]
    ),
    'bodyDark',
    {
      inside: each([-160, -80, 0, 80, 160], (x) => pen.line(curve([x * 0.2, -150], [x, 10]), 'body', 7))
    }
  )
  const dorsal = shark
    ? pen.solid(polygon([half * 0.8, -640], [half * 2, -600], [half * 0.9, -420]), 'bodyDark')
    : both((side) =>
        pen.solid(
          ribbon(
            [
              [side * half * 0.9, -760],
              [side * (half + 60), -600],
              [side * half * 0.8, -380]
            ],
            [20, 110, 30]
          ),
          'bodyDark',
          { depth: 0.5 }
        )
      )
  const spines = /lionfish|scorpion|stickleback|ruffe|urchin|sail|betta|fighting/.test(words)
    ? both((side) =>
        each([0, 1, 2, 3], (index) =>
          pen.line(
            curve([side * half * 0.8, -740 + index * 90], [side * (half + 150), -830 + index * 110]),
            index % 2 === 0 ? 'accent' : 'bodyDark',
            16
          )
        )
      )
    : ''
  const lure = /angler|lantern|viper|dragonfish/.test(words)
    ? pen.line(curve([0, top + 20], [40, top - 150], [170, top - 110]), 'bodyDark', 14) +
      pen.flat(ellipse(176, top - 100, 34), 'accent')
    : ''
  const whiskers = /catfish|sturgeon|carp|loach|goatfish|cod/.test(words)
    ? both((side) =>
        pen.line(
          curve([side * 70, faceY + 120], [side * 190, faceY + 130], [side * 230, faceY + 220]),
          'bodyDark',
          10
        )
      )
    : ''
  const bands = random.chance(0.5)
    ? hide(-half * 1.1, -660, half * 2.2, 440)
    : scales(model, -half * 1.1, -600, half * 2.2, 400)
  const fin = (side: number) =>
    pen.solid(
      blob(
        [side * half * 0.86, -560],
        [side * (half + 150), -560],
        [side * (half + 170), -470],
        [side * (half + 60), -420],
        [side * half * 0.9, -470]
      ),
      'body',
      { depth: 0.6 }
    )
  const gill = both((side) =>
    pen.line(
      curve(
        [side * half * 0.66, faceY + 40],
        [side * half * 0.86, faceY + 100],
        [side * half * 0.62, faceY + 160]
      ),
      'bodyDark',
      10
    )
  )
  return {
    behind: tail + dorsal + spines + lure,
    body: pen.solid(body, 'body', { inside: belly + bands }),
    torso: { d: body, x: -half * 1.1, y: -600, width: half * 2.2, height: 420 },
    head: gill + whiskers,
    front: fin(-1) + fin(1),
    face: {
      x: 0,
      y: faceY,
      eye: 54 * model.head,
      apart: half * 0.5,
      mouth: { x: 0, y: faceY + 124, width: 92 }
    },
    crown: { x: 0, y: top + 40, width: half * 1.1 },
    neck: { x: 0, y: -604, width: half * 2.06 },
    hands: [
      [-half - 140, -480],
      [half + 140, -480]
    ]
  }
}

/** Rays and flatfishes: a kite with a whip. */
export function ray(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 430 * girth
  const body = blob(
    [-90, -960],
    [90, -960],
    [half, -560],
    [half * 0.94, -470],
    [120, -280],
    [-120, -280],
    [-half * 0.94, -470],
    [-half, -560]
  )
  return {
    behind: pen.limb(curve([0, -290], [60, -150], [-90, -80], [70, -12]), 'bodyDark', 34),
    body: pen.solid(body, 'body', {
      inside: pen.flat(ellipse(0, -480, 150, 190), 'bodyLight') + hide(-half, -700, half * 2, 300)
    }),
    torso: { d: body, x: -170, y: -620, width: 340, height: 300 },
    head: '',
    face: { x: 0, y: -780, eye: 54 * model.head, apart: 92, mouth: { x: 0, y: -670, width: 96 } },
    crown: { x: 0, y: -930, width: 210 },
    neck: { x: 0, y: -600, width: 360 },
    hands: [
      [-half * 0.9, -490],
      [half * 0.9, -490]
    ]
  }
}

/** Sea horses and sea dragons. */
export function seahorse(model: Model): Anatomy {
  const { pen, girth } = model
  const body = ribbon(
    [
      [-60, -860],
      [70, -700],
      [110, -480],
      [-10, -260],
      [-60, -110],
      [60, -60],
      [110, -140],
      [40, -170]
    ],
    [150 * girth, 190 * girth, 220 * girth, 150, 90, 60, 40, 24]
  )
  const ridges = repeat(9, (index) =>
    pen.line(
      curve([-40 + index * 4, -730 + index * 60], [200 - index * 14, -720 + index * 60]),
      'bodyDark',
      9
    )
  )
  const radius = 118 * model.head
  return {
    behind: pen.solid(blob([150, -600], [300, -560], [290, -430], [170, -400]), 'accent', { depth: 0.5 }),
    body: pen.solid(body, 'body', { inside: ridges }),
    torso: { d: body, x: -40, y: -660, width: 280, height: 330 },
    head:
      pen.solid(
        polygon([-90, -1000], [-50, -930], [0, -1010], [40, -930], [90, -990], [80, -880], [-90, -880]),
        'accent',
        { depth: 0.3 }
      ) +
      pen.solid(
        ribbon(
          [
            [-60, -800],
            [-190, -770],
            [-300, -750]
          ],
          [110, 64, 56]
        ),
        'body',
        { depth: 0.5 }
      ) +
      pen.solid(ellipse(-20, -860, radius * 1.1, radius), 'body'),
    face: {
      x: -30,
      y: -876,
      eye: radius * 0.34,
      apart: radius * 0.46,
      mouth: { x: -20, y: -790, width: 50 }
    },
    crown: { x: -10, y: -950, width: 190 },
    neck: { x: 60, y: -690, width: 210 },
    hands: [
      [-60, -520],
      [220, -520]
    ],
    shoulders: [
      [0, -600],
      [180, -600]
    ],
    arm: 34
  }
}

/** Whales, dolphins, seals: one great arc with the flukes in the air. */
export function whale(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const seal = /seal|sea lion|walrus|manatee|dugong|sea cow/.test(words)
  const top = -760 * girth
  const body = blob(
    [-430, -90],
    [-470, -420],
    [-260, top],
    [60, top + 60],
    [230, -430],
    [330, -560],
    [400, -520],
    [330, -210],
    [120, -10],
    [-260, 0]
  )
  const fluke = seal
    ? pen.solid(blob([330, -590], [440, -720], [500, -640], [400, -500]), 'bodyDark') +
      pen.solid(blob([330, -560], [260, -730], [330, -760], [390, -600]), 'bodyDark')
    : pen.solid(
        blob(
          [340, -570],
          [230, -760],
          [120, -800],
          [200, -880],
          [350, -760],
          [380, -760],
          [490, -890],
          [560, -800],
          [470, -700],
          [400, -540]
        ),
        'bodyDark'
      )
  const belly = blob([-440, -60], [-440, -250], [-150, -190], [150, -130], [140, 10], [-250, 20])
  const grooves = seal
    ? ''
    : repeat(6, (index) =>
        pen.line(curve([-420 + index * 30, -210 + index * 14], [-380 + index * 50, -20]), 'body', 7)
      )
  const spout =
    seal || /dolphin|porpoise|narwhal|beluga/.test(words)
      ? ''
      : pen.line(curve([-150, top - 10], [-150, top - 130], [-230, top - 170]), 'accent', 20) +
        pen.line(curve([-150, top - 10], [-150, top - 130], [-70, top - 170]), 'accent', 20) +
        pen.line(curve([-150, top], [-150, top - 190]), 'accent', 20)
  const fin = /dolphin|porpoise|orca|killer/.test(words)
    ? pen.solid(blob([20, top + 60], [130, top - 130], [170, top + 110]), 'bodyDark')
    : ''
  const horn = /narwhal/.test(words)
    ? pen.solid(polygon([-290, top + 90], [-250, top + 60], [-400, -1000]), 'paper')
    : ''
  const whiskers = seal
    ? both((side) =>
        each([0, 1], (row) =>
          pen.line(curve([-300 + side * 46, -330 + row * 24], [-300 + side * 150, -350 + row * 50]), 'ink', 5)
        )
      ) + pen.flat(blob([-330, -370], [-270, -370], [-300, -330]), 'ink')
    : ''
  return {
    behind: fluke + spout + fin + horn,
    body: pen.solid(body, 'body', {
      depth: 1.4,
      inside: hide(-460, top, 760, 380) + pen.flat(belly, 'bodyLight') + grooves
    }),
    torso: { d: body, x: -200, y: -400, width: 420, height: 380 },
    head: whiskers,
    front: pen.solid(blob([-90, -240], [40, -260], [110, -30], [10, -10], [-80, -110]), 'bodyDark', {
      depth: 0.6
    }),
    face: { x: -290, y: -440, eye: 58 * model.head, apart: 110, mouth: { x: -300, y: -290, width: 130 } },
    crown: { x: -230, y: top + 50, width: 240 },
    neck: { x: -20, y: -330, width: 0 },
    hands: [
      [60, -130],
      [60, -130]
    ]
  }
}

/** Octopuses, squids, cuttlefishes, nautiluses. */
export function octopus(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const squid = /squid|cuttle|belemn|ammon|nautil/.test(words)
  const half = (squid ? 170 : 230) * girth
  const mantle = squid
    ? blob(
        [0, -1040],
        [half * 0.7, -860],
        [half, -620],
        [half * 0.8, -420],
        [-half * 0.8, -420],
        [-half, -620],
        [-half * 0.7, -860]
      )
    : blob(
        [-half * 0.7, -990],
        [half * 0.7, -990],
        [half * 1.2, -760],
        [half * 0.72, -430],
        [-half * 0.72, -430],
        [-half * 1.2, -760]
      )
  const arm = (side: number, index: number): Point[] => {
    const spread = [70, 190, 310, 420][index]!
    return [
      [side * (40 + index * 36), -470],
      [side * (spread * 0.8 + 40), -330 - index * 20],
      [side * spread, -110 + index * 6],
      [side * (spread + 60), -20 - index * 26],
      [side * (spread + 30), -90 - index * 30]
    ]
  }
  const arms = each([3, 2, 1, 0], (index) =>
    both((side) =>
      pen.solid(ribbon(arm(side, index), [96, 78, 58, 38, 14]), index % 2 === 0 ? 'body' : 'bodyDark', {
        depth: 0.5
      })
    )
  )
  const suckers = both((side) =>
    each([0.45, 0.55, 0.65, 0.75], (share) =>
      pen.flat(ellipse(side * (60 + share * 30), -430 + share * 460, 13), 'bodyLight')
    )
  )
  const fins = squid
    ? both((side) =>
        pen.solid(
          blob([side * half * 0.2, -1000], [side * half * 1.9, -800], [side * half * 0.7, -690]),
          'bodyDark',
          { depth: 0.5 }
        )
      )
    : ''
  const shell = /nautil|ammon/.test(words)
    ? pen.solid(ellipse(40, -800, 240), 'cloth', {
        inside: each(around(40, -800, 150, 9, 10), ([x, y]) =>
          pen.line(curve([40, -800], [x * 1.5 - 20, y * 1.1 + 80]), 'clothDark', 26)
        )
      })
    : ''
  return {
    behind: arms,
    body:
      suckers +
      fins +
      shell +
      pen.solid(mantle, 'body', { depth: 1.3, inside: hide(-half, -980, half * 2, 260) }),
    head: '',
    face: {
      x: 0,
      y: squid ? -570 : -640,
      eye: 66 * model.head,
      apart: half * 0.5,
      mouth: { x: 0, y: squid ? -470 : -510, width: 96 }
    },
    crown: { x: 0, y: squid ? -900 : -940, width: half * 1.2 },
    neck: { x: 0, y: -430, width: half * 1.6 },
    hands: [
      [-430, -170],
      [430, -170]
    ]
  }
}

/** Jellies and their kin: a bell with streamers down to the ground. */
export function jelly(model: Model): Anatomy {
  const { pen, girth, random, hide } = model
  const half = 300 * girth
  const bell = `M${-half} -560C${-half} -1130 ${half} -1130 ${half} -560Q${half * 0.75} -490 ${half * 0.5} -550Q${half * 0.25} -480 0 -550Q${-half * 0.25} -480 ${-half * 0.5} -550Q${-half * 0.75} -490 ${-half} -560Z`
  const streamers = repeat(7, (index) => {
    const x = (index - 3) * half * 0.27
    const sway = random.between(30, 80) * (index % 2 === 0 ? 1 : -1)
    return pen.limb(
      curve([x, -540], [x + sway, -380], [x - sway, -200], [x + sway * 0.6, index % 2 === 0 ? -14 : -90]),
      index % 2 === 0 ? 'bodyDark' : 'body',
      index % 2 === 0 ? 24 : 38
    )
  })
  return {
    behind: streamers,
    body: pen.solid(bell, 'body', {
      depth: 1.3,
      inside: pen.flat(ellipse(0, -560, half * 0.8, 90), 'bodyLight') + hide(-half, -990, half * 2, 190)
    }),
    head: '',
    face: { x: 0, y: -740, eye: 62 * model.head, apart: half * 0.4, mouth: { x: 0, y: -632, width: 104 } },
    crown: { x: 0, y: -950, width: half * 0.9 },
    neck: { x: 0, y: -530, width: half * 1.2 },
    shoulders: [
      [-half * 0.86, -560],
      [half * 0.86, -560]
    ],
    hands: [
      [-half, -330],
      [half, -330]
    ],
    arm: 34
  }
}

/** Crabs, lobsters, shrimps: a broad shell, two claws up, six legs. */
export function crab(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const long = /lobster|crayfish|shrimp|prawn|krill|langoustine|mantis shrimp|scorpion/.test(words)
  const half = (long ? 200 : 330) * girth
  const shell = long
    ? blob(
        [-half * 0.7, -860],
        [half * 0.7, -860],
        [half, -600],
        [half * 0.8, -200],
        [-half * 0.8, -200],
        [-half, -600]
      )
    : blob(
        [-half * 0.7, -640],
        [half * 0.7, -640],
        [half * 1.1, -420],
        [half * 0.6, -170],
        [-half * 0.6, -170],
        [-half * 1.1, -420]
      )
  const faceY = long ? -690 : -470
  const legs = each([0, 1, 2], (index) =>
    both((side) =>
      pen.limb(
        curve(
          [side * half * 0.8, -330 + index * 60],
          [side * (half + 110 - index * 26), -360 + index * 90],
          [side * (half + 60 - index * 46), -10]
        ),
        'bodyDark',
        42
      )
    )
  )
  const claw = (side: number) => {
    const [x, y] = [side * (half + 90), long ? -800 : -720]
    return (
      pen.limb(
        curve([side * half * 0.8, faceY + 70], [side * (half + 120), faceY + 10], [x, y + 60]),
        'body',
        62
      ) +
      pen.solid(
        blob(
          [x - side * 40, y + 90],
          [x - side * 110, y - 30],
          [x - side * 50, y - 190],
          [x, y - 50],
          [x + side * 30, y - 190],
          [x + side * 110, y - 40],
          [x + side * 50, y + 90]
        ),
        'body'
      )
    )
  }
  const stalks = both((side) =>
    pen.limb(curve([side * 74, faceY - 100], [side * 84, faceY - 210]), 'bodyDark', 30)
  )
  const tail = long
    ? each([0, 1, 2], (index) =>
        pen.line(
          curve([-half * 0.8, -480 + index * 100], [0, -440 + index * 100], [half * 0.8, -480 + index * 100]),
          'bodyDark',
          12
        )
      )
    : ''
  const feelers = long
    ? both((side) =>
        pen.line(curve([side * 60, -850], [side * 200, -1040], [side * 420, -980]), 'accentDark', 10)
      )
    : ''
  return {
    behind:
      legs +
      (long
        ? pen.solid(blob([-60, -220], [60, -220], [190, -20], [0, 0], [-190, -20]), 'bodyDark', {
            depth: 0.5
          })
        : ''),
    body: pen.solid(shell, 'body', {
      depth: 1.2,
      inside:
        pen.flat(ellipse(0, long ? -300 : -230, half * 0.7, 90), 'bodyLight') +
        hide(-half, faceY + 160, half * 2, 160) +
        tail
    }),
    torso: { d: shell, x: -half * 0.8, y: faceY + 130, width: half * 1.6, height: -170 - faceY - 130 },
    head: feelers + (long ? '' : stalks),
    front: claw(-1) + claw(1),
    face: {
      x: 0,
      y: long ? faceY : faceY - 220,
      eye: 60 * model.head,
      apart: 86,
      mouth: { x: 0, y: faceY + (long ? 100 : 40), width: 130 }
    },
    crown: { x: 0, y: long ? -840 : faceY - 250, width: 200 },
    neck: { x: 0, y: faceY + 150, width: half * 1.5 },
    hands: [
      [-half - 100, long ? -930 : -860],
      [half + 100, long ? -930 : -860]
    ]
  }
}

/** Snails and slugs: a foot, a shell, eyes on stalks. */
export function snail(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const bare = /slug|nudibranch|sea hare|dragon|sea angel|dancer/.test(words)
  const foot = blob(
    [-330, -20],
    [-360, -200],
    [-300, -560],
    [-180, -620],
    [-90, -520],
    [-60, -260],
    [180, -190],
    [420, -40],
    [380, 0],
    [-280, 0]
  )
  const spiral = curve(
    [150, -330],
    [230, -390],
    [230, -280],
    [120, -240],
    [40, -340],
    [110, -470],
    [270, -460],
    [330, -320]
  )
  const shell = bare
    ? repeat(6, (index) =>
        pen.solid(
          ribbon(
            [
              [-60 + index * 74, -180],
              [-40 + index * 84, -360 + Math.abs(index - 2) * 30],
              [-10 + index * 90, -440 + Math.abs(index - 2) * 40]
            ],
            [60, 44, 16]
          ),
          index % 2 === 0 ? 'accent' : 'cloth',
          { depth: 0.5 }
        )
      )
    : pen.solid(ellipse(140, -370, 260 * girth, 250 * girth), 'cloth', {
        depth: 1.3,
        inside: hide(-110, -600, 520, 460) + pen.line(spiral, 'clothDark', 30)
      })
  const stalks = both((side) =>
    pen.limb(curve([-230 + side * 46, -580], [-230 + side * 90, -790]), 'body', 36)
  )
  return {
    behind: bare ? shell : '',
    body: (bare ? '' : shell) + pen.solid(foot, 'body', { depth: 0.9 }),
    torso: { d: foot, x: -330, y: -420, width: 240, height: 260 },
    head: stalks,
    face: { x: -230, y: -820, eye: 66 * model.head, apart: 92, mouth: { x: -220, y: -520, width: 110 } },
    crown: { x: -230, y: -890, width: 210 },
    neck: { x: -215, y: -430, width: 230 },
    shoulders: [
      [-310, -380],
      [-110, -380]
    ],
    hands: [
      [-380, -260],
      [0, -200]
    ],
    arm: 44
  }
}

/** Clams, scallops, lamp shells, barnacles: two fans ajar, a face between. */
export function clam(model: Model): Anatomy {
  const { pen, girth } = model
  const half = 370 * girth
  const fan = (up: boolean) => {
    const rim = Array.from({ length: 9 }, (_, index): Point =>
      polar(0, up ? -330 : -300, half * (index % 2 === 0 ? 1.02 : 0.95), (up ? -84 : 96) + index * 21)
    )
    return blob(...rim, [up ? 60 : -60, up ? -300 : -280], [up ? -60 : 60, up ? -300 : -280])
  }
  const ribs = (up: boolean) =>
    each([-60, -36, -12, 12, 36, 60], (turn) =>
      pen.line(
        curve([0, up ? -320 : -310], polar(0, -320, half * 1.1, up ? turn : 180 + turn)),
        'bodyDark',
        12
      )
    )
  return {
    behind: pen.solid(fan(true), 'body', { depth: 1.2, inside: ribs(true) }),
    body: pen.solid(ellipse(0, -420, half * 0.9, 190), 'bodyLight', { depth: 0.5 }),
    head: '',
    front: pen.solid(
      `M${-half} -300A${half} 320 0 0 0 ${half} -300Q${half * 0.75} -240 ${half * 0.5} -300Q${half * 0.25} -240 0 -300Q${-half * 0.25} -240 ${-half * 0.5} -300Q${-half * 0.75} -240 ${-half} -300Z`,
      'body',
      { depth: 1.2, inside: ribs(false) }
    ),
    face: { x: 0, y: -470, eye: 64 * model.head, apart: 110, mouth: { x: 0, y: -356, width: 120 } },
    crown: { x: 0, y: -680, width: 280 },
    neck: { x: 0, y: -260, width: 0 },
    shoulders: [
      [-half * 0.86, -330],
      [half * 0.86, -330]
    ],
    hands: [
      [-half, -200],
      [half, -200]
    ],
    arm: 40
  }
}

/** Sea stars, brittle stars, urchins, feather stars: five arms, or many spines. */
export function seaStar(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  if (/urchin|sand dollar|sea potato|hedgehog/.test(words)) {
    const spines = each(around(0, -470, 1, 26), (_, index) => {
      const turn = (index * 360) / 26
      const [from, to] = [polar(0, -470, 250, turn), polar(0, -470, index % 2 === 0 ? 470 : 400, turn)]
      return pen.line(curve(from, to), index % 2 === 0 ? 'bodyDark' : 'accentDark', 22)
    })
    return {
      behind: spines,
      body: pen.solid(ellipse(0, -440, 300 * girth), 'body', {
        depth: 1.3,
        inside: hide(-260, -420, 520, 300)
      }),
      head: '',
      face: { x: 0, y: -520, eye: 66 * model.head, apart: 110, mouth: { x: 0, y: -390, width: 120 } },
      crown: { x: 0, y: -700, width: 300 },
      neck: { x: 0, y: -260, width: 0 },
      hands: [
        [-360, -330],
        [360, -330]
      ]
    }
  }
  const outline = Array.from({ length: 10 }, (_, index): Point =>
    polar(0, -470, index % 2 === 0 ? 560 : 210 * girth, index * 36)
  )
  const star = blob(...outline.flatMap((point, index) => (index % 2 === 0 ? [point, point] : [point])))
  const knobs = [0, 72, 144, 216, 288]
    .flatMap((turn) =>
      [150, 240, 320, 390].map((reach) =>
        pen.flat(ellipse(...polar(0, -470, reach, turn), 20 - reach / 40), 'bodyLight')
      )
    )
    .join('')
  return {
    behind: '',
    body: pen.solid(star, 'body', { depth: 1.1, inside: knobs + hide(-200, -560, 400, 260) }),
    torso: { d: star, x: -210, y: -400, width: 420, height: 200 },
    head: '',
    face: { x: 0, y: -520, eye: 58 * model.head, apart: 86, mouth: { x: 0, y: -410, width: 100 } },
    crown: { x: 0, y: -860, width: 130 },
    neck: { x: 0, y: -330, width: 0 },
    hands: [
      [-440, -600],
      [440, -600]
    ]
  }
}
