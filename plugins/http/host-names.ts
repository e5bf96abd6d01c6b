import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { hostName, isLoopbackName, plainAddress } from '../../lib/access/hosts.ts'
import type { Config } from '../../lib/config/config.ts'
import { errors, quote } from '../../lib/errors.ts'
import { isOwnServer } from './request-log/request-id.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route is a probe of an orchestrator, which asks under names of its own. */
    isProbe?: boolean
  }
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1']
const AUTHORITY = /^https?:\/\/([^/?#]*)/i

/**
 * Finds requests under a name that is not the server's. A page of another site can give its own name the address of
 * this machine (DNS rebinding); its browser then takes the server for that site, and lets the page read and change
 * everything. The name is all that shows it.
 */
export function createHostCheck({ host, hosts, publicUrl }: Pick<Config, 'host' | 'hosts' | 'publicUrl'>) {
  const isOnLoopback = isLoopbackName(host)
  const names = new Set([...(isOnLoopback ? LOOPBACK_NAMES : []), ...hosts])
  if (publicUrl !== undefined) names.add(hostName(new URL(publicUrl).host)!)
  const isOff = !isOnLoopback && hosts.length === 0

  function isOwnAddress(name: string, localAddress: string | undefined): boolean {
    const address = plainAddress(localAddress ?? '')
    return name === address || (name === 'localhost' && isLoopbackName(address))
  }

  /** @throws INVALID_REQUEST for a name that cannot be one, FORBIDDEN for one that is not answered */
  return function check(
    { raw, originalUrl }: Pick<FastifyRequest, 'raw' | 'originalUrl'>,
    isProbe: boolean
  ): void {
    // The authority in a URL replaces Host (RFC 9112, 3.2.2). Without both, as in HTTP/1.0, there is no name.
    for (const given of [raw.headers.host, AUTHORITY.exec(originalUrl)?.[1]]) {
      if (given === undefined) continue
      const name = hostName(given)
      if (name === undefined) {
        throw errors.invalidRequest('Invalid request', {
          details: `The host ${quote(given)} is not a host name`
        })
      }
      const isKnown = name === '' || names.has(name) || isOwnAddress(name, raw.socket.localAddress)
      if (isOff || isProbe || isKnown) continue
      throw errors.forbidden(
        `The server does not answer to the name ${quote(name)}: set TB_DALLE_HOSTS=${name}`
      )
    }
  }
}

/** Refuses requests under a name that is not the server's. Off where the service is a part of another application. */
export default fp<{ config: Config }>(
  async (fastify, { config }) => {
    if (!isOwnServer(fastify)) return
    const check = createHostCheck(config)
    fastify.addHook('onRequest', async (request) =>
      check(request, request.routeOptions.config.isProbe === true)
    )
  },
  { name: 'host-names', dependencies: ['bare-errors'], fastify: '5.x' }
)
