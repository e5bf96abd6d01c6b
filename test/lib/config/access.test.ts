import t from 'tap'
import { readCommand } from '../../../lib/config/command.ts'
import { configOf, refusalOf } from './read-config.ts'

const KEY = { OPENAI_API_KEY: 'sk-test' }
const TOKENS = { TB_DALLE_API_TOKENS: 'a-token-of-the-operator' }
const LIMITS = /TB_DALLE_DAILY_BUDGET_USD or TB_DALLE_DAILY_IMAGE_LIMIT/

const OUTSIDE: Array<[name: string, value: string]> = [
  ['TB_DALLE_HOST', '0.0.0.0'],
  ['TB_DALLE_HOST', '::'],
  ['TB_DALLE_HOST', '192.0.2.7'],
  ['TB_DALLE_HOST', 'dalle.example'],
  ['TB_DALLE_HOSTS', 'localhost,dalle.example'],
  ['TB_DALLE_TRUSTED_PROXIES', '127.0.0.1,10.0.0.0/8'],
  ['TB_DALLE_PUBLIC_URL', 'https://dalle.example']
]

t.test(
  'with a key, a server that others can reach needs tokens, or is open with a daily limit',
  async (t) => {
    for (const [name, value] of OUTSIDE) {
      const env = { ...KEY, [name]: value }
      const message = refusalOf(t, () => configOf([], env))
      t.ok(message.startsWith(`${name} is "`), message)
      t.match(message, /set TB_DALLE_API_TOKENS, or TB_DALLE_OPEN=1 with/)
      t.match(message, LIMITS)
      t.notMatch(message, /\n|sk-test/)
      const unlimited = refusalOf(t, () => configOf([], { ...env, TB_DALLE_OPEN: '1' }))
      t.match(unlimited, /^TB_DALLE_OPEN is 1/)
      t.match(unlimited, LIMITS)

      t.doesNotThrow(() => configOf([], { ...env, ...TOKENS }))
      t.doesNotThrow(() => configOf([], { ...env, TB_DALLE_OPEN: '1', TB_DALLE_DAILY_BUDGET_USD: '5' }))
      t.doesNotThrow(() => configOf([], { ...env, TB_DALLE_OPEN: '1', TB_DALLE_DAILY_IMAGE_LIMIT: '9' }))
      t.doesNotThrow(() => configOf([], { [name]: value }), 'without a key nothing is spent')
    }
    t.match(
      refusalOf(t, () => configOf(['--host', '0.0.0.0'], KEY)),
      /^--host is "0\.0\.0\.0"/
    )
    t.match(
      refusalOf(t, () => configOf([], { ...KEY, TB_DALLE_HOST: '0.0.0.0', TB_DALLE_DAILY_BUDGET_USD: '5' })),
      /TB_DALLE_OPEN=1/,
      'a daily limit alone opens nothing'
    )
    t.match(
      refusalOf(t, () => configOf([], { ...KEY, ...TOKENS, TB_DALLE_HOST: '::', TB_DALLE_OPEN: '1' })),
      LIMITS,
      'tokens do not limit what anybody may start'
    )
  }
)

t.test('with a key, TB_DALLE_AUTOSTART needs a daily limit, wherever the server listens', (t) => {
  for (const env of [KEY, { ...KEY, ...TOKENS }, { ...KEY, ...TOKENS, TB_DALLE_HOST: '0.0.0.0' }]) {
    const message = refusalOf(t, () => configOf([], { ...env, TB_DALLE_AUTOSTART: '1' }))
    t.match(message, /^TB_DALLE_AUTOSTART is 1/)
    t.match(message, LIMITS)
    for (const limit of [{ TB_DALLE_DAILY_BUDGET_USD: '5' }, { TB_DALLE_DAILY_IMAGE_LIMIT: '9' }]) {
      t.ok(configOf([], { ...env, ...limit, TB_DALLE_AUTOSTART: '1' }).autostart)
    }
  }
  t.ok(configOf([], { TB_DALLE_AUTOSTART: '1' }).autostart, 'without a key nothing is spent')
  t.notOk(configOf([], {}).autostart)
  t.end()
})

t.test('a server that only this machine can reach starts with a key alone', async (t) => {
  for (const env of [
    {},
    { TB_DALLE_HOST: 'localhost' },
    { TB_DALLE_HOST: '::1' },
    { TB_DALLE_HOST: '127.0.0.2' },
    { TB_DALLE_HOSTS: 'localhost,127.0.0.1,[::1]' },
    { TB_DALLE_TRUSTED_PROXIES: '127.0.0.1,::1' },
    { TB_DALLE_PUBLIC_URL: 'http://localhost:8080/' },
    { TB_DALLE_PUBLIC_URL: 'http://[::1]:8080/' },
    { TB_DALLE_OPEN: '1' }
  ]) {
    t.doesNotThrow(() => configOf([], { ...KEY, ...env }), JSON.stringify(env))
  }
})

t.test('empty tokens are an error, in the environment and in .env', async (t) => {
  t.match(
    refusalOf(t, () => configOf([], { TB_DALLE_API_TOKENS: '' })),
    /^TB_DALLE_API_TOKENS is empty/
  )
  t.match(
    refusalOf(t, () => configOf([], {}, { TB_DALLE_API_TOKENS: '' })),
    /^TB_DALLE_API_TOKENS is empty/
  )
  t.match(
    refusalOf(t, () => configOf([], { TB_DALLE_API_TOKENS: '' }, TOKENS)),
    /^TB_DALLE_API_TOKENS is empty/
  )
  t.equal(configOf([], TOKENS, { TB_DALLE_API_TOKENS: '' }).apiTokens.length, 1)
})

t.test('metrics can need a token only where there is one', async (t) => {
  t.match(
    refusalOf(t, () => configOf([], { TB_DALLE_METRICS_AUTH: '1' })),
    /set TB_DALLE_API_TOKENS/
  )
  t.equal(configOf([], { ...TOKENS, TB_DALLE_METRICS_AUTH: '1' }).metricsNeedToken, true)
})

t.test('names, origins and the public URL are read', async (t) => {
  t.match(
    configOf([], {
      TB_DALLE_HOSTS: 'Dalle.Example, [2001:DB8::1] ,::1',
      TB_DALLE_CORS_ORIGINS: 'https://A.example, http://b.example:8081/',
      TB_DALLE_FRAME_ANCESTORS: 'https://A.example/,http://b.example:8081',
      TB_DALLE_PUBLIC_URL: 'https://dalle.example/pictures'
    }),
    {
      hosts: ['dalle.example', '2001:db8::1', '::1'],
      corsOrigins: ['https://a.example', 'http://b.example:8081'],
      frameAncestors: ['https://a.example', 'http://b.example:8081'],
      publicUrl: 'https://dalle.example/pictures',
      isOpen: false,
      metricsNeedToken: false
    }
  )
  t.same(configOf([], { TB_DALLE_FRAME_ANCESTORS: ' * ' }).frameAncestors, ['*'])
  t.same(configOf([]).frameAncestors, [])
})

t.test('with a key, and neither tokens nor a daily limit, the start warns', async (t) => {
  const warningsOf = (env: Record<string, string>) => {
    const command = readCommand({ argv: [], env, version: '1.0.0' })
    return command.run === 'serve' ? command.warnings : []
  }
  t.match(warningsOf(KEY), [/^every program on this machine may spend money without a limit/])
  t.equal(warningsOf(KEY).length, 1)
  for (const env of [
    {},
    { ...KEY, ...TOKENS },
    { ...KEY, TB_DALLE_DAILY_BUDGET_USD: '5' },
    { ...KEY, TB_DALLE_DAILY_IMAGE_LIMIT: '9' }
  ]) {
    t.strictSame(warningsOf(env), [], JSON.stringify(env))
  }
})

t.test('a list with one token twice is refused, and one name may have two tokens', async (t) => {
  const [token, other] = ['a'.repeat(16), 'b'.repeat(16)]
  for (const setting of ['TB_DALLE_API_TOKENS', 'TB_DALLE_METRICS_TOKENS']) {
    const given = (value: string) => ({ TB_DALLE_METRICS_AUTH: '1', [setting]: value })
    const message = refusalOf(t, () => configOf([], given(`ann:${token},bob:${token}`)))
    t.equal(message, `${setting} has one token twice (ann, bob): remove one of them.`)
    t.notMatch(message, token)
    t.doesNotThrow(() => configOf([], given(`ann:${token},ann:${other}`)))
  }
})

t.test('tokens for figures are asked for, and are no tokens that change something', async (t) => {
  const readers = { TB_DALLE_METRICS_TOKENS: 'prometheus:the-token-of-prometheus' }
  const asked = { ...readers, TB_DALLE_METRICS_AUTH: '1' }
  t.same(configOf([], asked).metricsTokens, [{ name: 'prometheus', token: 'the-token-of-prometheus' }])
  t.same(configOf([], asked).apiTokens, [], 'they count as no token where a start needs one')
  t.throws(
    () => configOf([], { ...asked, OPENAI_API_KEY: 'sk-test', TB_DALLE_HOST: '0.0.0.0' }),
    /set TB_DALLE_API_TOKENS/
  )
  t.same(
    configOf([], { ...asked, TB_DALLE_METRICS_TOKENS: 'the-token-of-prometheus' }).metricsTokens[0]?.name,
    'metrics-1'
  )
  t.match(
    refusalOf(t, () => configOf([], readers)),
    /anybody may read the figures: set TB_DALLE_METRICS_AUTH=1 too/
  )
  t.match(
    refusalOf(t, () => configOf([], { ...asked, TB_DALLE_API_TOKENS: 'ci:the-token-of-prometheus' })),
    /^TB_DALLE_METRICS_TOKENS and TB_DALLE_API_TOKENS have a token in common/
  )
})
