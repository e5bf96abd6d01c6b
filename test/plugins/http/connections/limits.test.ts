import t from 'tap'
import type { Test } from 'tap'
import { ADDRESS, until } from '../../../helper.ts'
import { GET_HEALTH, GET_LARGE, LARGE_BYTES, parse, startServer } from './client.ts'
import type { RawClient } from './client.ts'

const SECOND_MS = 1_000

/** Settles when the server has closed the connection. A client that does not read cannot see it. */
async function closedByServer({ served }: RawClient): Promise<void> {
  await until(() => served.destroyed)
}

/** Checks that the client got a 408 in the envelope, and that its connection is closed. */
async function expectTimeout(t: Test, client: RawClient, part: string): Promise<void> {
  await client.closed
  const { status, headers, body } = parse(client.received())
  t.equal(status, 408)
  t.match(headers, { 'content-type': 'application/json; charset=utf-8', connection: 'close' })
  const details = new RegExp(`The whole ${part} of a request must arrive within`)
  const id = headers['x-request-id']!
  t.match(body, { success: false, error: { code: 'INVALID_REQUEST', details } })
  t.ok(JSON.stringify(body).endsWith(`"request_id":"${id}"}`), 'header and body have the same id')
}

t.test('a connection that brings no header gets 408 after 10 s', async (t) => {
  const { clock, connect } = await startServer(t)
  const client = await connect()
  await clock.advance(9 * SECOND_MS)
  t.equal(client.socket.closed, false)
  await clock.advance(2 * SECOND_MS)
  await expectTimeout(t, client, 'header')
})

t.test('a header that drips gets 408 after 10 s', async (t) => {
  const { clock, connect } = await startServer(t)
  const client = await connect()
  await client.send('GET /healthz HTTP/1.1\r\nHost: localhost\r\n')
  for (let second = 0; second < 11; second += 1) {
    await client.send('x')
    await clock.advance(SECOND_MS)
  }
  await expectTimeout(t, client, 'header')
})

for (const [name, dripped] of [
  ['a header', 'G'],
  ['empty lines', '\r\n']
] as const) {
  t.test(`a used connection on which ${name} drips gets 408 after 10 s`, async (t) => {
    const { clock, connect } = await startServer(t)
    const client = await connect()
    await client.send(GET_HEALTH)
    await client.gets(/alive/)
    await clock.advance(60 * SECOND_MS)
    await client.send(dripped)
    await clock.advance(11 * SECOND_MS)
    await expectTimeout(t, client, 'header')
  })
}

t.test('a body that drips gets 408 after 30 s', async (t) => {
  const { clock, connect } = await startServer(t)
  const client = await connect()
  await client.send(
    `DELETE /dalle/simple/${ADDRESS} HTTP/1.1\r\nHost: localhost\r\n` +
      'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{'
  )
  for (let second = 0; second < 29; second += 1) {
    await client.send(' ')
    await clock.advance(SECOND_MS)
  }
  t.equal(client.received(), '')
  await clock.advance(2 * SECOND_MS)
  await expectTimeout(t, client, 'body')
})

t.test('a body that nothing reads is waited for as long as another one', async (t) => {
  const { clock, connect } = await startServer(t)
  const client = await connect()
  await client.send('GET /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx')
  await clock.advance(31 * SECOND_MS)
  await expectTimeout(t, client, 'body')
})

t.test('a connection whose body does not end after the answer is closed', async (t) => {
  const { clock, connect } = await startServer(t)
  const client = await connect()
  await client.send('GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx')
  await client.gets(/alive/)
  await clock.advance(31 * SECOND_MS)
  await client.closed
  t.equal(client.received().split('HTTP/1.1').length, 2, 'there is one answer')
})

t.test('an idle connection is kept for 120 s', async (t) => {
  const { clock, connect } = await startServer(t)
  const client = await connect()
  await client.send(GET_HEALTH)
  await client.gets(/alive/)
  await clock.advance(118 * SECOND_MS)
  await client.send(GET_HEALTH)
  await client.gets(/alive[^]*alive/)
  await clock.advance(121 * SECOND_MS)
  await client.closed
  t.equal(client.received().split('HTTP/1.1').length, 3, 'it ends without a further answer')
})

t.test('no limit ends a connection on which an answer is being made', async (t) => {
  const { clock, connect, answer, slowRequests } = await startServer(t)
  const client = await connect()
  await client.send(`GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n${GET_HEALTH}GET /half HTTP/1.1\r\n`)
  t.equal(slowRequests(), 1)
  await clock.advance(600 * SECOND_MS)
  answer()
  await client.gets(/done[^]*alive/)
  t.equal(client.socket.closed, false)
})

t.test('a client that reads nothing of a response is closed', async (t) => {
  // Node's own timer watches what a client takes, so the time is short and real.
  const { connect } = await startServer(t, { connectionLimits: { stalledMs: 50 } })
  const client = await connect()
  client.socket.pause()
  await client.send(GET_LARGE)
  await closedByServer(client)
  client.socket.resume()
  await client.closed
  t.ok(client.received().length < LARGE_BYTES)
})

t.test('a client that reads a response too slowly is closed after 120 s', async (t) => {
  const { clock, connect } = await startServer(t)
  const client = await connect()
  client.socket.pause()
  await client.send(GET_LARGE)
  await until(() => client.served.writableLength > 0)
  await clock.advance(119 * SECOND_MS)
  t.equal(client.served.destroyed, false)
  await clock.advance(2 * SECOND_MS)
  t.equal(client.served.destroyed, true)
})

t.test('an event stream that its client does not read is closed', async (t) => {
  const { app, connect } = await startServer(t, { connectionLimits: { stalledMs: 50 } })
  const client = await connect()
  client.socket.pause()
  await client.send('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
  // The kernel takes megabytes of a stream before the client is seen not to read.
  client.served.write('x'.repeat(LARGE_BYTES))
  await closedByServer(client)
  await until(async () => (await app.inject('/metrics')).body.includes('dalleserver_sse_clients 0\n'))
  t.equal(client.served.destroyed, true)
})
