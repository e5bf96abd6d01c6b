import t from 'tap'
import type { Test } from 'tap'
import { ADDRESS, buildApp, createScriptedArtist, json, plainPng, until } from '../../helper.ts'

const KEY = { OPENAI_API_KEY: 'sk-a-secret-key' }
const STRANGER = '203.0.113.9'
const missing = `/dalle/birds/${ADDRESS}`
const picture = `/dalle/simple/${ADDRESS}`

/** A service on loopback with a key and a picture. */
async function start(t: Test, settings: Record<string, string> = {}) {
  const { artist, asked } = createScriptedArtist()
  const { ask, app } = await buildApp(t, { artist, settings: { ...KEY, ...settings } })
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(32))
  const runOf = async (path: string, headers: Record<string, string> = {}) =>
    (await ask(path, { headers })).headers.get('x-dalle-run')
  return { ask, app, asked, runOf }
}

t.test('on loopback without tokens, what a proxy passes on spends nothing', async (t) => {
  const { ask, app } = await start(t)
  const changes: Array<[method: string, path: string, body?: string]> = [
    ['GET', `${missing}?generate=1`],
    ['GET', `${picture}?generate=1&force=1`],
    ['GET', `${picture}?remove=1`],
    ['POST', '/v1/batches'],
    ['POST', '/v1/images/generate', '{"input": "a text"}']
  ]
  const signs: Array<Record<string, string>> = [
    { 'x-forwarded-for': STRANGER },
    { 'x-forwarded-for': '127.0.0.1' },
    { forwarded: `for=${STRANGER}` },
    { 'x-real-ip': STRANGER },
    { 'x-forwarded-proto': 'https' },
    { via: '1.1 proxy' }
  ]
  for (const headers of signs) {
    for (const [method, path, body] of changes) {
      const refused = await ask(path, { method, headers, ...(body && { body }) })
      t.equal(refused.status, 401, `${method} ${path} ${JSON.stringify(headers)}`)
      const text = await refused.text()
      t.match(text, /TB_DALLE_API_TOKENS, and name the proxy in TB_DALLE_TRUSTED_PROXIES/)
    }
  }
  t.equal(await app.engine.runs.last('birds', ADDRESS), undefined)
})

t.test('a proxy passes on what exists, and joins', async (t) => {
  const { ask, asked, runOf } = await start(t)
  const headers = { 'x-forwarded-for': STRANGER }
  const served = await ask(picture, { headers })
  t.equal(served.headers.get('content-type'), 'image/png')
  t.equal(await runOf(`${picture}?generate=1`, headers), 'cached')
  t.equal(await runOf(`${missing}?generate=1`), 'started', 'a program of this machine needs no token')
  await until(() => asked.length === 1)
  t.equal(await runOf(`${missing}?generate=1`, headers), 'joined')
  t.equal(asked.length, 1)
})

t.test('the client that a trusted proxy names counts', async (t) => {
  const { ask, runOf } = await start(t, { TB_DALLE_TRUSTED_PROXIES: '127.0.0.1' })
  const signs: Array<Record<string, string>> = [
    { 'x-forwarded-for': STRANGER },
    { 'x-forwarded-for': `127.0.0.1, ${STRANGER}` },
    { 'x-forwarded-for': 'unknown' },
    { 'x-real-ip': STRANGER }
  ]
  for (const headers of signs) {
    t.equal((await ask(`${missing}?generate=1`, { headers })).status, 401, JSON.stringify(headers))
  }
  t.equal(await runOf(`${missing}?generate=1`, { 'x-forwarded-for': '127.0.0.1' }), 'started')
})

t.test('TB_DALLE_AUTOSTART starts nothing for what a proxy passes on', async (t) => {
  const { ask, app, runOf } = await start(t, { TB_DALLE_AUTOSTART: '1', TB_DALLE_DAILY_IMAGE_LIMIT: '9' })
  t.match(await json(await ask(missing, { headers: { 'x-forwarded-for': STRANGER } })), { data: {} })
  t.equal(await app.engine.runs.last('birds', ADDRESS), undefined)
  t.equal(await runOf(missing), 'started')
})

t.test('TB_DALLE_OPEN, a token, or no key let a proxy pass it on', async (t) => {
  const headers = { 'x-forwarded-for': STRANGER }
  const open = await start(t, { TB_DALLE_OPEN: '1', TB_DALLE_DAILY_IMAGE_LIMIT: '9' })
  t.equal(await open.runOf(`${missing}?generate=1`, headers), 'started')
  const guarded = await start(t, { TB_DALLE_API_TOKENS: 'the-token-of-the-operator' })
  const authorization = 'Bearer the-token-of-the-operator'
  t.equal(await guarded.runOf(`${missing}?generate=1`, { ...headers, authorization }), 'started')
  const free = await start(t, { OPENAI_API_KEY: '' })
  t.equal(await free.runOf(`${missing}?generate=1`, headers), 'started')
})
