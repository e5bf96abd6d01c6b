import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import t from 'tap'
import type { Test } from 'tap'
import { ADDRESS, bodyOf, plainPng } from '../../helper.ts'
import { enhance } from '../../peers/openai.ts'
import { KEY, NO_ENHANCEMENT, buildWithOpenAi } from './with-openai.ts'

/** A chunk of a PNG. */
function chunk(type: string, data: string): Buffer {
  const body = Buffer.from(type + data)
  const bytes = Buffer.alloc(body.length + 8)
  bytes.writeUInt32BE(body.length - 4, 0)
  body.copy(bytes, 4)
  bytes.writeUInt32BE(crc32(body), body.length + 4)
  return bytes
}

const PROMPT = 'the prompt that the provider was sent'
/** The header of a PNG ends here. */
const AFTER_HEADER = 33

/** A PNG with Content Credentials and texts, as OpenAI's image models send it. */
async function signedPng(): Promise<Buffer> {
  const png = await plainPng(64)
  return Buffer.concat([
    png.subarray(0, AFTER_HEADER),
    chunk('caBX', `jumb c2pa ${PROMPT}`),
    chunk('tEXt', `Comment\0${PROMPT}`),
    chunk('prVt', PROMPT),
    png.subarray(AFTER_HEADER)
  ])
}

async function drawWith(t: Test, image: Buffer, settings: Record<string, string> = {}) {
  const { openai, make, urlOf, url, dataDir } = await buildWithOpenAi(t, {
    settings: { ...NO_ENHANCEMENT, ...settings }
  })
  openai.behave('image', {
    kind: 'raw',
    body: JSON.stringify({ data: [{ b64_json: image.toString('base64') }] })
  })
  t.match(await make(), { error: '' })
  return {
    generated: await readFile(join(dataDir, 'output/simple/generated', `${ADDRESS}.png`)),
    served: await fetch(`${url}/files/simple/generated/${ADDRESS}.png`),
    annotated: await bodyOf(await fetch(urlOf()))
  }
}

t.test(
  'a drawing is kept as the provider sent it, and the picture drops its Content Credentials',
  async (t) => {
    const image = await signedPng()
    const { generated, served, annotated } = await drawWith(t, image)
    t.ok(generated.equals(image))
    t.ok((await bodyOf(served)).equals(image))
    t.notOk(annotated.includes('caBX'))
    t.notOk(annotated.includes(PROMPT))
  }
)

t.test('a drawing of another format keeps its bytes and is served with its type', async (t) => {
  for (const format of ['jpeg', 'webp'] as const) {
    const image = await sharp(await plainPng(64))
      .toFormat(format)
      .toBuffer()
    const { generated, served, annotated } = await drawWith(t, image)
    t.ok(generated.equals(image), format)
    t.equal(served.headers.get('content-type'), `image/${format}`)
    t.equal((await sharp(annotated).metadata()).format, 'png')
  }
})

t.test(
  'without embedded prompts no served picture contains one, whatever the provider put into it',
  async (t) => {
    const image = await signedPng()
    const jpeg = await sharp(await plainPng(64))
      .withExif({ IFD0: { ImageDescription: PROMPT } })
      .jpeg()
      .toBuffer()
    for (const sent of [image, jpeg]) {
      t.ok(sent.includes(PROMPT))
      const { generated, served, annotated } = await drawWith(t, sent, { TB_DALLE_EMBED_PROMPT: '0' })
      for (const bytes of [generated, await bodyOf(served), annotated]) {
        t.notOk(bytes.includes(PROMPT))
        t.notOk(bytes.includes('caBX'))
        t.equal((await sharp(bytes).metadata()).format, 'png')
      }
    }
  }
)

t.test(
  "the log quotes the provider's words and its id of the request; the client reads the service's",
  async (t) => {
    const cases: Array<[body: string, quoted: string | RegExp]> = [
      ['{"status":"failure","message":"no header"}', '{"status":"failure","message":"no header"}'],
      ['<h1>Bad request</h1>', '<h1>Bad request</h1>'],
      ['', ''],
      [`{"error":"Bad key ${KEY} \u001b[31m\n"}`, '{"error":"Bad key <key> \\u001b[31m\\u000a"}'],
      [`${'x'.repeat(490)} ${KEY} and more`, `${'x'.repeat(490)} <key> and…`],
      ['y'.repeat(5_000), `${'y'.repeat(500)}…`],
      // The last one, because it opens the circuit.
      ['{"error":"Incorrect API key provided: sk-abcd********wxyz."}', /provided: <key>\."/]
    ]
    const lines: Array<Record<string, unknown>> = []
    const { openai, make } = await buildWithOpenAi(t, {
      settings: { ...NO_ENHANCEMENT, LOG_LEVEL: 'info' },
      onLogLine: (line) => lines.push(line)
    })
    for (const [index, [body, quoted]] of cases.entries()) {
      openai.script('image', { kind: 'raw', status: 400, body })
      const address = `0x${String(index).padStart(40, '0')}`
      const snapshot = await make(address)
      t.match(snapshot, { done: true, error: /^The model provider / })
      const line = lines.findLast(({ msg }) => msg === 'the provider refused a request')
      t.match(line, { operation: 'draw', providerStatus: 400, providerRequestId: /^req_[0-9a-f]{32}$/ })
      t.match(line?.body, quoted)
      if (typeof quoted === 'string') t.equal(line?.body, quoted)
    }
    t.notOk(JSON.stringify(lines).includes(KEY), 'the key is nowhere in the log')
  }
)

t.test('a refused enhanced prompt is drawn once more from the plain one, in any spelling', async (t) => {
  for (const shape of [
    'azure_filter',
    'azure_inner_error',
    'openrouter_moderation_200',
    'xai_mark',
    'gemini_list'
  ]) {
    const { openai, make, app } = await buildWithOpenAi(t, {
      settings: { TB_DALLE_ENHANCEMENT_MODEL: 'gpt-4.1-mini' }
    })
    openai.behave('image', (_index, { prompt }) =>
      String(prompt).startsWith(enhance('').trim()) ? { kind: 'shape', shape } : 'ok'
    )
    t.match(await make(), { error: '', degraded: true, degradedReason: /refused the enhanced prompt/ }, shape)
    t.equal(openai.count('image'), 2, shape)
    t.equal(app.engine.ledger.spent().images, 1, shape)
    t.equal(app.circuitBreaker.of('openai').draw.report().failures, 0)
  }
})
