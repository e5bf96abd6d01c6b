import { BlockList, isIP } from 'node:net'
import fp from 'fastify-plugin'
import type { StreamClock } from '../../../lib/clock.ts'
import type { Config } from '../../../lib/config/config.ts'
import { connectionsFor, descriptorLimit } from '../../../lib/descriptors.ts'
import { errors } from '../../../lib/errors.ts'
import { isLoopback } from '../client.ts'
import { createClientShares } from './client-shares.ts'
import { LIMITS, createConnectionLimits } from './limits.ts'
import type { ConnectionLimits } from './limits.ts'
import { createRegistry } from './registry.ts'
import { createGracefulStop } from './stop.ts'

declare module 'fastify' {
  interface FastifyInstance {
    connections: {
      /** Resolves when the listener should close: open requests are answered, and nothing new comes. */
      drain: () => Promise<void>
      /** Connections at the same time. */
      max: number
      /** Event streams at the same time: half of the connections. */
      maxStreams: number
      /** Whether one more request may wait for the end of a run: they take at most a quarter of the connections. */
      mayWait: () => boolean
      /** Counts a request that waits, until the result is called. */
      startWaiting: () => () => void
    }
  }
}

const STREAMS_SHARE = 1 / 2
const WAITERS_SHARE = 1 / 4
const RETRY_SECONDS = 5
/** Between two log lines that the server is full. */
const WARN_INTERVAL_MS = 60_000

export interface ConnectionsPluginOptions {
  /** How long open requests may continue when the server stops, in milliseconds. */
  requestGraceMs?: number
  /** Limits that differ from the default ones. */
  connectionLimits?: Partial<ConnectionLimits>
  /** The clock of these limits. */
  connectionClock?: StreamClock
}

/**
 * `fastify.connections`: limits the connections of the server, answers the requests of each one after another, and ends
 * them without resetting a request when the server stops.
 */
export default fp<ConnectionsPluginOptions & { config: Config }>(
  async (fastify, { config, requestGraceMs, connectionLimits, connectionClock }) => {
    const { server, log } = fastify
    const limits = { ...LIMITS, max: connectionsFor(descriptorLimit()), ...connectionLimits }
    const registry = createRegistry(server, connectionClock)
    const stop = createGracefulStop(server, registry, { requestGraceMs, workGraceMs: config.stopGraceMs })
    let warnedAt = -Infinity
    let waiters = 0
    createConnectionLimits({
      server,
      registry,
      limits,
      base: config.basePath,
      ...(connectionClock && { clock: connectionClock }),
      onClose(reason, { remoteAddress: client }) {
        fastify.metrics.recordClosedConnection(reason)
        log.debug({ reason, client }, 'a connection is closed')
        if (reason !== 'full' || performance.now() - warnedAt < WARN_INTERVAL_MS) return
        warnedAt = performance.now()
        log.warn(
          { connections: limits.max, client },
          'all connections are in use: the one that waits longest is closed'
        )
      }
    })
    fastify.addHook('onReady', async () => fastify.metrics.watchConnections(() => registry.size))

    const { connections: max } = config.clientLimits
    if (max !== undefined) {
      const isProxy = createAddressFilter(config.trustedProxies)
      const shares = createClientShares({
        registry,
        max,
        isExempt: (address) => isProxy(address) || (!config.costsMoney && isLoopback(address)),
        ...(connectionClock && { clock: connectionClock })
      })
      fastify.addHook('onRequest', async (request, reply) => {
        if (!shares.isRefused(request.raw.socket)) return
        reply.header('Connection', 'close')
        throw errors.rateLimited(
          `A client may have ${max} connections; ask again in ${RETRY_SECONDS} s`,
          RETRY_SECONDS
        )
      })
    }

    fastify.addHook('onRequest', async ({ raw }, reply) => {
      await registry.turnOf(raw)
      // A client that left waits for no answer, so its pipelined requests start nothing.
      if (raw.socket.destroyed) reply.hijack()
      await stop.held
    })
    fastify.addHook('preClose', async () => stop.stop())
    fastify.decorate('connections', {
      drain: stop.drain,
      max: limits.max,
      maxStreams: Math.ceil(limits.max * STREAMS_SHARE),
      mayWait: () => waiters < limits.max * WAITERS_SHARE,
      startWaiting() {
        waiters += 1
        let isWaiting = true
        return () => {
          if (isWaiting) waiters -= 1
          isWaiting = false
        }
      }
    })
  },
  { name: 'connections', dependencies: ['client', 'request-log'], fastify: '5.x' }
)

/** Whether an address is one of these addresses, or in one of these networks. */
function createAddressFilter(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
