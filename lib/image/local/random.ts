import { createHash } from 'node:crypto'

const DRAWS_PER_DIGEST = 8
const BYTES_PER_DRAW = 4

export type Random = ReturnType<typeof createRandom>

/** An endless series of numbers that depends on the seed alone: SHA-256 over the seed and a counter, four bytes a number. */
export function createRandom(seed: string) {
  let drawn = 0
  let digest: Buffer = Buffer.alloc(0)

  /** From 0 up to but not including 1. */
  function next(): number {
    const place = drawn % DRAWS_PER_DIGEST
    if (place === 0) {
      digest = createHash('sha256')
        .update(`${seed}/${drawn / DRAWS_PER_DIGEST}`)
        .digest()
    }
    drawn += 1
    return digest.readUInt32BE(place * BYTES_PER_DRAW) / 2 ** 32
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
