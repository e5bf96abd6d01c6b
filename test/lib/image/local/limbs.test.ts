import t from 'tap'
import { drawFigure, measureFigure } from '../../../../lib/image/local/figure.ts'
import type { Limb, LimbKind } from '../../../../lib/image/local/anatomy.ts'
import { drawLimb } from '../../../../lib/image/local/limbs.ts'
import { paletteOf } from '../../../../lib/image/local/palette.ts'
import { createPen } from '../../../../lib/image/local/pen.ts'
import type { Technique } from '../../../../lib/image/local/pen.ts'
import { boxOf } from '../../../../lib/image/local/small/box.ts'
import { createMarkSurface } from '../../../../lib/image/local/small/surface.ts'
import { createSvgSurface } from '../../../../lib/image/local/surface.ts'
import type { Mark } from '../../../../lib/image/local/surface.ts'
import { traitsOf } from '../../../../lib/image/local/traits.ts'
import { gearOf, hasSleeves } from '../../../../lib/image/local/wardrobe/index.ts'
import { ADDRESS, databases, dressOf, rowsOf, traitsWith } from './dresses.ts'
import { markedPixels } from './pixels.ts'

const palette = paletteOf(traitsOf(dressOf(ADDRESS)))
const OUTLINED: Technique = { shading: 'flat', outline: { role: 'ink', width: 8 } }

const ARM: Limb = {
  from: [100, -500],
  to: [120, -420],
  side: 1,
  width: 70,
  isHuman: false,
  isHolding: false,
  isSleeved: false
}

function drawnArm(limb: Partial<Limb>, kind: LimbKind = 'arm') {
  const marks: Mark[] = []
  const pen = createPen(palette, OUTLINED, { dx: 26, dy: -20 }, createMarkSurface(marks, false))
  const { under, over } = drawLimb(pen, kind, { ...ARM, ...limb })
  return { marks, box: boxOf(under + over, marks) }
}

t.test('a hoof, which cannot grip, has a strap over the tool', async (t) => {
  const hoof = { from: [100, -500], to: [260, -300] } as const
  const count = (isHolding: boolean, kind: LimbKind) =>
    drawnArm({ ...hoof, isHolding }, kind).marks.filter(({ fill }) => fill === palette.accent).length
  t.equal(count(true, 'foreleg') - count(false, 'foreleg'), 1)
  t.equal(count(true, 'arm') - count(false, 'arm'), 0, 'a hand needs none')
})

t.test('an arm whose hand is near the shoulder bends outwards at the elbow', async (t) => {
  const [right, left] = [drawnArm({}), drawnArm({ from: [-100, -500], to: [-120, -420], side: -1 })]
  t.ok(right.box.right > 200, `the right elbow is at ${right.box.right}`)
  t.ok(left.box.left < -200, `the left elbow is at ${left.box.left}`)
})

t.test('an arm has no outline at the shoulder, where the body goes on', async (t) => {
  const { marks } = drawnArm({ to: [300, -500] })
  const [edge, arm] = marks as [Mark, Mark]
  t.equal(arm.stroke, undefined, 'the arm itself has no outline')
  t.equal(edge.fill, undefined, 'its outline is a line')
  t.equal(edge.d.match(/M/g)?.length, 2, 'one line along each edge')
  const pointsOf = (d: string) => [...d.matchAll(/[ML]/g)].length
  t.equal(pointsOf(edge.d), pointsOf(arm.d) - 4, 'the points at the shoulder are in none of them')
  t.notOk(edge.d.includes('Z'), 'and they are open')
})

t.test('a coat has sleeves, and what is on a back has none', async (t) => {
  const coat = rowsOf('occupation').find((occupation) => gearOf(occupation, true).garment === 'coat')!
  const torso = { d: '', x: 0, y: 0, width: 1, height: 1 }
  t.ok(hasSleeves(coat, torso))
  t.notOk(hasSleeves(coat, { ...torso, isBack: true }))
  t.notOk(hasSleeves(coat, undefined))
  t.ok(drawnArm({ isSleeved: true }).marks.some(({ fill }) => fill === palette.cloth))
  t.notOk(drawnArm({}).marks.some(({ fill }) => fill === palette.cloth))
})

t.test('a body without a front wears only what goes around it', async (t) => {
  const worn = new Set(rowsOf('occupation').map((occupation) => gearOf(occupation, true, true).garment))
  t.same([...worn].sort(), ['bowTie', 'jersey', 'kerchief', 'ruff', 'sash', 'scarf'])
})

t.test('a spider stands on six legs, which are apart, and has two arms', async (t) => {
  const SIDE = 240
  const row = databases.rows.nouns.find((each) => each.startsWith('garden spider,'))
  const noun = row ?? databases.rows.nouns.find((each) => /spider,/.test(each))!
  const traits = traitsWith({ noun, occupation: '', action: 'standing', adjective: 'smooth' })
  const surface = createSvgSurface()
  const pen = createPen(palette, { shading: 'flat' }, { dx: 26, dy: -20 }, surface)
  const { scale } = measureFigure(traits.noun, 900)
  const stand = { x: 500, y: 950, isCropped: false, scale, light: 0, head: 1, girth: 1 }
  const { body } = drawFigure(pen, traits, stand)
  const pixels = await markedPixels(`<defs>${surface.defs()}</defs>${body}`, SIDE, '0 0 1000 1000')
  const low = Math.floor(pixels.lastIndexOf(1) / SIDE) - 12
  const line = pixels.subarray(low * SIDE, (low + 1) * SIDE)
  const legs = line.filter((value, at) => value === 1 && line[at - 1] !== 1).length
  t.equal(legs, 6)
})
