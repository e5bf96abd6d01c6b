// The package: the service as a part of another Fastify application.
import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import type {
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  FastifySchema
} from 'fastify'
import app, { serverOptionsFor } from './app.ts'
import type { AppOptions } from './app.ts'
import { hostName, isLoopbackName } from './lib/access/hosts.ts'
import { ConfigError } from './lib/config/config-error.ts'
import type { Config } from './lib/config/config.ts'
import { OWN_PATHS } from './lib/config/decoders.ts'
import { hiddenTexts } from './lib/config/hidden.ts'
import { readOptions } from './lib/config/options.ts'
import type { ServiceSettings } from './lib/config/options.ts'
import { isServiceError } from './lib/errors.ts'
import type { Artist } from './lib/image/artist.ts'
import { createErrorSerializer, requestIdOf } from './lib/log.ts'
import { isAmount } from './lib/provider/own.ts'
import type { OwnProvider } from './lib/provider/own.ts'
import { PROVIDER_PATTERN } from './lib/schemas/progress.ts'
import type { IsLocal } from './plugins/http/access/index.ts'

export type { Artist, Composition, Drawing, DrawingContext } from './lib/image/artist.ts'
export type { ServiceSettings } from './lib/config/options.ts'
export type { DalleDress } from './lib/schemas/dress.ts'
export type { OwnImage, OwnProvider, OwnRequest, OwnText } from './lib/provider/own.ts'

/** The settings of the service by their names in camel case, and who draws. `prefix` is Fastify's. */
export type DalleserverOptions = ServiceSettings & {
  /** Draws in place of the built-in artist, from the dress of an address. */
  artist?: Artist
  /** A model provider that draws prompts. Its answers are kept, budgeted and never paid for twice. */
  provider?: OwnProvider
}

/** What `register` of Fastify adds to the options. */
interface RegisterOptions {
  prefix?: string
  logLevel?: string
  logSerializers?: unknown
}

const LOCAL = 'local'
/** The headers in which proxies report the client. */
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip']
/** Without a prefix, these belong to the application, as `/` does. */
const OF_APPLICATION = ['robots.txt', 'favicon.ico']
/** The part of the application's time for a plugin after which it goes on: requests then wait for the start. */
const PATIENCE = 0.8

/**
 * The service in another application: `app.register(dalleserver, { prefix: '/art', dataDir: '/var/lib/art' })`. It is a
 * Fastify instance of its own, to which the application passes the requests below the prefix, after its own hooks. So
 * neither sees the decorators, parsers, schemas, compilers and error handlers of the other.
 */
const dalleserver: FastifyPluginAsync<DalleserverOptions> = async (host, options) => {
  const limit = patienceOf(host)
  const {
    artist,
    provider,
    prefix: _,
    logLevel,
    logSerializers: __,
    ...settings
  } = options as DalleserverOptions & RegisterOptions
  checkArtists(artist, provider)
  if (/[:*]/.test(host.prefix)) {
    throw new ConfigError(`prefix is ${JSON.stringify(host.prefix)}: it must have no parameters.`)
  }
  const hasOwnProvider = provider !== undefined || (artist !== undefined && artist.provider !== LOCAL)
  const config = readOptions(settings, { basePath: host.prefix, hasOwnProvider })
  checkProvider(config, provider, settings)
  if (artist !== undefined && artist.provider !== LOCAL) checkPaidArtist(config)
  const asking = new WeakMap<IncomingMessage, FastifyRequest>()
  const service = Fastify({
    ...serverOptionsFor(config),
    trustProxy: false,
    genReqId: (raw) => requestIdOf(asking.get(raw)?.id),
    loggerInstance: host.log.child(
      { plugin: 'dalleserver' },
      {
        serializers: { err: createErrorSerializer(hiddenTexts(config)) },
        ...(logLevel !== undefined && { level: logLevel })
      }
    )
  })
  // The application decides whose X-Forwarded headers count.
  for (const name of ['ip', 'ips', 'host', 'protocol'] as const) {
    service.decorateRequest(name, {
      getter() {
        return asking.get(this.raw)?.[name]
      }
    })
  }
  const started = start(service, {
    config,
    isLocal: (request) => isOnLoopback(host) && (request === undefined || isFromThisMachine(request)),
    ...(artist && { artist }),
    ...(provider && { provider })
  })
  let ready: Promise<unknown> = started
  started.catch((error: unknown) => service.log.error({ err: error }, 'dalleserver could not start'))
  await Promise.race([started, limit])
  host.addHook('onReady', async () => {
    const limit = patienceOf(host)
    ready = started.then(async () => await service.ready())
    await Promise.race([ready, limit])
  })
  host.addHook('onListen', async () => {
    if (!config.costsMoney || isOnLoopback(host) || config.isOpen || config.apiTokens.length > 0) return
    service.log.warn('others can reach this application, so no run starts without a token: set apiTokens')
  })
  host.addHook('preClose', async () => await service.close())
  mount(host, async (request, reply) => {
    try {
      await ready
    } catch {
      // The log has the reason, which may name the data folder.
      return await reply.code(503).send({ error: 'The service could not start' })
    }
    reply.hijack()
    // What hooks of the application have set, such as headers of CORS.
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value)
    }
    const { raw } = request
    const { url } = raw
    // The service reads the URL without the prefix; hooks of the application that come later read all of it.
    for (const event of ['finish', 'close']) reply.raw.prependOnceListener(event, () => (raw.url = url))
    asking.set(raw, request)
    service.routing(raw, reply.raw)
  })
}

export default dalleserver

/** @throws ConfigError for an artist or a provider that cannot draw */
function checkArtists(artist: Artist | undefined, provider: OwnProvider | undefined): void {
  if (artist !== undefined && provider !== undefined) {
    throw new ConfigError('artist and provider are both given: remove one of them.')
  }
  if (artist !== undefined && typeof artist.compose !== 'function') {
    throw new ConfigError('artist has no function compose: it must be an Artist.')
  }
  if (provider !== undefined && typeof provider.draw !== 'function') {
    throw new ConfigError('provider has no function draw: it must be an OwnProvider.')
  }
  const [what, name] = provider
    ? ['provider.name', provider.name]
    : ['artist.provider', artist?.provider ?? LOCAL]
  if (!new RegExp(PROVIDER_PATTERN).test(name) || (provider !== undefined && name === LOCAL)) {
    throw new ConfigError(
      `${what} is ${JSON.stringify(name)}: it must be up to 32 of a-z, 0-9, _ and -, begin with a letter` +
        `${provider === undefined ? '.' : ', and not be local.'}`
    )
  }
}

/** @throws ConfigError where a limit is wanted: what an artist spends is not known */
function checkPaidArtist({ autostart, dailyLimits, isOpen }: Config): void {
  const wanted = {
    dailyBudgetUsd: dailyLimits.usd !== undefined,
    dailyImageLimit: dailyLimits.images !== undefined,
    open: isOpen,
    autostart
  }
  for (const [option, isSet] of Object.entries(wanted)) {
    if (!isSet) continue
    throw new ConfigError(
      `${option} is set, but what an artist spends is not counted: use provider in place of it.`
    )
  }
}

/** @throws ConfigError for two providers, and for a budget in USD that counts calls without a price */
function checkProvider(
  { dailyLimits, providers }: Config,
  provider: OwnProvider | undefined,
  { skipImage, noEnhance }: Partial<ServiceSettings>
): void {
  if (provider === undefined) return
  for (const [option, value] of Object.entries({ skipImage, noEnhance })) {
    if (value !== true && value !== '1') continue
    throw new ConfigError(
      `${option} is set, but a provider is given: leave ${option === 'skipImage' ? 'provider' : 'its enhance'} out.`
    )
  }
  if (providers.length > 0) {
    throw new ConfigError('provider and openaiApiKey or providers are both given: remove one of them.')
  }
  for (const [operation, price] of Object.entries(provider.prices ?? {})) {
    if (price === undefined || isAmount(price)) continue
    throw new ConfigError(
      `provider.prices.${operation} is ${String(price)}: it must be a number of USD from 0.`
    )
  }
  if (dailyLimits.usd === undefined) return
  for (const operation of ['draw', 'enhance'] as const) {
    if (provider[operation] === undefined || provider.prices?.[operation] !== undefined) continue
    throw new ConfigError(`dailyBudgetUsd is set, but provider.prices has no price of ${operation}: name it.`)
  }
}

/** Whether only this machine reaches the application. A socket in the file system is that of a proxy. */
function isOnLoopback(host: FastifyInstance): boolean {
  return host.addresses().every((bound) => typeof bound !== 'string' && isLoopbackName(bound.address))
}

/**
 * Whether a request is from this machine, by all that shows it. An application that does not listen itself has no
 * addresses, and one behind a proxy has only clients on this machine.
 */
function isFromThisMachine({ headers, host, isLoopback }: Parameters<IsLocal>[0] & object): boolean {
  const isForwarded = FORWARDING_HEADERS.some((name) => headers[name] !== undefined)
  return isLoopback === true && !isForwarded && isLoopbackName(hostName(host ?? '') ?? '')
}

/** Loads the service, which reads its data folder. */
async function start(service: FastifyInstance, options: AppOptions): Promise<void> {
  try {
    await service.register(app, options)
  } catch (error) {
    await service.close()
    if (!isServiceError(error)) throw error
    const reason = error.details ?? error.message
    throw new Error(`The data folder ${options.config.dataDir} cannot be used: ${reason}.`, { cause: error })
  }
}

/** Resolves shortly before the application gives up. Call it first: the time of the application runs from the call. */
async function patienceOf({ initialConfig: { pluginTimeout } }: FastifyInstance): Promise<unknown> {
  return pluginTimeout
    ? await sleep(PATIENCE * pluginTimeout, undefined, { ref: false })
    : new Promise(() => {})
}

/** Adds the routes that pass requests on. Their bodies are left to the service. */
function mount(
  host: FastifyInstance,
  pass: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
): void {
  host.removeAllContentTypeParsers()
  host.addContentTypeParser('*', (_request, _payload, done) => done(null))
  const paths = OWN_PATHS.filter((path) => !OF_APPLICATION.includes(path))
  const urls = host.prefix === '' ? paths.flatMap((path) => [`/${path}`, `/${path}/*`]) : ['/', '/*']
  for (const url of urls) {
    host.route({
      url,
      method: host.supportedMethods,
      exposeHeadRoute: false,
      // Leaves them out of the documentation of the application: the service has its own.
      schema: { hide: true } as FastifySchema,
      handler: pass
    })
  }
}
