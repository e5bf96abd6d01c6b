import t from 'tap'
import { createPrettyLog } from '../../lib/pretty-log.ts'

const BASE = { level: 30, time: 0, pid: 1, hostname: 'vm' }

function readable(entry: object): string {
  let text = ''
  createPrettyLog((each) => {
    text += each
  }).write(`${JSON.stringify({ ...BASE, ...entry })}\n`)
  return text
}

t.test('a line begins with what people look for, and keeps the rest', async (t) => {
  t.match(
    readable({
      reqId: 'a1',
      method: 'GET',
      url: '/x',
      route: '/:y',
      status: 503,
      durationMs: 2.5,
      code: 'QUEUE_FULL',
      msg: 'request'
    }),
    /^\[[\d-]{10} [\d:]{8}\] INFO: request GET \/x 503 QUEUE_FULL 2\.5 ms \{"reqId":"a1"\}\n$/
  )
  t.match(
    readable({ series: 'simple', address: '0x1', runId: 'r', msg: 'run completed' }),
    /simple 0x1 \{"runId":"r"\}\n$/
  )
  t.match(readable({ durationMs: 15104.765650999998, msg: 'provider call' }), /provider call 15104\.8 ms\n$/)
})

t.test('the first line of each day has the date', async (t) => {
  const starts: string[] = []
  const { write } = createPrettyLog((text) => starts.push(text.slice(0, text.indexOf(']') + 1)))
  const noon = new Date(2026, 10, 27, 12).getTime()
  const nextDay = new Date(2026, 10, 28, 0, 0, 1).getTime()
  for (const time of [noon, noon + 1_000, nextDay, nextDay + 1_000]) {
    write(`${JSON.stringify({ ...BASE, time, msg: 'x' })}\n`)
  }
  t.same(starts, ['[2026-11-27 12:00:00]', '[12:00:01]', '[2026-11-28 00:00:01]', '[00:00:02]'])
})

t.test('a text from outside cannot control the terminal or begin a line', async (t) => {
  const text = readable({ url: '/\u009b31m\u001b[2J', client: 'a\nb\u202e', msg: 'request' })
  t.match(text, /request \/\\u009b31m\\u001b\[2J /)
  t.notMatch(text.trimEnd(), /[\p{Cc}\p{Cf}]/u)
})

t.test('the stack of an error keeps its lines', async (t) => {
  const err = { type: 'Error', message: 'no', stack: 'Error: no\n    at here' }
  t.match(readable({ level: 50, err, msg: 'run failed' }), /ERROR: run failed *\n[^]*Error: no\n +at here/)
})
