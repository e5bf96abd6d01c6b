import type { FileHandle } from 'node:fs/promises'
import type { Files } from '../storage/files.ts'
import { FOLDERS, artifactPath, inOutput, isAddress, isSeriesName } from '../storage/layout.ts'

const STATS_AT_ONCE = 64

const standInPath = (series: string, address: string) => inOutput(artifactPath('standin', series, address))

/** A finished picture. */
export interface PictureFile {
  series: string
  address: string
  bytes: number
  modifiedMs: number
}

/** Told what became of a picture; its entry is undefined when it is gone. */
export type PictureListener = (series: string, address: string, entry: PictureFile | undefined) => void

export type StoredPictures = ReturnType<typeof createStoredPictures>

/**
 * The finished pictures: the annotated PNGs on disk, and an index of them in memory. The index is built once and then follows
 * what happens here; whether a picture exists is always asked of the disk, and the index mended by the answer. Stand-ins lie beside
 * them and are never counted among them.
 * @param standIns whether pictures by the built-in artist may be shown while there are none by the provider
 */
export function createStoredPictures(
  files: Pick<Files, 'list' | 'stat' | 'open' | 'write' | 'remove'>,
  { standIns = false } = {}
) {
  /** In the order in which they became known, which decides between pictures of one instant. */
  const index = new Map<string, PictureFile>()
  const changedWhileBuilding = new Set<string>()
  const listeners = new Set<PictureListener>()
  let newestFirst: PictureFile[] | undefined
  let building: Promise<void> | undefined

  function add(entry: PictureFile): void {
    const key = `${entry.series}/${entry.address}`
    index.set(key, entry)
    changed(key)
    for (const listener of listeners) listener(entry.series, entry.address, entry)
  }

  function drop(series: string, address: string): void {
    const key = `${series}/${address}`
    index.delete(key)
    changed(key)
    for (const listener of listeners) listener(series, address, undefined)
  }

  function changed(key: string): void {
    newestFirst = undefined
    if (building !== undefined) changedWhileBuilding.add(key)
  }

  async function build(): Promise<void> {
    const found: PictureFile[] = []
    for (const { name: series } of await files.list(FOLDERS.output)) {
      if (!isSeriesName(series)) continue
      const addresses = (await files.list(inOutput(`${series}/annotated`)).catch(() => []))
        .map(({ name }) => name.slice(0, -'.png'.length))
        .filter(isAddress)
      for (let at = 0; at < addresses.length; at += STATS_AT_ONCE) {
        const entries = await Promise.all(
          addresses.slice(at, at + STATS_AT_ONCE).map((address) => look('annotated', series, address))
        )
        found.push(...entries.filter((entry) => entry !== undefined))
      }
    }
    for (const entry of found) {
      const key = `${entry.series}/${entry.address}`
      if (!changedWhileBuilding.has(key)) index.set(key, entry)
    }
    changedWhileBuilding.clear()
    newestFirst = undefined
  }

  async function look(
    artifact: 'annotated' | 'standin',
    series: string,
    address: string
  ): Promise<PictureFile | undefined> {
    const stat = await files.stat(inOutput(artifactPath(artifact, series, address)))
    return stat?.isFile() ? { series, address, bytes: stat.size, modifiedMs: stat.mtimeMs } : undefined
  }

  return {
    /** Reads which pictures there are. To be called once; until it ends, questions to the index wait. */
    async build(): Promise<void> {
      const work = build()
      building = work
        .catch(() => {})
        .finally(() => {
          building = undefined
        })
      await work
    },

    /** The picture's entry as the disk has it, undefined when there is none. */
    async find(series: string, address: string): Promise<PictureFile | undefined> {
      const entry = await look('annotated', series, address)
      const known = index.get(`${series}/${address}`)
      if (entry === undefined) {
        if (known !== undefined) drop(series, address)
      } else if (known?.modifiedMs !== entry.modifiedMs) {
        add(entry)
      }
      return entry
    },

    /** The PNG opened for reading, undefined when there is none. The caller closes it. */
    async open(series: string, address: string): Promise<FileHandle | undefined> {
      return await files.open(inOutput(artifactPath('annotated', series, address)))
    },

    /** Puts a picture in place in one step, over an older one too; a stand-in has done its service. */
    async put(series: string, address: string, png: Uint8Array): Promise<void> {
      await files.write(inOutput(artifactPath('annotated', series, address)), png)
      if (standIns) await files.remove(standInPath(series, address)).catch(() => {})
      const entry = await look('annotated', series, address)
      if (entry !== undefined) add(entry)
    },

    /** Removes a picture, and what stands in for it. False when there was none. */
    async remove(series: string, address: string): Promise<boolean> {
      const removed = await files.remove(inOutput(artifactPath('annotated', series, address)))
      drop(series, address)
      const removedStandIn = standIns && (await files.remove(standInPath(series, address)))
      return removed || removedStandIn
    },

    /** Keeps a picture that stands in for one which could not be made: apart, so that it never passes for that. */
    async putStandIn(series: string, address: string, png: Uint8Array): Promise<void> {
      await files.write(standInPath(series, address), png)
    },

    /** The entry of a stand-in, undefined when there is none or none is wanted. */
    async findStandIn(series: string, address: string): Promise<PictureFile | undefined> {
      return standIns ? await look('standin', series, address) : undefined
    },

    /** A stand-in opened for reading, undefined when there is none or none is wanted. The caller closes it. */
    async openStandIn(series: string, address: string): Promise<FileHandle | undefined> {
      return standIns ? await files.open(standInPath(series, address)) : undefined
    },

    /** Calls `listener` at each change, until the returned function is called. */
    subscribe(listener: PictureListener): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /** Some pictures, the newest first, once the index is built. */
    async newest(skip: number, take: number): Promise<PictureFile[]> {
      await building
      newestFirst ??= [...index.values()].reverse().sort((a, b) => b.modifiedMs - a.modifiedMs)
      return newestFirst.slice(skip, skip + take)
    },

    /** How many pictures are known of by now. */
    get known(): number {
      return index.size
    },

    /** How many pictures there are, once the index is built. */
    async count(): Promise<number> {
      await building
      return index.size
    }
  }
}
