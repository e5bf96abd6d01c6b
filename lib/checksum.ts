import { keccak_256 as keccak256 } from '@noble/hashes/sha3.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** From this value of a hash digit on, the letter of the address is upper case. */
const UPPER_CASE_FROM = 8

/**
 * The address with the checksum of EIP-55 in the case of its letters: a letter is upper case if the digit at
 * the same position of the Keccak-256 of the lower-case address, without its `0x`, is 8 or more.
 * @param address `0x` and 40 lower-case digits
 */
export function checksumAddress(address: string): string {
  const digits = address.slice(2)
  const hash = bytesToHex(keccak256(utf8ToBytes(digits)))
  const isUpperCase = (index: number) => parseInt(hash[index]!, 16) >= UPPER_CASE_FROM
  const cased = [...digits].map((digit, index) => (isUpperCase(index) ? digit.toUpperCase() : digit))
  return `0x${cased.join('')}`
}
