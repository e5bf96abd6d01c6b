import { isIP, isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'

const LABEL = '[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?'
const NAME = new RegExp(`^(?:${LABEL}\\.)*${LABEL}$`)
const MAX_NAME_CHARACTERS = 253
/** The name and the port of a `Host` header or of the authority in a URL. */
const AUTHORITY = /^(\[[^[\]]*\]|[^:[\]]*)(?::\d{0,5})?$/
const IPV4_LOOPBACK_BITS = 8

/**
 * The name in `Host: <name>[:<port>]`, as it is compared: in lower case, an IPv6 address without brackets, no dot at
 * the end. Undefined if the text is no name with or without a port; empty if it is empty.
 */
export function hostName(text: string): string | undefined {
  const host = AUTHORITY.exec(text)?.[1]
  if (host === undefined || host === '') return host
  if (host.startsWith('[')) return isIP(host.slice(1, -1)) === 6 ? plainAddress(host.slice(1, -1)) : undefined
  const name = host.toLowerCase().replace(/\.$/, '')
  return NAME.test(name) && name.length <= MAX_NAME_CHARACTERS ? plainAddress(name) : undefined
}

/** A host name or an IP address in a list, as it is compared; undefined if it is none or has a port. */
export function listedName(text: string): string | undefined {
  if (isIP(text) !== 0) return plainAddress(text)
  if (/:\d*$/.test(text) && !text.endsWith(']')) return undefined
  return hostName(text) || undefined
}

/** An IP address in its shortest form, and an IPv4 address in IPv6 as IPv4. Other texts stay. */
export function plainAddress(text: string): string {
  if (isIPv4(text)) return text
  const address = text.split('%', 1)[0]!
  return isIP(address) === 0 ? text : ipaddr.process(address).toString()
}

/** Whether a name or an address is this machine for itself, without a look into DNS. */
export function isLoopbackName(name: string): boolean {
  const plain = plainAddress(name.toLowerCase())
  if (isIP(plain) !== 0) return ipaddr.process(plain).range() === 'loopback'
  return plain === 'localhost' || plain.endsWith('.localhost')
}

/** Whether all addresses of a network, or a single address, are this machine. */
export function isLoopbackNetwork(text: string): boolean {
  const [address = '', bits] = text.split('/')
  if (!isLoopbackName(address)) return false
  return bits === undefined || isIP(address) === 6
    ? !(Number(bits) < 128)
    : Number(bits) >= IPV4_LOOPBACK_BITS
}
