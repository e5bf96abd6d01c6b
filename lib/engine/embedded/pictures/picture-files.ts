import PQueue from 'p-queue'
import { createSingleFlight } from '../../../single-flight.ts'
import type { Files } from '../../../storage/files.ts'
import { artifactPath, inOutput, pictureKey } from '../../../storage/layout.ts'
import type { PngFiles } from '../../../storage/png-files.ts'
import { listPictureFiles, listSeriesFolders, pictureFolder } from '../../picture-folder.ts'
import type { ReadStats } from '../../picture-folder.ts'
import type { PictureFile } from '../../pictures.ts'

/** Folders that are listed at the same time. */
const FOLDERS_AT_ONCE = 3
/** Times of folders are at least this exact. */
const FOLDER_TICK_MS = 2_000

type IsReplaced = () => Promise<boolean>

/** Called after each change of a picture, with what the list has of it now and had before; undefined if nothing. */
export type PictureListener<Kept extends PictureFile = PictureFile> = (
  series: string,
  address: string,
  file: Kept | undefined,
  before: Kept | undefined
) => void

export type PictureFiles<Kept extends PictureFile = PictureFile> = ReturnType<typeof createPictureFiles<Kept>>

/**
 * The annotated PNGs on disk, as a list in memory. The list is built once and then follows the changes of this process.
 * Whether a single picture exists is always read from the disk, which also corrects the list.
 *
 * A file that is no whole PNG is no picture. The list takes all files at first, because checking each would make the
 * start slow; a broken one leaves the list when it is first found.
 * @param keep makes the object that the list keeps of a file. There is one for each picture, so that many pictures take
 *   little memory
 * @param isReplaced whether the folder is another one than that of the start. Then a file that is not there is not gone
 */
export function createPictureFiles<Kept extends PictureFile = PictureFile>(
  files: Pick<Files, 'list' | 'stat' | 'statAll'>,
  pngs: Pick<PngFiles, 'stat'>,
  keep: (file: PictureFile) => Kept = (file) => file as Kept,
  {
    readStats,
    isReplaced = async () => false
  }: { readStats?: ReadStats | undefined; isReplaced?: IsReplaced } = {}
) {
  /** By series and address. In a series, the order of insertion decides between pictures of the same time. */
  const index = new Map<string, Map<string, Kept>>()
  const changedWhileBuilding = new Set<string>()
  const listeners = new Set<PictureListener<Kept>>()
  /** When the folder of each series was changed, as `follow` saw it. */
  const folderTimes = new Map<string, number>()
  const following = createSingleFlight()
  let newestFirst: Kept[] | undefined
  let building: Promise<void> | undefined

  const get = (series: string, address: string) => index.get(series)?.get(address)
  const entries = () => [...index.values()].flatMap((pictures) => [...pictures.values()])

  function put(picture: Kept): void {
    const pictures = index.get(picture.series)
    if (pictures !== undefined) pictures.set(picture.address, picture)
    else index.set(picture.series, new Map([[picture.address, picture]]))
  }

  function add(file: PictureFile): void {
    const { series, address } = file
    const before = get(series, address)
    const isSame = before?.modifiedMs === file.modifiedMs && before.bytes === file.bytes
    const kept = isSame ? before : keep(file)
    put(kept)
    markChanged(pictureKey(series, address))
    for (const listener of listeners) listener(series, address, kept, before)
  }

  function drop(series: string, address: string): void {
    const before = get(series, address)
    const pictures = index.get(series)
    pictures?.delete(address)
    if (pictures?.size === 0) index.delete(series)
    markChanged(pictureKey(series, address))
    for (const listener of listeners) listener(series, address, undefined, before)
  }

  function markChanged(key: string): void {
    newestFirst = undefined
    if (building !== undefined) changedWhileBuilding.add(key)
  }

  async function buildIndex(): Promise<void> {
    const folders = await listSeriesFolders(files)
    const listOne = async (series: string) =>
      (await listPictureFiles(files, series, readStats)).map((file) => keep(file))
    // While one is listed, the files of another are looked at.
    const queue = new PQueue({ concurrency: FOLDERS_AT_ONCE })
    for (const found of await queue.addAll(folders.map((series) => async () => await listOne(series)))) {
      for (const picture of found) {
        const { series, address } = picture
        if (!changedWhileBuilding.has(pictureKey(series, address))) put(picture)
      }
    }
    changedWhileBuilding.clear()
    newestFirst = undefined
  }

  async function followFolders(): Promise<void> {
    for (const name of await listSeriesFolders(files)) {
      const modifiedMs = (await files.stat(pictureFolder(name)))?.mtimeMs
      if (modifiedMs !== undefined && folderTimes.get(name) === modifiedMs) continue
      const found = new Map(
        (await listPictureFiles(files, name, readStats)).map((file) => [file.address, file])
      )
      for (const address of [...(index.get(name)?.keys() ?? [])]) {
        if (!found.has(address)) drop(name, address)
      }
      for (const file of found.values()) {
        if (get(name, file.address)?.modifiedMs !== file.modifiedMs) add(file)
      }
      // A picture that is written in the same tick of the file system's clock shows at the next call.
      const isOld = modifiedMs !== undefined && Date.now() - modifiedMs > FOLDER_TICK_MS
      folderTimes.set(name, isOld ? modifiedMs : NaN)
    }
  }

  /** Puts the state on disk into the index, unless the index has changed since `known` was read from it. */
  function correct(
    series: string,
    address: string,
    known: Kept | undefined,
    file: PictureFile | undefined
  ): void {
    if (get(series, address) !== known) return
    if (file !== undefined) {
      if (known?.modifiedMs !== file.modifiedMs || known.bytes !== file.bytes) add(file)
    } else if (known !== undefined || building !== undefined) {
      drop(series, address)
    }
  }

  return {
    /** Builds the index from the disk. Call it once; until it ends, `newest` waits. */
    async build(): Promise<void> {
      const work = buildIndex()
      building = work
        .catch(() => {})
        .finally(() => {
          building = undefined
        })
      await work
    },

    /**
     * Brings the index up to date with the disk, where another process writes. It lists only the folders whose time has
     * changed since the last call.
     */
    async follow(): Promise<void> {
      await building
      await following.run('follow', followFolders)
    },

    /** The picture as it is on disk now; undefined if there is none. */
    async find(series: string, address: string): Promise<PictureFile | undefined> {
      const known = get(series, address)
      const stamp = await pngs.stat(inOutput(artifactPath('annotated', series, address)))
      const file = stamp && { series, address, ...stamp }
      if (file !== undefined || !(await isReplaced())) correct(series, address, known, file)
      return file
    },

    put: add,
    remove: drop,

    /** Calls `listener` after each change, until the returned function is called. */
    subscribe(listener: PictureListener<Kept>): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /** A part of all pictures, newest first. Waits until the index is built. */
    async newest(skip: number, take: number): Promise<Kept[]> {
      await building
      newestFirst ??= entries()
        .reverse()
        .sort((a, b) => b.modifiedMs - a.modifiedMs)
      return newestFirst.slice(skip, skip + take)
    },

    /** All pictures, in no particular order. Before the index is built, some are missing. */
    entries,

    /** What the list has of a picture, without a look at the disk. */
    get,

    /** Settles when the index is built, or could not be. */
    async built(): Promise<void> {
      await building
    },

    /** Whether there may be a picture, without a look at the disk. */
    mayHave: (series: string, address: string): boolean =>
      building !== undefined || get(series, address) !== undefined
  }
}
