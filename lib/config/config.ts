import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { envSchema } from 'env-schema'
import { MAX_TIMER_MS, parseDuration } from './duration.ts'
import { ConfigSchema, SETTINGS } from './settings.ts'
import type { SettingName, Settings } from './settings.ts'
import { KNOWN_PRICES, parsePrices, priceOf } from '../provider/prices.ts'
import type { PriceList } from '../provider/prices.ts'
import { parseHeaders } from '../tracing/headers.ts'

const SHOWN_CHARACTERS = 100
/** The user name and password in a URL. */
const USER_INFO = /\/\/[^/@]*@/

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

/**
 * The configuration from settings by their variable's name.
 * @param given those that came as flags, so that an error names the flag
 * @throws ConfigError
 */
export function createConfig(
  values: Record<string, string | undefined>,
  given: Record<string, string> = {}
): Config {
  const settings = validate(dropEmpty(values), given)
  const openai = openAiConfig(settings)
  const prices = { ...KNOWN_PRICES, ...parsePrices(settings.TB_DALLE_PRICES ?? '{}') }
  checkBudget(settings, openai, prices)
  return Object.freeze({
    port: settings.TB_DALLE_PORT,
    host: settings.TB_DALLE_HOST,
    dataDir:
      settings.TB_DALLE_DATA_DIR === undefined ? defaultDataDir(values) : resolve(settings.TB_DALLE_DATA_DIR),
    lockTtlMs: parseDuration(settings.TB_DALLE_LOCK_TTL)!,
    concurrency: settings.TB_DALLE_CONCURRENCY,
    queueLimit: settings.TB_DALLE_QUEUE_LIMIT,
    failureHoldMs: parseDuration(settings.TB_DALLE_FAILURE_HOLD)!,
    archiveRuns: settings.TB_DALLE_ARCHIVE_RUNS === '1',
    embedPrompt: settings.TB_DALLE_EMBED_PROMPT === '1',
    apiTokens: Object.freeze(settings.TB_DALLE_API_TOKENS?.split(',').map((token) => token.trim()) ?? []),
    cacheBytes: settings.TB_DALLE_CACHE_MB * 1_000_000,
    ...(openai && { openai }),
    drawsStandIn: openai?.image !== undefined && settings.TB_DALLE_FALLBACK === 'local',
    prices,
    dailyLimits: { usd: settings.TB_DALLE_DAILY_BUDGET_USD, images: settings.TB_DALLE_DAILY_IMAGE_LIMIT },
    revision: settings.TB_DALLE_REVISION,
    ...(settings.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined && {
      tracing: {
        endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
        headers: parseHeaders(settings.OTEL_EXPORTER_OTLP_HEADERS ?? '') ?? {},
        serviceName: settings.OTEL_SERVICE_NAME
      }
    }),
    logLevel: settings.LOG_LEVEL
  })
}

function openAiConfig(settings: Settings): OpenAiConfig | undefined {
  if (settings.OPENAI_API_KEY === undefined) return undefined
  return {
    apiKey: settings.OPENAI_API_KEY,
    baseUrl: settings.OPENAI_BASE_URL,
    ...(settings.TB_DALLE_NO_ENHANCE === '0' && {
      enhancement: {
        model: settings.TB_DALLE_ENHANCEMENT_MODEL,
        seed: settings.TB_DALLE_ENHANCEMENT_SEED,
        temperature: settings.TB_DALLE_ENHANCEMENT_TEMPERATURE,
        url: settings.TB_DALLE_ENHANCEMENT_URL,
        timeoutMs: parseDuration(settings.TB_DALLE_ENHANCEMENT_TIMEOUT)!
      }
    }),
    ...(settings.TB_DALLE_SKIP_IMAGE === '0' && {
      image: {
        model: settings.TB_DALLE_IMAGE_MODEL,
        quality: settings.TB_DALLE_IMAGE_QUALITY,
        style: settings.TB_DALLE_IMAGE_STYLE,
        url: settings.TB_DALLE_IMAGE_URL,
        timeoutMs: parseDuration(settings.TB_DALLE_IMAGE_TIMEOUT)!,
        retryOnTimeout: settings.TB_DALLE_IMAGE_RETRY_ON_TIMEOUT === '1',
        partialImages: settings.TB_DALLE_PARTIAL_IMAGES
      }
    })
  }
}

/** A budget can only be kept where every call has a price. */
function checkBudget(
  { TB_DALLE_DAILY_BUDGET_USD: budget }: Settings,
  openai: OpenAiConfig | undefined,
  prices: PriceList
): void {
  if (budget === undefined) return
  const model = [openai?.enhancement?.model, openai?.image?.model].find(
    (used) => used !== undefined && priceOf(prices, used) === undefined
  )
  if (model !== undefined) {
    throw new ConfigError(
      `TB_DALLE_DAILY_BUDGET_USD is set, but the price of ${model} is not known: name it in TB_DALLE_PRICES.`
    )
  }
}

function validate(values: Record<string, string>, given: Record<string, string>): Settings {
  // The validator would turn blanks, hexadecimal numbers and Infinity into numbers too.
  const odd = SETTINGS.find(([name, { type }]) => {
    const text = values[name] ?? ''
    return (
      (type === 'integer' && !/^\d*$/.test(text)) || (type === 'number' && !/^(?:\d+(?:\.\d+)?)?$/.test(text))
    )
  })
  if (odd !== undefined) throw unusable(odd[0], values, given)
  try {
    return envSchema<Settings>({
      schema: ConfigSchema,
      data: values,
      env: false,
      ajv: {
        customOptions: (ajv) =>
          ajv
            .addVocabulary(['flag', 'expected', 'defaultText', 'secret'])
            .addKeyword({
              keyword: 'duration',
              type: 'string',
              validate: (_: true, text: string) => isTimerDuration(text)
            })
            .addKeyword({
              keyword: 'httpUrl',
              type: 'string',
              validate: (_: true, text: string) => isHttpUrl(text)
            })
            .addKeyword({
              keyword: 'prices',
              type: 'string',
              validate: (_: true, text: string) => parsePrices(text) !== undefined
            })
            .addKeyword({
              keyword: 'otlpHeaders',
              type: 'string',
              validate: (_: true, text: string) => parseHeaders(text) !== undefined
            })
      }
    })
  } catch (error) {
    const [problem] = (error as { errors?: Array<{ instancePath: string }> }).errors ?? []
    const found = SETTINGS.find(([name]) => problem?.instancePath === `/${name}`)
    if (found === undefined) throw error
    throw unusable(found[0], values, given)
  }
}

function unusable(
  name: SettingName,
  values: Record<string, string>,
  given: Record<string, string>
): ConfigError {
  const { flag, expected, secret } = SETTINGS.find(([known]) => known === name)![1]
  if (secret) return new ConfigError(`${name} cannot be used: it must be ${expected}.`)
  const value = JSON.stringify(values[name]!.replace(USER_INFO, '//…@').slice(0, SHOWN_CHARACTERS))
  return new ConfigError(`${name in given ? `--${flag}` : name} is ${value}: it must be ${expected}.`)
}

function isTimerDuration(text: string): boolean {
  const ms = parseDuration(text) ?? 0
  return ms > 0 && ms <= MAX_TIMER_MS
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === ''
}

/** The XDG base directory rule: a relative XDG_DATA_HOME is to be ignored. */
function defaultDataDir(env: Record<string, string | undefined>): string {
  const { XDG_DATA_HOME: xdg = '', HOME: home = '' } = env
  const base = isAbsolute(xdg) ? xdg : join(isAbsolute(home) ? home : homedir(), '.local', 'share')
  return resolve(base, 'trueblocks', 'dalle')
}

/** The settings that have a value: an empty one counts as absent. */
export function dropEmpty(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''
    )
  )
}
