import t from 'tap'
import { ADDRESS, buildApp, createScriptedArtist, json, plainPng, until } from '../../helper.ts'

t.test('DELETE cancels waiting and working runs, and keeps the picture', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { ask, app } = await buildApp(t, { artist, settings: { TB_DALLE_CONCURRENCY: '1' } })
  const waiting = `/dalle/simple/0x${'3'.repeat(40)}`
  const picture = `/dalle/simple/${ADDRESS}`
  const png = await plainPng(64)
  await app.pictures.stored.put('simple', ADDRESS, png)
  const nothing = await ask(picture, { method: 'DELETE' })
  t.equal(nothing.status, 404)
  t.match(await json(nothing), { error: { code: 'NOT_FOUND', details: new RegExp(ADDRESS) } })
  await ask(`${picture}?generate=1&force=1`)
  await ask(`${waiting}?generate=1`)
  await until(() => asked.length === 1)
  for (const one of [waiting, picture]) {
    const cancelled = await ask(one, { method: 'DELETE' })
    t.equal(cancelled.status, 200)
    t.equal(cancelled.headers.get('x-dalle-run'), 'failed')
    t.match((await json(cancelled)).data, {
      done: true,
      error: 'Generation was cancelled',
      errorCode: 'CANCELLED'
    })
  }
  t.ok(asked[0]!.signal.aborted)
  t.equal(asked.length, 1, 'the waiting run never reached the artist')
  t.same(Buffer.from(await (await ask(picture)).arrayBuffer()), png)
  t.equal((await json(await ask('/dalle/simple/xyz', { method: 'DELETE' }))).error.code, 'INVALID_ADDRESS')
})
