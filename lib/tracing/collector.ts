/** Where traces are sent. */
export interface TracingConfig {
  /** Base URL of an OpenTelemetry collector that accepts OTLP over HTTP. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  readonly serviceName: string
}

/** A header name (RFC 9110, 5.6.2) and its value, percent-encoded where necessary. */
const PAIR = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*([!-~ \t]*?)\s*$/
const VALUE = /^[\t -~]*$/

/**
 * Parses `OTEL_EXPORTER_OTLP_HEADERS`, for example `api-key=secret,x-tenant=a%20b`; undefined when the text
 * has another form.
 */
export function parseHeaders(text: string): Record<string, string> | undefined {
  const headers: Record<string, string> = {}
  for (const pair of text.split(',')) {
    const [, name, encoded] = PAIR.exec(pair) ?? []
    const value = encoded === undefined ? undefined : decode(encoded)
    if (name === undefined || value === undefined) return undefined
    headers[name] = value
  }
  return headers
}

function decode(encoded: string): string | undefined {
  try {
    const value = decodeURIComponent(encoded)
    return VALUE.test(value) ? value : undefined
  } catch {
    return undefined
  }
}
