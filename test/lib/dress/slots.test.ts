import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { prepareDress } from '../../../lib/dress/dress.ts'
import { withFilledSlots } from '../../../lib/dress/slots.ts'
import { ADDRESS, buildApp, json, pollUntilDone } from '../../helper.ts'
import { databases } from './built-in.ts'

const SERIES = { suffix: 'simple', backstyles: ['[{Color3}]'] }

t.test('the dress that clients see has no open slot; the one that artists draw keeps its rows', async (t) => {
  const { dress } = prepareDress(databases, SERIES, ADDRESS)
  t.match(dress.attributes.at(-1)!.value, /\[\{Color3\}\]/)
  const shown = withFilledSlots(dress)
  const color = dress.attributes.find(({ name }) => name === 'color3')!.value.split(',')[0]!
  t.notMatch(JSON.stringify(shown), /\[\{\w/)
  t.equal(shown.selectedRecords.at(-1), shown.attributes.at(-1)!.value)
  t.equal(shown.attributes.at(-1)!.value.replaceAll(' ', '').includes(color), true)
  t.same(shown.attributes.slice(0, -1), dress.attributes.slice(0, -1))
  t.equal(withFilledSlots(dress).attributes, shown.attributes, 'each dress is filled once')
  const unknown = dress.attributes.with(-1, { ...dress.attributes.at(-1)!, value: 'a [{Moon}]' })
  t.equal(withFilledSlots({ ...dress, attributes: unknown }).selectedRecords.at(-1), 'a Moon')
})

t.test('no answer and no file of a picture has an open slot', async (t) => {
  const { ask, dataDir, app } = await buildApp(t)
  await app.files.write('user-series/slots.json', JSON.stringify({ backstyles: SERIES.backstyles }))
  const picture = `/dalle/slots/${ADDRESS}`
  const first = await json(await ask(`${picture}?generate=1`))
  const last = await pollUntilDone(`${picture}?generate=1`, ask)
  const selector = await readFile(join(dataDir, `output/slots/selector/${ADDRESS}.json`), 'utf8')
  const page = await (await ask(`/preview/slots/${ADDRESS}?part=detail`)).text()
  const png = Buffer.from(await (await ask(picture)).arrayBuffer()).toString('latin1')
  for (const text of [JSON.stringify(first), JSON.stringify(last), selector, page, png]) {
    t.equal(text.includes('[{Color3}]') || text.includes('[{ArtStyle2}]'), false)
  }

  const open = selector.replaceAll(/"a [^"]* (?:of|by) [^"]*"/g, '"a wall of [{Color3}]"')
  await app.files.write(`output/slots/selector/${ADDRESS}.json`, open)
  t.notMatch(
    await (await ask(`/preview/slots/${ADDRESS}?part=detail`)).text(),
    /\[\{\w/,
    'nor does an old one'
  )
})
