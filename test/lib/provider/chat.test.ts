import t from 'tap'
import { enhance, startOpenAi } from '../../peers/openai.ts'
import type { Fault } from '../../peers/openai.ts'
import { startClient } from './start-client.ts'

const openai = await startOpenAi()
t.teardown(() => openai.close())
t.beforeEach(() => openai.reset())

t.test('a request has the model, the seed, the temperature and both messages', async (t) => {
  const client = await startClient(t, { baseUrl: openai.url })
  t.equal((await client.enhance('A heron')).result, enhance('A heron'))
  t.match(openai.requests[0]?.body, {
    model: 'gpt-4.1-mini',
    seed: 1337,
    temperature: 0.2,
    messages: [
      { role: 'system', content: 'a writer' },
      { role: 'user', content: 'A heron' }
    ]
  })
})

t.test(
  'a model that refuses a temperature is asked again without it, and later calls leave it out',
  async (t) => {
    const client = await startClient(t, { baseUrl: openai.url, enhancement: { model: 'gpt-5.4-mini' } })
    const ends = await Promise.all([0, 1, 2, 3].map(async () => await client.enhance()))
    t.ok(ends.every(({ result }) => result !== undefined))
    const before = openai.count('chat')
    await client.enhance()
    t.equal(openai.count('chat'), before + 1)
    t.notOk('temperature' in openai.requests.at(-1)!.body)

    const other = await startClient(t, { baseUrl: openai.url })
    openai.script('chat', {
      kind: 'raw',
      status: 400,
      body: '{"error":{"message":"Unsupported parameter: temperature","param":null}}'
    })
    t.ok((await other.enhance()).result !== undefined, 'also when only the message names it')
  }
)

t.test('each way to fail has its reason', async (t) => {
  const cases: Array<[fault: Fault, calls: number, reason: RegExp]> = [
    ['server_error', 4, /has trouble/],
    ['rate_limited', 4, /no more requests/],
    ['hang', 1, /too long/],
    ['cut_body', 1, /broke off/],
    ['malformed_json', 1, /cannot be used/],
    ['empty_content', 1, /cannot be used/],
    ['length', 1, /cannot be used/],
    ['huge', 1, /cannot be used/],
    ['refusal', 1, /refuses/],
    ['content_filter', 1, /refuses/],
    ['moderation_blocked', 1, /refuses/],
    ['invalid_api_key', 1, /does not accept the key/],
    ['insufficient_quota', 1, /no money/]
  ]
  for (const [fault, calls, reason] of cases) {
    openai.reset()
    const client = await startClient(t, { baseUrl: openai.url })
    openai.behave('chat', () => {
      if (fault === 'hang') setImmediate(client.time.expireTimeouts)
      return fault
    })
    t.match((await client.enhance()).error?.message, reason, String(fault))
    t.equal(openai.count('chat'), calls, String(fault))
  }
})
