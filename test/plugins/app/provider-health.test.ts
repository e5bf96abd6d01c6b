import t from 'tap'
import { ADDRESS, build, json, pollUntilDone, until } from '../../helper.ts'
import { startOpenAi } from '../../peers/openai.ts'
import { KEY, NO_ENHANCEMENT, addressOf, buildWithOpenAi } from './with-openai.ts'

const NOT_FOUND = { kind: 'raw', status: 404, body: '{"detail": "Not Found"}' } as const

/** Waits until the component says this. The result of /health is reused for a second. */
async function says(url: string, status: string, message: RegExp): Promise<void> {
  await until(async () => {
    const { data } = await json(await fetch(`${url}/health`))
    const { openai } = data.components
    return data.status === status && openai.status === status && message.test(openai.message)
  })
}

t.test('/health says whether the provider was asked, and how its last call ended', async (t) => {
  const { openai, url, make } = await buildWithOpenAi(t, {
    settings: NO_ENHANCEMENT,
    retry: { retries: 0 }
  })
  await says(url, 'healthy', /^The provider has not been asked yet$/)
  let pictures = 0
  // The circuit counts the first; the others leave it closed.
  for (const [fault, message] of [
    ['server_error', /^The last call failed: .* has trouble \(draw: overloaded\)$/],
    ['rate_limited', /^The last call failed: .* takes no more requests for now \(draw: throttled\)$/],
    ['model_not_found', /^The last call failed: .* its model or a setting is wrong \(draw: wrong_request\)$/]
  ] as const) {
    openai.script('image', fault)
    t.not((await make(addressOf((pictures += 1)))).error, '', fault)
    await says(url, 'degraded', message)
    t.equal((await make(addressOf((pictures += 1)))).error, '')
    await says(url, 'healthy', /^The provider answers$/)
  }
})

t.test('a provider that has only failed was asked, and one that refuses a picture answers', async (t) => {
  const { openai, url, make } = await buildWithOpenAi(t, {
    settings: NO_ENHANCEMENT,
    retry: { retries: 0 }
  })
  openai.script('image', 'model_not_found')
  t.not((await make()).error, '')
  await says(url, 'degraded', /wrong_request/)
  openai.script('image', 'moderation_blocked')
  t.not((await make(addressOf(1))).error, '')
  await says(url, 'healthy', /^The provider answers$/)
})

t.test('a key that the list of models refuses degrades /health before anything is drawn', async (t) => {
  const openai = await startOpenAi({ scale: 0.0625 })
  t.teardown(() => openai.close())
  openai.behave('models', 'invalid_api_key')
  const { url } = await build(t, {
    settings: { ...NO_ENHANCEMENT, OPENAI_API_KEY: KEY, OPENAI_BASE_URL: openai.url },
    watchesModels: true
  })
  await says(url, 'degraded', /does not accept the key of this server \(models: no_permission\)$/)
  t.equal((await pollUntilDone(`${url}/dalle/simple/${ADDRESS}?generate=1`)).error, '')
  await says(url, 'healthy', /^The provider answers$/)
})

t.test('a provider that is away at the start degrades /health, and one warning says why', async (t) => {
  const openai = await startOpenAi({ scale: 0.0625 })
  t.teardown(() => openai.close())
  const gone = await startOpenAi()
  await gone.close()
  for (const [behaviour, baseUrl, finding, reason] of [
    [undefined, gone.url, /cannot be reached \(models: unreachable\)$/, /ECONNREFUSED/],
    [NOT_FOUND, openai.url, /its model or a setting is wrong \(models: wrong_request\)$/, /answered 404/]
  ] as const) {
    if (behaviour !== undefined) openai.behave('models', behaviour)
    const lines: Array<Record<string, unknown>> = []
    const { url } = await build(t, {
      settings: { ...NO_ENHANCEMENT, OPENAI_API_KEY: KEY, OPENAI_BASE_URL: baseUrl, LOG_LEVEL: 'info' },
      watchesModels: true,
      onLogLine: (line) => lines.push(line)
    })
    await says(url, 'degraded', finding)
    const said = lines.filter(({ msg }) => msg === 'the models of the provider are not known')
    t.match(said, [{ level: 40, provider: 'openai', reason }])
    t.equal(said.length, 1)
    t.notMatch(JSON.stringify(said), /stack|node_modules/)
    if (behaviour === undefined) continue
    t.equal((await pollUntilDone(`${url}/dalle/simple/${ADDRESS}?generate=1`)).error, '')
    await says(url, 'healthy', /^The provider answers$/)
  }
})

t.test('while the next run would try the provider again, /health says so, and why it failed', async (t) => {
  const { openai, url, make, halfOpen } = await buildWithOpenAi(t, {
    settings: NO_ENHANCEMENT,
    retry: { retries: 0 }
  })
  openai.script('image', 'insufficient_quota')
  t.not((await make()).error, '')
  halfOpen()
  await says(
    url,
    'degraded',
    /^The provider has had trouble \(draw: no_money\): the next run tries it again$/
  )
})
