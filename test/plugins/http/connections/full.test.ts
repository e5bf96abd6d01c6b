import t from 'tap'
import { connectionsFor, descriptorLimit } from '../../../../lib/descriptors.ts'
import { until } from '../../../helper.ts'
import { GET_HEALTH, GET_LARGE, GET_SLOW, startServer } from './client.ts'
import type { RawClient } from './client.ts'

const MAX = 4
const FULL = { connectionLimits: { max: MAX } }

/** Connects as often as the server allows, one after another. */
async function fill(connect: () => Promise<RawClient>, text = ''): Promise<RawClient[]> {
  const clients = []
  for (let count = 0; count < MAX; count += 1) {
    const client = await connect()
    if (text !== '') await client.send(text)
    clients.push(client)
  }
  return clients
}

/** Waits until the server has as many connections as it may have, and says which of these are closed. */
async function closedOf(clients: RawClient[]) {
  await until(() => areClosed(clients).includes(true))
  return areClosed(clients)
}

const areClosed = (clients: RawClient[]) => clients.map(({ served }) => served.destroyed)

t.test(
  'when the server is full, the connection that has waited longest for a header is closed',
  async (t) => {
    const { app, clock, connect } = await startServer(t, FULL)
    const idle = await fill(connect)
    const client = await connect()
    await client.send(GET_HEALTH)
    await client.gets(/alive/)
    t.same(areClosed(idle), [false, false, false, false], 'a header may still arrive')
    await clock.advance(1_000)
    t.same(await closedOf(idle), [true, false, false, false])
    t.equal(app.server.maxConnections, 2 * MAX + 1)
    const metrics = (await app.inject('/metrics')).body
    t.match(metrics, /dalleserver_connections_closed_total\{reason="full"\} 1\n/)
    t.match(metrics, /dalleserver_connections 4\n/)
  }
)

t.test('an answer begins the wait for the next header anew', async (t) => {
  const { clock, connect } = await startServer(t, FULL)
  const idle = await fill(connect)
  await idle[0]!.send(GET_HEALTH)
  await idle[0]!.gets(/alive/)
  const client = await connect()
  await client.send(GET_HEALTH)
  await client.gets(/alive/)
  await clock.advance(1_000)
  t.same(await closedOf(idle), [false, true, false, false])
})

t.test(
  'in a burst, connections that were answered give way to one whose header may still come',
  async (t) => {
    const { connect } = await startServer(t, FULL)
    const fresh = await connect()
    const answered = []
    while (answered.length < 2 * MAX - 1) {
      const client = await connect()
      await client.send(GET_HEALTH)
      await client.gets(/alive/)
      answered.push(client)
    }
    const late = await connect()
    await late.send(GET_HEALTH)
    await late.gets(/alive/)
    t.same((await closedOf([fresh, ...answered])).slice(0, 3), [false, true, false])
    await fresh.send(GET_HEALTH)
    await fresh.gets(/alive/)
  }
)

t.test('a flood of connections without a request lets every request through', async (t) => {
  const { connect } = await startServer(t, FULL)
  for (let request = 0; request < 10; request += 1) {
    await fill(connect, 'GET /healthz HTTP/1.1\r\n')
    const client = await connect()
    await client.send(GET_HEALTH)
    await client.gets(/alive/)
  }
})

t.test('without a connection that waits for a header, the oldest body gives way', async (t) => {
  const { connect, answer } = await startServer(t, FULL)
  const uploads = await fill(connect, 'GET /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx')
  const client = await connect()
  await client.send(GET_SLOW)
  t.same(await closedOf(uploads), [true, false, false, false])
  answer()
  await client.gets(/done/)
})

t.test('then a client that does not read its answer gives way', async (t) => {
  const { clock, connect, answer } = await startServer(t, FULL)
  const busy = []
  for (let count = 0; count < MAX - 1; count += 1) {
    const each = await connect()
    await each.send(GET_SLOW)
    busy.push(each)
  }
  const reader = await connect()
  reader.socket.pause()
  await reader.send(GET_LARGE)
  await until(() => reader.served.writableLength > 0)
  await clock.advance(6_000)
  const client = await connect()
  await client.send(GET_SLOW)
  t.same(await closedOf([reader, ...busy]), [true, false, false, false])
  answer()
  for (const each of [...busy, client]) await each.gets(/done/)
})

t.test('then the client with the most pipelined requests gives way', async (t) => {
  const { connect, answer } = await startServer(t, FULL)
  const busy = await fill(connect, GET_SLOW)
  await busy[2]!.send(GET_SLOW.repeat(3))
  const client = await connect()
  await client.send(GET_SLOW)
  t.same(await closedOf(busy), [false, false, true, false])
  answer()
  await client.gets(/done/)
})

t.test('when all connections have an answer in the making, a new one is closed', async (t) => {
  const { clock, connect, answer } = await startServer(t, FULL)
  const busy = await fill(connect, GET_SLOW)
  const client = await connect()
  await clock.advance(1_000)
  await client.closed
  t.equal(client.received(), '')
  answer()
  for (const each of busy) await each.gets(/done/)
})

t.test('event streams take at most half of the connections', async (t) => {
  const { app, connect } = await startServer(t, FULL)
  t.match(app.connections, { max: MAX, maxStreams: 2 })
  for (let count = 0; count < 2; count += 1) {
    const stream = await connect()
    await stream.send('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await stream.gets(/event: activity/)
  }
  const refused = await connect()
  await refused.send('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await refused.gets(/503 [^]*[Rr]etry-[Aa]fter: 5[^]*SERVICE_UNAVAILABLE[^]*at most 2/)
  await refused.send(GET_HEALTH)
  await refused.gets(/alive/)
})

t.test('the descriptors of the process decide how many connections there may be', async (t) => {
  t.equal(connectionsFor(400), 168)
  t.equal(connectionsFor(10), 8)
  t.equal(connectionsFor(1e9), 16_384)
  t.equal(connectionsFor(undefined), 16_384)
  const limit = descriptorLimit()
  t.ok(limit === undefined || limit > 0, String(limit))
  const { app } = await startServer(t)
  t.equal(app.connections.max, connectionsFor(limit))
})
