import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startMs: number
  endMs: number
  status: { code?: number; message?: string }
  attributes: Record<string, string | number | boolean>
  resource: Record<string, string | number | boolean>
  events: unknown[]
}

interface Attribute {
  key: string
  value: { stringValue?: string; intValue?: number; doubleValue?: number; boolValue?: boolean }
}

const attributesOf = (list: Attribute[]) =>
  Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]!]))

/** An OpenTelemetry collector that accepts OTLP over HTTP, in JSON. */
export async function startCollector(t: Test) {
  const spans: Span[] = []
  const bodies: string[] = []
  const headers: Array<Record<string, unknown>> = []
  let status = 200
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const isTraces =
          request.method === 'POST' &&
          request.url === '/base/v1/traces' &&
          request.headers['content-type'] === 'application/json'
        response.writeHead(isTraces ? status : 404, { 'content-type': 'application/json' }).end('{}')
        if (!isTraces || status !== 200) return
        const body = Buffer.concat(chunks).toString()
        bodies.push(body)
        headers.push(request.headers)
        for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
          for (const { spans: some } of scopeSpans) {
            for (const span of some) {
              spans.push({
                ...span,
                attributes: attributesOf(span.attributes),
                resource: attributesOf(resource.attributes),
                startMs: Number(span.startTimeUnixNano) / 1e6,
                endMs: Number(span.endTimeUnixNano) / 1e6
              })
            }
          }
        }
      })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`,
    spans,
    headers,
    text: () => bodies.join('\n'),
    answer: (code: number) => {
      status = code
    }
  }
}

/** A port without a listener. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
