import type OpenAI from 'openai'
import { APIError } from 'openai/core/error'
import type { ImageSource } from '../image/artist.ts'
import { mediaTypeOf } from '../image/media-type.ts'
import { readEvents } from './event-stream.ts'
import type { Endpoint } from './endpoints.ts'
import { BrokenStream, UnusableAnswer } from './failures.ts'
import { imageRequest } from './models.ts'
import type { Orientation } from './models.ts'
import type { ImageSettings } from './operations.ts'
import { fieldsOf, readUsage } from './prices.ts'
import type { Usage } from './prices.ts'
import { isEventStream } from './transport.ts'

/** The most that a request can ask for. */
const MAX_PARTIALS = 3

export interface ImageAnswer {
  source: ImageSource
  usage: Usage | undefined
}

/** Returns a function that makes one call: an image model draws. */
export function createDrawCall(client: OpenAI, { url, adapt }: Endpoint, settings: ImageSettings) {
  return async function draw(
    prompt: string,
    orientation: Orientation,
    signal: AbortSignal,
    onPartial: (image: Buffer) => void
  ): Promise<ImageAnswer> {
    return await adapt(imageRequest(settings, prompt, orientation), async (body) => {
      if (body.stream !== true) return readAnswer(await client.post<unknown>(url, { body, signal }))
      const response = await client.post(url, { body, signal, stream: true }).asResponse()
      // A compatible server that does not support streams sends the whole image as JSON.
      if (!isEventStream(response) || response.body === null) return readAnswer(await response.json())
      return await readStream(response.body as AsyncIterable<Uint8Array>, response.headers, onPartial)
    })
  }
}

function readAnswer(answer: unknown): ImageAnswer {
  const { data, usage } = fieldsOf(answer)
  const { b64_json: base64, url } = fieldsOf(Array.isArray(data) ? data[0] : undefined)
  if (typeof base64 === 'string') return { source: { bytes: decode(base64) }, usage: readUsage(usage) }
  if (typeof url === 'string') return { source: { url }, usage: readUsage(usage) }
  throw new UnusableAnswer('the answer holds no image')
}

/** A stream that ends early ends the loop without an error, so only the completed event counts as success. */
async function readStream(
  body: AsyncIterable<Uint8Array>,
  headers: Headers,
  onPartial: (image: Buffer) => void
): Promise<ImageAnswer> {
  let partials = 0
  for await (const event of readEvents(body)) {
    const { type, b64_json: base64, usage, error } = fieldsOf(event)
    if (error !== undefined && error !== null) {
      const cause = new APIError(undefined, fieldsOf(error), undefined, headers)
      throw new BrokenStream('the stream sent an error', { cause })
    }
    if (type === 'image_generation.partial_image' && typeof base64 === 'string' && partials < MAX_PARTIALS) {
      partials += 1
      onPartial(Buffer.from(base64, 'base64'))
    }
    if (type === 'image_generation.completed') {
      return { source: { bytes: decode(base64) }, usage: readUsage(usage) }
    }
  }
  throw new BrokenStream('the stream ended without its image')
}

function decode(base64: unknown): Buffer {
  const bytes = typeof base64 === 'string' ? Buffer.from(base64, 'base64') : undefined
  if (bytes === undefined || mediaTypeOf(bytes) === undefined) {
    throw new UnusableAnswer('the answer holds something that is no image')
  }
  return bytes
}
