import t from 'tap'
import { expressionOf } from '../../../../lib/image/local/expression.ts'
import { drawEye } from '../../../../lib/image/local/eye.ts'
import { gazeOf } from '../../../../lib/image/local/gaze.ts'
import type { Palette } from '../../../../lib/image/local/palette.ts'
import { createPen } from '../../../../lib/image/local/pen.ts'
import { outlineOf } from '../../../../lib/image/local/small/outline.ts'
import { readPath } from '../../../../lib/image/local/small/path-data.ts'
import { IDENTITY } from '../../../../lib/image/local/small/matrix.ts'
import { createMarkSurface } from '../../../../lib/image/local/small/surface.ts'
import { createSvgSurface } from '../../../../lib/image/local/surface.ts'
import type { Mark } from '../../../../lib/image/local/surface.ts'
import { flatPen, rowsOf } from './dresses.ts'

const EYE = { cx: 500, y: 400, radius: 100, side: 1 }
const HEAD = { skin: 'bodyDark', on: 'body' } as const
const usual = flatPen(createSvgSurface()).palette
const feelings = rowsOf('emotion')
const feelingOf = (group: string) => expressionOf(feelings.find(({ fields }) => fields[1] === group)!)

/**
 * What an eye draws with the colours, and with the gaze that is furthest to the side.
 * @param top the y that no brow passes
 */
function marksOf(colors: Partial<Palette>, feeling: string, top = -Infinity): Mark[] {
  const marks: Mark[] = []
  const palette = { ...usual, ...colors }
  const pen = createPen(palette, { shading: 'flat' }, { dx: 0, dy: 0 }, createMarkSurface(marks, false))
  const [gaze] = rowsOf('gaze')
    .map(gazeOf)
    .sort((a, b) => Math.abs(b.dx) - Math.abs(a.dx))
  drawEye(pen, EYE, feelingOf(feeling), gaze!, { ...HEAD, top })
  return marks
}

t.test('brows are seen on the head and on the white of the eye', async (t) => {
  const dark = { body: '#2a0a5e', bodyLight: '#a487d8', paper: '#fff6ea', ink: '#0c0614' }
  const colorsOf = (marks: Mark[]) => marks.map(({ fill, stroke }) => stroke?.color ?? fill)
  t.equal(colorsOf(marksOf(dark, 'calm')).at(-1), dark.bodyLight, 'on a dark head')
  t.equal(
    colorsOf(marksOf({ ...dark, bodyLight: '#f8f0ff' }, 'calm')).at(-1),
    dark.paper,
    'the belly is pale'
  )
  t.equal(colorsOf(marksOf({ ...dark, body: '#f2d6a0' }, 'calm')).at(-1), dark.ink, 'on a pale head')
})

t.test('raised brows without room are left out, and others lie on the eye', async (t) => {
  const brows = { ink: '#123456' }
  const browsOf = (feeling: string, top?: number) => {
    const last = marksOf(brows, feeling, top).at(-1)!
    return last.stroke?.color === brows.ink && last.fill === undefined ? 'brow' : 'none'
  }
  const hat = EYE.y - EYE.radius
  for (const feeling of ['joy', 'love', 'surprise']) {
    t.equal(browsOf(feeling), 'brow', feeling)
    t.equal(browsOf(feeling, hat), 'none', `${feeling} below a hat`)
  }
  const head = { body: '#abcdef' }
  const isLid = ({ fill }: Mark) => fill === head.body
  t.notOk(marksOf(head, 'surprise', hat).some(isLid), 'an eye without its brow is open')
  for (const feeling of ['anger', 'fear', 'sadness']) t.equal(browsOf(feeling, hat), 'brow', feeling)
})

t.test('a heart is whole in its eye', async (t) => {
  const hearts = marksOf({}, 'love').filter(({ fill }) => fill === usual.heart)
  t.equal(hearts.length, 1)
  const { points } = outlineOf(readPath(hearts[0]!.d), IDENTITY, 0)
  let furthest = 0
  for (let at = 0; at < points.length; at += 2) {
    furthest = Math.max(furthest, Math.hypot(points[at]! - EYE.cx, points[at + 1]! - EYE.y))
  }
  t.ok(furthest < EYE.radius * 1.05, `its furthest point is ${Math.round(furthest)} of ${EYE.radius} away`)
})

t.test('no lid covers a whole pupil, wherever the eyes look', (t) => {
  for (const group of ['calm', 'disgust']) {
    for (const gaze of rowsOf('gaze').map(gazeOf)) {
      const marks: Mark[] = []
      const pen = createPen(usual, { shading: 'flat' }, { dx: 0, dy: 0 }, createMarkSurface(marks, false))
      const expression = feelingOf(group)
      drawEye(pen, EYE, expression, gaze, { ...HEAD, top: -Infinity })
      const pupil = marks.find(({ fill }) => fill === usual.ink)!
      const { box } = outlineOf(readPath(pupil.d), IDENTITY, 0)
      const lid = EYE.y + EYE.radius * (2 * expression.lids - 1)
      const seen = (box.bottom - lid) / (box.bottom - box.top)
      t.ok(seen > 0.5, `${group}, ${JSON.stringify(gaze)}: ${seen.toFixed(2)} of the pupil`)
    }
  }
  t.end()
})
