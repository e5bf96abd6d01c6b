import t from 'tap'
import { ADDRESS, buildApp, createScriptedArtist, json, plainPng, until } from '../../helper.ts'

t.test('with tokens, only requests that change something need one', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { ask, app } = await buildApp(t, {
    artist,
    settings: { TB_DALLE_API_TOKENS: 'first-token-of-mine,second-token-of-mine' }
  })
  const picture = `/dalle/simple/${ADDRESS}`
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(64))
  const missing = `/dalle/birds/${ADDRESS}`
  const guarded: Array<[string, string]> = [
    ['GET', `${missing}?generate=1`],
    ['GET', `${picture}?generate=1&force=1`],
    ['GET', `${picture}?remove=1`],
    ['GET', `${missing}?remove`],
    ['DELETE', missing],
    ['DELETE', `/dalle/nope/xyz`],
    ['GET', `/errors?clear=1`]
  ]
  for (const [method, path] of guarded) {
    for (const authorization of [undefined, 'Basic Zmlyc3Q=', 'Bearer', 'first-token-of-mine']) {
      const refused = await ask(path, {
        method,
        headers: authorization === undefined ? {} : { authorization }
      })
      t.equal(refused.status, 401, `${method} ${path} ${authorization}`)
      t.equal(refused.headers.get('www-authenticate'), 'Bearer')
      t.match(await json(refused), { error: { code: 'UNAUTHORIZED', details: /Authorization: Bearer/ } })
    }
    for (const token of [
      'first-token-of-min',
      'first-token-of-mine,second-token-of-mine',
      'x'.repeat(5000)
    ]) {
      const refused = await ask(path, { method, headers: { authorization: `Bearer ${token}` } })
      t.equal(refused.status, 401, `${method} ${path}`)
      t.equal(refused.headers.get('www-authenticate'), 'Bearer error="invalid_token"')
      t.match(await json(refused), { error: { code: 'UNAUTHORIZED', details: /not one of the server's/ } })
    }
  }
  t.equal(await app.engine.runs.last('birds', ADDRESS), undefined)
  for (const path of [
    picture,
    `${picture}?generate=1`,
    missing,
    `${missing}?generate=0`,
    `/v1/gallery`,
    `/errors`,
    `/preview`
  ]) {
    t.equal((await ask(path)).status, 200, path)
  }
  t.equal(
    (await ask(`${picture}?generate=1`)).headers.get('x-dalle-run'),
    'cached',
    'a request for an existing picture needs no token'
  )

  const headers = { authorization: 'bearer second-token-of-mine' }
  t.equal((await ask(`${missing}?generate=1`, { headers })).headers.get('x-dalle-run'), 'started')
  t.equal(
    (await ask(`${missing}?generate=1`)).headers.get('x-dalle-run'),
    'joined',
    'nor does a request that joins a run'
  )
  await until(() => asked.length === 1)
  t.equal((await ask(missing, { method: 'DELETE', headers })).status, 200)
  t.equal(
    (await ask(missing + '?generate=1')).headers.get('x-dalle-run'),
    'failed',
    'nor a request for a run that failed'
  )
  t.match(await (await ask(`${picture}?remove=1`, { headers })).text(), /removed/)
  t.match(await (await ask('/errors?clear=1', { headers })).text(), /cleared/)
})

t.test('requests of pages of other sites start, remove and clear nothing', async (t) => {
  const { ask, app } = await buildApp(t)
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(32))
  const foreign = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }
  for (const query of ['?remove=1', '?generate=1&force=1']) {
    t.equal(
      (await ask(`/dalle/simple/${ADDRESS}${query}`, { headers: foreign })).headers.get('content-type'),
      'image/png',
      'the picture is sent'
    )
  }
  t.equal(
    (await ask(`/dalle/birds/${ADDRESS}?generate=1`, { headers: foreign })).headers.get('x-dalle-run'),
    'idle'
  )
  await ask('/nothing')
  await ask('/errors?clear=1', { headers: foreign })
  t.ok(app.metrics.report.read().total_errors > 0)
  t.equal(
    (
      await ask(`/dalle/birds/${ADDRESS}?generate=1`, {
        headers: { ...foreign, 'sec-fetch-site': 'same-origin' }
      })
    ).headers.get('x-dalle-run'),
    'started'
  )
})

t.test('a page of another site cannot cancel a run', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { ask, app } = await buildApp(t, { artist })
  const picture = `/dalle/simple/${ADDRESS}`
  await ask(`${picture}?generate=1`)
  await until(() => asked.length === 1)
  const foreign = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }
  const refused = await ask(picture, { method: 'DELETE', headers: foreign })
  t.equal(refused.status, 403)
  t.match(await json(refused), { error: { code: 'FORBIDDEN', details: /another site/ } })
  t.equal((await app.engine.runs.last('simple', ADDRESS))!.done, false, 'the run works on')
  const own = { ...foreign, 'sec-fetch-site': 'same-origin' }
  t.equal((await ask(picture, { method: 'DELETE', headers: own })).status, 200)
  t.match((await app.engine.runs.last('simple', ADDRESS))!.snapshot(), { done: true, errorCode: 'CANCELLED' })
})

t.test('a request knows the name of its token', async (t) => {
  const { ask } = await buildApp(t, {
    settings: { TB_DALLE_API_TOKENS: 'first-token-of-mine,phone:second-token-of-mine' },
    extend: (server) => {
      server.get('/name', { schema: { response: { 200: {} } } }, async ({ tokenName }) => ({ tokenName }))
    }
  })
  const nameOf = async (authorization: string) =>
    (await json(await ask('/name', { headers: { authorization } }))).tokenName
  t.equal(await nameOf('Bearer first-token-of-mine'), 'token-1', 'a token without a name has its position')
  t.equal(await nameOf('bearer second-token-of-mine'), 'phone')
  t.equal(await nameOf('Bearer phone:second-token-of-mine'), undefined)
  t.equal(await nameOf('Bearer third-token-of-mine'), undefined)
  t.equal(await nameOf('Basic first-token-of-mine'), undefined)
})
