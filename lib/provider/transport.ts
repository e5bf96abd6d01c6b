import { Agent, Response, fetch } from 'undici'
import type { RequestInfo, RequestInit } from 'undici'
import { NotConnected, UnusableAnswer } from './classify.ts'

/** An image of 4096 x 4096 pixels in base64 is smaller; so is a stream with three unfinished ones before it. */
const MAX_ANSWER_BYTES = 32 * 2 ** 20
export const CONNECT_TIMEOUT_MS = 10_000
/** Errors of the system, of TLS and of undici that mean that no request was sent. */
const NOT_CONNECTED =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|.*CERT.*|UNABLE_TO_.*)$/

/**
 * The connections to the provider. Node's own fetch gives up after five minutes without headers or data, which a configured time
 * may exceed: here only the caller's signal ends a call.
 */
export function createTransport() {
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: CONNECT_TIMEOUT_MS } })
  return {
    /** `fetch` whose answers break off with UnusableAnswer beyond 32 MB, and that says NotConnected where nothing was sent. */
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

/** @throws NotConnected where nothing was sent: the SDK would take a connection that is not made in time for an answer that is late */
export async function fetchThrough(
  dispatcher: Agent,
  input: RequestInfo,
  init?: RequestInit
): Promise<Response> {
  try {
    return await fetch(input, { ...init, dispatcher })
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } }
    // Without a code of the system's it is fetch itself that would not send, to a port that it forbids for example.
    const isUnsent = cause !== undefined && (cause.code === undefined || NOT_CONNECTED.test(cause.code))
    throw isUnsent ? new NotConnected('nobody was reached') : error
  }
}

/** The same bytes; an error in their place once there are more than `limit`. */
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
