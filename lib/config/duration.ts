/** Both micro signs of Unicode are accepted, as in Go. */
const MS_PER_UNIT: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000
}

const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy

/**
 * Parses a duration in the syntax of Go's `time.ParseDuration`: `60s`, `1h30m`, `250ms`, `1.5h`, `0`.
 * @returns milliseconds; undefined for any other text, and for a sign, because no setting can be negative
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  let total = 0
  let end = 0
  for (const part of text.matchAll(PART)) {
    total += Number(part[1]) * MS_PER_UNIT[part[2]!]!
    end = part.index + part[0].length
  }
  return end > 0 && end === text.length ? total : undefined
}
