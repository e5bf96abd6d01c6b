import { join } from 'node:path'
import { asServiceError, errors } from '../errors.ts'
import type { Files } from '../storage/files.ts'
import {
  FOLDERS,
  inOutput,
  isAddress,
  isPictureName,
  isSeriesName,
  metadataPath,
  pathSafe
} from '../storage/layout.ts'
import { seedOf } from '../dress/attributes.ts'
import { createRecordIndex } from './index-of-records.ts'
import { EMBEDDED, parseRecord, writeRecord } from './record.ts'
import type { ImageRecord } from '../schemas/image-record.ts'

/** A record is as long as its input: a request may have a megabyte, of which each character may be escaped. */
const BYTES_MAX = 8 * 2 ** 20
/** Records that are read at the same time. */
const READS_AT_ONCE = 32

/** A record with the path of its file, relative to the data folder. */
export interface StoredRecord {
  path: string
  record: ImageRecord
}

export interface RecordsOptions {
  files: Pick<Files, 'list' | 'stat' | 'statAll' | 'readText' | 'write'>
  /** The data folder, absolute. */
  root: string
  /** Called with a file that is no record, once for each change. The path is relative to the data folder. */
  onUnreadable: (file: string, reason: string) => void
}

export type Records = ReturnType<typeof createRecords>

/** The records of the images in the data folder. A file that cannot be used is skipped. */
export function createRecords({ files, root, onUnreadable }: RecordsOptions) {
  const index = createRecordIndex({ files, read: readFile, onUnreadable })

  /** The record in a file; a text with the reason if it is none; undefined if there is no file. */
  async function readFile(path: string): Promise<ImageRecord | string | undefined> {
    try {
      const text = await files.readText(path, { maxBytes: BYTES_MAX })
      if (text !== undefined) return parseRecord(text, root)
      return (await files.stat(path)) === undefined
        ? undefined
        : `it is no file, or longer than ${BYTES_MAX} bytes`
    } catch (error) {
      const { details, message } = asServiceError(error)
      return details ?? message
    }
  }

  async function readAt(path: string): Promise<StoredRecord | undefined> {
    const found = await readFile(path)
    if (found === undefined) return undefined
    if (typeof found !== 'string') return { path, record: found }
    index.note(path, found)
    return undefined
  }

  return {
    /** The record in a file below the data folder; undefined if there is none that can be used. */
    readAt,

    /**
     * The record of an image; undefined if there is none. That of an address has the name of its 64 digits; the Go
     * server's `/v1` names it after the address.
     * @param seed as a request names it: any text, or an address
     */
    async read(series: string, seed: string): Promise<StoredRecord | undefined> {
      if (!isSeriesName(series)) return undefined
      const names = isAddress(seed) ? [seedOf(seed), seed] : [seed]
      for (const name of names.filter((text) => isPictureName(pathSafe(text)))) {
        const found = await readAt(inOutput(metadataPath(series, name)))
        if (found !== undefined) return found
      }
      return undefined
    },

    /** Where a series comes from, as records say it: the path of its file in series/, else `embedded`. */
    async sourceOf(series: string): Promise<string> {
      const path = `${FOLDERS.legacySeries}/${series}.json`
      return (await files.stat(path)) === undefined ? EMBEDDED : join(root, path)
    },

    /** Writes a record to the file of its series and seed. Resolves with the path, relative to the data folder. */
    async write(record: ImageRecord): Promise<string> {
      const path = inOutput(metadataPath(record.series.name, record.seed))
      await files.write(path, writeRecord(record, root), { setAside: true, isPrivate: true })
      return path
    },

    /**
     * The image with this id, else the first one in the order of the list with this seed.
     * @param series only of the series with this name
     * @throws FILE_SYSTEM_ERROR if the output folder cannot be read
     */
    async find(id: string, series?: string): Promise<StoredRecord | undefined> {
      const address = id.toLowerCase()
      const seeds = isAddress(address) ? [id, address, seedOf(address)] : [id]
      const hasId = (found: StoredRecord | undefined) => found?.record.imageId === id
      const known = index.byId(id)
      if (known !== undefined && series === undefined) {
        const found = await readAt(known)
        if (hasId(found)) return found
      }
      await index.refresh()
      const entries = index.entries().filter((entry) => series === undefined || entry.series === series)
      const candidates = [
        ...entries.filter(({ imageId }) => imageId === id),
        ...entries.filter(({ seed }) => seeds.includes(seed))
      ]
      for (const { path } of candidates) {
        const found = await readAt(path)
        if (found !== undefined && (hasId(found) || seeds.includes(found.record.seed))) return found
      }
      return undefined
    },

    /**
     * All records, by input, series and path. They are read while the caller takes them.
     * @param series only those of the series with exactly this name
     */
    async *list(series?: string): AsyncGenerator<StoredRecord> {
      await index.refresh()
      const paths = index
        .entries()
        .filter((entry) => series === undefined || entry.series === series)
        .map(({ path }) => path)
      for (let at = 0; at < paths.length; at += READS_AT_ONCE) {
        const batch = await Promise.all(paths.slice(at, at + READS_AT_ONCE).map(readAt))
        yield* batch.filter((found) => found !== undefined)
      }
    }
  }
}

/** The error of /v1 when a record cannot be kept. */
export function notKept(error: unknown): unknown {
  const { code, details } = asServiceError(error)
  return code === 'FILE_SYSTEM_ERROR'
    ? errors.ofV1('metadata_invalid', 'the record could not be kept', {
        cause: error,
        ...(details !== undefined && { details })
      })
    : error
}
