import t from 'tap'
import type { Test } from 'tap'
import { GET_HEALTH, parse, startServer } from './client.ts'

const OTHER_ADDRESS = '127.0.0.2'
const SETTINGS = { OPENAI_API_KEY: 'test-key', TB_DALLE_CLIENT_CONNECTIONS: '2' }

async function startWithShares(t: Test, settings: Record<string, string> = {}) {
  return await startServer(t, { settings: { ...SETTINGS, ...settings } })
}

t.test('a request on a connection over the share of its client gets 429', async (t) => {
  const { connect } = await startWithShares(t)
  const [first] = [await connect(), await connect()]
  const third = await connect()
  await third.send(GET_HEALTH)
  await third.closed
  const { status, headers, body } = parse(third.received())
  t.equal(status, 429)
  t.match(headers, { 'retry-after': '5', connection: 'close' })
  t.match(body, { error: { code: 'RATE_LIMITED', details: /2 connections/ } })

  const other = await connect(OTHER_ADDRESS)
  await other.send(GET_HEALTH)
  await other.gets(/alive/)
  first!.socket.destroy()
  await first!.closed
  const next = await connect()
  await next.send(GET_HEALTH)
  await next.gets(/alive/)
})

t.test('connections that never bring a request do not use up the share', async (t) => {
  const { clock, connect } = await startWithShares(t)
  const unused = [await connect(), await connect()]
  await clock.advance(2_000)
  const client = await connect()
  await client.send(GET_HEALTH)
  await client.gets(/alive/)
  t.same(
    unused.map(({ served }) => served.destroyed),
    [true, false]
  )
})

t.test('a connection over twice the share is closed at once', async (t) => {
  const { connect } = await startWithShares(t)
  for (let count = 0; count < 4; count += 1) await connect()
  const fifth = await connect()
  await fifth.closed
  t.equal(fifth.received(), '')
})

for (const [who, settings] of [
  ['a client on this machine, without a key', { OPENAI_API_KEY: '' }],
  [
    'a trusted proxy',
    { TB_DALLE_TRUSTED_PROXIES: '10.0.0.0/8,127.0.0.1', TB_DALLE_API_TOKENS: 'token-of-16-characters' }
  ],
  ['any client, with 0', { TB_DALLE_CLIENT_CONNECTIONS: '0' }]
] as const) {
  t.test(`${who} has no share`, async (t) => {
    const { connect } = await startWithShares(t, settings)
    for (let count = 0; count < 4; count += 1) await connect()
    const client = await connect()
    await client.send(GET_HEALTH)
    await client.gets(/alive/)
  })
}
