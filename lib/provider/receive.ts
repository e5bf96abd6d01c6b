import { mediaTypeOf } from '../image/media-type.ts'
import { readEvents } from './event-stream.ts'
import type { StreamEvent } from './event-stream.ts'
import { UnusableAnswer } from './failures.ts'
import { createJsonLimits } from './json-limits.ts'

/** How long the end of a body may follow the end of its JSON. */
const END_MS = 250
/** Enough to see what a body is, after blanks and a byte order mark. */
const SIGN_BYTES = 12
const EVENT_LINE = /^(?::|(?:data|event|id|retry)\s*:)/
const IGNORED_BYTES = /^(?:\xef\xbb\xbf)?[\t\n\r ]*/

/** What came in the body of an answer. Its form is known by its bytes, not by its media type. */
export interface Received {
  status: number
  headers: Headers
  form: 'json' | 'image' | 'text'
  bytes: Buffer
  /** The JSON; undefined if the body is no JSON or is broken. */
  json: unknown
  /** Why the body ended before its end, if it did. */
  problem: unknown
}

/** A body of server-sent events, to be read one by one. */
export interface ReceivedStream {
  status: number
  headers: Headers
  form: 'events'
  events: AsyncGenerator<StreamEvent>
}

/** The status of an answer as the provider sent it. The SDK sees a success, because it reads no body of an error. */
export const STATUS_HEADER = 'x-provider-status'

/**
 * Reads the body of an answer. JSON is whole when its outermost bracket closes, also if the connection stays open. What
 * came before a body broke off is kept: it may hold the whole picture.
 * @param maxSigns brackets, commas and colons of JSON
 * @throws UnusableAnswer for a successful answer beyond the limits
 */
export async function receive(
  { headers, body }: Response,
  maxSigns?: number
): Promise<Received | ReceivedStream> {
  const status = Number(headers.get(STATUS_HEADER) ?? 200)
  const reader = (body ?? new Blob([]).stream()).getReader() as ReadableStreamDefaultReader<Uint8Array>
  const chunks: Uint8Array[] = []
  let problem: unknown
  /** The next piece; undefined at the end. */
  const next = async (): Promise<Uint8Array | undefined> => {
    try {
      const { done, value } = await reader.read()
      return done ? undefined : value
    } catch (error) {
      if (error instanceof UnusableAnswer && isSuccess(status)) throw error
      problem = error
      return undefined
    }
  }

  for (let size = 0; size < SIGN_BYTES;) {
    const chunk = await next()
    if (chunk === undefined) break
    chunks.push(chunk)
    size = beginningOf(Buffer.concat(chunks)).length
  }
  const beginning = beginningOf(Buffer.concat(chunks))
  if (EVENT_LINE.test(beginning) && isSuccess(status)) {
    return { status, headers, form: 'events', events: readEvents(joined(chunks, reader)) }
  }
  const isJson = beginning.startsWith('{') || beginning.startsWith('[')
  const check = isJson ? createJsonLimits(maxSigns) : undefined
  try {
    let end = check?.(Buffer.concat(chunks))
    for (let chunk = end === undefined ? await next() : undefined; chunk !== undefined;) {
      chunks.push(chunk)
      end = check?.(chunk)
      chunk = end === undefined ? await next() : undefined
    }
    if (end !== undefined) await endOf(reader)
  } catch (error) {
    await reader.cancel().catch(() => {})
    if (isSuccess(status)) throw error
    // A body that refuses is known by its status, and is not parsed.
    return { status, headers, form: 'text', bytes: Buffer.concat(chunks), json: undefined, problem: error }
  }
  const bytes = Buffer.concat(chunks)
  const isImage = mediaTypeOf(bytes) !== undefined
  const json = problem === undefined || isJson ? parse(bytes, isJson) : undefined
  return { status, headers, form: isImage ? 'image' : isJson ? 'json' : 'text', bytes, json, problem }
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

function beginningOf(bytes: Buffer): string {
  return bytes.toString('latin1', 0, 1_000).replace(IGNORED_BYTES, '').slice(0, SIGN_BYTES)
}

/** All chunks of a body whose first ones were read. */
async function* joined(
  first: Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>
): AsyncGenerator<Uint8Array> {
  try {
    yield* first
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

/** Lets a body end, so that its connection is used again. One that stays open is given up. */
async function endOf(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), END_MS)
  })
  const ended = (async () => {
    while (!(await reader.read()).done);
  })()
  if ((await Promise.race([ended.catch(() => {}), late])) === 'late') await reader.cancel().catch(() => {})
  clearTimeout(timer)
}

/** The JSON in a body. A text that is no object and no list may be a value, such as `null`. */
function parse(bytes: Buffer, isJson: boolean): unknown {
  try {
    const text = bytes.toString().replace(/^\uFEFF/, '')
    return JSON.parse(text) as unknown
  } catch {
    return isJson ? firstValueOf(bytes) : undefined
  }
}

/** The first JSON value of a body that goes on after it. */
function firstValueOf(bytes: Buffer): unknown {
  try {
    const begin = bytes.findIndex((byte) => byte === 0x7b || byte === 0x5b)
    const end = createJsonLimits()(bytes.subarray(begin))
    return end === undefined ? undefined : JSON.parse(bytes.toString('utf8', begin, begin + end))
  } catch {
    return undefined
  }
}
