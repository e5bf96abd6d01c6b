import { utimes } from 'node:fs/promises'
import type { Test } from 'tap'
import { createDatabase } from '../../../../../lib/engine/postgres/database.ts'
import { createNotices } from '../../../../../lib/engine/postgres/notices.ts'
import { importPictures } from '../../../../../lib/engine/postgres/pictures/import-pictures.ts'
import { createPostgresPictures } from '../../../../../lib/engine/postgres/pictures/picture-index.ts'
import type { PostgresPicturesOptions } from '../../../../../lib/engine/postgres/pictures/picture-index.ts'
import { createFiles } from '../../../../../lib/storage/files.ts'
import { createPngFiles } from '../../../../../lib/storage/png-files.ts'
import { temporaryFolder } from '../../../../helper.ts'
import { createTestDatabase } from '../../../../peers/postgres.ts'
import { wholePng } from '../../../pictures/png.ts'
import { put } from '../../../storage/faults.ts'

/** The index of one process. */
async function connectPictures(
  t: Test,
  url: string,
  folder: string,
  options: Partial<PostgresPicturesOptions> = {}
) {
  const database = createDatabase({ url })
  const notices = createNotices({ url })
  await notices.start()
  const files = createFiles({ root: folder })
  const pngs = createPngFiles(files)
  const pictures = createPostgresPictures({ database, notices, files, pngs, ...options })
  await pictures.reading.catch(() => {})
  t.teardown(async () => {
    await pictures.stop()
    await notices.stop()
    await database.close()
  })
  return { pictures, database, files, pngs }
}

let shared: Promise<string> | undefined

/**
 * A data folder and a database that several processes share. The tests of a file have one database, one after the
 * other.
 */
export async function openPictures(t: Test) {
  shared ??= createTestDatabase()
  const [folder, url] = [await temporaryFolder(t), await shared]
  const database = createDatabase({ url })
  await database.query('truncate picture, picture_count, picture_change, run cascade')
  await database.query('update picture_state set revision = 0, imported_at = null')
  t.teardown(database.close)
  return {
    database,
    folder,
    url,
    connect: async (options?: Partial<PostgresPicturesOptions>) =>
      await connectPictures(t, url, folder, options),

    /** Takes the pictures of the folder into the index. */
    async import() {
      const files = createFiles({ root: folder })
      await importPictures({ database, files, pngs: createPngFiles(files) })
    },

    /** Writes the PNG and the title of a picture. The index does not get them. */
    async write(series: string, address: string, modifiedMs: number, title = 'A calm owl') {
      const png = wholePng()
      const path = await put(folder, `output/${series}/annotated/${address}.png`, png)
      await utimes(path, modifiedMs / 1_000, modifiedMs / 1_000)
      await put(folder, `output/${series}/title/${address}.txt`, title)
      return { series, address, modifiedMs, bytes: png.length }
    }
  }
}
