import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fp from 'fastify-plugin'
import type { Config } from '../../lib/config/config.ts'
import { errors, quote } from '../../lib/errors.ts'
import { LIMITS, createConnectionLimits } from './connections/limits.ts'
import { createRegistry } from './connections/registry.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Where the route is served if metrics have a port of their own: there only, or on both ports. Other routes are
     * served on the main port only.
     */
    metricsPort?: 'only' | 'too'
  }
}

/** Few clients ask for metrics, and their connections must not take those of others. */
const CONNECTIONS = 16

/**
 * With TB_DALLE_METRICS_PORT: serves /metrics, /errors and health on a port of their own, at the same address. /metrics
 * and /errors are then not on the main port. The port is open until the server has stopped.
 */
export default fp<{ config: Config }>(
  async (fastify, { config: { basePath: base, host, metricsPort } }) => {
    if (metricsPort === undefined) return
    const server = createServer((request, response) => fastify.routing(request, response))
    const registry = createRegistry(server)
    createConnectionLimits({
      server,
      registry,
      limits: { ...LIMITS, max: CONNECTIONS },
      base,
      onClose: (reason) => fastify.metrics.recordClosedConnection(reason)
    })
    server.on('clientError', (error, socket) => fastify.server.emit('clientError', error, socket))

    fastify.addHook('onRequest', async ({ raw, routeOptions, is404, url }) => {
      await registry.turnOf(raw)
      if (is404) return
      const { metricsPort: where } = routeOptions.config
      const isServed = registry.get(raw.socket) === undefined ? where !== 'only' : where !== undefined
      if (!isServed) throw errors.notFound(`There is nothing at ${quote(url.split('?', 1)[0]!)} on this port`)
    })
    // Before the main port is open, so that a port in use ends the start.
    fastify.addHook('onReady', async () => {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(metricsPort, host, resolve)
      })
      const { address, port, family } = server.address() as AddressInfo
      const name = family === 'IPv6' ? `[${address}]` : address
      fastify.log.info(`metrics and errors at http://${name}:${port}`)
    })
    fastify.addHook('onClose', async () => {
      server.close()
      server.closeAllConnections()
    })
  },
  { name: 'metrics-port', dependencies: ['connections', 'errors'], fastify: '5.x' }
)
