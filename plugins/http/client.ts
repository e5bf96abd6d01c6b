import { isIP, isIPv4 } from 'node:net'
import fp from 'fastify-plugin'
import type { FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * The address of the client: of the connection, or as trusted proxies report it. Empty where the connection has no
     * address, as on a Unix socket.
     */
    clientAddress: string
    /** Names the client for limits: `token:<name>` with a named token, else the address, with IPv6 its network /64. */
    readonly clientId: string
    /** Whether the client is on this machine. */
    readonly isLoopback: boolean
  }
}

/** The headers in which proxies report the client. Only X-Forwarded-For is read. */
const FORWARDING_HEADERS = ['x-forwarded-for', 'forwarded', 'x-real-ip']
/** An address with a port, as some proxies report it. */
const WITH_PORT = /^(?:(\d+\.\d+\.\d+\.\d+)|\[([^\]]+)\]):\d+$/
/** A subscriber of an Internet provider has at least this many bits of an IPv6 address to choose from. */
const IPV6_NETWORK_BITS = 64

/** The client of each request. `trustProxy` of Fastify decides whose X-Forwarded-For counts. */
export default fp(
  async (fastify) => {
    let hasWarned = false

    fastify.decorateRequest('clientAddress', '')
    fastify.decorateRequest('clientId', {
      getter() {
        const { tokenName } = this
        return tokenName === undefined ? networkOf(this.clientAddress) : `token:${tokenName}`
      }
    })
    fastify.decorateRequest('isLoopback', {
      getter() {
        return isLoopback(this.clientAddress)
      }
    })

    fastify.addHook('onRequest', async (request) => {
      // A connection that has ended has no address any more, and the log names the client then too.
      request.clientAddress = addressOf(request)
      const isIgnored = FORWARDING_HEADERS.some((name) => request.headers[name]) && !isPeerTrusted(request)
      if (!isIgnored || hasWarned) return
      hasWarned = true
      request.log.warn(
        { client: request.clientAddress },
        'a forwarded address is ignored: limits count all clients of this proxy as one; ' +
          'name the proxy in TB_DALLE_TRUSTED_PROXIES if it is yours'
      )
    })
  },
  { name: 'client', dependencies: ['access'], fastify: '5.x' }
)

/** The peer is trusted if Fastify looks behind it. With the other headers that cannot be seen. */
function isPeerTrusted({ ips, headers }: FastifyRequest): boolean {
  return ips !== undefined && (ips.length > 1 || !headers['x-forwarded-for'])
}

function addressOf({ ip, socket }: FastifyRequest): string {
  return parseAddress(ip) ?? parseAddress(socket.remoteAddress) ?? ''
}

/** The address without a port, and an IPv4 address in IPv6 as IPv4. Undefined if the text is no address. */
export function parseAddress(text = ''): string | undefined {
  if (isIPv4(text)) return text
  const [, ipv4, ipv6] = WITH_PORT.exec(text) ?? []
  const bare = ipv4 ?? ipv6 ?? text
  return isIP(bare) === 0 ? undefined : ipaddr.process(bare).toString()
}

/** What counts as one client: an IPv4 address, or the network /64 of an IPv6 address. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const parsed = ipaddr.process(address)
  if (!(parsed instanceof ipaddr.IPv6) || isLoopback(address)) return parsed.toString()
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${withoutZone(parsed)}/${IPV6_NETWORK_BITS}`)}/${IPV6_NETWORK_BITS}`
}

function withoutZone(address: ipaddr.IPv6): string {
  return address.toString().split('%', 1)[0]!
}

export function isLoopback(address: string): boolean {
  if (isIPv4(address)) return address.startsWith('127.')
  return isIP(address) !== 0 && ipaddr.process(address).range() === 'loopback'
}
