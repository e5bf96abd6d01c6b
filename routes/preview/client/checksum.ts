// The server serves these two modules from lib/ and from the package @noble/hashes; see ../assets.ts.
import { keccak_256 as keccak256 } from './hashes/sha3.js'
import { toMixedCase } from './lib/eip55.js'

/** Writes an address in the mixed case of EIP-55. */
export function checksumAddress(address: string): string {
  return toMixedCase(address, keccak256)
}
