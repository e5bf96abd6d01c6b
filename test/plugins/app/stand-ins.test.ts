import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { ADDRESS, build, json, pollUntilDone } from '../../helper.ts'
import { KEY, NO_ENHANCEMENT, addressOf, buildWithOpenAi } from './with-openai.ts'

t.test(
  'with a fallback the built-in artist draws a stand-in until the provider is available again',
  async (t) => {
    const { openai, make, urlOf, dataDir, url, halfOpen } = await buildWithOpenAi(t, {
      settings: { TB_DALLE_FALLBACK: 'local', TB_DALLE_FAILURE_HOLD: '1ms' }
    })
    openai.behave('image', 'insufficient_quota')
    const standIn = await make()
    t.match(standIn, {
      error: '',
      provider: 'local',
      degraded: true,
      degradedReason: /no money left.* stand-in/,
      dalleDress: { annotatedPath: `simple/standin/${ADDRESS}.png`, downloadMode: 'local' }
    })
    const shown = await fetch(urlOf())
    t.equal(shown.headers.get('content-type'), 'image/png')
    t.equal(shown.headers.get('x-dalle-degraded'), 'local')
    t.equal((await sharp(await shown.arrayBuffer()).metadata()).width, 1024)
    for (const kind of ['annotated', 'generated', 'selector', 'metadata']) {
      const files = await readdir(join(dataDir, `output/simple/${kind}`)).catch(() => [])
      t.same(files, [], `${kind} has no file of it`)
    }
    t.match(
      await (await fetch(`${url}/preview`)).text(),
      'There is no picture yet',
      'the gallery shows only pictures of the model'
    )

    const calls = openai.count('chat')
    const again = await fetch(`${urlOf()}?generate=1`)
    t.equal(again.headers.get('x-dalle-run'), 'cached')
    t.match((await json(again)).data, { done: true, percent: 100, degraded: true, provider: 'local' })
    t.match(await make(addressOf(1)), { provider: 'local', degraded: true, error: '' })
    t.equal(openai.count('chat'), calls, 'no prompt is enhanced for a stand-in')

    openai.behave('image', 'ok')
    halfOpen()
    let back = await make()
    // Within the failure hold the stand-in is still the answer.
    while (back.provider === 'local') back = await make()
    t.match(back, { provider: 'openai', degraded: false, error: '' })
    const real = await fetch(urlOf())
    t.equal(real.headers.get('x-dalle-degraded'), null)
    t.notOk(existsSync(join(dataDir, 'output/simple/standin', `${ADDRESS}.png`)))

    openai.behave('image', 'insufficient_quota')
    t.equal((await make(addressOf(3))).provider, 'local')
    const forced = await fetch(`${urlOf()}?generate=1&force=1`)
    t.match(
      (await json(forced)).data,
      { errorCode: 'OPENAI_UNAVAILABLE', degraded: false },
      'no stand-in is drawn where a picture exists'
    )
    t.equal((await fetch(urlOf())).headers.get('x-dalle-degraded'), null)

    await fetch(`${urlOf(addressOf(1))}?remove=1`)
    t.same((await json(await fetch(urlOf(addressOf(1))))).data, {}, 'a stand-in can be removed too')
  }
)

t.test('a stand-in is drawn when the provider fails after it refused the enhanced prompt', async (t) => {
  const { openai, make } = await buildWithOpenAi(t, { settings: { TB_DALLE_FALLBACK: 'local' } })
  openai.script('image', 'moderation_blocked')
  openai.behave('image', 'server_error')
  t.match(await make(), {
    error: '',
    provider: 'local',
    degraded: true,
    degradedReason: /refused the enhanced prompt.*has trouble/
  })
})

t.test(
  'a stand-in on disk is served while the provider is not available, and not without the fallback',
  async (t) => {
    const { openai, make, dataDir, app } = await buildWithOpenAi(t, {
      settings: { ...NO_ENHANCEMENT, TB_DALLE_FALLBACK: 'local' }
    })
    openai.behave('image', 'invalid_api_key')
    await make()
    await app.close()
    const settings = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: openai.url, ...NO_ENHANCEMENT }
    const later = await build(t, { dataDir, settings: { ...settings, TB_DALLE_FALLBACK: 'local' } })
    await pollUntilDone(`${later.url}/dalle/simple/${addressOf(9)}?generate=1`)
    t.match((await json(await fetch(`${later.url}/dalle/simple/${ADDRESS}?generate=1`))).data, {
      done: true,
      cacheHit: true,
      provider: 'local',
      degraded: true,
      degradedReason: /stand-in/
    })
    const without = await build(t, { dataDir, settings })
    t.same((await json(await fetch(`${without.url}/dalle/simple/${ADDRESS}`))).data, {})
  }
)
