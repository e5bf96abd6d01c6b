import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { parseArgs, parseEnv } from 'node:util'
import { Type } from '@sinclair/typebox'
import type { Static, TSchema } from '@sinclair/typebox'
import { envSchema } from 'env-schema'
import { MAX_TIMER_MS, parseDuration } from './duration.ts'
import { KNOWN_PRICES, parsePrices, priceOf } from './spending/prices.ts'
import type { PriceList } from './spending/prices.ts'
import { parseHeaders } from './tracing/headers.ts'

interface SettingOptions {
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
const SHOWN_CHARACTERS = 100
/** The user name and password in a URL. */
const USER_INFO = /\/\/[^/@]*@/
/** What a bearer token may be made of (RFC 6750); shorter ones are soon guessed. */
const TOKEN = '[A-Za-z0-9._~+/-]{16,512}=*'
const SWITCH = Type.Unsafe<'0' | '1'>({ type: 'string', enum: ['0', '1'] })
const NONE = 'none'

function words<T extends string> (...values: T[]) {
  return Type.Unsafe<T>({ type: 'string', enum: values })
}

function setting<T extends TSchema> (schema: T, options: SettingOptions & { default?: unknown }): T {
  return { ...schema, ...options }
}

/** Every setting by the name of its environment variable: its type, default, flag and help come from here only. */
export const ConfigSchema = Type.Object({
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
  TB_DALLE_API_TOKENS: setting(Type.Optional(Type.String({ pattern: `^\\s*${TOKEN}(\\s*,\\s*${TOKEN})*\\s*$` })), {
    secret: true,
    defaultText: 'none: everybody may',
    description: 'Tokens, separated by commas; with any, what starts, removes, cancels or changes something needs one',
    expected: 'tokens of 16 or more letters, digits and -._~+/ with a comma between two'
  }),
  TB_DALLE_CACHE_MB: setting(Type.Integer({ minimum: 64, maximum: 1_000_000 }), {
    default: 512,
    description: 'Megabytes that smaller and converted pictures may take in cache/; those not asked for longest go first',
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
    description: '0 forbids the one repetition of a drawing whose answer was lost, which may be billed twice',
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
    defaultText: 'those of OpenAI\'s models',
    description: 'Prices of models in USD as JSON, e.g. {"my-model": {"call": 0.04}} or {"my-model": {"input": 5, "cachedInput": 1.25, "output": 30, "call": 0.2}} (a million tokens each, and what one call is expected to cost)',
    expected: 'JSON such as {"my-model": {"input": 5, "cachedInput": 1.25, "output": 30, "call": 0.2}}, where only call is needed and no number is negative'
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
}, { additionalProperties: false })

type Settings = Static<typeof ConfigSchema>
type SettingName = keyof Settings & string

const SETTINGS = Object.entries(ConfigSchema.properties) as unknown as
  Array<[SettingName, SettingOptions & { type?: string, default?: string | number }]>

/** How the provider is asked. */
export interface OpenAiConfig {
  readonly apiKey: string
  readonly baseUrl: string
  /** Absent where prompts are left as they are. */
  readonly enhancement?: {
    readonly model: string
    readonly seed: number
    readonly temperature: number
    readonly url: string | undefined
    readonly timeoutMs: number
  }
  /** Absent where the built-in artist draws. */
  readonly image?: {
    readonly model: string
    readonly quality: 'auto' | 'low' | 'medium' | 'high' | 'standard' | 'hd'
    readonly style: 'vivid' | 'natural' | undefined
    readonly url: string | undefined
    readonly timeoutMs: number
    readonly retryOnTimeout: boolean
    readonly partialImages: number
  }
}

/** What may be spent between two midnights UTC; absent is unlimited. */
export interface DailyLimits {
  readonly usd?: number
  readonly images?: number
}

/** Where traces go. */
export interface TracingConfig {
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  readonly serviceName: string
}

/** What the service runs on: durations in milliseconds, paths absolute, frozen. */
export interface Config {
  readonly port: number
  readonly host: string
  readonly dataDir: string
  readonly lockTtlMs: number
  readonly concurrency: number
  readonly queueLimit: number
  readonly failureHoldMs: number
  readonly archiveRuns: boolean
  readonly embedPrompt: boolean
  /** Whoever sends one of these may change things; none at all: everybody may. */
  readonly apiTokens: readonly string[]
  readonly cacheBytes: number
  /** Absent without a key. */
  readonly openai?: OpenAiConfig
  /** Whether the built-in artist draws a stand-in while the provider cannot be reached. */
  readonly drawsStandIn: boolean
  readonly prices: PriceList
  readonly dailyLimits: DailyLimits
  readonly revision: string
  /** Absent where no traces are asked for. */
  readonly tracing?: TracingConfig
  readonly logLevel: string
}

/** A setting that cannot be used; the message is the one line to show. */
export class ConfigError extends Error {}

export type Command = { run: 'serve', config: Config } | { run: 'print', text: string }

/**
 * What the command line asks for. Flags win over the environment, that over `dotenv` (the text of a .env file, already
 * parsed), that over the defaults; an empty value counts as absent.
 * @throws ConfigError naming the flag or variable, its value and what would be right
 */
export function readCommand (input: {
  argv: string[]
  env: Record<string, string | undefined>
  dotenv?: Record<string, string | undefined>
  version: string
}): Command {
  const flags = readFlags(input.argv)
  if (flags.help) return { run: 'print', text: helpText(input.version) }
  if (flags.version) return { run: 'print', text: `dalleserver ${input.version}\n` }
  const env = { ...input.dotenv, ...dropEmpty(input.env) }
  return { run: 'serve', config: createConfig({ ...env, ...flags.settings }, flags.settings) }
}

/**
 * The settings in the file `.env` of the working folder, where there is one.
 * @throws ConfigError
 */
export function readDotenv (): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync('.env', 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return {}
    throw new ConfigError(`.env cannot be read (${code}).`)
  }
}

/**
 * The configuration from settings by their variable's name.
 * @param given those that came as flags, so that an error names the flag
 * @throws ConfigError
 */
export function createConfig (values: Record<string, string | undefined>, given: Record<string, string> = {}): Config {
  const settings = validate(dropEmpty(values), given)
  const openai = openAiConfig(settings)
  const prices = { ...KNOWN_PRICES, ...parsePrices(settings.TB_DALLE_PRICES ?? '{}') }
  checkBudget(settings, openai, prices)
  return Object.freeze({
    port: settings.TB_DALLE_PORT,
    host: settings.TB_DALLE_HOST,
    dataDir: settings.TB_DALLE_DATA_DIR === undefined ? defaultDataDir(values) : resolve(settings.TB_DALLE_DATA_DIR),
    lockTtlMs: parseDuration(settings.TB_DALLE_LOCK_TTL)!,
    concurrency: settings.TB_DALLE_CONCURRENCY,
    queueLimit: settings.TB_DALLE_QUEUE_LIMIT,
    failureHoldMs: parseDuration(settings.TB_DALLE_FAILURE_HOLD)!,
    archiveRuns: settings.TB_DALLE_ARCHIVE_RUNS === '1',
    embedPrompt: settings.TB_DALLE_EMBED_PROMPT === '1',
    apiTokens: Object.freeze(settings.TB_DALLE_API_TOKENS?.split(',').map((token) => token.trim()) ?? []),
    cacheBytes: settings.TB_DALLE_CACHE_MB * 1_000_000,
    ...openai && { openai },
    drawsStandIn: openai?.image !== undefined && settings.TB_DALLE_FALLBACK === 'local',
    prices,
    dailyLimits: { usd: settings.TB_DALLE_DAILY_BUDGET_USD, images: settings.TB_DALLE_DAILY_IMAGE_LIMIT },
    revision: settings.TB_DALLE_REVISION,
    ...settings.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined && {
      tracing: {
        endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
        headers: parseHeaders(settings.OTEL_EXPORTER_OTLP_HEADERS ?? '') ?? {},
        serviceName: settings.OTEL_SERVICE_NAME
      }
    },
    logLevel: settings.LOG_LEVEL
  })
}

function openAiConfig (settings: Settings): OpenAiConfig | undefined {
  if (settings.OPENAI_API_KEY === undefined) return undefined
  return {
    apiKey: settings.OPENAI_API_KEY,
    baseUrl: settings.OPENAI_BASE_URL,
    ...settings.TB_DALLE_NO_ENHANCE === '0' && {
      enhancement: {
        model: settings.TB_DALLE_ENHANCEMENT_MODEL,
        seed: settings.TB_DALLE_ENHANCEMENT_SEED,
        temperature: settings.TB_DALLE_ENHANCEMENT_TEMPERATURE,
        url: settings.TB_DALLE_ENHANCEMENT_URL,
        timeoutMs: parseDuration(settings.TB_DALLE_ENHANCEMENT_TIMEOUT)!
      }
    },
    ...settings.TB_DALLE_SKIP_IMAGE === '0' && {
      image: {
        model: settings.TB_DALLE_IMAGE_MODEL,
        quality: settings.TB_DALLE_IMAGE_QUALITY,
        style: settings.TB_DALLE_IMAGE_STYLE,
        url: settings.TB_DALLE_IMAGE_URL,
        timeoutMs: parseDuration(settings.TB_DALLE_IMAGE_TIMEOUT)!,
        retryOnTimeout: settings.TB_DALLE_IMAGE_RETRY_ON_TIMEOUT === '1',
        partialImages: settings.TB_DALLE_PARTIAL_IMAGES
      }
    }
  }
}

/** A budget can only be kept where every call has a price. */
function checkBudget ({ TB_DALLE_DAILY_BUDGET_USD: budget }: Settings, openai: OpenAiConfig | undefined, prices: PriceList): void {
  if (budget === undefined) return
  const model = [openai?.enhancement?.model, openai?.image?.model].find((used) => used !== undefined && priceOf(prices, used) === undefined)
  if (model !== undefined) throw new ConfigError(`TB_DALLE_DAILY_BUDGET_USD is set, but the price of ${model} is not known: name it in TB_DALLE_PRICES.`)
}

function validate (values: Record<string, string>, given: Record<string, string>): Settings {
  // The validator would turn blanks, hexadecimal numbers and Infinity into numbers too.
  const odd = SETTINGS.find(([name, { type }]) => {
    const text = values[name] ?? ''
    return (type === 'integer' && !/^\d*$/.test(text)) || (type === 'number' && !/^(?:\d+(?:\.\d+)?)?$/.test(text))
  })
  if (odd !== undefined) throw unusable(odd[0], values, given)
  try {
    return envSchema<Settings>({
      schema: ConfigSchema,
      data: values,
      env: false,
      ajv: {
        customOptions: (ajv) => ajv
          .addVocabulary(['flag', 'expected', 'defaultText', 'secret'])
          .addKeyword({ keyword: 'duration', type: 'string', validate: (_: true, text: string) => isTimerDuration(text) })
          .addKeyword({ keyword: 'httpUrl', type: 'string', validate: (_: true, text: string) => isHttpUrl(text) })
          .addKeyword({ keyword: 'prices', type: 'string', validate: (_: true, text: string) => parsePrices(text) !== undefined })
          .addKeyword({ keyword: 'otlpHeaders', type: 'string', validate: (_: true, text: string) => parseHeaders(text) !== undefined })
      }
    })
  } catch (error) {
    const [problem] = (error as { errors?: Array<{ instancePath: string }> }).errors ?? []
    const found = SETTINGS.find(([name]) => problem?.instancePath === `/${name}`)
    if (found === undefined) throw error
    throw unusable(found[0], values, given)
  }
}

function unusable (name: SettingName, values: Record<string, string>, given: Record<string, string>): ConfigError {
  const { flag, expected, secret } = SETTINGS.find(([known]) => known === name)![1]
  if (secret) return new ConfigError(`${name} cannot be used: it must be ${expected}.`)
  const value = JSON.stringify(values[name]!.replace(USER_INFO, '//…@').slice(0, SHOWN_CHARACTERS))
  return new ConfigError(`${name in given ? `--${flag}` : name} is ${value}: it must be ${expected}.`)
}

function isTimerDuration (text: string): boolean {
  const ms = parseDuration(text) ?? 0
  return ms > 0 && ms <= MAX_TIMER_MS
}

function isHttpUrl (text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === ''
}

/** The XDG base directory rule: a relative XDG_DATA_HOME is to be ignored. */
function defaultDataDir (env: Record<string, string | undefined>): string {
  const { XDG_DATA_HOME: xdg = '', HOME: home = '' } = env
  const base = isAbsolute(xdg) ? xdg : join(isAbsolute(home) ? home : homedir(), '.local', 'share')
  return resolve(base, 'trueblocks', 'dalle')
}

function readFlags (argv: string[]): { help: boolean, version: boolean, settings: Record<string, string> } {
  const flagged = new Map(SETTINGS.flatMap(([name, { flag }]) => flag === undefined ? [] : [[flag, name] as const]))
  const options = {
    help: { type: 'boolean', short: 'h' } as const,
    version: { type: 'boolean', short: 'v' } as const,
    ...Object.fromEntries([...flagged.keys()].map((flag) => [flag, { type: 'string' } as const]))
  }
  // Go's flag package also takes a single dash before a long name, so scripts written for the Go server do that.
  let isValue = false
  const args = argv.map((arg) => {
    const flag = !isValue && /^-[a-z]{2,}/.test(arg) ? `-${arg}` : arg
    isValue = !isValue && flagged.has(flag.slice(2))
    return flag
  })
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true })

  const settings: Record<string, string> = {}
  const asked = { help: false, version: false }
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') throw new ConfigError(`"${token.value}" is not expected: settings are flags such as --port 8080 (see --help).`)
    if (token.name === 'help' || token.name === 'version') {
      asked[token.name] = true
      continue
    }
    const name = flagged.get(token.name)
    if (name === undefined) throw new ConfigError(`${token.rawName} is not a flag of dalleserver: see --help.`)
    if (token.value === undefined || token.value === '') throw new ConfigError(`${token.rawName} needs a value.`)
    settings[name] = token.value
  }
  return { ...asked, settings }
}

function dropEmpty (values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''))
}

function helpText (version: string): string {
  const entry = (name: string, { flag, description, default: value, defaultText }: SettingOptions & { default?: string | number }) =>
    `  ${flag === undefined ? '' : `--${flag}, `}${name}\n      ${description} (default: ${value ?? defaultText})\n`
  return `dalleserver ${version}: one deterministic, captioned picture for every Ethereum address, over HTTP.

Usage: dalleserver [flags]

A flag wins over its environment variable, that over the same name in a .env file.

${SETTINGS.map(([name, options]) => entry(name, options)).join('')}  --version, -v
      Print the version and end
  --help, -h
      Print this and end
`
}

/** The text of .env.example: every setting with its help and default, commented out. */
export function envExample (): string {
  return SETTINGS
    .map(([name, { description, default: value, defaultText }]) =>
      `# ${description}${value === undefined ? ` (default: ${defaultText})` : ''}\n#${name}=${value ?? ''}\n`)
    .join('\n')
}
