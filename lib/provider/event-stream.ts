import { createJsonLimits } from './json-limits.ts'
import { UnusableAnswer } from './failures.ts'

/** A drawing has a handful of events; a comment every second for an hour is fewer lines than this. */
const MAX_LINES = 10_000
const LINE_END = /\r\n|\n|\r/
const LINE_FEED = 0x0a

/** One event: its name, which some servers send in place of a `type`, and its data, parsed as JSON. */
export interface StreamEvent {
  name: string | undefined
  data: unknown
}

/**
 * Server-sent events until `[DONE]` or the end. Pieces are joined once for each line, so that a stream of very small
 * pieces costs no more than others. An event that the stream breaks off is dropped, unless its data are whole.
 * @throws UnusableAnswer for a stream of too many lines, or an event beyond the limits of JSON; SyntaxError; what the
 * body throws
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamEvent> {
  let data: string[] = []
  let name: string | undefined
  let lines = 0
  let problem: unknown
  const rest = linesOf(body, (error) => (problem = error))
  for await (const line of rest) {
    lines += 1
    if (lines > MAX_LINES) throw new UnusableAnswer('the stream does not come to an end')
    if (line !== '') {
      const [, field, value = ''] = /^(data|event): ?([^]*)$/.exec(line) ?? []
      if (field === 'data') data.push(value)
      if (field === 'event') name = value
    } else if (data.length > 0) {
      const text = data.join('\n')
      if (text.startsWith('[DONE]')) return
      createJsonLimits()(Buffer.from(text))
      yield { name, data: JSON.parse(text) as unknown }
      data = []
      name = undefined
    }
  }
  const last = wholeOf(data.join('\n'))
  if (last !== undefined) yield { name, data: last }
  if (problem !== undefined) throw problem
}

/** The data of an event without its end; undefined if they are not whole. */
function wholeOf(text: string): unknown {
  if (text === '') return undefined
  createJsonLimits()(Buffer.from(text))
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/**
 * The lines of a text in UTF-8, also the last one without its end. Only a line feed ends a piece, since one may follow
 * a carriage return.
 * @param onBroken called with the error that ends the text, after its last line
 */
async function* linesOf(
  body: AsyncIterable<Uint8Array>,
  onBroken: (error: unknown) => void
): AsyncGenerator<string> {
  let pieces: Uint8Array[] = []
  const reader = body[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { done, value: chunk } = await reader.next().catch((error: unknown) => {
        onBroken(error)
        return { done: true as const, value: undefined }
      })
      if (done === true) break
      const end = chunk.lastIndexOf(LINE_FEED) + 1
      pieces.push(end === 0 ? chunk : chunk.subarray(0, end))
      if (end === 0) continue
      // The last part has no line end.
      yield* linesIn(pieces).slice(0, -1)
      pieces = [chunk.subarray(end)]
    }
    yield* linesIn(pieces).filter((line) => line !== '')
  } finally {
    // The reader of the events may leave before their end; then the connection is given up.
    await reader.return?.()
  }
}

function linesIn(pieces: Uint8Array[]): string[] {
  return Buffer.concat(pieces).toString().split(LINE_END)
}
