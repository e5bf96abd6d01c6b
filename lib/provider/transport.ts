import { Agent, Response, fetch } from 'undici'
import type { RequestInfo, RequestInit } from 'undici'
import { NotConnected, UnusableAnswer } from './failures.ts'

/**
 * More than an image of 4096 x 4096 pixels in base64 has, with three unfinished images before it in a stream.
 */
const MAX_ANSWER_BYTES = 32 * 2 ** 20
export const CONNECT_TIMEOUT_MS = 10_000
/** Error codes of the system, of TLS and of undici that mean that no request was sent. */
const NOT_CONNECTED = new RegExp(
  `^(?:${[
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'EADDRNOTAVAIL',
    'ETIMEDOUT',
    'UND_ERR_CONNECT_TIMEOUT',
    'ERR_TLS_.*',
    '.*CERT.*',
    'UNABLE_TO_.*'
  ].join('|')})$`
)

/**
 * The connections to the provider. Node's own fetch fails after five minutes without headers or data, and a
 * configured timeout may be longer; here only the caller's signal ends a call.
 */
export function createTransport() {
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: CONNECT_TIMEOUT_MS } })
  return {
    /**
     * `fetch` that throws NotConnected where no request was sent; a body fails with UnusableAnswer beyond 32
     * MB.
     */
    async fetch(input: RequestInfo, init?: RequestInit): Promise<Response> {
      const response = await fetchThrough(agent, input, init)
      if (response.body === null) return response
      return new Response(limitBytes(response.body, MAX_ANSWER_BYTES), {
        status: response.status,
        statusText: response.statusText,
        headers: response.headers
      })
    },

    async close(): Promise<void> {
      await agent.destroy()
    }
  }
}

/** @throws NotConnected where no request was sent; the SDK would report a connect timeout as a late answer */
export async function fetchThrough(
  dispatcher: Agent,
  input: RequestInfo,
  init?: RequestInit
): Promise<Response> {
  try {
    return await fetch(input, { ...init, dispatcher })
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } }
    // Without an error code, fetch itself refused to send, for example to a forbidden port.
    const isUnsent = cause !== undefined && (cause.code === undefined || NOT_CONNECTED.test(cause.code))
    throw isUnsent ? new NotConnected('no connection was made') : error
  }
}

/** The same bytes, until there are more than `limit`; then the stream fails with UnusableAnswer. */
export function limitBytes(body: ReadableStream<Uint8Array>, limit: number): ReadableStream<Uint8Array> {
  let left = limit
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        left -= chunk.byteLength
        if (left < 0) controller.error(new UnusableAnswer(`the answer has more than ${limit} bytes`))
        else controller.enqueue(chunk)
      }
    })
  )
}
