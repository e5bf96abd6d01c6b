import sharp from 'sharp'
import t from 'tap'
import { prepareDress } from '../../../../../lib/dress/dress.ts'
import { composeScene } from '../../../../../lib/image/local/scene.ts'
import { handOf } from '../../../../../lib/image/local/hands/index.ts'
import { smallSvg } from '../../../../../lib/image/local/small/index.ts'
import type { Mark } from '../../../../../lib/image/local/surface.ts'
import { traitsOf } from '../../../../../lib/image/local/traits.ts'
import { addressOf, allSeries, databases } from '../dresses.ts'

const SIDE = 128
const square = (x: number, y: number) => `M${x} ${y}h100v100h-100Z`
const pathsOf = (svg: string) => [...svg.matchAll(/<path [^>]*>/g)].map(([path]) => path)

/** The paths of marks that are drawn one after the other. */
const draw = (marks: Mark[], scene = marks.map((_, index) => `<${index}>`).join('')) =>
  smallSvg(scene, marks, SIDE)

t.test('a small drawing has few elements, and shows what the large one shows', async (t) => {
  const pixels = async (svg: string) =>
    await sharp(Buffer.from(svg)).resize(SIDE).removeAlpha().blur(2).raw().toBuffer()
  for (const [index, series] of allSeries.entries()) {
    const { dress } = prepareDress(databases, series, addressOf(index))
    const small = composeScene(dress, SIDE, SIDE)
    const count = pathsOf(small).length
    t.ok(count > 8 && count < 125, `${series.suffix}: ${count} paths`)
    t.ok(small.length < 22_000, `${small.length} bytes`)
    t.notMatch(small, /NaN|undefined|Infinity|<pattern/)
    const [here, there] = [await pixels(small), await pixels(composeScene(dress, 1024))]
    const difference = here.reduce((sum, value, at) => sum + Math.abs(value - there[at]!), 0) / here.length
    // A print has strokes of another size in a small picture.
    const most = handOf(traitsOf(dress).artStyle1).print === undefined ? 9 : 22
    t.ok(difference < most, `${series.suffix}: the channels differ by ${difference.toFixed(1)} of 255`)
  }
})

t.test('shapes of one style are one path, unless something lies between them', async (t) => {
  const red = { fill: '#f00' }
  const blue = { fill: '#00f' }
  t.same(
    pathsOf(
      draw([
        { ...red, d: square(0, 0) },
        { ...blue, d: square(300, 0) },
        { ...red, d: square(600, 0) }
      ])
    ),
    [
      '<path fill="#f00" d="M0 0h100v100h-100zM600 0h100v100h-100z"/>',
      '<path fill="#00f" d="M300 0h100v100h-100z"/>'
    ]
  )
  const covered = draw([
    { ...red, d: square(0, 0) },
    { ...blue, d: square(50, 0) },
    { ...red, d: square(100, 0) }
  ])
  t.equal(pathsOf(covered).length, 3)
  const hole = draw([
    { ...red, d: square(0, 0) },
    { ...red, d: 'M50 50v100h100v-100Z' }
  ])
  t.equal(pathsOf(hole).length, 2, 'overlapping contours in opposite directions would leave a hole')
  const glass = { ...red, opacity: 0.5 }
  t.equal(
    pathsOf(
      draw([
        { ...glass, d: square(0, 0) },
        { ...glass, d: square(50, 0) }
      ])
    ).length,
    2
  )
})

t.test('a shape in several shapes that cut it is seen where all of them are', async (t) => {
  const all = 'M-9 -9h1018v1018h-1018Z'
  const seen = async (...cuts: string[]) => {
    const marks: Mark[] = [...cuts.map((d) => ({ d })), { fill: '#f00', d: all }]
    const open = cuts.map((_, index) => `<cut ${index}>`).join('')
    const svg = draw(marks, `${open}<${cuts.length}>${'</g>'.repeat(cuts.length)}`)
    const head = '<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="1000">'
    const { data } = await sharp(Buffer.from(`${head}${svg}</svg>`))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    const isRed = (x: number, y: number) => data[(y * 1000 + x) * 4 + 3] === 255
    return { svg, columns: [25, 75, 125, 175].filter((x) => isRed(x, 50)) }
  }
  t.same((await seen(square(0, 0), square(50, 0))).columns, [75])
  t.same((await seen(square(50, 0), square(0, 0))).columns, [75])
  t.same((await seen(square(0, 0), 'M-9 -9h409v409h-409Z', square(50, 0))).columns, [75])
  const inner = await seen('M0 0h200v200h-200Z', square(50, 0))
  t.same(inner.columns, [75, 125])
  t.equal(inner.svg.match(/<clipPath/g)?.length, 2)
  t.notMatch(inner.svg, /<clipPath[^>]*clip-path/, 'what lies inside of another one cuts alone')
})

t.test('what cannot be seen is left out', async (t) => {
  const dot = { d: 'M500 500h3v3h-3Z', fill: '#f00' }
  const outside = { d: square(1100, 0), fill: '#f00' }
  t.same(pathsOf(draw([dot, outside])), [])
  t.equal(pathsOf(smallSvg('<0>', [dot], 512)).length, 1)
})

t.test('a shape is cut only where it is larger than what cuts it', async (t) => {
  const frame = { d: square(0, 0) }
  const inner = { d: 'M20 20h50v50h-50Z', fill: '#f00' }
  const scene = (content: string) => `<g transform="translate(100 0) scale(2)"><cut 0>${content}</g></g>`
  t.notMatch(draw([frame, inner], scene('<1>')), /clip/)
  const wide = draw([frame, { ...inner, d: 'M20 20h150v50h-150Z' }], scene('<1>'))
  t.match(wide, '<clipPath id="c0"><path d="M100 0h200v200h-200z"/></clipPath>')
  t.match(wide, '<path clip-path="url(#c0)" fill="#f00" d="M140 40h300v100h-300z"/>')
  t.same(pathsOf(draw([frame, { ...inner, d: square(200, 0) }], scene('<1>'))), [])
})

t.test('the lit part of a shape lies on the side of the light, inside of the outline', async (t) => {
  const lit = { fill: '#f00', dx: 20, dy: -10 }
  const shape = { d: square(0, 0), fill: '#800', stroke: { color: '#000', width: 8 }, lit }
  t.same(pathsOf(draw([shape])), [
    '<path fill="#800" stroke="#000" stroke-width="8" d="M0 0h100v100h-100z"/>',
    '<path fill="#f00" d="M24 4h72v82h-72z"/>'
  ])
  t.same(
    pathsOf(smallSvg('<0>', [shape], 16)),
    ['<path fill="#f00" stroke="#000" stroke-width="8" d="M0 0h100v100h-100z"/>'],
    'where the shade cannot be seen, the shape has the colour of the light'
  )
})
