import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import type { Test } from 'tap'
import { createDownloader, isPublic } from '../../lib/provider/download.ts'
import { orientationOf } from '../../lib/provider/models.ts'
import type { Snapshot } from '../../lib/schemas/progress.ts'
import { ADDRESS, build, json, plainPng, pollUntilDone, until } from '../helper.ts'
import type { BuildOptions } from '../helper.ts'
import { enhance, startOpenAi } from '../peers/openai.ts'
import type { Fault, OpenAiOptions } from '../peers/openai.ts'

const KEY = 'sk-a-secret-key'
const NO_ENHANCEMENT = { TB_DALLE_NO_ENHANCE: '1' }

const addressOf = (index: number) =>
  `0x${createHash('sha256').update(String(index)).digest('hex').slice(0, 40)}`

/** The service with the stand-in for its provider; waits are short. */
async function setUp(t: Test, { settings, peer, ...options }: BuildOptions & { peer?: OpenAiOptions } = {}) {
  const openai = await startOpenAi({ scale: 0.125, ...peer })
  t.teardown(() => openai.close())
  const server = await build(t, {
    retry: { minTimeoutMs: 5, maxTimeoutMs: 20 },
    breaker: { resetTimeoutMs: 200 },
    ...options,
    settings: {
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: openai.url,
      TB_DALLE_FAILURE_HOLD: '5s',
      TB_DALLE_IMAGE_TIMEOUT: '20s',
      TB_DALLE_ENHANCEMENT_TIMEOUT: '1s',
      ...settings
    }
  })
  const urlOf = (address = ADDRESS) => `${server.url}/dalle/simple/${address}`
  const metric = async (line: string) => {
    const text = await (await fetch(`${server.url}/metrics`)).text()
    return Number(
      text
        .split('\n')
        .find((each) => each.startsWith(`${line} `))
        ?.split(' ')
        .at(-1)
    )
  }
  return {
    ...server,
    openai,
    urlOf,
    metric,
    make: async (address = ADDRESS) => await pollUntilDone(`${urlOf(address)}?generate=1`)
  }
}

t.test(
  'a run enhances its prompt and draws from it, in the shape its viewpoint and composition ask for',
  async (t) => {
    const { openai, make, urlOf, url, dataDir, app } = await setUp(t, {
      settings: { TB_DALLE_FAILURE_HOLD: '100ms' }
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
    t.equal(openai.count('chat'), 2, 'a model that refuses a temperature is asked once more without it')
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
      'nothing that the model refuses'
    )
    t.equal(image!.headers.authorization, `Bearer ${KEY}`)

    const png = Buffer.from(await (await fetch(urlOf())).arrayBuffer())
    const { comments = [], xmp } = await sharp(png).metadata()
    t.match(Object.fromEntries(comments.map(({ keyword, text }) => [keyword, text])), {
      Provider: 'openai',
      Description: last.dalleDress.enhancedPrompt
    })
    t.match(xmp!.toString(), '/digitalsourcetype/trainedAlgorithmicMedia<')

    await new Promise((resolve) => setTimeout(resolve, 120))
    await app.generation.ensure((await app.series.get('simple'))!, ADDRESS, { force: true })
    await until(async () => (await app.generation.snapshot('simple', ADDRESS)) === undefined)
    t.equal(openai.count('chat'), 2, 'an enhanced prompt is reused')
    t.equal(openai.count('image'), 2)
    t.match((await json(await fetch(`${url}/health`))).data.components.openai, {
      status: 'healthy',
      details: { draw_circuit: 'CLOSED', draw_successes: 2, enhance_successes: 1 }
    })
  }
)

t.test('however many ask, the provider is asked once', async (t) => {
  const { openai, urlOf } = await setUp(t, { peer: { latency: 100 } })
  await Promise.all(
    Array.from(
      { length: 300 },
      async () =>
        await (await fetch(`${urlOf()}?generate=1`, { headers: { prefer: 'wait=30' } })).arrayBuffer()
    )
  )
  t.equal(openai.count('image'), 1)
  t.equal(openai.billed, 1)
})

t.test('the sizes follow viewpoint and composition, and each model gets what it takes', async (t) => {
  const of = (viewpoint: string, composition: string) =>
    orientationOf([
      { name: 'viewpoint', value: viewpoint },
      { name: 'composition', value: composition }
    ])
  t.equal(of('panoramic view,lens,x', 'the rule of odds,balance,x'), 'landscape')
  t.equal(of("worm's-eye view,height,wide", 'a central axis,balance,x'), 'portrait')
  t.equal(of('panoramic view,lens,x', 'a tall diamond,shape,x'), 'square', 'where they disagree')
  t.equal(of('front view,side,panoramic', 'none'), 'square', 'only the name of a row counts')
  t.equal(orientationOf([]), 'square')

  const requests: Array<Record<string, unknown>> = []
  for (const [model, more] of [
    ['gpt-image-1', { TB_DALLE_IMAGE_QUALITY: 'hd' }],
    ['dall-e-3', { TB_DALLE_IMAGE_STYLE: 'natural' }],
    ['dall-e-2', { TB_DALLE_IMAGE_STYLE: 'vivid', TB_DALLE_PARTIAL_IMAGES: '3' }]
  ] as const) {
    const { openai, make } = await setUp(t, {
      settings: { ...NO_ENHANCEMENT, TB_DALLE_IMAGE_MODEL: model, ...more }
    })
    for (let index = 0; index < 12; index += 1) t.equal((await make(addressOf(index))).error, '', model)
    requests.push(...openai.requests.map(({ body }) => body))
  }
  const sizes = (model: string) =>
    [...new Set(requests.filter((body) => body.model === model).map(({ size }) => size))].sort()
  t.same(sizes('gpt-image-1'), ['1024x1024', '1024x1536', '1536x1024'])
  t.same(sizes('dall-e-3'), ['1024x1024', '1024x1792', '1792x1024'])
  t.same(sizes('dall-e-2'), ['1024x1024'])
  t.match(
    requests.find(({ model }) => model === 'dall-e-3'),
    { quality: 'hd', style: 'natural', response_format: 'b64_json' }
  )
  t.ok(
    requests.filter(({ model }) => model === 'dall-e-2').every(({ prompt }) => String(prompt).length <= 1000)
  )
})

const SHORT = { TB_DALLE_IMAGE_TIMEOUT: '1s' }
const NEVER_TWICE = { TB_DALLE_IMAGE_RETRY_ON_TIMEOUT: '0' }

// The policy, a row each: what the provider does, how often it is called for it, and what the client reads.
const ROWS: Array<
  [what: string, fault: Fault, calls: number, code: string, state: string, settings?: Record<string, string>]
> = [
  ['throttled', 'rate_limited', 4, 'OPENAI_RATE_LIMIT', 'CLOSED'],
  ['500', 'server_error', 4, 'OPENAI_UNAVAILABLE', 'CLOSED'],
  ['502', 'bad_gateway', 4, 'OPENAI_UNAVAILABLE', 'CLOSED'],
  ['503', 'overloaded', 4, 'OPENAI_UNAVAILABLE', 'CLOSED'],
  ['504', 'gateway_timeout', 4, 'OPENAI_UNAVAILABLE', 'CLOSED'],
  ['a reset', 'reset', 4, 'OPENAI_UNAVAILABLE', 'CLOSED'],
  ['a reset after a while', { kind: 'reset_after', ms: 20 }, 4, 'OPENAI_UNAVAILABLE', 'CLOSED'],
  ['a reset when it may have drawn', { kind: 'reset_after', ms: 2_200 }, 2, 'OPENAI_UNAVAILABLE', 'CLOSED'],
  ['no answer', 'hang', 2, 'OPENAI_TIMEOUT', 'CLOSED', SHORT],
  ['no answer, never twice', 'hang', 1, 'OPENAI_TIMEOUT', 'CLOSED', { ...SHORT, ...NEVER_TWICE }],
  ['half an answer', 'hang_in_body', 2, 'OPENAI_TIMEOUT', 'CLOSED', SHORT],
  [
    'half an answer, never twice',
    'hang_in_body',
    1,
    'OPENAI_TIMEOUT',
    'CLOSED',
    { ...SHORT, ...NEVER_TWICE }
  ],
  ['a cut answer', 'cut_body', 2, 'OPENAI_UNAVAILABLE', 'CLOSED'],
  ['a cut answer without a length', { kind: 'cut_body', chunked: true }, 2, 'OPENAI_UNAVAILABLE', 'CLOSED'],
  ['a cut answer, never twice', 'cut_body', 1, 'OPENAI_UNAVAILABLE', 'CLOSED', NEVER_TWICE],
  ['a slow trickle', { kind: 'trickle', ms: 100, pieces: 30 }, 2, 'OPENAI_TIMEOUT', 'CLOSED', SHORT],
  [
    'a stream without its end',
    'stream_without_completed',
    2,
    'OPENAI_UNAVAILABLE',
    'CLOSED',
    { TB_DALLE_PARTIAL_IMAGES: '2' }
  ],
  [
    'an error within a stream',
    'stream_error',
    2,
    'OPENAI_UNAVAILABLE',
    'CLOSED',
    { TB_DALLE_PARTIAL_IMAGES: '1' }
  ],
  ['broken JSON', 'malformed_json', 1, 'IMAGE_DOWNLOAD_ERROR', 'CLOSED'],
  ['no data', 'empty_data', 1, 'IMAGE_DOWNLOAD_ERROR', 'CLOSED'],
  ['no image in base64', 'no_image', 1, 'IMAGE_DOWNLOAD_ERROR', 'CLOSED'],
  ['40 MB', 'huge', 1, 'IMAGE_DOWNLOAD_ERROR', 'CLOSED'],
  ['40 MB without a length', { kind: 'huge', chunked: true }, 1, 'IMAGE_DOWNLOAD_ERROR', 'CLOSED'],
  ['no money', 'insufficient_quota', 1, 'OPENAI_UNAVAILABLE', 'OPEN'],
  ['a limit of the account', 'billing_hard_limit_reached', 1, 'OPENAI_UNAVAILABLE', 'OPEN'],
  ['an account that is not active', 'billing_not_active', 1, 'OPENAI_UNAVAILABLE', 'OPEN'],
  ['a refused picture', 'moderation_blocked', 1, 'CONTENT_REJECTED', 'CLOSED'],
  ['a refused picture, older', 'content_policy_violation', 1, 'CONTENT_REJECTED', 'CLOSED'],
  ['a wrong request', 'bad_request', 1, 'OPENAI_UNAVAILABLE', 'CLOSED'],
  ['an unknown model', 'model_not_found', 1, 'OPENAI_UNAVAILABLE', 'CLOSED'],
  ['a wrong key', 'invalid_api_key', 1, 'OPENAI_UNAVAILABLE', 'OPEN'],
  ['a country that is not served', 'region', 1, 'OPENAI_UNAVAILABLE', 'OPEN'],
  ['an organization that is not verified', 'unverified_organization', 1, 'OPENAI_UNAVAILABLE', 'OPEN']
]

t.test('each row of the policy: the calls that the provider got, and what the client reads', async (t) => {
  for (const [what, fault, calls, code, state, settings] of ROWS) {
    const { openai, app, make, close } = await quick(t, { settings: { ...NO_ENHANCEMENT, ...settings } })
    openai.behave('image', fault)
    const last = await make()
    t.equal(last.errorCode, code, what)
    t.equal(openai.count('image'), calls, `${what}: calls`)
    t.equal(app.circuitBreaker.breakers.draw.state, state, `${what}: breaker`)
    t.equal(last.attempt, calls, `${what}: attempts`)
    t.notMatch(
      last.error,
      /sk-|org-|req_|rate limit reached|quota|openai\.com|image generation/i,
      `${what}: nothing of the provider's words`
    )
    await close()
  }
})

t.test('each passing fault is got over', async (t) => {
  for (const [what, fault, , code, state, settings] of ROWS) {
    if (
      state === 'OPEN' ||
      code === 'IMAGE_DOWNLOAD_ERROR' ||
      code === 'CONTENT_REJECTED' ||
      /never twice|wrong request|unknown model/.test(what)
    ) {
      continue
    }
    const { openai, make, close } = await quick(t, { settings: { ...NO_ENHANCEMENT, ...settings } })
    openai.script('image', fault)
    t.match(await make(), { error: '', degraded: false, attempt: 2 }, what)
    t.equal(openai.count('image'), 2, what)
    t.equal(openai.billed, 1, what)
    await close()
  }
})

/** Like setUp, for many in one test: closed by hand. */
async function quick(t: Test, options: Parameters<typeof setUp>[1]) {
  const setup = await setUp(t, options)
  return { ...setup, close: async () => await Promise.all([setup.app.close(), setup.openai.close()]) }
}

t.test('enhancing that fails leaves the plain prompt, and the run says so', async (t) => {
  const cases: Array<[fault: Fault, calls: number, reason: RegExp]> = [
    ['server_error', 4, /has trouble/],
    ['rate_limited', 4, /no more requests/],
    ['hang', 1, /too long/],
    ['cut_body', 1, /broke off/],
    ['malformed_json', 1, /cannot be used/],
    ['empty_content', 1, /cannot be used/],
    ['length', 1, /cannot be used/],
    ['huge', 1, /cannot be used/],
    ['refusal', 1, /refuses/],
    ['content_filter', 1, /refuses/],
    ['moderation_blocked', 1, /refuses/],
    ['invalid_api_key', 1, /does not accept the key/],
    ['insufficient_quota', 1, /no money/]
  ]
  for (const [fault, calls, reason] of cases) {
    // This model takes a temperature, so that each fault meets the one call that counts.
    const { openai, make, dataDir, close } = await quick(t, {
      settings: {
        TB_DALLE_ENHANCEMENT_MODEL: 'gpt-4.1-mini',
        ...(fault === 'huge' && { TB_DALLE_ENHANCEMENT_TIMEOUT: '20s' })
      }
    })
    openai.behave('chat', fault)
    const last = await make()
    t.match(last, { error: '', degraded: true, degradedReason: reason, provider: 'openai' }, String(fault))
    t.equal(openai.count('chat'), calls, String(fault))
    t.equal(openai.requests.at(-1)!.body.prompt, last.dalleDress.prompt)
    t.notOk(existsSync(join(dataDir, 'output/simple/enhanced')), 'nothing is kept as enhanced')
    t.ok(
      existsSync(join(dataDir, 'output/simple/annotated', `${ADDRESS}.png`)),
      "it is the model's picture all the same"
    )
    await close()
  }
})

t.test(
  'what a compatible server may answer costs what it costs, and never the budget its count',
  async (t) => {
    const { openai, make, app, close } = await quick(t, {
      settings: { ...NO_ENHANCEMENT, TB_DALLE_DAILY_BUDGET_USD: '100' }
    })
    const base64 = (await plainPng(64)).toString('base64')
    const image = (usage: unknown) =>
      ({
        kind: 'raw',
        body: JSON.stringify({ data: [{ b64_json: base64 }], ...(usage !== undefined && { usage }) })
      }) as const
    const call = app.config.prices['gpt-image-2']!.call
    const odd: Array<[usage: unknown, usd: number]> = [
      [undefined, call],
      [null, call],
      [{}, call],
      [[], call],
      ['much', call],
      [{ input_tokens: '5', output_tokens: '7' }, call],
      [{ input_tokens: -1, output_tokens: 5 }, call],
      [{ input_tokens: 1.5, output_tokens: 5 }, call],
      [{ input_tokens: 1, output_tokens: 1, prompt_tokens_details: { cached_tokens: 9 } }, call],
      [{ prompt_tokens: 1_000, completion_tokens: 1_000 }, 0.035],
      [{ input_tokens: 1_000, output_tokens: 1_000 }, 0.035]
    ]
    for (const [index, [usage, usd]] of odd.entries()) {
      const before = app.spending.spent()
      openai.script('image', image(usage))
      t.equal((await make(addressOf(index))).error, '', JSON.stringify(usage))
      const after = app.spending.spent()
      t.ok(
        Math.abs(after.usd - before.usd - usd) < 1e-6,
        `${JSON.stringify(usage)} costs ${after.usd - before.usd}`
      )
      t.equal(after.images, before.images + 1)
    }
    t.equal(openai.count('image'), odd.length)
    await close()

    for (const body of [
      'null',
      '[]',
      '7',
      '',
      '{"data": null}',
      '{"data": [null]}',
      '{"data": [{"b64_json": 5}]}',
      '{"data": [{"b64_json": null, "url": null}]}'
    ]) {
      for (const partial of ['0', '1']) {
        const { openai, make, close } = await quick(t, {
          settings: { ...NO_ENHANCEMENT, TB_DALLE_PARTIAL_IMAGES: partial }
        })
        openai.behave('image', { kind: 'raw', body })
        t.match(await make(), { errorCode: 'IMAGE_DOWNLOAD_ERROR' }, body)
        t.equal(openai.count('image'), 1, `${body}: never bought again`)
        await close()
      }
    }
  }
)

t.test('a server that knows no streams, or sends nonsense in one, is not paid twice', async (t) => {
  const base64 = (await plainPng(64)).toString('base64')
  const events = (...data: string[]) => data.map((each) => `data: ${each}\n\n`).join('')
  const completed = `{"type":"image_generation.completed","b64_json":"${base64}"}`
  for (const [what, type, body] of [
    ['plain JSON', 'application/json', `{"data":[{"b64_json":"${base64}"}]}`],
    [
      'a partial that is no image',
      'text/event-stream',
      events('{"type":"image_generation.partial_image","b64_json":"bm9uZQ=="}', completed)
    ],
    [
      'a partial without one',
      'text/event-stream',
      events('{"type":"image_generation.partial_image"}', '7', 'null', completed)
    ]
  ] as const) {
    const { openai, make, close } = await quick(t, {
      settings: { ...NO_ENHANCEMENT, TB_DALLE_PARTIAL_IMAGES: '2' }
    })
    openai.behave('image', { kind: 'raw', type, body })
    t.match(await make(), { error: '', attempt: 1, partialImages: 0 }, what)
    t.equal(openai.count('image'), 1, what)
    await close()
  }
})

t.test('nobody at the other end is no call: repeated, and free', async (t) => {
  const gone = await startOpenAi()
  await gone.close()
  const { url, app } = await build(t, {
    retry: { minTimeoutMs: 1 },
    settings: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: gone.url, ...NO_ENHANCEMENT }
  })
  t.match(await pollUntilDone(`${url}/dalle/simple/${ADDRESS}?generate=1`), {
    errorCode: 'OPENAI_UNAVAILABLE',
    error: 'The model provider cannot be reached',
    attempt: 4
  })
  t.same(app.spending.spent(), { usd: 0, images: 0 })
})

t.test('a model that refuses a temperature is found out by many runs at once', async (t) => {
  const { make } = await setUp(t)
  const ends = await Promise.all([0, 1, 2, 3].map((index) => make(addressOf(index))))
  t.ok(ends.every(({ degraded, dalleDress }) => !degraded && dalleDress.enhancedPrompt !== ''))
  const other = await setUp(t, { settings: { TB_DALLE_ENHANCEMENT_MODEL: 'gpt-4.1-mini' } })
  other.openai.script('chat', {
    kind: 'raw',
    status: 400,
    body: '{"error":{"message":"Unsupported parameter: temperature","param":null}}'
  })
  t.equal((await other.make()).degraded, false, 'also where only the words tell')
})

t.test('where prompts are not enhanced, an enhanced one of earlier is not drawn', async (t) => {
  const { openai, make, app } = await setUp(t, { settings: NO_ENHANCEMENT })
  await app.files.write(`output/simple/enhanced/${ADDRESS}.txt`, 'A novel of it.')
  const { dalleDress } = await make()
  t.equal(dalleDress.prompt, openai.requests[0]!.body.prompt)
})

t.test('a failed enhancement does not count into the averages', async (t) => {
  const { openai, make } = await setUp(t)
  openai.behave('chat', 'refusal')
  const { phases, phaseAverages } = await make()
  t.match(phases[2], { name: 'enhance_prompt', error: /refuses/ })
  t.notOk('enhance_prompt' in phaseAverages)
  t.ok('image_wait' in phaseAverages)
})

t.test('a refused enhanced prompt is drawn from the plain one, once', async (t) => {
  const { openai, make, dataDir } = await setUp(t)
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
  t.match(await make(addressOf(1)), { errorCode: 'CONTENT_REJECTED', done: true })
  t.equal(openai.count('image'), 4)

  const { phases } = last
  const timed = phases
    .slice(0, 7)
    .map(({ startedNs, endedNs }) => [startedNs, endedNs])
    .flat()
  t.same(
    timed,
    [...timed].sort((a, b) => a - b),
    'phases follow each other, though one was gone through twice'
  )
})

t.test('the provider is waited for as long as it asks, by every run, in seconds or by a date', async (t) => {
  for (const fault of [
    () => ({ kind: 'rate_limited', retryAfter: 1 }),
    () => ({ kind: 'rate_limited', retryAfterMs: 700 }),
    () => ({ kind: 'rate_limited', retryAfterDate: new Date(Date.now() + 2_000) }),
    () => ({ kind: 'overloaded', retryAfter: 1 })
  ] as Array<() => Fault>) {
    const { openai, make, close } = await quick(t, { settings: NO_ENHANCEMENT })
    openai.script('image', fault())
    const [first] = await Promise.all([
      make(),
      until(() => openai.count('image') === 1).then(async () => await make(addressOf(1)))
    ])
    t.equal(first.error, '')
    const [refused, ...later] = openai.requests
    t.equal(later.length, 2)
    t.ok(
      later.every(({ at }) => at - refused!.at >= 650),
      `none came early: ${later.map(({ at }) => at - refused!.at).join()} ms`
    )
    await close()
  }
})

t.test('asked to wait longer than a run can, runs fail at once and say when to come back', async (t) => {
  const { openai, make, urlOf } = await setUp(t, { settings: NO_ENHANCEMENT })
  openai.script('image', { kind: 'rate_limited', retryAfter: 600 })
  t.match(await make(), { errorCode: 'OPENAI_RATE_LIMIT', attempt: 1 })
  const answer = await fetch(`${urlOf(addressOf(1))}?generate=1`)
  t.equal(answer.status, 200)
  t.equal(answer.headers.get('x-dalle-run'), 'failed')
  t.ok(Math.abs(Number(answer.headers.get('retry-after')) - 600) < 10)
  openai.script('image', { kind: 'overloaded', retryAfter: 315_360_000 })
  t.match((await json(answer)).data, { done: true, errorCode: 'OPENAI_RATE_LIMIT', currentPhase: 'failed' })
  t.equal(openai.count('image'), 1)
})

t.test(
  'an open circuit fails runs at once, then exactly one call tries, and two successes close it',
  async (t) => {
    const { openai, make, urlOf, url, app, metric } = await setUp(t, {
      settings: NO_ENHANCEMENT,
      breaker: { resetTimeoutMs: 400 },
      retry: { retries: 0 },
      peer: { latency: 1_000 }
    })
    openai.behave('image', 'server_error')
    for (let index = 0; index < 5; index += 1) await make(addressOf(index))
    t.equal(openai.count('image'), 5)
    const answer = await fetch(`${urlOf()}?generate=1`)
    t.equal(answer.headers.get('retry-after'), '1')
    t.match((await json(answer)).data, { done: true, errorCode: 'OPENAI_UNAVAILABLE', error: /left alone/ })
    t.equal(openai.count('image'), 5, 'nothing is asked while the circuit is open')
    t.match((await json(await fetch(`${url}/metrics?format=json`))).data, {
      circuit_breaker_state: 'OPEN',
      circuit_breaker_failures: 5,
      openai_requests: 5,
      openai_errors: 5
    })
    t.equal(await metric('dalleserver_circuit_breaker_state{state="OPEN"}'), 1)
    t.equal(await metric('dalleserver_circuit_breaker_state{state="CLOSED"}'), 0)
    t.equal(await metric('dalleserver_circuit_breaker_transitions_total{to="OPEN"}'), 1)
    t.equal(await metric('dalleserver_provider_circuit_breaker_failures{operation="draw"}'), 5)
    t.ok(
      Math.abs(
        (await metric('dalleserver_provider_last_failure_timestamp_seconds{operation="draw"}')) -
          Date.now() / 1000
      ) < 60
    )
    t.equal(await metric('dalleserver_provider_last_failure_timestamp_seconds{operation="enhance"}'), 0)

    openai.behave('image', 'ok')
    await until(() => app.circuitBreaker.state === 'HALF_OPEN')
    const asked = await Promise.all(
      Array.from(
        { length: 10 },
        async (_, index) => await json(await fetch(`${urlOf(addressOf(100 + index))}?generate=1`))
      )
    )
    t.equal(asked.length, 10)
    await until(async () =>
      (
        await Promise.all(asked.map((_, index) => app.generation.snapshot('simple', addressOf(100 + index))))
      ).every((snapshot) => snapshot?.done !== false)
    )
    t.equal(openai.count('image'), 6, 'exactly one call tries')
    t.equal(app.circuitBreaker.state, 'HALF_OPEN')
    t.equal((await make(addressOf(200))).error, '')
    t.equal(app.circuitBreaker.state, 'CLOSED')
    t.match((await json(await fetch(`${url}/health`))).data, {
      components: {
        openai: { status: 'healthy', details: { draw_last_failure: 'overloaded', draw_rejected: Number } }
      }
    })
  }
)

t.test('for want of money nothing more is asked, and operators are told', async (t) => {
  const { openai, make, url, metric } = await setUp(t, { settings: NO_ENHANCEMENT })
  t.equal(await metric('dalleserver_provider_out_of_money'), 0)
  openai.behave('image', 'insufficient_quota')
  await make()
  t.match(await make(addressOf(1)), { errorCode: 'OPENAI_UNAVAILABLE' })
  t.equal(openai.count('image'), 1)
  t.equal(await metric('dalleserver_provider_out_of_money'), 1)
  t.match((await json(await fetch(`${url}/health`))).data, {
    status: 'degraded',
    components: {
      openai: { status: 'unhealthy', details: { draw_circuit: 'OPEN', draw_last_failure: 'no_money' } }
    }
  })
  t.equal((await fetch(`${url}/readyz`)).status, 200, 'pictures on disk are still served')
  openai.behave('image', 'ok')
  await until(async () => (await make(addressOf(2))).error === '')
  t.equal(await metric('dalleserver_provider_out_of_money'), 0)
})

t.test(
  'with a fallback the built-in artist stands in, apart, until the provider is back and asked',
  async (t) => {
    const { openai, make, urlOf, dataDir, url, app } = await setUp(t, {
      settings: { TB_DALLE_FALLBACK: 'local', TB_DALLE_FAILURE_HOLD: '100ms' },
      breaker: { resetTimeoutMs: 2_000 }
    })
    openai.behave('image', 'insufficient_quota')
    const standIn = await make()
    t.match(standIn, {
      error: '',
      provider: 'local',
      degraded: true,
      degradedReason: /no money left.* stand-in/,
      dalleDress: { annotatedPath: `simple/standin/${ADDRESS}.png`, downloadMode: 'local' }
    })
    const shown = await fetch(urlOf())
    t.equal(shown.headers.get('content-type'), 'image/png')
    t.equal(shown.headers.get('x-dalle-degraded'), 'local')
    t.equal((await sharp(await shown.arrayBuffer()).metadata()).width, 1024)
    for (const kind of ['annotated', 'generated', 'selector', 'metadata']) {
      t.notOk(existsSync(join(dataDir, `output/simple/${kind}`)), `${kind} holds nothing of it`)
    }
    t.match(
      await (await fetch(`${url}/preview`)).text(),
      'There is no picture yet',
      'the gallery shows what the model drew'
    )

    const calls = openai.count('chat')
    const again = await fetch(`${urlOf()}?generate=1`)
    t.equal(again.headers.get('x-dalle-run'), 'cached')
    t.match((await json(again)).data, { done: true, percent: 100, degraded: true, provider: 'local' })
    t.match(await make(addressOf(1)), { provider: 'local', degraded: true, error: '' })
    t.equal(openai.count('chat'), calls, 'nobody would draw from an enhanced prompt')

    openai.behave('image', 'ok')
    await until(() => app.circuitBreaker.state === 'HALF_OPEN')
    const back = await make()
    t.match(back, { provider: 'openai', degraded: false, error: '' })
    const real = await fetch(urlOf())
    t.equal(real.headers.get('x-dalle-degraded'), null)
    t.notOk(existsSync(join(dataDir, 'output/simple/standin', `${ADDRESS}.png`)))

    openai.behave('image', 'insufficient_quota')
    await until(async () => (await make(addressOf(3))).provider === 'local')
    const forced = await fetch(`${urlOf()}?generate=1&force=1`)
    t.match(
      (await json(forced)).data,
      { errorCode: 'OPENAI_UNAVAILABLE', degraded: false },
      'where there is a picture no stand-in is drawn beside it'
    )
    t.equal((await fetch(urlOf())).headers.get('x-dalle-degraded'), null)

    await fetch(`${urlOf(addressOf(1))}?remove=1`)
    t.same((await json(await fetch(urlOf(addressOf(1))))).data, {}, 'a stand-in can be removed too')
  }
)

t.test(
  'a stand-in is drawn too when the provider goes away after it refused the enhanced prompt',
  async (t) => {
    const { openai, make } = await setUp(t, { settings: { TB_DALLE_FALLBACK: 'local' } })
    openai.script('image', 'moderation_blocked')
    openai.behave('image', 'server_error')
    t.match(await make(), {
      error: '',
      provider: 'local',
      degraded: true,
      degradedReason: /refused the enhanced prompt.*has trouble/
    })
  }
)

t.test(
  'a stand-in of long ago is told of from the disk while the provider is away, and no longer wanted it is not shown',
  async (t) => {
    const { openai, make, dataDir, app } = await setUp(t, {
      settings: { ...NO_ENHANCEMENT, TB_DALLE_FALLBACK: 'local' }
    })
    openai.behave('image', 'invalid_api_key')
    await make()
    await app.close()
    const settings = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: openai.url, ...NO_ENHANCEMENT }
    const later = await build(t, { dataDir, settings: { ...settings, TB_DALLE_FALLBACK: 'local' } })
    await pollUntilDone(`${later.url}/dalle/simple/${addressOf(9)}?generate=1`)
    t.match((await json(await fetch(`${later.url}/dalle/simple/${ADDRESS}?generate=1`))).data, {
      done: true,
      cacheHit: true,
      provider: 'local',
      degraded: true,
      degradedReason: /stand-in/
    })
    const without = await build(t, { dataDir, settings })
    t.same((await json(await fetch(`${without.url}/dalle/simple/${ADDRESS}`))).data, {})
  }
)

t.test('partial images are shown while they are the latest, and never kept', async (t) => {
  const { openai, urlOf, app, dataDir } = await setUp(t, {
    settings: { ...NO_ENHANCEMENT, TB_DALLE_PARTIAL_IMAGES: '2' },
    peer: { gap: 500 }
  })
  t.equal((await fetch(`${urlOf()}/partial`)).status, 204)
  const heard: number[] = []
  app.generation.subscribe('simple', ADDRESS, ({ partialImages }) => heard.push(partialImages))
  await fetch(`${urlOf()}?generate=1`)
  await until(() => heard.includes(1))
  const partial = await fetch(`${urlOf()}/partial`)
  t.equal(partial.status, 200)
  t.equal(partial.headers.get('cache-control'), 'no-store')
  t.equal(partial.headers.get('content-type'), 'image/png')
  await sharp(await partial.arrayBuffer()).stats()
  t.notOk(existsSync(join(dataDir, 'output/simple/generated')), 'an unfinished image is no result')
  const last = await pollUntilDone(`${urlOf()}?generate=1`)
  t.equal(last.partialImages, 2)
  t.equal((await fetch(`${urlOf()}/partial`)).status, 204)
  t.same([...new Set(heard)], [0, 1, 2])
  t.match(openai.requests[0]!.body, { stream: true, partial_images: 2 })
  t.equal((await fetch(`${urlOf().replace('simple', 'nope')}/partial`)).status, 400)
})

t.test('the deadline of a run and cancelling end the call at the provider', async (t) => {
  const { openai, make, urlOf, app } = await setUp(t, {
    settings: { ...NO_ENHANCEMENT, TB_DALLE_LOCK_TTL: '600ms', TB_DALLE_IMAGE_TIMEOUT: '60s' }
  })
  openai.behave('image', 'hang')
  t.match(await make(), { errorCode: 'GENERATION_TIMEOUT' })
  await until(() => openai.concurrent('image').now === 0)
  await fetch(`${urlOf(addressOf(1))}?generate=1`)
  await until(() => openai.concurrent('image').now === 1)
  t.match(await app.generation.cancel('simple', addressOf(1)), { errorCode: 'CANCELLED' })
  await until(() => openai.concurrent('image').now === 0)
  t.equal(openai.count('image'), 2)
  t.match(app.circuitBreaker.breakers.draw.report(), { state: 'CLOSED', failures: 0 })
})

t.test('whole endpoint URLs are asked as they are', async (t) => {
  const openai = await startOpenAi({ scale: 0.125 })
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

t.test('each of the two parts can be turned off', async (t) => {
  const { openai, make } = await setUp(t, {
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

t.test(
  'an image at a URL is downloaded, and a download that fails is repeated, the drawing never',
  async (t) => {
    const cases: Array<[fault: Fault, downloads: number, code: string]> = [
      ['ok', 1, ''],
      ['server_error', 4, 'IMAGE_DOWNLOAD_ERROR'],
      ['cut_body', 2, 'IMAGE_DOWNLOAD_ERROR'],
      ['not_an_image', 1, 'IMAGE_DOWNLOAD_ERROR'],
      ['no_image', 1, 'IMAGE_DOWNLOAD_ERROR'],
      ['huge', 1, 'IMAGE_DOWNLOAD_ERROR'],
      ['download_404', 1, 'IMAGE_DOWNLOAD_ERROR'],
      ['redirect', 1, 'IMAGE_DOWNLOAD_ERROR']
    ]
    for (const [fault, downloads, code] of cases) {
      const { openai, make, close } = await quick(t, {
        settings: { ...NO_ENHANCEMENT, TB_DALLE_IMAGE_MODEL: 'compatible-1' }
      })
      openai.behave('download', fault)
      const last = await make()
      t.equal(last.errorCode, code, String(fault))
      if (code === '') t.match(last.dalleDress, { downloadMode: 'url' })
      t.equal(openai.count('image'), 1, 'drawn and paid for once')
      t.equal(openai.count('download'), downloads, String(fault))
      await close()
    }
  }
)

t.test('no private address is downloaded from unless the provider has one', async (t) => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'image/png').end('x')
  }).listen(0)
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const { signal } = new AbortController()
  // A provider on the internet, to which nothing is sent: every URL is refused before.
  const outside = createDownloader('https://8.8.8.8/v1')
  t.teardown(() => outside.close())
  for (const url of [
    `http://127.0.0.1:${port}/x.png`,
    `http://localhost:${port}/x.png`,
    `http://[::1]:${port}/x.png`,
    `http://[::ffff:127.0.0.1]:${port}/x.png`,
    `http://2130706433:${port}/x.png`,
    `http://0x7f.1:${port}/x.png`,
    `http://0.0.0.0:${port}/x.png`,
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/x.png',
    'http://192.168.1.1/x.png',
    'http://[fd00::1]/x.png',
    'http://[64:ff9b::7f00:1]/x.png',
    'http://[::7f00:1]/x.png',
    'http://[::a9fe:a9fe]/x.png',
    'ftp://8.8.8.8/x.png',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'no url'
  ]) {
    await t.rejects(
      outside.fetchImage(url, signal).catch((error: Error) => {
        throw error.cause instanceof Error ? error.cause : error
      }),
      { message: /private address|at a \w+: URL|no URL/ },
      url
    )
  }
  const inside = createDownloader(`http://127.0.0.1:${port}/v1`)
  t.teardown(() => inside.close())
  t.equal((await inside.fetchImage(`http://localhost:${port}/x.png`, signal)).toString(), 'x')
  t.ok(isPublic('93.184.216.34') && isPublic('2606:2800:220:1:248:1893:25c8:1946'))
})

t.test('what it costs is counted by model, and an unknown price is not taken for 0', async (t) => {
  const { make, metric } = await setUp(t, { settings: { TB_DALLE_ENHANCEMENT_MODEL: 'gpt-4.1-mini' } })
  t.equal(await metric('dalleserver_provider_cost_usd_total{provider="openai",model="gpt-image-2"}'), 0)
  await make()
  const cost = await metric('dalleserver_provider_cost_usd_total{provider="openai",model="gpt-image-2"}')
  const input = await metric(
    'dalleserver_provider_tokens_total{provider="openai",model="gpt-image-2",kind="input"}'
  )
  const output = await metric(
    'dalleserver_provider_tokens_total{provider="openai",model="gpt-image-2",kind="output"}'
  )
  t.ok(input > 0 && output > 0)
  t.ok(Math.abs(cost - (input * 5 + output * 30) / 1e6) < 1e-9)
  t.ok((await metric('dalleserver_provider_cost_usd_total{provider="openai",model="gpt-4.1-mini"}')) > 0)
  t.equal(await metric('dalleserver_provider_images_total{provider="openai",model="gpt-image-2"}'), 1)
  t.equal(
    await metric('dalleserver_provider_requests_total{provider="openai",operation="draw",outcome="success"}'),
    1
  )
  t.equal(await metric('dalleserver_openai_requests_total'), 2)
  t.ok(Math.abs((await metric('dalleserver_budget_spent_usd')) - cost) < 0.01)

  const unknown = await setUp(t, { settings: { ...NO_ENHANCEMENT, TB_DALLE_IMAGE_MODEL: 'compatible-1' } })
  await unknown.make()
  t.equal(
    await unknown.metric(
      'dalleserver_provider_unpriced_requests_total{provider="openai",model="compatible-1"}'
    ),
    1
  )
  t.equal(
    await unknown.metric('dalleserver_provider_cost_usd_total{provider="openai",model="compatible-1"}'),
    0
  )
})

t.test('a spent budget is told before anything is asked, and over restarts', async (t) => {
  const settings = { ...NO_ENHANCEMENT, TB_DALLE_DAILY_IMAGE_LIMIT: '3' }
  const { openai, make, urlOf, dataDir, app, metric } = await setUp(t, { settings })
  openai.script('image', 'server_error')
  await make()
  openai.script('image', 'malformed_json')
  t.match(await make(addressOf(1)), { errorCode: 'IMAGE_DOWNLOAD_ERROR' })
  t.equal(await metric('dalleserver_budget_spent_images'), 2, 'a refused call is free, a lost answer is not')
  await make(addressOf(2))
  const refused = await fetch(`${urlOf(addressOf(3))}?generate=1`)
  t.equal(refused.status, 429)
  t.ok(Number(refused.headers.get('retry-after')) > 0 && Number(refused.headers.get('retry-after')) <= 86_400)
  t.match(await json(refused), {
    success: false,
    error: {
      code: 'BUDGET_EXHAUSTED',
      details: '3 pictures a day may be bought; the count starts anew at midnight UTC'
    }
  })
  t.equal(
    (await fetch(`${urlOf()}?generate=1`)).headers.get('x-dalle-run'),
    'cached',
    'what exists is served'
  )
  await app.close()
  const again = await build(t, {
    dataDir,
    settings: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: openai.url, ...settings }
  })
  t.equal((await fetch(`${again.url}/dalle/simple/${addressOf(4)}?generate=1`)).status, 429)
  t.equal(openai.count('image'), 4)
})

t.test('a budget in USD holds however many ask at once', async (t) => {
  const { openai, urlOf, app } = await setUp(t, {
    settings: {
      ...NO_ENHANCEMENT,
      TB_DALLE_DAILY_BUDGET_USD: '1',
      TB_DALLE_PRICES: '{"gpt-image-2": {"call": 0.3}}',
      TB_DALLE_CONCURRENCY: '16'
    },
    peer: { latency: 50 }
  })
  const answers = await Promise.all(
    Array.from(
      { length: 20 },
      async (_, index) => (await fetch(`${urlOf(addressOf(index))}?generate=1`)).status
    )
  )
  t.ok(answers.every((status) => status === 200 || status === 429))
  const ends: Array<Snapshot | undefined> = []
  await until(async () => {
    ends.splice(
      0,
      ends.length,
      ...(await Promise.all(answers.map((_, index) => app.generation.snapshot('simple', addressOf(index)))))
    )
    return ends.every((snapshot) => snapshot?.done !== false)
  })
  t.equal(openai.count('image'), 3)
  t.ok(
    ends.some((snapshot) => snapshot?.errorCode === 'BUDGET_EXHAUSTED'),
    'who was let in before it was spent learns it in the run'
  )
  t.ok(app.spending.spent().usd <= 1)
})
