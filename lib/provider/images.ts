import type OpenAI from 'openai'
import type { ImageSource } from '../image/artist.ts'
import type { Endpoint } from './endpoints.ts'
import { BrokenStream, UnusableAnswer } from './failures.ts'
import { imageRequest } from './models.ts'
import type { Orientation } from './orientation.ts'
import type { ImageSettings } from './operations.ts'
import type { Body } from './parameters.ts'
import { isImage, sourceIn, sourceOf } from './picture-source.ts'
import { fieldsOf, readUsage } from './prices.ts'
import type { Usage } from './prices.ts'
import { receive } from './receive.ts'
import type { ReceivedStream } from './receive.ts'
import { Refusal, isTelling } from './refusal.ts'
import { refusalIn } from './refused-answer.ts'
import { withOwnSignal } from './transport.ts'

/** The most that a request can ask for. */
const MAX_PARTIALS = 3

export interface ImageAnswer {
  source: ImageSource
  usage: Usage | undefined
}

/** Returns a function that makes one call: an image model draws. */
export function createDrawCall(client: OpenAI, { url, secrets, adapt }: Endpoint, settings: ImageSettings) {
  async function ask(
    body: Body,
    signal: AbortSignal,
    onPartial: (image: Buffer) => void
  ): Promise<ImageAnswer> {
    const response = await client.post(url, { body, signal, stream: body.stream === true }).asResponse()
    // Also a server that was not asked for a stream may send one, and the other way round.
    const received = await receive(response)
    if (received.form === 'events') return await readStream(received, { endpoint: url, secrets, onPartial })
    const refusal = refusalIn(received, secrets)
    const source = await sourceOf(received, url, refusal !== undefined)
    const usage = readUsage(fieldsOf(received.json).usage)
    if (source !== undefined) return { source, usage }
    if (refusal !== undefined) throw refusal
    throw received.problem ?? new UnusableAnswer('the answer holds no image', { usage })
  }

  return async function draw(
    prompt: string,
    orientation: Orientation,
    signal: AbortSignal,
    onPartial: (image: Buffer) => void
  ): Promise<ImageAnswer> {
    const request = imageRequest(settings, prompt, orientation)
    return await adapt(
      request,
      async (body) => await withOwnSignal(signal, async (own) => await ask(body, own, onPartial))
    )
  }
}

/**
 * Reads a stream of events. Its image is in the event `completed`, else in the last event that holds one. A stream that
 * ends early ends the loop without an error.
 */
async function readStream(
  { events, headers }: ReceivedStream,
  {
    endpoint,
    secrets,
    onPartial
  }: { endpoint: string; secrets: readonly string[]; onPartial: (image: Buffer) => void }
): Promise<ImageAnswer> {
  let partials = 0
  let newest: ImageAnswer | undefined
  try {
    for await (const { name, data } of events) {
      const { type = name, usage, error, ...fields } = fieldsOf(data)
      if (isTelling(error) || type === 'error') {
        const text = JSON.stringify(data)
        const cause = new Refusal({ status: undefined, headers, body: data, text, secrets })
        throw new BrokenStream('the stream sent an error', { cause })
      }
      const source = await sourceIn(fields, endpoint)
      if (source === undefined) continue
      if (/partial_image$/.test(String(type))) {
        if (partials < MAX_PARTIALS && 'bytes' in source) onPartial(source.bytes)
        partials += 1
        continue
      }
      newest = { source, usage: readUsage(usage) }
      if (/completed$/.test(String(type))) return newest
    }
  } catch (error) {
    if (newest === undefined) throw error
  }
  if (newest !== undefined && (!('bytes' in newest.source) || (await isImage(newest.source.bytes)))) {
    return newest
  }
  throw new BrokenStream('the stream ended without its image')
}
