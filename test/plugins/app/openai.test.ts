import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { ADDRESS, build, json, plainPng, pollUntilDone, until } from '../../helper.ts'
import { holdTimers } from '../../manual-clock.ts'
import { enhance, startOpenAi } from '../../peers/openai.ts'
import { KEY, NO_ENHANCEMENT, addressOf, buildWithOpenAi } from './with-openai.ts'

t.test('a run enhances its prompt and draws from the enhanced prompt', async (t) => {
  const { openai, make, urlOf, url, dataDir, app } = await buildWithOpenAi(t, {
    settings: { TB_DALLE_FAILURE_HOLD: '1ms' }
  })
  const last = await make()
  t.match(last, {
    error: '',
    provider: 'openai',
    degraded: false,
    attempt: 1,
    dalleDress: { downloadMode: 'b64', series: 'simple' }
  })
  t.equal(last.dalleDress.enhancedPrompt, enhance(last.dalleDress.prompt))
  t.equal(
    await readFile(join(dataDir, 'output/simple/enhanced', `${ADDRESS}.txt`), 'utf8'),
    last.dalleDress.enhancedPrompt
  )

  const [chat, image] = openai.requests
  t.match(chat!.body, {
    model: 'gpt-5.4-mini',
    seed: 1337,
    messages: [
      { role: 'system', content: /^You are/ },
      { role: 'user', content: last.dalleDress.prompt }
    ]
  })
  t.equal(openai.count('chat'), 2, 'a model that refuses a temperature is asked again without it')
  t.equal(openai.requests[1]!.body.temperature, undefined)
  const drawn = openai.requests.at(-1)!
  t.match(drawn.body, {
    model: 'gpt-image-2',
    n: 1,
    quality: 'high',
    prompt: last.dalleDress.enhancedPrompt
  })
  t.notOk(
    ['response_format', 'style', 'stream'].some((name) => name in drawn.body),
    'no parameter that the model refuses'
  )
  t.equal(image!.headers.authorization, `Bearer ${KEY}`)

  const png = Buffer.from(await (await fetch(urlOf())).arrayBuffer())
  const { comments = [], xmp } = await sharp(png).metadata()
  t.match(Object.fromEntries(comments.map(({ keyword, text }) => [keyword, text])), {
    Provider: 'openai',
    Description: last.dalleDress.enhancedPrompt
  })
  t.match(xmp!.toString(), '/digitalsourcetype/trainedAlgorithmicMedia<')

  const series = (await app.dresses.series.get('simple'))!
  await until(
    async () => (await app.generation.ensure(series, ADDRESS, { force: true })).outcome === 'started'
  )
  await until(async () => (await app.generation.snapshot('simple', ADDRESS)) === undefined)
  t.equal(openai.count('chat'), 2, 'an enhanced prompt is reused')
  t.equal(openai.count('image'), 2)
  t.match((await json(await fetch(`${url}/health`))).data.components.openai, {
    status: 'healthy',
    details: { draw_circuit: 'CLOSED', draw_successes: 2, enhance_successes: 1 }
  })
})

t.test('many requests for one picture lead to one call to the provider', async (t) => {
  const { openai, urlOf } = await buildWithOpenAi(t, {
    peer: { latency: 100 },
    settings: { TB_DALLE_CLIENT_WAITERS: '0' }
  })
  await Promise.all(
    Array.from(
      { length: 100 },
      async () =>
        await (await fetch(`${urlOf()}?generate=1`, { headers: { prefer: 'wait=30' } })).arrayBuffer()
    )
  )
  t.equal(openai.count('image'), 1)
  t.equal(openai.billed, 1)
})

t.test('a run whose prompt cannot be enhanced draws from the plain prompt and says so', async (t) => {
  const { openai, make, dataDir } = await buildWithOpenAi(t)
  openai.behave('chat', 'refusal')
  const last = await make()
  t.match(last, { error: '', degraded: true, degradedReason: /refuses/, provider: 'openai' })
  t.equal(openai.requests.at(-1)!.body.prompt, last.dalleDress.prompt)
  t.notOk(existsSync(join(dataDir, 'output/simple/enhanced')), 'no enhanced prompt is kept')
  t.ok(existsSync(join(dataDir, 'output/simple/annotated', `${ADDRESS}.png`)), 'the picture is kept')

  t.match(last.phases[2], { name: 'enhance_prompt', error: /refuses/ })
  t.notOk('enhance_prompt' in last.phaseAverages, 'a failed phase does not count in the averages')
  t.ok('image_wait' in last.phaseAverages)
})

t.test('an enhanced prompt of an earlier run is not used when prompts are not enhanced', async (t) => {
  const { openai, make, app } = await buildWithOpenAi(t, { settings: NO_ENHANCEMENT })
  await app.files.write(`output/simple/enhanced/${ADDRESS}.txt`, 'A novel of it.')
  const { dalleDress } = await make()
  t.equal(dalleDress.prompt, openai.requests[0]!.body.prompt)
})

t.test('a run whose enhanced prompt is refused draws once from the plain prompt', async (t) => {
  const { openai, make, dataDir, url } = await buildWithOpenAi(t)
  openai.behave('image', (_index, { prompt }) =>
    String(prompt).startsWith(enhance('').trim()) ? 'moderation_blocked' : 'ok'
  )
  const last = await make()
  t.match(last, {
    error: '',
    degraded: true,
    degradedReason: /refused the enhanced prompt/,
    dalleDress: { enhancedPrompt: '' }
  })
  t.equal(openai.count('image'), 2)
  t.notOk(existsSync(join(dataDir, 'output/simple/enhanced', `${ADDRESS}.txt`)))

  openai.behave('image', 'moderation_blocked')
  t.match(await make(addressOf(1)), {
    errorCode: 'CONTENT_REJECTED',
    done: true,
    degradedReason: /^The provider refused the enhanced prompt$/
  })
  t.equal(openai.count('image'), 4)
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const ended = (outcome: string, count: number) =>
    `dalleserver_generations_total{outcome="${outcome}",provider="openai"} ${count}\n`
  for (const line of [ended('degraded', 1), ended('refused', 1), ended('failed', 0)]) {
    t.ok(metrics.includes(line), line)
  }

  const { phases } = last
  const timed = phases
    .slice(0, 7)
    .map(({ startedNs, endedNs }) => [startedNs, endedNs])
    .flat()
  t.same(
    timed,
    [...timed].sort((a, b) => a - b),
    'the phases follow each other, although one ran twice'
  )
})

t.test('when the provider asks for a long wait, runs fail at once with Retry-After', async (t) => {
  const { openai, make, urlOf } = await buildWithOpenAi(t, { settings: NO_ENHANCEMENT })
  openai.script('image', { kind: 'rate_limited', retryAfter: 600 })
  t.match(await make(), { errorCode: 'OPENAI_RATE_LIMIT', attempt: 1 })
  const answer = await fetch(`${urlOf(addressOf(1))}?generate=1`)
  t.equal(answer.status, 200)
  t.equal(answer.headers.get('x-dalle-run'), 'failed')
  t.equal(answer.headers.get('retry-after'), '600')
  t.match((await json(answer)).data, { done: true, errorCode: 'OPENAI_RATE_LIMIT', currentPhase: 'failed' })
  t.equal(openai.count('image'), 1)
})

t.test('the newest partial image is served while the run lasts, and never kept', async (t) => {
  let show = () => {}
  const seen = new Promise<void>((resolve) => {
    show = resolve
  })
  const { openai, urlOf, app, dataDir } = await buildWithOpenAi(t, {
    settings: { ...NO_ENHANCEMENT, TB_DALLE_PARTIAL_IMAGES: '2' },
    peer: { gap: async () => await seen }
  })
  t.equal((await fetch(`${urlOf()}/partial`)).status, 204)
  const heard: number[] = []
  app.generation.subscribe('simple', ADDRESS, (snapshot) => heard.push(snapshot!.partialImages))
  await fetch(`${urlOf()}?generate=1`)
  await until(() => heard.includes(1))
  const partial = await fetch(`${urlOf()}/partial`)
  t.equal(partial.status, 200)
  t.equal(partial.headers.get('cache-control'), 'no-store')
  t.equal(partial.headers.get('content-type'), 'image/png')
  await sharp(await partial.arrayBuffer()).stats()
  t.notOk(
    existsSync(join(dataDir, `output/simple/generated/${ADDRESS}.png`)),
    'a partial image is not stored'
  )
  show()
  const last = await pollUntilDone(`${urlOf()}?generate=1`)
  t.equal(last.partialImages, 2)
  t.equal((await fetch(`${urlOf()}/partial`)).status, 204)
  t.same([...new Set(heard)], [0, 1, 2])
  t.match(openai.requests[0]!.body, { stream: true, partial_images: 2 })
  t.equal((await fetch(`${urlOf().replace('simple', 'nope')}/partial`)).status, 400)
})

t.test('a partial image that is no image is ignored', async (t) => {
  const { openai, make } = await buildWithOpenAi(t, {
    settings: { ...NO_ENHANCEMENT, TB_DALLE_PARTIAL_IMAGES: '2' }
  })
  const base64 = (await plainPng(64)).toString('base64')
  const body = [
    '{"type":"image_generation.partial_image","b64_json":"bm9uZQ=="}',
    `{"type":"image_generation.completed","b64_json":"${base64}"}`
  ]
  openai.behave('image', {
    kind: 'raw',
    type: 'text/event-stream',
    body: body.map((data) => `data: ${data}\n\n`).join('')
  })
  t.match(await make(), { error: '', attempt: 1, partialImages: 0 })
})

t.test("a run's deadline and its cancellation end the call to the provider", async (t) => {
  const lockTtlMs = 3_600_321
  const reachDeadline = holdTimers(t, lockTtlMs)
  const { openai, make, urlOf, app } = await buildWithOpenAi(t, {
    settings: { ...NO_ENHANCEMENT, TB_DALLE_LOCK_TTL: `${lockTtlMs}ms`, TB_DALLE_IMAGE_TIMEOUT: '2h' }
  })
  openai.behave('image', 'hang')
  const first = make()
  await until(() => openai.concurrent('image').now === 1)
  reachDeadline()
  t.match(await first, { errorCode: 'GENERATION_TIMEOUT' })
  await until(() => openai.concurrent('image').now === 0)

  await fetch(`${urlOf(addressOf(1))}?generate=1`)
  await until(() => openai.concurrent('image').now === 1)
  t.match(await app.generation.cancel('simple', addressOf(1)), { errorCode: 'CANCELLED' })
  await until(() => openai.concurrent('image').now === 0)
  t.equal(openai.count('image'), 2)
  t.match(app.circuitBreaker.of('openai').draw.report(), { state: 'CLOSED', failures: 0 })
})

t.test('whole endpoint URLs are used unchanged', async (t) => {
  const openai = await startOpenAi({ scale: 0.0625 })
  t.teardown(() => openai.close())
  const { url } = await build(t, {
    settings: {
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
      TB_DALLE_ENHANCEMENT_URL: `${openai.origin}/one/chat/completions`,
      TB_DALLE_IMAGE_URL: `${openai.origin}/two/images/generations`
    }
  })
  t.equal((await pollUntilDone(`${url}/dalle/simple/${ADDRESS}?generate=1`)).error, '')
  t.same(
    [...new Set(openai.requests.map(({ path }) => path))],
    ['/one/chat/completions', '/two/images/generations']
  )
})

t.test('the image model can be turned off, and the built-in artist draws', async (t) => {
  const { openai, make } = await buildWithOpenAi(t, {
    settings: { TB_DALLE_SKIP_IMAGE: '1', TB_DALLE_ENHANCEMENT_MODEL: 'gpt-4.1-mini' }
  })
  t.match(await make(), {
    provider: 'local',
    error: '',
    degraded: false,
    dalleDress: { enhancedPrompt: /^In the hush/ }
  })
  t.equal(openai.count('chat'), 1)
  t.equal(openai.requests[0]!.body.temperature, 0.2)
  t.equal(openai.count('image'), 0)
})

t.test('an image at a URL is downloaded', async (t) => {
  const { openai, make } = await buildWithOpenAi(t, {
    settings: { ...NO_ENHANCEMENT, TB_DALLE_IMAGE_MODEL: 'compatible-1' }
  })
  const { error, dalleDress } = await make()
  t.equal(error, '')
  t.equal(dalleDress.downloadMode, 'url')
  t.ok(dalleDress.imageUrl.startsWith('http://127.0.0.1:'), "imageUrl is the provider's URL")
  t.equal(openai.count('download'), 1)
})
