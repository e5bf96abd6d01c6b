import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { hostName, plainAddress } from '../../lib/access/hosts.ts'
import type { Config } from '../../lib/config/config.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The absolute URL of the service as its clients know it, with the base path and without a slash at the end. */
    readonly publicUrl: string
  }
}

type Asked = Pick<FastifyRequest, 'protocol' | 'host' | 'raw'>

/**
 * Finds the absolute URL of the service: the configured one, else the one of the request. `trustProxy` of Fastify
 * decides whose X-Forwarded-Host and X-Forwarded-Proto count. A host that cannot be one is never part of a URL.
 * @param publicUrl a URL with a path names the whole service; without one, the base path is added to it
 */
export function createPublicUrl(publicUrl: string | undefined) {
  const configured = publicUrl === undefined ? undefined : new URL(publicUrl)
  const path = configured?.pathname.replace(/\/+$/, '')

  return function publicUrlOf(request: Asked, basePath: string): string {
    if (configured !== undefined) return configured.origin + (path || basePath)
    const protocol = request.protocol.toLowerCase() === 'https' ? 'https' : 'http'
    return originOf(request, protocol) + basePath
  }
}

function originOf({ host, raw }: Asked, protocol: string): string {
  for (const given of [host, raw.headers.host]) {
    const url = `${protocol}://${given}`
    // URL leaves out the port that the protocol has by default.
    if (given && hostName(given) && URL.canParse(url)) return new URL(url).origin
  }
  return `${protocol}://${ownAuthority(raw.socket)}`
}

/** The address of the socket, for a request without a host name, as HTTP/1.0 allows. */
function ownAuthority({ localAddress, localPort }: FastifyRequest['raw']['socket']): string {
  if (!localAddress) return 'localhost'
  const address = plainAddress(localAddress)
  return `${address.includes(':') ? `[${address}]` : address}:${localPort}`
}

/** `request.publicUrl`. */
export default fp<{ config: Config }>(
  async (fastify, { config }) => {
    const publicUrlOf = createPublicUrl(config.publicUrl)
    fastify.decorateRequest('publicUrl', {
      getter() {
        return publicUrlOf(this, this.server.basePath)
      }
    })
  },
  { name: 'public-url', fastify: '5.x' }
)
