import { createSingleFlight } from '../single-flight.ts'
import { fileVersion } from '../storage/file-version.ts'
import type { Files } from '../storage/files.ts'
import type { FolderEntry } from '../storage/file-types.ts'
import { ARTIFACTS, FOLDERS } from '../storage/layout.ts'
import type { ImageRecord } from '../schemas/image-record.ts'

const READS_AT_ONCE = 32
const DEPTH_MAX = 16
const METADATA = 'metadata'
const ARCHIVED = '/archive/metadata'

/** What is known of a record without reading it. */
export interface RecordEntry {
  /** Relative to the data folder. */
  path: string
  imageId: string
  input: string
  seed: string
  /** The name of its series. */
  series: string
}

interface KnownFile {
  version: string
  /** Undefined if the file is no record. */
  entry: RecordEntry | undefined
}

interface RecordIndexOptions {
  files: Pick<Files, 'list' | 'statAll' | 'stat'>
  /** The record in a file; a text with the reason if it is none; undefined if there is no file. */
  read: (path: string) => Promise<ImageRecord | string | undefined>
  onUnreadable: (file: string, reason: string) => void
}

/** Which records there are. Only files that have changed are read again. */
export function createRecordIndex({ files, read, onUnreadable }: RecordIndexOptions) {
  let known = new Map<string, KnownFile>()
  let byId = new Map<string, string>()
  let sorted: RecordEntry[] = []
  /** Why a file cannot be used, as it was reported. */
  const reported = new Map<string, string>()
  const refreshing = createSingleFlight()

  function report(path: string, reason: string): void {
    if (reported.get(path) === reason) return
    reported.set(path, reason)
    onUnreadable(path, reason)
  }

  /** The folders called `metadata` below a folder. The folders of pictures and prompts hold none. */
  async function metadataFolders(folder: string, depth: number): Promise<string[]> {
    const entries = await files.list(folder)
    const found: string[] = []
    for (const entry of entries) {
      const path = `${folder}/${entry.name}`
      const isSkipped = depth === 1 && (ARTIFACTS as string[]).includes(entry.name)
      if (isSkipped || !(await isFolder(path, entry, depth))) continue
      if (entry.name === METADATA && !path.endsWith(ARCHIVED)) found.push(path)
      if (depth < DEPTH_MAX) found.push(...(await metadataFolders(path, depth + 1)))
    }
    return found
  }

  /** A series may lie elsewhere in the data folder; other links are not followed, so the search ends. */
  async function isFolder(path: string, entry: FolderEntry, depth: number): Promise<boolean> {
    if (!entry.isSymbolicLink() || depth > 0) return entry.isDirectory()
    return (await files.stat(path))?.isDirectory() === true
  }

  async function readFolder(folder: string, into: Map<string, KnownFile>): Promise<void> {
    const entries = (await files.list(folder)).filter(({ name }) => name.endsWith('.json'))
    const stats = [...(await files.statAll(folder, entries))]
    for (let at = 0; at < stats.length; at += READS_AT_ONCE) {
      const batch = stats.slice(at, at + READS_AT_ONCE).map(async ([name, { size, mtimeMs }]) => {
        const path = `${folder}/${name}`
        const version = fileVersion({ bytes: size, modifiedMs: mtimeMs })
        const before = known.get(path)
        into.set(path, before?.version === version ? before : { version, entry: await readEntry(path) })
      })
      await Promise.all(batch)
    }
  }

  async function readEntry(path: string): Promise<RecordEntry | undefined> {
    const record = await read(path)
    if (typeof record === 'string') report(path, record)
    if (record === undefined || typeof record === 'string') return undefined
    reported.delete(path)
    return {
      path,
      imageId: record.imageId,
      input: record.input,
      seed: record.seed,
      series: record.series.name
    }
  }

  async function readAll(): Promise<void> {
    const found = new Map<string, KnownFile>()
    for (const folder of await metadataFolders(FOLDERS.output, 0)) {
      // One folder that cannot be read must not hide the others.
      await readFolder(folder, found).catch((error: Error) => report(folder, error.message))
    }
    for (const path of reported.keys()) if (!found.has(path)) reported.delete(path)
    known = found
    sorted = [...found.values()].flatMap(({ entry }) => entry ?? []).sort(compareEntries)
    byId = new Map(sorted.toReversed().map(({ imageId, path }) => [imageId, path]))
  }

  return {
    /** Takes in what has changed on disk since the last call. */
    async refresh(): Promise<void> {
      await refreshing.runNext('refresh', readAll)
    },

    /** All records by input, series and path, as of the last refresh. */
    entries: (): readonly RecordEntry[] => sorted,

    /** The path of the first record with an id, as of the last refresh. */
    byId: (imageId: string): string | undefined => byId.get(imageId),

    /** Reports a file that cannot be used, once for each reason. */
    note: report
  }
}

function compareEntries(a: RecordEntry, b: RecordEntry): number {
  return compareBytes(a.input, b.input) || compareBytes(a.series, b.series) || compareBytes(a.path, b.path)
}

const BEYOND_PLAIN = /[\ud800-\uffff]/

/** The order of the UTF-8 bytes. It differs from that of JavaScript's strings where one holds a surrogate. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0
  if (BEYOND_PLAIN.test(a) && BEYOND_PLAIN.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : 1
}
