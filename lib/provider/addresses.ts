import ipaddr from 'ipaddr.js'

const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::')
/** The ranges that a provider of one's own has its address in. Link-local addresses are not among them. */
const PRIVATE_RANGES = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat'])
/** IPv6 prefixes with an IPv4 address inside: the prefix, its bits, and the byte at which that address begins. */
const CARRIERS: Array<[prefix: ipaddr.IPv6, bits: number, at: number]> = [
  // NAT64 (RFC 6052), stateless translation (RFC 2765), 6to4 (RFC 3056). Mapped addresses are read by `process`.
  [ipaddr.IPv6.parse('64:ff9b::'), 96, 12],
  [ipaddr.IPv6.parse('::ffff:0:0:0'), 96, 12],
  [ipaddr.IPv6.parse('2002::'), 16, 2]
]

/** The address that packets reach in the end: of an IPv6 address with an IPv4 address inside, that one. */
function reached(address: string): ipaddr.IPv4 | ipaddr.IPv6 {
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv4) return parsed
  const carrier = CARRIERS.find(([prefix, bits]) => parsed.match(prefix, bits))
  if (carrier === undefined) return parsed
  const at = carrier[2]
  return new ipaddr.IPv4(parsed.toByteArray().slice(at, at + 4))
}

/**
 * Whether an address is on the public internet. An IPv4 address within IPv6 is judged as IPv4; of IPv6, only
 * 2000::/3 is public (RFC 4291, 2.4).
 */
export function isPublic(address: string): boolean {
  const found = reached(address)
  return found.range() === 'unicast' && (found instanceof ipaddr.IPv4 || found.match(GLOBAL_UNICAST, 3))
}

/** Whether a provider may have this address: a public or a private one, but no link-local, reserved or shared one. */
export function mayBeProvider(address: string): boolean {
  return isPublic(address) || PRIVATE_RANGES.has(reached(address).range())
}
