// Looks at what is around the figure: the thing of the trope, the light behind the head, marks of feelings.
import t from 'tap'
import { FRAME } from '../../../../lib/image/local/frame.ts'
import { gridOf } from '../../../../lib/image/local/grid/grid.ts'
import { handOf } from '../../../../lib/image/local/hands/index.ts'
import { drawLamp, lampOf } from '../../../../lib/image/local/lamp.ts'
import type { Lamp } from '../../../../lib/image/local/lamp.ts'
import { layoutOf } from '../../../../lib/image/local/layout.ts'
import { paletteOf } from '../../../../lib/image/local/palette.ts'
import { drawParts } from '../../../../lib/image/local/parts.ts'
import { createPen } from '../../../../lib/image/local/pen.ts'
import { partOf, thingOf } from '../../../../lib/image/local/props.ts'
import { boxOf } from '../../../../lib/image/local/small/box.ts'
import { createMarkSurface } from '../../../../lib/image/local/small/surface.ts'
import type { Mark } from '../../../../lib/image/local/surface.ts'
import { traitsOf } from '../../../../lib/image/local/traits.ts'
import { addressOf, databases, FEELINGS, rowsOf, traitsWith, wearing } from './dresses.ts'

const COUNT = 120
const SIDE = 50
const LIGHT = { dx: 26, dy: -20 }

function sceneOf(index: number, rows: Parameters<typeof wearing>[0]) {
  const traits = traitsOf(wearing(rows, addressOf(index)))
  const hand = handOf(traits.artStyle1)
  const palette = paletteOf(traits, hand.palette)
  const marks: Mark[] = []
  const surface = createMarkSurface(marks, false)
  const parts = drawParts({ traits, hand, palette, rarity: undefined, surface, isSmall: false })
  const light = { ...LIGHT, dx: traits.random('scene').chance(0.5) ? -26 : 26 }
  const layout = layoutOf({ traits, hand, palette, rarity: undefined, light })
  const cellsOf = (content: string) => gridOf(content, marks, SIDE, false).colors
  return { name: `${index} ${traits.noun.name} (${hand.name})`, parts, layout, marks, cellsOf }
}

t.test('hearts in the air belong to love, a far moon to longing, rays to pride', (t) => {
  const tropes = rowsOf('trope')
  for (const [feeling, row] of FEELINGS) {
    const { emotion } = traitsWith({ emotion: row })
    const things = new Set(tropes.map((trope) => thingOf({ trope, emotion }).name))
    const lamps = new Set(tropes.map((trope) => lampOf({ trope, emotion })))
    t.equal(things.has('hearts'), feeling === 'love', feeling)
    t.equal(lamps.has('hearts'), feeling === 'love', feeling)
    if (feeling === 'longing') t.same([...lamps], ['moon'])
    if (feeling === 'pride') t.same([...lamps], ['rays'])
    if (feeling === 'joy') t.ok(lamps.size > 4, 'the trope chooses the light')
  }
  t.end()
})

const isMarked = (cells: readonly string[]) => cells.some((cell) => cell !== '')

const standing = databases.rows.tropes.filter(
  (row) => partOf(traitsWith({ trope: row }).trope).at === 'before'
)

t.test('the thing of a trope stands behind the figure, on the ground, and no frame cuts it', (t) => {
  const scenes = Array.from({ length: COUNT }, (_, index) =>
    sceneOf(index, { trope: standing[index % standing.length]! })
  )
  const names = (faulty: typeof scenes) => faulty.map(({ name }) => name)
  t.ok(
    scenes.every(({ parts }) => {
      const order = Object.keys(parts)
      return (
        order.indexOf('story') < order.indexOf('figure') && order.indexOf('story') > order.indexOf('back')
      )
    })
  )
  const cut = scenes.filter(({ parts, layout: { window }, marks }) => {
    const { left, right, bottom } = boxOf(parts.story, marks)
    return left < window.left - 12 || right > window.right + 12 || bottom > window.bottom + 12
  })
  t.same(names(cut), [])
  const floating = scenes.filter(
    ({ parts, layout, marks }) => boxOf(parts.story, marks).bottom < layout.horizon + 20
  )
  t.same(names(floating), [])
  const hidden = scenes.filter(({ parts, cellsOf }) => {
    const figure = cellsOf(parts.figure)
    const story = cellsOf(parts.story)
    const seen = story.filter((cell, at) => cell !== '' && figure[at] === '').length
    return seen < story.filter((cell) => cell !== '').length * 0.4
  })
  t.ok(hidden.length <= COUNT * 0.1, `${hidden.length}: ${names(hidden).join(', ')}`)
  t.end()
})

t.test('a longing figure has a moon beside its head, if there is room', (t) => {
  const rows = { emotion: FEELINGS.get('longing')!, trope: standing[0]! }
  const scenes = Array.from({ length: 60 }, (_, index) => sceneOf(index, rows))
  const moons = scenes.filter(({ parts, cellsOf }) => isMarked(cellsOf(parts.storyBehind)))
  t.ok(moons.length >= 36, `${moons.length} of 60`)
  const covered = moons.filter(({ parts, layout: { head, isTilted }, marks }) => {
    const moon = boxOf(parts.storyBehind, marks)
    return !isTilted && moon.right - 30 > head.left && moon.left + 30 < head.right
  })
  t.same(
    covered.map(({ name }) => name),
    []
  )
  const others = Array.from({ length: 20 }, (_, index) =>
    sceneOf(index, { ...rows, emotion: FEELINGS.get('joy')! })
  )
  t.ok(others.every(({ parts, cellsOf }) => !isMarked(cellsOf(parts.storyBehind))))
  t.end()
})

t.test('a calm picture is level', (t) => {
  const viewpoint = databases.rows.viewpoints.find((row) => /dutch/i.test(row))!
  const isTilted = (feeling: string) =>
    sceneOf(1, { viewpoint, emotion: FEELINGS.get(feeling)! }).layout.isTilted
  t.equal(isTilted('calm'), false)
  t.equal(isTilted('anger'), true)
  t.end()
})

t.test('each light is a shape around the head', (t) => {
  const palette = paletteOf(traitsWith({}))
  const kinds: Lamp[] = ['sun', 'moon', 'rays', 'spot', 'rainbow', 'stars', 'lightning', 'hearts']
  const drawn = kinds.map((kind) => {
    const marks: Mark[] = []
    const pen = createPen(palette, { shading: 'flat' }, LIGHT, createMarkSurface(marks, false))
    const cells = gridOf(drawLamp(pen, kind, 500, 400, 300), marks, SIDE, false).colors
    for (const [x, y] of [
      [500, 400],
      [440, 480],
      [560, 480]
    ] as const) {
      t.not(cells[Math.floor((y / FRAME) * SIDE) * SIDE + Math.floor((x / FRAME) * SIDE)], '', kind)
    }
    return cells.join()
  })
  t.equal(new Set(drawn).size, kinds.length, 'each kind differs')
  t.end()
})
