import t from 'tap'
import { migrate } from '../../../lib/engine/postgres/migrate.ts'
import { listen } from '../../event-stream.ts'
import { ADDRESS, build, createScriptedArtist, json, temporaryFolder, until } from '../../helper.ts'
import { noPostgres, startPostgres } from '../../peers/postgres.ts'

const PICTURE = `/dalle/simple/${ADDRESS}`
const OTHER = `/dalle/simple/0x${'b'.repeat(40)}`

t.test('servers and a worker with one database', { skip: noPostgres }, async (t) => {
  const postgres = await startPostgres(t)
  const database = await postgres.createDatabase()
  await migrate(database)
  const dataDir = await temporaryFolder(t)
  const { artist, asked } = createScriptedArtist()
  const start = async (role: string) => {
    const settings = { TB_DALLE_DATABASE_URL: database, TB_DALLE_ROLE: role, TB_DALLE_QUEUE_LIMIT: '1' }
    return await build(t, { dataDir, artist, settings: { ...settings, TB_DALLE_CONCURRENCY: '1' } })
  }
  const server = await start('http')
  const first = await json(await fetch(`${server.url}${PICTURE}?generate=1`))
  t.match(first.data, { done: false, queuePosition: 1 })
  const health = async () => (await json(await fetch(`${server.url}/health`))).data
  t.match(await health(), {
    status: 'degraded',
    components: { engine: { message: 'No worker lives, and 1 run waits for one' } }
  })
  t.equal(asked.length, 0, 'a server does not draw')

  const [other, worker] = [await start('http'), await start('worker')]
  await until(() => asked.length === 1)
  const waiting = [server, other].map(async ({ url }) => {
    // Less than the wait, which only the end of the run may shorten.
    const signal = AbortSignal.timeout(50_000)
    return (await fetch(url + PICTURE, { headers: { prefer: 'wait=55' }, signal })).headers.get(
      'content-type'
    )
  })
  const streams = [
    await listen(t, `${server.url}${PICTURE}/events`),
    await listen(t, `${other.url}${PICTURE}/events`)
  ]
  // A step of the run may come between the begins of the two streams. Then it waits for its drawing.
  const newestIds = () => streams.map(({ events }) => events.at(-1)?.id)
  await until(() => newestIds()[0] !== undefined && new Set(newestIds()).size === 1)
  t.ok(
    newestIds()[0]!.startsWith(`${first.data.runId}.`),
    'the id of an event is the version of the run, the same at every server'
  )
  asked[0]!.deliver()
  await Promise.all(streams.map(({ ended }) => ended))
  t.same(
    await Promise.all(waiting),
    ['image/png', 'image/png'],
    'a wait ends with the run of another process'
  )
  for (const { url } of [server, other, worker]) {
    t.equal((await fetch(url + PICTURE)).headers.get('content-type'), 'image/png')
    t.equal((await fetch(`${url}/readyz`)).status, 200)
  }

  await postgres.stop('immediate')
  const statuses = async ({ url }: { url: string }) => ({
    ready: (await fetch(`${url}/readyz`)).status,
    alive: (await fetch(`${url}/healthz`)).status,
    picture: (await fetch(url + PICTURE)).headers.get('content-type'),
    cached: (await json(await fetch(`${url}${PICTURE}?generate=1`))).data?.cacheHit
  })
  const served = { alive: 200, picture: 'image/png', cached: true }
  t.same(await statuses(server), { ready: 200, ...served })
  await until(async () => (await fetch(`${worker.url}/readyz`)).status === 503)
  t.same(await statuses(worker), { ready: 503, ...served }, 'a worker is not ready without its database')
  for (const path of [`${OTHER}?generate=1`, OTHER, `${OTHER}/events`, '/v1/gallery', '/v1/batches']) {
    const refused = await fetch(server.url + path)
    t.match([path, refused.status, refused.headers.get('retry-after')], [path, 503, /^\d+$/])
    t.notMatch(await refused.text(), /postgres|127\.0\.0\.1|ECONN|select /, 'nothing inside leaks')
  }
  for (const path of [OTHER, `/dalle/empty/0x${'b'.repeat(40)}`]) {
    const unknown = await fetch(server.url + path)
    t.match(
      [unknown.status, unknown.headers.get('x-dalle-run')],
      [503, 'idle'],
      `${path} is not called a picture`
    )
  }
  await until(async () => (await health()).components.engine.status === 'unhealthy')
  t.equal((await health()).status, 'degraded')
  await postgres.start()
  await until(async () => (await fetch(`${worker.url}/readyz`)).status === 200)
  await until(async () => (await fetch(`${server.url}${OTHER}?generate=1`)).status === 200)
  await until(() => asked.length === 2)

  const third = `/dalle/simple/0x${'c'.repeat(40)}`
  t.equal((await fetch(`${other.url}${third}?generate=1`)).status, 200, 'one run may wait')
  const full = await fetch(`${server.url}/dalle/simple/0x${'d'.repeat(40)}?generate=1`)
  t.match([full.status, (await json(full)).error], [503, { code: 'QUEUE_FULL' }], 'of all servers together')
  asked[1]!.deliver()
  await until(() => asked.length === 3)
  asked[2]!.deliver()
  await until(async () => (await fetch(server.url + third)).headers.get('content-type') === 'image/png')
})
