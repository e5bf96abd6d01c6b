import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import type { Test } from 'tap'
import { envExample, readCommand } from '../../lib/config/command.ts'
import { ConfigError, createConfig } from '../../lib/config/config.ts'
import { ConfigSchema } from '../../lib/config/settings.ts'
import type { Config } from '../../lib/config/config.ts'
import { parseDuration } from '../../lib/config/duration.ts'
import { PACKAGE_ROOT } from '../../lib/package.ts'

type Values = Record<string, string | undefined>

const SCHEMA = Object.entries(ConfigSchema.properties) as unknown as Array<
  [
    string,
    { flag?: string; secret?: boolean; description: string; default?: string | number; defaultText?: string }
  ]
>

function configOf(argv: string[], env: Values = {}, dotenv: Values = {}): Config {
  const command = readCommand({ argv, env, dotenv, version: '1.2.3' })
  if (command.run !== 'serve') throw new Error('the command line asks for a text')
  return command.config
}

function textOf(argv: string[]): string {
  const command = readCommand({ argv, env: {}, version: '1.2.3' })
  if (command.run !== 'print') throw new Error('the command line asks for a service')
  return command.text
}

/** The message of the ConfigError that the function throws. */
function refusalOf(t: Test, read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  t.fail('a ConfigError was expected')
  return ''
}

t.test('a flag wins over the environment, that over .env, that over the default', async (t) => {
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
})

t.test('settings without a flag come from the environment and have the documented defaults', async (t) => {
  t.match(configOf([], {}), {
    concurrency: 4,
    queueLimit: 1000,
    failureHoldMs: 10_000,
    archiveRuns: false,
    embedPrompt: true,
    apiTokens: [],
    cacheBytes: 512_000_000,
    logLevel: 'info'
  })
  t.match(
    configOf([], {
      TB_DALLE_CONCURRENCY: '256',
      TB_DALLE_QUEUE_LIMIT: '0',
      TB_DALLE_FAILURE_HOLD: '250ms',
      TB_DALLE_ARCHIVE_RUNS: '1',
      TB_DALLE_EMBED_PROMPT: '0',
      LOG_LEVEL: 'silent',
      TB_DALLE_API_TOKENS: ' first-token-of-mine , c2Vjb25kIHRva2Vu== ',
      TB_DALLE_CACHE_MB: '64'
    }),
    {
      concurrency: 256,
      queueLimit: 0,
      failureHoldMs: 250,
      archiveRuns: true,
      embedPrompt: false,
      logLevel: 'silent',
      apiTokens: ['first-token-of-mine', 'c2Vjb25kIHRva2Vu=='],
      cacheBytes: 64_000_000
    }
  )
})

t.test('a key turns the provider on, and each of its two parts can be turned off', async (t) => {
  t.equal(
    configOf([], { OPENAI_BASE_URL: 'http://localai:8080/v1' }).openai,
    undefined,
    'without a key the built-in artist draws'
  )
  t.match(configOf([], { OPENAI_API_KEY: 'sk-1' }), {
    drawsStandIn: false,
    dailyLimits: { usd: undefined, images: undefined },
    openai: {
      apiKey: 'sk-1',
      baseUrl: 'https://api.openai.com/v1',
      enhancement: { model: 'gpt-5.4-mini', seed: 1337, temperature: 0.2, url: undefined, timeoutMs: 60_000 },
      image: {
        model: 'gpt-image-2',
        quality: 'high',
        style: undefined,
        url: undefined,
        timeoutMs: 300_000,
        retryOnTimeout: true,
        partialImages: 0
      }
    }
  })
  const on = { OPENAI_API_KEY: 'sk-1' }
  t.equal(
    configOf([], { ...on, TB_DALLE_SKIP_IMAGE: '1', TB_DALLE_FALLBACK: 'local' }).openai?.image,
    undefined
  )
  t.equal(
    configOf([], { ...on, TB_DALLE_SKIP_IMAGE: '1', TB_DALLE_FALLBACK: 'local' }).drawsStandIn,
    false,
    'the built-in artist is no stand-in for itself'
  )
  t.equal(configOf([], { ...on, TB_DALLE_NO_ENHANCE: '1' }).openai?.enhancement, undefined)
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
      openai: { enhancement: { temperature: 1.5 }, image: { retryOnTimeout: false, partialImages: 3 } }
    }
  )
})

t.test(
  "prices of the user's own stand beside the known ones, and a budget needs the price of every model in use",
  async (t) => {
    const { prices } = configOf([], {
      TB_DALLE_PRICES: '{"gpt-image-2": {"call": 1}, "mine": {"input": 1, "output": 2, "call": 0.1}}'
    })
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
      'a model that is not asked needs no price'
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

t.test('variables that are no settings are no matter', async (t) => {
  t.equal(configOf([], { PATH: '/bin', TB_DALLE_NEVER_HEARD_OF: 'x' }).port, 8080)
})

t.test(
  'a bad value is named in one line, with its flag or else its variable, and with what is right',
  async (t) => {
    const duration = 'a positive duration of at most 24 days, such as 250ms, 60s, 5m or 1h30m'
    const durations = [
      '5',
      '-5m',
      '5 m',
      '5x',
      'm',
      '1h 30m',
      '0',
      '0s',
      'soon',
      '720h',
      `${'9'.repeat(99)}h`
    ]
    const url = 'a URL that begins with http:// or https:// and holds no user name'
    const urls = [
      'api.openai.com',
      'ftp://example.org',
      'https://me:secret@example.org/v1',
      'https://',
      '/v1'
    ]
    const bad: Record<string, { right: string; values: string[] }> = {
      TB_DALLE_PORT: {
        right: 'a whole number from 0 to 65535',
        values: [
          '65536',
          '-1',
          '80.5',
          'http',
          '80a',
          'true',
          'null',
          ' ',
          ' 80',
          '0x50',
          '1e3',
          '8080.0',
          'Infinity',
          '-Infinity'
        ]
      },
      TB_DALLE_HOST: {
        right: 'a host name or an IP address',
        values: ['my host', 'http://localhost', 'höst', 'a/b', '$HOST', 'a\nb']
      },
      TB_DALLE_DATA_DIR: { right: 'not with a leading ~', values: ['~', '~/dalle', '~someone/dalle'] },
      TB_DALLE_LOCK_TTL: { right: duration, values: durations },
      TB_DALLE_CONCURRENCY: {
        right: 'a whole number from 1 to 256',
        values: ['0', '257', '1.5', 'four', '-4', 'Infinity', ' ']
      },
      TB_DALLE_QUEUE_LIMIT: {
        right: 'a whole number from 0 to 100000',
        values: ['-1', '100001', '0.5', 'none']
      },
      TB_DALLE_FAILURE_HOLD: { right: duration, values: durations },
      TB_DALLE_ARCHIVE_RUNS: { right: '0 or 1', values: ['2', 'true', 'yes', '01'] },
      TB_DALLE_EMBED_PROMPT: { right: '0 or 1', values: ['2', 'no', '00'] },
      TB_DALLE_API_TOKENS: {
        right: 'tokens of 16 or more letters',
        values: [
          'too-short',
          'white space is no token',
          `${'a'.repeat(16)},`,
          `,${'a'.repeat(16)}`,
          `${'a'.repeat(16)};${'b'.repeat(16)}`,
          'ünlautünlautünlaut'
        ]
      },
      TB_DALLE_CACHE_MB: {
        right: 'a whole number from 64 to 1000000',
        values: ['63', '1000001', '1.5', 'much']
      },
      OPENAI_API_KEY: { right: 'a key without blanks', values: ['sk two words', 'sk-1\nsk-2', 'clé'] },
      OPENAI_BASE_URL: { right: url, values: urls },
      TB_DALLE_SKIP_IMAGE: { right: '0 or 1', values: ['2', 'true'] },
      TB_DALLE_NO_ENHANCE: { right: '0 or 1', values: ['-1', 'on'] },
      TB_DALLE_ENHANCEMENT_MODEL: { right: 'the name of a model', values: ['gpt 5', ' '] },
      TB_DALLE_ENHANCEMENT_SEED: { right: 'a whole number, 0 or more', values: ['-1', '1.5', 'random'] },
      TB_DALLE_ENHANCEMENT_TEMPERATURE: {
        right: 'a number from 0 to 2',
        values: ['2.1', '-0.1', 'warm', '1e0', '.', ' ']
      },
      TB_DALLE_ENHANCEMENT_URL: { right: url, values: urls },
      TB_DALLE_ENHANCEMENT_TIMEOUT: { right: duration, values: durations },
      TB_DALLE_IMAGE_MODEL: { right: 'the name of a model', values: ['dall e'] },
      TB_DALLE_IMAGE_QUALITY: {
        right: 'one of auto, low, medium, high, standard and hd',
        values: ['best', 'HIGH']
      },
      TB_DALLE_IMAGE_STYLE: { right: 'vivid or natural', values: ['none', 'Vivid'] },
      TB_DALLE_IMAGE_URL: { right: url, values: urls },
      TB_DALLE_IMAGE_TIMEOUT: { right: duration, values: durations },
      TB_DALLE_IMAGE_RETRY_ON_TIMEOUT: { right: '0 or 1', values: ['2', 'no'] },
      TB_DALLE_PARTIAL_IMAGES: { right: 'a whole number from 0 to 3', values: ['4', '-1', 'all'] },
      TB_DALLE_FALLBACK: { right: 'off or local', values: ['on', '1', 'openai'] },
      TB_DALLE_PRICES: {
        right: 'JSON such as {"my-model"',
        values: [
          'cheap',
          '[]',
          '{"m": 1}',
          '{"m": {}}',
          '{"m": {"call": -1}}',
          '{"m": {"call": "1"}}',
          '{"m": {"call": 1, "image": 2}}',
          'null'
        ]
      },
      TB_DALLE_DAILY_BUDGET_USD: { right: 'a number above 0', values: ['0', '-5', 'five', '$5', 'Infinity'] },
      TB_DALLE_DAILY_IMAGE_LIMIT: { right: 'a whole number, 1 or more', values: ['0', '1.5', '-1', 'none'] },
      TB_DALLE_REVISION: { right: 'up to 64 characters without blanks', values: ['a b', 'x'.repeat(65)] },
      OTEL_EXPORTER_OTLP_ENDPOINT: { right: url, values: urls },
      OTEL_EXPORTER_OTLP_HEADERS: {
        right: 'name=value pairs',
        values: ['api-key', '=secret', 'a b=c', 'a=b,', 'a=b,c', 'a=%zz', 'a=%0A', 'a=%FF', 'clé=a', 'a=é']
      },
      OTEL_SERVICE_NAME: {
        right: 'up to 64 characters without blanks',
        values: ['my server', 'x'.repeat(65)]
      },
      LOG_LEVEL: {
        right: 'one of trace, debug, info, warn, error, fatal and silent',
        values: ['INFO', 'verbose', '3']
      }
    }
    t.strictSame(
      Object.keys(bad).sort(),
      SCHEMA.map(([name]) => name).sort(),
      'every setting has bad values here'
    )

    for (const [name, { flag, secret }] of SCHEMA) {
      const { right, values } = bad[name]!
      for (const value of values) {
        const sources: Array<[string, () => unknown]> = [
          [name, () => configOf([], { [name]: value })],
          [name, () => configOf([], {}, { [name]: value })]
        ]
        // The flag is to blame only when the value came by it, also where the variable is set.
        if (flag !== undefined) {
          sources.push([`--${flag}`, () => configOf([`--${flag}=${value}`], { [name]: value })])
        }
        for (const [source, read] of sources) {
          const message = refusalOf(t, read)
          const start = secret
            ? `${source} cannot be used: `
            : `${source} is ${JSON.stringify(value.replace('me:secret', '…').slice(0, 100))}: `
          t.ok(message.startsWith(start) && message.includes(right) && !message.includes('\n'), message)
        }
      }
    }

    t.match(
      refusalOf(t, () => configOf(['--host', 'fine'], { TB_DALLE_PORT: 'x' })),
      /^TB_DALLE_PORT is "x"/,
      "another setting's flag is not to blame"
    )
  }
)

t.test('flags are taken as Go takes them, and nothing else is', async (t) => {
  for (const argv of [
    ['-port', '8081'],
    ['--port', '8081'],
    ['-port=8081'],
    ['--port=8081'],
    ['--port', '1', '--port', '8081']
  ]) {
    t.equal(configOf(argv).port, 8081, argv.join(' '))
  }
  t.match(
    configOf(['-data-dir', '/d', '--lock-ttl=1m', '-host', '::']),
    { dataDir: '/d', lockTtlMs: 60_000, host: '::' },
    'several at once'
  )
  t.equal(configOf(['-data-dir', '-tmp']).dataDir, resolve('-tmp'), 'a value keeps its dash')
  t.ok(isAbsolute(configOf([], { HOME: 'relative' }).dataDir), 'a home that is no absolute path is not used')

  const refusals: Array<[string[], RegExp]> = [
    [['--colour', 'red'], /^--colour is not a flag/],
    [['--colour=red'], /^--colour is not a flag/],
    [['-colour'], /^--colour is not a flag/],
    [['-p', '1'], /^-p is not a flag/],
    [['--no-port'], /^--no-port is not a flag/],
    [['--constructor', '1'], /^--constructor is not a flag/],
    [['--TB_DALLE_PORT', '1'], /^--TB_DALLE_PORT is not a flag/],
    [['--concurrency', '1'], /^--concurrency is not a flag/],
    [['serve'], /^"serve" is not expected/],
    [['--port', '1', '8081'], /^"8081" is not expected/],
    [['--', '--port'], /^"--port" is not expected/],
    [['--port'], /^--port needs a value/],
    [['-port'], /^--port needs a value/],
    [['--port='], /^--port needs a value/],
    [['--port', ''], /^--port needs a value/],
    [['--host', 'a', '--data-dir'], /^--data-dir needs a value/]
  ]
  for (const [argv, expected] of refusals) {
    const message = refusalOf(t, () => configOf(argv))
    t.match(message, expected, argv.join(' '))
    t.notMatch(message, /\n/)
  }
})

t.test('help tells every setting, flag and default of the schema, and version the version', async (t) => {
  for (const flag of ['--help', '-help', '-h']) {
    const help = textOf([flag])
    for (const [name, { flag: long, description, default: value, defaultText }] of SCHEMA) {
      t.ok(help.includes(long === undefined ? `\n  ${name}\n` : `\n  --${long}, ${name}\n`), name)
      t.ok(help.includes(`${description} (default: ${value ?? defaultText})`), description)
    }
    for (const line of ['--version, -v', '--help, -h', '1.2.3']) t.ok(help.includes(line), line)
    t.notMatch(help, /undefined/)
  }
  for (const flag of ['--version', '-version', '-v']) t.equal(textOf([flag]), 'dalleserver 1.2.3\n')
  t.match(
    textOf(['--port', 'nonsense', '--help']),
    /^dalleserver 1.2.3: /,
    'a bad value does not hide the help'
  )
})

t.test(".env.example is the schema's and changes nothing", async (t) => {
  const text = await readFile(join(PACKAGE_ROOT, '.env.example'), 'utf8')
  t.equal(text, envExample())
  for (const [name, { description, default: value }] of SCHEMA) {
    t.ok(text.includes(`# ${description}`), description)
    t.ok(text.includes(`\n#${name}=${value ?? ''}\n`), name)
  }
  t.ok(
    text.split('\n').every((line) => line === '' || line.startsWith('#')),
    'all of it is commented out'
  )
})

t.test('the data folder is --data-dir, else below XDG_DATA_HOME, else below the home folder', async (t) => {
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
    'without HOME the system knows it'
  )
  t.equal(
    configOf(['--data-dir', 'here/../there']).dataDir,
    join(process.cwd(), 'there'),
    'a relative folder is made absolute'
  )
  t.equal(configOf(['--data-dir', '/a/~b']).dataDir, '/a/~b', 'a ~ elsewhere is a name')
})

t.test('durations are written as in Go', async (t) => {
  const valid: Array<[string, number]> = [
    ['60s', 60_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['1.s', 1_000],
    ['0', 0],
    ['0s', 0],
    ['1us', 0.001],
    ['1µs', 0.001],
    ['1ns', 0.000_001],
    ['1h1m1s1ms', 3_661_001],
    ['30m1h', 5_400_000],
    ['1m1m', 120_000],
    ['007s', 7_000]
  ]
  for (const [text, ms] of valid) t.equal(parseDuration(text), ms, text)

  const invalid = [
    '',
    ' ',
    '5',
    '00',
    '0.0',
    '5x',
    '-5m',
    '1h 30m',
    ' 5m',
    '5m ',
    '5m\n',
    'm',
    '.',
    '.s',
    '1..5s',
    '1,5s',
    '5M',
    '5min',
    '5 m',
    '1e3s',
    '0x5s',
    '٥s',
    '5d',
    's5',
    '5m3'
  ]
  for (const text of invalid) t.equal(parseDuration(text), undefined, JSON.stringify(text))
})

t.test("a duration is the sum of its parts, and a text is a duration by Go's grammar only", async (t) => {
  const msPerUnit: Record<string, number> = {
    ns: 1e-6,
    us: 1e-3,
    µs: 1e-3,
    ms: 1,
    s: 1e3,
    m: 60e3,
    h: 3600e3
  }
  const part = fc.record({
    thousandths: fc.integer({ min: 0, max: 10_000_000 }),
    unit: fc.constantFrom(...Object.keys(msPerUnit))
  })
  const isSum = fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
    const text = parts.map(({ thousandths, unit }) => `${thousandths / 1000}${unit}`).join('')
    const ms = parts.reduce((sum, { thousandths, unit }) => sum + (thousandths / 1000) * msPerUnit[unit]!, 0)
    const parsed = parseDuration(text)
    return parsed !== undefined && Math.abs(parsed - ms) <= 1e-9 * ms
  })
  t.doesNotThrow(() => fc.assert(isSum))

  const grammar = /^(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|ms|s|m|h))+)$/
  const text = fc
    .array(fc.constantFrom('0', '1', '59', '.', 's', 'm', 'h', 'n', 'ms', 'us', 'µs', '-', '+', ' ', 'e'), {
      maxLength: 8
    })
    .map((pieces) => pieces.join(''))
  const isByGrammar = fc.property(
    fc.oneof(text, fc.string()),
    (text) => (parseDuration(text) !== undefined) === grammar.test(text)
  )
  t.doesNotThrow(() => fc.assert(isByGrammar, { numRuns: 2_000 }))
})
