import { AsyncLocalStorage } from 'node:async_hooks'
import { Headers, Response, fetch } from 'undici'
import type { Dispatcher, RequestInfo, RequestInit } from 'undici'
import { createConnector } from './connector.ts'
import { NotConnected, UnusableAnswer } from './failures.ts'
import { createDispatcher } from './proxies.ts'
import type { Proxies } from './proxies.ts'
import { STATUS_HEADER } from './receive.ts'

export const CONNECT_TIMEOUT_MS = 10_000
/**
 * Error codes of TLS. With TLS 1.3 a server refuses a client's certificate, or the lack of one, after the client has
 * begun to write; it has read no request then. Any other error of TLS may break off an answer that is paid for.
 */
const TLS_REFUSED = /^(?:.*CERT.*|UNABLE_TO_.*|ERR_SSL_.*_(?:UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE))$/
/** Error codes of undici for answers that are not HTTP, or whose header is too large. */
const UNREADABLE = /^(?:HPE_.*|UND_ERR_HEADERS_OVERFLOW)$/

/**
 * The connections to the provider. Node's own fetch fails after five minutes without headers or data, and a
 * configured timeout may be longer; here only the caller's signal ends a call.
 */
export function createTransport(proxies?: Proxies) {
  const agent = createDispatcher(proxies, {
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: createConnector({ timeout: CONNECT_TIMEOUT_MS })
  })
  return {
    /**
     * A `fetch` that follows no redirect and throws NotConnected where no request was sent. Every answer looks like a
     * success to the SDK; its real status is in STATUS_HEADER. The body fails with UnusableAnswer beyond `maxBytes`.
     */
    fetchUpTo(maxBytes: number) {
      return async (input: RequestInfo, init?: RequestInit): Promise<Response> => {
        const { status, headers, body } = await fetchThrough(agent, input, { ...init, redirect: 'manual' })
        const all = new Headers(headers)
        all.set(STATUS_HEADER, String(status))
        return new Response(body && limitBytes(body, maxBytes), { headers: all })
      }
    },

    async close(): Promise<void> {
      await agent.destroy()
    }
  }
}

/** Whether a request was written, as far as its caller watches it. */
export interface Sending {
  isSent: boolean
}

const sendings = new AsyncLocalStorage<Sending>()

/** Makes a call; `sending` shows whether a request of it was written to a connection. */
export async function watchSending<T>(sending: Sending, call: () => Promise<T>): Promise<T> {
  return await sendings.run(sending, call)
}

/** Forgets that a request was sent, because the provider has refused it and nothing was done for it. */
export function forgetSending(): void {
  const sending = sendings.getStore()
  if (sending !== undefined) sending.isSent = false
}

/**
 * Makes a request with a signal of its own, which aborts when the given one does. The SDK leaves its listener on the
 * signal of a request, and the signal of a call is kept in memory while it has one.
 */
export async function withOwnSignal<T>(
  signal: AbortSignal,
  request: (own: AbortSignal) => Promise<T>
): Promise<T> {
  signal.throwIfAborted()
  const own = new AbortController()
  const abort = () => own.abort(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await request(own.signal)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** @throws NotConnected where no request was sent; the SDK would report a connect timeout as a late answer */
export async function fetchThrough(
  dispatcher: Dispatcher,
  input: RequestInfo,
  init?: RequestInit
): Promise<Response> {
  const sending = sendings.getStore() ?? { isSent: false }
  const watched = dispatcher.compose((dispatch) => (options, handler) => {
    // A request with a body is sent when its body is.
    const moment = options.body == null ? 'onConnect' : 'onBodySent'
    const original = handler[moment] as ((...given: unknown[]) => void) | undefined
    handler[moment] = (...given: unknown[]) => {
      sending.isSent = true
      original?.apply(handler, given)
    }
    return dispatch(options, handler)
  })
  try {
    return await fetch(input, { ...init, dispatcher: watched })
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } }
    if (UNREADABLE.test(cause?.code ?? '')) throw new UnusableAnswer('the answer is no HTTP that can be read')
    const isUnsent = cause !== undefined && (!sending.isSent || TLS_REFUSED.test(cause.code ?? ''))
    throw isUnsent ? new NotConnected('no connection was made', { cause }) : error
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
