import { constants, crc32, deflateRaw } from 'node:zlib'
import { promisify } from 'node:util'

const deflate = promisify(deflateRaw)

/** A gzip header (RFC 1952, 2.3): deflate, no flags, no time, no hint, unknown system. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
const GZIP_TRAILER_BYTES = 8
/** Header of a stored block of deflate (RFC 1951, 3.2.4): one byte, its length, and the complement of that. */
const BLOCK_HEADER_BYTES = 5
/** The most that a stored block holds. */
const BLOCK_BYTES = 0xffff
/** The polynomial of CRC-32, and the number 1, both with the bits reversed as in gzip. */
const POLYNOMIAL = 0xedb88320
const ONE = 0x80000000

/** What one response has around the text that all share. Each of the two has at most 65,535 bytes. */
export interface Around {
  before?: string
  after?: string
}

export interface SharedBody {
  /** Bytes of the shared text. */
  readonly bytes: number
  /** The body of one response. */
  plain(around: Around): Buffer
  /** The same, compressed with gzip. */
  gzip(around: Around): Promise<Buffer>
}

/**
 * A text that many responses share, each with a few words of its own around it. The text is encoded once, and
 * compressed once when the first response needs it.
 *
 * The compressed body is a single member of gzip: many clients read the first member only. The words around the text
 * are stored blocks in front of and behind its compressed blocks. The checksum of all follows from those of the parts.
 */
export function createSharedBody(text: string): SharedBody {
  const shared = Buffer.from(text)
  let compressed: Promise<{ blocks: Buffer; crc: number; shift: number }> | undefined

  async function compress() {
    // A flush in place of the end: the blocks end at a byte, and more may follow.
    const blocks = await deflate(shared, { finishFlush: constants.Z_SYNC_FLUSH })
    return { blocks, crc: crc32(shared), shift: powerOfX(8 * shared.length) }
  }

  return {
    bytes: shared.length,

    plain: ({ before = '', after = '' }) => Buffer.concat([Buffer.from(before), shared, Buffer.from(after)]),

    async gzip({ before = '', after = '' }) {
      const { blocks, crc, shift } = await (compressed ??= compress())
      const [first, last] = [Buffer.from(before), Buffer.from(after)]
      const trailer = Buffer.allocUnsafe(GZIP_TRAILER_BYTES)
      // Bytes that follow multiply the checksum of what is before them.
      trailer.writeUInt32LE(crc32(last, (multiply(shift, crc32(first)) ^ crc) >>> 0), 0)
      trailer.writeUInt32LE((first.length + shared.length + last.length) % 2 ** 32, 4)
      return Buffer.concat([GZIP_HEADER, ...stored(first), blocks, ...stored(last, true), trailer])
    }
  }
}

/** A stored block of deflate. */
function stored(bytes: Buffer, isLast = false): Buffer[] {
  if (bytes.length > BLOCK_BYTES) throw new RangeError(`${bytes.length} bytes do not fit into a stored block`)
  const header = Buffer.allocUnsafe(BLOCK_HEADER_BYTES)
  header.writeUInt8(isLast ? 1 : 0, 0)
  header.writeUInt16LE(bytes.length, 1)
  header.writeUInt16LE(bytes.length ^ BLOCK_BYTES, 3)
  return [header, bytes]
}

/** The product of two polynomials modulo that of CRC-32. */
function multiply(a: number, b: number): number {
  let product = 0
  let factor = b
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= factor
    factor = (factor & 1) === 0 ? factor >>> 1 : (factor >>> 1) ^ POLYNOMIAL
  }
  return product >>> 0
}

/** The power of x modulo the polynomial of CRC-32. */
function powerOfX(exponent: number): number {
  let result = ONE
  let square = ONE >>> 1
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(result, square)
    square = multiply(square, square)
  }
  return result
}
