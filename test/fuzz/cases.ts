/** How many inputs are tried: 20,000 in `npm test`, 200,000 by `npm run fuzz`. */
const CASES = Number(process.env.FUZZ_CASES ?? 20_000)
/** Of these, requests over a socket. The rest is for the parsers. */
const REQUEST_SHARE = 0.4
/** A connection has up to six requests. */
const REQUESTS_PER_CONNECTION = 3.5

/** `npm test` tries the same inputs each time. `npm run fuzz` tries others, and names the seed of a failure. */
const seed = process.env.FUZZ_SEED === undefined ? 1 : Number(process.env.FUZZ_SEED)

/** Parameters of fast-check for one of `count` parsers. */
export function parserRuns(count: number) {
  return { seed, numRuns: Math.ceil((CASES * (1 - REQUEST_SHARE)) / count) }
}

/** Parameters of fast-check for the connections of one of `count` servers. */
export function connectionRuns(count: number) {
  return { seed, numRuns: Math.ceil((CASES * REQUEST_SHARE) / REQUESTS_PER_CONNECTION / count) }
}
