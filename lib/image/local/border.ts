import type { Pen } from './pen.ts'
import { each, repeat } from './repeat.ts'
import { curve, ellipse, n, path, polygon, rectangle } from './svg.ts'
import { match } from './traits.ts'
import type { Trait } from './traits.ts'

const KINDS = [
  [/haik|tanka|renga|haibun|koan|zuihitsu|senry|sijo|minimal|flash|epigram|aphor/, 'hairline'],
  [/science|cyber|space|steam|future|robot|dystop|utopi|solar|techno|afrofut/, 'ticks'],
  [/tragedy|epic|saga|myth|greek|roman|classical|ode|hellen|latin|sanskrit/, 'key'],
  [/fairy|folk|fable|nursery|lullaby|cumulative|creation|animal|tale|telling/, 'leaves'],
  [/poet|verse|song|ballad|shanty|sonnet|ghazal|elegy|hymn|singing|lyric/, 'waves'],
  [/comedy|farce|drama|theatre|play|opera|vaudeville|pageant|zarzuela|kabuki|patter/, 'scallops'],
  [/noir|detective|mystery|gothic|ghost|weird|heist|hardboiled|pulp|cosy/, 'teeth'],
  [/letter|diary|epist|memoir|biograph|travel|journal|almanac|essay|writing|history/, 'stamps']
] as const

const USUAL_KINDS = ['hairline', 'ticks', 'key', 'leaves', 'waves', 'scallops', 'teeth', 'stamps'] as const

/** The border of the picture; its kind follows from the literary style. */
export function drawBorder(pen: Pen, litStyle: Trait): string {
  if (litStyle.name === '') return ''
  const random = litStyle.random()
  const kind = match(litStyle, KINDS, USUAL_KINDS)
  const count = random.pick([20, 24, 28, 32])
  const step = 1000 / count
  const role = random.pick(['accent', 'body', 'cloth'] as const)
  const edge = (draw: (x: number) => string) =>
    each(
      [0, 90, 180, 270],
      (turn) =>
        `<g transform="rotate(${turn} 500 500)">${repeat(count, (index) => draw(index * step + step / 2))}</g>`
    )
  const frame = pen.line(rectangle(0, 0, 1000, 1000), 'paper', 58)
  switch (kind) {
    case 'hairline':
      return (
        frame +
        pen.line(rectangle(17, 17, 966, 966), role, 4) +
        pen.flat(rectangle(random.pick([60, 900]), 958, 40, 26), role)
      )
    case 'ticks':
      return (
        frame +
        edge((x) => pen.flat(rectangle(x - 2.5, 4, 5, Math.round(x / step) % 4 === 0 ? 22 : 12), role))
      )
    case 'key':
      return (
        frame +
        edge((x) =>
          pen.line(`M${n(x - step * 0.46)} 23V7H${n(x + step * 0.26)}V17H${n(x - step * 0.1)}`, role, 3.6)
        )
      )
    case 'leaves':
      return (
        frame + edge((x) => pen.flat(ellipse(x, 14, 5, 12, Math.round(x / step) % 2 === 0 ? 50 : -50), role))
      )
    case 'waves':
      return (
        frame +
        edge((x) =>
          pen.line(
            curve([x - step / 2, 15], [x - step / 4, 4], [x, 15], [x + step / 4, 26], [x + step / 2, 15]),
            role,
            4
          )
        )
      )
    case 'scallops':
      return (
        frame +
        edge((x) =>
          pen.flat(
            path`
              M${x - step * 0.44} 3
              H${x + step * 0.44}
              A${step * 0.44} 20 0 0 1 ${x - step * 0.44} 3Z
            `,
            role
          )
        )
      )
    case 'teeth':
      return frame + edge((x) => pen.flat(polygon([x - step * 0.42, 4], [x + step * 0.42, 4], [x, 25]), role))
    case 'stamps':
      return (
        frame +
        edge((x) => pen.flat(ellipse(x, 29, step * 0.24), 'paper')) +
        pen.line(rectangle(14, 14, 972, 972), role, 3.4)
      )
  }
}
