import { hash } from 'node:crypto'

const DRAWS_PER_DIGEST = 8
const BYTES_PER_DRAW = 4

export type Random = ReturnType<typeof createRandom>

/** A series of random numbers that depends on the seed only: SHA-256 of seed and counter, four bytes a number. */
export const createRandom = (seed: string) => randomOf(numbersOf(seed))

/** The numbers of seeds that all pictures share, and what makes more of them. */
const kept = new Map<string, { numbers: number[]; more: () => number }>()

/** The same for a seed that all pictures share: its numbers are kept. */
export function createKeptRandom(seed: string): Random {
  const shared = kept.get(seed) ?? { numbers: [], more: numbersOf(seed) }
  kept.set(seed, shared)
  const { numbers, more } = shared
  let drawn = 0
  return randomOf(() => {
    if (drawn === numbers.length) numbers.push(more())
    drawn += 1
    return numbers[drawn - 1]!
  })
}

/** The numbers of a seed from 0 (included) to 1 (excluded), one after the other. */
function numbersOf(seed: string): () => number {
  let drawn = 0
  let digest: Buffer = Buffer.alloc(0)
  return () => {
    const position = drawn % DRAWS_PER_DIGEST
    if (position === 0) digest = hash('sha256', `${seed}/${drawn / DRAWS_PER_DIGEST}`, 'buffer')
    drawn += 1
    return digest.readUInt32BE(position * BYTES_PER_DRAW) / 2 ** 32
  }
}

function randomOf(next: () => number) {
  return {
    /** From 0 (included) to 1 (excluded). */
    next,
    between: (low: number, high: number): number => low + next() * (high - low),
    /** A whole number from `low` to `high`, both included. */
    whole: (low: number, high: number): number => low + Math.floor(next() * (high - low + 1)),
    pick: <T>(choices: readonly T[]): T => choices[Math.floor(next() * choices.length)]!,
    chance: (probability: number): boolean => next() < probability
  }
}
