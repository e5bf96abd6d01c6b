import t from 'tap'
import { buildWithOpenAi } from '../../plugins/app/with-openai.ts'
import { enhance } from '../../peers/openai.ts'
import { filesBelow, seedFor } from './images-client.ts'

const INPUT = 'Person Tour Coordinates'
const SEED = seedFor(INPUT)

/** A request to generate. */
async function generate(url: string, request: object) {
  const body = JSON.stringify({ input: INPUT, series: 'simple', ...request })
  const response = await fetch(`${url}/v1/images/generate`, { method: 'POST', body })
  return { status: response.status, headers: response.headers, ...JSON.parse(await response.text()) }
}

t.test('a prompt is enhanced once and drawn from, also after a drawing that failed', async (t) => {
  const { url, openai } = await buildWithOpenAi(t)
  openai.behave('image', 'bad_request')
  const request = { enhance: true, image: true, annotate: true }
  t.match(await generate(url, request), {
    status: 502,
    error: { code: 'provider_failed', message: /^provider_failed: generate image: / }
  })
  const chats = openai.count('chat')
  openai.behave('image', 'ok')
  const { status, data } = await generate(url, request)
  t.equal(status, 200)
  t.equal(openai.count('chat'), chats, 'the enhanced prompt is used again')
  const { prompt, enhancedPrompt } = data.metadata.prompts
  t.equal(enhancedPrompt, enhance(prompt))
  t.equal(openai.requests.at(-1)!.body.prompt, enhancedPrompt)
  const images = openai.count('image')
  t.equal((await generate(url, request)).data.metadata.status.cacheHit, true)
  t.equal(openai.count('image'), images)

  const plain = await generate(url, { image: true, force: true })
  t.notOk('enhancedPrompt' in plain.data.metadata.prompts, 'without enhance the enhanced prompt is dropped')
  t.equal(openai.requests.at(-1)!.body.prompt, prompt)
  const response = await fetch(`${url}/v1/images/${SEED}/regenerate`, { method: 'POST' })
  t.equal(response.status, 200)
  t.equal(openai.count('chat'), chats)
})

t.test('a prompt that cannot be enhanced fails the request, and nothing is written', async (t) => {
  const { url, openai, dataDir } = await buildWithOpenAi(t)
  openai.behave('chat', 'bad_request')
  t.match(await generate(url, { enhance: true }), {
    status: 502,
    error: { code: 'provider_failed', message: /^provider_failed: enhance prompt: / }
  })
  t.same(await filesBelow(`${dataDir}/output`), [])
  t.equal(openai.count('image'), 0)
  openai.behave('chat', 'ok')
  const { data } = await generate(url, { enhance: true })
  t.match(data.metadata.stages, { enhanced: { status: 'complete' }, generated: { status: 'skipped' } })
})

t.test('budget and limits hold for /v1 too', async (t) => {
  const { url, openai } = await buildWithOpenAi(t, {
    settings: { TB_DALLE_NO_ENHANCE: '1', TB_DALLE_DAILY_IMAGE_LIMIT: '1', TB_DALLE_CLIENT_RUNS: '3' }
  })
  t.equal((await generate(url, { image: true })).status, 200)
  const refused = await generate(url, { input: 'other', image: true })
  t.match(refused, { status: 429, error: { code: 'BUDGET_EXHAUSTED' } })
  t.ok(Number(refused.headers.get('retry-after')) > 0)
  t.equal(openai.count('image'), 1)
  const without = await generate(url, { input: 'prompts', enhance: true })
  t.equal(without.data.metadata.prompts.enhancedPrompt, without.data.metadata.prompts.prompt)
  t.equal((await generate(url, { input: 'third' })).status, 200)
  const limited = await generate(url, { input: 'fourth' })
  t.match(limited, { status: 429, error: { code: 'RATE_LIMITED' } })
})
