import { UnusableAnswer } from './failures.ts'
import { fieldsOf, readUsage } from './prices.ts'
import type { Received, ReceivedStream } from './receive.ts'
import { isTelling } from './refusal.ts'

/**
 * The answer of a language model that sends its text in pieces, though it was not asked to: as it would have come
 * whole.
 * @throws UnusableAnswer for a stream that ends before the model does; what the stream throws
 */
export async function joinChunks({ status, headers, events }: ReceivedStream): Promise<Received> {
  const content: unknown[] = []
  let [refusal, finishReason, usage, error]: unknown[] = []
  for await (const { name, data } of events) {
    const chunk = fieldsOf(data)
    const { delta, message, finish_reason: reason, error: own } = firstOf(chunk.choices)
    const piece = fieldsOf(delta ?? message)
    content.push(...(Array.isArray(piece.content) ? (piece.content as unknown[]) : [piece.content]))
    refusal = piece.refusal || refusal
    finishReason = reason ?? finishReason
    usage = chunk.usage ?? usage
    const isError = chunk.type === 'error' || name === 'error'
    error ??= [chunk.error, own].find(isTelling) ?? (isError ? chunk : undefined)
  }
  if (finishReason === undefined && error === undefined) {
    throw new UnusableAnswer('the stream of the language model ended too early', { usage: readUsage(usage) })
  }
  const choices = [{ message: { content, refusal }, finish_reason: finishReason }]
  const json = { ...(error === undefined ? { choices } : { error }), usage }
  return { status, headers, form: 'json', bytes: Buffer.from(JSON.stringify(json)), json, problem: undefined }
}

function firstOf(list: unknown): Record<string, unknown> {
  return fieldsOf(Array.isArray(list) ? list[0] : undefined)
}
