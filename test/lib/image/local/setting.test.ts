import sharp from 'sharp'
import t from 'tap'
import { BACKDROP_NAMES } from '../../../../lib/image/local/backdrop.ts'
import { paletteOf } from '../../../../lib/image/local/palette.ts'
import { createPen } from '../../../../lib/image/local/pen.ts'
import { partOf, PROP_NAMES, propOf } from '../../../../lib/image/local/props.ts'
import { rarityOf } from '../../../../lib/image/local/rarity.ts'
import { FLOORS } from '../../../../lib/image/local/setting/floor.ts'
import { FOREGROUNDS } from '../../../../lib/image/local/setting/foreground.ts'
import type { ForegroundName } from '../../../../lib/image/local/setting/foreground.ts'
import { drawForeground, settingOf } from '../../../../lib/image/local/setting/index.ts'
import { createSvgSurface } from '../../../../lib/image/local/surface.ts'
import { traitsOf } from '../../../../lib/image/local/traits.ts'
import { addressOf, dressOf, rowsOf } from './dresses.ts'

const COUNT = 1500
const all = Array.from({ length: COUNT }, (_, index) => traitsOf(dressOf(addressOf(index))))

t.test('every picture has one place, and each floor and each foreground belongs to a place', async (t) => {
  const settings = all.map(settingOf)
  t.same([...new Set(settings.map(({ floor }) => floor))].sort(), Object.keys(FLOORS).sort())
  t.same([...new Set(settings.map(({ foreground }) => foreground))].sort(), Object.keys(FOREGROUNDS).sort())
  t.ok(BACKDROP_NAMES.length > 20)
  const inside = settings.filter(({ isIndoors }) => isIndoors).length
  t.ok(inside > COUNT * 0.15 && inside < COUNT * 0.6, `${inside} rooms`)
})

t.test('a foreground covers the lower edge and leaves the middle of the picture free', async (t) => {
  const SIDE = 100
  const traits = all[0]!
  for (const foreground of Object.keys(FOREGROUNDS) as ForegroundName[]) {
    const surface = createSvgSurface()
    const pen = createPen(paletteOf(traits), { shading: 'flat' }, { dx: 26, dy: -20 }, surface)
    const drawn = drawForeground(
      pen,
      { ...settingOf(traits), foreground },
      { x: 500, size: 1, side: 1 },
      traits
    )
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="0 0 1000 1000">` +
      `<defs>${surface.defs()}</defs>${drawn}</svg>`
    const data = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer()
    const isMarked = (x: number, y: number) => data[(y * SIDE + x) * 4 + 3]! > 40
    const marked = (rows: readonly [number, number], columns: readonly [number, number]) => {
      let sum = 0
      for (let y = rows[0]; y < rows[1]; y += 1) {
        for (let x = columns[0]; x < columns[1]; x += 1) sum += Number(isMarked(x, y))
      }
      return sum
    }
    t.ok(marked([80, 100], [0, 100]) > 90, `${foreground} is seen`)
    t.equal(marked([0, 78], [35, 65]), 0, `${foreground} leaves the figure free`)
    if (/grass|flowers|reeds|fence/.test(foreground)) {
      t.equal(marked([0, 93], [35, 65]), 0, `${foreground} is low before the figure`)
    }
  }
})

t.test('the thing of a trope has a part in the story, at a size that is seen', async (t) => {
  const tropes = rowsOf('trope')
  t.same([...new Set(tropes.map(propOf))].sort(), [...PROP_NAMES].sort())
  for (const trope of tropes) t.ok(partOf(trope).scale >= 1.2, trope.name)
  t.same([...new Set(tropes.map((trope) => partOf(trope).at))].sort(), [
    'aloft',
    'before',
    'behind',
    'falling'
  ])
})

t.test('one picture in 12 to 20 is one of its kind, and each kind exists', async (t) => {
  const rarities = all.map(rarityOf).filter((rarity) => rarity !== undefined)
  t.ok(rarities.length > COUNT / 20 && rarities.length < COUNT / 12, `${rarities.length} of ${COUNT}`)
  t.equal(new Set(rarities).size, 8)
})
