import { Readable } from 'node:stream'
import { LRUCache } from 'lru-cache'
import { errors } from '../errors.ts'
import type { ReadHandle } from './file-types.ts'
import type { ByteRange, S3 } from './s3.ts'

/** Prompts and records are read together and often. */
const SMALL_BYTES = 64 * 1024
const MEMORY_BYTES = 8 * 2 ** 20

export type Objects = ReturnType<typeof createObjects>

/** Reads objects that never change under their key. Small ones are kept in memory. */
export function createObjects(store: Pick<S3, 'read' | 'stream'>) {
  const kept = new LRUCache<string, Buffer>({
    maxSize: MEMORY_BYTES,
    sizeCalculation: ({ length }) => Math.max(1, length)
  })

  function keep(key: string, content: Buffer): void {
    if (content.length <= SMALL_BYTES) kept.set(key, content)
  }

  /** @throws FILE_SYSTEM_ERROR if the object is gone */
  async function read(key: string, range?: ByteRange): Promise<Buffer> {
    const known = kept.get(key)
    if (known !== undefined) return range === undefined ? known : known.subarray(range.start, range.end + 1)
    const content = await store.read(key, range)
    if (content === undefined) throw gone()
    if (range === undefined) keep(key, content)
    return content
  }

  async function stream(key: string, range: ByteRange): Promise<Readable> {
    if (kept.has(key)) return Readable.from([await read(key, range)], { objectMode: false })
    const opened = await store.stream(key, range)
    if (opened === undefined) throw gone()
    return opened
  }

  return {
    keep,
    read,

    /** A handle of an object, which asks the store when it is read. */
    open(key: string, bytes: number): ReadHandle {
      return {
        async read(buffer, offset, length, position) {
          const end = Math.min(position + length, bytes) - 1
          if (end < position) return { bytesRead: 0, buffer }
          const isWhole = position === 0 && end === bytes - 1
          const part = await read(key, isWhole ? undefined : { start: position, end })
          return { bytesRead: part.copy(buffer, offset), buffer }
        },
        readFile: async () => await read(key),
        createReadStream: async ({ start, end }) => await stream(key, { start, end }),
        close: async () => {}
      }
    }
  }
}

/** A handle of bytes in memory. */
export function openBytes(content: Buffer): ReadHandle {
  return {
    async read(buffer, offset, length, position) {
      return { bytesRead: content.copy(buffer, offset, position, position + length), buffer }
    },
    readFile: async () => content,
    createReadStream: ({ start, end }) =>
      Readable.from([content.subarray(start, end + 1)], { objectMode: false }),
    close: async () => {}
  }
}

function gone() {
  return errors.fileSystem('Could not read a file: its object is missing in the object store')
}
