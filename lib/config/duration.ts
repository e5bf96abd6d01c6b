/** Both signs that stand for micro in Unicode are taken, as Go does. */
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

/** The longest time that a timer of Node can run, in milliseconds: almost 25 days. */
export const MAX_TIMER_MS = 2 ** 31 - 1

const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy

/**
 * Milliseconds of a duration written as Go's `time.ParseDuration` takes it: `60s`, `1h30m`, `250ms`, `1.5h`, `0`.
 * Undefined when the text is anything else; a sign is refused, since no setting here can be negative.
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
