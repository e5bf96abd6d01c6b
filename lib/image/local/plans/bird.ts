import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { repeat } from '../repeat.ts'
import { blob, ellipse, ribbon } from '../svg.ts'
import { anyOf } from '../words.ts'
import { beak, crest, legs } from './plumage.ts'

const PALE_FACED = anyOf(
  /robin|tit\b|magpie|chickadee|finch|penguin|auk/,
  /puffin|bunting|wagtail|kingfisher|dipper|shrike/
)

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
  const mask = PALE_FACED.test(words)
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
      pen.solid(ellipse(0, headY, radius * 1.04, radius), 'body', { inside: mask }),
    face: {
      x: 0,
      y: headY - radius * 0.14,
      eye: radius * 0.29,
      apart: radius * 0.46,
      mouth: { x: 0, y: headY + radius * 0.52, width: radius * 0.74 },
      beak: beak(model, 0, headY + radius * 0.1, radius)
    },
    crown: { x: 0, y: headY - radius * 0.84, width: radius * 1.5 },
    neck: { x: 0, y: headY + radius * 0.92, width: half * 1.15 },
    shoulders: pair(half * 0.82, -520),
    hands: pair(half * 1.36, -330),
    arm: 92 * girth,
    limb: 'wing'
  }
}
