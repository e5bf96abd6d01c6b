import t from 'tap'
import type { Test } from 'tap'
import { errors } from '../../../lib/errors.ts'
import { listen } from '../../event-stream.ts'
import { build, createScriptedArtist, temporaryFolder, until } from '../../helper.ts'
import { createTestDatabase, noPostgres } from '../../peers/postgres.ts'
import { addresses, batchesOf } from './batches-client.ts'

/** Two services with one database and one folder. */
async function open(t: Test, { artist, asked } = createScriptedArtist()) {
  const url = await createTestDatabase()
  const dataDir = await temporaryFolder(t)
  const settings = { TB_DALLE_DATABASE_URL: url, TB_DALLE_CONCURRENCY: '1' }
  const start = async () => {
    const { app, url } = await build(t, { settings, dataDir, artist })
    const ask = async (path: string, init?: RequestInit) => await fetch(`${url}${path}`, init)
    return { app, url, ...batchesOf({ ask }) }
  }
  return { a: await start(), b: await start(), asked }
}

t.test(
  'another service goes on with a batch when the one that feeds it ends',
  { skip: noPostgres },
  async (t) => {
    const { a, b, asked } = await open(t)
    const list = addresses(6)
    const { batchId } = await a.accept(list)
    await until(() => asked.length === 2)
    t.match((await b.send('GET')).data.batches, [{ batchId, state: 'running', counts: { total: 6 } }])
    const stream = await listen(t, `${b.url}/v1/batches/${batchId}/events`)
    t.equal(stream.response.status, 200)
    t.match((await b.send('POST', '', { series: 'simple', addresses: list })).status, 202)

    asked[0]!.deliver()
    await until(() => asked.length === 3)
    const closing = a.app.close()
    let delivered = 1
    await until(async () => {
      for (const { deliver } of asked.slice(delivered)) deliver()
      delivered = asked.length
      return (await b.stateOf(batchId)).endedAt !== null
    })
    await closing
    t.match(await b.stateOf(batchId), { state: 'completed', counts: { completed: 6, failed: 0 } })
    await stream.ended
    const last = stream.events.at(-1)!
    t.match(last, { event: 'done', data: { batchId, counts: { completed: 6 } } })
    t.ok(stream.events.length > 1, 'the events come while it goes on')
    await until(async () =>
      (await b.send('GET')).data.batches.every(({ endedAt }: { endedAt: unknown }) => endedAt)
    )
    t.same(asked.map(({ address }) => address).sort(), [...list].sort(), 'each address is drawn once')
  }
)

t.test('a batch of one service is cancelled at another one', { skip: noPostgres }, async (t) => {
  const { a, b, asked } = await open(t)
  const { batchId } = await a.accept(addresses(6))
  await until(() => asked.length === 2)
  t.match(await b.send('DELETE', `/${batchId}`), { status: 200, data: { state: 'cancelled' } })
  for (const { deliver } of asked) deliver()
  // The service that has ended the batch does not know the two runs, until their ends are kept.
  const ended = await a.untilState(batchId, ({ counts }) => counts.completed === 2)
  t.match(ended, { state: 'cancelled', counts: { cancelled: 4, running: 0, waiting: 0 } })
  t.equal((await b.stateOf(batchId)).state, 'cancelled')
  t.match(await b.send('DELETE', `/${batchId}`), { status: 200, data: { state: 'cancelled' } })
  t.equal(asked.length, 2, 'what waited never starts')
})

t.test('the batches of all services count for the limit', { skip: noPostgres }, async (t) => {
  const scripted = createScriptedArtist()
  scripted.artist.refusal = () => errors.unavailable('The provider rests', 'Ask again', undefined)
  const { a, b } = await open(t, scripted)
  const send = async (index: number) => {
    const { send } = index % 2 === 0 ? a : b
    return await send('POST', '', { series: 'simple', addresses: addresses(1, index) })
  }
  for (let index = 0; index < 32; index += 1) t.equal((await send(index)).status, 202, `batch ${index}`)
  for (const index of [32, 33]) {
    t.match(await send(index), { status: 503, error: { details: /keeps 32 batches that have not ended/ } })
  }
})
