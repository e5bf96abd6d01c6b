import sharp from 'sharp'
import t from 'tap'
import { cameraOf } from '../../../../lib/image/local/camera.ts'
import { drawFigure, measureFigure } from '../../../../lib/image/local/figure.ts'
import { paletteOf } from '../../../../lib/image/local/palette.ts'
import { createPen } from '../../../../lib/image/local/pen.ts'
import { planOf } from '../../../../lib/image/local/plans/index.ts'
import { createSvgSurface } from '../../../../lib/image/local/surface.ts'
import { traitsOf } from '../../../../lib/image/local/traits.ts'
import { addressOf, dressOf, rowsOf } from './dresses.ts'

t.test('a figure has the height that is asked and stays in the frame', async (t) => {
  const SIDE = 200
  const ASKED = 630
  const light = { dx: 26, dy: -20 }
  const heights = new Map<string, number[]>()
  for (let index = 0; index < 900; index += 1) {
    const traits = traitsOf(dressOf(addressOf(index)))
    const plan = planOf(traits.noun)
    const measured = heights.get(plan) ?? []
    if (measured.length >= 6) continue
    const surface = createSvgSurface()
    const pen = createPen(paletteOf(traits), { shading: 'flat' }, light, surface)
    const { scale, reach } = measureFigure(traits.noun, ASKED)
    t.ok(reach < 500, `${plan} fits into the frame`)
    // The first shape is the shadow, which is no part of the height. The picture shows 250 units around the frame.
    const stand = { x: 500, y: 905, isCropped: false, scale, light: 1, head: 1, girth: 1 }
    const figure = drawFigure(pen, traits, stand).figure.replace(/^<path[^>]*\/>/, '')
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="-250 -250 1500 1500">` +
      `<defs>${surface.defs()}</defs>${figure}</svg>`
    const { data } = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    const marked = Array.from({ length: SIDE * SIDE }, (_, at) => at).filter((at) => data[at * 4 + 3]! > 40)
    const rows = marked.map((at) => Math.floor(at / SIDE))
    const columns = marked.map((at) => at % SIDE)
    const inFrame = (values: number[]) =>
      values.every((value) => (value * 1500) / SIDE - 250 > -16 && (value * 1500) / SIDE - 250 < 1008)
    t.ok(
      inFrame(rows) && inFrame(columns),
      `${plan} ${traits.noun.name} of address ${index} stays in the frame`
    )
    heights.set(plan, [...measured, ((rows.at(-1)! - rows[0]! + 1) * 1500) / SIDE])
  }
  for (const [plan, measured] of heights) {
    const middle = measured.sort((a, b) => a - b)[Math.floor(measured.length / 2)]!
    t.ok(middle > ASKED * 0.88 && middle < ASKED * 1.12, `${plan} is ${middle} high, ${ASKED} asked`)
  }
  t.ok(heights.size > 20, `${heights.size} plans`)
})

t.test('each viewpoint shows a whole figure large, or crops it', async (t) => {
  for (const viewpoint of rowsOf('viewpoint')) {
    const { height } = cameraOf(viewpoint)
    t.ok(height >= 0.6 && height <= 1.7, `${viewpoint.name}: ${height}`)
  }
})
