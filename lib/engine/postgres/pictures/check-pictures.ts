import { inBatches } from '../../in-batches.ts'
import { artifactPath, inOutput } from '../../../storage/layout.ts'
import type { PngFiles } from '../../../storage/png-files.ts'
import type { Database } from '../database.ts'

const BATCH_SIZE = 1_000

export interface CheckPicturesOptions {
  database: Pick<Database, 'query'>
  /** The PNGs of the data folder. */
  pngs: Pick<PngFiles, 'stat'>
}

export interface PictureCheck {
  /** Pictures of the index. */
  pictures: number
  /** Pictures of the index whose PNG is not in the data folder. */
  missing: number
}

/** Looks whether a data folder has the pictures of the index. */
export async function checkPictures({ database, pngs }: CheckPicturesOptions): Promise<PictureCheck> {
  const counts = { pictures: 0, missing: 0 }
  let last = { series: '', address: '' }
  for (;;) {
    const rows = await database.query<{ series: string; address: string }>(
      `select series, address from picture where (series, address) > ($1, $2)
      order by series, address limit ${BATCH_SIZE}`,
      [last.series, last.address]
    )
    if (rows.length === 0) return counts
    const stamps = await inBatches(
      rows,
      async ({ series, address }) => await pngs.stat(inOutput(artifactPath('annotated', series, address)))
    )
    counts.pictures += rows.length
    counts.missing += stamps.filter((stamp) => stamp === undefined).length
    last = rows.at(-1)!
  }
}
