import type { FileHandle } from 'node:fs/promises'
import { createSingleFlight } from '../single-flight.ts'
import type { Files } from '../storage/files.ts'
import { FOLDERS, artifactPath, inOutput, isSeriesName, pictureKey } from '../storage/layout.ts'
import { createPngFiles } from './png-files.ts'

/** Times of folders are at least this exact. */
const FOLDER_TICK_MS = 2_000
const PICTURE_NAME = /^0x[0-9a-f]{40}\.png$/

/** A finished picture on disk. */
export interface PictureFile {
  series: string
  address: string
  bytes: number
  modifiedMs: number
}

/** Called after each change of a picture. `file` is undefined if the picture is gone. */
export type PictureListener = (series: string, address: string, file: PictureFile | undefined) => void

export type StoredPictures = ReturnType<typeof createStoredPictures>

/**
 * The finished pictures: the annotated PNGs on disk, and an index of them in memory. The index is built once and
 * then follows the changes made here. Whether a single picture exists is always read from the disk, which also
 * corrects the index. Stand-ins are in a folder of their own and not in the index.
 *
 * A file that is no whole PNG is no picture. The index takes all files at first, because checking each would make the
 * start slow; a broken one leaves the index when it is first found or opened.
 * @param standIns whether a picture of the built-in artist may be shown while there is none of the provider
 */
export function createStoredPictures(
  files: Pick<
    Files,
    'list' | 'stat' | 'statAll' | 'openWithStat' | 'write' | 'remove' | 'setAside' | 'archive'
  >,
  { standIns = false, pngs = createPngFiles(files) } = {}
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
    for (const { name: series } of await files.list(FOLDERS.output)) {
      if (isSeriesName(series)) found.push(...(await findPictures(series)))
    }
    for (const file of found) {
      const key = pictureKey(file.series, file.address)
      if (!changedWhileBuilding.has(key)) index.set(key, file)
    }
    changedWhileBuilding.clear()
    newestFirst = undefined
  }

  async function findPictures(series: string): Promise<PictureFile[]> {
    const folder = inOutput(`${series}/annotated`)
    const entries = (await files.list(folder).catch(() => [])).filter(({ name }) => PICTURE_NAME.test(name))
    return [...(await files.statAll(folder, entries))].map(([name, { size, mtimeMs }]) => ({
      series,
      address: name.slice(0, -'.png'.length),
      bytes: size,
      modifiedMs: mtimeMs
    }))
  }

  async function followFolders(): Promise<void> {
    const series = (await files.list(FOLDERS.output)).map(({ name }) => name).filter(isSeriesName)
    for (const name of series) {
      const modifiedMs = (await files.stat(inOutput(`${name}/annotated`)))?.mtimeMs
      if (modifiedMs !== undefined && folderTimes.get(name) === modifiedMs) continue
      const found = new Map((await findPictures(name)).map((file) => [file.address, file]))
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

  async function statPicture(
    artifact: 'annotated' | 'standin',
    series: string,
    address: string
  ): Promise<PictureFile | undefined> {
    const stamp = await pngs.stat(inOutput(artifactPath(artifact, series, address)))
    return stamp && { series, address, ...stamp }
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

  /** Writes a PNG. What lies at its path and is no whole PNG is moved away before, and not lost. */
  async function writePng(path: string, png: Uint8Array): Promise<void> {
    if ((await pngs.stat(path)) === undefined) await files.setAside(path)
    await files.write(path, png)
    const stat = await files.stat(path)
    if (stat !== undefined) pngs.trust(path, { bytes: stat.size, modifiedMs: stat.mtimeMs })
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
      const file = await statPicture('annotated', series, address)
      correct(series, address, known, file)
      return file
    },

    /** Opens the PNG for reading; undefined if there is none. The caller closes it. */
    async open(series: string, address: string): Promise<FileHandle | undefined> {
      const known = index.get(pictureKey(series, address))
      const opened = await pngs.open(inOutput(artifactPath('annotated', series, address)))
      if (opened === undefined) correct(series, address, known, undefined)
      return opened?.handle
    },

    /** Writes a picture atomically, over an older one too, and removes its stand-in. */
    async put(series: string, address: string, png: Uint8Array): Promise<void> {
      await writePng(inOutput(artifactPath('annotated', series, address)), png)
      if (standIns) await files.remove(standInPath(series, address)).catch(() => {})
      const file = await statPicture('annotated', series, address)
      if (file !== undefined) add(file)
    },

    /** Moves a picture to `archives/` and removes its stand-in. False if there was neither. Broken files stay. */
    async remove(series: string, address: string): Promise<boolean> {
      const annotated = inOutput(artifactPath('annotated', series, address))
      const removed = (await pngs.stat(annotated)) !== undefined && (await files.archive(annotated))
      drop(series, address)
      const standIn = standInPath(series, address)
      const hasStandIn = standIns && (await pngs.stat(standIn)) !== undefined
      return (hasStandIn && (await files.remove(standIn))) || removed
    },

    /** Writes a stand-in: a picture of the built-in artist for one that the provider could not draw. */
    async putStandIn(series: string, address: string, png: Uint8Array): Promise<void> {
      await writePng(standInPath(series, address), png)
    },

    /** The stand-in on disk; undefined if there is none or stand-ins are off. */
    async findStandIn(series: string, address: string): Promise<PictureFile | undefined> {
      return standIns ? await statPicture('standin', series, address) : undefined
    },

    /** Opens a stand-in for reading; undefined if there is none or stand-ins are off. The caller closes it. */
    async openStandIn(series: string, address: string): Promise<FileHandle | undefined> {
      return standIns ? (await pngs.open(standInPath(series, address)))?.handle : undefined
    },

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

    /** Whether there may be a picture or a stand-in, without a look at the disk. */
    mayHave(series: string, address: string): boolean {
      return standIns || building !== undefined || index.has(pictureKey(series, address))
    },

    /** Resolves when the index is built. */
    async built(): Promise<void> {
      await building
    },

    /** How many pictures the index has now. */
    get known(): number {
      return index.size
    }
  }
}

function standInPath(series: string, address: string): string {
  return inOutput(artifactPath('standin', series, address))
}
