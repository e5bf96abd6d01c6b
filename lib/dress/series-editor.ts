import PQueue from 'p-queue'
import { asServiceError, errors, quote } from '../errors.ts'
import { goJson } from '../go-json.ts'
import type { Series } from '../schemas/series.ts'
import type { Files } from '../storage/files.ts'
import { FOLDERS, HIDDEN_SUFFIX, archivedPath, inOutput, isSeriesName, pathSafe } from '../storage/layout.ts'
import { emptyDatabases } from './attributes.ts'
import type { DatabaseName, Databases } from './databases.ts'
import { seriesRecord, seriesVersion } from './series-record.ts'
import type { SeriesRecord } from './series-record.ts'
import { SERIES_BYTES_MAX } from './series-registry.ts'
import type { SeriesEntry, SeriesRegistry } from './series-registry.ts'

export interface SeriesEditorOptions {
  files: Pick<Files, 'read' | 'write' | 'stat' | 'list' | 'move' | 'exclusively'>
  registry: Pick<SeriesRegistry, 'entry' | 'entries' | 'reload' | 'isBuiltIn'>
  databases: Databases
}

/** A series as a client gets it. */
export interface EditableSeries {
  record: SeriesRecord
  /** Changes with every change of the series. */
  version: string
  /** The databases in which its filters leave no row. */
  empty: DatabaseName[]
}

/** Whether a change may be made, by the version of the series now; undefined if there is none. */
export type Condition = (version: string | undefined) => boolean

export type SeriesEditor = ReturnType<typeof createSeriesEditor>

/**
 * Reads and changes series for clients. Changes of all processes are made one after the other, and each one checks its
 * condition against the files as they are then. A file that is replaced is copied to `archives/` before.
 */
export function createSeriesEditor({ files, registry, databases }: SeriesEditorOptions) {
  const changes = new PQueue({ concurrency: 1 })

  function describe({ series }: SeriesEntry): EditableSeries {
    return {
      record: seriesRecord(series),
      version: seriesVersion(series),
      empty: emptyDatabases(databases, series)
    }
  }

  /** Runs a change alone, with the series as it is on disk. */
  async function change(
    suffix: string,
    condition: Condition,
    work: (current: SeriesEntry | undefined) => Promise<void>
  ): Promise<EditableSeries> {
    const checkAndWork = async () => {
      if (registry.isBuiltIn(suffix)) {
        throw errors.ofV1('series_invalid', 'cannot modify built-in series', {
          details: `The name ${quote(suffix)} is taken: choose another one`
        })
      }
      await registry.reload()
      const current = await registry.entry(suffix)
      const version = current && seriesVersion(current.series)
      if (!condition(version)) throw changedSince(suffix, version)
      await work(current)
      const changed = await registry.entry(suffix)
      if (changed === undefined) throw notFound()
      return describe(changed)
    }
    return await changes.add(async () => await files.exclusively('series', checkAndWork))
  }

  async function save(series: Series, current: SeriesEntry | undefined): Promise<void> {
    const text = goJson(seriesRecord(series))
    const bytes = Buffer.byteLength(text)
    if (bytes > SERIES_BYTES_MAX) {
      throw errors.ofV1(
        'series_invalid',
        `its file would have ${bytes} bytes; at most ${SERIES_BYTES_MAX} are read`
      )
    }
    const isOwn = current?.file?.path.startsWith(`${FOLDERS.userSeries}/`) === true
    const path = isOwn ? current!.file!.path : `${FOLDERS.userSeries}/${series.suffix}.json`
    try {
      await keepFormer(path, text)
      await files.write(path, text, { isPrivate: true })
    } catch (error) {
      const { details, message } = asServiceError(error)
      throw errors.ofV1('series_invalid', `its file cannot be written: ${details ?? message}`, {
        cause: error
      })
    }
    await registry.reload(path)
  }

  /** Copies a file that is replaced to `archives/`, so that no edit is lost, whatever the client knew of it. */
  async function keepFormer(path: string, text: string): Promise<void> {
    const former = await files.read(path)
    if (former === undefined || former.equals(Buffer.from(text))) return
    let copy = 1
    while ((await files.stat(archivedPath(FOLDERS.archives, path, copy))) !== undefined) copy += 1
    await files.write(archivedPath(FOLDERS.archives, path, copy), former, { isPrivate: true })
  }

  /**
   * Brings back the pictures of a series that the Go server has hidden, which renames its output folder. What is also
   * in the folder of the series stays where it is.
   */
  async function bringBack(from: string, to: string): Promise<void> {
    if ((await files.stat(to)) === undefined) {
      await files.move(from, to, { keepTime: true })
      return
    }
    for (const { name } of await files.list(from)) await bringBack(`${from}/${name}`, `${to}/${name}`)
  }

  async function showPictures(suffix: string): Promise<void> {
    try {
      await bringBack(inOutput(`${suffix}${HIDDEN_SUFFIX}`), inOutput(suffix))
    } catch (error) {
      const { details, message } = asServiceError(error)
      throw errors.ofV1('series_invalid', `its pictures cannot be brought back: ${details ?? message}`, {
        cause: error
      })
    }
  }

  return {
    /** All series, sorted by name. The time of a user's series is that of its file. */
    async list(which: 'shown' | 'hidden' | 'all'): Promise<SeriesRecord[]> {
      const entries = await registry.entries()
      return entries
        .filter(({ series: { deleted = false } }) => which === 'all' || deleted === (which === 'hidden'))
        .map(({ series, file }) => {
          const modifiedAt = file && secondsOf(file.modifiedMs)
          return seriesRecord({ ...series, ...(modifiedAt !== undefined && { modifiedAt }) })
        })
    },

    /**
     * The series of this name, hidden or not.
     * @param name as a client writes it
     * @throws series_not_found
     */
    async get(name: string): Promise<EditableSeries> {
      const entry = name.trim() === '' ? undefined : await registry.entry(pathSafe(name))
      if (entry === undefined) throw notFound()
      return describe(entry)
    },

    /**
     * Writes a series, new or not, in place of the whole file.
     * @param series its name may be empty; else it must be the same
     * @throws series_invalid for a built-in series, or a series that cannot be written; series_changed if the condition
     *   does not hold
     */
    async put(name: string, series: Series, condition: Condition): Promise<EditableSeries> {
      const suffix = pathSafe(name)
      if (series.suffix.trim() !== '' && pathSafe(series.suffix) !== suffix) {
        throw errors.ofV1(
          'series_invalid',
          `suffix is ${quote(series.suffix)}, but the path names ${quote(suffix)}`
        )
      }
      if (!isSeriesName(suffix)) {
        throw errors.ofV1('series_invalid', `${quote(suffix)} cannot be the name of a file`)
      }
      return await change(suffix, condition, async (current) => {
        await save({ ...series, suffix }, current)
      })
    },

    /**
     * Hides a series of the user, or offers it again. Its pictures stay where they are; those that the Go server has
     * put away come back.
     * @throws series_not_found, series_invalid, series_changed
     */
    async setHidden(name: string, isHidden: boolean, condition: Condition): Promise<EditableSeries> {
      const suffix = pathSafe(name)
      return await change(suffix, condition, async (current) => {
        if (current === undefined) throw notFound()
        if (!isHidden) await showPictures(suffix)
        if ((current.series.deleted === true) === isHidden) return
        await save({ ...current.series, deleted: isHidden }, current)
      })
    }
  }
}

/** A time as `2026-11-25T21:58:45Z`. */
function secondsOf(unixMs: number): string {
  return new Date(unixMs).toISOString().replace(/\.\d+Z$/, 'Z')
}

function notFound() {
  return errors.ofV1('series_not_found', 'series was not found')
}

function changedSince(name: string, version: string | undefined) {
  return errors.ofV1('series_changed', `${quote(name)} is not as the request expects it`, {
    details:
      version === undefined
        ? 'There is no series of this name: it was removed, or it is not made yet'
        : 'It was changed or made meanwhile: read it again, and send the change with its new ETag'
  })
}
