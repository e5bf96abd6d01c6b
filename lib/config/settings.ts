import { Type } from '@sinclair/typebox'
import type { Static, TSchema } from '@sinclair/typebox'

export interface SettingOptions {
  /** The command line flag, where there is one. */
  flag?: string
  /** One line of help. */
  description: string
  /** Finishes the sentence "it must be …" of an error. */
  expected: string
  /** How help and .env.example show a default that is worked out at start, or that there is none. */
  defaultText?: string
  /** Never shown, not even in an error. */
  secret?: boolean
}

const DURATION = 'a positive duration of at most 24 days, such as 250ms, 60s, 5m or 1h30m'
const HTTP_URL = 'a URL that begins with http:// or https:// and holds no user name'
/** What a bearer token may be made of (RFC 6750); shorter ones are soon guessed. */
const TOKEN = '[A-Za-z0-9._~+/-]{16,512}=*'
const SWITCH = Type.Unsafe<'0' | '1'>({ type: 'string', enum: ['0', '1'] })
const NONE = 'none'

function words<T extends string>(...values: T[]) {
  return Type.Unsafe<T>({ type: 'string', enum: values })
}

function setting<T extends TSchema>(schema: T, options: SettingOptions & { default?: unknown }): T {
  return { ...schema, ...options }
}

/** Every setting by the name of its environment variable: its type, default, flag and help come from here only. */
export const ConfigSchema = Type.Object(
  {
    TB_DALLE_PORT: setting(Type.Integer({ minimum: 0, maximum: 65_535 }), {
      flag: 'port',
      default: 8080,
      description: 'TCP port to listen on; 0 takes any free one',
      expected: 'a whole number from 0 to 65535'
    }),
    TB_DALLE_HOST: setting(Type.String({ pattern: '^[A-Za-z0-9.:_-]+$' }), {
      flag: 'host',
      default: '127.0.0.1',
      description: 'Address to listen on; 0.0.0.0 for every interface',
      expected: 'a host name or an IP address'
    }),
    TB_DALLE_DATA_DIR: setting(Type.Optional(Type.String({ pattern: '^[^~\\0][^\\0]*$' })), {
      flag: 'data-dir',
      defaultText: '$XDG_DATA_HOME/trueblocks/dalle, else ~/.local/share/trueblocks/dalle',
      description: 'Folder that keeps pictures, prompts, series and statistics',
      expected: 'a folder, written in full and not with a leading ~'
    }),
    TB_DALLE_LOCK_TTL: setting(Type.String({ duration: true }), {
      flag: 'lock-ttl',
      default: '5m',
      description: 'Longest time that one picture may take before it is given up',
      expected: DURATION
    }),
    TB_DALLE_CONCURRENCY: setting(Type.Integer({ minimum: 1, maximum: 256 }), {
      default: 4,
      description: 'Pictures made at the same time',
      expected: 'a whole number from 1 to 256'
    }),
    TB_DALLE_QUEUE_LIMIT: setting(Type.Integer({ minimum: 0, maximum: 100_000 }), {
      default: 1000,
      description: 'Pictures that may wait for their turn; more are refused with QUEUE_FULL',
      expected: 'a whole number from 0 to 100000'
    }),
    TB_DALLE_FAILURE_HOLD: setting(Type.String({ duration: true }), {
      default: '10s',
      description: 'How long a finished run answers repeated requests before a new one may start',
      expected: DURATION
    }),
    TB_DALLE_ARCHIVE_RUNS: setting(SWITCH, {
      default: '0',
      description: '1 keeps the last snapshot of every run under metrics/runs/',
      expected: '0 or 1'
    }),
    TB_DALLE_EMBED_PROMPT: setting(SWITCH, {
      default: '1',
      description: '0 leaves the prompts out of what a PNG says of itself',
      expected: '0 or 1'
    }),
    TB_DALLE_API_TOKENS: setting(
      Type.Optional(Type.String({ pattern: `^\\s*${TOKEN}(\\s*,\\s*${TOKEN})*\\s*$` })),
      {
        secret: true,
        defaultText: 'none: everybody may',
        description:
          'Tokens, separated by commas; with any, what starts, removes, cancels or changes something needs one',
        expected: 'tokens of 16 or more letters, digits and -._~+/ with a comma between two'
      }
    ),
    TB_DALLE_CACHE_MB: setting(Type.Integer({ minimum: 64, maximum: 1_000_000 }), {
      default: 512,
      description:
        'Megabytes that smaller and converted pictures may take in cache/; those not asked for longest go first',
      expected: 'a whole number from 64 to 1000000'
    }),
    OPENAI_API_KEY: setting(Type.Optional(Type.String({ pattern: '^[!-~]+$' })), {
      secret: true,
      defaultText: `${NONE}: the built-in artist draws`,
      description: 'Key of OpenAI or of a compatible server',
      expected: 'a key without blanks'
    }),
    OPENAI_BASE_URL: setting(Type.String({ httpUrl: true }), {
      default: 'https://api.openai.com/v1',
      description: 'Where OpenAI, or a compatible server, is',
      expected: HTTP_URL
    }),
    TB_DALLE_SKIP_IMAGE: setting(SWITCH, {
      default: '0',
      description: '1 lets the built-in artist draw though a key is set',
      expected: '0 or 1'
    }),
    TB_DALLE_NO_ENHANCE: setting(SWITCH, {
      default: '0',
      description: '1 leaves prompts as they are, though a key is set',
      expected: '0 or 1'
    }),
    TB_DALLE_ENHANCEMENT_MODEL: setting(Type.String({ pattern: '^\\S+$' }), {
      default: 'gpt-5.4-mini',
      description: 'Language model that enhances prompts',
      expected: 'the name of a model'
    }),
    TB_DALLE_ENHANCEMENT_SEED: setting(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), {
      default: 1337,
      description: 'Seed of the language model, so that the same prompt is enhanced alike',
      expected: 'a whole number, 0 or more'
    }),
    TB_DALLE_ENHANCEMENT_TEMPERATURE: setting(Type.Number({ minimum: 0, maximum: 2 }), {
      default: 0.2,
      description: 'Temperature of the language model; left out for models that refuse it',
      expected: 'a number from 0 to 2'
    }),
    TB_DALLE_ENHANCEMENT_URL: setting(Type.Optional(Type.String({ httpUrl: true })), {
      defaultText: '<OPENAI_BASE_URL>/chat/completions',
      description: 'Whole URL of the endpoint that enhances prompts',
      expected: HTTP_URL
    }),
    TB_DALLE_ENHANCEMENT_TIMEOUT: setting(Type.String({ duration: true }), {
      default: '60s',
      description: 'Longest time that enhancing a prompt may take',
      expected: DURATION
    }),
    TB_DALLE_IMAGE_MODEL: setting(Type.String({ pattern: '^\\S+$' }), {
      default: 'gpt-image-2',
      description: 'Image model that draws',
      expected: 'the name of a model'
    }),
    TB_DALLE_IMAGE_QUALITY: setting(words('auto', 'low', 'medium', 'high', 'standard', 'hd'), {
      default: 'high',
      description: 'Quality of the drawing, which decides its price',
      expected: 'one of auto, low, medium, high, standard and hd'
    }),
    TB_DALLE_IMAGE_STYLE: setting(Type.Optional(words('vivid', 'natural')), {
      defaultText: NONE,
      description: 'Style, for models that have one (dall-e-3)',
      expected: 'vivid or natural'
    }),
    TB_DALLE_IMAGE_URL: setting(Type.Optional(Type.String({ httpUrl: true })), {
      defaultText: '<OPENAI_BASE_URL>/images/generations',
      description: 'Whole URL of the endpoint that draws',
      expected: HTTP_URL
    }),
    TB_DALLE_IMAGE_TIMEOUT: setting(Type.String({ duration: true }), {
      default: '300s',
      description: 'Longest time that one drawing may take',
      expected: DURATION
    }),
    TB_DALLE_IMAGE_RETRY_ON_TIMEOUT: setting(SWITCH, {
      default: '1',
      description:
        '0 forbids the one repetition of a drawing whose answer was lost, which may be billed twice',
      expected: '0 or 1'
    }),
    TB_DALLE_PARTIAL_IMAGES: setting(Type.Integer({ minimum: 0, maximum: 3 }), {
      default: 0,
      description: 'Unfinished images that the model sends while it draws; each costs tokens',
      expected: 'a whole number from 0 to 3'
    }),
    TB_DALLE_FALLBACK: setting(words('off', 'local'), {
      default: 'off',
      description: 'local lets the built-in artist draw a stand-in while the provider cannot be reached',
      expected: 'off or local'
    }),
    TB_DALLE_PRICES: setting(Type.Optional(Type.String({ prices: true })), {
      defaultText: "those of OpenAI's models",
      description:
        'Prices of models in USD as JSON, e.g. {"my-model": {"call": 0.04}} or {"my-model": {"input": 5, "cachedInput": 1.25, "output": 30, "call": 0.2}} (a million tokens each, and what one call is expected to cost)',
      expected:
        'JSON such as {"my-model": {"input": 5, "cachedInput": 1.25, "output": 30, "call": 0.2}}, where only call is needed and no number is negative'
    }),
    TB_DALLE_DAILY_BUDGET_USD: setting(Type.Optional(Type.Number({ exclusiveMinimum: 0 })), {
      defaultText: NONE,
      description: 'Most that may be spent between two midnights UTC, in USD',
      expected: 'a number above 0'
    }),
    TB_DALLE_DAILY_IMAGE_LIMIT: setting(Type.Optional(Type.Integer({ minimum: 1 })), {
      defaultText: NONE,
      description: 'Most images that may be bought between two midnights UTC',
      expected: 'a whole number, 1 or more'
    }),
    TB_DALLE_REVISION: setting(Type.String({ pattern: '^[!-~]{1,64}$' }), {
      default: 'unknown',
      description: 'Revision of the source that runs, shown by dalleserver_build_info',
      expected: 'up to 64 characters without blanks'
    }),
    OTEL_EXPORTER_OTLP_ENDPOINT: setting(Type.Optional(Type.String({ httpUrl: true })), {
      defaultText: `${NONE}: no traces`,
      description: 'Where traces are sent: base URL of an OpenTelemetry collector that takes OTLP over HTTP',
      expected: HTTP_URL
    }),
    OTEL_EXPORTER_OTLP_HEADERS: setting(Type.Optional(Type.String({ otlpHeaders: true })), {
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
      description: 'Least severe log line that is written',
      expected: 'one of trace, debug, info, warn, error, fatal and silent'
    })
  },
  { additionalProperties: false }
)

export type Settings = Static<typeof ConfigSchema>
export type SettingName = keyof Settings & string

/** The same as a list. */
export const SETTINGS = Object.entries(ConfigSchema.properties) as unknown as Array<
  [SettingName, SettingOptions & { type?: string; default?: string | number }]
>
