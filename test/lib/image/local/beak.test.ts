import t from 'tap'
import { expressionOf } from '../../../../lib/image/local/expression.ts'
import { beak } from '../../../../lib/image/local/plans/beak.ts'
import { BEAKS } from '../../../../lib/image/local/plans/beak-shapes.ts'
import type { BeakKind } from '../../../../lib/image/local/plans/beak-shapes.ts'
import { frontBeak } from '../../../../lib/image/local/plans/front-beak.ts'
import { createSvgSurface } from '../../../../lib/image/local/surface.ts'
import { databases, flatPen, traitsWith } from './dresses.ts'
import { largestPiece, markedPixels } from './pixels.ts'

const SIDE = 120
const HEAD = { x: 300, y: 100, radius: 100 }
const KINDS = [...(Object.keys(BEAKS) as BeakKind[]), 'bill', 'spoon'] as const

type Kind = (typeof KINDS)[number] | 'owl'

/** Which pixels the beak of a kind marks with a feeling of a group. */
async function beakWith(kind: Kind, group: string): Promise<Uint8Array> {
  const row = databases.rows.emotions.find((each) => each.split(',')[1] === group)!
  const surface = createSvgSurface()
  const pen = flatPen(surface)
  const noun = traitsWith({}).noun
  const model = {
    pen,
    random: noun.random(),
    words: '',
    order: '',
    head: 1,
    girth: 1,
    expression: expressionOf(traitsWith({ emotion: row }).emotion),
    hide: () => ''
  }
  const drawn = kind === 'owl' ? frontBeak(model, HEAD) : beak(model, kind, HEAD)
  return await markedPixels(`<defs>${surface.defs()}</defs>${drawn}`, SIDE, '0 -50 450 450')
}

const countMarked = (pixels: Uint8Array) => pixels.reduce((sum, value) => sum + value, 0)

/** The middle of the marked rows at the right edge, where the corner of the mouth is. */
function cornerOf(pixels: Uint8Array): number {
  const marked = [...pixels.keys()].filter((at) => pixels[at] === 1)
  const right = Math.max(...marked.map((at) => at % SIDE))
  const rows = marked.filter((at) => at % SIDE >= right - 1).map((at) => Math.floor(at / SIDE))
  return rows.reduce((sum, row) => sum + row, 0) / rows.length
}

t.test('a beak with its feeling is one piece: nothing of a mouth is beside it', async (t) => {
  const faulty: string[] = []
  for (const kind of [...KINDS, 'owl'] as const) {
    for (const group of ['joy', 'love', 'calm', 'surprise', 'fear', 'anger', 'sadness', 'disgust']) {
      const piece = largestPiece(await beakWith(kind, group), SIDE)
      if (piece < 0.99) faulty.push(`${kind}, ${group}: ${piece.toFixed(2)}`)
    }
  }
  t.same(faulty, [])
})

t.test('a laugh and a cry part the halves of a beak', async (t) => {
  for (const kind of [...KINDS, 'owl'] as const) {
    const closed = countMarked(await beakWith(kind, 'calm'))
    for (const group of ['joy', 'surprise', 'anger']) {
      const open = countMarked(await beakWith(kind, group))
      t.ok(open > closed * 1.05, `${kind}, ${group}: ${open} pixels, closed ${closed}`)
    }
  }
})

t.test('the corner of a beak is higher in a smile than in grief', async (t) => {
  for (const kind of KINDS) {
    const [smile, grief] = [
      cornerOf(await beakWith(kind, 'pride')),
      cornerOf(await beakWith(kind, 'sadness'))
    ]
    t.ok(smile < grief - 4, `${kind}: ${smile.toFixed(1)} above ${grief.toFixed(1)}`)
  }
})
