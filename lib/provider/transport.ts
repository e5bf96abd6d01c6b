import { Response, fetch } from 'undici'
import type { Dispatcher, RequestInfo, RequestInit } from 'undici'
import { NotConnected, UnusableAnswer } from './failures.ts'
import { createJsonLimits } from './json-limits.ts'
import { createDispatcher, isProxied } from './proxies.ts'
import type { Proxies } from './proxies.ts'

/** An error of OpenAI has less than 1 kB. */
const MAX_ERROR_BYTES = 16 * 1024
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
/** The same for answers that are not HTTP, or whose header is too large. */
const UNREADABLE = /^(?:HPE_.*|UND_ERR_HEADERS_OVERFLOW)$/

/** The bodies of error responses by their headers. Of both, the SDK's error has only the headers as they came. */
const errorBodies = new WeakMap<object, string>()

/** The body of the error response that the SDK has thrown; empty where there was none. */
export function bodyOf({ headers }: { headers: object | undefined }): string {
  return (headers && errorBodies.get(headers)) ?? ''
}

/**
 * The connections to the provider. Node's own fetch fails after five minutes without headers or data, and a
 * configured timeout may be longer; here only the caller's signal ends a call.
 */
export function createTransport(proxies?: Proxies) {
  const agent = createDispatcher(proxies, {
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: CONNECT_TIMEOUT_MS }
  })
  return {
    /**
     * A `fetch` that follows no redirect and throws NotConnected where no request was sent. The body of an answer
     * fails with UnusableAnswer beyond `maxBytes`, and beyond the limits of JSON unless it is an event stream. The
     * body of an error response is empty where it breaks off or is beyond the limits.
     */
    fetchUpTo(maxBytes: number, maxSigns?: number) {
      return async (input: RequestInfo, init?: RequestInit): Promise<Response> => {
        const response = await fetchThrough(agent, input, { ...init, redirect: 'manual' })
        if (response.body === null) return response
        const { status, statusText, headers } = response
        const limited = limitBytes(response.body, response.ok ? maxBytes : MAX_ERROR_BYTES)
        const isStream = response.ok && isEventStream(response)
        const body = isStream ? limited : limitJson(limited, maxSigns)
        if (response.ok) return new Response(body, { status, statusText, headers })
        const bytes = await readAll(body)
        const refusal = new Response(bytes, { status, statusText, headers })
        errorBodies.set(refusal.headers, bytes.toString())
        return refusal
      }
    },

    async close(): Promise<void> {
      await agent.destroy()
    }
  }
}

/** @throws NotConnected where no request was sent; the SDK would report a connect timeout as a late answer */
export async function fetchThrough(
  dispatcher: Dispatcher,
  input: RequestInfo,
  init?: RequestInit
): Promise<Response> {
  try {
    return await fetch(input, { ...init, dispatcher })
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } }
    if (UNREADABLE.test(cause?.code ?? '')) throw new UnusableAnswer('the answer is no HTTP that can be read')
    // Without an error code, fetch itself refused to send, for example to a forbidden port.
    const isUnsent =
      cause !== undefined &&
      (cause.code === undefined ||
        NOT_CONNECTED.test(cause.code) ||
        isRefusedByProxy(cause, dispatcher, init))
    throw isUnsent ? new NotConnected('no connection was made') : error
  }
}

/** undici reports a proxy that makes no connection as a cancelled request, though the caller has not aborted it. */
function isRefusedByProxy(cause: unknown, dispatcher: Dispatcher, init: RequestInit | undefined): boolean {
  return cause instanceof DOMException && isProxied(dispatcher) && init?.signal?.aborted !== true
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

/** Whether a response is a stream of events by its media type. The SDK would parse any other type as JSON. */
export function isEventStream({ headers }: { headers: Pick<Headers, 'get'> }): boolean {
  const [mediaType = ''] = (headers.get('content-type') ?? '').split(';')
  return mediaType.trim().toLowerCase() === 'text/event-stream'
}

/** The same bytes, until they are no JSON within the limits. */
function limitJson(body: ReadableStream<Uint8Array>, maxSigns?: number): ReadableStream<Uint8Array> {
  const check = createJsonLimits(maxSigns)
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        check(chunk)
        controller.enqueue(chunk)
      }
    })
  )
}

/** The bytes of an error's body; none where it breaks off or is beyond its limits, since the status says enough. */
async function readAll(body: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of body) chunks.push(chunk)
  } catch {
    return Buffer.alloc(0)
  }
  return Buffer.concat(chunks)
}
