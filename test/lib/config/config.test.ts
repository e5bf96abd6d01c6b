import { homedir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { readCommand } from '../../../lib/config/command.ts'
import { createConfig } from '../../../lib/config/config.ts'
import type { Config } from '../../../lib/config/config.ts'
import { configOf, refusalOf } from './read-config.ts'

t.test('an empty value in .env is absent, and no warning names it', async (t) => {
  const dotenv = { TB_DALLE_DAILY_BUDGET_USD: '', TB_DALLE_COLOUR: '' }
  t.match(readCommand({ argv: [], env: {}, dotenv, version: '1.2.3' }), { run: 'serve', warnings: [] })
  const named = { TB_DALLE_DAILY_BUDGET_USD: '5' }
  const { warnings } = readCommand({ argv: [], env: {}, dotenv: named, version: '1.2.3' }) as {
    warnings: string[]
  }
  t.match(warnings, [/has no effect/])
})

t.test(
  'a flag has precedence over the environment, the environment over .env, and .env over the default',
  async (t) => {
    const settings: Array<{
      name: string
      flag: string
      key: keyof Config
      values: [string, string, string]
      read: unknown[]
      otherwise: unknown
    }> = [
      {
        name: 'TB_DALLE_PORT',
        flag: 'port',
        key: 'port',
        values: ['1001', '1002', '1003'],
        read: [1001, 1002, 1003],
        otherwise: 8080
      },
      {
        name: 'TB_DALLE_HOST',
        flag: 'host',
        key: 'host',
        values: ['0.0.0.0', '::1', 'a.example'],
        read: ['0.0.0.0', '::1', 'a.example'],
        otherwise: '127.0.0.1'
      },
      {
        name: 'TB_DALLE_DATA_DIR',
        flag: 'data-dir',
        key: 'dataDir',
        values: ['/a', '/b', '/c'],
        read: ['/a', '/b', '/c'],
        otherwise: '/home/me/.local/share/trueblocks/dalle'
      },
      {
        name: 'TB_DALLE_LOCK_TTL',
        flag: 'lock-ttl',
        key: 'lockTtlMs',
        values: ['1s', '2m', '1h30m'],
        read: [1_000, 120_000, 5_400_000],
        otherwise: 300_000
      }
    ]
    for (const {
      name,
      flag,
      key,
      values: [byFlag, byEnv, byDotenv],
      read,
      otherwise
    } of settings) {
      const home = { HOME: '/home/me' }
      const env = { ...home, [name]: byEnv }
      const dotenv = { [name]: byDotenv }
      t.equal(configOf([`--${flag}`, byFlag], env, dotenv)[key], read[0], `--${flag} first`)
      t.equal(configOf([], env, dotenv)[key], read[1], `then ${name}`)
      t.equal(configOf([], home, dotenv)[key], read[2], `then ${name} in .env`)
      t.equal(configOf([], home)[key], otherwise, `then the default of ${name}`)
      t.equal(configOf([], { ...home, [name]: '' }, dotenv)[key], read[2], `an empty ${name} is absent`)
      t.equal(
        configOf([], { ...home, [name]: '' }, { [name]: '' })[key],
        otherwise,
        `an empty ${name} in .env too`
      )
    }
  }
)

t.test('settings without a flag come from the environment and have the documented defaults', async (t) => {
  t.match(configOf([], {}), {
    concurrency: 4,
    queueLimit: 1000,
    failureHoldMs: 10_000,
    archiveRuns: false,
    embedPrompt: true,
    apiTokens: [],
    cacheBytes: 512_000_000,
    minFreeMb: undefined,
    maxPictures: undefined,
    strictChecksum: false,
    trustedProxies: [],
    clientLimits: { runs: 60, streams: 256, waiters: 64 },
    logLevel: 'info'
  })
  t.match(
    configOf([], {
      TB_DALLE_CONCURRENCY: '256',
      TB_DALLE_QUEUE_LIMIT: '0',
      TB_DALLE_FAILURE_HOLD: '250ms',
      TB_DALLE_ARCHIVE_RUNS: '1',
      TB_DALLE_EMBED_PROMPT: '0',
      TB_DALLE_STRICT_CHECKSUM: '1',
      LOG_LEVEL: 'silent',
      TB_DALLE_API_TOKENS: ' first-token-of-mine , mobile:c2Vjb25kIHRva2Vu== ',
      TB_DALLE_CACHE_MB: '64',
      TB_DALLE_MIN_FREE_MB: '0',
      TB_DALLE_MAX_PICTURES: '1000',
      TB_DALLE_TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32,127.0.0.1',
      TB_DALLE_CLIENT_RUNS: '0',
      TB_DALLE_CLIENT_STREAMS: '0',
      TB_DALLE_CLIENT_WAITERS: '7'
    }),
    {
      concurrency: 256,
      queueLimit: 0,
      failureHoldMs: 250,
      archiveRuns: true,
      embedPrompt: false,
      strictChecksum: true,
      logLevel: 'silent',
      apiTokens: [
        { name: 'token-1', token: 'first-token-of-mine' },
        { name: 'mobile', token: 'c2Vjb25kIHRva2Vu==' }
      ],
      cacheBytes: 64_000_000,
      minFreeMb: 0,
      maxPictures: 1000,
      trustedProxies: ['10.0.0.0/8', '2001:db8::/32', '127.0.0.1'],
      clientLimits: { runs: undefined, streams: undefined, waiters: 7 }
    }
  )
})

t.test('a worker ends its runs before it stops, and no other process waits for as long', async (t) => {
  const env = { TB_DALLE_DATABASE_URL: 'postgres://db/dalle', TB_DALLE_LOCK_TTL: '2m' }
  const graceOf = (role: string) => configOf([], { ...env, TB_DALLE_ROLE: role }).stopGraceMs
  t.same(['all', 'http', 'worker'].map(graceOf), [8_000, 8_000, 120_000])
  const given = (grace: string) => configOf([], { ...env, TB_DALLE_STOP_GRACE: grace }).stopGraceMs
  t.same(['0', '0s', '90s', '24h'].map(given), [0, 0, 90_000, 86_400_000], 'a setting decides')
})

t.test('a key turns the provider on, and each of its two parts can be turned off', async (t) => {
  t.same(
    configOf([], { OPENAI_BASE_URL: 'http://localai:8080/v1' }).providers,
    [],
    'without a key the built-in artist draws'
  )
  t.match(configOf([], { OPENAI_API_KEY: 'sk-1' }), {
    drawsStandIn: false,
    dailyLimits: { usd: undefined, images: undefined },
    providerNames: ['openai'],
    providers: [
      {
        name: 'openai',
        apiKey: 'sk-1',
        baseUrl: 'https://api.openai.com/v1',
        headers: {},
        organization: undefined,
        project: undefined,
        passesRefusals: false,
        enhancement: {
          model: 'gpt-5.4-mini',
          seed: 1337,
          temperature: 0.2,
          url: undefined,
          timeoutMs: 60_000
        },
        image: {
          model: 'gpt-image-2',
          quality: 'high',
          style: undefined,
          url: undefined,
          timeoutMs: 300_000,
          retryOnTimeout: true,
          partialImages: 0,
          family: undefined,
          sizes: ['square', 'landscape', 'portrait']
        }
      }
    ]
  })
  const on = { OPENAI_API_KEY: 'sk-1' }
  t.equal(
    configOf([], { ...on, TB_DALLE_SKIP_IMAGE: '1', TB_DALLE_FALLBACK: 'local' }).providers[0]?.image,
    undefined
  )
  t.equal(
    configOf([], { ...on, TB_DALLE_SKIP_IMAGE: '1', TB_DALLE_FALLBACK: 'local' }).drawsStandIn,
    false,
    'the built-in artist draws no stand-in for itself'
  )
  t.equal(configOf([], { ...on, TB_DALLE_NO_ENHANCE: '1' }).providers[0]?.enhancement, undefined)
  t.match(
    configOf([], {
      ...on,
      TB_DALLE_FALLBACK: 'local',
      TB_DALLE_IMAGE_RETRY_ON_TIMEOUT: '0',
      TB_DALLE_PARTIAL_IMAGES: '3',
      TB_DALLE_ENHANCEMENT_TEMPERATURE: '1.5',
      TB_DALLE_DAILY_BUDGET_USD: '12.5',
      TB_DALLE_DAILY_IMAGE_LIMIT: '40'
    }),
    {
      drawsStandIn: true,
      dailyLimits: { usd: 12.5, images: 40 },
      providers: [{ enhancement: { temperature: 1.5 }, image: { retryOnTimeout: false, partialImages: 3 } }]
    }
  )
})

t.test(
  "the user's prices extend the known ones, and a budget needs the price of every model in use",
  async (t) => {
    const { prices } = configOf([], {
      OPENAI_API_KEY: 'sk-1',
      TB_DALLE_PRICES: '{"gpt-image-2": {"call": 1}, "mine": {"input": 1, "output": 2, "call": 0.1}}'
    }).providers[0]!
    t.same(prices['gpt-image-2'], { call: 1 })
    t.same(prices.mine, { input: 1, output: 2, call: 0.1 })
    t.ok(prices['gpt-5.4-mini']!.call > 0)
    const budget = { OPENAI_API_KEY: 'sk-1', TB_DALLE_DAILY_BUDGET_USD: '5' }
    t.equal(configOf([], budget).dailyLimits.usd, 5)
    t.equal(
      configOf([], { ...budget, TB_DALLE_IMAGE_MODEL: 'gpt-image-2-2026-04-21' }).dailyLimits.usd,
      5,
      'a dated version costs what its model costs'
    )
    const message = refusalOf(t, () => configOf([], { ...budget, TB_DALLE_IMAGE_MODEL: 'mine' }))
    t.equal(
      message,
      'TB_DALLE_DAILY_BUDGET_USD is set, but the price of mine is not known: name it in TB_DALLE_PRICES.'
    )
    t.equal(
      configOf([], { ...budget, TB_DALLE_IMAGE_MODEL: 'mine', TB_DALLE_SKIP_IMAGE: '1' }).dailyLimits.usd,
      5,
      'a model that is not used needs no price'
    )
  }
)

t.test('an endpoint turns traces on', async (t) => {
  const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20secret%3D, x-tenant = b=c ,empty=' }
  t.equal(configOf([], { ...headers, OTEL_SERVICE_NAME: 'pictures' }).tracing, undefined)
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }
  t.same(configOf([], endpoint).tracing, {
    endpoint: 'http://collector:4318',
    headers: {},
    serviceName: 'dalleserver'
  })
  t.same(configOf([], { ...endpoint, ...headers }).tracing?.headers, {
    'api-key': 'a secret=',
    'x-tenant': 'b=c',
    empty: ''
  })
})

t.test('the configuration is frozen', async (t) => {
  const config = createConfig({})
  t.ok(Object.isFrozen(config))
  t.throws(() => Object.assign(config, { port: 1 }), TypeError)
})

t.test('variables that are no settings are ignored', async (t) => {
  t.equal(configOf([], { PATH: '/bin', TB_DALLE_NEVER_HEARD_OF: 'x' }).port, 8080)
})

t.test('the data folder is --data-dir, else in XDG_DATA_HOME, else in the home folder', async (t) => {
  const home = { HOME: '/home/me' }
  t.equal(configOf([], { ...home, XDG_DATA_HOME: '/xdg' }).dataDir, '/xdg/trueblocks/dalle')
  t.equal(configOf([], { ...home, XDG_DATA_HOME: '/xdg', TB_DALLE_DATA_DIR: '/mine' }).dataDir, '/mine')
  t.equal(
    configOf([], { ...home, XDG_DATA_HOME: 'relative' }).dataDir,
    '/home/me/.local/share/trueblocks/dalle',
    'a relative one is ignored'
  )
  t.equal(configOf([], { ...home, XDG_DATA_HOME: '' }).dataDir, '/home/me/.local/share/trueblocks/dalle')
  t.equal(
    configOf([]).dataDir,
    join(homedir(), '.local/share/trueblocks/dalle'),
    'without HOME, the system names the home folder'
  )
  t.equal(
    configOf(['--data-dir', 'here/../there']).dataDir,
    join(process.cwd(), 'there'),
    'a relative folder is made absolute'
  )
  t.equal(configOf(['--data-dir', '/a/~b']).dataDir, '/a/~b', 'a ~ elsewhere is a name')
})

t.test('metrics may have a port of their own, and not the port of everything else', async (t) => {
  t.equal(configOf([]).metricsPort, undefined)
  t.equal(configOf([], { TB_DALLE_METRICS_PORT: '9100' }).metricsPort, 9100)
  t.equal(configOf(['--port', '0'], { TB_DALLE_METRICS_PORT: '0' }).metricsPort, 0)
  t.equal(
    refusalOf(t, () => configOf(['--port', '9100'], { TB_DALLE_METRICS_PORT: '9100' })),
    'TB_DALLE_METRICS_PORT is "9100", the port of everything else: choose another one, or leave it out.'
  )
})

t.test('pictures are handed over to a proxy by one of two headers', async (t) => {
  const read = (env: Record<string, string>) => configOf([], env).handOver
  t.equal(read({}), undefined)
  for (const path of ['/internal', '/internal/']) {
    t.same(read({ TB_DALLE_ACCEL_REDIRECT: path }), { header: 'X-Accel-Redirect', folder: '/internal/' })
  }
  for (const folder of ['/srv/my data', '/srv/my data//']) {
    t.same(read({ TB_DALLE_SENDFILE: folder }), { header: 'X-Sendfile', folder: '/srv/my data/' })
  }
  t.equal(
    refusalOf(t, () => read({ TB_DALLE_ACCEL_REDIRECT: '/internal/', TB_DALLE_SENDFILE: '/data' })),
    'TB_DALLE_ACCEL_REDIRECT and TB_DALLE_SENDFILE are both set: choose the first one for nginx or Caddy, ' +
      'the second one for Apache or lighttpd.'
  )
})

t.test('a client may have 256 connections, and 0 sets no limit', async (t) => {
  t.equal(configOf([]).clientLimits.connections, 256)
  t.equal(configOf([], { TB_DALLE_CLIENT_CONNECTIONS: '9' }).clientLimits.connections, 9)
  t.equal(configOf([], { TB_DALLE_CLIENT_CONNECTIONS: '0' }).clientLimits.connections, undefined)
})
