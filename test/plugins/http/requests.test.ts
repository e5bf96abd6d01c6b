import t from 'tap'
import { RequestLog } from '../../../plugins/http/requests.ts'

t.test('a slow response is a warning, unless the client asked for a response that waits', async (t) => {
  const lines: unknown[] = []
  const record = (level: string) => (_line: object, message: string) => {
    lines.push([level, message])
  }
  const request = {
    method: 'GET',
    originalUrl: '/x?token=hush',
    routeOptions: { url: '/x' },
    log: { info: record('info'), warn: record('warn'), error: record('error') }
  }
  const complete = (elapsedTime: number, headers: Record<string, string> = {}) =>
    new RequestLog().requestCompleted(
      null,
      request as never,
      {
        elapsedTime,
        statusCode: 200,
        failure: undefined,
        getHeader: (name: string) => headers[name],
        hasHeader: (name: string) => name in headers
      } as never
    )
  complete(4_999)
  complete(5_001)
  complete(30_000, { 'preference-applied': 'wait=60' })
  complete(30_000, { 'content-type': 'text/event-stream' })
  t.same(lines, [
    ['info', 'request'],
    ['warn', 'SLOW request'],
    ['info', 'request'],
    ['info', 'request']
  ])
})
