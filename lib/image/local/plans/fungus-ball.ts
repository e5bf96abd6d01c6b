import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar, polygon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { headless } from './headless.ts'

/**
 * What a ball is: a puffball, an earthstar on its rays, a truffle that is cut, a cage, a brain, a black cake on a
 * branch, a mane of spines.
 */
type Ball = 'puff' | 'star' | 'truffle' | 'cage' | 'brain' | 'cake' | 'mane'

const ballOf = (name: string): Ball => {
  if (/earthstar/.test(name)) return 'star'
  if (/truffle/.test(name)) return 'truffle'
  if (/cage/.test(name)) return 'cage'
  if (/lion's mane/.test(name)) return 'mane'
  if (/king alfred/.test(name)) return 'cake'
  return /brain|cauliflower/.test(name) ? 'brain' : 'puff'
}

/** The skin of a ball. */
function skin({ pen, hide }: Model, kind: Ball, half: number): string {
  switch (kind) {
    case 'truffle': {
      const veins = repeat(12, (index) => {
        const [x, y] = polar(0, -480, 330 + (index % 2) * 60, index * 30 + 10)
        const [mx, my] = polar(0, -480, 250, index * 30 + 34)
        const [ex, ey] = polar(0, -480, 290, index * 30 + 58)
        return path`M${x} ${y}Q${mx} ${my} ${ex} ${ey}q30 40 ${index % 2 === 0 ? 60 : -50} 70`
      })
      const cut = ellipse(0, -480, half * 0.88, 410)
      return (
        pen.flat(cut, 'bodyLight') +
        pen.within(cut, pen.line(veins, 'paper', 22)) +
        pen.line(cut, 'paper', 14)
      )
    }
    case 'brain': {
      const folds =
        repeat(9, (index) => {
          const [x, y] = polar(0, -480, 360, index * 40 + 6)
          return path`M${x - 60} ${y}q20 -70 70 -20q50 50 90 -20q20 60 -40 90`
        }) + path`M-150 -220q60 -60 110 0q60 50 120 -10M-40 -860q40 70 110 10`
      return pen.line(folds, 'bodyDark', 26)
    }
    case 'cake':
      return (
        pen.line(
          each([0.62, 0.78, 0.92], (size) => ellipse(0, -330, half * size * 1.1, 600 * size)),
          'ink',
          10
        ) +
        pen.flat(
          repeat(22, (index) => ellipse(...polar(0, -420, 340 + (index % 3) * 46, index * 33), 13)),
          'ink'
        )
      )
    case 'puff':
      return (
        hide(-half, -330, half * 2, 200) +
        pen.flat(
          repeat(26, (index) => {
            const [x, y] = polar(0, -490, 290 + (index % 3) * 60, index * 27.7)
            return polygon([x - 20, y + 16], [x, y - 26], [x + 20, y + 16])
          }),
          'bodyLight'
        )
      )
    default:
      return hide(-half, -380, half * 2, 260)
  }
}

/** What is behind a ball, and what is before it. */
function aroundBall({ pen }: Model, kind: Ball, half: number): { behind: string; front: string } {
  switch (kind) {
    case 'star':
      return {
        behind: '',
        front: each([-2.1, 2.1, -1.05, 1.05, 0], (share) =>
          pen.solid(
            polygon(
              [share * 130 - 120, -250],
              [share * 130 + 120, -250],
              [share * 240, share === 0 ? 16 : -14 - Math.abs(share) * 20]
            ),
            'bodyDark',
            { depth: 0.4 }
          )
        )
      }
    case 'puff':
      return {
        behind: pen.limb(
          each([-60, 0, 60], (x) => curve([x, -60], [x * 1.6, -4])),
          'bodyDark',
          44
        ),
        front: pen.solid(ellipse(0, -920, 84, 34), 'bodyDark', {
          depth: 0.2,
          inside: pen.flat(ellipse(0, -916, 46, 18), 'ink')
        })
      }
    case 'cake':
      return {
        behind:
          pen.limb(path`M-540 -60H540M360 -60L470 -190`, 'clothDark', 110) +
          both((side) => pen.solid(ellipse(side * 430, -150, 120, 110), 'bodyDark', { depth: 0.6 })),
        front: ''
      }
    case 'mane':
      return {
        behind: '',
        front: each([-480, -380, -270, -160], (y, row) =>
          each([-3, -2, -1, 0, 1, 2, 3], (step) => {
            const x = (step + (row % 2) * 0.5 - 0.25) * half * 0.29
            if (row < 2 && Math.abs(x) < 190) return ''
            return pen.solid(
              polygon([x - 42, y - 30], [x + 42, y - 30], [x + step * 4, y + 150]),
              row % 2 === 0 ? 'body' : 'bodyLight',
              { depth: 0.3 }
            )
          })
        )
      }
    case 'cage':
      return {
        behind: pen.solid(blob([-230, -130], [230, -130], [250, 0], [-250, 0]), 'paper', { depth: 0.4 }),
        front: ''
      }
    default:
      return { behind: '', front: '' }
  }
}

/** A lattice that arches over a ball, with windows between its bars. */
function cageBars({ pen }: Model, half: number): string {
  const bars =
    each([-0.62, 0.62], (share) =>
      curve([share * half * 0.4, -900], [share * half * 1.7, -500], [share * half * 0.5, -90])
    ) +
    each([-820, -190], (y) => curve([-half, y - 40], [0, y + 60], [half, y - 40])) +
    path`M${-half} -420L${-half * 0.5} -520M${half} -420L${half * 0.5} -520`
  return pen.line(bars, 'bodyDark', 40)
}

/** Fungi like a ball. */
export function ball(model: Model): Anatomy {
  const { pen, girth } = model
  const kind = ballOf(nameOf(model))
  const half = (kind === 'star' ? 330 : 430) * girth
  const d =
    kind === 'truffle' || kind === 'brain'
      ? blob(
          ...[1.1, 1.02, 1.16, 1.04, 1.1, 1.2, 1.04, 1.14, 1.06, 1.16].map((size, index): Point => {
            const [x, y] = polar(0, 0, half * size, index * 36 + 8)
            return [x * 1.04, -470 + y]
          })
        )
      : kind === 'cake'
        ? path`M${-half} -60C${-half * 1.2} -1060 ${half * 1.2} -1060 ${half} -60Q0 -10 ${-half} -60Z`
        : kind === 'star'
          ? blob(
              [-half * 0.4, -900],
              [0, -1000],
              [half * 0.4, -900],
              [half * 1.1, -600],
              [half * 0.8, -180],
              [-half * 0.8, -180],
              [-half * 1.1, -600]
            )
          : ellipse(0, -480, half, 460)
  const { behind, front } = aroundBall(model, kind, half)
  return headless(
    model,
    {
      behind,
      body:
        pen.solid(d, kind === 'cake' ? 'bodyDark' : 'body', {
          depth: 1.3,
          inside: skin(model, kind, half) + (kind === 'cage' ? cageBars(model, half) : '')
        }) + front
    },
    {
      y: -560,
      apart: 100,
      hat: kind === 'star' ? -850 : -860,
      hatWide: 330,
      neck: -300,
      neckWide: half * 1.7,
      shoulder: [half * (kind === 'star' ? 0.9 : 0.88), -330]
    }
  )
}
