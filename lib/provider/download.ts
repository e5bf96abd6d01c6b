import { lookup } from 'node:dns/promises'
import { lookup as lookupForSocket } from 'node:dns'
import type { LookupAddress, LookupOptions } from 'node:dns'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent } from 'undici'
import { UnusableAnswer } from './classify.ts'
import { providerFailure } from './failures.ts'
import { CONNECT_TIMEOUT_MS, fetchThrough, limitBytes } from './transport.ts'

const MAX_IMAGE_BYTES = 32 * 2 ** 20
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::')
const IMAGE_TYPE = /^image\/(?:png|jpeg|webp|gif|avif)\b|^application\/octet-stream\b/

/**
 * Fetches an image that the provider names by its URL: http or https, from the named host only (no redirects), never from a private
 * address unless the provider itself has one. The address is checked where the connection is made, so no second answer of a
 * name server can change it.
 * @param baseUrl where the provider is
 */
export function createDownloader(baseUrl: string) {
  const agents = new Map<boolean, Agent>()

  function agentFor(takesPrivate: boolean): Agent {
    const agent =
      agents.get(takesPrivate) ??
      new Agent({
        connect: {
          timeout: CONNECT_TIMEOUT_MS,
          autoSelectFamily: true,
          ...(!takesPrivate && { lookup: lookupPublic })
        }
      })
    agents.set(takesPrivate, agent)
    return agent
  }

  return {
    /**
     * @throws UnusableAnswer when the URL may not be fetched or what comes is no image of at most 32 MB; `overloaded` when its
     * host has trouble
     */
    async fetchImage(url: string, signal: AbortSignal): Promise<Buffer> {
      const { protocol, hostname } = parseUrl(url)
      if (protocol !== 'http:' && protocol !== 'https:') {
        throw new UnusableAnswer(`an image at a ${protocol} URL`)
      }
      const takesPrivate = await isPrivateHost(new URL(baseUrl).hostname)
      // A host that is an address is connected to without any lookup.
      if (!takesPrivate && isIP(bare(hostname)) !== 0 && !isPublic(bare(hostname))) {
        throw new UnusableAnswer('an image at a private address')
      }

      const response = await fetchThrough(agentFor(takesPrivate), url, { signal, redirect: 'manual' })
      const { status, headers, body } = response
      const refuse = async (error: Error) => {
        await body?.cancel()
        throw error
      }
      if (status >= 500 || status === 429) {
        return await refuse(
          providerFailure('overloaded', { cause: new Error(`the image's host answered ${status}`) })
        )
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

/** The host without the brackets round an IPv6 address. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

async function isPrivateHost(hostname: string): Promise<boolean> {
  const addresses = await lookup(bare(hostname), { all: true })
  return addresses.some(({ address }) => !isPublic(address))
}

/** Whether an address belongs to the public internet, an IPv4 address within IPv6 too; of IPv6 only 2000::/3 does (RFC 4291, 2.4). */
export function isPublic(address: string): boolean {
  const parsed = ipaddr.process(address)
  return parsed.range() === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST, 3))
}

/** A lookup for sockets that finds public addresses only. */
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
