import { tokens } from './chat.ts'
import { eventAnswer, hugeJson, jsonAnswer } from './delivery.ts'
import type { Answer, Gap } from './delivery.ts'
import { apiError, invalidValue, missingParameter, unknownParameter, unsupportedValue } from './errors.ts'
import type { Refusal } from './errors.ts'
import type { Body, FaultSpec } from './faults.ts'
import type { Format, Pictures } from './pictures.ts'

/** The parameters that a family of image models accepts. */
interface Family {
  models: RegExp
  longestPrompt: number
  most: number
  parameters: readonly string[]
  values: Readonly<Record<string, readonly string[]>>
}

const GPT_IMAGE: Family = {
  models: /^(gpt|chatgpt)-image-/,
  longestPrompt: 32_000,
  most: 10,
  parameters: [
    'prompt',
    'model',
    'n',
    'size',
    'quality',
    'background',
    'moderation',
    'output_format',
    'output_compression',
    'partial_images',
    'stream',
    'user'
  ],
  values: {
    quality: ['low', 'medium', 'high', 'auto'],
    background: ['transparent', 'opaque', 'auto'],
    moderation: ['low', 'auto'],
    output_format: ['png', 'jpeg', 'webp'],
    size: ['1024x1024', '1024x1536', '1536x1024', 'auto']
  }
}

const DALL_E_3: Family = {
  models: /^dall-e-3$/,
  longestPrompt: 4000,
  most: 1,
  parameters: ['prompt', 'model', 'n', 'size', 'quality', 'response_format', 'style', 'user'],
  values: {
    quality: ['standard', 'hd', 'auto'],
    response_format: ['url', 'b64_json'],
    style: ['vivid', 'natural'],
    size: ['1024x1024', '1792x1024', '1024x1792']
  }
}

const DALL_E_2: Family = {
  models: /^dall-e-2$/,
  longestPrompt: 1000,
  most: 10,
  parameters: ['prompt', 'model', 'n', 'size', 'quality', 'response_format', 'user'],
  values: {
    quality: ['standard', 'auto'],
    response_format: ['url', 'b64_json'],
    size: ['256x256', '512x512', '1024x1024']
  }
}

/** Of a server that only speaks OpenAI's protocol: it takes whatever it is given and answers with URLs, as many do. */
const COMPATIBLE = /^compatible-/

/** They take any size within limits. */
const FLEXIBLE = /^gpt-image-(?!1($|[.-]))/

const familyOf = (model: string): Family | undefined =>
  [GPT_IMAGE, DALL_E_3, DALL_E_2].find(({ models }) => models.test(model))

/** Models that are not named get the oldest family. */
const modelOf = (body: Body): string => String(body.model ?? 'dall-e-2')

/** OpenAI's answer to a request it cannot take; none if the request is good. */
export function refuseImage(body: Body): Refusal | undefined {
  const model = modelOf(body)
  if (COMPATIBLE.test(model)) return undefined
  const family = familyOf(model)
  if (family === undefined) {
    return unsupportedValue('model', model, [
      'gpt-image-1',
      'gpt-image-1-mini',
      'gpt-image-1.5',
      'gpt-image-2',
      'dall-e-2',
      'dall-e-3'
    ])
  }

  const unknown = Object.keys(body).find((name) => !family.parameters.includes(name))
  if (unknown !== undefined) return unknownParameter(unknown)
  const { prompt, n, partial_images: partials } = body
  if (typeof prompt !== 'string' || prompt === '') return missingParameter('prompt')
  if (prompt.length > family.longestPrompt) {
    return apiError(400, {
      message:
        `Invalid 'prompt': string too long. Expected a string with maximum length ${family.longestPrompt}, ` +
        `but got a string with length ${prompt.length} instead.`,
      param: 'prompt',
      code: 'string_above_max_length'
    })
  }
  for (const [name, supported] of Object.entries(family.values)) {
    const value = body[name] ?? supported[0]
    if (name === 'size' && FLEXIBLE.test(model)) continue
    if (!supported.includes(value as string)) return unsupportedValue(name, value, supported)
  }
  return (
    refuseSize(model, body.size) ??
    refuseCount('n', n, 1, family.most) ??
    refuseCount('partial_images', partials, 0, 3)
  )
}

function refuseSize(model: string, size: unknown): Refusal | undefined {
  if (!FLEXIBLE.test(model) || size === undefined || size === null || size === 'auto') return undefined
  const [, ...sides] = /^(\d{2,5})x(\d{2,5})$/.exec(String(size)) ?? []
  const [width, height] = sides.map(Number)
  if (width === undefined || height === undefined) {
    return invalidValue('size', `Invalid size '${String(size)}'. Expected WIDTHxHEIGHT or 'auto'.`)
  }
  if (width % 16 !== 0 || height % 16 !== 0) {
    return invalidValue(
      'size',
      `Invalid size '${String(size)}'. Width and height must both be divisible by 16.`
    )
  }
  const [short, long, area] = [Math.min(width, height), Math.max(width, height), width * height]
  if (long > 3840 || long > short * 3 || area < 655_360 || area > 8_294_400) {
    return invalidValue(
      'size',
      `Invalid size '${String(size)}'. The longest edge must be at most 3840, ` +
        'the aspect ratio between 1:3 and 3:1, and the area between 655360 and 8294400 pixels.'
    )
  }
}

function refuseCount(param: string, value: unknown, least: number, most: number): Refusal | undefined {
  if (value === undefined || value === null) return undefined
  const refuse = (message: string, code: string) => apiError(400, { message, param, code })
  if (!Number.isInteger(value)) {
    return refuse(`Invalid type for '${param}': expected an integer.`, 'invalid_type')
  }
  const got = value as number
  if (got < least) {
    return refuse(
      `Invalid '${param}': integer below minimum value. Expected a value >= ${least}, but got ${got} instead.`,
      'integer_below_min_value'
    )
  }
  if (got > most) {
    return refuse(
      `Invalid '${param}': integer above maximum value. Expected a value <= ${most}, but got ${got} instead.`,
      'integer_above_max_value'
    )
  }
}

export interface PictureSource {
  pictures: Pictures
  /** The URL under which a picture is served. */
  publish: (size: string, index: number) => string
  /** Numbers the pictures. */
  nextIndex: () => number
  /** The pause between the events of a stream. */
  gap: Gap
}

const NO_IMAGE = Buffer.from(Buffer.from('This is a sentence and no image.').toString('base64'))
const NOTHING = Buffer.alloc(0)

/** Draws the pictures of a valid request. */
export async function answerImage(body: Body, fault: FaultSpec, source: PictureSource): Promise<Answer> {
  const size =
    body.size === undefined || body.size === null || body.size === 'auto' ? '1024x1024' : String(body.size)
  const created = Math.floor(Date.now() / 1000)
  if (fault.kind === 'huge') return hugeJson(`{"created":${created},"data":[{"b64_json":"`, '"}]}', fault)
  if (familyOf(modelOf(body)) !== GPT_IMAGE) return await answerDallE(body, fault, source, size, created)

  const format = (body.output_format ?? 'png') as Format
  const described = {
    background: body.background === 'transparent' ? 'transparent' : 'opaque',
    output_format: format,
    quality: body.quality === 'low' || body.quality === 'medium' ? body.quality : 'high',
    size
  }
  const draw = async (index = source.nextIndex(), partial = false) =>
    (await source.pictures(size, index, { format, partial })).base64
  const count = (body.n ?? 1) as number
  const usage = usageOf(String(body.prompt), described.quality, size, count)

  if (body.stream === true) {
    const events: Array<{ data: { type: string; [field: string]: unknown }; base64: Buffer }> = []
    const picture = source.nextIndex()
    for (let index = 0; index < Number(body.partial_images ?? 0); index += 1) {
      const data = {
        type: 'image_generation.partial_image',
        created_at: created,
        ...described,
        partial_image_index: index,
        b64_json: PLACEHOLDER
      }
      events.push({ data, base64: await draw(picture, true) })
    }
    if (fault.kind === 'stream_error') {
      const error = {
        type: 'image_generation_server_error',
        code: 'image_generation_failed',
        message: 'Image generation failed',
        param: null
      }
      events.push({ data: { type: 'error', error }, base64: NOTHING })
    } else if (fault.kind !== 'stream_without_completed') {
      const data = {
        type: 'image_generation.completed',
        created_at: created,
        ...described,
        b64_json: PLACEHOLDER,
        usage
      }
      events.push({
        data,
        base64:
          fault.kind === 'empty_data' ? NOTHING : fault.kind === 'no_image' ? NO_IMAGE : await draw(picture)
      })
    }
    return eventAnswer(
      events.map(({ data, base64 }) =>
        Buffer.concat([
          Buffer.from(`event: ${data.type}\ndata: `),
          weave(data, [base64]),
          Buffer.from('\n\n')
        ])
      ),
      source.gap
    )
  }

  const images = await take(count, fault, draw)
  return jsonAnswer(
    weave({ created, ...described, data: images.map(() => ({ b64_json: PLACEHOLDER })), usage }, images)
  )
}

async function answerDallE(
  body: Body,
  fault: FaultSpec,
  { pictures, publish, nextIndex }: PictureSource,
  size: string,
  created: number
): Promise<Answer> {
  const revised =
    modelOf(body) === 'dall-e-3'
      ? { revised_prompt: `${String(body.prompt)} The scene is rendered in fine detail.` }
      : {}
  const count = (body.n ?? 1) as number
  if (body.response_format === 'b64_json') {
    const images = await take(count, fault, async () => (await pictures(size, nextIndex())).base64)
    return jsonAnswer(
      weave({ created, data: images.map(() => ({ ...revised, b64_json: PLACEHOLDER })) }, images)
    )
  }
  const data =
    fault.kind === 'empty_data'
      ? []
      : Array.from({ length: count }, () => ({ ...revised, url: publish(size, nextIndex()) }))
  return jsonAnswer({ created, data })
}

async function take(count: number, fault: FaultSpec, draw: () => Promise<Buffer>): Promise<Buffer[]> {
  // A stream's fault, in an answer that is no stream.
  if (
    fault.kind === 'empty_data' ||
    fault.kind === 'stream_without_completed' ||
    fault.kind === 'stream_error'
  ) {
    return []
  }
  return await Promise.all(
    Array.from({ length: count }, async () => (fault.kind === 'no_image' ? NO_IMAGE : await draw()))
  )
}

const PLACEHOLDER = '@picture@'

/** The JSON with the pictures inserted. They are too long for JSON.stringify at each request. */
function weave(value: object, pictures: readonly Buffer[]): Buffer {
  const [first = '', ...rest] = JSON.stringify(value).split(PLACEHOLDER)
  return Buffer.concat([
    Buffer.from(first),
    ...rest.flatMap((text, index) => [pictures[index] ?? NOTHING, Buffer.from(text)])
  ])
}

const TOKENS_OF_SQUARE: Readonly<Record<string, number>> = { low: 272, medium: 1056, high: 4160 }

function usageOf(prompt: string, quality: string, size: string, count: number) {
  const [width = 1024, height = 1024] = size.split('x').map(Number)
  const input = tokens(prompt)
  const output = Math.round(((TOKENS_OF_SQUARE[quality] ?? 4160) * width * height) / 1024 ** 2) * count
  return {
    input_tokens: input,
    input_tokens_details: { image_tokens: 0, text_tokens: input },
    output_tokens: output,
    output_tokens_details: { image_tokens: output, text_tokens: 0 },
    total_tokens: input + output
  }
}
