import type OpenAI from 'openai'
import type { Stream } from 'openai/core/streaming'
import type { OpenAiConfig } from '../config.ts'
import { mediaTypeOf } from '../image/media-type.ts'
import { UnusableAnswer } from '../resilience/classify.ts'
import type { Usage } from '../spending/prices.ts'
import { imageRequest } from './models.ts'
import type { Orientation } from './models.ts'

/** The image as the answer has it: the bytes, or where they are. */
export type ImageSource = { bytes: Buffer } | { url: string }

export interface ImageAnswer {
  source: ImageSource
  usage: Usage | undefined
}

/** Where a stream breaks off before its image is complete. */
class BrokenStream extends Error {}

/** One call that has an image model draw. */
export function createImages (client: OpenAI, settings: NonNullable<OpenAiConfig['image']>) {
  const path = settings.url ?? '/images/generations'

  return async function draw (prompt: string, orientation: Orientation, signal: AbortSignal, onPartial: (image: Buffer) => void): Promise<ImageAnswer> {
    const body = imageRequest(settings, prompt, orientation)
    if (body.stream !== true) return readAnswer(await client.post<OpenAI.ImagesResponse>(path, { body, signal }))
    return await readStream(await client.post<Stream<OpenAI.ImageGenStreamEvent>>(path, { body, signal, stream: true }), onPartial)
  }
}

function readAnswer ({ data, usage }: Partial<OpenAI.ImagesResponse>): ImageAnswer {
  const image = data?.[0]
  if (image?.b64_json) return { source: { bytes: decode(image.b64_json) }, usage: readUsage(usage) }
  if (image?.url) return { source: { url: image.url }, usage: readUsage(usage) }
  throw new UnusableAnswer('the answer holds no image')
}

/** Ending a stream early ends its loop without an error, so only the completed event counts. */
async function readStream (stream: Stream<OpenAI.ImageGenStreamEvent>, onPartial: (image: Buffer) => void): Promise<ImageAnswer> {
  for await (const event of stream) {
    if (event.type === 'image_generation.partial_image') onPartial(decode(event.b64_json))
    if (event.type === 'image_generation.completed') return { source: { bytes: decode(event.b64_json) }, usage: readUsage(event.usage) }
  }
  throw new BrokenStream('the stream ended without its image')
}

function decode (base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64')
  if (mediaTypeOf(bytes) === undefined) throw new UnusableAnswer('the answer holds something that is no image')
  return bytes
}

function readUsage (usage: OpenAI.ImagesResponse.Usage | OpenAI.ImageGenCompletedEvent.Usage | undefined): Usage | undefined {
  return usage && { inputTokens: usage.input_tokens, cachedTokens: 0, outputTokens: usage.output_tokens }
}
