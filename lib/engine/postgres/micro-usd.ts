const PER_USD = 1e6
/** Hides the noise of floating-point numbers. */
const NOISE = 1e-3

/** Whole micro-USD, so that sums are exact. A part of one counts as a whole. */
export function toMicroUsd(usd: number): number {
  return Math.ceil(usd * PER_USD - NOISE)
}

/** A limit in whole micro-USD. A part of one is left out. */
export function limitInMicroUsd(usd: number): number {
  return Math.floor(usd * PER_USD + NOISE)
}

export function toUsd(microUsd: number): number {
  return microUsd / PER_USD
}
