import { cidOf } from '../cid.ts'
import { createLastUsed } from '../last-used.ts'
import { createSingleFlight } from '../single-flight.ts'
import type { ReadableFile } from '../storage/file-cache.ts'
import { fileVersion } from '../storage/file-version.ts'
import { pictureKey } from '../storage/layout.ts'
import type { StoredPictures } from './stored.ts'

/** One takes about 200 bytes. */
const REMEMBERED_MAX = 20_000

export type PictureCids = ReturnType<typeof createPictureCids>

/**
 * The content identifiers of pictures as they are sent. The bytes decide, and not what is recorded of the picture:
 * another program may have replaced its file. Each version of a file is read once.
 */
export function createPictureCids(stored: Pick<StoredPictures, 'find' | 'read'>) {
  const known = createLastUsed<string, { version: string; cid: string }>(REMEMBERED_MAX)
  const computing = createSingleFlight<string | undefined>()

  return {
    /** The CID of a picture; undefined if there is no picture. */
    async find(series: string, address: string): Promise<string | undefined> {
      const picture = await stored.find(series, address)
      if (picture === undefined) return undefined
      const key = pictureKey(series, address)
      const version = fileVersion(picture)
      const remembered = known.get(key)
      if (remembered?.version === version) return remembered.cid
      return await computing.run(`${key} ${version}`, async () => {
        const file = await stored.read(series, address)
        if (file === undefined) return undefined
        const cid = await cidOf(await chunksOf(file))
        // The file may have been replaced since it was found.
        if (file.modifiedMs === picture.modifiedMs) known.set(key, { version, cid })
        return cid
      })
    }
  }
}

/** The bytes of a file. One that is open is closed. */
async function chunksOf(file: ReadableFile): Promise<Iterable<Uint8Array> | AsyncIterable<Uint8Array>> {
  if ('content' in file) return [file.content]
  return await file.handle.createReadStream({ start: 0, end: file.bytes - 1 })
}
