import { lookup } from 'node:dns/promises'
import { lookup as lookupForSocket } from 'node:dns'
import type { LookupAddress, LookupOptions } from 'node:dns'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent } from 'undici'
import { HostUnavailable, UnusableAnswer } from './failures.ts'
import { CONNECT_TIMEOUT_MS, fetchThrough, limitBytes } from './transport.ts'

const MAX_IMAGE_BYTES = 32 * 2 ** 20
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::')
const IMAGE_TYPE = /^image\/(?:png|jpeg|webp|gif|avif)\b|^application\/octet-stream\b/

/**
 * Downloads images from the URLs that the provider sends: over http or https, without redirects, and from a
 * private address only if the provider itself has one. The address is checked when the connection is made, so
 * a second answer of a name server cannot change it.
 * @param baseUrl of the provider
 */
export function createDownloader(baseUrl: string) {
  const agents = new Map<boolean, Agent>()

  function agentFor(allowsPrivate: boolean): Agent {
    const agent =
      agents.get(allowsPrivate) ??
      new Agent({
        connect: {
          timeout: CONNECT_TIMEOUT_MS,
          autoSelectFamily: true,
          ...(!allowsPrivate && { lookup: lookupPublic })
        }
      })
    agents.set(allowsPrivate, agent)
    return agent
  }

  return {
    /**
     * @throws UnusableAnswer when the URL is not allowed or the response is no image of at most 32 MB;
     * HostUnavailable when the host answers 5xx or 429; NotConnected when there is no connection
     */
    async fetchImage(url: string, signal: AbortSignal): Promise<Buffer> {
      const { protocol, hostname } = parseUrl(url)
      if (protocol !== 'http:' && protocol !== 'https:') {
        throw new UnusableAnswer(`an image at a ${protocol} URL`)
      }
      const allowsPrivate = await isPrivateHost(new URL(baseUrl).hostname)
      // A host that is an IP address is connected without a lookup.
      if (!allowsPrivate && isIP(bare(hostname)) !== 0 && !isPublic(bare(hostname))) {
        throw new UnusableAnswer('an image at a private address')
      }

      const response = await fetchThrough(agentFor(allowsPrivate), url, { signal, redirect: 'manual' })
      const { status, headers, body } = response
      const refuse = async (error: Error) => {
        await body?.cancel()
        throw error
      }
      if (status >= 500 || status === 429) {
        return await refuse(new HostUnavailable(`the image's host answered ${status}`))
      }
      if (!response.ok || body === null) {
        return await refuse(new UnusableAnswer(`the image's host answered ${status}`))
      }
      const type = headers.get('content-type') ?? ''
      if (!IMAGE_TYPE.test(type)) {
        return await refuse(new UnusableAnswer(`the image's host sent ${type.slice(0, 50)}`))
      }
      const chunks: Uint8Array[] = []
      for await (const chunk of limitBytes(body, MAX_IMAGE_BYTES)) chunks.push(chunk)
      return Buffer.concat(chunks)
    },

    async close(): Promise<void> {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()))
    }
  }
}

function parseUrl(url: string): URL {
  if (!URL.canParse(url)) throw new UnusableAnswer('an image at something that is no URL')
  return new URL(url)
}

/** The host without the brackets of an IPv6 address. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

async function isPrivateHost(hostname: string): Promise<boolean> {
  const addresses = await lookup(bare(hostname), { all: true })
  return addresses.some(({ address }) => !isPublic(address))
}

/**
 * Whether an address is on the public internet. An IPv4 address within IPv6 is judged as IPv4; of IPv6, only
 * 2000::/3 is public (RFC 4291, 2.4).
 */
export function isPublic(address: string): boolean {
  const parsed = ipaddr.process(address)
  return parsed.range() === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST, 3))
}

/** A lookup for sockets that fails for private addresses. */
function lookupPublic(
  hostname: string,
  options: LookupOptions,
  found: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void
): void {
  lookupForSocket(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return found(error, [])
    if (addresses.every(({ address }) => isPublic(address))) return found(null, addresses)
    found(Object.assign(new UnusableAnswer('an image at a private address'), { code: 'EACCES' }), [])
  })
}
