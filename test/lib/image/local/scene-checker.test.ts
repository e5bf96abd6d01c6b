// Looks at whole scenes as a critic does: at each plan in each hand, with the feelings in turn.
import t from 'tap'
import { parseHex } from '../../../../lib/image/color.ts'
import { drawFigure } from '../../../../lib/image/local/figure.ts'
import { FRAME } from '../../../../lib/image/local/frame.ts'
import { gridOf } from '../../../../lib/image/local/grid/grid.ts'
import { HAND_NAMES, handNameOf, handOf } from '../../../../lib/image/local/hands/index.ts'
import { layoutOf } from '../../../../lib/image/local/layout.ts'
import { paletteOf } from '../../../../lib/image/local/palette.ts'
import { drawParts } from '../../../../lib/image/local/parts.ts'
import { createPen } from '../../../../lib/image/local/pen.ts'
import { PLANS, planOf } from '../../../../lib/image/local/plans/index.ts'
import { boxOf } from '../../../../lib/image/local/small/box.ts'
import { createMarkSurface } from '../../../../lib/image/local/small/surface.ts'
import type { Mark } from '../../../../lib/image/local/surface.ts'
import { traitsOf } from '../../../../lib/image/local/traits.ts'
import type { Traits } from '../../../../lib/image/local/traits.ts'
import { gearOf } from '../../../../lib/image/local/wardrobe/index.ts'
import { addressOf, databases, FEELINGS, traitsWith, wearing } from './dresses.ts'
import { largestPiece } from './pixels.ts'

/** Cells of a row. A cell is 12.5 units of the frame. */
const SIDE = 80
/** One in how many pairs of a plan and a hand is looked at; each plan and each hand is, several times. */
const SAMPLE = 3

const PLAN_NAMES = Object.keys(PLANS)
const nounsOf = grouped(databases.rows.nouns, (noun) => planOf(traitsWith({ noun }).noun))
const stylesOf = grouped(databases.rows.artstyles, (artStyle1) =>
  handNameOf(traitsWith({ artStyle1 }).artStyle1)
)

function grouped(rows: readonly string[], keyOf: (row: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return groups
}

/** The cells that a part marks. */
const cellsOf = (content: string, marks: readonly Mark[]) => gridOf(content, marks, SIDE, false).colors
const countOf = (cells: readonly string[]) => cells.filter((cell) => cell !== '').length
/** The share of the cells of one that another has too. */
const sharedBy = (one: readonly string[], other: readonly string[]) =>
  one.filter((cell, at) => cell !== '' && other[at] !== '').length / Math.max(1, countOf(one))

const lightnesses = new Map<string, number>()

/** L* of CIELAB. */
function lightnessOf(hex: string): number {
  const known = lightnesses.get(hex)
  if (known !== undefined) return known
  const long = hex.length === 4 ? hex.replaceAll(/[\da-f]/g, '$&$&') : hex
  const [r, g, b] = parseHex(long)!.map((channel) =>
    channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4
  ) as [number, number, number]
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b
  const lightness = y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y
  lightnesses.set(hex, lightness)
  return lightness
}

/** How much lighter or darker the rim of a figure is than what is behind it, on the average of its rim. */
function rimContrast(body: readonly string[], back: readonly string[]): number {
  let [sum, count] = [0, 0]
  body.forEach((cell, at) => {
    if (cell === '') return
    for (const step of [-1, 1, -SIDE, SIDE]) {
      const next = at + step
      if (body[next] !== '' || back[next] === undefined || back[next] === '') continue
      sum += Math.abs(lightnessOf(cell) - lightnessOf(back[next]))
      count += 1
    }
  })
  return count === 0 ? 100 : sum / count
}

function look(traits: Traits) {
  const hand = handOf(traits.artStyle1)
  const palette = paletteOf(traits, hand.palette)
  const marks: Mark[] = []
  const surface = createMarkSurface(marks, false)
  const parts = drawParts({ traits, hand, palette, rarity: undefined, surface, isSmall: false })
  const light = { dx: 26 * (traits.random('scene').chance(0.5) ? -1 : 1), dy: -20 }
  const layout = layoutOf({ traits, hand, palette, rarity: undefined, light })
  const pen = createPen(palette, { shading: 'flat' }, light, surface)
  const figure = drawFigure(pen, traits, layout.stand)
  const [body, held, hat] = [figure.body, figure.held, figure.hat].map((part) =>
    cellsOf(layout.tilted(part), marks)
  ) as [string[], string[], string[]]
  const [face, story, front] = [parts.face, parts.story, parts.front].map((part) => cellsOf(part, marks)) as [
    string[],
    string[],
    string[]
  ]
  const box = boxOf(layout.tilted(figure.body), marks)
  return {
    isCropped: layout.isCropped,
    contrast: rimContrast(body, cellsOf(parts.back + parts.storyBehind, marks)),
    piece: largestPiece(
      Uint8Array.from(body, (cell) => Number(cell !== '')),
      SIDE
    ),
    height: (Math.min(FRAME, box.bottom) - Math.max(0, box.top)) / FRAME,
    outside: Math.max(-box.left, -box.top, box.right - FRAME, box.bottom - FRAME),
    heldBehindFace: sharedBy(face, held),
    hatBehindFace: sharedBy(face, hat),
    frontOverFace: sharedBy(face, front),
    storyOverFace: sharedBy(face, story),
    hiddenStory: sharedBy(story, front),
    storySize: countOf(story) / (SIDE * SIDE)
  }
}

const scenes = PLAN_NAMES.flatMap((plan, row) =>
  HAND_NAMES.flatMap((hand, column) => {
    if ((row + column) % SAMPLE !== 0) return []
    const index = row * HAND_NAMES.length + column
    const pick = (rows: readonly string[] = ['thing']) => rows[index % rows.length]!
    const traits = traitsOf(
      wearing(
        {
          noun: pick(nounsOf.get(plan)),
          artStyle1: pick(stylesOf.get(hand)!),
          emotion: pick([...FEELINGS.values()])
        },
        addressOf(index)
      )
    )
    const name = `${traits.noun.name} (${plan}), ${hand}, ${traits.emotion.fields[1]}, address ${index}`
    return [{ name, hat: gearOf(traits.occupation, true).hat, ...look(traits) }]
  })
)
const namesOf = (faulty: typeof scenes) => faulty.map(({ name }) => name)
const median = (values: number[]) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)]!

t.test('the figure stands out from what is behind it', async (t) => {
  t.same(namesOf(scenes.filter(({ contrast }) => contrast < 18)), [])
  const usual = median(scenes.map(({ contrast }) => contrast))
  t.ok(usual >= 40, `L* ${usual.toFixed(1)} in the usual scene`)
})

t.test('the figure is one piece, fills the frame and is inside of it', async (t) => {
  t.same(namesOf(scenes.filter(({ isCropped, piece }) => !isCropped && piece < 0.78)), [])
  const whole = scenes.filter(({ isCropped }) => !isCropped)
  t.same(namesOf(whole.filter(({ height }) => height < 0.5)), [])
  const usual = median(whole.map(({ height }) => height))
  t.ok(usual >= 0.78, `${usual.toFixed(2)} of the height`)
  const out = whole.filter(({ outside }) => outside > 90)
  t.same(namesOf(out), [], String(out.map(({ outside }) => outside)))
})

t.test('nothing covers a face', async (t) => {
  t.same(
    namesOf(scenes.filter(({ frontOverFace, storyOverFace }) => frontOverFace + storyOverFace > 0.02)),
    []
  )
  // A diver's helmet of glass is around the face.
  t.same(namesOf(scenes.filter(({ hat, hatBehindFace }) => hat !== 'bubble' && hatBehindFace > 0.45)), [])
  const held = scenes.filter(({ heldBehindFace }) => heldBehindFace > 0.2)
  t.ok(held.length <= scenes.length * 0.03, `${held.length} of ${scenes.length}: ${namesOf(held).join('; ')}`)
})

t.test('the thing of a trope is seen, and is smaller than a tenth of the picture', async (t) => {
  t.same(namesOf(scenes.filter(({ storySize }) => storySize > 0.1)), [])
  const hidden = scenes.filter(({ hiddenStory }) => hiddenStory > 0.5)
  t.ok(hidden.length <= scenes.length * 0.03, namesOf(hidden).join('; '))
})
