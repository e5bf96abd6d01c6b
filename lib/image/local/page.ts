import type { Role } from './palette.ts'
import type { Pen } from './pen.ts'
import { each, repeat } from './repeat.ts'
import { ellipse, n, polygon, rectangle } from './svg.ts'
import { match } from './traits.ts'
import type { Trait } from './traits.ts'

const KINDS = [
  [/haik|tanka|renga|haibun|koan|zuihitsu|senry|sijo|minimal|flash|epigram|aphor/, 'bare'],
  [/science|cyber|space|steam|future|robot|dystop|utopi|solar|techno|afrofut/, 'bar'],
  [/tragedy|epic|saga|myth|greek|roman|classical|ode|hellen|latin|sanskrit/, 'steps'],
  [/fairy|folk|fable|nursery|lullaby|cumulative|creation|animal|tale|telling/, 'scallops'],
  [/poet|verse|song|ballad|shanty|sonnet|ghazal|elegy|hymn|singing|lyric/, 'waves'],
  [/comedy|farce|drama|theatre|play|opera|vaudeville|pageant|zarzuela|kabuki|patter/, 'valance'],
  [/noir|detective|mystery|gothic|ghost|weird|heist|hardboiled|pulp|cosy/, 'teeth'],
  [/letter|diary|epist|memoir|biograph|travel|journal|almanac|essay|writing|history/, 'stamp']
] as const

const USUAL_KINDS = ['bare', 'bar', 'steps', 'scallops', 'waves', 'valance', 'teeth', 'stamp'] as const

/** The colour of a literary style in a picture, for an edge or for the frame of a hand. */
export const edgeRoleOf = (litStyle: Trait): Role =>
  litStyle.name === ''
    ? 'ink'
    : litStyle.random().pick(['accent', 'body', 'cloth', 'ink', 'bodyDark'] as const)

/** One bold edge of the picture, or none; its kind follows from the literary style. */
export function drawEdge(pen: Pen, litStyle: Trait): string {
  if (litStyle.name === '') return ''
  const role = edgeRoleOf(litStyle)
  const random = litStyle.random()
  const isLeft = random.chance(0.5)
  const count = random.pick([7, 9, 11])
  const step = 1000 / count
  switch (match(litStyle, KINDS, USUAL_KINDS)) {
    case 'bare':
      return ''
    case 'bar':
      return pen.flat(rectangle(isLeft ? 0 : 948, 0, 52, 1000), role)
    case 'steps':
      return repeat(count, (index) =>
        pen.flat(rectangle(index * step, index % 2 === 0 ? 950 : 972, step, 60), role)
      )
    case 'scallops':
      return repeat(count, (index) => pen.flat(ellipse((index + 0.5) * step, 1004, step * 0.5, 46), role))
    case 'waves':
      return pen.flat(
        `M0 970${repeat(count, () => `q${n(step / 4)} -30 ${n(step / 2)} 0t${n(step / 2)} 0`)}V1010H0Z`,
        role
      )
    case 'valance':
      return pen.flat(`M0 0H1000V34${repeat(count, () => `a${n(step / 2)} 40 0 0 1 ${n(-step)} 0`)}Z`, role)
    case 'teeth':
      return repeat(count, (index) => {
        const [x, tip] = isLeft ? [0, 58] : [1000, 942]
        return pen.flat(
          polygon([x, index * step], [tip, (index + 0.5) * step], [x, (index + 1) * step]),
          role
        )
      })
    case 'stamp':
      return (
        pen.flat('M0 0H1000V1000H0ZM30 30V970H970V30Z', 'paper') +
        each([0, 1000], (edge) =>
          repeat(count * 2 + 1, (index) => {
            const at = (index * step) / 2
            return pen.flat(ellipse(at, edge, 15), role) + pen.flat(ellipse(edge, at, 15), role)
          })
        )
      )
  }
}
