import { trace } from '@opentelemetry/api'

const MAX_CAUSES = 4

/** What a log line says of the trace that it belongs to. */
export function traceIds(): { trace_id?: string; span_id?: string } {
  const span = trace.getActiveSpan()?.spanContext()
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId }
}

export interface LoggedError {
  [key: string]: unknown
  type: string
  message: string
  stack: string
}

/**
 * A serializer that turns an error into what a log may hold: its kind, code, message and stack with those of its causes, and with
 * every text in `hidden` cut to its stand-in, so that no path of the machine and no key gets out.
 */
export function createErrorSerializer(hidden: Record<string, string>) {
  // The longest first: one folder may lie in another.
  const texts = Object.entries(hidden).sort(([a], [b]) => b.length - a.length)
  const hide = (text: string) =>
    texts.reduce((left, [secret, standIn]) => left.replaceAll(secret, standIn), text)

  return function serialize(error: unknown, depth = 0): LoggedError {
    if (!(error instanceof Error)) return { type: typeof error, message: hide(String(error)), stack: '' }
    const { code, details } = error as { code?: unknown; details?: string }
    return {
      type: error.name,
      code,
      message: hide(error.message),
      details: details === undefined ? undefined : hide(details),
      stack: hide(error.stack ?? ''),
      cause: error.cause === undefined || depth >= MAX_CAUSES ? undefined : serialize(error.cause, depth + 1)
    }
  }
}
