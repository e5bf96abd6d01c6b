import { SpanStatusCode, context, propagation, trace } from '@opentelemetry/api'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node'
import type { TracingConfig } from '../config/config.ts'
import { VERSION } from '../package.ts'

/** Of one delivery, its repetitions included. */
const EXPORT_TIMEOUT_MS = 5_000
/** What the stop of the server may take longer for the last spans; together with the 10 s of open requests it stays below 11.5 s. */
const FLUSH_MS = 1_000

/**
 * Makes spans be delivered, for the whole process. The SDK is loaded here and only here, for it takes memory and time at start.
 * @param onFailure told why spans did not arrive, once until some do again
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
    spanProcessors: [new BatchSpanProcessor(discreet(exporter, onFailure))]
  })
  provider.register()

  return {
    /** Delivers what is left, within a second or not at all. */
    async stop(): Promise<void> {
      let timer: NodeJS.Timeout | undefined
      const enough = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, FLUSH_MS)
      })
      await Promise.race([provider.shutdown().catch(() => {}), enough])
      clearTimeout(timer)
      for (const api of [trace, context, propagation]) api.disable()
    }
  }
}

/** Where a collector takes traces (OTLP 1.x, endpoint URLs for OTLP/HTTP). */
function tracesUrl(endpoint: string): string {
  const url = new URL(endpoint)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/traces`
  return url.href
}

/** An exporter that never tells its caller of a failure, and passes on no words of an error. */
function discreet(exporter: SpanExporter, onFailure: (reason: string) => void): SpanExporter {
  let isFailing = false
  return {
    export: (spans, done) =>
      exporter.export(spans.map(withoutWords), ({ error, code }) => {
        if (code !== 0 && !isFailing) onFailure(reasonOf(error))
        isFailing = code !== 0
        done({ code: 0 })
      }),
    shutdown: async () => await exporter.shutdown()
  }
}

/** A system's or an HTTP error code; what a collector answers is not for the log. */
function reasonOf(error: Error | undefined): string {
  const { code } = (error ?? {}) as { code?: string | number }
  return code === undefined ? 'no answer' : String(code)
}

/**
 * The span as it may leave. Who makes spans of requests sets an error's message, which may hold a path, and calls any error a
 * fault; by the conventions for HTTP it is one from 500.
 */
function withoutWords(span: ReadableSpan): ReadableSpan {
  if (span.status.message === undefined) return span
  const isFault = Number(span.attributes['http.response.status_code'] ?? 500) >= 500
  const status = { code: isFault ? span.status.code : SpanStatusCode.UNSET }
  return Object.create(span, { status: { value: status } }) as ReadableSpan
}
