import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { blob, clockwiseRibbon, curve, ellipse, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { reptileHead } from './reptile-head.ts'
import type { ReptileHead } from './reptile-head.ts'

const LONG_NECKED =
  /diplodoc|brachio|plesio|elasmosaur|brontos|mamenchi|amarga|plateosaur|whip-tailed|long-necked|neck-/
const SMALL_HEADED =
  /gallimimus|mononykus|oviraptor|caudipteryx|compso|coelophysis|deinocheirus|therizino|ostrich/
const FEATHERED = /raptor|feather|caudipteryx|oviraptor|mononykus|therizino|deinocheirus|gallimimus/
const BILLED = /duck-billed|iguanodon|beaked|heterodonto|pachycephalo/

/** A leg with three toes. */
function leg({ pen, girth }: Model, x: number, role: 'body' | 'bodyDark'): string {
  return (
    pen.solid(
      blob([x - 110 * girth, -420], [x + 60, -500], [x + 150 * girth, -340], [x + 60, -170], [x - 70, -220]),
      role,
      { depth: 0.6 }
    ) +
    pen.limb(curve([x + 40, -230], [x + 90, -120], [x + 20, -46]), role, 84 * girth) +
    pen.solid(blob([x - 130, -48], [x + 60, -66], [x + 76, 2], [x - 140, 2]), role, { depth: 0.3 }) +
    each([-106, -56, -6], (dx) =>
      pen.flat(polygon([x + dx - 20, 0], [x + dx, -34], [x + dx + 20, 0]), 'paper')
    )
  )
}

/** Sails, plates, crests and horns that a kind is known for. */
function marks(model: Model, { x, y, radius }: ReptileHead): string {
  const { pen } = model
  const name = `${nameOf(model)},${model.words}`
  const at = (dx: number, dy: number): Point => [x + dx * radius, y + dy * radius]
  if (/spinosaur|amarga|deinocheirus/.test(name)) {
    const sail = blob([-30, -600], [60, -860], [230, -800], [330, -520], [330, -340], [60, -400])
    const rays = repeat(5, (index) =>
      pen.line(curve([60 + index * 50, -420], [20 + index * 76, -840 + index * 60]), 'accentDark', 10)
    )
    return pen.solid(sail, 'accent', { depth: 0.5, inside: rays })
  }
  if (/parasauro/.test(name)) {
    const spine: Point[] = [at(0, -0.6), at(1.1, -1.3), at(2.1, -1.2)]
    return pen.solid(ribbon(spine, [90, 76, 50]), 'accent', { depth: 0.4 })
  }
  if (/dilopho|ceratosaur|carnotaur|oviraptor|allosaur|double-crested/.test(name)) {
    return each([-0.4, 0.5], (dx) =>
      pen.solid(polygon(at(dx - 0.3, -0.7), at(dx, -1.6), at(dx + 0.4, -0.7)), 'accent', { depth: 0.4 })
    )
  }
  if (/pachycephalo/.test(name)) {
    return pen.solid(ellipse(...at(0, -0.8), radius * 0.9, radius * 0.6), 'accent', { depth: 0.6 })
  }
  if (!FEATHERED.test(name)) return ''
  return each([-40, -14, 12], (turn, index) =>
    pen.solid(
      ellipse(...at(0.7 + index * 0.2, -0.9 + index * 0.36), radius * 0.14, radius * 0.5, 50 + turn),
      'accent',
      { depth: 0.3 }
    )
  )
}

/** Plants eaters of the largest kind: a neck like a crane, four pillars. */
function sauropod(model: Model): Anatomy {
  const { pen, girth, words, order, hide } = model
  const isFlippered = /plesio|elasmosaur|flippered/.test(`${words},${order}`)
  const radius = 116 * model.head
  const head: ReptileHead = { x: -230, y: -880, radius, snout: 1.05 }
  const body = blob(
    [-330 * girth, -330],
    [-250, -480],
    [40, -560],
    [280 * girth, -470],
    [380 * girth, -300],
    [200, -170],
    [-180, -160]
  )
  const neck = clockwiseRibbon(
    [
      [-180, -330],
      [-280, -480],
      [-210, -680],
      [-230, -860]
    ],
    [260 * girth, 170, 120, 112]
  )
  const pillar = (x: number, role: 'body' | 'bodyDark') =>
    isFlippered
      ? pen.solid(blob([x - 60, -260], [x + 70, -240], [x + 20, -40], [x - 130, 6], [x - 150, -40]), role, {
          depth: 0.4
        })
      : pen.limb(curve([x, -300], [x, -60]), role, 118 * girth) +
        each([-34, 0, 34], (dx) => pen.flat(ellipse(x + dx, -14, 15, 14), 'paper'))
  const tail = clockwiseRibbon(
    [
      [200, -350],
      [430, -250],
      [540, -150],
      [600, -240]
    ],
    [230 * girth, 120, 60, 14]
  )
  const { drawn, face, crown } = reptileHead(model, head)
  return {
    behind: pillar(-110, 'bodyDark') + pillar(260, 'bodyDark') + marks(model, head),
    body:
      pillar(180, 'body') +
      pen.merged([body, neck, tail], 'body', {
        inside:
          pen.within(body, pen.flat(ellipse(0, -170, 300, 90), 'bodyLight')) +
          hide(-300, -520, 640, 260) +
          hide(-300, -820, 160, 290)
      }) +
      (isFlippered ? '' : pillar(-190, 'body')),
    torso: { d: body, x: -150, y: -540, width: 400, height: 330, isBack: true },
    head: drawn,
    face,
    crown,
    neck: { x: -242, y: -590, width: 150 },
    shoulders: [
      [-270, -360],
      [60, -400]
    ],
    hands: [
      [-430, -300],
      [200, -200]
    ],
    arm: 84 * girth,
    holds: 0
  }
}

/** Dinosaurs on two legs: a long tail behind, small arms before, a heavy head. */
export function saurian(model: Model): Anatomy {
  const { pen, girth, words, order, hide } = model
  if (LONG_NECKED.test(`${words},${order}`)) return sauropod(model)
  const isSmall = SMALL_HEADED.test(words)
  const isBilled = BILLED.test(words)
  const radius = (isSmall ? 118 : 154) * model.head
  const head: ReptileHead = {
    x: -170,
    y: -1000 + radius * 1.14,
    radius,
    snout: isSmall ? 1.1 : isBilled ? 1.2 : 1.32
  }
  const spine: Point[] = [
    [head.x + 40, head.y + 20],
    [-110, -640],
    [-10, -460],
    [160, -370],
    [340, -320],
    [470, -400],
    [540, -530]
  ]
  const body = ribbon(
    spine,
    (isSmall ? [110, 170, 300, 260, 130, 70, 16] : [190, 290, 350, 290, 160, 84, 18]).map(
      (width) => width * girth
    )
  )
  const belly = ribbon(
    [
      [head.x - 40, head.y + 190],
      [-200, -520],
      [-80, -330],
      [110, -260]
    ],
    [60, 130, 120, 60]
  )
  const { drawn, face, crown } = reptileHead(model, head, { teeth: isSmall || isBilled ? 0 : 6 })
  const tuft = FEATHERED.test(words)
    ? each([0, 1, 2], (index) =>
        pen.solid(ellipse(500 - index * 26, -540 + index * 70, 40, 90, 20 + index * 26), 'accent', {
          depth: 0.3
        })
      )
    : ''
  return {
    behind: tuft + leg(model, 160, 'bodyDark') + marks(model, head),
    body:
      pen.solid(body, 'body', { inside: pen.flat(belly, 'bodyLight') + hide(-120, -620, 560, 300) }) +
      leg(model, 40, 'body'),
    torso: { d: body, x: -210, y: -640, width: 330, height: 330 },
    head: drawn,
    face,
    crown,
    neck: { x: -110, y: head.y + radius * 1.1, width: 230 * girth },
    shoulders: [
      [-190, -560],
      [-20, -540]
    ],
    hands: [
      [-330, -420],
      [60, -400]
    ],
    arm: 54 * girth,
    grips: 0
  }
}
