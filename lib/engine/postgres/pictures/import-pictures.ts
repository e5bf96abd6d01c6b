import type { Files } from '../../../storage/files.ts'
import { artifactPath, inOutput } from '../../../storage/layout.ts'
import type { PngFiles } from '../../../storage/png-files.ts'
import { inBatches } from '../../in-batches.ts'
import { readDetails } from '../../picture-details.ts'
import { listPictureFiles, listSeriesFolders } from '../../picture-folder.ts'
import type { Picture, PictureFile } from '../../pictures.ts'
import type { Database } from '../database.ts'
import { putRows } from './rows.ts'

const BATCH_SIZE = 1_000

export interface ImportPicturesOptions {
  database: Pick<Database, 'query'>
  files: Pick<Files, 'list' | 'statAll' | 'readText'>
  pngs: Pick<PngFiles, 'open' | 'stat'>
  /** Where all processes find a picture, where that is not the data folder; undefined if it is not there. */
  locate?: ((picture: Picture) => Promise<Picture | undefined>) | undefined
  /** Called after each thousand files. */
  onProgress?: (counts: Omit<ImportCounts, 'total'>) => void
}

export interface ImportCounts {
  /** Files that were looked at. */
  files: number
  /** Pictures that the index did not have, or had in an older version. */
  added: number
  /** Files that are no whole PNG. */
  broken: number
  /** Pictures that the index has now. */
  total: number
}

/**
 * Takes the pictures of a data folder into the index: titles, sizes and times are kept. Of what the index has already,
 * only size and time are looked at, so an import that was interrupted goes on where it ended. Other processes may put
 * and remove pictures meanwhile: newer rows stay.
 */
export async function importPictures(options: ImportPicturesOptions): Promise<ImportCounts> {
  const { database, files, onProgress = () => {} } = options
  const counts = { files: 0, added: 0, broken: 0, total: 0 }
  for (const series of await listSeriesFolders(files)) {
    const found = await listPictureFiles(files, series)
    for (let at = 0; at < found.length; at += BATCH_SIZE) {
      const batch = found.slice(at, at + BATCH_SIZE)
      const news = await withoutKnown(options, series, batch)
      const pictures = await readPictures(options, news)
      counts.files += batch.length
      counts.broken += news.length - pictures.length
      if (pictures.length > 0) counts.added += await putRows(database, pictures, 'finder')
      onProgress(counts)
    }
  }
  await database.query('update picture_state set imported_at = clock_timestamp()')
  const [row] = await database.query<{ total: number }>(
    'select coalesce(sum(pictures), 0) as total from picture_count'
  )
  return { ...counts, total: row!.total }
}

async function withoutKnown(
  { database, locate }: ImportPicturesOptions,
  series: string,
  batch: PictureFile[]
): Promise<PictureFile[]> {
  // A row of the time before the object store does not say where the picture is.
  const rows = await database.query<{ address: string; bytes: number; modified_ms: number }>(
    `select address, bytes, modified_ms from picture
    where series = $1 and address = any($2::text[]) and (object_key is not null or not $3)`,
    [series, batch.map(({ address }) => address), locate !== undefined]
  )
  const known = new Map(rows.map((row) => [row.address, row]))
  return batch.filter(({ address, bytes, modifiedMs }) => {
    const row = known.get(address)
    return row === undefined || row.bytes !== bytes || row.modified_ms !== modifiedMs
  })
}

/** The whole PNGs among the files, with their details. */
async function readPictures(
  { files, pngs, locate }: ImportPicturesOptions,
  batch: PictureFile[]
): Promise<Picture[]> {
  const pictures = await inBatches(batch, async ({ series, address }): Promise<Picture | undefined> => {
    const stamp = await pngs.stat(inOutput(artifactPath('annotated', series, address))).catch(() => undefined)
    if (stamp === undefined) return undefined
    const picture = { series, address, ...stamp, ...(await readDetails(files, pngs, series, address)) }
    return locate === undefined ? picture : await locate(picture)
  })
  return pictures.filter((picture) => picture !== undefined)
}
