import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { errors } from '../../../lib/errors.ts'
import { ADDRESS, buildApp, createScriptedArtist, json, temporaryFolder, until } from '../../helper.ts'
import { createPainter } from './painter.ts'
import { ask, seedFor } from './images-client.ts'

const INPUT = 'Person Tour Coordinates'
const SEED = seedFor(INPUT)
const WHOLE = { input: INPUT, series: 'simple', image: true, annotate: true }

t.test('equal requests at the same time share a run, and others run after it', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const app = await buildApp(t, { artist })
  const equal = [1, 2, 3].map(async () => await ask(app, 'POST', 'generate', WHOLE))
  await until(() => asked.length === 1)
  const other = ask(app, 'POST', 'generate', { ...WHOLE, backstyle: 'a wall' })
  const elsewhere = ask(app, 'POST', 'generate', { ...WHOLE, series: 'noir' })
  await until(() => asked.length === 2)
  asked[1]!.deliver()
  t.equal((await elsewhere).body.data.series, 'noir', 'another series has files of its own')
  asked[0]!.deliver()
  const results = await Promise.all(equal)
  for (const { body } of results) t.same(body.data, results[0]!.body.data)
  await until(() => asked.length === 3)
  asked[2]!.deliver()
  t.equal((await other).body.data.metadata.selectedRecords.at(-1).record, 'a wall')
})

t.test('two regenerations at once are one run', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const app = await buildApp(t, { artist })
  const first = ask(app, 'POST', 'generate', WHOLE)
  await until(() => asked.length === 1)
  asked[0]!.deliver()
  const { imageId } = (await first).body.data.metadata
  const twice = [ask(app, 'POST', `${imageId}/regenerate`), ask(app, 'POST', `${SEED}/regenerate`)]
  await until(() => asked.length === 2)
  t.match(await ask(app, 'DELETE', imageId), {
    status: 503,
    body: { error: { code: 'SERVICE_UNAVAILABLE' } }
  })
  t.match(await ask(app, 'POST', `${imageId}/restore`), { status: 503 })
  asked[1]!.deliver()
  for (const { status, body } of await Promise.all(twice)) {
    t.match({ status, body }, { status: 200, body: { success: true } })
  }
  t.equal(asked.length, 2)
})

t.test('an address shares its run with /dalle, and prompts alone are no picture of it', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const app = await buildApp(t, { artist })
  const url = `/dalle/simple/${ADDRESS}`
  const prompts = await ask(app, 'POST', 'generate', { seed: ADDRESS, series: 'simple' })
  t.equal(prompts.body.data.annotatedPath, undefined)
  const started = await json(await app.ask(`${url}?generate=1`))
  t.match(started.data, { done: false, address: ADDRESS })
  await until(() => asked.length === 1)
  const joined = ask(app, 'POST', 'generate', {
    seed: ADDRESS,
    series: 'simple',
    image: true,
    annotate: true
  })
  asked[0]!.deliver()
  t.match((await joined).body.data, { annotatedPath: `output/simple/annotated/${ADDRESS}.png` })
  t.equal(asked.length, 1)

  const drawing = ask(app, 'POST', 'generate', { seed: ADDRESS, image: true })
  await until(() => asked.length === 2)
  const progress = await json(await app.ask(`/dalle/empty/${ADDRESS}`))
  t.match(
    progress.data,
    { done: false, currentPhase: 'image_wait', series: 'empty' },
    'its progress is that of /dalle'
  )
  const picture = app.ask(`/dalle/empty/${ADDRESS}?generate=1`, { headers: { prefer: 'wait=55' } })
  asked[1]!.deliver()
  t.equal((await drawing).body.data.annotatedPath, undefined)
  await until(() => asked.length === 3)
  asked[2]!.deliver()
  t.equal((await picture).headers.get('content-type'), 'image/png')
})

t.test('respond-async is answered at once with the place of the image', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const app = await buildApp(t, { artist })
  const accepted = await ask(app, 'POST', 'generate', WHOLE, { prefer: 'respond-async' })
  t.equal(accepted.status, 202)
  t.equal(accepted.headers.get('preference-applied'), 'respond-async')
  const location = accepted.headers.get('location')!
  t.match(accepted.body.data, { series: 'simple', seed: SEED, imageId: /^sha256:/ })
  t.equal(location, `/v1/images/${accepted.body.data.imageId}`)
  t.equal((await app.ask(location)).status, 404)
  await until(() => asked.length === 1)
  asked[0]!.deliver()
  await until(async () => (await app.ask(location)).status === 200)
  const respond = async () => await ask(app, 'POST', 'generate', WHOLE, { prefer: 'respond-async' })
  await until(async () => (await respond()).status === 200)
  t.equal(
    (await respond()).body.data.metadata.status.cacheHit,
    true,
    'what is done is answered with the result'
  )
  t.equal(asked.length, 1)
})

t.test('a failed drawing is provider_failed, and its record keeps what was reached', async (t) => {
  const { artist, state } = createPainter()
  const app = await buildApp(t, { artist })
  state.failure = errors.provider('OPENAI_UNAVAILABLE', 'The model provider has trouble')
  const failed = await ask(app, 'POST', 'generate', WHOLE)
  t.match(failed, {
    status: 502,
    body: {
      error: {
        code: 'provider_failed',
        message: 'provider_failed: generate image: The model provider has trouble'
      }
    }
  })
  const { body } = await ask(app, 'GET', SEED)
  t.match(body.data.metadata, {
    status: { completed: false },
    stages: { generated: { status: 'skipped' } },
    artifacts: {}
  })
  state.failure = undefined
  t.equal((await ask(app, 'POST', 'generate', WHOLE)).status, 200, 'the next request draws')
  state.failure = errors.provider('CONTENT_REJECTED', 'The model provider refused')
  t.equal((await ask(app, 'POST', 'generate', { ...WHOLE, force: true })).body.error.code, 'provider_failed')
  t.match(
    (await ask(app, 'GET', SEED)).body.data.metadata.status,
    { completed: true },
    'the record of a picture stays'
  )
})

t.test('a run that the server has accepted goes on after its end', async (t) => {
  const dataDir = await temporaryFolder(t)
  const { artist, asked } = createScriptedArtist()
  const first = await buildApp(t, { artist, dataDir })
  const waiting = ask(first, 'POST', 'generate', { ...WHOLE, backstyle: 'a wall', annotate: false })
  await until(() => asked.length === 1)
  // The grace of a stop is for runs that end in it. This one does not.
  await first.app.engine.stop(0)
  await first.app.close()
  t.match(await waiting, { status: 503, body: { error: { code: 'SERVICE_UNAVAILABLE' } } })

  const second = await buildApp(t, { artist, dataDir })
  await until(() => asked.length === 2)
  asked[1]!.deliver()
  await until(async () => (await ask(second, 'GET', SEED)).status === 200)
  const { body } = await ask(second, 'GET', SEED)
  t.match(body.data.metadata, {
    input: INPUT,
    status: { completed: true },
    stages: { annotated: { status: 'skipped' } }
  })
  t.equal(body.data.metadata.selectedRecords.at(-1).record, 'a wall')
})

t.test('a change needs what section 10 of the contract asks, and reading does not', async (t) => {
  const app = await buildApp(t, { settings: { TB_DALLE_API_TOKENS: 'one:a-token-of-a-test' } })
  const authorized = { authorization: 'Bearer a-token-of-a-test' }
  const changes: Array<[string, string, unknown?]> = [
    ['POST', 'preview', { input: INPUT }],
    ['POST', 'generate', { input: INPUT }],
    ['POST', 'x/regenerate'],
    ['POST', 'x/export'],
    ['POST', 'x/restore'],
    ['DELETE', 'x']
  ]
  for (const [method, path, body] of changes) {
    t.match(
      await ask(app, method, path, body),
      { status: 401, body: { error: { code: 'UNAUTHORIZED' } } },
      path
    )
    const foreign = { ...authorized, 'sec-fetch-site': 'cross-site' }
    t.equal((await ask(app, method, path, body, foreign)).status, 403, path)
    const prefetch = { ...authorized, 'sec-purpose': 'prefetch' }
    t.equal((await ask(app, method, path, body, prefetch)).status, 403, path)
  }
  t.same((await ask(app, 'GET', '')).body.data, [])
  t.equal((await ask(app, 'POST', 'generate', { input: INPUT }, authorized)).status, 200)
  t.equal((await ask(app, 'POST', 'generate', { input: INPUT })).status, 200, 'what exists is returned')
  t.equal((await ask(app, 'POST', 'preview', { input: INPUT })).status, 200)
  t.equal((await ask(app, 'POST', 'generate', { input: INPUT, force: true })).status, 401)
  t.equal((await ask(app, 'POST', 'preview', { input: INPUT, force: true })).status, 401)
  t.equal((await ask(app, 'GET', SEED)).status, 200)

  const open = await buildApp(t, { settings: { TB_DALLE_HOST: '0.0.0.0' } })
  t.equal(
    (await ask(open, 'POST', 'preview', { input: INPUT })).status,
    401,
    'off loopback a token is needed'
  )
})

t.test('a hidden series may be drawn in', async (t) => {
  const app = await buildApp(t)
  const put = await app.ask('/v1/series/mine', { method: 'PUT', body: '{"suffix": "mine", "deleted": true}' })
  t.equal(put.status, 200)
  const { body } = await ask(app, 'POST', 'generate', { ...WHOLE, series: 'Mine' })
  t.match(body.data, { series: 'mine', annotatedPath: `output/mine/annotated/${SEED}.png` })
  const record = JSON.parse(await readFile(join(app.dataDir, body.data.metadataPath), 'utf8'))
  t.equal(record.series.source, 'embedded')
})
