import { createLastUsed } from '../last-used.ts'
import { fileVersion } from './file-version.ts'
import { createFileCache, readPart } from './file-cache.ts'
import type { ReadableFile } from './file-cache.ts'
import type { OpenFile, ReadHandle } from './file-types.ts'
import type { FileStamp } from './file-version.ts'
import type { Files } from './files.ts'

/** The first bytes of a PNG (PNG, third edition, 5.2). */
export const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
/** The last chunk of a PNG: no data, its type, its checksum (11.2.5). */
const PNG_END = Buffer.from('\0\0\0\0IEND\xae\x42\x60\x82', 'latin1')
/** The end may be followed by a few bytes of another program; viewers ignore them. */
const TAIL_BYTES = 1024
/** Versions of files that are remembered as whole. Another one is read again, which costs two short reads. */
const REMEMBERED_MAX = 10_000

export type PngFiles = ReturnType<typeof createPngFiles>

/**
 * PNG files that are whole: with their signature and their end. All else that lies at a path counts as missing, such as
 * a cut file or a folder. A file is checked once for each of its versions.
 * @param adapt changes the content of a PNG that is sent; it returns the same buffer if nothing is to be changed
 */
export function createPngFiles(
  files: Pick<Files, 'open' | 'stat'>,
  cache = createFileCache({ maxBytes: 0 }),
  adapt?: (png: Buffer) => Buffer
) {
  /** The version of a whole file, by path. */
  const whole = createLastUsed<string, string>(REMEMBERED_MAX)

  async function open(path: string): Promise<OpenFile | undefined> {
    const opened = await files.open(path)
    if (opened === undefined) return undefined
    const { handle, bytes, modifiedMs } = opened
    let isKept = false
    try {
      const version = fileVersion({ bytes, modifiedMs })
      isKept = opened.isPng ?? (whole.get(path) === version || (await isWhole(handle, bytes)))
      if (!isKept) return undefined
      whole.set(path, version)
      return opened
    } finally {
      if (!isKept) await handle.close()
    }
  }

  /** What `adapt` made of a content that is in memory. */
  const adapted = new WeakMap<Buffer, Buffer>()

  async function adaptFile(file: ReadableFile, change: (png: Buffer) => Buffer): Promise<ReadableFile> {
    const original = 'content' in file ? file.content : await readAll(file)
    const content = adapted.get(original) ?? change(original)
    adapted.set(original, content)
    // Another length gives another ETag.
    return { content, bytes: content.length, modifiedMs: file.modifiedMs }
  }

  return {
    /** Opens a PNG for reading; undefined if there is no whole one. The caller closes it. */
    open,

    /** A PNG to send, from memory if it was read before; undefined if there is no whole one. */
    async read(path: string): Promise<ReadableFile | undefined> {
      const file = await cache.open(path, open)
      return file === undefined || adapt === undefined ? file : await adaptFile(file, adapt)
    },

    /** Size and time of a PNG; undefined if there is no whole one. */
    async stat(path: string): Promise<FileStamp | undefined> {
      const stat = await files.stat(path)
      if (!stat?.isFile()) return undefined
      const stamp = { bytes: stat.size, modifiedMs: stat.mtimeMs }
      if (stat.isPng !== undefined) return stat.isPng ? stamp : undefined
      if (whole.get(path) === fileVersion(stamp)) return stamp
      const opened = await open(path)
      if (opened === undefined) return undefined
      await opened.handle.close()
      return { bytes: opened.bytes, modifiedMs: opened.modifiedMs }
    },

    /** Takes a file as whole without reading it, because this process has just written it. */
    trust(path: string, stamp: FileStamp): void {
      whole.set(path, fileVersion(stamp))
    }
  }
}

async function readAll(file: OpenFile): Promise<Buffer> {
  try {
    return await readPart(file, 0, file.bytes)
  } finally {
    await file.handle.close()
  }
}

/** Whether bytes are a PNG with its end. */
export function isWholePng(bytes: Buffer): boolean {
  const isBegun = bytes.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)
  return isBegun && hasPngEnd(bytes.subarray(-TAIL_BYTES))
}

/** How many bytes at the end of a file have the end of a PNG; undefined if the file is too short to be one. */
export function tailOf(bytes: number): number | undefined {
  return bytes < PNG_SIGNATURE.length + PNG_END.length ? undefined : Math.min(bytes, TAIL_BYTES)
}

/** Whether the last bytes of a file have the end of a PNG. */
export function hasPngEnd(tail: Buffer): boolean {
  return tail.includes(PNG_END)
}

async function isWhole(handle: ReadHandle, bytes: number): Promise<boolean> {
  const tailBytes = tailOf(bytes)
  if (tailBytes === undefined) return false
  const [start, tail] = await Promise.all([
    handle.read(Buffer.alloc(PNG_SIGNATURE.length), 0, PNG_SIGNATURE.length, 0),
    handle.read(Buffer.alloc(tailBytes), 0, tailBytes, bytes - tailBytes)
  ])
  return start.buffer.equals(PNG_SIGNATURE) && hasPngEnd(tail.buffer)
}
