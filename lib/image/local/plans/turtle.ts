import type { Anatomy, Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { blob, ellipse, path, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'

/** Turtles and tortoises: a dome on four stumps. */
export function turtle(model: Model): Anatomy {
  const { pen, girth, words } = model
  const radius = 116 * model.head
  const half = 330 * girth
  const claws = (x: number) => each([-46, -6, 34], (dx) => pen.flat(ellipse(x + dx, -8, 15, 13), 'paper'))
  const dome = `M${-half + 60} -170C${-half + 40} -640 ${half + 20} -700 ${half + 60} -170Z`
  const crest: readonly Point[] = [
    [-half * 0.7, -400],
    [-half * 0.2, -500],
    [half * 0.36, -500],
    [half * 0.86, -420]
  ]
  const plates = each(crest, ([x, y], index) => {
    const [nx, ny] = crest[index + 1] ?? [half * 1.2, -250]
    return path`
      M${x} ${y}L${(x + nx) / 2} ${(y + ny) / 2 - 40}L${nx} ${ny}M${x} ${y}
      L${x * 1.06} ${-170}M${x} ${y}L${x * 0.86} ${y - 160}
    `
  })
  const tiles =
    pen.line(plates, 'clothDark', 20) +
    pen.flat(
      each(crest, ([x], index) => ellipse(x + half * 0.26, -300 - (index === 1 ? 20 : 0), 40, 54)),
      'clothDark'
    )
  const flipper = /sea turtle|leatherback|loggerhead|green turtle|hawksbill|archelon|ridley/.test(words)
  const leg = (x: number, lean: number, role: 'body' | 'bodyDark') =>
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
          role
        )
      : pen.solid(
          blob(
            [x - 50, -250],
            [x + 70, -250],
            [x + 72 + lean * 0.3, -90],
            [x + 74 + lean * 0.4, 6],
            [x - 84 + lean * 0.4, 6],
            [x - 66 + lean * 0.3, -90]
          ),
          role,
          { depth: 0.4, inside: claws(x - 8 + lean * 0.4) }
        )
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
      leg(-120, -40, 'bodyDark') +
      leg(190, 40, 'bodyDark') +
      pen.solid(
        blob([half - 20, -220], [half + 70, -200], [half + 170, -90], [half + 60, -130], [half - 30, -150]),
        'body',
        { depth: 0.3 }
      ),
    body:
      pen.solid(neck, 'body', { depth: 0.6 }) +
      pen.solid(dome, 'cloth', { depth: 1.3, inside: tiles }) +
      leg(270, 60, 'body') +
      pen.solid(
        blob(
          [-half - 6, -250],
          [-half * 0.3, -196],
          [half * 0.5, -196],
          [half + 100, -250],
          [half + 100, -160],
          [half * 0.5, -120],
          [-half * 0.3, -120],
          [-half - 6, -160]
        ),
        'clothDark',
        { depth: 0.3 }
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
      [-half + 130, -230],
      [-half + 250, -230]
    ],
    hands: [
      [-half - 40, -200],
      [-half + 300, -170]
    ],
    ...(flipper ? { arm: 96, limb: 'fin' } : { arm: 74 }),
    far: 0,
    holds: 0
  }
}
