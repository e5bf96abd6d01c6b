import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import OpenAI, { APIError, RateLimitError } from 'openai'
import sharp from 'sharp'
import t from 'tap'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { createChaos, enhance, parseScript, promptKey, startOpenAi } from '../peers/openai.ts'
import type { Body, Fault, FaultName, Operation } from '../peers/openai.ts'
import { until } from '../helper.ts'

const openai = await startOpenAi({ scale: 0.125, keep: 40, variants: 2 })
const client = new OpenAI({ apiKey: 'sk-peer-0123456789', baseURL: openai.url, maxRetries: 0 })
t.teardown(() => openai.close())
t.beforeEach(() => openai.reset())

const IMAGE = { model: 'gpt-image-2', prompt: 'An otter' }
const CHAT = { model: 'gpt-4.1-mini', messages: [{ role: 'user' as const, content: 'an otter waits' }] }

const chat = async (signal?: AbortSignal) => await client.chat.completions.create(CHAT, { signal })
const image = async (signal?: AbortSignal) => await client.images.generate(IMAGE, { signal })
const call = async (operation: Operation, signal?: AbortSignal): Promise<unknown> =>
  operation === 'chat' ? await chat(signal) : await image(signal)

async function imageEvents(partials = 2, signal?: AbortSignal) {
  const events = []
  const stream = await client.images.generate(
    { ...IMAGE, stream: true, partial_images: partials },
    { signal }
  )
  for await (const event of stream) events.push(event)
  return events
}

const sizeOf = async (base64: string | undefined) => {
  const { width, height, format } = await sharp(Buffer.from(base64 ?? '', 'base64')).metadata()
  return `${format} ${width}x${height}`
}

/** Aborts a little after the request has come. */
function soon(): AbortSignal {
  const controller = new AbortController()
  until(() => openai.concurrent().now > 0).then(
    () => setTimeout(() => controller.abort(), 50),
    () => {}
  )
  return controller.signal
}

/** What the client throws. */
async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return await promise.then(
    () => {
      throw new Error('it went well')
    },
    (error: Error) => error
  )
}

t.test('good answers have the shapes that OpenAI documents', async (t) => {
  const { data, response, request_id: requestId } = await client.chat.completions.create(CHAT).withResponse()
  t.match(data, {
    object: 'chat.completion',
    model: CHAT.model,
    choices: [
      {
        message: { role: 'assistant', content: enhance('an otter waits'), refusal: null },
        finish_reason: 'stop'
      }
    ]
  })
  t.match(data.usage, {
    prompt_tokens: 4,
    total_tokens: 4 + data.usage!.completion_tokens,
    prompt_tokens_details: { cached_tokens: 0 }
  })
  t.match(requestId, /^req_[0-9a-f]{32}$/)
  t.match(response.headers.get('openai-processing-ms'), /^\d+$/)
  t.equal(response.headers.get('openai-version'), '2020-10-01')
  t.equal(response.headers.get('x-ratelimit-limit-requests'), '500')

  const square = await image()
  t.match(square, {
    background: 'opaque',
    output_format: 'png',
    quality: 'high',
    size: '1024x1024',
    usage: {
      input_tokens: 2,
      output_tokens: 4160,
      total_tokens: 4162,
      input_tokens_details: { text_tokens: 2, image_tokens: 0 }
    }
  })
  t.equal(await sizeOf(square.data?.[0]?.b64_json), 'png 128x128')
  const wide = await client.images.generate({ ...IMAGE, size: '1536x1024', output_format: 'webp', n: 2 })
  t.equal(await sizeOf(wide.data?.[1]?.b64_json), 'webp 192x128')
  t.not(wide.data?.[0]?.b64_json, wide.data?.[1]?.b64_json, 'the variants differ')

  const events = await imageEvents()
  t.match(events, [
    { type: 'image_generation.partial_image', partial_image_index: 0 },
    { type: 'image_generation.partial_image', partial_image_index: 1, quality: 'high', output_format: 'png' },
    {
      type: 'image_generation.completed',
      size: '1024x1024',
      background: 'opaque',
      usage: { output_tokens: 4160 }
    }
  ])
  t.same(
    await Promise.all(events.map(({ b64_json: base64 }) => sizeOf(base64))),
    Array(3).fill('png 128x128')
  )
  t.equal((await client.models.list()).data[0]?.id, 'gpt-image-2')

  const elsewhere = new OpenAI({ apiKey: 'x', baseURL: `${openai.origin}/custom/path`, maxRetries: 0 })
  t.match(await elsewhere.images.generate(IMAGE), { size: '1024x1024' })
})

t.test('the older models answer with URLs that the key must not follow', async (t) => {
  const { data = [], usage } = await client.images.generate({
    model: 'dall-e-3',
    prompt: 'An otter',
    size: '1792x1024',
    quality: 'hd',
    style: 'vivid'
  })
  t.equal(usage, undefined)
  t.match(data[0]?.revised_prompt, /^An otter/)
  const url = data[0]!.url!
  const response = await fetch(url)
  t.equal(response.headers.get('content-type'), 'image/png')
  t.equal(await sizeOf(Buffer.from(await response.arrayBuffer()).toString('base64')), 'png 224x128')
  t.equal((await fetch(url, { headers: { authorization: 'Bearer sk-1' } })).status, 400)
  t.equal((await fetch(`${openai.origin}/images/never.png`)).status, 404)
  const inline = await client.images.generate({
    model: 'dall-e-2',
    prompt: 'An otter',
    size: '256x256',
    response_format: 'b64_json'
  })
  t.equal(await sizeOf(inline.data?.[0]?.b64_json), 'png 32x32')

  openai.script(
    'download',
    'download_404',
    'not_an_image',
    'no_image',
    'wrong_type',
    { kind: 'huge', bytes: 100_000 },
    'cut_body',
    'reset'
  )
  t.equal((await fetch(url)).status, 404)
  t.match((await fetch(url)).headers.get('content-type'), /^text\/html/)
  await t.rejects(
    fetch(url).then(
      async (answer) => await sizeOf(Buffer.from(await answer.arrayBuffer()).toString('base64'))
    ),
    /unsupported image format/
  )
  t.match((await fetch(url)).headers.get('content-type'), /^text\/plain/)
  t.ok((await (await fetch(url)).arrayBuffer()).byteLength > 100_000)
  await t.rejects(
    fetch(url).then(async (answer) => await answer.arrayBuffer()),
    /terminated/
  )
  await t.rejects(fetch(url), /fetch failed/)
  openai.script('download', 'redirect')
  const redirected = await fetch(url)
  t.match(
    [redirected.url, redirected.headers.get('content-type')],
    [`${openai.origin}/images/img-1024x1024-0.png`, 'image/png']
  )
  openai.script('download', { kind: 'redirect', location: `${openai.origin}/elsewhere` })
  t.equal((await fetch(url)).status, 404)
})

t.test('what the model does not take is refused as OpenAI refuses it', async (t) => {
  const cases: Array<
    [
      what: string,
      operation: 'image' | 'chat',
      body: Body,
      status: number,
      code: string | null,
      param: string | null
    ]
  > = [
    [
      'response_format',
      'image',
      { ...IMAGE, response_format: 'b64_json' },
      400,
      'unknown_parameter',
      'response_format'
    ],
    ['style', 'image', { ...IMAGE, style: 'vivid' }, 400, 'unknown_parameter', 'style'],
    ['quality hd', 'image', { ...IMAGE, quality: 'hd' }, 400, 'invalid_value', 'quality'],
    ['quality standard', 'image', { ...IMAGE, quality: 'standard' }, 400, 'invalid_value', 'quality'],
    [
      'size of gpt-image-1',
      'image',
      { ...IMAGE, model: 'gpt-image-1', size: '1792x1024' },
      400,
      'invalid_value',
      'size'
    ],
    ['size of gpt-image-2', 'image', { ...IMAGE, size: '1792x936' }, 400, 'invalid_value', 'size'],
    ['size too small', 'image', { ...IMAGE, size: '512x512' }, 400, 'invalid_value', 'size'],
    [
      'size of dall-e-3',
      'image',
      { model: 'dall-e-3', prompt: 'x', size: '1536x1024' },
      400,
      'invalid_value',
      'size'
    ],
    [
      'stream of dall-e-3',
      'image',
      { model: 'dall-e-3', prompt: 'x', stream: true },
      400,
      'unknown_parameter',
      'stream'
    ],
    [
      'two of dall-e-3',
      'image',
      { model: 'dall-e-3', prompt: 'x', n: 2 },
      400,
      'integer_above_max_value',
      'n'
    ],
    [
      'long for dall-e-2',
      'image',
      { model: 'dall-e-2', prompt: 'x'.repeat(1001) },
      400,
      'string_above_max_length',
      'prompt'
    ],
    [
      'long for dall-e-3',
      'image',
      { model: 'dall-e-3', prompt: 'x'.repeat(4001) },
      400,
      'string_above_max_length',
      'prompt'
    ],
    [
      'long for gpt-image',
      'image',
      { ...IMAGE, prompt: 'x'.repeat(32_001) },
      400,
      'string_above_max_length',
      'prompt'
    ],
    ['no prompt', 'image', { model: 'gpt-image-2' }, 400, 'missing_required_parameter', 'prompt'],
    ['no such model', 'image', { ...IMAGE, model: 'crayon' }, 400, 'invalid_value', 'model'],
    [
      'temperature of gpt-5',
      'chat',
      { ...CHAT, model: 'gpt-5-mini', temperature: 0.2 },
      400,
      'unsupported_value',
      'temperature'
    ],
    [
      'temperature of o3',
      'chat',
      { ...CHAT, model: 'o3', temperature: 0.2 },
      400,
      'unsupported_value',
      'temperature'
    ],
    [
      'max_tokens of gpt-5',
      'chat',
      { ...CHAT, model: 'gpt-5', max_tokens: 5 },
      400,
      'unsupported_parameter',
      'max_tokens'
    ],
    ['no messages', 'chat', { model: 'gpt-5' }, 400, 'missing_required_parameter', 'messages']
  ]
  for (const [what, operation, body, status, code, param] of cases) {
    const path = operation === 'image' ? '/images/generations' : '/chat/completions'
    t.match(
      await errorOf(client.post(path, { body })),
      { status, code, param, type: 'invalid_request_error' },
      what
    )
  }
  t.match(await client.chat.completions.create({ ...CHAT, temperature: 0.2 }), { object: 'chat.completion' })
  t.match(await client.images.generate({ ...IMAGE, size: '1792x1024' }), { size: '1792x1024' })

  const raw = async (path: string, init: RequestInit) => await fetch(`${openai.url}${path}`, init)
  t.equal((await raw('/models', {})).status, 401)
  t.equal((await raw('/models', { headers: { authorization: 'Bearer ' } })).status, 401)
  const headers = { authorization: 'Bearer x' }
  t.equal((await raw('/chat/completions', { method: 'POST', headers, body: '{' })).status, 400)
  t.equal((await raw('/chat/completions', { headers })).status, 405)
  t.equal((await raw('/nowhere', { headers })).status, 404)
  t.equal(openai.billed, 1)
})

t.test('every refusal has its status, its code and its class', async (t) => {
  const date = new Date(Date.now() + 5000)
  const cases: Array<[fault: Fault, status: number, code: string | null, type: string | undefined]> = [
    [{ kind: 'rate_limited', retryAfter: 2 }, 429, 'rate_limit_exceeded', 'requests'],
    [{ kind: 'rate_limited', retryAfterDate: date, limit: 'tokens' }, 429, 'rate_limit_exceeded', 'tokens'],
    ['insufficient_quota', 429, 'insufficient_quota', 'insufficient_quota'],
    ['billing_hard_limit_reached', 400, 'billing_hard_limit_reached', 'invalid_request_error'],
    ['billing_not_active', 429, 'billing_not_active', 'billing_not_active'],
    ['server_error', 500, null, 'server_error'],
    [{ kind: 'overloaded', retryAfterMs: 50 }, 503, null, 'server_error'],
    ['moderation_blocked', 400, 'moderation_blocked', 'image_generation_user_error'],
    ['content_policy_violation', 400, 'content_policy_violation', 'invalid_request_error'],
    ['bad_request', 400, 'invalid_value', 'invalid_request_error'],
    ['model_not_found', 404, 'model_not_found', 'invalid_request_error'],
    ['invalid_api_key', 401, 'invalid_api_key', 'invalid_request_error'],
    ['region', 403, 'unsupported_country_region_territory', 'request_forbidden'],
    ['unverified_organization', 403, null, 'invalid_request_error']
  ]
  for (const operation of ['chat', 'image'] as const) {
    openai.script(operation, ...cases.map(([fault]) => fault))
    const errors = []
    for (const [fault, status, code, type] of cases) {
      const error = await errorOf(call(operation))
      errors.push(error as APIError)
      t.match(error, { status, code, type, requestID: /^req_/ }, `${operation} ${JSON.stringify(fault)}`)
    }
    t.ok(errors[0] instanceof RateLimitError)
    t.equal(errors[0]?.headers?.get('retry-after'), '2')
    t.equal(errors[1]?.headers?.get('retry-after'), date.toUTCString())
    t.equal(errors[2]?.headers?.get('retry-after'), null)
    t.equal(errors[6]?.headers?.get('retry-after-ms'), '50')
    t.match(errors[11]?.message, /provided: sk-p\*+6789\./)

    openai.script(operation, 'bad_gateway', 'gateway_timeout', 'redirect')
    t.match(await errorOf(call(operation)), { status: 502, message: /502 Bad Gateway/ })
    t.match(await errorOf(call(operation)), { status: 504, message: /504 Gateway Time-out/ })
    t.ok((await errorOf(call(operation))) instanceof APIError, 'the redirect leads astray')
  }
  t.equal(openai.billed + openai.possiblyBilled, 0)
})

t.test('every way to fail on the wire fails the client', async (t) => {
  const cases: Array<[fault: Fault, expected: RegExp, signal?: () => AbortSignal]> = [
    ['hang', /aborted/, soon],
    ['hang_in_body', /aborted/, soon],
    ['cut_body', /terminated/],
    [{ kind: 'cut_body', chunked: true, share: 0.9 }, /terminated/],
    ['reset', /Connection error/],
    [{ kind: 'reset_after', ms: 10 }, /Connection error/],
    ['malformed_json', /JSON/]
  ]
  for (const operation of ['chat', 'image'] as const) {
    for (const [fault, expected, signal] of cases) {
      openai.script(operation, fault)
      t.match(
        (await errorOf(call(operation, signal?.()))).message,
        expected,
        `${operation} ${JSON.stringify(fault)}`
      )
    }
  }
  await until(() => openai.concurrent().now === 0)
  t.equal(openai.billed, 0)
  t.equal(openai.possiblyBilled, 4)

  openai.script('image', { kind: 'trickle', ms: 2, pieces: 10 }, { kind: 'delay', ms: 20 })
  t.equal(await sizeOf((await image()).data?.[0]?.b64_json), 'png 128x128')
  t.equal(await sizeOf((await image()).data?.[0]?.b64_json), 'png 128x128')
  t.match(openai.requests.at(-1), { operation: 'image', outcome: 'delay', body: IMAGE })
  t.ok(openai.requests.at(-1)!.took! >= 19)
})

t.test('a good status with something else in it', async (t) => {
  openai.script('image', 'empty_data', 'no_image', 'wrong_type', { kind: 'huge', bytes: 1_000_000 })
  t.same((await image()).data, [])
  await t.rejects(sizeOf((await image()).data?.[0]?.b64_json), /unsupported image format/)
  t.type((await image()) as unknown, 'string')
  t.ok((await image()).data![0]!.b64_json!.length >= 1_000_000)

  openai.script('chat', 'empty_content', 'refusal', 'content_filter', 'length', {
    kind: 'huge',
    bytes: 1_000_000,
    chunked: true
  })
  t.equal((await chat()).choices[0]?.message.content, '')
  t.match((await chat()).choices[0]?.message, { content: null, refusal: /sorry/ })
  t.equal((await chat()).choices[0]?.finish_reason, 'content_filter')
  t.equal((await chat()).choices[0]?.finish_reason, 'length')
  t.ok((await chat()).choices[0]!.message.content!.length >= 1_000_000)

  openai.script(
    'image',
    'stream_without_completed',
    'stream_error',
    'empty_data',
    'no_image',
    'cut_body',
    'rate_limited',
    'malformed_json',
    'hang_in_body'
  )
  t.same(
    (await imageEvents()).map(({ type }) => type),
    Array(2).fill('image_generation.partial_image')
  )
  t.match(await errorOf(imageEvents()), {
    message: /Image generation failed/,
    code: 'image_generation_failed',
    status: undefined
  })
  t.match((await imageEvents(0)).at(-1), { type: 'image_generation.completed', b64_json: '' })
  await t.rejects(sizeOf((await imageEvents(1)).at(-1)?.b64_json), /unsupported image format/)
  t.match((await errorOf(imageEvents())).message, /terminated/)
  t.match(await errorOf(imageEvents()), { status: 429 })
  t.same(await imageEvents(), [])
  t.ok(
    (await imageEvents(2, soon())).every(({ type }) => type === 'image_generation.partial_image'),
    'the client ends silently'
  )
})

t.test('the 40 MB of a huge answer are never in memory', async (t) => {
  openai.script('image', 'huge')
  const response = await fetch(`${openai.url}/images/generations`, {
    method: 'POST',
    headers: { authorization: 'Bearer x' },
    body: JSON.stringify(IMAGE)
  })
  t.ok(Number(response.headers.get('content-length')) >= 40_000_000)
  const before = process.memoryUsage().arrayBuffers
  const reader = response.body!.getReader()
  await reader.read()
  t.ok(process.memoryUsage().arrayBuffers - before < 10_000_000)
  await reader.cancel()
  await until(() => openai.outcomes.get('image:client_left') === 1)
})

t.test('the ledger counts what was billed and forgets the rest', async (t) => {
  openai.behave('chat', (index, body) => (index === 1 && body.model === CHAT.model ? 'server_error' : 'ok'))
  await chat()
  t.match(await errorOf(chat()), { status: 500 })
  await Promise.all(Array.from({ length: 50 }, async () => await image()))
  t.equal(openai.requests.length, 40)
  t.same([openai.count('chat'), openai.count('image'), openai.count('download')], [2, 50, 0])
  t.same(Object.fromEntries(openai.outcomes), { 'chat:ok': 1, 'chat:server_error': 1, 'image:ok': 50 })
  t.same(
    [openai.billed, openai.possiblyBilled, openai.billedByPrompt.get(promptKey('An otter'))],
    [50, 0, 50]
  )
  t.match(openai.requests.at(-1), {
    path: '/v1/images/generations',
    headers: { authorization: 'Bearer sk-peer-0123456789' }
  })

  openai.script('chat', 'server_error')
  openai.reset()
  t.same(
    [
      openai.requests.length,
      openai.count('image'),
      openai.billed,
      openai.billedByPrompt.size,
      openai.concurrent().peak
    ],
    [0, 0, 0, 0, 0]
  )
  t.match(await chat(), { object: 'chat.completion' }, 'the script is forgotten too')
})

t.test('scripts and chaos', async (t) => {
  t.throws(() => openai.script('image', 'refusal'), /image cannot have the fault "refusal"/)
  t.throws(() => openai.behave('chat', 'rate_limitd' as FaultName), /cannot have/)
  t.same(parseScript('image:rate_limited,chat:refusal*2'), [
    ['image', [{ kind: 'rate_limited' }]],
    ['chat', [{ kind: 'refusal' }, { kind: 'refusal' }]]
  ])
  for (const wrong of ['image', 'image:otter', 'otter:hang', 'image:hang*x']) {
    t.throws(() => parseScript(wrong), wrong)
  }

  const fates = (seed: number) =>
    Array.from({ length: 2000 }, (_, index) => createChaos({ operation: 'image', share: 0.2, seed })(index))
  t.same(fates(7), fates(7))
  t.notSame(fates(7), fates(8))
  const failed = fates(7).filter((fate) => fate !== 'ok')
  t.ok(failed.length > 340 && failed.length < 460, `${failed.length} of 2000 fail`)
  t.equal(new Set(failed).size, 12, 'every fault comes')
})

t.test('closing ends what hangs', async (t) => {
  const other = await startOpenAi({ latency: 60_000 })
  other.behave('chat', 'hang')
  const stuck = new OpenAI({ apiKey: 'x', baseURL: other.url, maxRetries: 0 })
  const ends = Promise.all(
    Array.from(
      { length: 40 },
      async (_, index) =>
        await errorOf(index % 2 === 0 ? stuck.images.generate(IMAGE) : stuck.chat.completions.create(CHAT))
    )
  )
  await until(() => other.concurrent().now === 40)
  await other.close()
  for (const error of await ends) t.match(error, { message: /Connection error/ })
  t.same(other.concurrent('image'), { now: 0, peak: 20 })
  t.same(other.concurrent(), { now: 0, peak: 40 })
  t.equal(other.possiblyBilled, 20)
})

t.test('by hand', async (t) => {
  const cli = (...args: string[]) => {
    const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist/test/peers/openai-cli.js'), ...args])
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += String(chunk)
      })
    }
    t.teardown(() => child.kill())
    return { child, output: () => output }
  }
  const { output } = cli('--port', '0', '--latency', '5', '--faults', 'chat:server_error')
  await until(() => output().includes('npm start'))
  const baseURL = /OPENAI_API_KEY=fake OPENAI_BASE_URL=(\S+) npm start/.exec(output())![1]!
  const user = new OpenAI({ apiKey: 'fake', baseURL, maxRetries: 0 })
  t.match(await errorOf(user.chat.completions.create(CHAT)), { status: 500 })
  t.match(await user.chat.completions.create(CHAT), { object: 'chat.completion' })
  await until(() => output().includes('chat gpt-4.1-mini /v1/chat/completions → ok in'))
  const wrong = cli('--chaos', '2')
  t.same(await once(wrong.child, 'close'), [2, null])
  t.match(wrong.output(), /^--chaos is "2"/)
})
