import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { seedOf } from '../../../lib/dress/attributes.ts'
import { ADDRESS, buildApp, json } from '../../helper.ts'
import { ask, filesBelow, seedFor } from './images-client.ts'

const INPUT = 'Person Tour Coordinates'
const SEED = seedFor(INPUT)

t.test('a preview writes the record of a text, and nothing else', async (t) => {
  const app = await buildApp(t)
  const { status, body, text } = await ask(app, 'POST', 'preview', {
    input: ` ${INPUT} `,
    series: ' Simple '
  })
  t.equal(status, 200)
  t.match(text, /^\{\n {2}"success": true,\n {2}"data": \{\n {4}"input": "Person Tour Coordinates",\n/)
  t.match(body.data, {
    input: INPUT,
    seed: SEED,
    series: 'simple',
    recipe: 'default',
    metadataPath: `output/simple/metadata/${SEED}.json`,
    metadata: {
      metadataVersion: '1.0.0',
      imageId: /^sha256:[0-9a-f]{64}$/,
      series: { name: 'simple', hash: /^sha256:/, source: 'embedded' },
      recipe: { name: 'default', version: '1.0.0' },
      stages: {
        selected: { status: 'complete' },
        prompted: { status: 'complete' },
        enhanced: { status: 'skipped' },
        generated: { status: 'skipped' },
        annotated: { status: 'skipped' }
      },
      status: { completed: true, cacheHit: false }
    }
  })
  t.notOk('generatedPath' in body.data || 'annotatedPath' in body.data)
  t.not(body.data.metadata.prompts.prompt, '')
  const records = body.data.metadata.selectedRecords
  t.equal(records.length, 18)
  t.same(records.at(-1).attribute, 'backStyle')
  t.equal(records.at(-1).rowIndex, 0)
  t.same(await filesBelow(join(app.dataDir, 'output')), [`simple/metadata/${SEED}.json`])

  const again = await ask(app, 'POST', 'preview', {
    input: INPUT,
    series: 'simple',
    recipe: 'x',
    backstyle: 'y'
  })
  t.same(again.body.data, body.data, 'an existing record is returned as it is')
  const forced = await ask(app, 'POST', 'preview', {
    input: INPUT,
    series: 'simple',
    backstyle: 'y',
    force: true
  })
  t.equal(forced.body.data.metadata.selectedRecords.at(-1).record, 'y')
})

t.test('a seed decides how many attributes there are', async (t) => {
  const app = await buildApp(t)
  const preview = async (seed: string, input = 'x') =>
    (await ask(app, 'POST', 'preview', { input, seed, force: true })).body
  const namesOf = (body: { data: { metadata: { selectedRecords: Array<{ attribute: string }> } } }) =>
    body.data.metadata.selectedRecords.map(({ attribute }) => attribute)
  t.equal(
    namesOf(await preview(`0x${'ab'.repeat(32)}`)).length,
    16,
    '0x and no address: 15 and the backstyle'
  )
  t.equal(namesOf(await preview('z'.repeat(33))).at(-2), 'place', '66 characters: 16 attributes')
  const address = await preview(ADDRESS.toUpperCase().replace('0X', '0x'))
  t.equal(namesOf(address).length, 18)
  t.match(address.data, { seed: ADDRESS, metadataPath: `output/empty/metadata/${seedOf(ADDRESS)}.json` })
  t.match(
    (await preview(seedOf(ADDRESS))).data,
    { seed: ADDRESS },
    'the 64 digits of an address are the address'
  )
  const short = await preview('a'.repeat(32))
  t.match(short.error, {
    code: 'invalid_input',
    message: 'invalid_input: build preview prompt: seed length is less than 66'
  })
  t.equal((await preview(`${'a'.repeat(32)},${'b'.repeat(40)}`)).error.code, 'invalid_input')
  const zero = await preview('z'.repeat(40))
  t.equal(zero.data.metadata.selectedRecords[0].rowIndex, 0, 'characters that are not hexadecimal count as 0')
  t.match((await ask(app, 'POST', 'preview', { seed: ADDRESS })).body.data, { input: 'x' })
})

t.test('a request that cannot be done is refused with its code', async (t) => {
  const app = await buildApp(t)
  const cases: Array<[unknown, number, string, string | RegExp]> = [
    [{}, 400, 'invalid_input', 'invalid_input: input is required'],
    [{ input: '  ', seed: null }, 400, 'invalid_input', 'invalid_input: input is required'],
    [
      { input: 'a', series: 'nosuch' },
      400,
      'series_invalid',
      'series_invalid: load series: series not found: nosuch'
    ],
    [{ input: 'a', series: '../x' }, 400, 'series_invalid', /series not found/],
    [{ seed: 'a'.repeat(40) }, 500, 'metadata_invalid', 'metadata_invalid: input is required'],
    [{ input: 'a', seed: 'a\0'.repeat(40) }, 400, 'invalid_input', /seed/],
    [{ input: 'a', seed: 'a'.repeat(400) }, 400, 'invalid_input', /seed/],
    [{ input: 'a', backstyle: 'a [{Nothing}]' }, 400, 'invalid_input', /backstyle/],
    [{ input: 'a', backstyle: 'a'.repeat(5000) }, 400, 'invalid_input', /backstyle/],
    [{ input: 5 }, 400, 'invalid_input', 'invalid JSON request'],
    [{ input: 'a', force: 'yes' }, 400, 'invalid_input', 'invalid JSON request'],
    [[], 400, 'invalid_input', 'invalid JSON request'],
    ['text', 400, 'invalid_input', 'invalid JSON request']
  ]
  for (const route of ['preview', 'generate']) {
    for (const [request, status, code, message] of cases) {
      const answer = await ask(app, 'POST', route, request)
      t.match(
        answer,
        { status, body: { success: false, error: { code, message } } },
        JSON.stringify(request).slice(0, 80)
      )
    }
  }
  const annotated = await ask(app, 'POST', 'generate', { annotate: true })
  t.match(annotated, {
    status: 503,
    body: {
      error: {
        code: 'provider_unavailable',
        message: 'provider_unavailable: annotation requires image generation'
      }
    }
  })
  t.same(await filesBelow(join(app.dataDir, 'output')), [])
})

t.test('generate draws a text with its caption, and finds it afterwards', async (t) => {
  const app = await buildApp(t)
  const request = { input: INPUT, image: true, annotate: true, enhance: true, backstyle: 'a [{Color3}] wall' }
  const { status, body } = await ask(app, 'POST', 'generate', request)
  t.equal(status, 200)
  const paths = {
    metadataPath: `output/empty/metadata/${SEED}.json`,
    generatedPath: `output/empty/generated/${SEED}.png`,
    annotatedPath: `output/empty/annotated/${SEED}.png`
  }
  t.match(body.data, {
    ...paths,
    metadata: { provider: 'local', status: { completed: true, cacheHit: false } }
  })
  for (const stage of Object.values(body.data.metadata.stages)) t.same(stage, { status: 'complete' })
  const { prompt, enhancedPrompt } = body.data.metadata.prompts
  t.equal(enhancedPrompt, prompt, 'without a language model the enhanced prompt is the base prompt')
  t.equal(body.data.metadata.selectedRecords.at(-1).record, 'a [{Color3}] wall')
  t.notMatch(prompt, /\[\{/)
  for (const path of Object.values(paths)) t.ok((await readFile(join(app.dataDir, path))).length > 0, path)
  const onDisk = JSON.parse(await readFile(join(app.dataDir, paths.metadataPath), 'utf8'))
  t.equal(onDisk.artifacts.annotated, join(app.dataDir, paths.annotatedPath), 'paths on disk are absolute')

  const asFile = await app.ask(`/files/empty/metadata/${SEED}.json`)
  const text = await asFile.text()
  t.match(JSON.parse(text), { seed: SEED, artifacts: { annotated: `empty/annotated/${SEED}.png` } })
  t.notMatch(text, app.dataDir, 'no answer has a path of the machine')
  t.equal((await app.ask('/files/empty/metadata/nothing.json')).status, 404)

  const again = await ask(app, 'POST', 'generate', request)
  t.equal(again.body.data.metadata.status.cacheHit, true)
  t.equal(JSON.parse(await readFile(join(app.dataDir, paths.metadataPath), 'utf8')).status.cacheHit, false)
  const less = await ask(app, 'POST', 'generate', { input: INPUT })
  t.equal(less.body.data.metadata.status.cacheHit, true, 'a record with more than is asked for satisfies too')
  t.match(
    await app.app.metrics.text(),
    'dalleserver_generations_total{outcome="completed",provider="local"} 1\n',
    'it is counted as one run'
  )
})

t.test('the steps that are not asked for are skipped', async (t) => {
  const app = await buildApp(t)
  const plain = await ask(app, 'POST', 'generate', { input: INPUT })
  t.match(plain.body.data.metadata.stages, {
    prompted: { status: 'complete' },
    generated: { status: 'skipped' }
  })
  t.same(await filesBelow(join(app.dataDir, 'output')), [`empty/metadata/${SEED}.json`])
  const drawn = await ask(app, 'POST', 'generate', { input: INPUT, image: true })
  t.match(drawn.body.data.metadata.stages, {
    generated: { status: 'complete' },
    annotated: { status: 'skipped' }
  })
  t.equal(drawn.body.data.annotatedPath, undefined)
  t.ok((await filesBelow(join(app.dataDir, 'output'))).includes(`empty/generated/${SEED}.png`))
  t.notOk((await filesBelow(join(app.dataDir, 'output'))).some((path) => path.includes('annotated')))
})

t.test('an address as seed is the run of /dalle', async (t) => {
  const app = await buildApp(t)
  const url = `/dalle/simple/${ADDRESS}`
  const request = { seed: ADDRESS, series: 'simple', image: true, annotate: true }
  const { body } = await ask(app, 'POST', 'generate', request)
  t.match(body.data, {
    input: ADDRESS,
    seed: ADDRESS,
    annotatedPath: `output/simple/annotated/${ADDRESS}.png`
  })
  t.equal((await app.ask(url)).headers.get('content-type'), 'image/png')
  const progress = await json(await app.ask(`${url}?generate=1`))
  t.match(progress.data, { done: true, cacheHit: true, percent: 100 })
  const { dalleDress } = progress.data
  t.same(
    dalleDress.attributes.slice(0, -1).map(({ value }: { value: string }) => value),
    body.data.metadata.selectedRecords.slice(0, -1).map(({ record }: { record: string }) => record)
  )
  t.match(body.data.metadata.selectedRecords.at(-1).record, /\[\{/, 'a record has the row of the database')
  t.notMatch(dalleDress.attributes.at(-1).value, /\[\{/, 'a dress has its words')
  const again = await ask(app, 'POST', 'generate', request)
  t.equal(again.body.data.metadata.status.cacheHit, true)
})

t.test('a picture of /dalle is found, made again and removed by /v1', async (t) => {
  const app = await buildApp(t)
  await app.ask(`/dalle/simple/${ADDRESS}?generate=1`, { headers: { prefer: 'wait=55' } })
  const { body } = await ask(app, 'GET', ADDRESS)
  const { imageId } = body.data.metadata
  t.match(body.data, { path: `output/simple/metadata/${seedOf(ADDRESS)}.json`, archived: false })
  const redrawn = await ask(app, 'POST', `${imageId}/regenerate`)
  t.match(redrawn.body.data, { seed: ADDRESS, metadata: { imageId } })
  t.ok((await filesBelow(join(app.dataDir, 'archives'))).includes(`simple/annotated/${ADDRESS}.png`))
  t.match((await ask(app, 'DELETE', encodeURIComponent(imageId))).body, { data: { deleted: true } })
  t.same((await json(await app.ask(`/dalle/simple/${ADDRESS}`))).data, {})
  t.match((await ask(app, 'GET', imageId)).body, { error: { code: 'artifact_missing' } })
})

t.test('images are listed by input, whole or of one series', async (t) => {
  const app = await buildApp(t)
  t.same((await ask(app, 'GET', '')).body.data, [])
  for (const [input, series] of [
    ['b', 'noir'],
    ['a', 'simple'],
    ['b', 'simple'],
    ['<c>', 'simple']
  ]) {
    await ask(app, 'POST', 'preview', { input, series })
  }
  await writeFile(join(app.dataDir, 'output/simple/metadata/damaged.json'), '{"metadataVersion":')
  const { body, text } = await ask(app, 'GET', '')
  const names = body.data.map(({ metadata }: { metadata: { input: string; series: { name: string } } }) =>
    [metadata.input, metadata.series.name].join(' ')
  )
  t.same(names, ['<c> simple', 'a simple', 'b noir', 'b simple'])
  t.match(text, '"input": "\\u003cc\\u003e"')
  t.match(text, /^\{\n {2}"success": true,\n {2}"data": \[\n {4}\{\n {6}"path": "output\//)
  t.match(body, { success: true, request_id: /^[0-9a-f]{8}$/ })
  t.equal(body.data.length, 4, 'a damaged record is skipped')
  t.equal((await ask(app, 'GET', '?series=%20simple%20')).body.data.length, 3)
  t.same((await ask(app, 'GET', '?series=Simple')).body.data, [])
  t.match(await app.app.metrics.text(), /dalleserver_records_unreadable_total 1/)
})

t.test('an id is the rest of the path', async (t) => {
  const app = await buildApp(t)
  const { body } = await ask(app, 'POST', 'preview', { input: INPUT })
  const id = body.data.metadata.imageId as string
  for (const path of [id, encodeURIComponent(id), SEED, `${id}/`, `${id}?x=1`]) {
    t.match((await ask(app, 'GET', path)).body.data, { metadata: { imageId: id } }, path)
  }
  for (const path of [
    'missing',
    'a/b',
    'a%2Fb',
    '%00',
    '..%2f..%2fetc',
    'sha256:',
    'md5:00',
    id.toUpperCase(),
    'x'.repeat(2000)
  ]) {
    t.match(
      await ask(app, 'GET', path),
      { status: 404, body: { error: { code: 'artifact_missing' } } },
      path.slice(0, 40)
    )
  }
  t.match(await ask(app, 'GET', '/'), {
    status: 400,
    body: { error: { code: 'invalid_input', message: 'invalid_input: image ID is required' } }
  })
  t.match(await ask(app, 'DELETE', '/'), {
    status: 400,
    body: { error: { message: /image ID is required/ } }
  })
  for (const action of ['regenerate', 'export', 'restore']) {
    t.match(
      await ask(app, 'POST', `/${action}`),
      { status: 400, body: { error: { message: /image ID/ } } },
      action
    )
    t.match(await ask(app, 'POST', `missing/${action}`), {
      status: 404,
      body: { error: { code: 'artifact_missing' } }
    })
  }
})

t.test('a wrong method is refused with Allow, and an unknown path is not found', async (t) => {
  const app = await buildApp(t)
  const cases: Array<[string, string, string]> = [
    ['GET', '/v1/images/generate', 'POST'],
    ['GET', '/v1/images/preview', 'POST'],
    ['DELETE', '/v1/images', 'GET'],
    ['POST', '/v1/images/x', 'GET, DELETE'],
    ['GET', '/v1/images/x/regenerate', 'POST'],
    ['HEAD', '/v1/images/x', 'DELETE, GET, POST'],
    ['PUT', '/v1/images/x', 'DELETE, GET, POST'],
    ['GET', '/v1/validate', 'POST'],
    ['HEAD', '/v1/images', 'DELETE, GET']
  ]
  for (const [method, path, allow] of cases) {
    const response = await app.ask(path, { method })
    t.equal(response.status, 405, `${method} ${path}`)
    t.equal(response.headers.get('allow')?.split(', ').sort().join(), allow.split(', ').sort().join(), path)
    if (method === 'HEAD') continue
    t.match(await json(response), { error: { code: 'invalid_input', message: 'method not allowed' } })
  }
  for (const path of ['/v1', '/v1/', '/v1/nothing', '/v1/image']) {
    const response = await app.ask(path)
    t.equal(response.status, 404, path)
    const text = await response.text()
    t.match(text, /^\{\n {2}"success": false,\n/)
    t.match(JSON.parse(text), { error: { code: 'NOT_FOUND' } })
  }
})

t.test('the id of an image is the hash of what it is made from', async (t) => {
  const app = await buildApp(t)
  const { metadata } = (await ask(app, 'POST', 'preview', { input: INPUT, recipe: 'mine' })).body.data
  const { series, recipe, database } = metadata
  t.equal(recipe.name, 'mine')
  const parts = [
    INPUT,
    SEED,
    series.name,
    series.hash,
    'mine',
    '1.0.0',
    database.version,
    database.archiveHash
  ]
  t.equal(metadata.imageId, `sha256:${createHash('sha256').update(parts.join('\0')).digest('hex')}`)
})
