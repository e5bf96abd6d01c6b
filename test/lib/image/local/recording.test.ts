import t from 'tap'
import { drawFigure, measuredFigure } from '../../../../lib/image/local/figure.ts'
import { handOf } from '../../../../lib/image/local/hands/index.ts'
import { paletteOf } from '../../../../lib/image/local/palette.ts'
import { createPen, flatTechnique } from '../../../../lib/image/local/pen.ts'
import { boxOf } from '../../../../lib/image/local/small/box.ts'
import { createMarkSurface } from '../../../../lib/image/local/small/surface.ts'
import { createSvgSurface } from '../../../../lib/image/local/surface.ts'
import type { Mark } from '../../../../lib/image/local/surface.ts'
import { traitsOf } from '../../../../lib/image/local/traits.ts'
import { addressOf, dressOf } from './dresses.ts'

const COUNT = 150
const light = { dx: 26, dy: -20 }
const stand = { x: 480, y: 905, isCropped: false, scale: 0.6, light: 1, head: 1.1, girth: 0.9 }
/** Another place and another scale, in which small eyes grow. */
const moved = { ...stand, x: 520, y: 880, scale: 0.31 }

const figures = Array.from({ length: COUNT }, (_, index) => {
  const traits = traitsOf(dressOf(addressOf(index)))
  const hand = handOf(traits.artStyle1)
  const { outline } = hand.technique
  const flat = flatTechnique(hand.technique)
  const palette = paletteOf(traits, hand.palette)
  const name = `${index} ${traits.noun.name} (${hand.name})`
  return { name, traits, technique: hand.technique, flat, edge: outline?.width ?? 0, palette }
})

function measured({ traits, flat, edge, palette }: (typeof figures)[number]) {
  const marks: Mark[] = []
  const pen = createPen(palette, flat, light, createMarkSurface(marks, false))
  return { marks, ...measuredFigure(pen, marks, edge, traits, stand) }
}

t.test('a figure that was measured is drawn as one that was not, with the same definitions', async (t) => {
  for (const figure of figures) {
    const { traits, technique, palette } = figure
    const { draw } = measured(figure)
    // One after the other on the same surface: the ids of definitions go on.
    const surfaces = [createSvgSurface(), createSvgSurface()] as const
    const [direct, recorded] = surfaces.map((surface) => createPen(palette, technique, light, surface))
    for (const where of [moved, stand]) {
      t.same(draw(recorded!, where), drawFigure(direct!, traits, where), figure.name)
    }
    t.equal(surfaces[1].defs(), surfaces[0].defs())
  }
})

t.test('a figure has the boxes of one that flat shapes draw', async (t) => {
  for (const figure of figures) {
    const { marks, measured: recorded } = measured(figure)
    const flatMarks: Mark[] = []
    const pen = createPen(figure.palette, figure.flat, light, createMarkSurface(flatMarks, false))
    const drawn = drawFigure(pen, figure.traits, stand)
    for (const part of ['face', 'head', 'trunk', 'held', 'figure'] as const) {
      t.same(boxOf(recorded[part], marks), boxOf(drawn[part], flatMarks), `${figure.name}: ${part}`)
    }
    t.same(recorded.origin, drawn.origin)
  }
})
