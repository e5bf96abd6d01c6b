import type { Pen } from '../pen.ts'
import type { Random } from '../random.ts'
import { each, repeat } from '../repeat.ts'
import { blob, ellipse, n, path, polygon } from '../svg.ts'

/** Where a floor begins, and the middle of the figure that stands on it. */
export interface Room {
  horizon: number
  x: number
}

/** Draws the pattern of the ground, from the horizon to the lower edge of the frame. */
type Floor = (pen: Pen, room: Room, random: Random) => string

/** The rows of a floor: nearer rows are further apart. `share` is 0 at the horizon and 1 at the lower edge. */
function rows(horizon: number, count: number, draw: (y: number, share: number, row: number) => string) {
  return repeat(count, (row) => {
    const share = ((row + 0.6) / count) ** 1.5
    return draw(horizon + (1000 - horizon) * share, share, row)
  })
}

const columns = (step: number, shift: number, draw: (x: number, index: number) => string) =>
  repeat(Math.ceil(1000 / step) + 2, (index) => draw((index - 1 + shift) * step, index))

/** Lines from a point at the horizon to the lower edge. */
const converging = ({ horizon, x }: Room, step: number) =>
  repeat(13, (index) => path`M${x + (index - 6) * step * 0.3} ${horizon}L${x + (index - 6) * step} 1010`)

const crests = (count: number, width: number) =>
  repeat(count, () => `q${n(width / 2)} ${n(-width * 0.4)} ${n(width)} 0`)

export const FLOORS = {
  waves: (pen, { horizon }) =>
    pen.line(
      rows(horizon, 6, (y, share, row) => {
        const w = 46 + share * 90
        return `M${n(-60 - (row % 2) * w * 0.5)} ${n(y)}` + crests(Math.ceil(1200 / w), w)
      }),
      'groundDark',
      9
    ),
  grass: (pen, { horizon }, random) =>
    pen.flat(
      rows(horizon, 5, (y, share, row) => {
        const size = 16 + share * 34
        return columns(90 + share * 90, (row % 2) * 0.5, (at) => {
          const x = at + random.between(-16, 16)
          return polygon(
            [x - size * 0.5, y],
            [x - size * 0.7, y - size * 0.9],
            [x - size * 0.16, y - size * 0.3],
            [x, y - size * 1.3],
            [x + size * 0.16, y - size * 0.3],
            [x + size * 0.7, y - size * 0.9],
            [x + size * 0.5, y]
          )
        })
      }),
      'groundDark'
    ),
  planks: (pen, room) =>
    pen.line(
      converging(room, 190) +
        rows(room.horizon, 4, (y, share, row) => {
          const step = 190 * (0.3 + 0.7 * share)
          return repeat(3, (index) => path`M${room.x + (row - 5 + index * 4) * step} ${y}h${step}`)
        }),
      'groundDark',
      7
    ),
  checker: (pen, { horizon, x }) =>
    pen.flat(
      repeat(5, (row) => {
        const edge = (at: number) => (at / 5) ** 1.4
        const [far, near] = [edge(row), edge(row + 1)]
        const corner = (column: number, share: number) =>
          [x + (column - 6) * 190 * (0.34 + 0.66 * share), horizon + (1006 - horizon) * share] as const
        return repeat(6, (index) => {
          const column = index * 2 + (row % 2)
          return polygon(
            corner(column, far),
            corner(column + 1, far),
            corner(column + 1, near),
            corner(column, near)
          )
        })
      }),
      'groundDark'
    ),
  cobbles: (pen, { horizon }) =>
    pen.flat(
      rows(horizon, 6, (y, share, row) => {
        const w = 64 + share * 80
        return columns(w, (row % 2) * 0.5, (x) => ellipse(x, y, w * 0.4, w * 0.17))
      }),
      'groundDark'
    ),
  ripples: (pen, { horizon }) =>
    pen.line(
      rows(horizon, 6, (y, share, row) => {
        const rise = 12 + share * 26
        return path`M${-40 - row * 60} ${y}q${170} ${-rise} ${340} 0t${340} 0t${340} 0t${340} 0`
      }),
      'groundDark',
      8
    ),
  snow: (pen, { horizon }, random) =>
    each([0.2, 0.55, 0.9], (share, index) =>
      pen.flat(
        ellipse(
          random.between(0, 1000),
          horizon + (1000 - horizon) * share + 40,
          620,
          50 + share * 40,
          index % 2 === 0 ? 3 : -4
        ),
        index % 2 === 0 ? 'groundDark' : 'ground'
      )
    ) +
    pen.flat(
      repeat(14, () =>
        ellipse(random.between(20, 980), random.between(horizon + 20, 990), random.between(4, 10))
      ),
      'paper'
    ),
  stones: (pen, { horizon }, random) =>
    pen.flat(
      rows(horizon, 4, (y, share, row) =>
        columns(150 + share * 110, (row % 2) * 0.5, (at) => {
          const [x, w] = [at + random.between(-30, 30), random.between(26, 46) * (0.7 + share)]
          return blob(
            [x - w, y],
            [x - w * 0.6, y - w * 0.5],
            [x + w * 0.5, y - w * 0.56],
            [x + w, y - w * 0.04],
            [x, y + w * 0.2]
          )
        })
      ),
      'groundDark'
    ),
  leaves: (pen, { horizon }, random) =>
    pen.flat(
      rows(horizon, 5, (y, share, row) => {
        const size = 12 + share * 24
        return columns(110 + share * 60, (row % 2) * 0.5, (at) => {
          const [x, tilt] = [at + random.between(-20, 20), random.between(-0.5, 0.5)]
          const [dx, dy] = [size * Math.cos(tilt), size * Math.sin(tilt)]
          return path`
            M${x - dx} ${y - dy}Q${x - dy} ${y - size * 0.8} ${x + dx} ${y + dy}
            Q${x + dy} ${y + size * 0.8} ${x - dx} ${y - dy}Z
          `
        })
      }),
      'groundDark'
    ),
  rug: (pen, { horizon, x }) => {
    const [y, ry] = [(horizon + 1010) / 2, (1000 - horizon) * 0.44]
    return (
      pen.line(`M-20 ${n(horizon + 16)}H1020`, 'groundDark', 12) +
      pen.flat(ellipse(x, y, 470, ry), 'front') +
      pen.flat(ellipse(x, y, 420, ry * 0.84), 'groundDark') +
      pen.line(ellipse(x, y, 340, ry * 0.64), 'ground', 14)
    )
  },
  steps: (pen, { horizon }) =>
    pen.flat(
      rows(horizon, 4, (y, share) => path`M-20 ${y}H1020V${y + 14 + share * 26}H-20Z`),
      'groundDark'
    ),
  furrows: (pen, { horizon, x }) =>
    pen.line(
      repeat(11, (index) => {
        const dx = (index - 5) * 230
        return path`M${x + dx * 0.24} ${horizon}Q${x + dx * 0.34} ${horizon + 90} ${x + dx} 1010`
      }),
      'groundDark',
      20
    ),
  pool: (pen, { x }) =>
    pen.line(
      each([170, 300, 430, 570], (radius) => ellipse(x, 940, radius, radius * 0.2)),
      'groundDark',
      10
    ),
  dots: (pen, { horizon }) =>
    pen.flat(
      rows(horizon, 6, (y, share, row) => {
        const size = 5 + share * 11
        return columns(60 + share * 44, (row % 2) * 0.5, (x) => ellipse(x, y, size, size * 0.62))
      }),
      'groundDark'
    )
} as const satisfies Record<string, Floor>

export type FloorName = keyof typeof FLOORS
