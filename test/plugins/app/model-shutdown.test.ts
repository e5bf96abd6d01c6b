import Fastify from 'fastify'
import t from 'tap'
import app, { serverOptions } from '../../../app.ts'
import { createConfig } from '../../../lib/config/config.ts'
import { shutdownOf } from '../../../lib/provider/models.ts'
import { buildApp, temporaryFolder, until } from '../../helper.ts'
import { startOpenAi } from '../../peers/openai.ts'

const OPENAI = { OPENAI_API_KEY: 'sk-a-secret-key', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }

t.test('the log warns at start about a model that is or will be shut down', async (t) => {
  t.equal(shutdownOf('gpt-image-1-mini')?.toISOString(), '2026-12-01T00:00:00.000Z')
  t.equal(shutdownOf('gpt-4.1-mini-2025-04-14')?.getTime(), shutdownOf('gpt-4.1-mini')?.getTime())
  t.same(['gpt-image-2', 'gpt-5.4-mini', 'dall-e-30', 'my-gpt-4o'].map(shutdownOf), [
    undefined,
    undefined,
    undefined,
    undefined
  ])
  const lines: Array<Record<string, unknown>> = []
  const server = Fastify({
    ...serverOptions,
    logger: { stream: { write: (line: string) => lines.push(JSON.parse(line)) } }
  })
  t.teardown(() => server.close())
  await server.register(app, {
    watchesModels: false,
    config: createConfig({
      ...OPENAI,
      TB_DALLE_DATA_DIR: await temporaryFolder(t),
      TB_DALLE_IMAGE_MODEL: 'dall-e-3',
      TB_DALLE_ENHANCEMENT_MODEL: 'gpt-5.4-mini'
    })
  })
  t.match(
    lines.filter(({ model }) => model !== undefined),
    [
      {
        level: 40,
        model: 'dall-e-3',
        shutdown: '2026-05-12',
        msg: 'the model is shut down: name another one'
      }
    ]
  )
})

t.test('the log and the metrics name a model that the provider does not list, and its end', async (t) => {
  const openai = await startOpenAi({
    models: [{ id: 'gpt-5.4-mini', shutdown_date: '2027-02-01' }],
    latency: (operation) => (operation === 'models' ? 50 : 0)
  })
  t.teardown(() => openai.close())
  const lines: Array<Record<string, unknown>> = []
  const { app, ask } = await buildApp(t, {
    watchesModels: true,
    settings: {
      OPENAI_API_KEY: 'sk-a-secret-key',
      OPENAI_BASE_URL: openai.url,
      TB_DALLE_IMAGE_MODEL: 'my-model',
      LOG_LEVEL: 'warn'
    },
    onLogLine: (line) => lines.push(line)
  })
  t.ok(app.providers, 'the server is ready before the provider has answered')
  await until(() => lines.some(({ msg }) => /does not list/.test(String(msg))))
  t.match(
    lines.filter(({ model }) => model !== undefined),
    [
      { model: 'my-model', msg: 'the model has no price: its calls count as 0 USD' },
      { model: 'gpt-5.4-mini', provider: 'openai', shutdown: '2027-02-01' },
      { model: 'my-model', provider: 'openai', msg: /does not list the model/ }
    ]
  )
  const text = await (await ask('/metrics')).text()
  const labels = (model: string) => `{provider="openai",model="${model}"}`
  t.match(text, `dalleserver_provider_model_listed${labels('gpt-5.4-mini')} 1`)
  t.match(text, `dalleserver_provider_model_listed${labels('my-model')} 0`)
  const seconds = Date.parse('2027-02-01') / 1000
  t.match(text, `dalleserver_provider_model_shutdown_timestamp_seconds${labels('gpt-5.4-mini')} ${seconds}`)
  t.match(text, /dalleserver_provider_prices_timestamp_seconds 1\d{9}/)
  t.equal(openai.count('models'), 1)
})

t.test('the log warns of a key that the provider does not accept', async (t) => {
  for (const status of [401, 403]) {
    const openai = await startOpenAi()
    t.teardown(() => openai.close())
    const answer = { error: { message: 'Incorrect API key provided', code: 'invalid_api_key' } }
    openai.behave('models', { kind: 'raw', status, body: JSON.stringify(answer) })
    const lines: Array<Record<string, unknown>> = []
    await buildApp(t, {
      watchesModels: true,
      settings: { OPENAI_API_KEY: 'sk-a-secret-key', OPENAI_BASE_URL: openai.url, LOG_LEVEL: 'info' },
      onLogLine: (line) => lines.push(line)
    })
    await until(() => lines.some(({ providerStatus }) => providerStatus === status))
    t.match(
      lines.find(({ providerStatus }) => providerStatus === status),
      { level: 40, provider: 'openai', msg: 'the provider does not accept the key' }
    )
  }
})
