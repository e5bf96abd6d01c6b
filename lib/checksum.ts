import { keccak_256 as keccak256 } from '@noble/hashes/sha3.js'
import { isAddress } from './storage/layout.ts'
import { toMixedCase } from './eip55.ts'

/**
 * Writes an address in the mixed case of EIP-55.
 * @param address `0x` and 40 hexadecimal digits
 */
export function checksumAddress(address: string): string {
  return toMixedCase(address, keccak256)
}

/** The name of a picture for people: an address in mixed case; another name, which /v1 gives, as it is. */
export function shownName(name: string): string {
  return isAddress(name) ? checksumAddress(name) : name
}
