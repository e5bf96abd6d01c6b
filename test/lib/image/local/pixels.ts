import sharp from 'sharp'

/** The alpha value from which on a pixel counts as marked. */
const LEAST_ALPHA = 60

/**
 * Which pixels of a square the content of an SVG marks, row by row: 1 or 0.
 * @param box the `viewBox`; by default with 250 units around the frame
 */
export async function markedPixels(
  content: string,
  side: number,
  box = '-250 -250 1500 1500'
): Promise<Uint8Array> {
  const size = `width="${side}" height="${side}" viewBox="${box}"`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${content}</svg>`
  const data = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer()
  return Uint8Array.from({ length: side * side }, (_, at) => Number(data[at * 4 + 3]! > LEAST_ALPHA))
}

/** How many are marked. */
const countMarked = (pixels: Uint8Array): number => pixels.reduce((sum, value) => sum + value, 0)

/** Share of the marked pixels that the largest piece has. Pixels hang together also where their corners meet. */
export function largestPiece(pixels: Uint8Array, side: number): number {
  const left = pixels.slice()
  let largest = 0
  for (let first = 0; first < left.length; first += 1) {
    if (left[first] === 0) continue
    const open = [first]
    left[first] = 0
    let size = 0
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      size += 1
      for (const dy of [-1, 0, 1]) {
        for (const dx of [-1, 0, 1]) {
          const [x, next] = [(at % side) + dx, at + dy * side + dx]
          if (x < 0 || x >= side || left[next] !== 1) continue
          left[next] = 0
          open.push(next)
        }
      }
    }
    largest = Math.max(largest, size)
  }
  return largest / Math.max(1, countMarked(pixels))
}
