import { FRAME } from '../frame.ts'
import { createKeptRandom } from '../random.ts'
import type { Point } from '../svg.ts'
import { shifted } from '../tone.ts'
import { areasOf, depthsOf } from './depths.ts'
import { createLayers } from './layers.ts'
import type { Print } from './prints.ts'

/** How a brush paints. Lengths are in cells. */
export interface Brush {
  /** From the middle of one stroke to that of the next. */
  spacing: number
  /** How far a stroke reaches from its middle, at most. */
  reach: number
  /** Half the width of a stroke, at most. */
  half: number
  /** How many tones an area is lighter at its upper edge, and darker at its lower one. */
  shade: number
  /** The same for all that the grid holds, as if it were one round thing. */
  roundness?: number
  /** How many tones a stroke is lighter or darker by chance, at most. */
  spread: number
  /** Whether light and shade have no colour of their own. */
  isGrey?: boolean
}

/** How the channels of a stroke differ from the colour of its area: shade is cooler, and light is warmer. */
const TONES: ReadonlyArray<readonly [red: number, green: number, blue: number]> = [
  [-52, -45, -20],
  [-35, -29, -10],
  [-20, -16, -3],
  [-9, -7, 1],
  [0, 0, 0],
  [9, 7, 0],
  [18, 14, 3],
  [30, 24, 9],
  [44, 37, 17]
]
const MIDDLE_TONE = 4
/** Up to this distance from an edge, a stroke follows the edge, and an area is shaded. */
const NEAR = 7.5
/** Up to this distance from its outline, a round thing is shaded. */
const ROUND = 30
/** Nearer than this to an edge there is no stroke: the edge of the drawing below stays as it is. */
const CLEAR = 0.8
/** The two points beside this distance tell where the nearest edge is. */
const LOOK = 2

const toneStyle = (color: string, tone: number) => `fill="${shifted(color, ...TONES[tone]!)}"`
const greyStyle = (color: string, tone: number) => `fill="${shifted(color, TONES[tone]![1])}"`

/**
 * Strokes of a brush inside the areas of a drawing, which lies below them and keeps its edges. Strokes follow the edges
 * that are near. Far from edges they flow across the picture.
 */
export function strokes(
  side: number,
  { spacing, reach, half, shade, roundness = 0, spread, isGrey }: Brush
): Print {
  return {
    side,
    draw(grid) {
      const random = createKeptRandom('strokes')
      const layers = createLayers()
      const areas = areasOf(grid)
      const field = fieldOf(side, areas)
      const lightAt = roundness === 0 ? () => 0 : lightOf(side, areas)
      for (let top = 0; top < side; top += spacing) {
        for (let left = 0; left < side; left += spacing) {
          const middle: Point = [left + random.next() * spacing, top + random.next() * spacing]
          const tone = random.between(-spread, spread)
          const length = random.between(0.6, 1) * reach
          const { cell, depth, nearness, down } = field.at(middle)
          if (depth < CLEAR) continue
          const index = Math.round(MIDDLE_TONE + tone + shade * nearness * down + roundness * lightAt(middle))
          const bounded = Math.max(0, Math.min(TONES.length - 1, index))
          // Such a stroke cannot be told from what lies below it.
          if (bounded === MIDDLE_TONE) continue
          const width = Math.min(half, depth * 0.8)
          const clear = Math.max(CLEAR, width * 0.6)
          const from = field.follow(middle, -length, clear)
          const to = field.follow(middle, length, clear)
          const d = leaf(from, middle, to, width, FRAME / side)
          layers.add(grid.colors[cell]!, bounded, d, isGrey === true ? greyStyle : toneStyle)
        }
      }
      return layers.svg()
    }
  }
}

/**
 * A wave from -1 to 1 that returns after 1. It is made of parabolas, whose bytes are the same everywhere: the sines of
 * machines differ in their last digits.
 */
function wave(t: number): number {
  const x = t - Math.floor(t)
  return x < 0.5 ? 16 * x * (0.5 - x) : -16 * (x - 0.5) * (1 - x)
}

/** Where strokes go. Points are in cells. */
function fieldOf(side: number, areas: Int32Array) {
  const depths = depthsOf(side, areas)
  const cellAt = (x: number, y: number) =>
    x < 0 || y < 0 || x >= side || y >= side ? -1 : Math.floor(y) * side + Math.floor(x)

  /** The depth of a point in an area; negative outside of it. */
  function depthIn(area: number, x: number, y: number): number {
    const cell = cellAt(x, y)
    if (cell < 0) return side
    return areas[cell] === area ? depths[cell]! : -depths[cell]!
  }

  function at([x, y]: Point) {
    const cell = cellAt(x, y)
    const area = areas[cell] ?? 0
    const depth = depths[cell] ?? 0
    const nearness = Math.max(0, 1 - depth / NEAR)
    if (area === 0 || nearness === 0) return { cell, depth, nearness, right: 0, down: 0 }
    // The way from the nearest edge into the area.
    const right = depthIn(area, x + LOOK, y) - depthIn(area, x - LOOK, y)
    const down = depthIn(area, x, y + LOOK) - depthIn(area, x, y - LOOK)
    const length = Math.sqrt(right * right + down * down) || 1
    return { cell, depth, nearness, right: right / length, down: down / length }
  }

  /** The direction of a stroke, with length 1. */
  function directionAt(point: Point): Point {
    const { nearness, right, down } = at(point)
    const [u, v] = [point[0] / side, point[1] / side]
    const [flowX, flowY] = [1, 0.6 * wave(0.8 * u + 0.3 * v) + 0.5 * wave(1.3 * v - 0.5 * u)]
    // Both ways along an edge are the same to a stroke.
    const sense = flowX * down - flowY * right < 0 ? -1 : 1
    const x = down * sense * nearness + flowX * (1 - nearness)
    const y = -right * sense * nearness + flowY * (1 - nearness)
    const length = Math.sqrt(x * x + y * y) || 1
    return [x / length, y / length]
  }

  /**
   * The end of a stroke from a point, before it leaves the area. It turns once, halfway.
   * @param length negative for the other way
   * @param clear how far the end stays from the edge of the area
   */
  function follow(start: Point, length: number, clear: number): Point {
    const area = areas[cellAt(...start)]!
    let point = start
    let [dx, dy] = directionAt(start)
    const steps = Math.ceil(Math.abs(length))
    const step = length / steps
    for (let index = 1; index <= steps; index += 1) {
      const next: Point = [point[0] + dx * step, point[1] + dy * step]
      if (depthIn(area, ...next) < clear) break
      point = next
      if (index === Math.ceil(steps / 2)) {
        const turned = directionAt(point)
        const sense = turned[0] * dx + turned[1] * dy < 0 ? -1 : 1
        ;[dx, dy] = [turned[0] * sense, turned[1] * sense]
      }
    }
    return point
  }

  return { at, follow }
}

/** How much light from above falls on a point of a round thing, from -1 below to 1 above. Points are in cells. */
function lightOf(side: number, areas: Int32Array): (point: Point) => number {
  const whole = areas.map((area) => Math.min(area, 1))
  const depths = depthsOf(side, whole)
  // What the frame cuts goes on beyond it.
  const depthAt = (column: number, row: number) =>
    depths[Math.max(0, Math.min(side - 1, row)) * side + column]!
  return ([x, y]) => {
    const [column, row] = [Math.floor(x), Math.floor(y)]
    const flatness = Math.min(1, depthAt(column, row) / ROUND)
    const slope = (depthAt(column, row + LOOK) - depthAt(column, row - LOOK)) / (2 * LOOK)
    return Math.max(-1, Math.min(1, slope)) * (1 - flatness)
  }
}

/**
 * A stroke through three points with blunt ends, half as wide there as in its middle. Points are in cells. The numbers
 * of the path are whole: there are thousands of strokes.
 */
function leaf(from: Point, middle: Point, to: Point, half: number, unit: number): string {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const length = Math.sqrt(dx * dx + dy * dy) || 1
  const [side, rise] = [(-dy / length) * half, (dx / length) * half]
  const point = ([x, y]: Point, share: number) =>
    `${Math.round((x + side * share) * unit)} ${Math.round((y + rise * share) * unit)}`
  return (
    `M${point(from, 0.5)}L${point(middle, 1)} ${point(to, 0.5)} ` +
    `${point(to, -0.5)} ${point(middle, -1)} ${point(from, -0.5)}Z`
  )
}
