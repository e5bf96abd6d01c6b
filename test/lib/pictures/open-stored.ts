import { createPictureFiles } from '../../../lib/engine/embedded/pictures/picture-files.ts'
import { createStoredPictures } from '../../../lib/pictures/stored.ts'
import type { Files } from '../../../lib/storage/files.ts'
import { createPngFiles } from '../../../lib/storage/png-files.ts'

export type OpenStored = ReturnType<typeof openStored>

/** The stored pictures of a data folder, together with their list. */
export function openStored(
  files: Pick<
    Files,
    'list' | 'stat' | 'statAll' | 'open' | 'write' | 'remove' | 'setAside' | 'archive' | 'exclusively'
  >,
  options: { standIns?: boolean } = {}
) {
  const pngs = createPngFiles(files)
  const list = createPictureFiles(files, pngs)
  const index = {
    ...list,
    put: async (...args: Parameters<typeof list.put>) => list.put(...args),
    remove: async (...args: Parameters<typeof list.remove>) => list.remove(...args),
    async reportMissing(...args: Parameters<typeof list.find>) {
      await list.find(...args)
    }
  }
  return { ...list, ...createStoredPictures({ files, pngs, index, ...options }) }
}
