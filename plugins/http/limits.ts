import rateLimit from '@fastify/rate-limit'
import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit'
import fp from 'fastify-plugin'
import type { FastifyRequest } from 'fastify'
import { systemClock } from '../../lib/clock.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Config } from '../../lib/config/config.ts'
import { errors } from '../../lib/errors.ts'
import type { ServiceError } from '../../lib/errors.ts'
import { createLastUsed } from '../../lib/last-used.ts'
import type { ClientLimit } from '../../lib/metrics/service.ts'
import { createShares } from '../../lib/shares.ts'
import type { Shares } from '../../lib/shares.ts'
import { networkOf } from './client.ts'

declare module 'fastify' {
  interface FastifyInstance {
    limits: {
      /**
       * Counts a run that is about to start.
       * @throws RATE_LIMITED when its client has started too many
       */
      countRun: (request: FastifyRequest) => Promise<void>
      /**
       * Counts a run that is about to start for a batch. Batches leave a quarter of the limit to their client.
       * @throws RATE_LIMITED when the client has started too many
       */
      countBatchRun: (client: BatchClient) => Promise<void>
      /** Runs that the batches of a client may start in a minute; undefined is no limit. */
      batchRunsPerMinute: (client: BatchClient) => number | undefined
      /** Counts a wrong token. Resolves with the error that answers it, when its address has sent too many. */
      countWrongToken: (request: FastifyRequest) => Promise<ServiceError | undefined>
      /**
       * Takes a place for an event stream. The result gives it back.
       * @throws RATE_LIMITED when the client has all of its share
       */
      takeStream: (request: FastifyRequest) => () => void
      /**
       * Takes a place for a picture that is converted to another size or format. The result gives it back.
       * @throws RATE_LIMITED when the client has all of its share
       */
      takeConversion: (request: FastifyRequest) => () => void
      /**
       * Takes a place for a request that waits for the end of a run, once for each request, until its response ends.
       * @throws RATE_LIMITED when the client has all of its share
       */
      takeWaiter: (request: FastifyRequest, reply: FastifyReply) => void
    }
  }
}

/** Who has asked for a batch: the `clientId` of its request, and whether it came from this machine. */
export interface BatchClient {
  client: string
  isLoopback: boolean
}

const WINDOW_MS = 60_000
/** The part of its runs that batches of a client may start. */
const BATCH_SHARE = 3 / 4
/** A client that mistypes its token sends few. A valid token is accepted in any case. */
const WRONG_TOKENS = 60
/** Pictures that may be converted for one client at the same time: more than a page of the gallery shows. */
const CONVERSIONS = 100
/** Clients that are counted. With more, those that came first are forgotten. */
const COUNTED_CLIENTS = 10_000
/** Seconds after which a stream or a waiting request may have ended. */
const RETRY_SECONDS = 5

export interface LimitsPluginOptions {
  /** The clock of the limits per minute. */
  limitsClock?: Pick<Clock, 'now'>
}

/**
 * `fastify.limits`: what one client may have. Without a key, clients on this machine have no limit: they cost nobody
 * anything. Wrong tokens are counted by address, because they name no client.
 */
export default fp<LimitsPluginOptions & { config: Config }>(
  async (fastify, { config, limitsClock = systemClock }) => {
    const { runs, streams, waiters } = config.clientLimits
    const hasNoLimit = ({ isLoopback }: Pick<BatchClient, 'isLoopback'>) => !config.costsMoney && isLoopback
    const batchRuns = (client: BatchClient) =>
      runs === undefined || hasNoLimit(client) ? undefined : Math.max(1, Math.floor(runs * BATCH_SHARE))

    function refused(limit: ClientLimit, details: string, retryAfter: number): ServiceError {
      fastify.metrics.recordClientLimit(limit)
      return errors.rateLimited(`${details}; ask again in ${retryAfter} s`, retryAfter)
    }

    function take(shares: Shares, request: FastifyRequest, limit: ClientLimit, details: string): () => void {
      if (hasNoLimit(request)) return () => {}
      const leave = shares.take(request.clientId)
      if (leave === undefined) throw refused(limit, details, RETRY_SECONDS)
      return leave
    }

    // In a context of its own, so that its decorators do not meet those of an app in which the service is registered.
    await fastify.register(async (context) => {
      await context.register(rateLimit, { global: false, store: storeOf(limitsClock) })
      const perMinute = { timeWindow: WINDOW_MS }
      const startedRuns = context.createRateLimit({
        ...perMinute,
        max: runs ?? 0,
        keyGenerator: ({ clientId }) => clientId
      })
      const wrongTokens = context.createRateLimit({
        ...perMinute,
        max: WRONG_TOKENS,
        keyGenerator: ({ clientAddress }) => networkOf(clientAddress)
      })
      const openStreams = createShares(streams)
      const waitingRequests = createShares(waiters)
      const conversions = createShares(CONVERSIONS)
      const waiting = new WeakSet<FastifyRequest>()

      fastify.decorate('limits', {
        async countRun(request) {
          if (runs === undefined || hasNoLimit(request)) return
          const count = await startedRuns(request)
          if (count.isAllowed || !count.isExceeded) return
          throw refused('runs', `A client may start ${runs} runs in a minute`, count.ttlInSeconds)
        },

        batchRunsPerMinute: batchRuns,

        async countBatchRun(client) {
          const limit = batchRuns(client)
          if (limit === undefined || runs === undefined) return
          // There is no request any more: only its client counts.
          const asker = { clientId: client.client, routeOptions: {} } as FastifyRequest
          const before = await startedRuns(asker, { increment: false })
          if (!before.isAllowed && runs - before.remaining >= limit) {
            throw errors.rateLimited(
              `The batches of a client may start ${limit} runs in a minute`,
              before.ttlInSeconds
            )
          }
          await startedRuns(asker)
        },

        async countWrongToken(request) {
          const count = await wrongTokens(request)
          if (count.isAllowed || !count.isExceeded) return undefined
          return refused('tokens', 'This address has sent too many wrong tokens', count.ttlInSeconds)
        },

        takeConversion: (request) =>
          take(
            conversions,
            request,
            'conversions',
            `A client may have ${CONVERSIONS} pictures converted at the same time`
          ),
        takeStream: (request) =>
          take(openStreams, request, 'streams', `A client may have ${streams} event streams open`),

        takeWaiter(request, { raw }) {
          if (waiting.has(request)) return
          const details = `A client may have ${waiters} requests wait for runs`
          const leave = take(waitingRequests, request, 'waiters', details)
          waiting.add(request)
          raw.once('finish', leave).once('close', leave)
        }
      })
    })
  },
  { name: 'limits', dependencies: ['client'], fastify: '5.x' }
)

/** A store for @fastify/rate-limit, whose own store reads the time of day, which may jump. */
function storeOf(clock: Pick<Clock, 'now'>): FastifyRateLimitStoreCtor {
  // The types of the plugin lack `read`, with which it looks at a count.
  const createStore = (): FastifyRateLimitStore & { read: FastifyRateLimitStore['incr'] } => {
    const windows = createLastUsed<string, { begin: number; current: number }>(COUNTED_CLIENTS)
    const windowOf = (key: string, windowMs: number) => {
      const known = windows.get(key)
      const isOver = known === undefined || clock.now() - known.begin >= windowMs
      return isOver ? { begin: clock.now(), current: 0 } : known
    }
    return {
      incr(key, callback, windowMs = WINDOW_MS) {
        const window = windowOf(key, windowMs)
        window.current += 1
        windows.set(key, window)
        callback(null, { current: window.current, ttl: window.begin + windowMs - clock.now() })
      },
      read(key, callback, windowMs = WINDOW_MS) {
        const { begin, current } = windowOf(key, windowMs)
        callback(null, { current, ttl: begin + windowMs - clock.now() })
      },
      child: createStore
    }
  }
  // The plugin calls it with `new`.
  return function () {
    return createStore()
  } as unknown as FastifyRateLimitStoreCtor
}
