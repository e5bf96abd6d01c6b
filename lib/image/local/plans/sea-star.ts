import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { around, blob, curve, ellipse, polar } from '../svg.ts'
import type { Point } from '../svg.ts'

/** Sea stars, brittle stars, urchins, feather stars: five arms, or many spines. */
export function seaStar(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  if (/urchin|sand dollar|sea potato|hedgehog/.test(words)) {
    const spines = each(around(0, -470, 1, 26), (_, index) => {
      const turn = (index * 360) / 26
      const [from, to] = [polar(0, -470, 130, turn), polar(0, -470, index % 2 === 0 ? 470 : 400, turn)]
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
      hands: pair(360, -330)
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
    hands: pair(440, -600)
  }
}
