import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { drawSheet } from '../../../lib/commands/sheet.ts'
import { temporaryFolder } from '../../helper.ts'

t.test('the command sheet draws many pictures on one sheet', async (t) => {
  const file = join(await temporaryFolder(t), 'noir.png')
  t.equal(await drawSheet({ series: 'noir', count: '6', file }), file)
  const { width, height } = await sharp(file).metadata()
  t.ok(width > 1700 && width <= 1800 && height > 1000 && height < width, `${width} × ${height}: three by two`)
})

t.test('a series, a number or a file that cannot be used is named', async (t) => {
  const folder = await temporaryFolder(t)
  const file = join(folder, 'a.png')
  for (const count of ['1e1', '0', '351', '-1', '']) {
    const message = `"${count}" is not a number of pictures: a whole number from 1 to 350 is wanted.`
    await t.rejects(drawSheet({ series: 'noir', count, file }), { message })
  }
  for (const series of ['../../../package', 'no-such', '']) {
    await t.rejects(drawSheet({ series, count: '3', file }), {
      message: `"${series}" is not a built-in series.`
    })
  }
  const missing = join(folder, 'no/such/folder.png')
  await t.rejects(drawSheet({ series: 'noir', count: '1', file: missing }), {
    message: /^"[^"\n]*folder\.png" cannot be written: [^\n]*$/
  })
})
