import { createHash } from 'node:crypto'

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
/** Version 1, codec raw, multihash SHA2-256, 32 bytes. */
const PREFIX = [0x01, 0x55, 0x12, 0x20]

/** The CID of a file, computed from the specification and without the library that the service uses. */
export function expectedCid(bytes: Uint8Array): string {
  const content = [...PREFIX, ...createHash('sha256').update(bytes).digest()]
  const bits = content.map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const digits = bits.match(/.{1,5}/g)!.map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)])
  return `b${digits.join('')}`
}
