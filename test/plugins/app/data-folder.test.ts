import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import t from 'tap'
import { createClock } from '../../clock.ts'
import { ADDRESS, bodyOf, buildApp, createScriptedArtist, json, plainPng } from '../../helper.ts'
import { temporaryFolder, until } from '../../helper.ts'
import { addressOf } from '../../lib/engine/engine-suite.ts'
import { put } from '../../lib/storage/faults.ts'

const OTHER = ADDRESS.replace('0xf', '0xa')
const SILENT = async () => await new Promise<never>(() => {})

t.test('with little free space no run starts, and pictures are served', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { app, ask, dataDir } = await buildApp(t, {
    artist,
    settings: { TB_DALLE_MIN_FREE_MB: '1000000000000' }
  })
  app.health.start()
  const png = await plainPng()
  await put(dataDir, `output/simple/annotated/${ADDRESS}.png`, png)
  const refused = await ask(`/dalle/simple/${OTHER}?generate=1`)
  t.equal(refused.status, 503)
  t.ok(Number(refused.headers.get('retry-after')) > 0)
  t.match(await json(refused), {
    success: false,
    error: { code: 'SERVICE_UNAVAILABLE', message: /^The disk is almost full/ }
  })
  t.same((await json(await ask(`/dalle/simple/${OTHER}`))).data, {})
  t.same(await bodyOf(await ask(`/dalle/simple/${ADDRESS}`)), png)
  t.match((await json(await ask(`/dalle/simple/${ADDRESS}?generate=1`))).data, { cacheHit: true, done: true })
  t.equal((await ask(`/dalle/simple/${ADDRESS}?generate=1&force=1`)).status, 503, 'nor is one made anew')
  t.equal(asked.length, 0)
  t.match(await (await ask('/metrics')).text(), /rejected_total\{reason="folder_unusable"\} 2/)

  const { components } = (await json(await ask('/health'))).data
  t.match(components.disk_space.message, /1000000000000 MB must be free for a new run/)
  t.not(components.disk_space.status, 'healthy')
  t.equal((await ask('/readyz')).status, 200)
  t.equal((await ask('/health?check=readiness')).status, 200)
})

t.test('with TB_DALLE_MAX_PICTURES pictures no run for a new one starts', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { app, ask, dataDir } = await buildApp(t, {
    artist,
    dataDir: await temporaryFolder(t),
    settings: { TB_DALLE_MAX_PICTURES: '4', TB_DALLE_FAILURE_HOLD: '1ms' }
  })
  app.health.start()
  await app.pictures.stored.put('simple', ADDRESS, await plainPng())
  const start = async (address: string) => await ask(`/dalle/simple/${address}?generate=1`)
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => await start(addressOf(index)))
  )
  t.equal(answers.filter(({ status }) => status === 200).length, 3)
  const refused = answers.find(({ status }) => status !== 200)!
  t.equal(`${refused.status} ${refused.headers.get('retry-after')}`, '503 5')
  t.match(await json(refused), {
    error: { code: 'SERVICE_UNAVAILABLE', message: 'The server keeps at most 4 pictures' }
  })
  t.match(await (await ask('/metrics')).text(), /rejected_total\{reason="pictures_full"\} 17/)
  t.equal((await ask('/readyz')).status, 200)

  for (let index = 0; index < 3; index += 1) {
    await until(() => asked.length > index)
    asked[index]!.deliver()
  }
  await until(async () => (await app.engine.runs.live(0)).count === 0)
  t.equal((await start(addressOf(99))).status, 503)
  // The result of a check is reused for a second.
  await until(async () => (await app.health.check()).status === 'degraded')
  t.match((await app.health.check()).components.pictures, {
    status: 'degraded',
    message: 'There are 4 pictures, and TB_DALLE_MAX_PICTURES allows 4: new ones are refused',
    details: { count: 4, most: 4 }
  })
  t.equal((await ask('/health')).status, 200)
  t.equal((await start(ADDRESS)).headers.get('x-dalle-run'), 'cached')
  t.equal((await ask(`/dalle/simple/${ADDRESS}?generate=1&force=1`)).headers.get('x-dalle-run'), 'started')
  await app.close()

  const next = await buildApp(t, { artist, dataDir, settings: { TB_DALLE_MAX_PICTURES: '4' } })
  t.equal(
    (await next.ask(`/dalle/simple/${addressOf(99)}?generate=1`)).status,
    503,
    'also right after a start'
  )
})

t.test('when the folder is replaced, no run starts and the server is unhealthy', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const lines: string[] = []
  const { app, ask, dataDir } = await buildApp(t, { artist, onLogLine: ({ msg }) => lines.push(String(msg)) })
  t.teardown(() => rm(`${dataDir}.old`, { recursive: true, force: true }))
  t.match(await app.metrics.text(), /^dalleserver_storage_usable 1$/m)
  await rename(dataDir, `${dataDir}.old`)
  await mkdir(dataDir)
  await until(async () => /^dalleserver_storage_usable 0$/m.test(await app.metrics.text()))
  t.equal(lines.filter((line) => line === 'the data folder cannot be used').length, 1)
  const refused = await ask(`/dalle/simple/${ADDRESS}?generate=1`)
  t.equal(refused.status, 503)
  t.match((await json(refused)).error.message, /^The data folder is not the one of the start/)
  t.equal(asked.length, 0)
  const removal = await ask(`/dalle/simple/${ADDRESS}?remove=1`)
  t.equal(removal.status, 503)
  t.match((await json(removal)).error.message, 'No picture can be removed now')
  const health = await ask('/health')
  t.equal(health.status, 503)
  t.match((await json(health)).data.components.filesystem, { status: 'unhealthy', message: /not the one/ })
  t.equal((await ask('/healthz')).status, 200, 'a restart would not help')
  await put(dataDir, `output/simple/annotated/${OTHER}.png`, await plainPng())
  const sizes = [64, 128, 320].map((w) => ask(`/files/simple/annotated/${OTHER}.png?w=${w}`))
  for (const { status } of await Promise.all(sizes)) t.equal(status, 200, 'a picture in it is sent as it is')
  t.same(await readdir(dataDir), ['output'], 'the server writes nothing')
  await rm(dataDir, { recursive: true })
  await rename(`${dataDir}.old`, dataDir)
})

t.test('a second process serves pictures and starts no run', async (t) => {
  const first = await buildApp(t)
  await put(first.dataDir, `output/simple/annotated/${ADDRESS}.png`, await plainPng())
  const lines: string[] = []
  const second = await buildApp(t, {
    dataDir: first.dataDir,
    onLogLine: ({ msg }) => lines.push(String(msg))
  })
  t.ok(lines.some((line) => line.startsWith('another process works on the data folder')))
  t.equal((await second.ask(`/dalle/simple/${ADDRESS}`)).headers.get('content-type'), 'image/png')
  const refused = await second.ask(`/dalle/simple/${OTHER}?generate=1`)
  t.equal(`${refused.status} ${refused.headers.get('retry-after')}`, '503 5')
  t.match((await json(refused)).error.message, /^Another process works/)

  await second.app.close()
  await first.app.close()
  const third = await buildApp(t, { dataDir: first.dataDir })
  t.match((await json(await third.ask(`/dalle/simple/${OTHER}?generate=1`))).data, { series: 'simple' })
})

t.test('a file system that has not answered for 30 s fails the liveness check', async (t) => {
  const clock = createClock()
  const lines: string[] = []
  const { ask } = await buildApp(t, {
    watchdog: { fs: { stat: SILENT }, startTimer: clock.startTimer },
    onLogLine: ({ msg }) => lines.push(String(msg))
  })
  const paths = ['/healthz', '/health?check=liveness']
  await clock.advance(29_999)
  for (const path of paths) t.equal((await ask(path)).status, 200)
  await clock.advance(1)
  for (const path of paths) {
    const response = await ask(path)
    t.equal(response.status, 503)
    t.ok(response.headers.get('retry-after'))
    t.match(await json(response), {
      error: { code: 'SERVICE_UNAVAILABLE', message: 'The file system does not answer' }
    })
  }
  t.ok(lines.some((line) => line.startsWith('the file system does not answer')))
})
