/** Random numbers that a seed repeats. */
export type Random = ReturnType<typeof createRandom>

/** Mulberry32. */
export function createRandom(seed: number) {
  let state = seed | 0

  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  return {
    between: (least: number, most: number): number => least + next() * (most - least),
    address: (): string =>
      `0x${Array.from({ length: 40 }, () => Math.floor(next() * 16).toString(16)).join('')}`
  }
}
