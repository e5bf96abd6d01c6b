import t from 'tap'
import { endpointUrl } from '../../../lib/provider/endpoints.ts'
import { secretsOf } from '../../../lib/provider/headers.ts'
import { quoteBody } from '../../../lib/provider/refusal.ts'
import { startOpenAi } from '../../peers/openai.ts'
import { startClient } from './start-client.ts'

const openai = await startOpenAi({ scale: 0.0625 })
t.teardown(() => openai.close())
t.beforeEach(() => openai.reset())

t.test('an endpoint keeps the path and the query of the base URL', async (t) => {
  for (const [base, url] of [
    ['https://a.example/v1', 'https://a.example/v1/models'],
    ['https://a.example/v1/', 'https://a.example/v1/models'],
    ['https://a.example', 'https://a.example/models'],
    ['https://a.example/v1?api-version=2024-10-21', 'https://a.example/v1/models?api-version=2024-10-21'],
    ['https://a.example/v1/?a=1&a=2&b=x%2Fy', 'https://a.example/v1/models?a=1&a=2&b=x%2Fy']
  ] as const) {
    t.equal(endpointUrl(base, '/models'), url)
  }
})

t.test('each request has the query, the headers, the organization and the project', async (t) => {
  const { draw, enhance, client } = await startClient(t, {
    baseUrl: `${openai.origin}/openai/deployments/mine?api-version=2024-10-21`,
    config: {
      headers: {
        'api-key': 'a-secret-of-azure',
        'HTTP-Referer': 'https://dalle.example',
        Authorization: null
      },
      organization: 'org-1',
      project: 'proj-1'
    }
  })
  t.equal((await draw()).error, undefined)
  t.equal((await enhance()).error, undefined)
  t.ok((await client.listModels(new AbortController().signal)).length > 1)
  t.same(
    openai.requests.map(({ path, query }) => path + query),
    ['images/generations', 'chat/completions', 'models'].map(
      (path) => `/openai/deployments/mine/${path}?api-version=2024-10-21`
    )
  )
  for (const { headers } of openai.requests) {
    t.match(headers, {
      'api-key': 'a-secret-of-azure',
      'http-referer': 'https://dalle.example',
      'openai-organization': 'org-1',
      'openai-project': 'proj-1',
      'user-agent': /^dalleserver\//
    })
    t.notOk('authorization' in headers, 'null leaves a header out')
  }
})

t.test('an image at a URL is fetched without the headers of the provider', async (t) => {
  const { draw } = await startClient(t, {
    baseUrl: openai.url,
    image: { model: 'compatible-1' },
    config: { headers: { 'api-key': 'a-secret-of-azure' } }
  })
  t.equal((await draw()).error, undefined)
  const download = openai.requests.find(({ operation }) => operation === 'download')!
  t.notOk('api-key' in download.headers)
  t.notOk('authorization' in download.headers)
})

t.test('the query of each URL and a key that is cut are no part of the log', async (t) => {
  const { client } = await startClient(t, {
    baseUrl: `${openai.url}?code=secret-of-the-base`,
    image: { url: `${openai.url}/images?key=secret-of-images` },
    enhancement: { url: `${openai.url}/chat?key=secret-of-words` }
  })
  const secrets = secretsOf(client.config)
  for (const secret of ['secret-of-the-base', 'secret-of-images', 'secret-of-words']) {
    t.equal(quoteBody(`no ${secret}`, secrets), 'no <key>')
  }
  const long = 'k'.repeat(300)
  t.match(quoteBody(`${long}-`.repeat(100), [long]), /^(?:<key>-)*$/)
})
