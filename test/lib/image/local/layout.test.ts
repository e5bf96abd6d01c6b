import t from 'tap'
import { handOf } from '../../../../lib/image/local/hands/index.ts'
import { layoutOf } from '../../../../lib/image/local/layout.ts'
import { planOf } from '../../../../lib/image/local/plans/index.ts'
import { createMarkSurface } from '../../../../lib/image/local/small/surface.ts'
import { paletteOf } from '../../../../lib/image/local/palette.ts'
import { createPen } from '../../../../lib/image/local/pen.ts'
import { rarityOf } from '../../../../lib/image/local/rarity.ts'
import { traitsOf } from '../../../../lib/image/local/traits.ts'
import { addressOf, dressOf } from './dresses.ts'

const COUNT = 500
const layouts = Array.from({ length: COUNT }, (_, index) => {
  const traits = traitsOf(dressOf(addressOf(index)))
  const hand = handOf(traits.artStyle1)
  const palette = paletteOf(traits, hand.palette)
  const layout = layoutOf({ traits, hand, palette, rarity: rarityOf(traits), light: { dx: 26, dy: -20 } })
  const { isUpright = false } = hand
  const name = `${index} ${traits.noun.name} (${hand.name})`
  return { name, plan: planOf(traits.noun), isUpright, palette, ...layout }
})

t.test('the face is inside of what the frame leaves, with room above the brows', async (t) => {
  const cut = layouts.filter(
    ({ face, window }) =>
      face.left < window.left - 2 ||
      face.right > window.right + 2 ||
      face.top < window.top + 18 ||
      face.bottom > window.bottom + 2
  )
  t.same(
    cut.map(({ name }) => name),
    []
  )
})

t.test('head and hat are inside of it too', async (t) => {
  const cut = layouts.filter(
    ({ head, window: { left, right, top } }) =>
      head.top < top - 3 || head.left < left - 3 || head.right > right + 3
  )
  t.ok(cut.length <= COUNT * 0.02, cut.map(({ name }) => name).join(', '))
})

t.test('nothing leans where the hand draws in few cells', async (t) => {
  const leans = (layout: (typeof layouts)[number]) => {
    const { palette, stand, drawFigure } = layout
    const pen = createPen(palette, { shading: 'flat' }, { dx: 26, dy: -20 }, createMarkSurface([], false))
    const [, degrees] = /translate\([^)]*\) rotate\(([^)]*)\) scale/.exec(drawFigure(pen, stand).face)!
    return Number(degrees) !== 0 || layout.isTilted
  }
  const [upright, others] = [true, false].map((is) => layouts.filter(({ isUpright }) => isUpright === is))
  t.ok(upright!.length > 20, `${upright!.length} pictures`)
  t.same(
    upright!.filter(leans).map(({ name }) => name),
    []
  )
  t.ok(others!.filter(leans).length > others!.length / 2, 'the figures of other hands lean')
})

t.test('a figure from the side faces the empty part of the picture', async (t) => {
  const middleOf = ({ left, right }: { left: number; right: number }) => (left + right) / 2
  const fromSide = layouts.filter(({ plan }) => plan === 'quadruped' || plan === 'lizard' || plan === 'fowl')
  const facesRight = ({ face, body }: (typeof layouts)[number]) => middleOf(face) > middleOf(body)
  const at = (isPlace: (x: number) => boolean) => fromSide.filter(({ arrangement: { x } }) => isPlace(x))
  const [left, middle, right] = [at((x) => x <= 460), at((x) => x > 460 && x < 540), at((x) => x >= 540)]
  t.ok(left.length > 5 && right.length > 5, `${left.length} on the left, ${right.length} on the right`)
  const wrong = [...left.filter((layout) => !facesRight(layout)), ...right.filter(facesRight)]
  // A tool that reaches far moves the middle of the body.
  t.ok(wrong.length <= (left.length + right.length) * 0.05, wrong.map(({ name }) => name).join(', '))
  const share = middle.filter(facesRight).length / middle.length
  t.ok(share > 0.25 && share < 0.75, `${Math.round(share * 100)} % of those in the middle face the right`)
})
