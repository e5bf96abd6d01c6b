import t from 'tap'
import { drawingNames, drawingOf, placed } from '../../../../lib/image/local/drawings.ts'
import { drawFigure, measureFigure } from '../../../../lib/image/local/figure.ts'
import type { Pen } from '../../../../lib/image/local/pen.ts'
import { PLANS, planOf } from '../../../../lib/image/local/plans/index.ts'
import { boxOf } from '../../../../lib/image/local/small/box.ts'
import { createMarkSurface } from '../../../../lib/image/local/small/surface.ts'
import { createSvgSurface } from '../../../../lib/image/local/surface.ts'
import type { Mark } from '../../../../lib/image/local/surface.ts'
import { databases, FEELINGS, flatPen, traitsWith } from './dresses.ts'
import { largestPiece, markedPixels } from './pixels.ts'

const SIDE = 96
const FEET = 905
/** Least share of all marked pixels that are one piece. */
const LEAST_PIECE = 0.93

const markPen = (marks: Mark[]) => flatPen(createMarkSurface(marks, false))

function penOn(draw: (pen: Pen) => string): string {
  const surface = createSvgSurface()
  const pen = flatPen(surface)
  const content = draw(pen)
  return `<defs>${surface.defs()}</defs>${content}`
}

const emptyHanded = { occupation: '', action: 'standing' }

t.test('each drawing is in its view box, in one piece, and has its anchor on it', async (t) => {
  const anchors = { hats: 'brim', marks: 'head', tools: 'grip' } as const
  for (const [kind, anchor] of Object.entries(anchors)) {
    for (const name of drawingNames(kind)) {
      const drawing = drawingOf(kind, name)
      const [x, y, width, height] = drawing.box
      const content = penOn((pen) => drawing.draw(pen))
      const pixels = await markedPixels(content, SIDE, `${x - 60} ${y - 60} ${width + 120} ${height + 120}`)
      const edge = 60 / (Math.max(width, height) + 120)
      const outside = [...pixels.keys()].filter((at) => {
        const [px, py] = [(at % SIDE) / SIDE, Math.floor(at / SIDE) / SIDE]
        return pixels[at] === 1 && (px < edge / 2 || px > 1 - edge / 2 || py < edge / 2 || py > 1 - edge / 2)
      })
      t.same(outside, [], `${kind}/${name} is in its view box`)
      const place = drawing.anchors[anchor]
      t.ok(place !== undefined, `${kind}/${name} has the anchor ${anchor}`)
      if (kind !== 'tools') continue
      t.ok(
        largestPiece(pixels, SIDE) > 0.8,
        `${kind}/${name} is one piece: ${largestPiece(pixels, SIDE).toFixed(2)}`
      )
      const near = await markedPixels(
        penOn((pen) => placed(pen, drawing, 'grip', { x: 0, y: 0 })),
        SIDE,
        '-44 -44 88 88'
      )
      t.ok(near.includes(1), `the grip of ${name} is on it`)
    }
  }
})

t.test('each thing of a story and each landmark is in its view box and stands on its ground', async (t) => {
  const floating = ['eye', 'hearts']
  for (const kind of ['props', 'landmarks']) {
    for (const name of drawingNames(kind)) {
      const { box, draw } = drawingOf(kind, name)
      const marks: Mark[] = []
      const { left, top, right, bottom } = boxOf(draw(markPen(marks)), marks)
      const [x, y, width, height] = box
      t.ok(
        left >= x && top >= y && right <= x + width && bottom <= y + height,
        `${kind}/${name} is in its view box`
      )
      t.ok(bottom > -16 && bottom < 62, `${kind}/${name} reaches its ground: ${bottom}`)
      t.ok(floating.includes(name) || bottom - top > 60, `${kind}/${name} is large enough`)
    }
  }
})

t.test(
  'each plan with each feeling is one piece, has its feet on the ground and a face on its head',
  async (t) => {
    for (const plan of Object.keys(PLANS)) {
      const noun =
        databases.rows.nouns.find((row) => planOf(traitsWith({ noun: row }).noun) === plan) ?? 'thing'
      for (const emotion of FEELINGS.values()) {
        const traits = traitsWith({ noun, emotion, ...emptyHanded })
        const { scale } = measureFigure(traits.noun, 630)
        const stand = { x: 500, y: FEET, isCropped: false, scale, light: 1, head: 1, girth: 1 }
        let face = ''
        const content = penOn((pen) => {
          const drawn = drawFigure(pen, traits, stand)
          face = drawn.face
          return drawn.figure.replace(/^<path[^>]*\/>/, '')
        })
        const pixels = await markedPixels(content, SIDE)
        const title = `${plan}, ${emotion.split(',')[1]}`
        t.ok(
          largestPiece(pixels, SIDE) > LEAST_PIECE,
          `${title} is one piece: ${largestPiece(pixels, SIDE).toFixed(2)}`
        )
        const lowest = ((Math.floor(pixels.lastIndexOf(1) / SIDE) + 1) * 1500) / SIDE - 250
        const isHopping = /joy|surprise|love/.test(title)
        t.ok(
          lowest > FEET - (isHopping ? 130 : 40) && lowest < FEET + 90,
          `${title} stands: ${Math.round(lowest)}`
        )
        const faced = await markedPixels(face.replaceAll(/clip-path="[^"]*"/g, ''), SIDE)
        const on = faced.reduce((sum, value, at) => sum + (value & pixels[at]!), 0)
        const all = faced.reduce((sum, value) => sum + value, 0)
        // The eyes of a snail are on stalks above its head.
        const least = plan === 'snail' ? 0.15 : 0.75
        t.ok(on / all > least, `${title} has its face on its head: ${(on / all).toFixed(2)}`)
      }
    }
  }
)
