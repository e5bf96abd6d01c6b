import t from 'tap'
import { expressionOf } from '../../../../lib/image/local/expression.ts'
import { handsOf } from '../../../../lib/image/local/hold.ts'
import { drawMouth } from '../../../../lib/image/local/mouth.ts'
import { paletteOf } from '../../../../lib/image/local/palette.ts'
import { poseOf } from '../../../../lib/image/local/pose.ts'
import { postureOf } from '../../../../lib/image/local/posture.ts'
import { boxOf } from '../../../../lib/image/local/small/box.ts'
import { createMarkSurface } from '../../../../lib/image/local/small/surface.ts'
import { ellipse } from '../../../../lib/image/local/svg.ts'
import type { Mark } from '../../../../lib/image/local/surface.ts'
import { traitsOf } from '../../../../lib/image/local/traits.ts'
import { gearOf, hasSleeves, toolBox } from '../../../../lib/image/local/wardrobe/index.ts'
import { ADDRESS, databases, dressOf, FEELINGS, flatPen, traitsWith } from './dresses.ts'

const palette = paletteOf(traitsOf(dressOf(ADDRESS)))
const jobs = [
  ...new Map(
    databases.rows.occupations.map((row) => [
      gearOf(traitsWith({ occupation: row }).occupation, true).tool,
      row
    ])
  ).values()
]

/** A body that looks to the front: a head above a chest. */
const BODY = {
  behind: '',
  body: '',
  head: 'a head',
  torso: { d: ellipse(0, -350, 190, 300), x: -190, y: -650, width: 380, height: 600 },
  face: { x: 0, y: -800, eye: 50, apart: 70, mouth: { x: 0, y: -720, width: 90 } },
  crown: { x: 0, y: -930, width: 220 },
  neck: { x: 0, y: -650, width: 220 },
  shoulders: [
    [-120, -590],
    [120, -590]
  ] as const,
  hands: [
    [-200, -300],
    [200, -300]
  ] as const
}

t.test('a tool is beside the body and off the face, and the free hand does not cross the body', async (t) => {
  const faulty: string[] = []
  const actions = databases.rows.actions.filter((_, index) => index % 40 === 0)
  for (const [at, occupation] of jobs.entries()) {
    for (const [index, emotion] of [...FEELINGS.values()].entries()) {
      const traits = traitsWith({ occupation, emotion, action: actions[(at + index) % actions.length]! })
      for (const holding of [0, 1] as const) {
        const hands = handsOf(
          BODY,
          {
            palette,
            pose: poseOf(traits.action),
            posture: postureOf(traits.emotion),
            force: 1,
            holding,
            isBehind: false
          },
          traits.occupation
        )
        const side = holding === 0 ? -1 : 1
        const [x, y] = hands[holding]
        const tool = toolBox(palette, traits.occupation, holding)
        const name = `${gearOf(traits.occupation, true).tool}, ${emotion.split(',')[1]}, hand ${holding}`
        if (x * side < 260) faulty.push(`${name}: the tool is at ${Math.round(x)}`)
        const [left, right] = [x + tool.left, x + tool.right]
        if (left < 110 && right > -110 && y + tool.top < -700 && y + tool.bottom > -860) {
          faulty.push(`${name}: the tool is on the face`)
        }
        if (y + tool.bottom > 1) faulty.push(`${name}: the tool is below the ground`)
        const free = hands[holding === 0 ? 1 : 0][0] * -side
        if (free < 180) faulty.push(`${name}: the free hand is at ${Math.round(free)}`)
      }
    }
  }
  t.same(faulty, [])
  t.ok(jobs.length > 25, `${jobs.length} tools`)
})

t.test('each tool is large enough to be read', async (t) => {
  for (const occupation of jobs) {
    const traits = traitsWith({ occupation })
    const { left, top, right, bottom } = toolBox(palette, traits.occupation, 1)
    const long = Math.max(right - left, bottom - top)
    t.ok(long > 260, `${gearOf(traits.occupation, true).tool}: ${Math.round(long)}`)
  }
})

t.test('an open mouth stays above the chin', async (t) => {
  const room = 60
  for (const emotion of FEELINGS.values()) {
    const marks: Mark[] = []
    const pen = flatPen(createMarkSurface(marks, false))
    const expression = expressionOf(traitsWith({ emotion }).emotion)
    if (expression.tongue) continue
    const { bottom } = boxOf(drawMouth(pen, { x: 0, y: 0, width: 140, room }, expression, 'ink'), marks)
    t.ok(bottom < room + 20, `${emotion.split(',')[1]}: ${Math.round(bottom)} of ${room}`)
  }
})

t.test('a body without a front has no sleeves of a coat that it does not wear', async (t) => {
  const coat = databases.rows.occupations
    .map((occupation) => traitsWith({ occupation }).occupation)
    .find((occupation) => gearOf(occupation, true).garment === 'coat')!
  const torso = { d: '', x: 0, y: 0, width: 1, height: 1 }
  t.ok(hasSleeves(coat, torso))
  t.notOk(hasSleeves(coat, { ...torso, isRound: true }))
})
