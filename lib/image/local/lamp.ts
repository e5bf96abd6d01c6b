import type { Pen } from './pen.ts'
import { each, repeat } from './repeat.ts'
import { ellipse, group, n, path, polygon, star } from './svg.ts'
import type { Trait } from './traits.ts'

/** The kind of light in the sky. */
export type Lamp = 'sun' | 'moon' | 'rays' | 'spot' | 'rainbow' | 'stars' | 'lightning' | 'hearts'

const LAMP_BY_GROUP: Record<string, readonly Lamp[]> = {
  love: ['hearts', 'moon'],
  comedy: ['rainbow', 'sun'],
  conflict: ['lightning', 'rays'],
  fate: ['stars', 'moon'],
  mystery: ['moon', 'spot'],
  journey: ['sun', 'rays'],
  object: ['rays', 'stars'],
  character: ['spot', 'sun']
}

/** The light of a trope, chosen by the trope's group. */
export function lampOf(trope: Trait): Lamp {
  const random = trope.random()
  return random.pick(LAMP_BY_GROUP[trope.fields[1] ?? ''] ?? (['sun', 'moon', 'rays'] as const))
}

/** The light in the sky, with its middle at `x`, `y`. */
export function drawLamp(pen: Pen, lamp: Lamp, x: number, y: number, radius: number): string {
  const role = pen.palette.isNight ? 'accent' : 'paper'
  const disc = pen.flat(ellipse(x, y, radius * 1.3), role, 0.25) + pen.flat(ellipse(x, y, radius), role)
  switch (lamp) {
    case 'sun':
      return disc
    case 'moon':
      return (
        pen.flat(ellipse(x, y, radius * 1.3), role, 0.18) +
        pen.flat(
          path`
            M${x + radius * 0.4} ${y - radius * 0.92}
            A${radius} ${radius} 0 1 0 ${x + radius * 0.92} ${y + radius * 0.4}
            A${radius * 0.8} ${radius * 0.8} 0 0 1 ${x + radius * 0.4} ${y - radius * 0.92}Z
          `,
          role
        )
      )
    case 'rays':
      return (
        repeat(16, (index) => {
          const tip = y - radius * (index % 2 === 0 ? 1.9 : 1.55)
          const ray = polygon(
            [x - radius * 0.1, y - radius * 1.2],
            [x + radius * 0.1, y - radius * 1.2],
            [x, tip]
          )
          return group(pen.flat(ray, role), `rotate(${index * 22.5} ${n(x)} ${n(y)})`)
        }) + pen.flat(ellipse(x, y, radius), role)
      )
    case 'spot':
      return pen.flat(polygon([x - 40, 0], [x + 40, 0], [720, 1000], [280, 1000]), role, 0.28)
    case 'rainbow':
      return each(['accent', 'paper', 'cloth'], (stripe, index) =>
        pen.line(
          path`
            M${500 - 470 + index * 34} 700
            A${470 - index * 34} ${470 - index * 34} 0 0 1 ${970 - index * 34} 700
          `,
          stripe,
          30
        )
      )
    case 'stars':
      return repeat(22, (index) =>
        pen.flat(
          star(
            (index * 157 + 60) % 1000,
            (index * 89 + 40) % 480,
            index % 5 === 0 ? 17 : 9,
            index % 5 === 0 ? 6 : 3.4,
            4,
            index * 20
          ),
          role
        )
      )
    case 'lightning':
      return (
        disc +
        pen.flat(
          polygon(
            [x + radius * 1.5, y + radius * 0.2],
            [x + radius * 2.2, y + radius * 0.2],
            [x + radius * 1.8, y + radius * 1.1],
            [x + radius * 2.3, y + radius * 1.1],
            [x + radius * 1.3, y + radius * 2.6],
            [x + radius * 1.6, y + radius * 1.4],
            [x + radius * 1.2, y + radius * 1.4]
          ),
          'accent'
        )
      )
    case 'hearts':
      return (
        disc +
        each(
          [
            [-1.7, 0.5, 0.5],
            [1.6, -0.5, 0.42],
            [1.9, 1, 0.3]
          ],
          ([dx, dy, size]) => {
            const [hx, hy, s] = [x + dx * radius, y + dy * radius, size * radius]
            return pen.flat(
              path`
                M${hx} ${hy + s}
                C${hx - 1.6 * s} ${hy - 0.2 * s} ${hx - 0.8 * s} ${hy - 1.3 * s} ${hx} ${hy - 0.5 * s}
                C${hx + 0.8 * s} ${hy - 1.3 * s} ${hx + 1.6 * s} ${hy - 0.2 * s} ${hx} ${hy + s}Z
              `,
              'accent'
            )
          }
        )
      )
  }
}
