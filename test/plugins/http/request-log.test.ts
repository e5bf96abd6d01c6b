import t from 'tap'
import { RequestLog } from '../../../plugins/http/request-log.ts'
import type { ReplyOutcome } from '../../../plugins/http/request-log.ts'

t.test('a slow response is a warning, unless the client asked for a response that waits', async (t) => {
  const lines: unknown[] = []
  const record = (level: string) => (_line: object, message: string) => {
    lines.push([level, message])
  }
  const complete = (elapsedTime: number, { outcome = {}, stream = false, statusCode = 200 } = {}) => {
    const request = {
      method: 'GET',
      originalUrl: '/x?token=hush',
      routeOptions: { url: '/x', config: { stream } },
      log: { info: record('info'), warn: record('warn'), error: record('error') }
    }
    const reply = { elapsedTime, statusCode, outcome: outcome satisfies ReplyOutcome }
    new RequestLog().requestCompleted(null, request as never, reply as never)
  }
  complete(4_999)
  complete(5_001)
  complete(30_000, { outcome: { isHeld: true } })
  complete(30_000, { stream: true })
  complete(30_000, { stream: true, statusCode: 204 })
  t.same(lines, [
    ['info', 'request'],
    ['warn', 'SLOW request'],
    ['info', 'request'],
    ['info', 'request'],
    ['warn', 'SLOW request']
  ])
})
