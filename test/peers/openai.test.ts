import OpenAI, { APIError, RateLimitError } from 'openai'
import t from 'tap'
import { CHAT, IMAGE, call, client, errorOf, image, imageEvents, openai, sizeOf } from './openai-client.ts'
import { enhance } from './openai.ts'
import type { Body, Fault } from './openai.ts'

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

t.test('older models answer with URLs, which refuse the key', async (t) => {
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

const INVALID: Array<
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
  ['two of dall-e-3', 'image', { model: 'dall-e-3', prompt: 'x', n: 2 }, 400, 'integer_above_max_value', 'n'],
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

t.test('a parameter that the model does not accept is refused as by OpenAI', async (t) => {
  for (const [what, operation, body, status, code, param] of INVALID) {
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
