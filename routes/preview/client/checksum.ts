const ROUNDS = 24
const RATE = 136
const LANE = (1n << 64n) - 1n

/** The 25 rotations of a round, and the round constants, as the specification derives them (FIPS 202, 3.2). */
const ROTATION: number[] = []
const CONSTANT: bigint[] = []
for (let x = 1, y = 0, step = 0, shift = 1; step < 24; step += 1) {
  ROTATION[x + 5 * y] = shift % 64
  ;[x, y] = [y, (2 * x + 3 * y) % 5]
  shift += step + 2
}
for (let round = 0, register = 1; round < ROUNDS; round += 1) {
  let constant = 0n
  for (let bit = 0; bit < 7; bit += 1) {
    if (register & 1) constant |= 1n << BigInt((1 << bit) - 1)
    register = register & 0x80 ? (register << 1) ^ 0x171 : register << 1
  }
  CONSTANT.push(constant)
}

const rotate = (lane: bigint, by: number) => ((lane << BigInt(by)) | (lane >> BigInt(64 - by))) & LANE

function permute(state: bigint[]): void {
  const at = (x: number, y: number) => state[(x % 5) + 5 * y]!
  for (const constant of CONSTANT) {
    const columns = [0, 1, 2, 3, 4].map((x) => at(x, 0) ^ at(x, 1) ^ at(x, 2) ^ at(x, 3) ^ at(x, 4))
    for (let i = 0; i < 25; i += 1) state[i]! ^= columns[(i + 4) % 5]! ^ rotate(columns[(i + 1) % 5]!, 1)
    const moved: bigint[] = []
    for (let y = 0; y < 5; y += 1) {
      for (let x = 0; x < 5; x += 1) {
        moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(at(x, y), ROTATION[x + 5 * y] ?? 0)
      }
    }
    for (let y = 0; y < 5; y += 1) {
      for (let x = 0; x < 5; x += 1) {
        state[x + 5 * y] =
          moved[x + 5 * y]! ^ (~moved[((x + 1) % 5) + 5 * y]! & LANE & moved[((x + 2) % 5) + 5 * y]!)
      }
    }
    state[0]! ^= constant
  }
}

/** Keccak-256 of a short ASCII text, as hexadecimal digits. */
function keccak(text: string): string {
  const block = new Uint8Array(RATE)
  block.set(new TextEncoder().encode(text))
  block[text.length] = 1
  block[RATE - 1]! |= 0x80
  const state = Array.from({ length: 25 }, () => 0n)
  for (let lane = 0; lane < RATE / 8; lane += 1) {
    state[lane] = new DataView(block.buffer).getBigUint64(lane * 8, true)
  }
  permute(state)
  const bytes = new DataView(new ArrayBuffer(32))
  for (let lane = 0; lane < 4; lane += 1) bytes.setBigUint64(lane * 8, state[lane]!, true)
  return Array.from({ length: 32 }, (_, index) => bytes.getUint8(index).toString(16).padStart(2, '0')).join(
    ''
  )
}

/** An address in the mixed case of EIP-55. */
export function checksumAddress(address: string): string {
  const digits = address.slice(2).toLowerCase()
  const hash = keccak(digits)
  return `0x${[...digits].map((digit, index) => (parseInt(hash[index]!, 16) >= 8 ? digit.toUpperCase() : digit)).join('')}`
}

/** What is wrong with an address that somebody types; empty when nothing is. */
export function addressProblem(text: string): string {
  if (text === '') return 'Enter an address: 0x and 40 digits, 0 to 9 and a to f.'
  if (!/^0x/i.test(text)) {
    return /^[0-9a-f]{40}$/i.test(text) ? 'Put 0x in front of it.' : 'An address begins with 0x.'
  }
  const digits = text.slice(2)
  const odd = /[^0-9a-f]/i.exec(digits)?.[0]
  if (odd !== undefined) {
    return odd.trim() === ''
      ? 'There is a blank in it.'
      : `“${odd}” is not a hexadecimal digit: only 0 to 9 and a to f are.`
  }
  if (digits.length < 40) return `${digits.length} of 40 digits so far.`
  if (digits.length > 40) return `It has ${digits.length} digits, ${digits.length - 40} too many.`
  const isMixed = /[a-f]/.test(digits) && /[A-F]/.test(digits)
  return isMixed && checksumAddress(text) !== `0x${digits}`
    ? 'Capitals and small letters do not fit each other, so a digit may be mistyped. Check it, or write all letters small.'
    : ''
}
