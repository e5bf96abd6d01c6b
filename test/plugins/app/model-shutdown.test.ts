import Fastify from 'fastify'
import t from 'tap'
import app, { serverOptions } from '../../../app.ts'
import { createConfig } from '../../../lib/config/config.ts'
import { shutdownOf } from '../../../lib/provider/models.ts'
import { temporaryFolder } from '../../helper.ts'

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
