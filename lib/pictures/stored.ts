import type { FileHandle } from 'node:fs/promises'
import type { Files } from '../storage/files.ts'
import { FOLDERS, artifactPath, inOutput, isAddress, isSeriesName, pictureKey } from '../storage/layout.ts'

const STATS_AT_ONCE = 64

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
 * @param standIns whether a picture of the built-in artist may be shown while there is none of the provider
 */
export function createStoredPictures(
  files: Pick<Files, 'list' | 'stat' | 'open' | 'write' | 'remove'>,
  { standIns = false } = {}
) {
  /** The order of insertion decides between pictures of the same time. */
  const index = new Map<string, PictureFile>()
  const changedWhileBuilding = new Set<string>()
  const listeners = new Set<PictureListener>()
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
    const found: PictureFile[] = []
    const addresses = (await files.list(inOutput(`${series}/annotated`)).catch(() => []))
      .map(({ name }) => name.slice(0, -'.png'.length))
      .filter(isAddress)
    for (let at = 0; at < addresses.length; at += STATS_AT_ONCE) {
      const batch = addresses.slice(at, at + STATS_AT_ONCE)
      const stats = await Promise.all(batch.map((address) => statPicture('annotated', series, address)))
      found.push(...stats.filter((file) => file !== undefined))
    }
    return found
  }

  async function statPicture(
    artifact: 'annotated' | 'standin',
    series: string,
    address: string
  ): Promise<PictureFile | undefined> {
    const stat = await files.stat(inOutput(artifactPath(artifact, series, address)))
    return stat?.isFile() ? { series, address, bytes: stat.size, modifiedMs: stat.mtimeMs } : undefined
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

    /** The picture as it is on disk now; undefined if there is none. */
    async find(series: string, address: string): Promise<PictureFile | undefined> {
      const file = await statPicture('annotated', series, address)
      const known = index.get(pictureKey(series, address))
      if (file === undefined) {
        if (known !== undefined) drop(series, address)
      } else if (known?.modifiedMs !== file.modifiedMs) {
        add(file)
      }
      return file
    },

    /** Opens the PNG for reading; undefined if there is none. The caller closes it. */
    async open(series: string, address: string): Promise<FileHandle | undefined> {
      return await files.open(inOutput(artifactPath('annotated', series, address)))
    },

    /** Writes a picture atomically, over an older one too, and removes its stand-in. */
    async put(series: string, address: string, png: Uint8Array): Promise<void> {
      await files.write(inOutput(artifactPath('annotated', series, address)), png)
      if (standIns) await files.remove(standInPath(series, address)).catch(() => {})
      const file = await statPicture('annotated', series, address)
      if (file !== undefined) add(file)
    },

    /** Removes a picture and its stand-in. False if there was neither. */
    async remove(series: string, address: string): Promise<boolean> {
      const removed = await files.remove(inOutput(artifactPath('annotated', series, address)))
      drop(series, address)
      const removedStandIn = standIns && (await files.remove(standInPath(series, address)))
      return removed || removedStandIn
    },

    /** Writes a stand-in: a picture of the built-in artist for one that the provider could not draw. */
    async putStandIn(series: string, address: string, png: Uint8Array): Promise<void> {
      await files.write(standInPath(series, address), png)
    },

    /** The stand-in on disk; undefined if there is none or stand-ins are off. */
    async findStandIn(series: string, address: string): Promise<PictureFile | undefined> {
      return standIns ? await statPicture('standin', series, address) : undefined
    },

    /** Opens a stand-in for reading; undefined if there is none or stand-ins are off. The caller closes it. */
    async openStandIn(series: string, address: string): Promise<FileHandle | undefined> {
      return standIns ? await files.open(standInPath(series, address)) : undefined
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

    /** How many pictures the index has now. */
    get known(): number {
      return index.size
    }
  }
}

function standInPath(series: string, address: string): string {
  return inOutput(artifactPath('standin', series, address))
}
