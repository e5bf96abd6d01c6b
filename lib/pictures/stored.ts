import type { PictureFile, PictureIndex } from '../engine/pictures.ts'
import type { ReadableFile } from '../storage/file-cache.ts'
import type { WrittenFile } from '../storage/file-types.ts'
import type { Files } from '../storage/files.ts'
import { artifactPath, inOutput } from '../storage/layout.ts'
import type { PngFiles } from '../storage/png-files.ts'

export interface StoredPicturesOptions {
  files: Pick<Files, 'write' | 'remove' | 'setAside' | 'archive' | 'exclusively'>
  pngs: PngFiles
  index: Pick<PictureIndex, 'find' | 'mayHave' | 'put' | 'remove' | 'reportMissing'>
  /** Whether a picture of the built-in artist may be shown while there is none of the provider. */
  standIns?: boolean
}

export type StoredPictures = ReturnType<typeof createStoredPictures>

/**
 * The PNGs of finished pictures, with their entries in the index. Stand-ins are in a folder of their own and not in
 * the index.
 */
export function createStoredPictures({ files, pngs, index, standIns = false }: StoredPicturesOptions) {
  async function statPicture(
    artifact: 'annotated' | 'standin',
    series: string,
    address: string
  ): Promise<PictureFile | undefined> {
    const stamp = await pngs.stat(inOutput(artifactPath(artifact, series, address)))
    return stamp && { series, address, ...stamp }
  }

  /**
   * Writes a PNG. What lies at its path and is no whole PNG is moved away before, and not lost.
   * @param commit as that of `files.write`
   */
  async function writePng(
    path: string,
    png: Uint8Array,
    commit: (written: WrittenFile) => Promise<void> = async () => {}
  ): Promise<void> {
    if ((await pngs.stat(path)) === undefined) await files.setAside(path)
    await files.write(path, png, {
      async commit(written) {
        pngs.trust(path, written)
        await commit(written)
      }
    })
  }

  return {
    /** The picture as it is now; undefined if there is none. */
    find: async (series: string, address: string) => await index.find(series, address),

    /** Whether a picture that was found can be sent. The index takes in that its file is gone. */
    async isThere({ series, address, objectKey }: PictureFile): Promise<boolean> {
      if (objectKey !== undefined) return true
      if ((await statPicture('annotated', series, address)) !== undefined) return true
      await index.reportMissing(series, address)
      return (await index.find(series, address)) !== undefined
    },

    /** The PNG to send; undefined if there is none. */
    async read(series: string, address: string): Promise<ReadableFile | undefined> {
      const file = await pngs.read(inOutput(artifactPath('annotated', series, address)))
      // The index takes in that the file is gone or broken.
      if (file === undefined) await index.reportMissing(series, address)
      return file
    },

    /** Writes a picture atomically, over an older one too, and removes its stand-in. */
    async put(series: string, address: string, png: Uint8Array): Promise<void> {
      await writePng(inOutput(artifactPath('annotated', series, address)), png, async (written) => {
        await index.put({ series, address, ...written })
      })
      if (standIns) await files.remove(standInPath(series, address)).catch(() => {})
    },

    /** Moves a picture to `archives/` and removes its stand-in. False if there was neither. Broken files stay. */
    async remove(series: string, address: string): Promise<boolean> {
      const annotated = inOutput(artifactPath('annotated', series, address))
      const removed = await files.exclusively(annotated, async () => {
        const isArchived = (await pngs.stat(annotated)) !== undefined && (await files.archive(annotated))
        await index.remove(series, address)
        return isArchived
      })
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

    /** A stand-in to send; undefined if there is none or stand-ins are off. */
    async readStandIn(series: string, address: string): Promise<ReadableFile | undefined> {
      return standIns ? await pngs.read(standInPath(series, address)) : undefined
    },

    /** Whether there may be a picture or a stand-in, as far as this process knows. */
    mayHave: (series: string, address: string): boolean => standIns || index.mayHave(series, address)
  }
}

function standInPath(series: string, address: string): string {
  return inOutput(artifactPath('standin', series, address))
}
