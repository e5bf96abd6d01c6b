import { createJsonLimits } from './json-limits.ts'
import { UnusableAnswer } from './failures.ts'

/** A drawing has a handful of events; a comment every second for an hour is fewer lines than this. */
const MAX_LINES = 10_000
const LINE_END = /\r\n|\n|\r/
const LINE_FEED = 0x0a

/**
 * The data of server-sent events, each parsed as JSON, until `[DONE]` or the end. An event that the stream breaks off
 * is dropped. Pieces are joined once for each line, so that a stream of very small pieces costs no more than others.
 * @throws UnusableAnswer for a stream of too many lines, or an event beyond the limits of JSON; SyntaxError
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  let data: string[] = []
  let lines = 0
  for await (const line of linesOf(body)) {
    lines += 1
    if (lines > MAX_LINES) throw new UnusableAnswer('the stream does not come to an end')
    if (line !== '') {
      const [, value] = /^data: ?([^]*)$/.exec(line) ?? []
      if (value !== undefined) data.push(value)
    } else if (data.length > 0) {
      const text = data.join('\n')
      data = []
      if (text.startsWith('[DONE]')) return
      createJsonLimits()(Buffer.from(text))
      yield JSON.parse(text)
    }
  }
}

/** The complete lines of a text in UTF-8. Only a line feed ends a piece, since one may follow a carriage return. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let pieces: Uint8Array[] = []
  for await (const chunk of body) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1
    pieces.push(end === 0 ? chunk : chunk.subarray(0, end))
    if (end === 0) continue
    yield* completeLines(pieces)
    pieces = [chunk.subarray(end)]
  }
  yield* completeLines(pieces)
}

/** The last part of a text has no line end. */
function completeLines(pieces: Uint8Array[]): string[] {
  return Buffer.concat(pieces).toString().split(LINE_END).slice(0, -1)
}
