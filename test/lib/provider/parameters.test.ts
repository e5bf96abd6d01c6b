import t from 'tap'
import { refusedParameters } from '../../../lib/provider/parameters.ts'
import { Refusal } from '../../../lib/provider/refusal.ts'
import { startOpenAi } from '../../peers/openai.ts'
import type { Behaviour, Body } from '../../peers/openai.ts'
import { PARAMETER_FORMS } from '../../peers/openai/faults.ts'
import type { ParameterForm } from '../../peers/openai/faults.ts'
import { startClient } from './start-client.ts'

const openai = await startOpenAi({ scale: 0.0625 })
t.teardown(() => openai.close())
t.beforeEach(() => openai.reset())

/** Refuses each of the parameters, one after the other. */
function refusing(form: ParameterForm, ...parameters: string[]): Behaviour {
  return (_index: number, body: Body) => {
    const parameter = parameters.find((name) => name in body)
    return parameter === undefined ? 'ok' : { kind: 'refused_parameter', form, parameter }
  }
}

/** The client of a model that takes everything but what the test refuses. */
const start = async (t: Parameters<typeof startClient>[0], written: Map<string, string>) =>
  await startClient(t, {
    baseUrl: openai.url,
    image: { model: 'compatible-1', style: 'vivid' },
    enhancement: { model: 'gpt-4.1-mini' },
    written
  })

for (const form of PARAMETER_FORMS) {
  t.test(`a parameter that a model refuses is left out from then on: ${form}`, async (t) => {
    const written = new Map<string, string>()
    const { draw, enhance, charges, ledger, refusedParameters: kept } = await start(t, written)
    openai.behave('image', refusing(form, 'size', 'quality', 'style', 'n'))
    t.equal((await draw()).error, undefined)
    t.equal(openai.count('image'), 5, 'one call more for each refused parameter')
    t.same(Object.keys(openai.requests.at(-2)!.body), ['model', 'prompt'], 'the rest is sent')
    t.equal(openai.billed, 1)
    t.match(charges, [{ images: 1 }], 'what was refused is not charged')
    t.equal(ledger.spent().images, 1)

    openai.behave('chat', refusing(form, 'seed', 'temperature'))
    t.equal((await enhance()).error, undefined)
    t.equal(openai.count('chat'), 3)
    t.equal(charges.length, 2)

    await Promise.all([draw(), enhance()])
    t.equal(openai.count('image'), 6, 'the next drawing needs one call')
    t.equal(openai.count('chat'), 4)

    await kept.close()
    const restarted = await start(t, written)
    await Promise.all([restarted.draw(), restarted.enhance()])
    t.equal(openai.count('image'), 7, 'so does the first one after a restart')
    t.equal(openai.count('chat'), 5)
  })
}

t.test('a refusal that several calls meet at the same time is reported once', async (t) => {
  const { draw, refused } = await start(t, new Map())
  let refusals = 0
  let refuseBoth = () => {}
  const bothRefused = new Promise<void>((resolve) => (refuseBoth = resolve))
  openai.behave('image', (_index, body) => {
    if (!('size' in body)) return { kind: 'delay', until: bothRefused }
    refusals += 1
    if (refusals === 2) refuseBoth()
    return { kind: 'refused_parameter', form: 'azure', parameter: 'size' }
  })
  for (const { error } of await Promise.all([draw(), draw()])) t.equal(error, undefined)
  t.equal(openai.count('image'), 4)
  t.same(refused, [['compatible-1', ['size']]])

  openai.behave('image', refusing('azure', 'quality'))
  await draw()
  t.same(refused.slice(1), [['compatible-1', ['quality']]], 'another parameter is reported too')
})

t.test('another model of the same provider gets the parameter', async (t) => {
  const written = new Map<string, string>()
  openai.behave('image', (index, body) => refuseFor('compatible-1', index, body))
  await (await start(t, written)).draw()
  const other = await startClient(t, { baseUrl: openai.url, image: { model: 'compatible-2' }, written })
  await other.draw()
  t.ok('size' in openai.requests.findLast(({ operation }) => operation === 'image')!.body)
  t.equal(openai.count('image'), 3)
})

function refuseFor(model: string, index: number, body: Body) {
  const refuse = refusing('openai_unknown', 'size')
  return body.model === model && typeof refuse === 'function' ? refuse(index, body) : 'ok'
}

t.test('nothing is kept where the call fails without the parameter too', async (t) => {
  const written = new Map<string, string>()
  const { draw, refusedParameters: kept } = await start(t, written)
  openai.script(
    'image',
    { kind: 'refused_parameter', form: 'azure', parameter: 'size' },
    { kind: 'raw', status: 400, body: '{"error": {"message": "The model is being loaded"}}' }
  )
  t.match((await draw()).error, { kind: 'wrong_request' })
  t.equal(openai.count('image'), 2)
  await kept.close()
  t.equal(written.size, 0)
})

t.test('a refusal that costs tokens is charged, and not repeated without the parameter', async (t) => {
  const { draw, charges } = await start(t, new Map())
  const error = { message: "Unknown parameter: 'size'.", param: 'size', code: 'unknown_parameter' }
  openai.behave('image', {
    kind: 'raw',
    status: 400,
    body: JSON.stringify({ error, usage: { input_tokens: 10, output_tokens: 20 } })
  })
  t.match((await draw()).error, { kind: 'wrong_request' })
  t.equal(openai.count('image'), 1)
  t.match(charges, [{ usage: { inputTokens: 10, outputTokens: 20 }, images: 0 }])
})

t.test('a stream that a model refuses is left out with its unfinished images', async (t) => {
  const { draw } = await startClient(t, {
    baseUrl: openai.url,
    image: { model: 'compatible-1', partialImages: 2 }
  })
  openai.behave('image', refusing('vllm', 'partial_images'))
  t.equal((await draw()).error, undefined)
  t.equal(openai.count('image'), 2)
  t.notOk('stream' in openai.requests[1]!.body)
})

t.test('a file that cannot be read is replaced', async (t) => {
  const path = 'metrics/refused_parameters.json'
  for (const text of [
    'no JSON',
    '[]',
    '{"version":"v2","refused":{}}',
    '{"version":"v1","refused":{"a":{"b":1}}}'
  ]) {
    openai.reset()
    const written = new Map([[path, text]])
    const warnings: unknown[] = []
    const { draw, refusedParameters: kept } = await startClient(t, {
      baseUrl: openai.url,
      image: { model: 'compatible-1' },
      written,
      onDiskError: (error) => warnings.push(error)
    })
    t.equal(warnings.length, 1)
    openai.behave('image', refusing('xai', 'quality'))
    await draw()
    await kept.close()
    t.match(JSON.parse(written.get(path)!), {
      version: 'v1',
      refused: { [`${openai.url}/images/generations`]: { 'compatible-1': ['quality'] } }
    })
  }
})

/** What an error response with this body refuses, of all that may be sent. */
function refusedIn(text: string, status = 400): string[] {
  const sent = {
    model: 'm',
    prompt: 'p',
    n: 1,
    size: '1536x1024',
    quality: 'high',
    style: 'vivid',
    seed: 1,
    user: 'u'
  }
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    // A body that is no JSON.
  }
  return refusedParameters(new Refusal({ status, headers: new Headers(), body, text, secrets: [] }), sent)
}

t.test('only what an error refuses is left out', async (t) => {
  const cases: Array<[body: string, names: string[], status?: number]> = [
    ['{"error":{"message":"Invalid value: \'1536x1024\'. Supported values are: \'256x256\'."}}', ['size']],
    ['{"error":{"message":"\'1536x1024\' is not one of [\'256x256\'] - \'size\'"}}', ['size']],
    ['{"error":"Invalid size 1536x1024"}', ['size']],
    ['{"message":"Unknown parameter: seed. Supported parameters are: size, quality, style"}', ['seed']],
    [
      '{"detail":[{"loc":["body","seed"],"msg":"x","input":{"size":1}},{"loc":["body","style"]}]}',
      ['seed', 'style'],
      422
    ],
    ['{"detail":[{"type":"missing","loc":["body","n"],"msg":"Field required"}]}', [], 422],
    ['{"error":{"message":"The prompt is too long"}}', []],
    ['{"error":{"message":"Unsupported value","param":"prompt"}}', []],
    ['{"error":{"message":"Unsupported value","param":"model"}}', []],
    ['{"error":{"message":"Unknown parameter","param":"output_format"}}', []],
    [
      '{"error":{"code":"moderation_blocked","message":"style is not allowed by our safety system","param":"style"}}',
      []
    ],
    ['{"error":{"code":"content_filter","message":"The quality of this user is invalid"}}', []],
    ['{"error":{"message":"Unsupported value","param":"size"}}', [], 500],
    ['{"error":{"message":"Unsupported value","param":"size"}}', [], 401],
    ['{"error":{"code":400,"message":"Unsupported value","param":"size"}}', ['size'], 200],
    ['', []],
    [`${'['.repeat(1000)}${']'.repeat(1000)}`, []]
  ]
  for (const [body, names, status] of cases) t.same(refusedIn(body, status), names, body.slice(0, 80))
})
