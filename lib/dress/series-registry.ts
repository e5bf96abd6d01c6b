import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import { PACKAGE_ROOT } from '../package.ts'
import { SeriesSchema } from '../schemas/series.ts'
import type { Series } from '../schemas/series.ts'
import { createSingleFlight } from '../single-flight.ts'
import { fileVersion } from '../storage/file-version.ts'
import type { Files } from '../storage/files.ts'
import { FOLDERS, isSeriesName, seriesName } from '../storage/layout.ts'

/** How long the user's folders count as unchanged, so that a busy server does not list them for every request. */
const REFRESH_INTERVAL_MS = 500

/** The user's folders. Of two series with the same name, the one in the later folder wins, then the later file. */
const USER_FOLDERS = [FOLDERS.legacySeries, FOLDERS.userSeries]

const BUILT_IN_SERIES = join(PACKAGE_ROOT, 'lib/dress/series')

interface UserFile {
  version: string
  /** The last valid content. */
  series: Series | undefined
}

export interface SeriesRegistryOptions {
  files: Pick<Files, 'list' | 'stat' | 'readText'>
  /** Called with a user's file that is not a series, once for each change of the file. */
  onUnreadable: (file: string, reason: string) => void
  refreshIntervalMs?: number
  /** Milliseconds on a clock that never goes back. */
  now?: () => number
}

export type SeriesRegistry = Awaited<ReturnType<typeof createSeriesRegistry>>

/** All series by name. A user's series replaces a built-in one of its name; its file is read again when it changes. */
export async function createSeriesRegistry({
  files,
  onUnreadable,
  refreshIntervalMs = REFRESH_INTERVAL_MS,
  now = () => performance.now()
}: SeriesRegistryOptions) {
  const builtIn = await readBuiltIn()
  const userFiles = new Map<string, UserFile>()
  let known = new Map(builtIn)
  let refreshedAt = -Infinity
  const refreshing = createSingleFlight()

  async function refresh(): Promise<void> {
    const found = new Set<string>()
    for (const folder of USER_FOLDERS) {
      const entries = (await files.list(folder)).sort((a, b) => (a.name < b.name ? -1 : 1))
      for (const entry of entries) {
        const path = `${folder}/${entry.name}`
        if (!entry.name.endsWith('.json') || entry.name.startsWith('.')) continue
        const stat = await files.stat(path)
        if (!stat?.isFile()) continue
        found.add(path)
        await readUserFile(path, fileVersion({ bytes: stat.size, modifiedMs: stat.mtimeMs }))
      }
    }
    for (const path of userFiles.keys()) if (!found.has(path)) userFiles.delete(path)
    known = new Map(builtIn)
    for (const folder of USER_FOLDERS) {
      for (const [path, { series }] of userFiles) {
        if (path.startsWith(`${folder}/`) && series !== undefined) known.set(series.suffix, series)
      }
    }
    refreshedAt = now()
  }

  async function readUserFile(path: string, version: string): Promise<void> {
    const before = userFiles.get(path)
    if (before?.version === version) return
    const parsed = parseSeries(path.slice(path.lastIndexOf('/') + 1), (await files.readText(path)) ?? '')
    const isReason = typeof parsed === 'string'
    if (isReason) onUnreadable(path, parsed)
    userFiles.set(path, { version, series: isReason ? before?.series : parsed })
  }

  async function freshSeries(): Promise<Map<string, Series>> {
    if (now() - refreshedAt >= refreshIntervalMs) await refreshing.run('refresh', refresh)
    return known
  }

  return {
    /** The series of this name; undefined if there is none or it is marked as deleted. */
    async get(name: string): Promise<Series | undefined> {
      const series = (await freshSeries()).get(name)
      return series?.deleted === true ? undefined : series
    },

    /** All series that are not marked as deleted, sorted by name. */
    async list(): Promise<Series[]> {
      return [...(await freshSeries()).values()]
        .filter(({ deleted }) => deleted !== true)
        .sort((a, b) => (a.suffix < b.suffix ? -1 : 1))
    },

    /** The sorted names of all series that are not marked as deleted. */
    async names(): Promise<string[]> {
      return (await this.list()).map(({ suffix }) => suffix)
    }
  }
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
    const read = parseSeries(file, await readFile(join(BUILT_IN_SERIES, file), 'utf8'))
    if (typeof read === 'string') throw new Error(`the built-in series ${file} is not usable: ${read}`)
    series.set(read.suffix, read)
  }
  return series
}

/** The series in a file, named after the file; a text with the reason if the file is not a series. */
function parseSeries(file: string, text: string): Series | string {
  const name = seriesName(file.slice(0, -'.json'.length))
  if (!isSeriesName(name)) return 'its name cannot be a series name'
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return 'it is not JSON'
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return 'it is not a JSON object'
  const series = { ...json, suffix: name }
  const problem = Value.Errors(SeriesSchema, series).First()
  return problem === undefined
    ? (series as Series)
    : `${problem.path.slice(1)} has a value that a series may not have there`
}
