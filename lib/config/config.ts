import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { exposedBy } from '../access/exposure.ts'
import type { ApiToken } from '../access/tokens.ts'
import type { DailyLimits } from '../engine/engine.ts'
import type { HandOver } from '../hand-over.ts'
import type { S3Config } from '../storage/s3.ts'
import type { ProviderConfig } from '../provider/operations.ts'
import { priceOf } from '../provider/prices.ts'
import type { Proxies } from '../provider/proxies.ts'
import type { TracingConfig } from '../tracing/collector.ts'
import { ConfigError } from './config-error.ts'
import { decode } from './decode.ts'
import type { Role } from './engine-settings.ts'
import { readMetricsAccess } from './metrics-tokens.ts'
import { readProviders } from './providers.ts'
import { readSecretFiles } from './secret-files.ts'
import type { Settings } from './settings.ts'

export { ConfigError }

/** Of a server, by default: less than the 10 s of open requests. */
const STOP_GRACE_MS = 8_000

/**
 * The configuration of the service. Durations are in milliseconds, paths are absolute, and the object is
 * frozen.
 */
export interface Config {
  readonly port: number
  readonly host: string
  /** The port that serves /metrics and /errors apart; undefined leaves them on the main port. */
  readonly metricsPort: number | undefined
  readonly dataDir: string
  /** URL of the database that several processes share; undefined keeps everything in the data folder. */
  readonly databaseUrl: string | undefined
  readonly role: Role
  /** The bucket that keeps the pictures; undefined keeps them in the data folder. */
  readonly s3: S3Config | undefined
  readonly lockTtlMs: number
  /** How long runs that work may go on when the process stops. */
  readonly stopGraceMs: number
  readonly concurrency: number
  readonly queueLimit: number
  readonly failureHoldMs: number
  readonly archiveRuns: boolean
  readonly embedPrompt: boolean
  /** A request that changes something must send one of these; without any, no request needs a token. */
  readonly apiTokens: readonly ApiToken[]
  /** Whether anybody may start runs, also from outside and where there are tokens. */
  readonly isOpen: boolean
  /** Whether a plain GET of a missing picture starts its run. */
  readonly autostart: boolean
  /** Host names that are answered besides those of loopback, as `hostName` of lib/access writes them. */
  readonly hosts: readonly string[]
  /** The URL under which clients reach the server. */
  readonly publicUrl: string | undefined
  /** Whether an address with a wrong checksum (EIP-55) is refused. */
  readonly strictChecksum: boolean
  /** The path under which clients reach the service, without a slash at its end; empty for the root. */
  readonly basePath: string
  /** Origins whose pages may change something. */
  readonly corsOrigins: readonly string[]
  /** Origins whose pages may show the page of a picture in a frame; `*` for all. */
  readonly frameAncestors: readonly string[]
  /** Whether /metrics, /errors and the full /health need a token. */
  readonly metricsNeedToken: boolean
  /** Tokens that read these and change nothing. */
  readonly metricsTokens: readonly ApiToken[]
  /** The beginning of the URL of an address at a block explorer; undefined where pages do not link to one. */
  readonly explorerUrl: string | undefined
  /** Addresses or networks of proxies whose X-Forwarded-For counts. */
  readonly trustedProxies: readonly string[]
  /** How a proxy is told which pictures it sends; undefined where the server sends all of them. */
  readonly handOver: HandOver | undefined
  readonly clientLimits: ClientLimits
  /** Bytes of memory for files that are sent often. */
  readonly memoryBytes: number
  readonly cacheBytes: number
  /** Free megabytes (10^6 bytes) below which no run starts; undefined takes the default of the volume. */
  readonly minFreeMb: number | undefined
  /** Finished pictures from which on no run for a new one starts; undefined is no limit. */
  readonly maxPictures: number | undefined
  /** How long replaced and removed pictures stay in `archives/`; 0 keeps them for ever. */
  readonly archiveDays: number
  /** Whether the process ends, in place of waiting, when another process works on the data folder. */
  readonly noWait: boolean
  /** The providers in the order in which they are asked; none without a key. */
  readonly providers: readonly ProviderConfig[]
  /** Whether runs may cost money: there is a provider, or an application brings one of its own. */
  readonly costsMoney: boolean
  /** Their names; `openai` where there are none, so that its metrics exist. */
  readonly providerNames: readonly string[]
  /** Absent where providers are reached directly. */
  readonly proxies?: Proxies
  /** Whether a drawing whose answer was lost is repeated once, at the risk of paying twice. */
  readonly repeatsLostDrawings: boolean
  /** Whether the built-in artist draws a stand-in while the provider is not available. */
  readonly drawsStandIn: boolean
  readonly dailyLimits: DailyLimits
  readonly revision: string
  /** Absent where no traces are sent. */
  readonly tracing?: TracingConfig
  readonly logLevel: string
  /** Undefined takes what fits the output. */
  readonly logFormat: 'pretty' | 'json' | undefined
}

/** What one client may have. Undefined is no limit. */
export interface ClientLimits {
  /** Runs that are started in a minute. */
  readonly runs: number | undefined
  /** Open connections. */
  readonly connections: number | undefined
  /** Open event streams. */
  readonly streams: number | undefined
  /** Requests that wait for the end of a run. */
  readonly waiters: number | undefined
}

/** What the command line says besides the settings. */
export interface Switches {
  noWait?: boolean
  /** Whether another application brings a provider of its own, which may cost money. */
  hasOwnProvider?: boolean
  /** Where another application has the service. */
  basePath?: string
}

/**
 * Creates the configuration.
 * @param values the settings by the name of their variable
 * @param given the settings that came as flags, so that an error names the flag
 * @param switches the flags that have no value and no variable
 * @throws ConfigError
 */
export function createConfig(
  values: Record<string, string | undefined>,
  given: Record<string, string> = {},
  { noWait = false, hasOwnProvider = false, basePath }: Switches = {}
): Config {
  const present = readSecretFiles(dropEmpty(withProxies(values)))
  const settings = decode(present, (name, { flag }) => (name in given ? `--${flag}` : name))
  const providers = readProviders(settings, present)
  const proxies = proxiesOf(settings)
  checkBudget(settings, providers)
  checkAccess(
    settings,
    given,
    providers.length > 0 ? keyOf(settings) : hasOwnProvider ? 'provider' : undefined,
    basePath !== undefined
  )
  checkPorts(settings)
  checkRole(settings)
  return Object.freeze({
    port: settings.TB_DALLE_PORT,
    host: settings.TB_DALLE_HOST,
    metricsPort: settings.TB_DALLE_METRICS_PORT,
    dataDir:
      settings.TB_DALLE_DATA_DIR === undefined ? defaultDataDir(values) : resolve(settings.TB_DALLE_DATA_DIR),
    databaseUrl: settings.TB_DALLE_DATABASE_URL,
    role: settings.TB_DALLE_ROLE,
    s3: readS3(settings),
    lockTtlMs: settings.TB_DALLE_LOCK_TTL,
    stopGraceMs: settings.TB_DALLE_STOP_GRACE ?? defaultStopGraceMs(settings),
    concurrency: settings.TB_DALLE_CONCURRENCY,
    queueLimit: settings.TB_DALLE_QUEUE_LIMIT,
    failureHoldMs: settings.TB_DALLE_FAILURE_HOLD,
    archiveRuns: settings.TB_DALLE_ARCHIVE_RUNS,
    embedPrompt: settings.TB_DALLE_EMBED_PROMPT,
    apiTokens: settings.TB_DALLE_API_TOKENS ?? [],
    isOpen: settings.TB_DALLE_OPEN,
    autostart: settings.TB_DALLE_AUTOSTART,
    hosts: settings.TB_DALLE_HOSTS ?? [],
    publicUrl: settings.TB_DALLE_PUBLIC_URL,
    strictChecksum: settings.TB_DALLE_STRICT_CHECKSUM,
    basePath: basePath ?? settings.TB_DALLE_BASE_PATH ?? '',
    corsOrigins: settings.TB_DALLE_CORS_ORIGINS ?? [],
    frameAncestors: settings.TB_DALLE_FRAME_ANCESTORS ?? [],
    ...readMetricsAccess(settings),
    explorerUrl: settings.TB_DALLE_EXPLORER_URL || undefined,
    trustedProxies: settings.TB_DALLE_TRUSTED_PROXIES ?? [],
    handOver: readHandOver(settings),
    clientLimits: {
      runs: settings.TB_DALLE_CLIENT_RUNS || undefined,
      connections: settings.TB_DALLE_CLIENT_CONNECTIONS || undefined,
      streams: settings.TB_DALLE_CLIENT_STREAMS || undefined,
      waiters: settings.TB_DALLE_CLIENT_WAITERS || undefined
    },
    memoryBytes: settings.TB_DALLE_MEMORY_MB * 1_000_000,
    cacheBytes: settings.TB_DALLE_CACHE_MB * 1_000_000,
    minFreeMb: settings.TB_DALLE_MIN_FREE_MB,
    maxPictures: settings.TB_DALLE_MAX_PICTURES || undefined,
    archiveDays: settings.TB_DALLE_ARCHIVE_DAYS,
    noWait,
    providers,
    costsMoney: providers.length > 0 || hasOwnProvider,
    providerNames: providers.length > 0 ? providers.map(({ name }) => name) : ['openai'],
    ...(proxies && { proxies }),
    repeatsLostDrawings: settings.TB_DALLE_IMAGE_RETRY_ON_TIMEOUT,
    drawsStandIn:
      (hasOwnProvider || providers.some(({ image }) => image !== undefined)) &&
      settings.TB_DALLE_FALLBACK === 'local',
    dailyLimits: { usd: settings.TB_DALLE_DAILY_BUDGET_USD, images: settings.TB_DALLE_DAILY_IMAGE_LIMIT },
    revision: settings.TB_DALLE_REVISION,
    ...(settings.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined && {
      tracing: {
        endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
        headers: settings.OTEL_EXPORTER_OTLP_HEADERS ?? {},
        serviceName: settings.OTEL_SERVICE_NAME
      }
    }),
    logLevel: settings.LOG_LEVEL,
    logFormat: settings.TB_DALLE_LOG_FORMAT
  })
}

/** A drawing is paid for when its call begins. No client waits for a worker, so it ends its calls. */
function defaultStopGraceMs({ TB_DALLE_ROLE: role, TB_DALLE_LOCK_TTL: lockTtlMs }: Settings): number {
  return role === 'worker' ? lockTtlMs : STOP_GRACE_MS
}

/** Only a database ties the processes of different roles together. */
function checkRole({ TB_DALLE_ROLE: role, TB_DALLE_DATABASE_URL: url }: Settings): void {
  if (role === 'all' || url !== undefined) return
  throw new ConfigError(
    `TB_DALLE_ROLE is "${role}": it needs TB_DALLE_DATABASE_URL, the database of all processes.`
  )
}

/** A bucket has no order of changes: the database of all processes says which object is a file now. */
function readS3(settings: Settings): S3Config | undefined {
  const { TB_DALLE_S3_URL: url, TB_DALLE_S3_REGION: region } = settings
  const { TB_DALLE_S3_ACCESS_KEY_ID: accessKeyId, TB_DALLE_S3_SECRET_ACCESS_KEY: secretAccessKey } = settings
  if (url === undefined) {
    const key = (['TB_DALLE_S3_ACCESS_KEY_ID', 'TB_DALLE_S3_SECRET_ACCESS_KEY'] as const).find(
      (name) => settings[name] !== undefined
    )
    if (key === undefined) return undefined
    throw new ConfigError(`${key} is set, but TB_DALLE_S3_URL, the bucket that it is for, is not.`)
  }
  if (settings.TB_DALLE_DATABASE_URL === undefined) {
    throw new ConfigError(
      'TB_DALLE_S3_URL is set: it needs TB_DALLE_DATABASE_URL, the database of all processes.'
    )
  }
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new ConfigError(
      'TB_DALLE_S3_URL is set: it needs TB_DALLE_S3_ACCESS_KEY_ID and TB_DALLE_S3_SECRET_ACCESS_KEY.'
    )
  }
  return { url, region, accessKeyId, secretAccessKey }
}

/** A proxy reads one of the two headers, and a client must never see the other one. */
function readHandOver({
  TB_DALLE_ACCEL_REDIRECT: accel,
  TB_DALLE_SENDFILE: sendfile
}: Settings): HandOver | undefined {
  if (accel !== undefined && sendfile !== undefined) {
    throw new ConfigError(
      'TB_DALLE_ACCEL_REDIRECT and TB_DALLE_SENDFILE are both set: choose the first one for nginx or Caddy, ' +
        'the second one for Apache or lighttpd.'
    )
  }
  if (accel !== undefined) return { header: 'X-Accel-Redirect', folder: accel }
  return sendfile === undefined ? undefined : { header: 'X-Sendfile', folder: sendfile }
}

/** Proxies are also named in lower case, which has precedence, as in curl. */
function withProxies(values: Record<string, string | undefined>): Record<string, string | undefined> {
  const { https_proxy: https, http_proxy: http, no_proxy: except } = values
  return {
    ...values,
    HTTPS_PROXY: https || values.HTTPS_PROXY,
    HTTP_PROXY: http || values.HTTP_PROXY,
    NO_PROXY: except || values.NO_PROXY
  }
}

function proxiesOf({ HTTP_PROXY: http, HTTPS_PROXY: https, NO_PROXY: except = '' }: Settings) {
  return http === undefined && https === undefined ? undefined : { http, https, except }
}

/** A budget in USD needs the price of every model in use. */
function checkBudget(
  { TB_DALLE_DAILY_BUDGET_USD: budget }: Settings,
  providers: readonly ProviderConfig[]
): void {
  if (budget === undefined) return
  for (const { enhancement, image, prices } of providers) {
    const model = [enhancement?.model, image?.model].find(
      (used) => used !== undefined && priceOf(prices, used) === undefined
    )
    if (model !== undefined) {
      throw new ConfigError(
        `TB_DALLE_DAILY_BUDGET_USD is set, but the price of ${model} is not known: name it in TB_DALLE_PRICES.`
      )
    }
  }
}

/** The setting that names who is paid. */
function keyOf({ TB_DALLE_PROVIDERS: file }: Settings): string {
  return file === undefined ? 'OPENAI_API_KEY' : 'TB_DALLE_PROVIDERS'
}

/**
 * With a key, a server that others can reach spends money: only for clients with a token, or up to a daily limit.
 * @param key names who is paid; undefined without one
 * @param isEmbedded whether another application decides who can reach the service
 */
function checkAccess(
  settings: Settings,
  given: Record<string, string>,
  key: string | undefined,
  isEmbedded: boolean
): void {
  const hasTokens = settings.TB_DALLE_API_TOKENS !== undefined
  const exposure = exposedBy({
    host: settings.TB_DALLE_HOST,
    hosts: settings.TB_DALLE_HOSTS ?? [],
    trustedProxies: settings.TB_DALLE_TRUSTED_PROXIES ?? [],
    publicUrl: settings.TB_DALLE_PUBLIC_URL
  })
  if (key === undefined) return
  const { TB_DALLE_DAILY_BUDGET_USD: usd, TB_DALLE_DAILY_IMAGE_LIMIT: images } = settings
  const limits = 'TB_DALLE_DAILY_BUDGET_USD or TB_DALLE_DAILY_IMAGE_LIMIT'
  const isUnlimited = usd === undefined && images === undefined
  if (settings.TB_DALLE_AUTOSTART && isUnlimited) {
    throw new ConfigError(
      `TB_DALLE_AUTOSTART is 1 and ${key} is set, so every request for a picture could spend money: ` +
        `set ${limits} too.`
    )
  }
  if (exposure === undefined && !isEmbedded) return
  if (settings.TB_DALLE_OPEN && isUnlimited) {
    throw new ConfigError(
      `TB_DALLE_OPEN is 1, so anybody could spend money without a limit: set ${limits} too.`
    )
  }
  if (settings.TB_DALLE_OPEN || hasTokens || exposure === undefined) return
  const name = exposure.name in given ? '--host' : exposure.name
  throw new ConfigError(
    `${name} is ${JSON.stringify(exposure.value)} and ${key} is set, so anybody could spend money: ` +
      `set TB_DALLE_API_TOKENS, or TB_DALLE_OPEN=1 with ${limits}.`
  )
}

function checkPorts({ TB_DALLE_PORT: port, TB_DALLE_METRICS_PORT: metricsPort }: Settings): void {
  if (metricsPort !== port || port === 0) return
  throw new ConfigError(
    `TB_DALLE_METRICS_PORT is "${metricsPort}", the port of everything else: choose another one, or leave it out.`
  )
}

/** By the XDG base directory specification, a relative XDG_DATA_HOME is ignored. */
function defaultDataDir(env: Record<string, string | undefined>): string {
  const { XDG_DATA_HOME: xdg = '', HOME: home = '' } = env
  const base = isAbsolute(xdg) ? xdg : join(isAbsolute(home) ? home : homedir(), '.local', 'share')
  return resolve(base, 'trueblocks', 'dalle')
}

/** Settings in which an empty text means something. */
const MAY_BE_EMPTY = new Set(['TB_DALLE_EXPLORER_URL'])

/**
 * The settings that have a value; an empty text counts as absent in most.
 * @throws ConfigError for empty tokens: the server would be open, while its operator believes that it is not
 */
export function dropEmpty(values: Record<string, string | undefined>): Record<string, string> {
  if (values.TB_DALLE_API_TOKENS === '') {
    throw new ConfigError(
      'TB_DALLE_API_TOKENS is empty: name at least one token, or remove the variable if no request shall need one.'
    )
  }
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && (entry[1] !== '' || MAY_BE_EMPTY.has(entry[0]))
    )
  )
}
