import { keccak_256 as keccak256 } from '@noble/hashes/sha3.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/**
 * An address in the mixed case that tells typing errors (EIP-55): a letter is a capital where the same digit of the Keccak-256 of
 * the lower-case address, without its 0x, is 8 or more.
 * @param address `0x` and 40 lower-case digits
 */
export function checksumAddress(address: string): string {
  const digits = address.slice(2)
  const hash = bytesToHex(keccak256(utf8ToBytes(digits)))
  return `0x${[...digits].map((digit, index) => (parseInt(hash[index]!, 16) >= 8 ? digit.toUpperCase() : digit)).join('')}`
}
