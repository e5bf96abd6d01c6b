import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { ADDRESS, build, buildApp, json, plainPng, until } from '../../helper.ts'
import type { TestApp } from '../../helper.ts'

const OTHER = `0x${'1'.repeat(40)}`
const PICTURE = `/dalle/former/${ADDRESS}`

/** Takes away a series that has one picture. */
const TAKE: Record<string, (server: TestApp) => Promise<void>> = {
  'without a file': async ({ dataDir }) => await rm(join(dataDir, 'user-series/former.json')),
  'marked as deleted': async ({ app }) =>
    await app.files.write('user-series/former.json', JSON.stringify({ deleted: true, nouns: ['otter'] }))
}

async function withFormer(t: Test, take: (server: TestApp) => Promise<void>) {
  const first = await buildApp(t)
  await first.app.files.write('user-series/former.json', JSON.stringify({ nouns: ['otter'] }))
  await first.ask(`${PICTURE}?generate=1`, { headers: { prefer: 'wait=60' } })
  await first.app.close()
  await take(first)
  return await buildApp(t, { dataDir: first.dataDir })
}

for (const [what, take] of Object.entries(TAKE)) {
  t.test(`pictures of a series ${what} are served and not made`, async (t) => {
    const { ask, app } = await withFormer(t, take)
    t.notOk((await json(await ask('/series'))).data.series.includes('former'), '/series does not list it')
    for (const path of [PICTURE, `/dalle/Former/${ADDRESS.toUpperCase().replace('0X', '0x')}`]) {
      const response = await ask(path)
      t.equal(response.headers.get('content-type'), 'image/png', path)
      t.equal(response.headers.get('x-dalle-run'), 'cached')
    }
    t.equal((await ask(`${PICTURE}?w=64`)).status, 200)
    t.equal((await ask(PICTURE, { method: 'HEAD' })).headers.get('content-type'), 'image/png')
    const cached = await ask(`${PICTURE}?generate=1`)
    t.equal(cached.headers.get('x-dalle-run'), 'cached')
    t.match((await json(cached)).data, {
      series: 'former',
      done: true,
      cacheHit: true,
      percent: 100,
      dalleDress: { series: 'former', completed: true }
    })
    t.equal((await ask(`${PICTURE}/partial`)).status, 204)
    t.match(await json(await ask(PICTURE, { method: 'DELETE' })), { error: { code: 'NOT_FOUND' } })
    t.match(await (await ask(`/preview/former/${ADDRESS}`)).text(), '<article class="detail"')

    const invalid = [
      `/dalle/former/${OTHER}`,
      `/dalle/former/${OTHER}?generate=1`,
      `/dalle/former/${OTHER}?remove`,
      `/dalle/former/${OTHER}/events`,
      `${PICTURE}?generate=1&force=1`,
      '/dalle/former/',
      '/dalle/former/xyz'
    ]
    for (const path of invalid) {
      const response = await ask(path)
      t.equal(response.status, 400, path)
      t.match(await json(response), { error: { code: 'INVALID_SERIES', details: /"former"/ } }, path)
    }
    t.equal((await app.generation.working(9)).count, 0, 'no run was started')
    t.equal((await ask(PICTURE)).headers.get('content-type'), 'image/png', 'the picture is still there')

    t.match(await (await ask(`${PICTURE}?remove`)).text(), /^image removed former\/annotated\//)
    for (const query of ['', '?generate=1', '?remove']) {
      t.match(await json(await ask(PICTURE + query)), { error: { code: 'INVALID_SERIES' } }, query)
    }
  })
}

t.test('the events of a picture without a series are its end', async (t) => {
  const { url, app } = await build(t)
  await app.pictures.stored.put('former', ADDRESS, await plainPng(32))
  const text = await (await fetch(`${url}${PICTURE}/events`)).text()
  t.match(text, /event: done\n/)
  t.match(text, /"series":"former"/)
})

t.test('a broken picture does not make a series valid', async (t) => {
  const { ask, app } = await buildApp(t)
  await app.files.write(`output/former/annotated/${ADDRESS}.png`, 'cut')
  for (const query of ['', '?generate=1']) {
    t.match(await json(await ask(PICTURE + query)), { error: { code: 'INVALID_SERIES' } }, query)
  }
  await until(async () => (await app.generation.working(1)).count === 0)
})
