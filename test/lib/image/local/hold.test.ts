import sharp from 'sharp'
import t from 'tap'
import { paletteOf } from '../../../../lib/image/local/palette.ts'
import { createPen } from '../../../../lib/image/local/pen.ts'
import { createSvgSurface } from '../../../../lib/image/local/surface.ts'
import { traitsOf } from '../../../../lib/image/local/traits.ts'
import { drawGear, GEAR_NAMES, gearOf, toolBox } from '../../../../lib/image/local/wardrobe/index.ts'
import { ADDRESS, databases, dressOf, traitsWith } from './dresses.ts'

/** The picture shows 500 units to each side of the grip. */
const SIDE = 250
const REACH = 500
const UNIT = (2 * REACH) / SIDE
/** Half the width of a hand. */
const HAND = 40

const palette = paletteOf(traitsOf(dressOf(ADDRESS)))
const occupations = databases.rows.occupations.map((row) => traitsWith({ occupation: row }).occupation)

t.test('the box of a hand with a tool is as large as what is drawn', async (t) => {
  const faulty: string[] = []
  const seenTools: string[] = []
  for (const tool of GEAR_NAMES.tools) {
    const occupation = occupations.find((each) => gearOf(each, true).tool === tool)
    if (occupation === undefined) continue
    seenTools.push(tool)
    for (const hand of [0, 1] as const) {
      const surface = createSvgSurface()
      const pen = createPen(palette, { shading: 'flat' }, { dx: 0, dy: 0 }, surface)
      const nowhere = { x: 0, y: 0, width: 0 }
      const anatomy = {
        behind: '',
        body: '',
        head: '',
        face: { x: 0, y: 0, eye: 0, apart: 0 },
        crown: nowhere,
        neck: nowhere,
        hands: [
          [0, 0],
          [0, 0]
        ] as const
      }
      const drawn = drawGear(pen, occupation, anatomy, hand).tool
      const size = `width="${SIDE}" height="${SIDE}" viewBox="${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}"`
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}><defs>${surface.defs()}</defs>${drawn}</svg>`
      const data = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer()
      const marked = Array.from({ length: SIDE * SIDE }, (_, at) => at).filter((at) => data[at * 4 + 3]! > 60)
      const xs = marked.map((at) => (at % SIDE) * UNIT - REACH)
      const ys = marked.map((at) => Math.floor(at / SIDE) * UNIT - REACH)
      const seen = {
        left: Math.min(-HAND, ...xs),
        top: Math.min(-HAND, ...ys),
        right: Math.max(HAND, ...xs.map((x) => x + UNIT)),
        bottom: Math.max(HAND, ...ys.map((y) => y + UNIT))
      }
      const box = toolBox(palette, occupation, hand)
      for (const edge of ['left', 'top', 'right', 'bottom'] as const) {
        if (Math.abs(box[edge] - seen[edge]) > 12) {
          faulty.push(
            `${tool} in hand ${hand}: ${edge} ${box[edge].toFixed(0)}, seen ${seen[edge].toFixed(0)}`
          )
        }
      }
    }
  }
  t.same(faulty, [])
  t.ok(seenTools.length > 25, `${seenTools.length} tools`)
})
