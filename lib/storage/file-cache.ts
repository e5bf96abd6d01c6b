import { LRUCache } from 'lru-cache'
import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { errors, isServiceError } from '../errors.ts'
import { createLastUsed } from '../last-used.ts'
import { fileVersion } from './file-version.ts'
import type { FileStamp } from './file-version.ts'
import type { OpenFile } from './file-types.ts'

/** A file in memory. */
interface FileInMemory extends FileStamp {
  content: Buffer
}

/** A file to send. The receiver closes the handle. */
export type ReadableFile = FileInMemory | OpenFile

/** Milliseconds in which a change by another program may stay unseen. */
const CHECK_MS = 1_000
/**
 * The share of that time after which a file is compared with the disk while its known content is still sent. File
 * operations wait for those before them, such as the encoding of a picture, and a request need not wait for them.
 */
const AHEAD_SHARE = 1 / 2
/** A larger file is read from the disk each time, so that one file does not take the place of many. */
const LARGEST_SHARE = 8
/**
 * Contents that have left the cache stay in memory until their responses are sent. With them, there are at most this
 * many times the bytes of the cache; beyond that, files are sent from the disk.
 */
const ALIVE_SHARE = 2
/** What an entry takes beside its content. */
const ENTRY_BYTES = 500
/** Files whose size and time are kept without their content. */
const STAMPS_MAX = 10_000

export interface FileCacheOptions {
  /** Bytes that all files take in memory; 0 keeps none. */
  maxBytes: number
  /** Milliseconds after which a file is compared with the disk. */
  checkMs?: number
  clock?: Pick<Clock, 'now'>
}

interface Entry {
  file: FileInMemory
  checkedAt: number
}

/** A read that is underway. */
interface Reading {
  /** The file was changed since the read began. */
  isStale: boolean
  result: Promise<ReadableFile | undefined>
}

export type FileCache = ReturnType<typeof createFileCache>

/**
 * The files that were read last, in memory. What this process changes is seen at once, because it reports each change;
 * what other programs change is seen within a second.
 */
export function createFileCache({ maxBytes, checkMs = CHECK_MS, clock = systemClock }: FileCacheOptions) {
  const largest = Math.floor(maxBytes / LARGEST_SHARE)
  /** Bytes of all contents that were read and that something still refers to. */
  let alive = 0
  const collected = new FinalizationRegistry<number>((bytes) => (alive -= bytes))
  const entries = new LRUCache<string, Entry>({
    maxSize: Math.max(1, maxBytes),
    sizeCalculation: ({ file }) => file.content.length + ENTRY_BYTES
  })
  const stamps = createLastUsed<string, { stamp: FileStamp; checkedAt: number }>(STAMPS_MAX)
  let changes = 0
  const readings = new Map<string, Reading>()
  /** Handles that a caller has. A handle is for one caller. */
  const taken = new WeakSet<ReadableFile>()

  async function readFile(opened: OpenFile, known: Entry | undefined): Promise<ReadableFile> {
    const { bytes, modifiedMs } = opened
    const isCurrent = known !== undefined && fileVersion(known.file) === fileVersion(opened)
    if (bytes > largest || (!isCurrent && alive + bytes > ALIVE_SHARE * maxBytes)) return opened
    try {
      if (isCurrent) return known.file
      const content = await readPart(opened, 0, bytes)
      alive += bytes
      collected.register(content, bytes)
      return { bytes, modifiedMs, content }
    } finally {
      await opened.handle.close()
    }
  }

  function read(path: string, openFile: FileOpener): Reading {
    const known = entries.get(path)
    const checkedAt = clock.now()
    const reading: Reading = { isStale: false, result: Promise.resolve(undefined) }
    const work = async () => {
      const opened = await openFile(path)
      const file = opened && (await readFile(opened, known))
      if (!reading.isStale) {
        if (file !== undefined && 'content' in file) entries.set(path, { file, checkedAt })
        else entries.delete(path)
      }
      return file
    }
    readings.set(path, reading)
    reading.result = work().finally(() => {
      if (readings.get(path) === reading) readings.delete(path)
    })
    return reading
  }

  /** Compares a file with the disk for later requests. */
  async function readAhead(path: string, openFile: FileOpener): Promise<void> {
    const file = await read(path, openFile).result
    if (file === undefined || 'content' in file || taken.has(file)) return
    taken.add(file)
    await file.handle.close()
  }

  return {
    /** The bytes that the files take. */
    get bytes(): number {
      return entries.calculatedSize
    },

    /**
     * A file from memory, or from the disk; undefined if there is none.
     * @param openFile opens the file on the disk
     */
    async open(path: string, openFile: FileOpener): Promise<ReadableFile | undefined> {
      const known = entries.get(path)
      const age = known === undefined ? Infinity : clock.now() - known.checkedAt
      if (known !== undefined && age < checkMs) {
        // A file that cannot be read now is read again by the first request after the time.
        if (age >= checkMs * AHEAD_SHARE && !readings.has(path)) readAhead(path, openFile).catch(() => {})
        return known.file
      }
      const file = await (readings.get(path) ?? read(path, openFile)).result.catch(orKnown(known?.file))
      if (file === undefined || 'content' in file) return file
      if (taken.has(file)) return await openFile(path)
      taken.add(file)
      return file
    },

    /**
     * Size and time of a file; undefined if there is none.
     * @param statFile reads them from the disk
     */
    async stat(path: string, statFile: StampReader): Promise<FileStamp | undefined> {
      const known = stamps.get(path)
      if (known !== undefined && clock.now() - known.checkedAt < checkMs) return known.stamp
      const [checkedAt, changesBefore] = [clock.now(), changes]
      const stamp = await statFile(path).catch(orKnown(known?.stamp))
      if (stamp !== undefined && changes === changesBefore) stamps.set(path, { stamp, checkedAt })
      return stamp
    },

    /** Forgets a file. Call it after each change of a file. */
    forget(path: string): void {
      changes += 1
      stamps.delete(path)
      entries.delete(path)
      const reading = readings.get(path)
      if (reading === undefined) return
      reading.isStale = true
      readings.delete(path)
    }
  }
}

/** What is in memory is better than no answer while the place of the files is away. */
function orKnown<T>(known: T | undefined): (error: unknown) => T {
  return (error) => {
    if (known === undefined || !isServiceError(error) || error.code !== 'SERVICE_UNAVAILABLE') throw error
    return known
  }
}

type FileOpener = (path: string) => Promise<OpenFile | undefined>
type StampReader = (path: string) => Promise<FileStamp | undefined>

/**
 * Reads a part of a file.
 * @throws FILE_SYSTEM_ERROR when the file is shorter
 */
export async function readPart({ handle }: OpenFile, start: number, length: number): Promise<Buffer> {
  const part = Buffer.allocUnsafe(length)
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await handle.read(part, filled, length - filled, start + filled)
    if (bytesRead === 0) throw errors.fileSystem('A file became shorter while it was read')
    filled += bytesRead
  }
  return part
}
