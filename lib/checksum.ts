import { keccak_256 as keccak256 } from '@noble/hashes/sha3.js'
import { toMixedCase } from './eip55.ts'

/**
 * Writes an address in the mixed case of EIP-55.
 * @param address `0x` and 40 hexadecimal digits
 */
export function checksumAddress(address: string): string {
  return toMixedCase(address, keccak256)
}
