import t from 'tap'
import type { Test } from 'tap'
import { createCells, empty, fill, stroke } from '../../../../../lib/image/local/grid/cells.ts'
import type { Cells } from '../../../../../lib/image/local/grid/cells.ts'
import { transformed, IDENTITY } from '../../../../../lib/image/local/small/matrix.ts'
import { contains, outlineOf } from '../../../../../lib/image/local/small/outline.ts'
import type { Outline } from '../../../../../lib/image/local/small/outline.ts'
import { readPath } from '../../../../../lib/image/local/small/path-data.ts'

const SIDE = 40
/** Units of a cell. */
const UNIT = 25

const PATHS = [
  'M100 100H900V300H100Z',
  'M500 60L930 940L40 380L960 380L70 940Z',
  'M200 500A300 180 20 1 0 800 460A120 90 0 0 1 200 500Z',
  'M-300 500Q500 -400 1300 500C1000 900 700 200 500 1200Z',
  'M300 300H700V700H300ZM400 400V600H600V400Z',
  'M1100 100H1400V300Z'
]
const outlines = PATHS.flatMap((d) =>
  ['scale(1)', 'rotate(33 500 500) scale(0.8)'].map((turn) =>
    outlineOf(readPath(d), transformed(IDENTITY, turn), 0)
  )
)

const middleOf = (at: number): [number, number] => [
  ((at % SIDE) + 0.5) * UNIT,
  (Math.floor(at / SIDE) + 0.5) * UNIT
]

const cellsThat = (isCovered: (x: number, y: number) => boolean): number[] =>
  Array.from({ length: SIDE * SIDE }, (_, at) => at).filter((at) => isCovered(...middleOf(at)))

const coveredOf = ({ covered }: Cells): number[] => [...covered.keys()].filter((at) => covered[at] === 1)

/** The distance of a position from the lines between the points of each contour. */
function distance({ points, starts }: Outline, x: number, y: number): number {
  let least = Infinity
  starts.forEach((start, index) => {
    for (let at = start; at < (starts[index + 1] ?? points.length); at += 2) {
      const from = Math.max(start, at - 2)
      const [x1, y1, x2, y2] = [points[from]!, points[from + 1]!, points[at]!, points[at + 1]!]
      const [dx, dy] = [x2 - x1, y2 - y1]
      const share = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)))
      least = Math.min(least, Math.hypot(x - x1 - share * dx, y - y1 - share * dy))
    }
  })
  return least
}

/** Fails if a cell is outside of the rows and columns that cells name. */
function checkBounds(t: Test, cells: Cells): void {
  const isInside = (at: number) =>
    at % SIDE >= cells.left &&
    at % SIDE <= cells.right &&
    Math.floor(at / SIDE) >= cells.top &&
    Math.floor(at / SIDE) <= cells.bottom
  t.ok(coveredOf(cells).every(isInside))
}

t.test('an area covers the cells whose middles are inside of it', async (t) => {
  const cells = createCells(SIDE)
  for (const outline of outlines.filter(({ starts }) => starts.length === 1)) {
    fill(cells, outline)
    t.same(
      coveredOf(cells),
      cellsThat((x, y) => contains(outline, x, y))
    )
    checkBounds(t, cells)
    empty(cells)
    t.same(coveredOf(cells), [])
  }
})

t.test('where two parts of an outline overlap, both cover', async (t) => {
  const cells = createCells(SIDE)
  fill(cells, outlineOf(readPath('M100 100H600V600H100ZM400 400H900V900H400Z'), IDENTITY, 0))
  const isInOne = (x: number, y: number, from: number, to: number) => x > from && x < to && y > from && y < to
  t.same(
    coveredOf(cells),
    cellsThat((x, y) => isInOne(x, y, 100, 600) || isInOne(x, y, 400, 900))
  )
})

t.test('a hole in an area is not covered', async (t) => {
  const cells = createCells(SIDE)
  fill(cells, outlines[8]!)
  const isCovered = (x: number, y: number) =>
    cells.covered[Math.floor(y / UNIT) * SIDE + Math.floor(x / UNIT)]
  t.same([isCovered(350, 350), isCovered(500, 500), isCovered(650, 350), isCovered(250, 500)], [1, 0, 1, 0])
})

t.test('a line covers the cells whose middles are near it', async (t) => {
  const cells = createCells(SIDE)
  for (const outline of outlines) {
    for (const reach of [12.5, 40]) {
      stroke(cells, outline, reach)
      // Distances are rounded: a cell that is as far away as the line reaches may be covered or not.
      const covered = new Set(coveredOf(cells))
      const near = (by: number) => cellsThat((x, y) => distance(outline, x, y) <= reach + by)
      t.same(
        near(-0.05).filter((at) => !covered.has(at)),
        []
      )
      t.same(
        [...covered].filter((at) => !near(0.05).includes(at)),
        []
      )
      checkBounds(t, cells)
      empty(cells)
    }
  }
})
