import t from 'tap'
import { expressionOf } from '../../../../lib/image/local/expression.ts'
import { handsOf, isHanging } from '../../../../lib/image/local/hold.ts'
import { drawPack } from '../../../../lib/image/local/pack.ts'
import { quadruped } from '../../../../lib/image/local/plans/quadruped.ts'
import { poseOf } from '../../../../lib/image/local/pose.ts'
import { postureOf } from '../../../../lib/image/local/posture.ts'
import { createSvgSurface } from '../../../../lib/image/local/surface.ts'
import { toolBox } from '../../../../lib/image/local/wardrobe/index.ts'
import { databases, flatPen, traitsWith } from './dresses.ts'

const pen = flatPen(createSvgSurface())
const usual = traitsWith({})

const anatomyOf = (words: string) =>
  quadruped({
    pen,
    random: usual.noun.random(),
    words,
    order: '',
    head: 1,
    girth: 1,
    expression: expressionOf(usual.emotion),
    hide: () => ''
  })

t.test('an animal with an even back carries the tool on it, and others hold it', (t) => {
  for (const name of ['horse', 'roe deer', 'grey wolf', 'hippopotamus']) {
    t.ok(anatomyOf(name).pack, name)
  }
  for (const name of ['african elephant', 'bactrian camel', 'bighorn sheep', 'bison']) {
    t.notOk(anatomyOf(name).pack, name)
  }
  t.end()
})

t.test('a tool on a back is behind the head and over the belly, whatever it is', (t) => {
  const anatomy = anatomyOf('horse')
  const { x, y, depth } = anatomy.pack!
  const kinds = new Set<boolean>()
  for (const row of databases.rows.occupations) {
    const { occupation, action, emotion } = traitsWith({ occupation: row })
    const cause = { pose: poseOf(action), posture: postureOf(emotion), force: 1, isBehind: false } as const
    const [, grip] = handsOf(anatomy, { ...cause, palette: pen.palette, holding: 1 }, occupation)
    const tool = toolBox(pen.palette, occupation, 1)
    kinds.add(isHanging(tool))
    const [left, bottom] = [grip[0] + tool.left, grip[1] + tool.bottom]
    if (grip[0] !== x || left < anatomy.face.x || bottom > -20) t.fail(`${row}: ${left} ${bottom}`)
    if (!isHanging(tool) && Math.abs(bottom - y - depth / 2) > 1) t.fail(`${row} ends at ${bottom}`)
  }
  t.same([...kinds].sort(), [false, true], 'some hang and some stand')
  const drawn = [true, false].map((hangs) => drawPack(pen, anatomy.pack!, hangs).over)
  t.not(drawn[0], drawn[1])
  t.end()
})
