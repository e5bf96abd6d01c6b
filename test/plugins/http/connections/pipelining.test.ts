import t from 'tap'
import { until } from '../../../helper.ts'
import { GET_HEALTH, GET_LARGE, GET_SLOW, LARGE_BYTES, startServer } from './client.ts'

t.test('pipelined requests are handled one after another, and answered in order', async (t) => {
  const { connect, answer, slowRequests } = await startServer(t)
  const client = await connect()
  await client.send(GET_SLOW.repeat(20) + GET_HEALTH)
  t.equal(slowRequests(), 1)
  answer()
  await client.gets(/(?:done[^]*){20}alive/)
  t.equal(slowRequests(), 20)
})

t.test('a thousand pipelined requests are all answered', async (t) => {
  const { connect } = await startServer(t)
  const client = await connect()
  await client.send(GET_HEALTH.repeat(1_000))
  await until(() => client.received().split('"alive"').length === 1_001)
  t.equal(client.socket.closed, false)
})

t.test('the pipelined requests of a client that leaves start nothing', async (t) => {
  const { app, connect, answer, slowRequests } = await startServer(t)
  const client = await connect()
  await client.send(GET_SLOW.repeat(20))
  client.socket.destroy()
  await until(() => client.served.closed)
  answer()
  await app.inject('/slow')
  t.equal(slowRequests(), 2, 'only the first one, and the one after the client has left')
})

t.test('a client that pipelines without an end is closed', async (t) => {
  const { connect } = await startServer(t)
  const client = await connect()
  await client.send(GET_SLOW.repeat(5_000))
  await client.closed
  t.equal(client.received(), '')
})

t.test('a client that pipelines and does not read costs one response at a time', async (t) => {
  const { connect } = await startServer(t)
  const client = await connect()
  client.socket.pause()
  await client.send(GET_LARGE.repeat(20))
  await until(() => client.served.writableLength > 0)
  t.ok(client.served.writableLength < 2 * LARGE_BYTES)
})
