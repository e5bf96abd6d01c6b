import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { ADDRESS, buildApp, createScriptedArtist, json, pollUntilDone, until } from '../helper.ts'
import { decodeGo } from './go-decoder.ts'
import type { GoTypes } from './go-decoder.ts'

const FINISHED = `0x${'a'.repeat(40)}`
const FAILED = `0x${'b'.repeat(40)}`

interface Description {
  types: GoTypes
  answers: Array<{ path: string; data?: string; error?: string }>
  files: Array<{ path: string; type: string }>
}

const description = JSON.parse(
  await readFile(join(PACKAGE_ROOT, 'test/routes/go-types.json'), 'utf8')
) as Description

t.test('every answer decodes into the types of the Go server', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { ask, app, dataDir } = await buildApp(t, { artist })
  app.health.start()
  for (const [index, address] of [FINISHED, FAILED].entries()) {
    await ask(`/dalle/simple/${address}?generate=1`)
    await until(() => asked.length > index)
    if (address === FAILED) asked[index]!.fail(new Error('no'))
    else asked[index]!.deliver()
    await pollUntilDone(`/dalle/simple/${address}?generate=1`, ask)
  }
  const fill = (path: string) =>
    path.replace('<address>', ADDRESS).replace('<finished>', FINISHED).replace('<failed>', FAILED)
  const { types, answers, files } = description
  for (const { path, data, error } of answers) {
    const body = await json(await ask(fill(path)))
    t.equal(body.success, data !== undefined, path)
    t.type(body.request_id, 'string', path)
    const wrong = data === undefined ? decodeGo(types, error!, body.error) : decodeGo(types, data, body.data)
    t.same(wrong, [], path)
  }
  await until(() => asked.length > 2)
  asked[2]!.deliver()
  await app.close()
  for (const { path, type } of files) {
    const text = await readFile(join(dataDir, fill(path)), 'utf8')
    t.same(decodeGo(types, type, JSON.parse(text)), [], path)
  }
})

t.test('the decoder refuses what Go refuses', async (t) => {
  const { types } = description
  const refused: Array<[type: string, value: unknown]> = [
    ['int64', 1.5],
    ['int64', '1'],
    ['uint32', -1],
    ['string', 1],
    ['bool', 'true'],
    ['time', 'yesterday'],
    ['[]string', {}],
    ['map[string]int64', { a: 0.1 }],
    ['SeriesList', { series: [] }],
    ['SeriesList', { series: [1], count: 1 }]
  ]
  for (const [type, value] of refused) t.not(decodeGo(types, type, value).length, 0, type)
  t.same(decodeGo(types, 'SeriesList', { series: ['a'], count: 1, more: true }), [])
})
