/**
 * The most parts that an encoded image may have: PNG chunks, JPEG segments, WebP chunks, blocks of a GIF. Decoders keep
 * each part and compare it with the others, so that a million empty ones cost minutes. A PNG of 32 MB from a usual
 * encoder has 4,000.
 */
export const MAX_PARTS = 16_384

/** Where the part after the one at `at` begins; undefined where the image ends. */
type Step = (bytes: Buffer, at: number) => number | undefined

const PNG_SIGNATURE_BYTES = 8
const RIFF_HEADER_BYTES = 12
const GIF_HEADER_BYTES = 13
const GIF_EXTENSION = 0x21
const GIF_IMAGE = 0x2c
const JPEG_MARKER = 0xff
/** Markers within the data of a scan: a stuffed byte, fill bytes and restarts. They begin no segment. */
const isJpegData = (code: number) => code === 0 || code === JPEG_MARKER || (code >= 0xd0 && code <= 0xd7)

const hasNoLength = (code: number) => code === 0xd8 || code === 0xd9

/** A chunk has a length, a type and a checksum. */
const nextPngChunk: Step = (bytes, at) =>
  at + 12 > bytes.length || bytes.toString('latin1', at + 4, at + 8) === 'IEND'
    ? undefined
    : at + 12 + bytes.readUInt32BE(at)

/** A chunk has a type and a length, and begins at an even place. */
const nextWebpChunk: Step = (bytes, at) => {
  if (at + 8 > bytes.length) return undefined
  const length = bytes.readUInt32LE(at + 4)
  return at + 8 + length + (length % 2)
}

const nextJpegSegment: Step = (bytes, at) => {
  let marker = bytes.indexOf(JPEG_MARKER, at)
  while (marker >= 0 && isJpegData(bytes[marker + 1] ?? 0)) marker = bytes.indexOf(JPEG_MARKER, marker + 1)
  if (marker < 0 || marker + 4 > bytes.length) return undefined
  // The markers of the image's begin and end have no length.
  if (hasNoLength(bytes[marker + 1]!)) return marker + 2
  return marker + 2 + bytes.readUInt16BE(marker + 2)
}

/** Each extension and each frame is one block, and so is each of its sub-blocks of up to 255 bytes. */
function countGifBlocks(bytes: Buffer): number {
  const colors = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)
  let count = 0
  for (
    let at = GIF_HEADER_BYTES + colors(bytes[10] ?? 0);
    at < bytes.length && count <= MAX_PARTS;
    count += 1
  ) {
    if (bytes[at] === GIF_EXTENSION) at += 2
    else if (bytes[at] === GIF_IMAGE) at += 11 + colors(bytes[at + 9] ?? 0)
    else break
    for (; (bytes[at] ?? 0) > 0; at += 1 + bytes[at]!);
    at += 1
  }
  return count
}

function countParts(bytes: Buffer, from: number, next: Step): number {
  let parts = 0
  let at: number | undefined = from
  while (at !== undefined && parts <= MAX_PARTS) {
    at = next(bytes, at)
    parts += 1
  }
  return parts
}

/** Whether an encoded image has more parts than a decoder should read. */
export function hasTooManyParts(bytes: Buffer, mediaType: string): boolean {
  const counters: Record<string, () => number> = {
    'image/png': () => countParts(bytes, PNG_SIGNATURE_BYTES, nextPngChunk),
    'image/webp': () => countParts(bytes, RIFF_HEADER_BYTES, nextWebpChunk),
    'image/jpeg': () => countParts(bytes, 0, nextJpegSegment),
    'image/gif': () => countGifBlocks(bytes)
  }
  return (counters[mediaType]?.() ?? 0) > MAX_PARTS
}
