import t from 'tap'
import { areasOf, depthsOf } from '../../../../../lib/image/local/grid/depths.ts'
import type { Grid } from '../../../../../lib/image/local/grid/grid.ts'
import { dots } from '../../../../../lib/image/local/grid/prints.ts'
import { strokes } from '../../../../../lib/image/local/grid/strokes.ts'

const SIDE = 50
/** Units of a cell. */
const UNIT = 20
/** A stroke is straight where an edge is bent: so far it may cross the edge, in units. */
const TOLERANCE = 6
const RED = '#a04030'
const BLUE = '#3040a0'
const BRUSH = { spacing: 2, reach: 4, half: 2.5, shade: 1, roundness: 2, spread: 2 }

/** A grid of a colour for each cell, by the place of its middle from 0 to 1. */
function gridOf(side: number, colorAt: (x: number, y: number) => string): Grid {
  const colors = Array.from({ length: side * side }, (_, at) =>
    colorAt(((at % side) + 0.5) / side, (Math.floor(at / side) + 0.5) / side)
  )
  return { side, colors }
}

const isInDisc = (x: number, y: number) => Math.hypot(x - 0.5, y - 0.5) < 0.4
/** A disc of two halves before nothing. */
const halves = gridOf(SIDE, (x, y) => (isInDisc(x, y) ? (x < 0.5 ? RED : BLUE) : ''))
const colorAt = (x: number, y: number) =>
  halves.colors[Math.floor(y / UNIT) * SIDE + Math.floor(x / UNIT)] ?? ''

/** The paths of an SVG: their attribute of a colour, and the numbers of each part that begins with M. */
function partsOf(svg: string): Array<{ color: string; width: number; numbers: number[] }> {
  return [...svg.matchAll(/<path ([^>]*?) ?d="([^"]*)"/g)].flatMap(([, attributes, d]) => {
    const color = /(?:fill|stroke)="(#[0-9a-f]{6})"/.exec(attributes!)![1]!
    const width = Number(/stroke-width="([\d.]+)"/.exec(attributes!)?.[1] ?? 0)
    return d!
      .split('M')
      .slice(1)
      .map((part) => ({ color, width, numbers: part.match(/-?[\d.]+/g)!.map(Number) }))
  })
}

const isRed = (color: string) => parseInt(color.slice(1, 3), 16) > parseInt(color.slice(5, 7), 16)
const lightnessOf = (color: string) =>
  [1, 3, 5].reduce((sum, from) => sum + parseInt(color.slice(from, from + 2), 16), 0)

t.test('the depth of a cell is its way to the edge of its area; the frame is no edge', (t) => {
  const rows = ['aaabaaa', 'aaabaaa', 'aaabaaa', 'aaabaaa', 'aaabaaa', 'aaa aaa', 'aaabaaa']
  const grid = gridOf(7, (x, y) => rows[Math.floor(y * 7)]![Math.floor(x * 7)]!.trim())
  const depths = depthsOf(7, areasOf(grid))
  t.same([...depths.slice(0, 7)], [2.5, 1.5, 0.5, 0.5, 0.5, 1.5, 2.5])
  t.equal(depths[5 * 7 + 3], 0, 'an empty cell')
  const corner = depthsOf(7, areasOf(gridOf(7, (x, y) => (x < 0.2 && y < 0.2 ? 'b' : 'a'))))
  t.ok(Math.abs(corner[3 * 7 + 3]! - 2.5 * Math.SQRT2) < 1e-5, 'diagonal steps')
  t.ok(depthsOf(7, areasOf(gridOf(7, () => 'a'))).every((depth) => depth === 7))
  t.end()
})

t.test('strokes and dots stay in their area, and leave its edge as it is drawn', (t) => {
  const painted = partsOf(strokes(SIDE, BRUSH).draw(halves))
  t.ok(painted.length > 100)
  const isNear = (x: number, y: number, color: string) =>
    [-TOLERANCE, 0, TOLERANCE].some((dx) =>
      [-TOLERANCE, 0, TOLERANCE].some((dy) => {
        const below = colorAt(x + dx, y + dy)
        return below !== '' && isRed(below) === isRed(color)
      })
    )
  const outside = painted.filter(({ color, numbers }) => {
    for (let at = 0; at < numbers.length; at += 2) {
      if (!isNear(numbers[at]!, numbers[at + 1]!, color)) return true
    }
    return false
  })
  t.same(outside, [])

  const set = partsOf(dots(SIDE).draw(halves))
  t.ok(set.length > 1000)
  const crossing = set.filter(({ color, width, numbers: [x, y] }) =>
    [0, 1, 2, 3, 4, 5, 6, 7].some((eighth) => {
      const angle = (eighth * Math.PI) / 4
      const below = colorAt(x! + (Math.cos(angle) * width) / 2, y! + (Math.sin(angle) * width) / 2)
      return below === '' || isRed(below) !== isRed(color)
    })
  )
  t.same(crossing, [])
  t.end()
})

t.test('a round thing is lighter above and darker below', (t) => {
  const brush = { ...BRUSH, shade: 0, spread: 0 }
  const painted = partsOf(strokes(SIDE, brush).draw(gridOf(SIDE, (x, y) => (isInDisc(x, y) ? RED : ''))))
  const above = painted.filter(({ numbers }) => numbers[1]! < 350)
  const below = painted.filter(({ numbers }) => numbers[1]! > 650)
  t.ok(above.length > 10 && below.length > 10)
  t.ok(above.every(({ color }) => lightnessOf(color) > lightnessOf(RED)))
  t.ok(below.every(({ color }) => lightnessOf(color) < lightnessOf(RED)))
  t.same(partsOf(strokes(SIDE, { ...brush, roundness: 0 }).draw(halves)), [], 'else no stroke can be seen')
  t.end()
})

t.test('what the frame cuts has no light of its own at the frame', (t) => {
  const brush = { ...BRUSH, shade: 0, spread: 0 }
  const column = gridOf(SIDE, (x) => (Math.abs(x - 0.5) < 0.2 ? RED : ''))
  t.same(partsOf(strokes(SIDE, brush).draw(column)), [])
  t.end()
})

t.test('grey light and shade have no colour of their own', (t) => {
  const grey = gridOf(SIDE, (x, y) => (isInDisc(x, y) ? '#808080' : ''))
  const colorsOf = (isGrey: boolean) =>
    partsOf(strokes(SIDE, { ...BRUSH, isGrey }).draw(grey)).map(({ color }) => color)
  const isWithoutColor = (color: string) => /^#(..)\1\1$/.test(color)
  t.ok(colorsOf(true).every(isWithoutColor))
  t.notOk(colorsOf(false).every(isWithoutColor))
  t.end()
})
