import { inset } from './framing.ts'
import type { Inset } from './framing.ts'
import type { Role } from './palette.ts'
import type { Pen } from './pen.ts'
import { rectangle } from './svg.ts'
import { match } from './traits.ts'
import type { Trait } from './traits.ts'

const KINDS = [
  [/haik|tanka|renga|haibun|koan|zuihitsu|senry|sijo|minimal|flash|epigram|aphor/, 'bare'],
  [/science|cyber|space|steam|future|robot|dystop|utopi|solar|techno|afrofut/, 'corners'],
  [/tragedy|epic|saga|myth|greek|roman|classical|ode|hellen|latin|sanskrit/, 'mat'],
  [/fairy|folk|fable|nursery|lullaby|cumulative|creation|animal|tale|telling/, 'arch'],
  [/poet|verse|song|ballad|shanty|sonnet|ghazal|elegy|hymn|singing|lyric/, 'bands'],
  [/comedy|farce|drama|theatre|play|opera|vaudeville|pageant|zarzuela|kabuki|patter/, 'arch'],
  [/noir|detective|mystery|gothic|ghost|weird|heist|hardboiled|pulp|cosy/, 'bands'],
  [/letter|diary|epist|memoir|biograph|travel|journal|almanac|essay|writing|history/, 'mat']
] as const

const USUAL_KINDS = ['bare', 'mat', 'arch', 'bands', 'corners'] as const

/** The colour of a literary style in a picture, for an edge or for the frame of a hand. */
export const edgeRoleOf = (litStyle: Trait): Role =>
  litStyle.name === ''
    ? 'ink'
    : litStyle.random().pick(['accent', 'front', 'cloth', 'front', 'bodyDark'] as const)

/** How far an arch reaches into the picture at its sides, beside its width. */
const ARCH = 18

/** How far the edge of a literary style reaches into the picture. */
export function edgeInset(litStyle: Trait, isSquare = false): Inset {
  if (litStyle.name === '') return {}
  const width = edgeWidth(litStyle)
  switch (kindOf(litStyle, isSquare)) {
    case 'bare':
      return {}
    case 'arch':
      return { ...inset(width + ARCH), top: width + 2 * ARCH }
    case 'bands':
      return { top: width, bottom: width }
    case 'mat':
    case 'corners':
      return inset(width)
  }
}

const edgeWidth = (litStyle: Trait): number => litStyle.random().pick([26, 38, 50])

/** The kind of an edge. A square one does not cut corners. */
function kindOf(litStyle: Trait, isSquare: boolean) {
  const kind = match(litStyle, KINDS, USUAL_KINDS)
  return isSquare && (kind === 'arch' || kind === 'corners') ? 'mat' : kind
}

/** One bold edge of the picture, or none; its kind follows from the literary style. */
export function drawEdge(pen: Pen, litStyle: Trait, isSquare = false): string {
  if (litStyle.name === '') return ''
  const kind = kindOf(litStyle, isSquare)
  // A large edge is quiet.
  const role = kind === 'arch' || kind === 'corners' ? 'front' : edgeRoleOf(litStyle)
  const width = edgeWidth(litStyle)
  switch (kind) {
    case 'bare':
      return ''
    case 'mat':
      return pen.flat(
        `M-9 -9H1009V1009H-9ZM${width} ${width}V${1000 - width}H${1000 - width}V${width}Z`,
        role
      )
    case 'arch':
      return pen.flat(
        `M-9 -9H1009V1009H${1000 - width}V310A${500 - width} ${310 - width} 0 0 0 ${width} 310V1009H-9Z`,
        role
      )
    case 'corners':
      return pen.flat(
        `M-9 -9H1009V1009H-9ZM${width + 110} ${width}A110 110 0 0 0 ${width} ${width + 110}V${890 - width}` +
          `A110 110 0 0 0 ${width + 110} ${1000 - width}H${890 - width}A110 110 0 0 0 ${1000 - width} ${890 - width}` +
          `V${width + 110}A110 110 0 0 0 ${890 - width} ${width}Z`,
        role
      )
    case 'bands':
      return pen.flat(
        rectangle(-9, -9, 1018, 18 + width) + rectangle(-9, 991 - width, 1018, 18 + width),
        role
      )
  }
}
