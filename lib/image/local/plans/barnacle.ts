import { nameOf, pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'

/** Barnacles: a cone of plates with feathers out of its mouth; goose barnacles have a stalk. */
export function barnacle(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 330 * girth
  const isGoose = /goose/.test(nameOf(model))
  const lift = isGoose ? 190 : 0
  const d = polygon(
    [-half * 0.5, -760 - lift * 0.6],
    [half * 0.5, -760 - lift * 0.6],
    [half * (isGoose ? 0.86 : 1.06), -180 - lift],
    [half * (isGoose ? 0.3 : 1.1), -10 - lift],
    [-half * (isGoose ? 0.3 : 1.1), -10 - lift],
    [-half * (isGoose ? 0.86 : 1.06), -180 - lift]
  )
  const plates = each(
    [-0.62, -0.2, 0.2, 0.62],
    (share) => path`M${share * half * 0.7} ${-470 - lift * 0.7}L${share * half * 1.3} 0`
  )
  const feathers = repeat(7, (index) => {
    const x = (index - 3) * 46
    const tip: Point = [x * 2.9, -1050 + Math.abs(index - 3) * 40]
    const barbs = each([0.5, 0.7, 0.9], (share) => {
      const [bx, by] = [x + (tip[0] - x) * share, -760 + (tip[1] + 760) * share]
      return path`M${bx} ${by}l34 -40M${bx} ${by}l-34 -40`
    })
    return (
      pen.line(barbs, 'accent', 11) +
      pen.limb(curve([x, -760 - lift * 0.5], [x * 1.6, -900], tip), 'accent', 22)
    )
  })
  const stalk = isGoose
    ? pen.solid(
        ribbon(
          [
            [0, -240],
            [40, -150],
            [-10, -10]
          ],
          [200, 170, 210]
        ),
        'bodyDark',
        {
          depth: 0.6,
          inside: pen.line(
            each([-180, -120, -60], (y) => path`M-140 ${y}h280`),
            'body',
            10
          )
        }
      )
    : ''
  return {
    behind: feathers + stalk,
    body:
      pen.solid(d, 'body', {
        depth: 1.2,
        inside: pen.line(plates, 'bodyDark', 18) + hide(-half, -280 - lift, half * 2, 200)
      }) + pen.solid(ellipse(0, -760 - lift * 0.6, half * 0.52, 54), 'bodyDark', { depth: 0.4 }),
    head: '',
    face: {
      x: 0,
      y: -590 - lift * 0.7,
      eye: 58 * model.head,
      apart: 84,
      mouth: { x: 0, y: -470 - lift * 0.7, width: 110 }
    },
    crown: { x: 0, y: -770 - lift * 0.6, width: 260 },
    neck: { x: 0, y: -330 - lift, width: 0 },
    shoulders: pair(half * 0.78, -380 - lift * 0.6),
    hands: pair(half + 90, -300),
    arm: 52
  }
}

/** Chitons from above: eight plates one over the other, and a belt around them. */
export function chiton(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 330 * girth
  const belt = blob(
    [-half * 0.7, -1000],
    [half * 0.7, -1000],
    [half * 1.2, -500],
    [half * 0.7, 0],
    [-half * 0.7, 0],
    [-half * 1.2, -500]
  )
  const bands = both((side) =>
    repeat(17, (index) => {
      const y = -940 + index * 56
      return path`M${side * half * 0.6} ${y}L${side * half * 1.3} ${y + (index - 8) * 6}`
    })
  )
  const plates = repeat(6, (index) => {
    const row = 5 - index
    const [y, wide] = [-470 + row * 74, half * [0.74, 0.76, 0.74, 0.66, 0.54, 0.38][row]!]
    return pen.solid(
      path`
        M${-wide} ${y}
        Q0 ${y - 70} ${wide} ${y}
        Q${wide * 0.9} ${y + 76} 0 ${y + 100}
        Q${-wide * 0.9} ${y + 76} ${-wide} ${y}Z
      `,
      row % 2 === 0 ? 'body' : 'bodyLight',
      { depth: 0.5 }
    )
  })
  return {
    behind: '',
    body:
      pen.solid(belt, 'bodyDark', {
        depth: 0.9,
        inside: pen.line(bands, 'accentDark', 18) + hide(-half, -380, half * 2, 340)
      }) + plates,
    head: pen.solid(
      blob(
        [-half * 0.6, -900],
        [half * 0.6, -900],
        [half * 0.94, -640],
        [half * 0.5, -400],
        [-half * 0.5, -400],
        [-half * 0.94, -640]
      ),
      'body',
      {
        depth: 1,
        inside: pen.line(
          each([-846, -470], (y) => curve([-half, y + 60], [0, y - 40], [half, y + 60])),
          'bodyDark',
          18
        )
      }
    ),
    face: { x: 0, y: -680, eye: 60 * model.head, apart: 92, mouth: { x: 0, y: -560, width: 112 } },
    crown: { x: 0, y: -900, width: 280 },
    neck: { x: 0, y: -440, width: half * 1.4 },
    shoulders: pair(half * 0.92, -440),
    hands: pair(half + 80, -320),
    arm: 50
  }
}
