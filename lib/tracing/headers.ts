/** A name as HTTP takes it (RFC 9110, 5.6.2), and a value, percent-encoded where it must be. */
const PAIR = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*([!-~ \t]*?)\s*$/
const VALUE = /^[\t -~]*$/

/** Headers from their form in `OTEL_EXPORTER_OTLP_HEADERS`, e.g. `api-key=secret,x-tenant=a%20b`; undefined where it is not that. */
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
