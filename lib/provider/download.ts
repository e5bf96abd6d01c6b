import { lookup } from 'node:dns'
import type { LookupAddress, LookupAllOptions, LookupOptions } from 'node:dns'
import { isIP } from 'node:net'
import { promisify } from 'node:util'
import { Response } from 'undici'
import type { Dispatcher } from 'undici'
import { isPublic, mayBeProvider } from './addresses.ts'
import { createConnector } from './connector.ts'
import { HostUnavailable, NotConnected, UnusableAnswer } from './failures.ts'
import { sourceOf } from './picture-source.ts'
import { createDispatcher } from './proxies.ts'
import type { Proxies } from './proxies.ts'
import { receive } from './receive.ts'
import { CONNECT_TIMEOUT_MS, fetchThrough, limitBytes } from './transport.ts'

const MAX_IMAGE_BYTES = 32 * 2 ** 20
/** Signed URLs have up to 2,000 characters. */
const MAX_URL_CHARACTERS = 8_192
const THIS_MACHINE = /^(?:localhost|127\.0\.0\.1|\[::1\])$/
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const MAX_REDIRECTS = 3
/** Media types of bytes that only the decoder can refuse. */
const MAY_BE_IMAGE = /^(?:image\/|application\/octet-stream\b|binary\/|$)/i

type Found = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void
type Lookup = (hostname: string, options: LookupAllOptions, found: Found) => void

/**
 * Downloads images from the URLs that the provider sends: over http or https, with at most three redirects, and from a
 * private address only at the host and port of the provider itself. Link-local addresses are never allowed. The
 * address is checked when the connection is made, so a second answer of a name server cannot change it, and it is
 * checked again for each redirect. Where there are proxies, the host is resolved here first, and its addresses are
 * checked before a proxy connects to it.
 * @param baseUrl of the provider
 * @param resolve replaces the system's name servers
 */
export function createDownloader(baseUrl: string, resolve: Lookup = lookup, proxies?: Proxies) {
  const provider = placeOf(new URL(baseUrl))
  const agents = new Map<(address: string) => boolean, Dispatcher>()

  function agentFor(isAllowed: (address: string) => boolean): Dispatcher {
    const agent =
      agents.get(isAllowed) ??
      createDispatcher(proxies, {
        connect: createConnector({
          timeout: CONNECT_TIMEOUT_MS,
          autoSelectFamily: true,
          lookup: lookupAllowed(resolve, isAllowed)
        })
      })
    agents.set(isAllowed, agent)
    return agent
  }

  /** @throws UnusableAnswer where the URL or its address is not allowed */
  async function open(url: URL, signal: AbortSignal): Promise<Response> {
    const { protocol, hostname } = url
    if (protocol !== 'http:' && protocol !== 'https:') {
      throw new UnusableAnswer(`an image at a ${protocol} URL`)
    }
    const isAllowed = placeOf(url) === provider ? mayBeProvider : isPublic
    // A host that is an IP address is connected without a lookup.
    const isAddress = isIP(bare(hostname)) !== 0
    if (isAddress && !isAllowed(bare(hostname))) throw privateAddress()
    // A proxy looks names up itself, in its own network. The provider's own host needs no judgement.
    if (proxies !== undefined && !isAddress && isAllowed !== mayBeProvider) {
      await checkName(resolve, hostname, isAllowed)
    }
    return await fetchThrough(agentFor(isAllowed), url.href, { signal, redirect: 'manual' })
  }

  /** The answer at the end of the redirects. */
  async function follow(url: string, signal: AbortSignal): Promise<Response> {
    let at = parseUrl(url)
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const response = await open(at, signal)
      const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null
      if (location === null) return response
      await response.body?.cancel()
      at = parseUrl(location, at)
    }
    throw new UnusableAnswer(`the image's host redirects more than ${MAX_REDIRECTS} times`)
  }

  return {
    /**
     * @throws UnusableAnswer when the URL is not allowed or the response is no image of at most 32 MB;
     * HostUnavailable when the host answers 5xx or 429; NotConnected when there is no connection
     */
    async fetchImage(url: string, signal: AbortSignal): Promise<Buffer> {
      const { status, ok, headers, body } = await follow(url, signal)
      const refuse = async (error: Error) => {
        await body?.cancel()
        throw error
      }
      if (status >= 500 || status === 429) {
        return await refuse(new HostUnavailable(`the image's host answered ${status}`))
      }
      if (!ok || body === null) {
        return await refuse(new UnusableAnswer(`the image's host answered ${status}`))
      }
      const received = await receive(new Response(limitBytes(body, MAX_IMAGE_BYTES)))
      const source = received.form === 'events' ? undefined : await sourceOf(received, url)
      if (source !== undefined && 'bytes' in source) return source.bytes
      if (received.form === 'events') throw new UnusableAnswer("the image's host sent events")
      if (received.problem instanceof Error) throw received.problem
      // Bytes of an unknown type are left to the decoder, except those that say that they are something else.
      const type = headers.get('content-type') ?? ''
      if (!MAY_BE_IMAGE.test(type)) throw new UnusableAnswer(`the image's host sent ${type.slice(0, 50)}`)
      return received.bytes
    },

    async close(): Promise<void> {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()))
    }
  }
}

function parseUrl(url: string, base?: URL): URL {
  if (url.length > MAX_URL_CHARACTERS) throw new UnusableAnswer('an image at a URL that is too long')
  if (!URL.canParse(url, base?.href)) throw new UnusableAnswer('an image at something that is no URL')
  return new URL(url, base?.href)
}

/** The host without the brackets of an IPv6 address. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

/** Host and port of a URL. The names of this machine are one host. */
function placeOf({ hostname, port, protocol }: URL): string {
  const host = hostname.replace(/\.$/, '')
  return `${THIS_MACHINE.test(host) ? 'localhost' : host}:${port || (protocol === 'https:' ? 443 : 80)}`
}

function privateAddress(): UnusableAnswer {
  return new UnusableAnswer('an image at a private address')
}

/** @throws UnusableAnswer where one of the host's addresses is not allowed; NotConnected where it has none */
async function checkName(
  resolve: Lookup,
  hostname: string,
  isAllowed: (address: string) => boolean
): Promise<void> {
  await promisify(lookupAllowed(resolve, isAllowed))(hostname, {}).catch((error: unknown) => {
    throw error instanceof UnusableAnswer ? error : new NotConnected('the host has no address')
  })
}

/** A lookup for sockets that fails where one of the addresses is not allowed. */
function lookupAllowed(resolve: Lookup, isAllowed: (address: string) => boolean) {
  return (hostname: string, options: LookupOptions, found: Found): void => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return found(error, [])
      if (addresses.every(({ address }) => isAllowed(address))) return found(null, addresses)
      found(Object.assign(privateAddress(), { code: 'EACCES' }), [])
    })
  }
}
