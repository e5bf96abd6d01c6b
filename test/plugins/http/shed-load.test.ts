import t from 'tap'
import { ADDRESS, buildApp, createScriptedArtist, json, plainPng, until } from '../../helper.ts'

const OTHER = ADDRESS.replace('0xf', '0xe')
const MISSING = ADDRESS.replace('0xf', '0xa')

t.test('while the event loop is late, only what costs is refused', async (t) => {
  let isLate = false
  const { artist, asked } = createScriptedArtist()
  const { app, ask } = await buildApp(t, { artist, isLate: () => isLate })
  await app.files.write(`output/simple/annotated/${ADDRESS}.png`, await plainPng(32))
  await ask(`/dalle/simple/${OTHER}?generate=1`)
  await until(() => asked.length === 1)
  isLate = true

  for (const path of [
    `/dalle/simple/${MISSING}?generate=1`,
    `/dalle/simple/${ADDRESS}?generate=1&force=1`,
    '/v1/gallery?q=otter',
    '/v1/images',
    '/v1/images/nosuch',
    '/preview?q=otter',
    `/preview/simple/${ADDRESS}`,
    '/events',
    `/dalle/simple/${OTHER}/events`
  ]) {
    const refused = await ask(path)
    t.equal(refused.status, 503, path)
    t.equal(refused.headers.get('retry-after'), '5')
    t.match(await json(refused), { success: false, error: { code: 'SERVICE_UNAVAILABLE' } })
  }
  for (const path of [
    `/dalle/simple/${ADDRESS}`,
    `/dalle/simple/${ADDRESS}?generate=1`,
    `/dalle/simple/${OTHER}`,
    `/dalle/simple/${OTHER}?generate=1`,
    `/files/simple/annotated/${ADDRESS}.png`,
    '/healthz',
    '/health?check=liveness',
    '/metrics',
    '/errors',
    '/series',
    '/'
  ]) {
    t.equal((await ask(path)).status, 200, path)
  }
  isLate = false
  t.equal((await ask('/v1/gallery?q=otter')).status, 200)
  t.equal(asked.length, 1, 'nothing was started meanwhile')
  asked[0]!.deliver()
})

t.test('the lateness of the event loop is measured', async (t) => {
  const { app } = await buildApp(t, { isLate: undefined })
  t.equal(app.isLate(), false, 'the delay of the start does not count')
  t.match(app.memoryUsage(), { eventLoopDelay: Number })
})
