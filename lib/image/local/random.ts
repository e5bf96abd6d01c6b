import { createHash } from 'node:crypto'

const DRAWS_PER_DIGEST = 8
const BYTES_PER_DRAW = 4

export type Random = ReturnType<typeof createRandom>

/** A series of random numbers that depends on the seed only: SHA-256 of seed and counter, four bytes a number. */
export function createRandom(seed: string) {
  let drawn = 0
  let digest: Buffer = Buffer.alloc(0)

  /** From 0 (included) to 1 (excluded). */
  function next(): number {
    const position = drawn % DRAWS_PER_DIGEST
    if (position === 0) {
      digest = createHash('sha256')
        .update(`${seed}/${drawn / DRAWS_PER_DIGEST}`)
        .digest()
    }
    drawn += 1
    return digest.readUInt32BE(position * BYTES_PER_DRAW) / 2 ** 32
  }

  return {
    next,
    between: (low: number, high: number): number => low + next() * (high - low),
    /** A whole number from `low` to `high`, both included. */
    whole: (low: number, high: number): number => low + Math.floor(next() * (high - low + 1)),
    pick: <T>(choices: readonly T[]): T => choices[Math.floor(next() * choices.length)]!,
    chance: (probability: number): boolean => next() < probability
  }
}
