import type { Files } from '../../../storage/files.ts'
import { inBatches } from '../../in-batches.ts'
import { readFacets } from '../../picture-details.ts'
import type { Database } from '../database.ts'
import { facetColumns, facetIds } from './facet-values.ts'
import type { PictureName } from './rows.ts'

const BATCH_SIZE = 200
/** Any number that no other statement uses: one process at a time fills. */
const LOCK = 0x66_61_63_65

export interface FillOptions {
  database: Pick<Database, 'query' | 'transaction'>
  files: Pick<Files, 'readText'>
  signal: AbortSignal
}

/**
 * Reads the dresses of the pictures that the database has from the time before facets. Nobody sees a change but who
 * chooses by them, so it is no new revision.
 * @returns how many pictures were filled
 * @throws the error of a file that cannot be read; the next process goes on
 */
export async function fillFacets({ database, files, signal }: FillOptions): Promise<number> {
  let filled = 0
  for (;;) {
    if (signal.aborted) return filled
    const names = await database.query<PictureName>(
      `select series, address from picture where facets is null order by series, address limit ${BATCH_SIZE}`
    )
    if (names.length === 0) return filled
    const pictures = await inBatches(names, async ({ series, address }) => ({
      series,
      address,
      facets: await readFacets(files, series, address)
    }))
    const isMine = await database.transaction(async () => {
      const [lock] = await database.query<{ is_mine: boolean }>(
        "select pg_try_advisory_xact_lock($1) as is_mine, set_config('dalle.is_quiet', 'yes', true)",
        [LOCK]
      )
      if (!lock!.is_mine) return false
      await database.query(
        `update picture set facets = given.facets::bigint[]
        from unnest($1::text[], $2::text[], $3::text[]) as given (series, address, facets)
        where picture.series = given.series and picture.address = given.address and picture.facets is null`,
        [
          pictures.map(({ series }) => series),
          pictures.map(({ address }) => address),
          pictures.map(({ facets }) => facetIds(facets))
        ]
      )
      // After the pictures, as where they are put: then none waits for another one in a circle.
      await database.query(
        `insert into facet_value (id, facet, value)
        select * from unnest($1::bigint[], $2::text[], $3::text[]) on conflict do nothing`,
        facetColumns(pictures)
      )
      return true
    })
    if (!isMine) return filled
    filled += pictures.length
  }
}
