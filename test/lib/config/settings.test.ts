import t from 'tap'
import { SCHEMA, configOf, refusalOf } from './read-config.ts'

const DURATION = 'a positive duration of at most 24 days, such as 250ms, 60s, 5m or 1h30m'
const DURATIONS = ['5', '-5m', '5 m', '5x', 'm', '1h 30m', '0', '0s', 'soon', '720h', `${'9'.repeat(99)}h`]
const URL_FORM =
  'a URL that begins with http:// or https:// and holds no user name, no fragment (#) and no blank'
const URLS = [
  'api.openai.com',
  'ftp://example.org',
  'https://me:secret@example.org/v1',
  'https://',
  '/v1',
  'https://example.org/v1#models',
  'https://example.org/v1#',
  'https://example.org/v 1',
  ' https://example.org/v1',
  'https://example.org/v1\n'
]
const PROXIES = ['socks5://proxy:1080', 'ftp://proxy', 'http://', 'http://pro xy:3128']
const BAD: Record<string, { right: string; values: string[] }> = {
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
  TB_DALLE_S3_URL: {
    right: 'a URL such as https://host/bucket or https://host/bucket/prefix',
    values: [
      'host/bucket',
      's3://bucket',
      'https://host',
      'https://host/',
      'https://host//x',
      'https://host/b',
      'https://host/bucket//x',
      'https://host/bucket/%zz',
      'https://me:secret@host/bucket',
      'https://host/buck et'
    ]
  },
  TB_DALLE_DATABASE_URL: {
    right: 'a URL such as postgres://user:password@host:5432/database',
    values: [
      'host/database',
      'mysql://host/database',
      'postgres://host',
      'postgres://host/',
      'postgres://ho st/x'
    ]
  },
  TB_DALLE_ROLE: { right: 'one of all, http and worker', values: ['server', 'ALL', ' '] },
  TB_DALLE_S3_ACCESS_KEY_ID: { right: 'printable ASCII characters', values: ['a b', 'é', ' '] },
  TB_DALLE_S3_SECRET_ACCESS_KEY: { right: 'printable ASCII characters', values: ['a b', 'é', ' '] },
  TB_DALLE_S3_REGION: { right: 'letters, digits and dashes', values: ['eu central', 'eu/1', ' '] },
  TB_DALLE_METRICS_PORT: {
    right: 'a whole number from 0 to 65535',
    values: ['65536', '-1', '80.5', 'http', ' ', '0x50']
  },
  TB_DALLE_CLIENT_CONNECTIONS: {
    right: 'a whole number from 0 to 1000000',
    values: ['-1', '1.5', '1000001', 'many', ' ', 'none']
  },
  TB_DALLE_HOST: {
    right: 'a host name or an IP address',
    values: ['my host', 'http://localhost', 'höst', 'a/b', '$HOST', 'a\nb']
  },
  TB_DALLE_DATA_DIR: { right: 'not with a leading ~', values: ['~', '~/dalle', '~someone/dalle'] },
  TB_DALLE_LOCK_TTL: { right: DURATION, values: DURATIONS },
  TB_DALLE_STOP_GRACE: {
    right: 'a duration from 0s to 24h, such as 60s, 5m or 1h30m',
    values: ['5', '-1s', '24h1s', 'soon', 'm']
  },
  TB_DALLE_CONCURRENCY: {
    right: 'a whole number from 1 to 256',
    values: ['0', '257', '1.5', 'four', '-4', 'Infinity', ' ']
  },
  TB_DALLE_QUEUE_LIMIT: {
    right: 'a whole number from 0 to 100000',
    values: ['-1', '100001', '0.5', 'none']
  },
  TB_DALLE_FAILURE_HOLD: { right: DURATION, values: DURATIONS },
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
      `a b:${'a'.repeat(16)}`,
      `a:b:${'a'.repeat(16)}`,
      'ünlautünlautünlaut'
    ]
  },
  TB_DALLE_METRICS_TOKENS: {
    right: 'tokens of 16 or more letters',
    values: ['too-short', `${'a'.repeat(16)},`, `a:b:${'a'.repeat(16)}`]
  },
  TB_DALLE_STRICT_CHECKSUM: { right: '0 or 1', values: ['2', 'yes', '11'] },
  TB_DALLE_OPEN: { right: '0 or 1', values: ['yes', '2'] },
  TB_DALLE_AUTOSTART: { right: '0 or 1', values: ['true', 'on', ' '] },
  TB_DALLE_HOSTS: {
    right: 'host names or IP addresses without ports',
    values: ['a.example:80', 'https://a.example', 'a,', 'a b', '*.example', '*']
  },
  TB_DALLE_PUBLIC_URL: { right: URL_FORM, values: URLS },
  TB_DALLE_ACCEL_REDIRECT: {
    right:
      'a path such as /internal/, of letters, digits and -._~, that is not one of the server itself such as /files',
    values: [
      'internal',
      '/',
      '//',
      '/in ternal/',
      '/a//b',
      '/a/../b',
      '/a/.',
      '/files/',
      '/dalle',
      '/%41',
      'http://a/'
    ]
  },
  TB_DALLE_SENDFILE: {
    right: 'a folder, written in full, without . and .. and not with a leading ~',
    values: ['data', './data', '~/data', '/data/../etc', '/data/.', '/data\n', ' /data']
  },
  TB_DALLE_BASE_PATH: {
    right: 'a path such as /art',
    values: ['art', '/art//x', '/../x', '/a b', '/v1', '/dalle/x', '/art?x', 'https://a.example/art']
  },
  TB_DALLE_CORS_ORIGINS: {
    right: 'origins such as https://a.example',
    values: ['*', 'https://*.example', 'a.example', 'https://a.example/path', 'ftp://a.example', 'null']
  },
  TB_DALLE_FRAME_ANCESTORS: {
    right: '* or origins such as https://a.example',
    values: ['none', '*,https://a.example', 'https://*.example', 'https://a;script-src', 'http://[::1]', ',']
  },
  TB_DALLE_EXPLORER_URL: { right: `empty, or ${URL_FORM}`, values: URLS },
  TB_DALLE_METRICS_AUTH: { right: '0 or 1', values: ['basic'] },
  TB_DALLE_CACHE_MB: {
    right: 'a whole number from 64 to 1000000',
    values: ['63', '1000001', '1.5', 'much']
  },
  TB_DALLE_MEMORY_MB: {
    right: 'a whole number from 0 to 1000000',
    values: ['-1', '1000001', '1.5', 'much']
  },
  TB_DALLE_MIN_FREE_MB: {
    right: 'a whole number, 0 or more',
    values: ['-1', '0.5', '200MB', 'none', ' ', '9'.repeat(20)]
  },
  TB_DALLE_TRUSTED_PROXIES: {
    right: 'IP addresses or networks',
    values: [
      'localhost',
      '10.0.0',
      '10.0.0.1/33',
      '10.0.0.1;10.0.0.2',
      '10.0.0.1,',
      'true',
      '2001:db8::/129',
      ' '
    ]
  },
  TB_DALLE_CLIENT_RUNS: {
    right: 'a whole number from 0 to 1000000',
    values: ['-1', '1.5', '60/m', '1000001']
  },
  TB_DALLE_CLIENT_STREAMS: { right: 'a whole number from 0 to 1000000', values: ['-1', 'none', ' '] },
  TB_DALLE_CLIENT_WAITERS: { right: 'a whole number from 0 to 1000000', values: ['-1', '0x10'] },
  TB_DALLE_MAX_PICTURES: { right: 'a whole number, 0 or more', values: ['-1', '1.5', 'off', '1e6'] },
  TB_DALLE_ARCHIVE_DAYS: {
    right: 'a whole number from 0 to 36500',
    values: ['-1', '1.5', '90d', 'never', '36501', ' ']
  },
  OPENAI_API_KEY: { right: 'a key without blanks', values: ['sk two words', 'sk-1\nsk-2', 'clé'] },
  OPENAI_BASE_URL: { right: URL_FORM, values: URLS },
  TB_DALLE_OPENAI_HEADERS: {
    right: 'a JSON object of header names',
    values: [
      'api-key=secret',
      '[]',
      'null',
      '"text"',
      '{"api key": "x"}',
      '{"api-key": 1}',
      '{"api-key": "two\\nlines"}',
      '{"api-key": " x"}',
      '{"Host": "example.org"}',
      '{"content-length": "1"}',
      '{"Transfer-Encoding": "chunked"}'
    ]
  },
  OPENAI_ORGANIZATION: { right: 'an identifier without blanks', values: ['org 1', 'org-é'] },
  OPENAI_PROJECT: { right: 'an identifier without blanks', values: ['proj 1', '\t'] },
  TB_DALLE_PROVIDERS: { right: 'the path of a JSON file', values: ['\0'] },
  HTTPS_PROXY: { right: 'the URL of a proxy', values: PROXIES },
  NO_PROXY: { right: 'host names with a comma between two', values: ['a;b', 'é', 'me@host'] },
  HTTP_PROXY: { right: 'the URL of a proxy', values: PROXIES },
  TB_DALLE_SKIP_IMAGE: { right: '0 or 1', values: ['2', 'true'] },
  TB_DALLE_NO_ENHANCE: { right: '0 or 1', values: ['-1', 'on'] },
  TB_DALLE_ENHANCEMENT_MODEL: { right: 'the name of a model', values: ['gpt 5', ' '] },
  TB_DALLE_ENHANCEMENT_SEED: {
    right: 'a whole number, 0 or more, or none',
    values: ['-1', '1.5', 'random', 'None', ' ', '0x5', '9'.repeat(30)]
  },
  TB_DALLE_ENHANCEMENT_TEMPERATURE: {
    right: 'a number from 0 to 2, or none',
    values: ['2.1', '-0.1', 'warm', '1e0', '.', ' ']
  },
  TB_DALLE_ENHANCEMENT_URL: { right: URL_FORM, values: URLS },
  TB_DALLE_ENHANCEMENT_TIMEOUT: { right: DURATION, values: DURATIONS },
  TB_DALLE_IMAGE_MODEL: { right: 'the name of a model', values: ['dall e'] },
  TB_DALLE_IMAGE_FAMILY: {
    right: 'one of dall-e-3, dall-e-2, gpt-image and compatible',
    values: ['dalle3', 'none', 'my-dalle3']
  },
  TB_DALLE_IMAGE_SIZES: {
    right: 'square, landscape, portrait or sizes such as 1280x720',
    values: ['wide', 'square,,portrait', 'square;portrait', '0x0', '1024', '1024*1024', 'none,square', ' ']
  },
  TB_DALLE_IMAGE_QUALITY: {
    right: 'one of auto, low, medium, high, standard and hd, or none',
    values: ['best', 'HIGH', 'None']
  },
  TB_DALLE_IMAGE_STYLE: { right: 'vivid or natural', values: ['none', 'Vivid'] },
  TB_DALLE_IMAGE_URL: { right: URL_FORM, values: URLS },
  TB_DALLE_IMAGE_TIMEOUT: { right: DURATION, values: DURATIONS },
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
  OTEL_EXPORTER_OTLP_ENDPOINT: { right: URL_FORM, values: URLS },
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
  },
  TB_DALLE_LOG_FORMAT: { right: 'pretty or json', values: ['text', 'JSON', '1'] }
}

t.test(
  'an error about a bad value is one line with the flag or variable, the value, and what would be right',
  async (t) => {
    t.strictSame(
      Object.keys(BAD).sort(),
      SCHEMA.map(([name]) => name).sort(),
      'every setting has bad values here'
    )

    for (const [name, { flag, secret }] of SCHEMA) {
      const { right, values } = BAD[name]!
      for (const value of values) {
        const sources: Array<[string, () => unknown]> = [
          [name, () => configOf([], { [name]: value })],
          [name, () => configOf([], {}, { [name]: value })]
        ]
        // The error names the flag only when the value came by the flag, even if the variable is set too.
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
      "the error does not name another setting's flag"
    )
  }
)
