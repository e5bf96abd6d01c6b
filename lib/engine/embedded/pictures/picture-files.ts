import { createSingleFlight } from '../../../single-flight.ts'
import type { Files } from '../../../storage/files.ts'
import { artifactPath, inOutput, pictureKey } from '../../../storage/layout.ts'
import type { PngFiles } from '../../../storage/png-files.ts'
import { listPictureFiles, listSeriesFolders, pictureFolder } from '../../picture-folder.ts'
import type { PictureFile } from '../../pictures.ts'

/** Times of folders are at least this exact. */
const FOLDER_TICK_MS = 2_000

/** Called after each change of a picture. `file` is undefined if the picture is gone. */
export type PictureListener = (series: string, address: string, file: PictureFile | undefined) => void

export type PictureFiles = ReturnType<typeof createPictureFiles>

/**
 * The annotated PNGs on disk, as a list in memory. The list is built once and then follows the changes of this process.
 * Whether a single picture exists is always read from the disk, which also corrects the list.
 *
 * A file that is no whole PNG is no picture. The list takes all files at first, because checking each would make the
 * start slow; a broken one leaves the list when it is first found.
 */
export function createPictureFiles(
  files: Pick<Files, 'list' | 'stat' | 'statAll'>,
  pngs: Pick<PngFiles, 'stat'>
) {
  /** The order of insertion decides between pictures of the same time. */
  const index = new Map<string, PictureFile>()
  const changedWhileBuilding = new Set<string>()
  const listeners = new Set<PictureListener>()
  /** When the folder of each series was changed, as `follow` saw it. */
  const folderTimes = new Map<string, number>()
  const following = createSingleFlight()
  let newestFirst: PictureFile[] | undefined
  let building: Promise<void> | undefined

  function add(file: PictureFile): void {
    const key = pictureKey(file.series, file.address)
    index.set(key, file)
    markChanged(key)
    for (const listener of listeners) listener(file.series, file.address, file)
  }

  function drop(series: string, address: string): void {
    const key = pictureKey(series, address)
    index.delete(key)
    markChanged(key)
    for (const listener of listeners) listener(series, address, undefined)
  }

  function markChanged(key: string): void {
    newestFirst = undefined
    if (building !== undefined) changedWhileBuilding.add(key)
  }

  async function buildIndex(): Promise<void> {
    const found: PictureFile[] = []
    for (const series of await listSeriesFolders(files)) {
      found.push(...(await listPictureFiles(files, series)))
    }
    for (const file of found) {
      const key = pictureKey(file.series, file.address)
      if (!changedWhileBuilding.has(key)) index.set(key, file)
    }
    changedWhileBuilding.clear()
    newestFirst = undefined
  }

  async function followFolders(): Promise<void> {
    for (const name of await listSeriesFolders(files)) {
      const modifiedMs = (await files.stat(pictureFolder(name)))?.mtimeMs
      if (modifiedMs !== undefined && folderTimes.get(name) === modifiedMs) continue
      const found = new Map((await listPictureFiles(files, name)).map((file) => [file.address, file]))
      for (const known of [...index.values()]) {
        if (known.series === name && !found.has(known.address)) drop(name, known.address)
      }
      for (const file of found.values()) {
        if (index.get(pictureKey(name, file.address))?.modifiedMs !== file.modifiedMs) add(file)
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
    known: PictureFile | undefined,
    file: PictureFile | undefined
  ): void {
    if (index.get(pictureKey(series, address)) !== known) return
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
      const known = index.get(pictureKey(series, address))
      const stamp = await pngs.stat(inOutput(artifactPath('annotated', series, address)))
      const file = stamp && { series, address, ...stamp }
      correct(series, address, known, file)
      return file
    },

    put: add,
    remove: drop,

    /** Calls `listener` after each change, until the returned function is called. */
    subscribe(listener: PictureListener): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /** A part of all pictures, newest first. Waits until the index is built. */
    async newest(skip: number, take: number): Promise<PictureFile[]> {
      await building
      newestFirst ??= [...index.values()].reverse().sort((a, b) => b.modifiedMs - a.modifiedMs)
      return newestFirst.slice(skip, skip + take)
    },

    /** Whether there may be a picture, without a look at the disk. */
    mayHave: (series: string, address: string): boolean =>
      building !== undefined || index.has(pictureKey(series, address))
  }
}
