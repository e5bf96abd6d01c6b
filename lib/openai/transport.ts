import { Agent, Response, fetch } from 'undici'
import type { RequestInfo, RequestInit } from 'undici'
import { UnusableAnswer } from '../resilience/classify.ts'

/** An image of 4096 x 4096 pixels in base64 is smaller; so is a stream with three unfinished ones before it. */
const MAX_ANSWER_BYTES = 32 * 2 ** 20
const CONNECT_TIMEOUT_MS = 10_000

export type Transport = ReturnType<typeof createTransport>

/**
 * The connections to the provider. Node's own fetch gives up after five minutes without headers or data, which a configured time
 * may exceed: here only the caller's signal ends a call.
 */
export function createTransport () {
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: CONNECT_TIMEOUT_MS } })
  return {
    /** `fetch` whose answers break off with UnusableAnswer beyond 32 MB. */
    async fetch (input: RequestInfo, init?: RequestInit): Promise<Response> {
      const response = await fetch(input, { ...init, dispatcher: agent })
      if (response.body === null) return response
      return new Response(limitBytes(response.body, MAX_ANSWER_BYTES), { status: response.status, statusText: response.statusText, headers: response.headers })
    },

    async close (): Promise<void> {
      await agent.destroy()
    }
  }
}

/** The same bytes; an error in their place once there are more than `limit`. */
export function limitBytes (body: ReadableStream<Uint8Array>, limit: number): ReadableStream<Uint8Array> {
  let left = limit
  return body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
    transform (chunk, controller) {
      left -= chunk.byteLength
      if (left < 0) controller.error(new UnusableAnswer(`the answer has more than ${limit} bytes`))
      else controller.enqueue(chunk)
    }
  }))
}
