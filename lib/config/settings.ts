import { Type } from '@sinclair/typebox'
import type { StaticDecode } from '@sinclair/typebox'
import { parsePrices } from '../provider/prices.ts'
import { parseHeaders } from '../tracing/collector.ts'
import { parseHeaders as parseProviderHeaders } from '../provider/headers.ts'
import { FAMILY_NAMES, parseSizes } from '../provider/models.ts'
import { basePath, decoded, duration, frameAncestors, hostNames, httpUrl, networks } from './decoders.ts'
import { numberOrNone, onOff, origins, proxyUrl, tokens, wholeOrNone, wordOrNone, words } from './decoders.ts'
import { setting } from './setting.ts'
import type { SettingOptions } from './setting.ts'

export { OWN_KEYWORDS } from './setting.ts'
export type { SettingOptions } from './setting.ts'

export const DURATION = 'a positive duration of at most 24 days, such as 250ms, 60s, 5m or 1h30m'
const HTTP_URL =
  'a URL that begins with http:// or https:// and holds no user name, no fragment (#) and no blank'
const PROXY_URL = 'the URL of a proxy that begins with http:// or https://'
const QUALITIES = ['auto', 'low', 'medium', 'high', 'standard', 'hd'] as const
const NONE = 'none'
const HEADERS_EXAMPLE = '{"api-key": "<key>", "HTTP-Referer": "https://dalle.example"}'
const PRICES_EXAMPLE = '{"my-model": {"input": 5, "cachedInput": 1.25, "output": 30, "call": 0.2}}'

/** Every setting by the name of its environment variable, with its type, default, flag and help. */
export const ConfigSchema = Type.Object(
  {
    TB_DALLE_PORT: setting(Type.Integer({ minimum: 0, maximum: 65_535 }), {
      flag: 'port',
      default: 8080,
      description: 'TCP port to listen on; 0 chooses a free port',
      expected: 'a whole number from 0 to 65535'
    }),
    TB_DALLE_HOST: setting(Type.String({ pattern: '^[A-Za-z0-9.:_-]+$' }), {
      flag: 'host',
      default: '127.0.0.1',
      description: 'Address to listen on; 0.0.0.0 listens on every interface',
      expected: 'a host name or an IP address'
    }),
    TB_DALLE_METRICS_PORT: setting(Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })), {
      defaultText: `${NONE}: they are on TB_DALLE_PORT`,
      description: 'TCP port of its own for /metrics and /errors, on the same address; 0 chooses a free port',
      expected: 'a whole number from 0 to 65535'
    }),
    TB_DALLE_DATA_DIR: setting(Type.Optional(Type.String({ pattern: '^[^~\\0][^\\0]*$' })), {
      flag: 'data-dir',
      defaultText: '$XDG_DATA_HOME/trueblocks/dalle, else ~/.local/share/trueblocks/dalle',
      description: 'Data folder for pictures, prompts, series and statistics',
      expected: 'a folder, written in full and not with a leading ~'
    }),
    TB_DALLE_LOCK_TTL: setting(duration(), {
      flag: 'lock-ttl',
      default: '5m',
      description: 'Longest time that the run of one picture may take',
      expected: DURATION
    }),
    TB_DALLE_CONCURRENCY: setting(Type.Integer({ minimum: 1, maximum: 256 }), {
      default: 4,
      description: 'Runs at the same time',
      expected: 'a whole number from 1 to 256'
    }),
    TB_DALLE_QUEUE_LIMIT: setting(Type.Integer({ minimum: 0, maximum: 100_000 }), {
      default: 1000,
      description:
        'Runs that may wait in the queue; more are refused with QUEUE_FULL. Another client still gets its share',
      expected: 'a whole number from 0 to 100000'
    }),
    TB_DALLE_FAILURE_HOLD: setting(duration(), {
      default: '10s',
      description: 'How long a finished run answers repeated requests before a new run may start',
      expected: DURATION
    }),
    TB_DALLE_ARCHIVE_RUNS: setting(onOff(), {
      default: '0',
      description: '1 keeps the last snapshot of every run in metrics/runs/',
      expected: '0 or 1'
    }),
    TB_DALLE_EMBED_PROMPT: setting(onOff(), {
      default: '1',
      description: '0 leaves the prompts out of all files that are served: PNGs, and what /files sends',
      expected: '0 or 1'
    }),
    TB_DALLE_API_TOKENS: setting(Type.Optional(tokens()), {
      secret: true,
      defaultText: `${NONE}: no request needs one`,
      description:
        'Tokens, separated by commas, each <token> or <name>:<token>; ' +
        'requests that start, remove, cancel or change something need one',
      expected:
        'tokens of 16 or more letters, digits and -._~+/ with a comma between two, each with or without a <name>:'
    }),
    TB_DALLE_OPEN: setting(onOff(), {
      default: '0',
      description:
        '1 lets anybody start runs, from outside and without a token; with a key it needs a daily limit',
      expected: '0 or 1'
    }),
    TB_DALLE_AUTOSTART: setting(onOff(), {
      default: '0',
      description:
        '1 lets a plain GET of a missing picture start its run, as the Go server does; ' +
        'with a key it needs a daily limit',
      expected: '0 or 1'
    }),
    TB_DALLE_HOSTS: setting(Type.Optional(hostNames()), {
      defaultText: 'localhost and 127.0.0.1 while TB_DALLE_HOST is one of them, else all names',
      description: 'Host names that are answered, separated by commas',
      expected: 'host names or IP addresses without ports, such as dalle.example, with a comma between two'
    }),
    TB_DALLE_PUBLIC_URL: setting(Type.Optional(httpUrl()), {
      defaultText: NONE,
      description:
        'URL under which clients reach the server, such as https://dalle.example; absolute URLs begin with it',
      expected: HTTP_URL
    }),
    TB_DALLE_STRICT_CHECKSUM: setting(onOff(), {
      default: '0',
      description: '1 refuses an address whose upper and lower case are mixed and not as EIP-55 says',
      expected: '0 or 1'
    }),
    TB_DALLE_BASE_PATH: setting(Type.Optional(basePath()), {
      defaultText: `${NONE}: the root`,
      description: 'Path under which clients reach the server, such as /art; all links begin with it',
      expected:
        'a path such as /art, of letters, digits and -._~, that is not one of the server itself such as /v1'
    }),
    TB_DALLE_CORS_ORIGINS: setting(Type.Optional(origins()), {
      defaultText: NONE,
      description: 'Origins, separated by commas, whose pages may start, remove, cancel and change something',
      expected: 'origins such as https://a.example, with a comma between two'
    }),
    TB_DALLE_FRAME_ANCESTORS: setting(Type.Optional(frameAncestors()), {
      defaultText: NONE,
      description: 'Origins, separated by commas, that may show the page of a picture in a frame; * for all',
      expected: '* or origins such as https://a.example, with a comma between two'
    }),
    TB_DALLE_METRICS_AUTH: setting(onOff(), {
      default: '0',
      description: '1 asks for a token on /metrics, /errors and the full /health',
      expected: '0 or 1'
    }),
    TB_DALLE_TRUSTED_PROXIES: setting(Type.Optional(networks()), {
      defaultText: NONE,
      description:
        'Addresses or networks of proxies, separated by commas; their X-Forwarded-For names the client, ' +
        'and X-Forwarded-Host and X-Forwarded-Proto the URL of the server',
      expected: 'IP addresses or networks, such as 10.0.0.7 or 10.0.0.0/8, with a comma between two'
    }),
    TB_DALLE_CLIENT_RUNS: setting(Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
      default: 60,
      description: 'Runs that one client may start in a minute; 0 sets no limit',
      expected: 'a whole number from 0 to 1000000'
    }),
    TB_DALLE_CLIENT_CONNECTIONS: setting(Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
      default: 256,
      description: 'Connections that one address may have open; 0 sets no limit',
      expected: 'a whole number from 0 to 1000000'
    }),
    TB_DALLE_CLIENT_STREAMS: setting(Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
      default: 256,
      description: 'Event streams that one client may have open; 0 sets no limit',
      expected: 'a whole number from 0 to 1000000'
    }),
    TB_DALLE_CLIENT_WAITERS: setting(Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
      default: 64,
      description:
        'Requests of one client that may wait for the end of a run (Prefer: wait); 0 sets no limit',
      expected: 'a whole number from 0 to 1000000'
    }),
    TB_DALLE_CACHE_MB: setting(Type.Integer({ minimum: 64, maximum: 1_000_000 }), {
      default: 512,
      description:
        'Megabytes for pictures in other sizes and formats in cache/; the least recently used are removed first',
      expected: 'a whole number from 64 to 1000000'
    }),
    TB_DALLE_MEMORY_MB: setting(Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
      default: 64,
      description: 'Megabytes of memory for the pictures that were sent last; 0 keeps none',
      expected: 'a whole number from 0 to 1000000'
    }),
    TB_DALLE_MIN_FREE_MB: setting(
      Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
      {
        defaultText: '200, or a fiftieth of the volume where that is less',
        description: 'Free megabytes of the disk below which no run starts',
        expected: 'a whole number, 0 or more'
      }
    ),
    TB_DALLE_MAX_PICTURES: setting(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), {
      default: 0,
      description:
        'Pictures that the data folder may hold; above it no run for a new picture starts. 0 sets no limit',
      expected: 'a whole number, 0 or more'
    }),
    TB_DALLE_ARCHIVE_DAYS: setting(Type.Integer({ minimum: 0, maximum: 36_500 }), {
      default: 90,
      description: 'Days that replaced and removed pictures stay in archives/; 0 keeps them for ever',
      expected: 'a whole number from 0 to 36500'
    }),
    OPENAI_API_KEY: setting(Type.Optional(Type.String({ pattern: '^[!-~]+$' })), {
      secret: true,
      defaultText: `${NONE}: the built-in artist draws`,
      description: 'Key of OpenAI or of a compatible server',
      expected: 'a key without blanks'
    }),
    OPENAI_BASE_URL: setting(httpUrl(), {
      default: 'https://api.openai.com/v1',
      description: 'Base URL of OpenAI or of a compatible server; a query such as ?api-version=… is kept',
      expected: HTTP_URL
    }),
    TB_DALLE_OPENAI_HEADERS: setting(Type.Optional(decoded(Type.String(), parseProviderHeaders)), {
      secret: true,
      defaultText: NONE,
      description:
        `Headers of requests to the provider as JSON, such as ${HEADERS_EXAMPLE}; ` +
        '<key> in a value stands for the key, and null leaves a header out',
      expected: `a JSON object of header names and texts or null, such as ${HEADERS_EXAMPLE}`
    }),
    OPENAI_ORGANIZATION: setting(Type.Optional(Type.String({ pattern: '^[!-~]+$' })), {
      defaultText: NONE,
      description: 'Organization that requests are billed to, where the key belongs to several',
      expected: 'an identifier without blanks'
    }),
    OPENAI_PROJECT: setting(Type.Optional(Type.String({ pattern: '^[!-~]+$' })), {
      defaultText: NONE,
      description: 'Project that requests are billed to, where the key belongs to several',
      expected: 'an identifier without blanks'
    }),
    TB_DALLE_PROVIDERS: setting(Type.Optional(Type.String({ pattern: '^[^\\0]+$' })), {
      defaultText: `${NONE}: OPENAI_API_KEY and OPENAI_BASE_URL name the only one`,
      description: 'JSON file that lists several providers, in place of OPENAI_API_KEY and OPENAI_BASE_URL',
      expected: 'the path of a JSON file'
    }),
    HTTPS_PROXY: setting(Type.Optional(proxyUrl()), {
      secret: true,
      defaultText: 'HTTP_PROXY',
      description: 'URL of the proxy for https: URLs of the provider and of its images',
      expected: PROXY_URL
    }),
    HTTP_PROXY: setting(Type.Optional(proxyUrl()), {
      secret: true,
      defaultText: NONE,
      description: 'URL of the proxy for http: URLs of the provider and of its images',
      expected: PROXY_URL
    }),
    NO_PROXY: setting(Type.Optional(Type.String({ pattern: '^[A-Za-z0-9.*:,_/\\[\\] -]+$' })), {
      defaultText: NONE,
      description: 'Hosts that are reached without a proxy, separated by commas, such as localhost,.internal',
      expected: 'host names with a comma between two'
    }),
    TB_DALLE_SKIP_IMAGE: setting(onOff(), {
      default: '0',
      description: '1 lets the built-in artist draw although a key is set',
      expected: '0 or 1'
    }),
    TB_DALLE_NO_ENHANCE: setting(onOff(), {
      default: '0',
      description: '1 draws from the plain prompt although a key is set',
      expected: '0 or 1'
    }),
    TB_DALLE_ENHANCEMENT_MODEL: setting(Type.String({ pattern: '^\\S+$' }), {
      default: 'gpt-5.4-mini',
      description: 'Language model that enhances prompts',
      expected: 'the name of a model'
    }),
    TB_DALLE_ENHANCEMENT_SEED: setting(wholeOrNone(), {
      default: '1337',
      description:
        'Seed of the language model, so that it enhances the same prompt in the same way; none sends none',
      expected: 'a whole number, 0 or more, or none'
    }),
    TB_DALLE_ENHANCEMENT_TEMPERATURE: setting(numberOrNone(2), {
      default: '0.2',
      description: 'Temperature of the language model; left out for models that refuse it; none sends none',
      expected: 'a number from 0 to 2, or none'
    }),
    TB_DALLE_ENHANCEMENT_URL: setting(Type.Optional(httpUrl()), {
      defaultText: '<OPENAI_BASE_URL>/chat/completions',
      description: 'Whole URL of the endpoint that enhances prompts',
      expected: HTTP_URL
    }),
    TB_DALLE_ENHANCEMENT_TIMEOUT: setting(duration(), {
      default: '60s',
      description: 'Longest time that the enhancement of a prompt may take',
      expected: DURATION
    }),
    TB_DALLE_IMAGE_MODEL: setting(Type.String({ pattern: '^\\S+$' }), {
      default: 'gpt-image-2',
      description: 'Image model that draws',
      expected: 'the name of a model'
    }),
    TB_DALLE_IMAGE_FAMILY: setting(Type.Optional(words(...FAMILY_NAMES)), {
      defaultText: 'by the name of the model',
      description:
        'Models whose parameters TB_DALLE_IMAGE_MODEL takes, where its name does not say it: ' +
        'dall-e-3, dall-e-2, gpt-image or compatible',
      expected: 'one of dall-e-3, dall-e-2, gpt-image and compatible'
    }),
    TB_DALLE_IMAGE_SIZES: setting(decoded(Type.String(), parseSizes), {
      default: 'square,landscape,portrait',
      description:
        'Sizes that the image model takes, separated by commas: ' +
        'square, landscape, portrait, or pixels such as 1024x1024; none leaves the size out',
      expected: 'square, landscape, portrait or sizes such as 1280x720, with a comma between two, or none'
    }),
    TB_DALLE_IMAGE_QUALITY: setting(wordOrNone(...QUALITIES), {
      default: 'high',
      description:
        'Quality of a drawing, which decides its price: auto, low, medium, high, standard or hd; none leaves it out',
      expected: 'one of auto, low, medium, high, standard and hd, or none'
    }),
    TB_DALLE_IMAGE_STYLE: setting(Type.Optional(words('vivid', 'natural')), {
      defaultText: NONE,
      description: 'Style, for models that have one (dall-e-3): vivid or natural',
      expected: 'vivid or natural'
    }),
    TB_DALLE_IMAGE_URL: setting(Type.Optional(httpUrl()), {
      defaultText: '<OPENAI_BASE_URL>/images/generations',
      description: 'Whole URL of the endpoint that draws',
      expected: HTTP_URL
    }),
    TB_DALLE_IMAGE_TIMEOUT: setting(duration(), {
      default: '300s',
      description: 'Longest time that one drawing may take',
      expected: DURATION
    }),
    TB_DALLE_IMAGE_RETRY_ON_TIMEOUT: setting(onOff(), {
      default: '1',
      description:
        '0 never repeats a drawing whose answer was lost; 1 repeats it once, which may be billed twice',
      expected: '0 or 1'
    }),
    TB_DALLE_PARTIAL_IMAGES: setting(Type.Integer({ minimum: 0, maximum: 3 }), {
      default: 0,
      description: 'Unfinished images that the model sends while it draws, up to 3; each costs tokens',
      expected: 'a whole number from 0 to 3'
    }),
    TB_DALLE_FALLBACK: setting(words('off', 'local'), {
      default: 'off',
      description: 'local lets the built-in artist draw a stand-in while the provider is not available',
      expected: 'off or local'
    }),
    TB_DALLE_PRICES: setting(Type.Optional(decoded(Type.String(), parsePrices)), {
      defaultText: "those of OpenAI's models",
      description:
        `Prices of models in USD as JSON, for example {"my-model": {"call": 0.04}} or ${PRICES_EXAMPLE}: ` +
        'for a million tokens each, and for one call',
      expected: `JSON such as ${PRICES_EXAMPLE}, where only call is needed and no number is negative`
    }),
    TB_DALLE_DAILY_BUDGET_USD: setting(Type.Optional(Type.Number({ exclusiveMinimum: 0 })), {
      defaultText: NONE,
      description: 'USD that may be spent between two midnights UTC',
      expected: 'a number above 0'
    }),
    TB_DALLE_DAILY_IMAGE_LIMIT: setting(Type.Optional(Type.Integer({ minimum: 1 })), {
      defaultText: NONE,
      description: 'Images that may be bought between two midnights UTC',
      expected: 'a whole number, 1 or more'
    }),
    TB_DALLE_REVISION: setting(Type.String({ pattern: '^[!-~]{1,64}$' }), {
      default: 'unknown',
      description: 'Revision of the source, shown by the metric dalleserver_build_info',
      expected: 'up to 64 characters without blanks'
    }),
    OTEL_EXPORTER_OTLP_ENDPOINT: setting(Type.Optional(httpUrl()), {
      defaultText: `${NONE}: no traces`,
      description: 'Base URL of the OpenTelemetry collector that traces are sent to, by OTLP over HTTP',
      expected: HTTP_URL
    }),
    OTEL_EXPORTER_OTLP_HEADERS: setting(Type.Optional(decoded(Type.String(), parseHeaders)), {
      secret: true,
      defaultText: NONE,
      description: 'Headers for the collector, such as api-key=secret,tenant=a',
      expected: 'name=value pairs with commas between them, other characters percent-encoded'
    }),
    OTEL_SERVICE_NAME: setting(Type.String({ pattern: '^[!-~]{1,64}$' }), {
      default: 'dalleserver',
      description: 'Name of this server in traces',
      expected: 'up to 64 characters without blanks'
    }),
    LOG_LEVEL: setting(words('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), {
      default: 'info',
      description:
        'Lowest level of the log lines that are written: trace, debug, info, warn, error, fatal or silent',
      expected: 'one of trace, debug, info, warn, error, fatal and silent'
    })
  },
  { additionalProperties: false }
)

/** The decoded settings: durations in milliseconds, switches as booleans. */
export type Settings = StaticDecode<typeof ConfigSchema>
export type SettingName = keyof Settings & string

/** The same as a list. */
export const SETTINGS = Object.entries(ConfigSchema.properties) as unknown as Array<
  [SettingName, SettingOptions & { type?: string; default?: string | number }]
>
