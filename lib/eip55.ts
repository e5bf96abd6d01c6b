/**
 * Writes an address in the mixed case of EIP-55, which makes most typing errors visible: a letter is a capital where
 * the same digit of the Keccak-256 of the lower-case address, without its 0x, is 8 or more. The server and the
 * browser share this module, so it imports nothing.
 * @param address `0x` and 40 hexadecimal digits in any case
 * @param keccak256 returns the 32 bytes of the hash
 */
export function toMixedCase(address: string, keccak256: (bytes: Uint8Array) => Uint8Array): string {
  const digits = address.slice(2).toLowerCase()
  const hash = keccak256(new TextEncoder().encode(digits))
  const isHigh = (index: number) => (hash[index >> 1]! & (index % 2 === 0 ? 0x80 : 0x08)) !== 0
  return `0x${[...digits].map((digit, index) => (isHigh(index) ? digit.toUpperCase() : digit)).join('')}`
}
