import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer as createPort } from 'node:net'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { LLMock } from '@copilotkit/aimock'
import t from 'tap'
import type { Test } from 'tap'
import { sourceIn } from '../../lib/provider/picture-source.ts'
import { ADDRESS, build, json, plainPng, pollUntilDone, temporaryFolder } from '../helper.ts'
import { startOpenAi } from './openai.ts'

const KEY = 'sk-another-server'
const MODULES = join(
  import.meta.dirname,
  extname(import.meta.filename) === '.js' ? '../../..' : '../..',
  'node_modules'
)

async function freePort(): Promise<number> {
  const server = createPort().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Starts a program of Node and waits for a line that matches; returns the line. */
async function start(t: Test, args: string[], ready: RegExp): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(async () => {
    if (child.exitCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  child.stderr.resume()
  for await (const line of createInterface(child.stdout)) {
    if (ready.test(line)) return line
  }
  throw new Error(`${args[0]} ended before it was ready`)
}

/** Makes one picture with a server; the lines are those of the log. */
async function make(t: Test, settings: Record<string, string>) {
  const lines: Array<Record<string, unknown>> = []
  const { url, app } = await build(t, {
    settings: {
      OPENAI_API_KEY: KEY,
      TB_DALLE_ENHANCEMENT_MODEL: 'gpt-4.1-mini',
      LOG_LEVEL: 'info',
      ...settings
    },
    onLogLine: (line) => lines.push(line)
  })
  const snapshot = await pollUntilDone(`${url}/dalle/simple/${ADDRESS}?generate=1`)
  return { snapshot, lines, app, picture: await fetch(`${url}/dalle/simple/${ADDRESS}`) }
}

t.test('aimock: words and a picture, also where a stream was asked for, and a refusal', async (t) => {
  const base64 = (await plainPng(64)).toString('base64')
  const mock = new LLMock({ port: 0 })
  mock.onMessage(/[^]*/, { content: 'An otter, painted.' })
  mock.onImage(/[^]*/, { image: { b64Json: base64 } })
  await mock.start()
  t.teardown(() => mock.stop())
  for (const partials of ['0', '2']) {
    const { snapshot, picture } = await make(t, {
      OPENAI_BASE_URL: `${mock.url}/v1`,
      TB_DALLE_PARTIAL_IMAGES: partials
    })
    t.match(snapshot, { error: '', degraded: false, dalleDress: { enhancedPrompt: 'An otter, painted.' } })
    t.equal(picture.headers.get('content-type'), 'image/png')
  }
  const refusing = new LLMock({ port: 0 })
  refusing.addFixture({
    match: { endpoint: 'image' },
    response: {
      error: { message: 'Rejected', type: 'image_generation_user_error', code: 'moderation_blocked' },
      status: 400
    }
  })
  refusing.addFixture({ match: { endpoint: 'chat' }, response: { content: 'An otter.' } })
  await refusing.start()
  t.teardown(() => refusing.stop())
  const { snapshot } = await make(t, { OPENAI_BASE_URL: `${refusing.url}/v1` })
  t.match(snapshot, { errorCode: 'CONTENT_REJECTED', degraded: true })
})

t.test(
  "Portkey's gateway: its own refusal is logged in its words, and with its headers it draws",
  async (t) => {
    const openai = await startOpenAi({ scale: 0.0625 })
    t.teardown(() => openai.close())
    const port = await freePort()
    const program = join(MODULES, '@portkey-ai/gateway/build/start-server.js')
    await start(t, [program, `--port=${port}`, '--headless'], /Ready for connections/)
    const gateway = `http://127.0.0.1:${port}/v1`

    const without = await make(t, { OPENAI_BASE_URL: gateway })
    t.match(without.snapshot, { errorCode: 'OPENAI_UNAVAILABLE', attempt: 1 })
    t.match(
      without.lines.find(
        ({ msg, operation }) => msg === 'the provider refused a request' && operation === 'draw'
      ),
      { providerStatus: 400, body: /^\{"status":"failure","message":"Either x-portkey-config or/ }
    )
    t.equal(without.app.circuitBreaker.state, 'CLOSED')
    t.equal(without.app.engine.ledger.spent().usd, 0)

    const headers = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': openai.url }
    const settings = { OPENAI_BASE_URL: gateway, TB_DALLE_OPENAI_HEADERS: JSON.stringify(headers) }
    const { snapshot } = await make(t, settings)
    t.match(snapshot, { error: '', degraded: false })
    t.equal(openai.billed, 1)
    openai.behave('image', 'moderation_blocked')
    openai.behave('chat', 'content_filter')
    const refused = await make(t, settings)
    t.match(refused.snapshot, { errorCode: 'CONTENT_REJECTED', degraded: true })
  }
)

t.test('llm-mock: words; it has no images', async (t) => {
  const openai = await startOpenAi({ scale: 0.0625 })
  t.teardown(() => openai.close())
  const folder = await temporaryFolder(t)
  const port = await freePort()
  const config = join(folder, 'config.json')
  // Without a scenario it ends at the first request.
  const branch = { when: '{{text}}', kind: 'chat', reply: 'An otter, mocked.', next: 'only' }
  const scenario = { id: 'any', start: 'only', steps: { only: { branches: [branch] } } }
  await writeFile(config, JSON.stringify({ server: { port }, useScenario: 'any', scenarios: [scenario] }))
  const program = join(MODULES, 'llm-mock/bin/llm-mock.js')
  await start(t, [program, config, '--port', String(port)], /http:\/\/localhost/)
  const { snapshot, app } = await make(t, {
    OPENAI_BASE_URL: openai.url,
    TB_DALLE_ENHANCEMENT_URL: `http://127.0.0.1:${port}/v1/chat/completions`
  })
  t.match(snapshot, { error: '', degraded: false, dalleDress: { enhancedPrompt: 'An otter, mocked.' } })
  t.ok(app.engine.ledger.spent().usd > 0)
  const none = await make(t, { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` })
  t.match(none.snapshot, { errorCode: 'OPENAI_UNAVAILABLE', attempt: 1 }, 'a 404 is a wrong request')
})

t.test('openai-api-mock: words, and an image at a URL', async (t) => {
  const openai = await startOpenAi({ scale: 0.0625 })
  t.teardown(() => openai.close())
  const script = join(import.meta.dirname, `openai-api-mock-server${extname(import.meta.filename)}`)
  const line = await start(t, [...process.execArgv, script], /listens on port/)
  const origin = `http://127.0.0.1:${/\d+$/.exec(line)![0]}`
  const { snapshot } = await make(t, {
    OPENAI_BASE_URL: openai.url,
    TB_DALLE_ENHANCEMENT_URL: `${origin}/v1/chat/completions`
  })
  t.match(snapshot, { error: '', degraded: false })
  t.not(snapshot.dalleDress.enhancedPrompt, '')

  // The host of its images is elsewhere, so the image itself is not fetched.
  const answer = await fetch(`${origin}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
    body: JSON.stringify({ model: 'dall-e-3', prompt: 'An otter', n: 1, size: '1024x1024' })
  })
  t.match(await sourceIn(await json(answer), `${origin}/v1/images/generations`), { url: /^https?:\/\// })
})
