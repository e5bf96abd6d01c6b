import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'

type Ears = 'round' | 'pointed' | 'long' | 'flap' | 'small'

function earsOf(words: string): Ears {
  if (
    anyOf(
      /hare|rabbit|kangaroo|wallab|donkey|\bass\b|fennec/,
      /jerboa|bilby|aardvark|long-eared|potoroo|bandicoot/
    ).test(words)
  ) {
    return 'long'
  }
  if (/elephant|mammoth|mastodon/.test(words)) return 'flap'
  if (
    anyOf(
      /cat|lynx|tiger|lion|leopard|jaguar|cheetah|fox|wolf|dog|jackal|squirrel|hyena|weasel/,
      /marten|shrew|civet|bat|deer|antelope|horse|goat|sheep|cattle|okapi|giraffe|possum|genet/
    ).test(words)
  ) {
    return 'pointed'
  }
  if (
    anyOf(
      /seal|otter|beaver|mole|hippo|pangolin|armadillo|walrus/,
      /whale|sloth|anteater|echidna|platypus|manatee/
    ).test(words)
  ) {
    return 'small'
  }
  return 'round'
}

function ears({ pen }: Model, kind: Ears, x: number, y: number, radius: number): string {
  const ear = (side: number): string => {
    const at = (dx: number, dy: number): Point => [x + side * dx * radius, y + dy * radius]
    switch (kind) {
      case 'round':
        return (
          pen.solid(ellipse(...at(0.78, -0.72), radius * 0.42), 'body') +
          pen.flat(ellipse(...at(0.78, -0.7), radius * 0.22), 'bodyLight')
        )
      case 'pointed':
        return (
          pen.solid(polygon(at(0.25, -0.8), at(0.86, -1.62), at(1, -0.32)), 'body') +
          pen.flat(polygon(at(0.46, -0.86), at(0.8, -1.34), at(0.86, -0.56)), 'bodyLight')
        )
      case 'long':
        return (
          pen.solid(ellipse(...at(0.52, -1.5), radius * 0.27, radius * 0.86, side * 12), 'body') +
          pen.flat(ellipse(...at(0.53, -1.46), radius * 0.12, radius * 0.6, side * 12), 'bodyLight')
        )
      case 'flap':
        return pen.solid(
          blob(at(0.6, -0.7), at(1.7, -1), at(2, -0.1), at(1.5, 0.8), at(0.8, 0.4)),
          'bodyDark',
          { depth: 0.6 }
        )
      case 'small':
        return pen.solid(ellipse(...at(0.9, -0.36), radius * 0.2), 'bodyDark', { depth: 0 })
    }
  }
  return ear(-1) + ear(1)
}

/** What grows between the ears: antlers, horns, a mane. */
function growth(
  { pen, words }: Model,
  x: number,
  y: number,
  radius: number
): { behind: string; front: string } {
  const at = (side: number, dx: number, dy: number): Point => [x + side * dx * radius, y + dy * radius]
  const both = (draw: (side: number) => string) => draw(-1) + draw(1)
  if (/\blion\b|mane|baboon|gelada|takin|aoudad|przewalski/.test(words)) {
    const points = Array.from({ length: 18 }, (_, index): Point => {
      const angle = (index / 18) * Math.PI * 2
      const reach = radius * (index % 2 === 0 ? 1.62 : 1.36)
      return [x + Math.sin(angle) * reach, y - Math.cos(angle) * reach]
    })
    return { behind: pen.solid(polygon(...points), 'bodyDark', { depth: 0.6 }), front: '' }
  }
  if (/deer|elk|moose|reindeer|caribou|stag|chital|muntjac/.test(words)) {
    return {
      behind: both(
        (side) =>
          pen.line(
            curve(at(side, 0.3, -0.8), at(side, 0.5, -1.7), at(side, 1.2, -2.2)),
            'accentDark',
            radius * 0.16
          ) +
          pen.line(
            curve(at(side, 0.42, -1.3), at(side, 0.9, -1.45), at(side, 1.2, -1.3)),
            'accentDark',
            radius * 0.13
          ) +
          pen.line(
            curve(at(side, 0.62, -1.75), at(side, 0.45, -2.1), at(side, 0.5, -2.4)),
            'accentDark',
            radius * 0.12
          )
      ),
      front: ''
    }
  }
  if (/rhino/.test(words)) {
    return {
      behind: '',
      front: pen.solid(
        polygon(
          [x - radius * 0.2, y + radius * 0.1],
          [x, y - radius * 0.9],
          [x + radius * 0.22, y + radius * 0.1]
        ),
        'paper'
      )
    }
  }
  if (
    anyOf(
      /goat|ibex|antelope|oryx|gazelle|cattle|ox\b|bison|buffalo|sheep/,
      /kudu|bovid|wildebeest|impala|chamois|yak|gaur|pronghorn|bull/
    ).test(words)
  ) {
    const curled = /sheep|mouflon|bighorn|argali/.test(words)
    return {
      behind: both((side) =>
        pen.line(
          curled
            ? curve(at(side, 0.35, -0.85), at(side, 1.5, -1.5), at(side, 1.75, -0.3), at(side, 1.15, -0.1))
            : curve(at(side, 0.32, -0.8), at(side, 0.72, -1.5), at(side, 0.6, -2.15)),
          'accentDark',
          radius * 0.2
        )
      ),
      front: ''
    }
  }
  if (/giraffe|okapi/.test(words)) {
    return {
      behind: both(
        (side) =>
          pen.line(curve(at(side, 0.3, -0.8), at(side, 0.36, -1.45)), 'bodyDark', radius * 0.14) +
          pen.flat(ellipse(...at(side, 0.36, -1.5), radius * 0.14), 'accentDark')
      ),
      front: ''
    }
  }
  return { behind: '', front: '' }
}

/** Muzzle and nose, by words; the mouth goes below. */
function muzzle({ pen, words }: Model, x: number, y: number, radius: number): string {
  if (/elephant|mammoth|mastodon|tapir|elephant shrew|proboscis/.test(words)) {
    return pen.solid(
      ribbon(
        [
          [x, y + radius * 0.1],
          [x, y + radius * 0.9],
          [x - radius * 0.3, y + radius * 1.5],
          [x - radius * 0.9, y + radius * 1.45]
        ],
        [radius * 0.62, radius * 0.46, radius * 0.3, radius * 0.24]
      ),
      'body'
    )
  }
  if (/anteater|aardvark|echidna|shrew|tenrec|solenodon|numbat|elephant seal/.test(words)) {
    return (
      pen.solid(
        ribbon(
          [
            [x, y],
            [x, y + radius * 0.6],
            [x, y + radius * 1.1]
          ],
          [radius * 0.6, radius * 0.34, radius * 0.2]
        ),
        'bodyLight',
        { depth: 0.4 }
      ) + pen.flat(ellipse(x, y + radius * 1.08, radius * 0.12), 'ink')
    )
  }
  if (/platypus/.test(words)) {
    return pen.solid(ellipse(x, y + radius * 0.5, radius * 0.72, radius * 0.26), 'accent')
  }
  const broad = anyOf(
    /pig|boar|hippo|cattle|bovid|bison|cow|horse|donkey|camel/,
    /llama|bear|hog|peccar|walrus|seal|capybara|wombat|koala/
  ).test(words)
  const base = pen.solid(
    ellipse(x, y + radius * 0.42, radius * (broad ? 0.58 : 0.46), radius * (broad ? 0.46 : 0.36)),
    'bodyLight',
    { depth: 0.35 }
  )
  if (/pig|boar|hog|peccar|warthog|babirusa/.test(words)) {
    return (
      base +
      pen.flat(ellipse(x, y + radius * 0.3, radius * 0.3, radius * 0.2), 'accent') +
      both((side) => pen.flat(ellipse(x + side * radius * 0.1, y + radius * 0.3, radius * 0.05), 'ink'))
    )
  }
  const tusks = /walrus|tusk|musk deer|chevrotain|sabre/.test(words)
    ? both((side) =>
        pen.flat(
          polygon(
            [x + side * radius * 0.1, y + radius * 0.62],
            [x + side * radius * 0.34, y + radius * 0.62],
            [x + side * radius * 0.2, y + radius * 1.3]
          ),
          'paper'
        )
      )
    : ''
  return (
    tusks +
    base +
    pen.flat(
      blob(
        [x - radius * 0.2, y + radius * 0.1],
        [x + radius * 0.2, y + radius * 0.1],
        [x, y + radius * 0.34]
      ),
      'ink'
    )
  )
}

/** The head from the front: ears, skull, muzzle. */
function headOf(model: Model, x: number, y: number, radius: number): { behind: string; head: string } {
  const { pen, words } = model
  const { behind, front } = growth(model, x, y, radius)
  const long = anyOf(
    /horse|donkey|zebra|deer|camel|llama|alpaca|antelope/,
    /giraffe|goat|kangaroo|wallaby|okapi|cattle|bovid|oryx/
  ).test(words)
  const skull = long
    ? blob(
        [x - radius * 0.86, y - radius * 0.9],
        [x + radius * 0.86, y - radius * 0.9],
        [x + radius * 0.92, y + radius * 0.2],
        [x + radius * 0.5, y + radius * 1.06],
        [x - radius * 0.5, y + radius * 1.06],
        [x - radius * 0.92, y + radius * 0.2]
      )
    : ellipse(x, y, radius * 1.06, radius)
  const patch = /panda|raccoon|badger|lemur|coati|red panda|skunk|polecat|dormouse|meerkat/.test(words)
    ? both((side) =>
        pen.flat(
          ellipse(x + side * radius * 0.44, y - radius * 0.1, radius * 0.36, radius * 0.3, side * 24),
          'bodyDark'
        )
      )
    : ''
  const forelock = /horse|zebra|donkey|yak|highland|llama|alpaca|musk ox|bison/.test(words)
    ? pen.solid(
        blob(
          [x - radius * 0.42, y - radius * 1.2],
          [x + radius * 0.42, y - radius * 1.2],
          [x + radius * 0.2, y - radius * 0.34],
          [x - radius * 0.2, y - radius * 0.34]
        ),
        'bodyDark',
        { depth: 0.4 }
      )
    : ''
  return {
    behind,
    head:
      behind +
      ears(model, earsOf(words), x, y, radius) +
      pen.solid(skull, 'body', { inside: patch }) +
      forelock +
      muzzle(model, x, y, radius) +
      front
  }
}

function tail(model: Model, x: number, y: number): string {
  const { pen, words } = model
  if (/squirrel|fox|skunk|lemur|anteater|chipmunk|red panda|marten|wolf/.test(words)) {
    return pen.solid(
      ribbon(
        [
          [x, y],
          [x + 190, y - 30],
          [x + 250, y - 230],
          [x + 170, y - 400]
        ],
        [50, 130, 160, 60]
      ),
      'body',
      { inside: pen.flat(ellipse(x + 170, y - 390, 90), 'bodyLight') }
    )
  }
  if (/beaver|platypus/.test(words)) return pen.solid(ellipse(x + 150, y - 10, 140, 56, -18), 'bodyDark')
  if (
    anyOf(
      /bear|hare|rabbit|deer|pig|koala|wombat|hamster/,
      /guinea|human|gorilla|chimp|orangutan|gibbon|panda/
    ).test(words)
  ) {
    return pen.solid(ellipse(x + 40, y - 30, 52), 'bodyLight')
  }
  return pen.limb(
    curve([x, y - 20], [x + 210, y + 20], [x + 240, y - 190], [x + 160, y - 250]),
    'bodyDark',
    34
  )
}

/** Bears, monkeys, rodents, cats: on two legs, pear-shaped. */
export function upright(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const radius = 158 * model.head
  const half = 176 * girth
  const headY = -1000 + radius + 40
  const neckY = headY + radius * 0.8
  const torso = blob(
    [-half * 0.62, neckY - 10],
    [half * 0.62, neckY - 10],
    [half * 1.02, -400],
    [half * 1.12, -150],
    [half * 0.5, -86],
    [-half * 0.5, -86],
    [-half * 1.12, -150],
    [-half * 1.02, -400]
  )
  const { head } = headOf(model, 0, headY, radius)
  const belly = pen.flat(ellipse(0, -270, half * 0.62, 190), 'bodyLight')
  const leg = (side: number) =>
    pen.limb(curve([side * half * 0.5, -190], [side * half * 0.56, -40]), 'body', 104 * girth) +
    pen.solid(
      blob(
        [side * half * 0.22, -46],
        [side * half * 1.08, -46],
        [side * half * 1.16, 0],
        [side * half * 0.2, 0]
      ),
      'bodyDark',
      { depth: 0.4 }
    )
  const wings = /bat\b|bats|flying fox|colugo|pipistrelle/.test(words)
    ? both((side) =>
        pen.solid(
          polygon(
            [side * half * 0.5, neckY + 40],
            [side * 470, neckY - 150],
            [side * 450, neckY + 190],
            [side * 350, neckY + 110],
            [side * 300, neckY + 310],
            [side * 210, neckY + 210],
            [side * half * 0.8, -240]
          ),
          'bodyDark',
          { depth: 0.6 }
        )
      )
    : ''
  return {
    behind:
      (anyOf(
        /monkey|ape|cat|mouse|rat|kangaroo|squirrel|fox|lemur|otter|beaver/,
        /marsup|rodent|carniv|primate|possum|mongoose|skunk|shrew/
      ).test(words)
        ? tail(model, half * 0.7, -150)
        : '') + wings,
    body:
      leg(-1) +
      leg(1) +
      pen.solid(torso, 'body', { inside: belly + hide(-half * 1.2, neckY, half * 2.4, -86 - neckY) }),
    torso: { d: torso, x: -half * 1.1, y: neckY, width: half * 2.2, height: -90 - neckY },
    head,
    face: {
      x: 0,
      y: headY - radius * 0.16,
      eye: radius * 0.27,
      apart: radius * 0.43,
      mouth: { x: 0, y: headY + radius * 0.58, width: radius * 0.42 }
    },
    crown: { x: 0, y: headY - radius * 0.84, width: radius * 1.5 },
    neck: { x: 0, y: neckY + 6, width: half * 1.25 },
    shoulders: [
      [-half * 0.74, neckY + 90],
      [half * 0.74, neckY + 90]
    ],
    hands: [
      [-half, -300],
      [half, -300]
    ],
    arm: 74 * girth
  }
}

/** Hoofed animals and others on four legs: the body from the side, the face to the front. */
export function quadruped(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const tall = /giraffe|camel|llama|alpaca|vicuña|guanaco|horse|okapi|gerenuk/.test(words)
  const heavy = /elephant|mammoth|rhino|hippo|bison|buffalo|ox\b|bear|tapir|pig|boar/.test(words)
  const radius = (heavy ? 142 : 124) * model.head
  const backY = tall ? -560 : heavy ? -640 : -590
  const bellyY = backY + (heavy ? 330 : 260) * girth
  const headX = -190
  const headY = -1000 + radius * (tall ? 1.1 : 1.5)
  const trunk = blob(
    [-250, backY - 10],
    [-40, backY - 30],
    [260, backY - 10],
    [330, backY + 120],
    [280, bellyY],
    [0, bellyY + 24],
    [-250, bellyY]
  )
  const neck = blob(
    [headX - radius * 0.7, headY],
    [headX + radius * 0.8, headY],
    [20, backY + 60],
    [-20, backY + 220],
    [-270, backY + 200],
    [-290, backY + 40]
  )
  const legs = (near: boolean) =>
    each([-190, 220], (x, index) => {
      const foot = near ? x + (index === 0 ? -40 : 40) : x + (index === 0 ? 60 : -60)
      return (
        pen.limb(
          curve([x + (near ? 0 : 30), bellyY - 60], [foot, -40]),
          near ? 'body' : 'bodyDark',
          (heavy ? 96 : 62) * girth
        ) +
        pen.solid(polygon([foot - 44, -46], [foot + 44, -46], [foot + 54, 0], [foot - 54, 0]), 'ink', {
          depth: 0
        })
      )
    })
  const hump = /camel|bison|zebu|dromedary|yak/.test(words)
    ? pen.solid(ellipse(90, backY + 10, 120, 130), 'body')
    : ''
  const mane = /horse|zebra|donkey|giraffe|przewalski/.test(words)
    ? pen.solid(
        ribbon(
          [
            [headX + radius * 0.4, headY - radius * 0.6],
            [headX + radius * 1.1, headY + radius * 0.6],
            [30, backY + 10]
          ],
          [40, 74, 40]
        ),
        'bodyDark',
        { depth: 0.4 }
      )
    : ''
  const { head } = headOf(model, headX, headY, radius)
  const wool = /sheep|lamb|alpaca|musk ox/.test(words)
    ? repeat(7, (index) =>
        pen.solid(ellipse(-210 + index * 78, backY + 20 + (index % 2) * 26, 84), 'bodyLight', { depth: 0.4 })
      )
    : ''
  return {
    behind:
      legs(false) +
      pen.limb(curve([310, backY + 60], [400, backY + 100], [384, backY + 300]), 'bodyDark', 26) +
      pen.solid(ellipse(384, backY + 310, 30, 50), 'ink', { depth: 0 }),
    body:
      legs(true) +
      hump +
      pen.solid(trunk, 'body', { inside: hide(-300, backY - 40, 650, bellyY - backY + 80) }) +
      wool +
      mane +
      pen.solid(neck, 'body', {
        depth: 0.6,
        inside: hide(headX - radius, headY, radius * 3, backY + 220 - headY)
      }),
    torso: { d: trunk, x: -100, y: backY - 20, width: 300, height: bellyY - backY },
    head,
    face: {
      x: headX,
      y: headY - radius * 0.2,
      eye: radius * 0.27,
      apart: radius * 0.46,
      mouth: { x: headX, y: headY + radius * 0.62, width: radius * 0.4 }
    },
    crown: { x: headX, y: headY - radius * 0.84, width: radius * 1.4 },
    neck: { x: -110 + (headX + 110) * 0.5, y: (headY + backY) / 2 + radius * 0.55, width: radius * 1.9 },
    shoulders: [
      [-250, backY + 170],
      [-90, backY + 170]
    ],
    hands: [
      [-330, -330],
      [-60, -300]
    ],
    arm: 56 * girth
  }
}
