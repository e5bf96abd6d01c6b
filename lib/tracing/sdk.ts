import { SpanStatusCode, context, propagation, trace } from '@opentelemetry/api'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node'
import { abortable } from '../abortable.ts'
import { VERSION } from '../package.ts'
import type { TracingConfig } from './collector.ts'

/** For one export with all its retries. */
const EXPORT_TIMEOUT_MS = 5_000
/**
 * The longest time that the last export may delay the stop; with the 10 s of open requests it stays below
 * 11.5 s.
 */
const FLUSH_MS = 1_000

/**
 * Starts the export of spans, for the whole process. The SDK is loaded only here, because it costs memory and
 * start time.
 * @param onFailure called with the reason when an export fails, and not again until one succeeds
 */
export async function startTracing(
  { endpoint, headers, serviceName }: TracingConfig,
  onFailure: (reason: string) => void
) {
  const [
    { BatchSpanProcessor, NodeTracerProvider },
    { OTLPTraceExporter },
    { defaultResource, resourceFromAttributes }
  ] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources')
  ])
  const exporter = new OTLPTraceExporter({
    url: tracesUrl(endpoint),
    headers,
    timeoutMillis: EXPORT_TIMEOUT_MS
  })
  const provider = new NodeTracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': serviceName, 'service.version': VERSION })
    ),
    spanProcessors: [new BatchSpanProcessor(withoutDetails(exporter, onFailure))]
  })
  provider.register()

  return {
    /** Exports the last spans; gives up after a second. */
    async stop(): Promise<void> {
      await abortable(provider.shutdown(), AbortSignal.timeout(FLUSH_MS)).catch(() => {})
      for (const api of [trace, context, propagation]) api.disable()
    }
  }
}

/** The URL of a collector for traces (OTLP 1.x, endpoint URLs for OTLP/HTTP). */
function tracesUrl(endpoint: string): string {
  const url = new URL(endpoint)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/traces`
  return url.href
}

/** An exporter that reports failures to `onFailure` only, and exports spans without error messages. */
function withoutDetails(exporter: SpanExporter, onFailure: (reason: string) => void): SpanExporter {
  let isFailing = false
  return {
    export: (spans, done) =>
      exporter.export(spans.map(withoutMessage), ({ error, code }) => {
        if (code !== 0 && !isFailing) onFailure(reasonOf(error))
        isFailing = code !== 0
        done({ code: 0 })
      }),
    shutdown: async () => await exporter.shutdown()
  }
}

/** The error code of the system or of HTTP. The collector's own text does not go into the log. */
function reasonOf(error: Error | undefined): string {
  const { code } = (error ?? {}) as { code?: string | number }
  return code === undefined ? 'no answer' : String(code)
}

/**
 * The span without its error message, which can contain a path. @fastify/otel marks each error as a fault; by
 * OpenTelemetry's conventions for HTTP servers a status below 500 is none.
 */
function withoutMessage(span: ReadableSpan): ReadableSpan {
  if (span.status.message === undefined) return span
  const isFault = Number(span.attributes['http.response.status_code'] ?? 500) >= 500
  const status = { code: isFault ? span.status.code : SpanStatusCode.UNSET }
  return Object.create(span, { status: { value: status } }) as ReadableSpan
}
