import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { PICTURE_SHAPES } from './pictures.ts'
import { REFUSAL_SHAPES } from './refusals.ts'
import { WORD_SHAPES } from './words.ts'
import type { Shape, ShapeAnswer } from './shape.ts'

export type { Shape, ShapeContext, Tokens } from './shape.ts'

/** How servers answer that speak OpenAI's protocol, as their users report it. One row for each answer. */
export const SHAPES: readonly Shape[] = [...PICTURE_SHAPES, ...REFUSAL_SHAPES, ...WORD_SHAPES]

const BY_NAME = new Map(SHAPES.map((shape) => [shape.name, shape]))

export const shapeOf = (name: string): Shape | undefined => BY_NAME.get(name)

/** Sends the answer of a shape. Resolves when it is sent, or when the client has left. */
export async function sendShape(
  response: ServerResponse,
  { status = 200, type = 'application/json', headers = {}, body, end }: ShapeAnswer,
  common: Record<string, string>
): Promise<void> {
  const bytes = Buffer.from(body as string)
  const length = end === undefined ? bytes.length : bytes.length + 1_000
  const isChunked = type.startsWith('text/event-stream')
  response.writeHead(status, {
    ...common,
    ...headers,
    ...(type !== '' && { 'content-type': type }),
    ...(!isChunked && { 'content-length': length })
  })
  if (end === undefined) {
    response.end(bytes)
    return
  }
  // Flushed before the connection ends, so that the client receives it.
  await new Promise((resolve) => response.write(bytes, resolve))
  if (end === 'cut') response.socket?.end()
  if (!response.destroyed) await once(response, 'close')
}
