import t from 'tap'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ADDRESS, buildApp, createScriptedArtist, json, pollUntilDone, until } from '../../helper.ts'

t.test('all requests for one picture share its run', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { ask } = await buildApp(t, { artist })
  const picture = `/dalle/simple/${ADDRESS}`
  const answers = await Promise.all(Array.from({ length: 200 }, () => ask(`${picture}?generate=1`)))
  const outcomes = answers.map(({ headers }) => headers.get('x-dalle-run'))
  t.equal(outcomes.filter((outcome) => outcome === 'started').length, 1)
  t.equal(outcomes.filter((outcome) => outcome === 'joined').length, 199)
  const runs = new Set((await Promise.all(answers.map(json))).map(({ data }) => data.runId))
  t.equal(runs.size, 1)

  const plain = await ask(picture)
  t.equal(plain.headers.get('x-dalle-run'), 'joined')
  const { data } = await json(plain)
  t.ok(runs.has(data.runId))
  t.equal(data.done, false)
  const removed = await ask(`${picture}?remove=1`)
  t.equal((await json(removed)).data.runId, data.runId, 'without a picture, remove does nothing')
  await until(() => asked.length > 0)
  asked[0]!.deliver()
  await pollUntilDone(`${picture}?generate=1`, ask)
  t.equal(asked.length, 1)
})

t.test('every poller receives a failed run, which counts as one error', async (t) => {
  const { ask, dataDir, app } = await buildApp(t)
  const picture = `/dalle/simple/${ADDRESS}`
  await mkdir(join(dataDir, 'output/simple'), { recursive: true })
  await writeFile(join(dataDir, 'output/simple/selector'), 'a file where a folder must be')
  await ask(`${picture}?generate=1`)
  const failed = await pollUntilDone(`${picture}?generate=1`, ask)
  t.match(failed, { errorCode: 'FILE_SYSTEM_ERROR', currentPhase: 'failed', done: true })
  t.ok(failed.percent < 100)
  for (const query of ['', '?generate=1', '?remove']) {
    const response = await ask(picture + query)
    t.equal(response.status, 200)
    t.equal(response.headers.get('x-dalle-run'), 'failed')
    t.equal((await json(response)).data.runId, failed.runId)
  }
  t.equal(app.metrics.report.read().errors_by_code.FILE_SYSTEM_ERROR, 1)
  t.match(app.metrics.report.read().errors_by_endpoint, { '/dalle/:series/:address': 1 })
})

t.test('a full queue refuses a run with Retry-After', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { ask: request } = await buildApp(t, {
    artist,
    settings: { TB_DALLE_CONCURRENCY: '1', TB_DALLE_QUEUE_LIMIT: '1' }
  })
  const ask = (digit: string) => request(`/dalle/simple/0x${digit.repeat(40)}?generate=1`)
  await ask('1')
  t.match((await json(await ask('2'))).data, { queuePosition: 1, currentPhase: 'setup', percent: 0 })
  const refused = await ask('3')
  t.equal(refused.status, 503)
  t.equal(refused.headers.get('retry-after'), '10')
  t.match(await json(refused), { success: false, error: { code: 'QUEUE_FULL', message: /waiting/ } })
  for (const turn of [0, 1]) {
    await until(() => asked.length > turn)
    asked[turn]!.deliver()
  }
  await pollUntilDone(`/dalle/simple/0x${'2'.repeat(40)}?generate=1`, request)
})
