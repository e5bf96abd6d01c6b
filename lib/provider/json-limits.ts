import { UnusableAnswer } from './failures.ts'

/** Deeper values block the thread for seconds while they are parsed. Real answers have six levels. */
const MAX_DEPTH = 32
/** Brackets, commas and colons of one answer. Real ones have some hundreds; a list of all models has more. */
const MAX_SIGNS = 10_000

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING = new Set([...'[{'].map((sign) => sign.charCodeAt(0)))
const CLOSING = new Set([...']}'].map((sign) => sign.charCodeAt(0)))
const SEPARATORS = new Set([...',:'].map((sign) => sign.charCodeAt(0)))

/**
 * Reads a JSON text piece by piece, before it is parsed.
 * @param maxSigns brackets, commas and colons
 * @returns a function that takes the next piece. It returns where the object or the list of the text ends in this
 * piece, as a number of bytes; undefined while it does not end
 * @throws UnusableAnswer when the text is nested too deep or has too many values
 */
export function createJsonLimits(maxSigns = MAX_SIGNS): (piece: Uint8Array) => number | undefined {
  let depth = 0
  let signs = 0
  let isInString = false
  let isEscaped = false

  function count(byte: number): void {
    if (OPENING.has(byte)) depth += 1
    else if (CLOSING.has(byte)) depth -= 1
    else if (!SEPARATORS.has(byte)) return
    signs += 1
    if (depth > MAX_DEPTH) throw new UnusableAnswer(`the answer is nested deeper than ${MAX_DEPTH} levels`)
    if (signs > maxSigns) throw new UnusableAnswer('the answer has too many values')
  }

  return (given) => {
    const piece = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
    const nextQuote = createFinder(piece, QUOTE)
    const nextBackslash = createFinder(piece, BACKSLASH)
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at]!
      if (!isInString) {
        if (byte === QUOTE) isInString = true
        else count(byte)
        if (depth === 0 && CLOSING.has(byte)) return at + 1
      } else if (isEscaped) isEscaped = false
      else if (byte === BACKSLASH) isEscaped = true
      else if (byte === QUOTE) isInString = false
      // An image is one string of millions of bytes: a native search is a hundred times as fast as a look at each.
      else at = Math.min(nextQuote(at), nextBackslash(at)) - 1
    }
  }
}

/** Finds a byte at a place or after it; the length if there is none. Places must not go back: no byte is read twice. */
function createFinder(piece: Buffer, byte: number): (from: number) => number {
  let found = -1
  return (from) => {
    if (found < from) found = piece.indexOf(byte, from)
    if (found === -1) found = piece.length
    return found
  }
}
