import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { inBatches } from '../../embedded/journal.ts'
import type { Files } from '../../../storage/files.ts'
import { ARTIFACTS, artifactPath, inOutput, metadataPath } from '../../../storage/layout.ts'
import type { PngFiles } from '../../../storage/png-files.ts'
import type { Picture } from '../../pictures.ts'
import type { Database } from '../database.ts'
import { COLUMNS, pictureOf } from './rows.ts'
import type { PictureRow } from './rows.ts'

const BATCH_SIZE = 1_000

export interface ExportPicturesOptions {
  database: Pick<Database, 'query'>
  /** The data folder, absolute, and the access to it. */
  root: string
  files: Pick<Files, 'write'>
  pngs: Pick<PngFiles, 'stat'>
  /**
   * Reads a file of a picture from where the servers keep it, where that is not the data folder; undefined if there is
   * none.
   * @param path relative to the data folder
   */
  read?: ((path: string, picture: Picture) => Promise<Uint8Array | undefined>) | undefined
  /** Called after each thousand pictures. */
  onProgress?: (counts: ExportCounts) => void
}

export interface ExportCounts {
  pictures: number
  /** Pictures whose files were written. The others are in the folder already. */
  written: number
  /** Pictures whose PNG is neither in the folder nor elsewhere. */
  missing: number
}

/** Writes the pictures of the index into a data folder, as far as it lacks them. Their times are kept. */
export async function exportPictures(options: ExportPicturesOptions): Promise<ExportCounts> {
  const { database, onProgress = () => {} } = options
  const counts = { pictures: 0, written: 0, missing: 0 }
  let last = { series: '', address: '' }
  for (;;) {
    const rows = await database.query<PictureRow>(
      `select ${COLUMNS} from picture where (series, address) > ($1, $2)
      order by series, address limit ${BATCH_SIZE}`,
      [last.series, last.address]
    )
    if (rows.length === 0) return counts
    const outcomes = await inBatches(rows.map(pictureOf), async (picture) => await write(options, picture))
    counts.pictures += rows.length
    counts.written += outcomes.filter((outcome) => outcome === 'written').length
    counts.missing += outcomes.filter((outcome) => outcome === 'missing').length
    last = rows.at(-1)!
    onProgress(counts)
  }
}

async function write(
  { root, files, pngs, read }: ExportPicturesOptions,
  picture: Picture
): Promise<'there' | 'written' | 'missing'> {
  const { series, address, modifiedMs } = picture
  const annotated = inOutput(artifactPath('annotated', series, address))
  const stamp = await pngs.stat(annotated)
  // A picture of the folder has the time of its row. One that was exported has it up to the clock of the file system.
  const isThere = stamp?.bytes === picture.bytes && Math.abs(stamp.modifiedMs - modifiedMs) < 1
  if (isThere) return 'there'
  const png = await read?.(annotated, picture)
  if (png === undefined) return stamp === undefined ? 'missing' : 'there'
  const others = ARTIFACTS.filter((artifact) => artifact !== 'annotated' && artifact !== 'standin')
  const paths = others.map((artifact) => inOutput(artifactPath(artifact, series, address)))
  for (const path of [...paths, inOutput(metadataPath(series, address))]) {
    const content = await read?.(path, picture)
    if (content !== undefined) await files.write(path, content)
  }
  // The picture is written last: an export that is interrupted begins with it again.
  await files.write(annotated, png)
  await utimes(join(root, annotated), modifiedMs / 1_000, modifiedMs / 1_000)
  return 'written'
}
