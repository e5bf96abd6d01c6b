import { addressOfSeed, recordedSeed } from '../dress/seed-dress.ts'
import { asServiceError, errors } from '../errors.ts'
import { parseRecord } from '../records/record.ts'
import type { StoredRecord } from '../records/store.ts'
import type { ImageRecord } from '../schemas/image-record.ts'
import { nameOf } from './results.ts'
import { archivedCopies } from '../storage/archived-copies.ts'
import type { ArchivedCopy } from '../storage/archived-copies.ts'
import type { Files } from '../storage/files.ts'
import type { FolderEntry } from '../storage/file-types.ts'
import {
  FOLDERS,
  archivedPath,
  artifactPath,
  inOutput,
  isSeriesName,
  metadataPath
} from '../storage/layout.ts'
import type { Artifact } from '../storage/layout.ts'

/** The texts of a picture, which go to the archive with it. */
const TEXTS = ['data', 'title', 'terse', 'prompt', 'enhanced', 'technical', 'selector'] as const
const RECORD_BYTES_MAX = 8 * 2 ** 20
/** `<name>`, or `<name>.<copy>` from the second copy on. */
const COPY = /^(.*?\.(?:png|json))(?:\.(\d+))?$/
/** A drawing that went to the archive with its picture may have gone there just before. */
const SAME_TIME_MS = 2_000

/** An image by its files: its series, their name, and the seed that names its record. */
export interface ImageTarget {
  series: string
  name: string
  seed: string
}

interface VersionsOptions {
  files: Pick<Files, 'list' | 'read' | 'stat' | 'statAll' | 'readText' | 'move' | 'write'>
  /** The data folder, absolute. */
  root: string
}

export type Versions = ReturnType<typeof createVersions>

/** The earlier versions of images in `archives/`: what a redraw has replaced, and what was removed. */
export function createVersions({ files, root }: VersionsOptions) {
  const pathOf = (artifact: Artifact, { series, name }: ImageTarget) =>
    inOutput(artifactPath(artifact, series, name))
  const recordOf = ({ series, seed }: ImageTarget) => inOutput(metadataPath(series, recordedSeed(seed)))
  const archived = (path: string, copy: number) => archivedPath(FOLDERS.archives, path, copy)
  const exists = async (path: string) => (await files.stat(path)) !== undefined

  const copiesOf = async (path: string) => await archivedCopies(files, path)

  /** The first number under which none of these files is in the archive. */
  async function freeNumber(paths: string[]): Promise<number> {
    for (let number = 1; ; number += 1) {
      const taken = await Promise.all(paths.map(async (path) => await exists(archived(path, number))))
      if (!taken.includes(true)) return number
    }
  }

  /**
   * Moves files one after the other. If one cannot be moved, those before it go back, as far as possible.
   * @returns the targets of those that were there
   */
  async function moveAll(moves: Array<[from: string, to: string]>): Promise<string[]> {
    const done: Array<[string, string]> = []
    try {
      for (const [from, to] of moves) if (await files.move(from, to)) done.push([from, to])
    } catch (error) {
      for (const [from, to] of done.reverse()) await files.move(to, from).catch(() => {})
      const { details } = asServiceError(error)
      throw errors.ofV1('metadata_invalid', 'the files of the image could not be moved', {
        cause: error,
        ...(details !== undefined && { details })
      })
    }
    return done.map(([, to]) => to)
  }

  /** The drawing that belongs to a picture in the archive: a redraw moves it there a little later than the picture. */
  async function drawingOf(picture: ArchivedCopy, target: ImageTarget): Promise<ArchivedCopy | undefined> {
    const copies = await copiesOf(pathOf('generated', target))
    const twin = copies.find(({ number }) => number === picture.number)
    if (twin !== undefined && twin.archivedMs >= picture.archivedMs - SAME_TIME_MS) return twin
    return copies.findLast(({ archivedMs }) => archivedMs >= picture.archivedMs)
  }

  /** What of a version is in the archive, by the path to which it belongs. */
  async function findVersion(target: ImageTarget, number?: number): Promise<Map<string, string>> {
    const isIt = (copy: ArchivedCopy) => number === undefined || copy.number === number
    const [annotated, generated] = [pathOf('annotated', target), pathOf('generated', target)]
    const picture = (await copiesOf(annotated)).find(isIt)
    const drawing =
      picture === undefined ? (await copiesOf(generated)).find(isIt) : await drawingOf(picture, target)
    const chosen = picture?.number ?? drawing?.number ?? number
    const found = new Map<string, string>()
    if (picture !== undefined) found.set(annotated, picture.path)
    if (drawing !== undefined) found.set(generated, drawing.path)
    if (chosen === undefined) return found
    for (const path of [...TEXTS.map((text) => pathOf(text, target)), recordOf(target)]) {
      if (await exists(archived(path, chosen))) found.set(path, archived(path, chosen))
    }
    return found
  }

  /** The records in a folder of the archive. */
  async function* archivedRecords(folder: string): AsyncGenerator<{ copy: number; record: ImageRecord }> {
    const isCopy = ({ name }: FolderEntry) => COPY.exec(name)?.[1]?.endsWith('.json') === true
    const stats = await files.statAll(folder, (await files.list(folder)).filter(isCopy))
    for (const [name] of [...stats].sort(([, a], [, b]) => b.mtimeMs - a.mtimeMs)) {
      const text = await files.readText(`${folder}/${name}`, { maxBytes: RECORD_BYTES_MAX })
      const record = text === undefined ? '' : parseRecord(text, root)
      if (typeof record !== 'string') yield { copy: Number(COPY.exec(name)![2] ?? 1), record }
    }
  }

  return {
    /**
     * Moves a drawing, a picture and their record to the archive, all under one number. Files that are gone are
     * skipped.
     * @param paths of drawing and picture, relative to the data folder
     * @throws metadata_invalid if a file cannot be moved
     */
    async archive(paths: string[], record: string): Promise<void> {
      const all = [...paths, record]
      const number = await freeNumber(all)
      await moveAll(all.map((path) => [path, archived(path, number)]))
    },

    /** Copies a record that is written over to the archive. */
    async keepRecord(path: string): Promise<void> {
      const bytes = await files.read(path)
      if (bytes === undefined) return
      await files.write(archived(path, await freeNumber([path])), bytes, { isPrivate: true })
    },

    /** The image of an id or a seed whose record is in the archive, with the number of the version. */
    async find(id: string, series?: string): Promise<{ target: ImageTarget; number: number } | undefined> {
      for (const { name: folder } of await files.list(FOLDERS.archives)) {
        if (!isSeriesName(folder) || (series !== undefined && folder !== series)) continue
        for await (const { copy, record } of archivedRecords(`${FOLDERS.archives}/${folder}/metadata`)) {
          const { imageId, seed } = record
          if (imageId !== id && seed !== id && addressOfSeed(seed) !== id) continue
          return { target: { series: folder, name: nameOf(record), seed }, number: copy }
        }
      }
      return undefined
    },

    /**
     * Puts a version back, and moves what is there now to the archive, so that a second call changes them back.
     * @param number of the version; the newest one if absent
     * @returns the paths that are back; empty if there is no version
     * @throws metadata_invalid if a file cannot be moved
     */
    async restore(target: ImageTarget, number?: number): Promise<string[]> {
      const version = await findVersion(target, number)
      if (version.size === 0) return []
      const paths = [...version.keys()]
      const free = await freeNumber([
        ...paths,
        pathOf('annotated', target),
        pathOf('generated', target),
        recordOf(target)
      ])
      const away = paths.map((path): [string, string] => [path, archived(path, free)])
      const back = [...version].map(([path, copy]): [string, string] => [copy, path])
      const moved = await moveAll([...away, ...back])
      return moved.filter((path) => version.has(path))
    }
  }
}

/** The image of a record. */
export function targetOf({ record }: StoredRecord): ImageTarget {
  return { series: record.series.name, name: nameOf(record), seed: record.seed }
}
