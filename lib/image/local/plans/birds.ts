import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, polygon, ribbon } from '../svg.ts'
import { anyOf } from '../words.ts'

/** A wing as an arm, from the shoulder down; its feathers end in three scallops. */
function wing({ pen }: Model, x: number, y: number, side: number, length: number): string {
  const shape = blob(
    [x - side * 20, y - 10],
    [x + side * 110, y + 30],
    [x + side * 140, y + length * 0.6],
    [x + side * 60, y + length],
    [x + side * 6, y + length * 0.72]
  )
  const feathers = each([0.5, 0.68, 0.86], (share) =>
    pen.line(
      curve(
        [x + side * 18, y + length * share - 40],
        [x + side * 70, y + length * share],
        [x + side * 128, y + length * share - 60]
      ),
      'bodyDark',
      9
    )
  )
  return pen.solid(shape, 'body', { inside: feathers })
}

function legs({ pen }: Model, x: number, top: number, thick: number): string {
  return both(
    (side) =>
      pen.line(curve([x + side * 56, top], [x + side * 62, -14]), 'accentDark', thick) +
      pen.line(
        `M${x + side * 62 - 50} -8L${x + side * 62} -34L${x + side * 62 + 50} -8M${x + side * 62} -34V-6`,
        'accentDark',
        thick
      )
  )
}

function crest({ pen, words, random }: Model, x: number, y: number, radius: number): string {
  if (
    anyOf(
      /cockatoo|hoopoe|jay|cardinal|waxwing|lapwing|tit\b|peafowl|pheasant/,
      /crane|turaco|quetzal|hoatzin|curassow|tern|grebe|macaroni|rockhopper/
    ).test(words)
  ) {
    return each([-26, -4, 18, 38], (tilt, index) =>
      pen.solid(
        ellipse(x + (index - 1.2) * radius * 0.2, y - radius * 1.18, radius * 0.11, radius * 0.46, tilt),
        index % 2 === 0 ? 'accent' : 'bodyDark',
        { depth: 0 }
      )
    )
  }
  if (/hen|rooster|fowl|junglefowl|chicken/.test(words)) {
    return each([-0.4, 0, 0.4], (dx) =>
      pen.flat(ellipse(x + dx * radius, y - radius * 1.06, radius * 0.24), 'accent')
    )
  }
  if (/cassowary|hornbill|guinea/.test(words)) {
    return pen.solid(
      blob([x - radius * 0.3, y - radius * 0.8], [x, y - radius * 1.6], [x + radius * 0.4, y - radius * 0.8]),
      'accentDark'
    )
  }
  return random.chance(0.3)
    ? pen.line(
        curve(
          [x, y - radius * 0.9],
          [x + radius * 0.1, y - radius * 1.3],
          [x + radius * 0.4, y - radius * 1.35]
        ),
        'bodyDark',
        radius * 0.1
      )
    : ''
}

/** The beak from the front: a wedge; its length and breadth by words. */
function beak({ pen, words }: Model, x: number, y: number, radius: number): string {
  const broad = anyOf(
    /duck|goose|swan|teal|mallard|wigeon|pintail|eider/,
    /shoveler|spoonbill|pelican|anatid|waterfowl|smew/
  ).test(words)
  const long = anyOf(
    /heron|stork|ibis|egret|crane|curlew|kiwi|hummingbird|snipe|avocet|godwit|woodpecker|kingfisher/,
    /hoopoe|bee-eater|toucan|hornbill|pelican|penguin|sunbird|tern|skua|gannet|auk|puffin/
  ).test(words)
  const half = radius * (broad ? 0.5 : 0.26)
  const reach = radius * (long ? 1.05 : broad ? 0.46 : 0.5)
  const shape = broad
    ? ellipse(x, y + radius * 0.32, half * 1.1, reach * 0.62)
    : polygon(
        [x - half, y + radius * 0.06],
        [x + half, y + radius * 0.06],
        [x + half * 0.12, y + reach],
        [x - half * 0.12, y + reach]
      )
  return (
    pen.solid(shape, 'accent', { depth: 0.4 }) +
    pen.line(
      curve([x - half * 0.8, y + radius * 0.3], [x, y + radius * 0.38], [x + half * 0.8, y + radius * 0.3]),
      'accentDark',
      radius * 0.05
    )
  )
}

/** Song birds, ducks, parrots: an egg on two thin legs. */
export function bird(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const radius = 168 * model.head
  const headY = -1000 + radius + 50
  const half = 196 * girth
  const body = blob(
    [-half * 0.5, headY + radius * 0.5],
    [half * 0.5, headY + radius * 0.5],
    [half * 1.1, -480],
    [half * 0.98, -220],
    [0, -130],
    [-half * 0.98, -220],
    [-half * 1.1, -480]
  )
  const belly = pen.flat(ellipse(0, -290, half * 0.68, 190), 'bodyLight')
  const mask = anyOf(
    /robin|tit\b|magpie|chickadee|finch|penguin|auk/,
    /puffin|bunting|wagtail|kingfisher|dipper|shrike/
  ).test(words)
    ? pen.flat(ellipse(0, headY + radius * 0.3, radius * 0.7, radius * 0.62), 'bodyLight')
    : ''
  const penguin = /penguin|auk|puffin|guillemot/.test(words)
  const fan = /peafowl|peacock|lyrebird|turkey|argus/.test(words)
    ? repeat(11, (index) => {
        const angle = ((index - 5) * 15 * Math.PI) / 180
        const [x, y] = [Math.sin(angle) * 430, -330 - Math.cos(angle) * 520]
        return (
          pen.line(`M0 -330L${x} ${y}`, 'bodyDark', 26) +
          pen.solid(ellipse(x, y, 54), index % 2 === 0 ? 'cloth' : 'body') +
          pen.flat(ellipse(x, y, 24), 'accent')
        )
      })
    : pen.solid(
        ribbon(
          [
            [40, -230],
            [190, -160],
            [300, -60]
          ],
          [90, 84, 50]
        ),
        'bodyDark',
        { depth: 0.5 }
      )
  return {
    behind: fan + legs(model, 0, -150, penguin ? 30 : 17),
    body: pen.solid(body, 'body', { inside: belly + hide(-half * 1.1, -560, half * 2.2, 320) }),
    torso: {
      d: body,
      x: -half,
      y: headY + radius * 0.8,
      width: half * 2,
      height: -140 - headY - radius * 0.8
    },
    head:
      crest(model, 0, headY, radius) +
      pen.solid(ellipse(0, headY, radius * 1.04, radius), 'body', { inside: mask }) +
      beak(model, 0, headY + radius * 0.1, radius),
    front: wing(model, -half * 0.96, -560, -1, 330) + wing(model, half * 0.96, -560, 1, 330),
    face: { x: 0, y: headY - radius * 0.14, eye: radius * 0.29, apart: radius * 0.46 },
    crown: { x: 0, y: headY - radius * 0.84, width: radius * 1.5 },
    neck: { x: 0, y: headY + radius * 0.92, width: half * 1.15 },
    hands: [
      [-half * 1.36, -330],
      [half * 1.36, -330]
    ]
  }
}

/** Eagles, falcons, owls: broad shoulders, hooked beak, talons. */
export function raptor(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const owl = /owl/.test(words)
  const radius = (owl ? 188 : 146) * model.head
  const headY = -1000 + radius + 60
  const half = 220 * girth
  const top = headY + radius * 0.6
  const body = blob(
    [-half, top],
    [half, top],
    [half * 1.06, -460],
    [half * 0.5, -140],
    [-half * 0.5, -140],
    [-half * 1.06, -460]
  )
  const chest = pen.solid(
    blob([-half * 0.6, top + 40], [half * 0.6, top + 40], [half * 0.5, -280], [0, -150], [-half * 0.5, -280]),
    'bodyLight',
    { depth: 0.4, inside: hide(-half * 0.6, top + 60, half * 1.2, -200 - top) }
  )
  const cape = both((side) =>
    pen.solid(
      blob(
        [side * half * 0.4, top - 10],
        [side * half * 1.24, top + 50],
        [side * half * 1.42, -330],
        [side * half * 0.9, -70],
        [side * half * 0.72, -300]
      ),
      'bodyDark',
      {
        inside: each([0.4, 0.55, 0.7, 0.85], (share) =>
          pen.line(
            curve(
              [side * half * 0.7, top + (-100 - top) * share],
              [side * half * 1.1, top + (-60 - top) * share],
              [side * half * 1.4, top + (-150 - top) * share]
            ),
            'ink',
            5
          )
        )
      }
    )
  )
  const talons = both(
    (side) =>
      pen.limb(curve([side * 78, -170], [side * 80, -40]), 'accent', 40) +
      each([-34, 0, 34], (dx) => pen.limb(curve([side * 80, -34], [side * 80 + dx, -8]), 'accentDark', 22))
  )
  const disc = owl
    ? both((side) =>
        pen.flat(ellipse(side * radius * 0.46, headY - radius * 0.06, radius * 0.52), 'bodyLight')
      )
    : ''
  const tufts = owl
    ? both((side) =>
        pen.solid(
          polygon(
            [side * radius * 0.3, headY - radius * 0.72],
            [side * radius * 0.96, headY - radius * 1.38],
            [side * radius * 0.98, headY - radius * 0.4]
          ),
          'bodyDark',
          { depth: 0.3 }
        )
      )
    : ''
  const pale = /bald|osprey|vulture|secretary|caracara|kite|condor/.test(words)
  const hook = pen.solid(
    blob(
      [-radius * 0.27, headY + radius * 0.06],
      [radius * 0.27, headY + radius * 0.06],
      [radius * 0.2, headY + radius * 0.44],
      [radius * 0.02, headY + radius * 0.84],
      [-radius * 0.2, headY + radius * 0.44]
    ),
    'accent',
    { depth: 0.4 }
  )
  return {
    behind:
      pen.solid(polygon([-90, -220], [90, -220], [120, -30], [0, -60], [-120, -30]), 'bodyDark', {
        depth: 0.4
      }) + talons,
    body: pen.solid(body, 'body', { inside: chest }),
    torso: { d: body, x: -half * 0.9, y: top, width: half * 1.8, height: -150 - top },
    head:
      tufts +
      pen.solid(ellipse(0, headY, radius * 1.06, radius), pale ? 'bodyLight' : 'body', { inside: disc }) +
      hook,
    front: cape,
    face: {
      x: 0,
      y: headY - radius * (owl ? 0.06 : 0.16),
      eye: radius * (owl ? 0.31 : 0.26),
      apart: radius * 0.45
    },
    crown: { x: 0, y: headY - radius * 0.82, width: radius * 1.5 },
    neck: { x: 0, y: top + 26, width: half * 1.3 },
    hands: [
      [-half * 1.16, -150],
      [half * 1.16, -150]
    ]
  }
}

/** Herons, flamingos, ostriches: a small body high on stilts, a long neck. */
export function wader(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const radius = 104 * model.head
  const headY = -1000 + radius + 24
  const stout = /ostrich|emu|rhea|cassowary|moa|elephant bird/.test(words)
  const half = (stout ? 250 : 200) * girth
  const body = blob(
    [-half * 0.9, -520],
    [-half * 0.1, -600],
    [half * 0.8, -520],
    [half * 1.35, -400],
    [half * 0.5, -330],
    [-half * 0.6, -350]
  )
  const neck = ribbon(
    [
      [-half * 0.5, -470],
      [-half * 0.95, -620],
      [-half * 0.25, -760],
      [-half * 0.3, headY]
    ],
    stout ? [150, 96, 84, 84] : [120, 76, 62, 62]
  )
  const plumes = each([0, 1, 2], (index) =>
    pen.solid(
      ellipse(half * (1 + index * 0.14), -440 + index * 44, 110, 34, 24 + index * 12),
      index === 1 ? 'bodyLight' : 'bodyDark',
      { depth: 0.4 }
    )
  )
  const x = -half * 0.3
  return {
    behind: plumes + legs(model, 20, -350, stout ? 34 : 20),
    body:
      pen.solid(neck, 'body', { depth: 0.5 }) +
      pen.solid(body, 'body', { inside: hide(-half, -600, half * 2.2, 260) }),
    torso: { d: body, x: -half * 0.6, y: -560, width: half * 1.5, height: 220 },
    head:
      crest(model, x, headY, radius) +
      pen.solid(ellipse(x, headY, radius * 1.06, radius), 'body') +
      beak(model, x, headY + radius * 0.1, radius),
    front: wing(model, half * 0.28, -540, 1, 250),
    face: { x, y: headY - radius * 0.12, eye: radius * 0.3, apart: radius * 0.46 },
    crown: { x, y: headY - radius * 0.84, width: radius * 1.5 },
    neck: { x: -half * 0.36, y: headY + radius * 1.5, width: 130 },
    hands: [
      [-half * 1.1, -420],
      [half * 0.7, -310]
    ]
  }
}
