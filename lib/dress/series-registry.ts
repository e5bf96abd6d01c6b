import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import { PACKAGE_ROOT } from '../package.ts'
import { SeriesSchema } from '../schemas/series.ts'
import type { Series } from '../schemas/series.ts'
import type { Files } from '../storage/files.ts'
import { FOLDERS, isSeriesName, seriesName } from '../storage/layout.ts'

/** How long a look at the user's folders holds, so that a busy server does not read them for every request. */
const LOOK_INTERVAL_MS = 500

/** The user's folders; of two series with one name that of the later folder counts, then that of the later file. */
const USER_FOLDERS = [FOLDERS.legacySeries, FOLDERS.userSeries]

const BUILT_IN_SERIES = join(PACKAGE_ROOT, 'lib/dress/series')

interface UserFile {
  /** Changes when the file does. */
  stamp: string
  /** The last readable content. */
  series: Series | undefined
}

export interface SeriesRegistryOptions {
  files: Pick<Files, 'list' | 'stat' | 'readText'>
  /** Told of a user's file that is no series, once for each change of it. */
  onUnreadable: (file: string, reason: string) => void
  lookIntervalMs?: number
}

export type SeriesRegistry = Awaited<ReturnType<typeof createSeriesRegistry>>

/** All series by name: the built-in ones, shadowed by the user's, which are read anew when a file changes. */
export async function createSeriesRegistry({
  files,
  onUnreadable,
  lookIntervalMs = LOOK_INTERVAL_MS
}: SeriesRegistryOptions) {
  const builtIn = await readBuiltIn()
  const userFiles = new Map<string, UserFile>()
  let known = new Map(builtIn)
  let lookedAt = -Infinity
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    const found = new Set<string>()
    for (const folder of USER_FOLDERS) {
      const entries = (await files.list(folder)).sort((a, b) => (a.name < b.name ? -1 : 1))
      for (const entry of entries) {
        const path = `${folder}/${entry.name}`
        if (!entry.name.endsWith('.json') || entry.name.startsWith('.')) continue
        const stat = await files.stat(path)
        if (!stat?.isFile()) continue
        found.add(path)
        await readUserFile(path, `${stat.mtimeMs}/${stat.size}`)
      }
    }
    for (const path of userFiles.keys()) if (!found.has(path)) userFiles.delete(path)
    known = new Map(builtIn)
    for (const folder of USER_FOLDERS) {
      for (const [path, { series }] of userFiles) {
        if (path.startsWith(`${folder}/`) && series !== undefined) known.set(series.suffix, series)
      }
    }
    lookedAt = performance.now()
  }

  async function readUserFile(path: string, stamp: string): Promise<void> {
    const before = userFiles.get(path)
    if (before?.stamp === stamp) return
    const read = parseSeries(path.slice(path.lastIndexOf('/') + 1), (await files.readText(path)) ?? '')
    if (typeof read === 'string') onUnreadable(path, read)
    userFiles.set(path, { stamp, series: typeof read === 'string' ? before?.series : read })
  }

  async function fresh(): Promise<Map<string, Series>> {
    if (performance.now() - lookedAt >= lookIntervalMs) {
      looking ??= look().finally(() => {
        looking = undefined
      })
      await looking
    }
    return known
  }

  return {
    /** The series of this name, unless there is none or it is hidden. */
    async get(name: string): Promise<Series | undefined> {
      const series = (await fresh()).get(name)
      return series?.deleted === true ? undefined : series
    },

    /** All series that are not hidden, in order of their names. */
    async list(): Promise<Series[]> {
      return [...(await fresh()).values()]
        .filter(({ deleted }) => deleted !== true)
        .sort((a, b) => (a.suffix < b.suffix ? -1 : 1))
    },

    /** The names of all series that are not hidden, in order. */
    async names(): Promise<string[]> {
      return (await this.list()).map(({ suffix }) => suffix)
    }
  }
}

/** `sha256:` and the SHA-256 of what a series is made of; notes such as `last` and `modifiedAt` do not count. */
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

/** The series in a file, named after the file; else the reason why there is none. */
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
    : `${problem.path.slice(1)} is not what a series may hold there`
}
