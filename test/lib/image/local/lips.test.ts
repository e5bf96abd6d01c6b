import t from 'tap'
import { expressionOf } from '../../../../lib/image/local/expression.ts'
import { lipsOf } from '../../../../lib/image/local/lips.ts'
import type { Palette } from '../../../../lib/image/local/palette.ts'
import { createPen } from '../../../../lib/image/local/pen.ts'
import { PLANS, planOf } from '../../../../lib/image/local/plans/index.ts'
import { drawnInMarks } from '../../../../lib/image/local/skull.ts'
import { createSvgSurface } from '../../../../lib/image/local/surface.ts'
import { brightness } from '../../../../lib/image/local/tone.ts'
import { databases, flatPen, traitsWith } from './dresses.ts'

const DARK = { body: '#2a0a5e', bodyDark: '#1a0640', bodyLight: '#a487d8', ink: '#0c0614', paper: '#fff6ea' }
const PALE = { ...DARK, body: '#f2d6a0', bodyDark: '#d8b070', bodyLight: '#fff0d0' }

/** The colour of the lips of a noun whose body has the colours. Undefined if it has no mouth. */
function lipsIn(colors: Partial<Palette>, row: string) {
  const { noun, emotion } = traitsWith({ noun: row })
  const surface = createSvgSurface()
  const palette = { ...flatPen(surface).palette, ...colors }
  const pen = createPen(palette, { shading: 'flat' }, { dx: 0, dy: 0 }, surface)
  const model = {
    pen,
    random: noun.random(),
    words: noun.fields.slice(0, 2).join(',').toLowerCase(),
    order: noun.fields.slice(2, 4).join(',').toLowerCase(),
    head: 1,
    girth: 1,
    expression: expressionOf(emotion),
    hide: () => ''
  }
  const drawn = drawnInMarks(pen, PLANS[planOf(noun)], model)
  return drawn.anatomy.face.mouth && lipsOf(pen, drawn)
}

const rowOf = (name: string) => databases.rows.nouns.find((row) => row.startsWith(`${name},`))!

t.test('lips are seen on what is under them', async (t) => {
  for (const name of ['gerenuk', 'white rhinoceros', 'honey badger']) {
    t.equal(lipsIn(DARK, rowOf(name)), 'ink', `${name}: a dark head has a pale muzzle`)
  }
  t.equal(lipsIn(DARK, rowOf('giant Pacific octopus')), 'bodyLight', 'a head that is dark everywhere')
  t.equal(lipsIn(PALE, rowOf('giant Pacific octopus')), 'ink')
  t.equal(lipsIn(DARK, rowOf('tench')), 'paper', 'one half is on the dark back, the other on the pale belly')
})

t.test('no mouth has the colour of the body', async (t) => {
  const bodies = { pale: PALE, middle: { ...DARK, body: '#8a4a3c', bodyLight: '#d9a08c' } }
  for (const [name, colors] of Object.entries(bodies)) {
    const rows = databases.rows.nouns.filter((_, index) => index % 9 === 0)
    const hidden = rows.filter((row) => {
      const lips = lipsIn(colors, row)
      const color = lips && colors[lips as keyof typeof DARK]
      return color !== undefined && Math.abs(brightness(color) - brightness(colors.body)) < 0.2
    })
    t.same(
      hidden.map((row) => row.split(',')[0]),
      [],
      name
    )
  }
})
