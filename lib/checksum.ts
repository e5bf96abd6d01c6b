import { keccak_256 as keccak256 } from '@noble/hashes/sha3.js'
import { LRUCache } from 'lru-cache'
import { quote } from './errors.ts'
import { isAddress } from './storage/layout.ts'
import { toMixedCase } from './eip55.ts'

/** Addresses in mixed case by the same in lower case. A page of the gallery shows many, and a hash takes 10 µs. */
const known = new LRUCache<string, string>({ max: 10_000 })

/**
 * Writes an address in the mixed case of EIP-55.
 * @param address `0x` and 40 hexadecimal digits
 */
export function checksumAddress(address: string): string {
  const key = address.toLowerCase()
  let checksummed = known.get(key)
  if (checksummed === undefined) {
    checksummed = toMixedCase(key, keccak256)
    known.set(key, checksummed)
  }
  return checksummed
}

/**
 * What is wrong with the checksum of an address, which is the case of its letters: a digit may be mistyped. Undefined
 * if nothing is, if all letters have the same case, and for a text that is no address.
 */
export function checksumProblem(text: string): string | undefined {
  const digits = text.slice(2)
  if (!isAddress(text.toLowerCase()) || !/[a-f]/.test(digits) || !/[A-F]/.test(digits)) return undefined
  const right = checksumAddress(text)
  if (right.slice(2) === digits) return undefined
  return `The checksum of ${quote(text)} is wrong: write ${right} if its digits are right, or lower case`
}

/** The name of a picture for people: an address in mixed case; another name, which /v1 gives, as it is. */
export function shownName(name: string): string {
  return isAddress(name) ? checksumAddress(name) : name
}
