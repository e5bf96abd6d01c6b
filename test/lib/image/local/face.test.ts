import t from 'tap'
import { expressionOf } from '../../../../lib/image/local/expression.ts'
import { drawFace } from '../../../../lib/image/local/face.ts'
import { gazeOf } from '../../../../lib/image/local/gaze.ts'
import { outlineOf } from '../../../../lib/image/local/small/outline.ts'
import { readPath } from '../../../../lib/image/local/small/path-data.ts'
import { IDENTITY } from '../../../../lib/image/local/small/matrix.ts'
import { createMarkSurface } from '../../../../lib/image/local/small/surface.ts'
import type { Mark } from '../../../../lib/image/local/surface.ts'
import { flatPen, rowsOf } from './dresses.ts'

const LONGING = expressionOf(rowsOf('emotion').find(({ fields }) => fields[1] === 'longing')!)
const EYES = { x: 500, y: 400, eye: 60, apart: 80 }
/** The height of the cheeks. */
const AT_CHEEKS = 500

/** The cheeks of a face whose mouth is here, from the left to the right. */
function cheeksOf(mouth: { x: number; y: number; width: number }) {
  const marks: Mark[] = []
  const pen = flatPen(createMarkSurface(marks, false))
  const colors = { skin: 'bodyDark', on: 'body', lips: 'ink' } as const
  drawFace(pen, { ...EYES, mouth }, LONGING, gazeOf(rowsOf('gaze')[0]!), colors)
  return marks
    .filter(({ fill, opacity }) => fill === pen.palette.accent && opacity === 0.75)
    .map(({ d }) => outlineOf(readPath(d), IDENTITY, 0).box)
    .sort((a, b) => a.left - b.left)
}

t.test('cheeks make room for the mouth, and are left out where there is none', async (t) => {
  const usual = cheeksOf({ x: 500, y: 800, width: 200 })
  t.equal(usual.length, 2)
  const mouth = { x: 500, y: AT_CHEEKS, width: 120 }
  const moved = cheeksOf(mouth)
  t.equal(moved.length, 2)
  t.ok(moved[0]!.left < usual[0]!.left && moved[1]!.right > usual[1]!.right, 'they move outwards')
  const half = mouth.width * 0.68
  t.ok(moved[0]!.right <= mouth.x - half && moved[1]!.left >= mouth.x + half)
  t.equal(cheeksOf({ ...mouth, width: 260 }).length, 0, 'beside a wide mouth is no room')
  const aside = cheeksOf({ ...mouth, x: 420, width: 130 })
  t.equal(aside.length, 1, 'a snout to the left takes the place of the left one')
  t.ok(aside[0]!.left > 500)
})
