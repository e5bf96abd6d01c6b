import t from 'tap'
import { expressionOf } from '../../../../lib/image/local/expression.ts'
import { PLANS, planOf } from '../../../../lib/image/local/plans/index.ts'
import { drawnInMarks, shouldersOn } from '../../../../lib/image/local/skull.ts'
import { contains, outlineOf } from '../../../../lib/image/local/small/outline.ts'
import { readPath } from '../../../../lib/image/local/small/path-data.ts'
import { shapesOf } from '../../../../lib/image/local/small/shapes.ts'
import { createSvgSurface } from '../../../../lib/image/local/surface.ts'
import { databases, flatPen, traitsWith } from './dresses.ts'

/** The shoulders of a noun's body, and whether a point is on it. Undefined if it has no arms. */
function armedBody(row: string, girth: number) {
  const { noun, emotion } = traitsWith({ noun: row })
  const pen = flatPen(createSvgSurface())
  const drawn = drawnInMarks(pen, PLANS[planOf(noun)], {
    pen,
    random: noun.random(),
    words: noun.fields.slice(0, 2).join(',').toLowerCase(),
    order: noun.fields.slice(2, 4).join(',').toLowerCase(),
    head: 1,
    girth,
    expression: expressionOf(emotion),
    hide: () => ''
  })
  const { anatomy, marks } = drawn
  const shoulders = shouldersOn(drawn)
  if (shoulders === undefined || anatomy.limb !== undefined) return undefined
  const { behind, body, head, front = '' } = anatomy
  const outlines = shapesOf(behind + body + head + front, marks).map(({ mark, matrix }) =>
    outlineOf(readPath(mark.d), matrix, 0)
  )
  const isOn = (x: number, y: number) => outlines.some((outline) => contains(outline, x, y))
  return { planned: anatomy.shoulders!, shoulders, isOn }
}

t.test('arms begin on the body, also on a slim one', async (t) => {
  const armed = databases.rows.nouns.flatMap((row) => armedBody(row, 0.8) ?? [])
  t.ok(armed.length > 300, `${armed.length} bodies`)
  const isBeside = ([x, y]: readonly [number, number], isOn: (x: number, y: number) => boolean) => !isOn(x, y)
  const before = armed.filter(({ planned, isOn }) => planned.some((point) => isBeside(point, isOn)))
  const after = armed.filter(({ shoulders, isOn }) => shoulders.some((point) => isBeside(point, isOn)))
  t.ok(before.length > 10, `${before.length} plans set a shoulder beside a slim body`)
  t.ok(after.length < before.length / 10, `${after.length} of ${before.length} are left`)
})

t.test('a shoulder that is on the body stays where it is', async (t) => {
  const row = databases.rows.nouns.find((each) => each.startsWith('red squirrel,'))!
  const { planned, shoulders } = armedBody(row, 1)!
  t.same(shoulders, planned)
})
