import t from 'tap'
import { drawingNames, drawingOf } from '../../../../lib/image/local/drawings.ts'
import { drawFigure, measureFigure } from '../../../../lib/image/local/figure.ts'
import { gridOf } from '../../../../lib/image/local/grid/grid.ts'
import { PLANS, planOf } from '../../../../lib/image/local/plans/index.ts'
import type { PlanName } from '../../../../lib/image/local/plans/index.ts'
import { createMarkSurface } from '../../../../lib/image/local/small/surface.ts'
import type { Mark } from '../../../../lib/image/local/surface.ts'
import { gearOf } from '../../../../lib/image/local/wardrobe/index.ts'
import { spanAt } from '../../../../lib/image/local/wardrobe/seat.ts'
import { outlineOf } from '../../../../lib/image/local/small/outline.ts'
import { IDENTITY } from '../../../../lib/image/local/small/matrix.ts'
import { readPath } from '../../../../lib/image/local/small/path-data.ts'
import { shapesOf } from '../../../../lib/image/local/small/shapes.ts'
import { databases, FEELINGS, flatPen, traitsWith } from './dresses.ts'

/** Cells of a row. A cell is 10 units of the frame. */
const SIDE = 100
/** The eyes of these are at the top of the body, or the head is below it. */
const HATLESS = ['crab', 'frog', 'snail', 'spider']

const jobs = new Map(
  databases.rows.occupations.map((row) => [gearOf(traitsWith({ occupation: row }).occupation, true).hat, row])
)
const nouns = new Map(databases.rows.nouns.map((row) => [planOf(traitsWith({ noun: row }).noun), row]))
const feelings = [...FEELINGS.values()]

/** The cells of the hat. `bare` gives those of the figure without an occupation. */
function dressed(plan: PlanName, occupation: string, emotion: string) {
  const traitsOf = (occupation: string) =>
    traitsWith({ noun: nouns.get(plan) ?? 'thing', occupation, emotion, action: 'standing' })
  const traits = traitsOf(occupation)
  const marks: Mark[] = []
  const pen = flatPen(createMarkSurface(marks, false))
  const { scale } = measureFigure(traits.noun, 700)
  const stand = { x: 500, y: 930, isCropped: false, scale, light: 1, head: 1, girth: 1 }
  const { hat } = drawFigure(pen, traits, stand)
  const cellsOf = (content: string) => gridOf(content, marks, SIDE, false).colors
  return { hat: cellsOf(hat), bare: () => cellsOf(drawFigure(pen, traitsOf(''), stand).body) }
}

t.test('each hat sits deep on the body, and none floats', (t) => {
  const faulty: string[] = []
  const shares: number[] = []
  let index = 0
  for (const plan of Object.keys(PLANS) as PlanName[]) {
    if (HATLESS.includes(plan)) continue
    for (const hat of drawingNames('hats')) {
      const { hat: cells, bare } = dressed(plan, jobs.get(hat)!, feelings[index++ % feelings.length]!)
      const below = bare()
      const all = cells.filter((cell) => cell !== '').length
      const on = cells.filter((cell, at) => cell !== '' && below[at] !== '').length
      shares.push(on / all)
      if (all === 0 || on / all < 0.03) faulty.push(`${hat} on ${plan}: ${(on / all).toFixed(2)}`)
    }
  }
  t.same(faulty, [])
  const usual = shares.sort((one, other) => one - other)[Math.floor(shares.length / 2)]!
  t.ok(usual > 0.14, `${usual.toFixed(2)} of the usual hat is on the body`)
  t.end()
})

t.test('a body that has no place for a hat has none', (t) => {
  for (const plan of HATLESS as PlanName[]) {
    const { hat } = dressed(plan, jobs.get('topHat')!, feelings[0]!)
    t.ok(
      hat.every((cell) => cell === ''),
      plan
    )
  }
  t.end()
})

t.test('each hat has the anchors of its seat', (t) => {
  for (const name of drawingNames('hats')) {
    const { brim, side } = drawingOf('hats', name).anchors
    t.ok(brim !== undefined && side !== undefined && side.x > brim.x + 60, name)
  }
  t.end()
})

t.test('a span is what touching outlines have inside of a row', (t) => {
  const square = (x: number) => outlineOf(readPath(`M${x} 0H${x + 10}V10H${x}Z`), IDENTITY, 0)
  t.same(spanAt([square(0), square(8), square(40)], 5, 5), [0, 18])
  t.same(spanAt([square(0), square(8), square(40)], 45, 5), [40, 50])
  t.equal(spanAt([square(0)], 20, 5), undefined)
  t.equal(spanAt([square(0)], 5, 50), undefined)
  const ring = outlineOf(readPath('M0 0H30V30H0ZM10 10H20V20H10Z'), IDENTITY, 0)
  t.same(spanAt([ring], 5, 15), [0, 10], 'a hole is outside')
  t.end()
})

t.test('a helmet of glass is around a head with its ears, and not where a part would go through it', (t) => {
  const diver = databases.rows.occupations.find((row) => /deep-sea diver/.test(row))!
  /** The scale of the glass; 0 if there is none. */
  const helmetScale = (noun: RegExp) => {
    const row = databases.rows.nouns.find((row) => noun.test(row))!
    const traits = traitsWith({
      noun: row,
      occupation: diver,
      emotion: FEELINGS.get('joy')!,
      action: 'standing'
    })
    const marks: Mark[] = []
    const stand = { x: 500, y: 930, isCropped: false, scale: 0.8, light: 1, head: 1, girth: 1 }
    const { trunk, head } = drawFigure(flatPen(createMarkSurface(marks, false)), traits, stand)
    const glass = shapesOf(trunk + head, marks).find(({ mark }) => mark.opacity === 0.2)
    return glass?.matrix.scale ?? 0
  }
  const [ears, none] = [/^red fox,/, /^sad clown,/].map(helmetScale) as [number, number]
  t.ok(none > 0 && ears > none * 1.2, `${ears} and ${none}`)
  const parts = [/flamingo,/, /toucan,/, /^gharial,/, /mute swan,|black swan,/, /^wizard,/, /^Irish elk,/]
  for (const noun of parts) t.equal(helmetScale(noun), 0, String(noun))
  t.end()
})

t.test('eyes on stalks have no cheeks, which would be in the air', (t) => {
  const cheeksOf = (noun: RegExp) => {
    const row = databases.rows.nouns.find((row) => noun.test(row))!
    const marks: Mark[] = []
    const traits = traitsWith({
      noun: row,
      occupation: '',
      emotion: FEELINGS.get('joy')!,
      action: 'standing'
    })
    const stand = { x: 500, y: 930, isCropped: false, scale: 0.8, light: 1, head: 1, girth: 1 }
    drawFigure(flatPen(createMarkSurface(marks, false)), traits, stand)
    return marks.filter(({ opacity }) => opacity === 0.75).length
  }
  t.equal(cheeksOf(/^red fox,/), 2)
  t.equal(cheeksOf(/^garden snail,/), 0)
  t.end()
})
