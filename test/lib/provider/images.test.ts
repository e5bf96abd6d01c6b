import sharp from 'sharp'
import t from 'tap'
import { KNOWN_PRICES } from '../../../lib/provider/prices.ts'
import { plainPng, until } from '../../helper.ts'
import { startOpenAi } from '../../peers/openai.ts'
import { startClient } from './start-client.ts'

const openai = await startOpenAi({ scale: 0.0625 })
const base64 = (await plainPng(64)).toString('base64')
t.teardown(() => openai.close())
t.beforeEach(() => openai.reset())

t.test('a call costs its tokens where the answer has usable counts, else the price of a call', async (t) => {
  const { draw, ledger, charges } = await startClient(t, { baseUrl: openai.url, limits: { usd: 100 } })
  const { call } = KNOWN_PRICES['gpt-image-2']!
  const cases: Array<[usage: unknown, usd: number]> = [
    [undefined, call],
    [null, call],
    ['much', call],
    [{ input_tokens: -1, output_tokens: 5 }, call],
    [{ prompt_tokens: 1_000, completion_tokens: 1_000 }, 0.035],
    [{ input_tokens: 1_000, output_tokens: 1_000 }, 0.035]
  ]
  let spent = 0
  for (const [index, [usage, usd]] of cases.entries()) {
    openai.script('image', {
      kind: 'raw',
      body: JSON.stringify({ data: [{ b64_json: base64 }], ...(usage !== undefined && { usage }) })
    })
    t.ok((await draw()).result !== undefined, JSON.stringify(usage))
    spent += usd
    t.match(charges.at(-1), { model: 'gpt-image-2', images: 1, usd })
    t.ok(Math.abs(ledger.spent().usd - spent) < 1e-6, `${JSON.stringify(usage)}: ${ledger.spent().usd}`)
    t.equal(ledger.spent().images, index + 1)
  }
  t.equal(openai.count('image'), cases.length)
})

t.test('an answer without an image is not bought again', async (t) => {
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
    for (const partialImages of [0, 1]) {
      openai.reset()
      const { draw } = await startClient(t, { baseUrl: openai.url, image: { partialImages } })
      openai.behave('image', { kind: 'raw', body })
      t.equal((await draw()).error?.code, 'IMAGE_DOWNLOAD_ERROR', body)
      t.equal(openai.count('image'), 1, body)
    }
  }
})

t.test('a server without streams, or with strange events, is paid once', async (t) => {
  const events = (...data: string[]) => data.map((each) => `data: ${each}\n\n`).join('')
  const completed = `{"type":"image_generation.completed","b64_json":"${base64}"}`
  for (const [what, type, body] of [
    ['plain JSON', 'application/json', `{"data":[{"b64_json":"${base64}"}]}`],
    [
      'events without an image',
      'text/event-stream',
      events('{"type":"image_generation.partial_image"}', '7', 'null', completed)
    ]
  ] as const) {
    openai.reset()
    const { draw, partials } = await startClient(t, { baseUrl: openai.url, image: { partialImages: 2 } })
    openai.behave('image', { kind: 'raw', type, body })
    t.equal((await draw()).attempts, 1, what)
    t.same(partials, [], what)
    t.equal(openai.count('image'), 1, what)
  }
})

t.test('an error in a stream decides, unless the image has come', async (t) => {
  const blocked = '{"type":"error","code":"moderation_blocked","message":"no"}'
  const drawn = `{"type":"image_generation.generated","error":{},"b64_json":"${base64}"}`
  for (const [datas, code] of [
    [[blocked], 'CONTENT_REJECTED'],
    [[drawn, '{"type":"error","message":"too late"}'], undefined]
  ] as const) {
    openai.reset()
    const { draw, ledger } = await startClient(t, { baseUrl: openai.url, image: { partialImages: 2 } })
    const body = datas.map((data) => `data: ${data}\n\n`).join('')
    openai.behave('image', { kind: 'raw', type: 'text/event-stream', body })
    t.equal((await draw()).error?.code, code)
    t.equal(openai.count('image'), 1)
    t.equal(ledger.spent().images, code === undefined ? 1 : 0)
  }
})

t.test('a body that stays open after its picture is given up', async (t) => {
  for (const shape of ['open_after_json', 'open_after_events']) {
    const { draw } = await startClient(t, { baseUrl: openai.url })
    openai.script('image', { kind: 'shape', shape })
    t.ok((await draw()).result, shape)
    await until(() => openai.concurrent('image').now === 0, 30)
  }
})

t.test('partial images are delivered before the image', async (t) => {
  const { draw, partials } = await startClient(t, { baseUrl: openai.url, image: { partialImages: 2 } })
  const { result } = await draw()
  t.equal(result?.mode, 'b64')
  t.equal((await sharp(result?.bytes).metadata()).width, 64)
  t.equal(partials.length, 2)
  t.match(openai.requests[0]?.body, { stream: true, partial_images: 2 })
})
