import type { Pen } from './pen.ts'
import { each, repeat } from './repeat.ts'
import { ellipse, heart, path, polar, polygon, star } from './svg.ts'
import type { Traits } from './traits.ts'

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

/** The light of a trope, chosen by the trope's group. A feeling has its own: hearts belong to love alone. */
export function lampOf({ trope, emotion }: Pick<Traits, 'trope' | 'emotion'>): Lamp {
  const feeling = emotion.fields[1]
  if (feeling === 'longing') return 'moon'
  if (feeling === 'pride') return 'rays'
  const random = trope.random()
  const lamp = random.pick(LAMP_BY_GROUP[trope.fields[1] ?? ''] ?? (['sun', 'moon', 'rays'] as const))
  return lamp === 'hearts' && feeling !== 'love' ? 'moon' : lamp
}

/** The light behind the head: a large disc with its middle at `x`, `y`, and what belongs to its kind. */
export function drawLamp(pen: Pen, lamp: Lamp, x: number, y: number, radius: number): string {
  const role = 'skyLow'
  const disc = pen.flat(ellipse(x, y, radius), role)
  switch (lamp) {
    case 'sun':
      return pen.flat(ellipse(x, y, radius * 1.16), role, 0.4) + disc
    case 'moon':
      return (
        disc +
        pen.flat(
          ellipse(x - radius * 0.62, y - radius * 0.4, radius * 0.13) +
            ellipse(x + radius * 0.58, y - radius * 0.52, radius * 0.17) +
            ellipse(x + radius * 0.74, y + radius * 0.12, radius * 0.09),
          'sky',
          0.5
        )
      )
    case 'rays':
      return (
        pen.flat(
          repeat(14, (index) =>
            polygon(
              [x, y],
              polar(x, y, 1300, index * RAY_DEGREES),
              polar(x, y, 1300, (index + 0.5) * RAY_DEGREES)
            )
          ),
          role
        ) + pen.flat(ellipse(x, y, radius * 0.9), role)
      )
    case 'spot':
      return pen.flat(
        polygon([x - 90, -60], [x + 90, -60], [x + radius * 1.5, 1060], [x - radius * 1.5, 1060]),
        role,
        0.8
      )
    case 'rainbow':
      return each([1.4, 1.2, 1], (share, index) =>
        pen.flat(ellipse(x, y, radius * share), index % 2 === 0 ? role : 'sky')
      )
    case 'stars':
      return (
        disc +
        pen.flat(
          repeat(16, (index) => {
            const size = index % 4 === 0 ? 20 : 11
            return star((index * 157 + 60) % 1000, (index * 89 + 40) % 420, size, size * 0.36, 4, index * 20)
          }),
          role
        )
      )
    case 'lightning':
      return disc + pen.flat(bolt(x - radius * 1.3, y - radius * 0.6) + bolt(x + radius * 1.25, y), role)
    case 'hearts':
      return (
        disc +
        pen.flat(
          each(
            [
              [-1.3, -0.4, 34],
              [1.28, -0.7, 42],
              [1.36, 0.1, 26]
            ],
            ([dx, dy, size]) => heart(x + dx! * radius, y + dy! * radius, size!)
          ),
          role
        )
      )
  }
}

const RAY_DEGREES = 360 / 14

const bolt = (x: number, y: number): string =>
  polygon(
    [x - 20, y - 90],
    [x + 44, y - 90],
    [x + 10, y - 20],
    [x + 52, y - 20],
    [x - 40, y + 110],
    [x - 8, y + 16],
    [x - 48, y + 16]
  )

/** A small bright moon: what a longing figure looks for. */
export function drawDistantMoon(pen: Pen, x: number, y: number): string {
  const role = pen.palette.isNight ? 'accent' : 'paper'
  return (
    pen.flat(ellipse(x, y, 104), role, 0.25) +
    pen.flat(
      path`M${x + 24} ${y - 66}A70 70 0 1 0 ${x + 66} ${y + 26}A58 58 0 0 1 ${x + 24} ${y - 66}Z`,
      role
    )
  )
}
