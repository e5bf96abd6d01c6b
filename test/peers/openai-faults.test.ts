import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import OpenAI from 'openai'
import t from 'tap'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { until } from '../helper.ts'
import { CHAT, IMAGE, call, chat, errorOf, image, imageEvents, openai, sizeOf } from './openai-client.ts'
import { createChaos, parseScript, promptKey, startOpenAi } from './openai.ts'
import type { Fault, FaultName } from './openai.ts'

/** A signal that aborts soon after the request has arrived. */
function soon(): AbortSignal {
  const controller = new AbortController()
  until(() => openai.concurrent().now > 0).then(
    () => setTimeout(() => controller.abort(), 50),
    () => {}
  )
  return controller.signal
}

t.test('every fault of the connection fails the client', async (t) => {
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
})

t.test('status 200 with an unusable body', async (t) => {
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
  const leaving = new AbortController()
  t.ok(
    (await imageEvents(2, leaving.signal, () => leaving.abort())).every(
      ({ type }) => type === 'image_generation.partial_image'
    ),
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

t.test('the records count billed pictures and keep the latest requests', async (t) => {
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

t.test('scripts name their faults, and chaos is repeatable', async (t) => {
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

t.test('closing ends hanging requests', async (t) => {
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

t.test('the command line starts the stand-in', async (t) => {
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
  await until(() => output().includes('npm start'), 60)
  const baseURL = /OPENAI_API_KEY=fake OPENAI_BASE_URL=(\S+) npm start/.exec(output())![1]!
  const user = new OpenAI({ apiKey: 'fake', baseURL, maxRetries: 0 })
  t.match(await errorOf(user.chat.completions.create(CHAT)), { status: 500 })
  t.match(await user.chat.completions.create(CHAT), { object: 'chat.completion' })
  await until(() => output().includes('chat gpt-4.1-mini /v1/chat/completions → ok in'), 60)
  const wrong = cli('--chaos', '2')
  t.same(await once(wrong.child, 'close'), [2, null])
  t.match(wrong.output(), /^--chaos is "2"/)
})
