import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import { asServiceError, errors } from '../errors.ts'
import { PACKAGE_ROOT } from '../package.ts'
import { SeriesSchema } from '../schemas/series.ts'
import type { Series } from '../schemas/series.ts'
import { createSingleFlight } from '../single-flight.ts'
import { fileVersion } from '../storage/file-version.ts'
import { whyNoFile } from '../storage/files.ts'
import type { Files } from '../storage/files.ts'
import type { FolderEntry } from '../storage/file-types.ts'
import { FOLDERS, isSeriesName, seriesName } from '../storage/layout.ts'

/**
 * How long the user's folders count as unchanged, so that a busy server does not list them for every request. After
 * that, a request lists them and does not wait; after twice the time, it waits.
 */
const REFRESH_INTERVAL_MS = 500

/** The user's folders. Of two series with the same name, the one in the later folder wins, then the later file. */
const USER_FOLDERS = [FOLDERS.legacySeries, FOLDERS.userSeries]

const BUILT_IN_SERIES = join(PACKAGE_ROOT, 'lib/dress/series')

/** More would be read at each change; the largest series of this service has 4 KB. */
export const SERIES_BYTES_MAX = 2 ** 20

/** A file or folder of the user that cannot be used, and why. The path is relative to the data folder. */
export interface SeriesProblem {
  file: string
  reason: string
}

/** A series, and the user's file that it was read from. */
export interface SeriesEntry {
  series: Series
  /** Undefined for a built-in series. The path is relative to the data folder, the time in Unix milliseconds. */
  file: { path: string; modifiedMs: number } | undefined
}

interface UserFile {
  /** Undefined if the file could not be read; it is tried again at the next refresh. */
  version: string | undefined
  /** The last valid content. */
  series: Series | undefined
  modifiedMs: number
  /** Why the present content cannot be used. */
  problem: string | undefined
}

export interface SeriesRegistryOptions {
  files: Pick<Files, 'list' | 'stat' | 'readText'>
  /** Called with a user's file or folder that cannot be used, once for each change. */
  onUnreadable: (file: string, reason: string) => void
  refreshIntervalMs?: number
  /** Milliseconds on a clock that never goes back. */
  now?: () => number
}

export type SeriesRegistry = Awaited<ReturnType<typeof createSeriesRegistry>>

/**
 * All series by name. A user's series replaces a built-in one of its name; its file is read again when it changes. A
 * file or folder that cannot be used takes away nothing: what was read from it before stays.
 */
export async function createSeriesRegistry({
  files,
  onUnreadable,
  refreshIntervalMs = REFRESH_INTERVAL_MS,
  now = () => performance.now()
}: SeriesRegistryOptions) {
  const builtIn = await readBuiltIn()
  const builtInEntries = [...builtIn].map(([name, series]) => [name, { series, file: undefined }] as const)
  const userFiles = new Map<string, UserFile>()
  /** Files whose time and size may be those of another content. */
  const outdated = new Set<string>()
  const folderProblems = new Map<string, string>()
  let known = listed(new Map<string, SeriesEntry>(builtInEntries))
  let refreshedAt = -Infinity
  const refreshing = createSingleFlight()

  async function refresh(): Promise<void> {
    for (const path of outdated) {
      const file = userFiles.get(path)
      if (file !== undefined) file.version = undefined
    }
    outdated.clear()
    for (const folder of USER_FOLDERS) {
      try {
        await readFolder(folder)
        folderProblems.delete(folder)
      } catch (error) {
        const reason = reasonIn(error)
        if (folderProblems.get(folder) !== reason) onUnreadable(folder, reason)
        folderProblems.set(folder, reason)
      }
    }
    const byName = new Map<string, SeriesEntry>(builtInEntries)
    for (const folder of USER_FOLDERS) {
      for (const [path, { series, modifiedMs }] of userFiles) {
        if (!path.startsWith(`${folder}/`) || series === undefined) continue
        byName.set(series.suffix, { series, file: { path, modifiedMs } })
      }
    }
    known = listed(byName)
    refreshedAt = now()
  }

  async function readFolder(folder: string): Promise<void> {
    const found = new Set<string>()
    const entries = await files.list(folder)
    if (entries.length === 0 && (await files.stat(folder))?.isDirectory() === false) {
      throw errors.fileSystem('it is not a folder')
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (!entry.name.endsWith('.json') || entry.name.startsWith('.')) continue
      const path = `${folder}/${entry.name}`
      if (await readEntry(path, entry)) found.add(path)
    }
    for (const path of userFiles.keys()) {
      if (path.startsWith(`${folder}/`) && !found.has(path)) userFiles.delete(path)
    }
  }

  /** Reads a file if it has changed. False if there is no file, or a folder. */
  async function readEntry(path: string, entry: FolderEntry): Promise<boolean> {
    try {
      const stat = await files.stat(path)
      if (stat?.isDirectory()) return false
      if (!stat?.isFile()) {
        const reason = whyNoFile(entry)
        if (reason !== undefined) note(path, {}, reason)
        return reason !== undefined
      }
      const version = fileVersion({ bytes: stat.size, modifiedMs: stat.mtimeMs })
      if (userFiles.get(path)?.version !== version) {
        note(path, { version, modifiedMs: stat.mtimeMs }, await readSeries(path))
      }
    } catch (error) {
      note(path, {}, reasonIn(error))
    }
    return true
  }

  async function readSeries(path: string): Promise<Series | string> {
    const text = await files.readText(path, { maxBytes: SERIES_BYTES_MAX })
    if (text === undefined) return `it is longer than ${SERIES_BYTES_MAX} bytes`
    return parseSeries(path.slice(path.lastIndexOf('/') + 1), text, 'user')
  }

  /** @param result the series, or the reason why there is none */
  function note(
    path: string,
    { version, modifiedMs = 0 }: { version?: string; modifiedMs?: number },
    result: Series | string
  ): void {
    const before = userFiles.get(path)
    const problem = typeof result === 'string' ? result : undefined
    const isNew = before?.problem !== problem || before?.version !== version
    if (problem !== undefined && isNew) onUnreadable(path, problem)
    userFiles.set(
      path,
      typeof result === 'string'
        ? { version, problem, series: before?.series, modifiedMs: before?.modifiedMs ?? 0 }
        : { version, problem, series: result, modifiedMs }
    )
  }

  async function freshSeries(): Promise<SeriesList> {
    const age = now() - refreshedAt
    if (age < refreshIntervalMs) return known
    const refreshed = refreshing.run('refresh', refresh)
    refreshed.catch(() => {})
    if (age >= 2 * refreshIntervalMs) await refreshed
    return known
  }

  return {
    /**
     * The series of this name; undefined if there is none, or if it is marked as deleted and `withDeleted` is not set.
     */
    async get(name: string, { withDeleted = false } = {}): Promise<Series | undefined> {
      const series = (await freshSeries()).byName.get(name)?.series
      return series?.deleted === true && !withDeleted ? undefined : series
    },

    /** The same with its file, also if it is marked as deleted. */
    async entry(name: string): Promise<SeriesEntry | undefined> {
      return (await freshSeries()).byName.get(name)
    },

    /**
     * All series with their files, those that are marked as deleted too, sorted by name. It is the same array until the
     * folders are read again.
     */
    async entries(): Promise<readonly SeriesEntry[]> {
      return (await freshSeries()).entries
    },

    /** Whether there is a built-in series of this name, also where a user's series replaces it. */
    isBuiltIn: (name: string): boolean => builtIn.has(name),

    /**
     * Reads the folders again now.
     * @param path a file that has just been written, whose time and size may be those of its former content
     */
    async reload(path?: string): Promise<void> {
      if (path !== undefined) outdated.add(path)
      await refreshing.runNext('refresh', refresh)
    },

    /** All series that are not marked as deleted, sorted by name. */
    async list(): Promise<Series[]> {
      return (await this.entries()).map(({ series }) => series).filter(({ deleted }) => deleted !== true)
    },

    /** The names of the series that are marked as deleted. */
    async hidden(): Promise<ReadonlySet<string>> {
      return (await freshSeries()).hidden
    },

    /** The sorted names of all series that are not marked as deleted. */
    async names(): Promise<string[]> {
      return (await this.list()).map(({ suffix }) => suffix)
    },

    /** The user's files and folders that cannot be used now. */
    async problems(): Promise<SeriesProblem[]> {
      await freshSeries()
      const ofFiles = [...userFiles].flatMap(([file, { problem: reason }]) =>
        reason === undefined ? [] : [{ file, reason }]
      )
      return [...[...folderProblems].map(([file, reason]) => ({ file, reason })), ...ofFiles]
    }
  }
}

/** All series, as requests ask for them. */
interface SeriesList {
  byName: ReadonlyMap<string, SeriesEntry>
  /** Sorted by name. */
  entries: readonly SeriesEntry[]
  /** The names of the series that are marked as deleted. */
  hidden: ReadonlySet<string>
}

function listed(byName: ReadonlyMap<string, SeriesEntry>): SeriesList {
  const entries = [...byName.values()].sort((a, b) => (a.series.suffix < b.series.suffix ? -1 : 1))
  const marked = entries.filter(({ series }) => series.deleted === true)
  return { byName, entries, hidden: new Set(marked.map(({ series }) => series.suffix)) }
}

function reasonIn(error: unknown): string {
  const { details, message } = asServiceError(error)
  return details ?? message
}

/** `sha256:` and the SHA-256 of the parts of a series that decide pictures; notes such as `last` are left out. */
export function seriesHash(series: Series): string {
  const { last, modifiedAt, source, purpose, deleted, ...essence } = series
  const sorted = Object.entries(essence)
    .filter(([, value]) => value !== null && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `sha256:${createHash('sha256').update(JSON.stringify(sorted)).digest('hex')}`
}

async function readBuiltIn(): Promise<Map<string, Series>> {
  const series = new Map<string, Series>()
  for (const file of await readdir(BUILT_IN_SERIES)) {
    const read = parseSeries(file, await readFile(join(BUILT_IN_SERIES, file), 'utf8'), 'builtin')
    if (typeof read === 'string') throw new Error(`the built-in series ${file} is not usable: ${read}`)
    series.set(read.suffix, read)
  }
  return series
}

/**
 * The series in a file, named after the file; a text with the reason if the file is not a series.
 * @param source where the file lies, whatever it says of itself
 */
function parseSeries(file: string, text: string, source: 'builtin' | 'user'): Series | string {
  const name = seriesName(file.slice(0, -'.json'.length))
  if (!isSeriesName(name)) return 'its name cannot be a series name'
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return 'it is not JSON'
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return 'it is not a JSON object'
  const series = { ...json, suffix: name, source }
  const problem = Value.Errors(SeriesSchema, series).First()
  return problem === undefined
    ? (series as Series)
    : `${problem.path.slice(1)} has a value that a series may not have there`
}
