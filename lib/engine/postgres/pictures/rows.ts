import type { Picture } from '../../pictures.ts'
import type { Database } from '../database.ts'
import { facetColumns, facetIds } from './facet-values.ts'
import { withoutNul } from './text.ts'

/** A row of the table `picture`, as statements with `COLUMNS` return it. */
export interface PictureRow {
  series: string
  address: string
  bytes: number
  modified_ms: number
  object_key: string | null
  etag: string | null
  title: string
  width: number
  height: number
}

export const COLUMNS = 'series, address, bytes, modified_ms, object_key, etag, title, width, height'

export function pictureOf(row: PictureRow): Picture {
  const { series, address, bytes, modified_ms: modifiedMs, title, width, height } = row
  return {
    series,
    address,
    bytes,
    modifiedMs,
    ...(row.object_key !== null && { objectKey: row.object_key }),
    ...(row.etag !== null && { etag: row.etag }),
    title,
    width,
    height
  }
}

export type PictureName = Pick<Picture, 'series' | 'address'>

/** The pictures of these names, in their order; undefined where there is none. */
export async function readRows(
  database: Pick<Database, 'query'>,
  names: readonly PictureName[]
): Promise<Array<Picture | undefined>> {
  const rows = await database.query<PictureRow & { is_there: boolean }>(
    `select ${COLUMNS}, picture.bytes is not null as is_there
    from unnest($1::text[], $2::text[]) with ordinality as asked (series, address, place)
    left join picture using (series, address)
    order by place`,
    [names.map(({ series }) => series), names.map(({ address }) => address)]
  )
  return rows.map((row) => (row.is_there ? pictureOf(row) : undefined))
}

/** What searches look at: three lines. Only hexadecimal words are searched in the first one. */
function searchTextOf({ series, address, title }: Pick<Picture, 'series' | 'address' | 'title'>): string {
  return `${address}\n${title.toLowerCase()}\n${series}`
}

/** Who puts pictures. `finder`: they were found in the data folder, and are no news where a row is as new. */
export type PutBy = { runId: string; fence: number } | 'owner' | 'finder'

/** A finder knows no more than the folder: a picture that a run is about to replace or to finish belongs to the run. */
const FINDERS_RULE = `where not exists (
  select 1 from run where run.series = given.series and run.address = given.address
    and run.state in ('waiting', 'working'))`

/**
 * Adds pictures or replaces their rows, all in one statement. Rows that are the same already are not touched.
 * @returns how many rows were added or changed
 */
export async function putRows(
  database: Pick<Database, 'query'>,
  pictures: readonly Picture[],
  by: PutBy
): Promise<number> {
  const claim = typeof by === 'object' ? by : undefined
  const rows = pictures.map((picture) => ({ ...picture, title: withoutNul(picture.title) }))
  const changed = await database.query(
    `with named as (
      insert into facet_value (id, facet, value)
      select * from unnest($14::bigint[], $15::text[], $16::text[])
      on conflict do nothing
    )
    insert into picture as known
      (series, address, bytes, modified_ms, object_key, etag, title, width, height, search, facets, run_id, fence)
    select given.series, given.address, given.bytes, given.modified_ms, given.object_key, given.etag, given.title,
      given.width, given.height, given.search, given.facets::bigint[], $12::text, $13::bigint
    from unnest($1::text[], $2::text[], $3::bigint[], $4::float8[], $5::text[], $6::text[], $7::text[], $8::int[],
      $9::int[], $10::text[], $11::text[])
      as given (series, address, bytes, modified_ms, object_key, etag, title, width, height, search, facets)
    ${by === 'finder' ? FINDERS_RULE : ''}
    order by given.series collate "C", given.address collate "C"
    on conflict (series, address) do update set
      bytes = excluded.bytes, modified_ms = excluded.modified_ms, object_key = excluded.object_key,
      etag = excluded.etag, title = excluded.title, width = excluded.width, height = excluded.height,
      search = excluded.search, facets = excluded.facets, run_id = excluded.run_id, fence = excluded.fence,
      put_at = clock_timestamp()
    where (known.bytes, known.modified_ms, known.object_key, known.etag, known.title, known.width, known.height,
        known.facets)
        is distinct from (excluded.bytes, excluded.modified_ms, excluded.object_key, excluded.etag, excluded.title,
          excluded.width, excluded.height, excluded.facets)
      ${by === 'finder' ? 'and known.object_key is null and known.modified_ms <= excluded.modified_ms' : ''}
    returning 1`,
    [
      rows.map(({ series }) => series),
      rows.map(({ address }) => address),
      rows.map(({ bytes }) => bytes),
      rows.map(({ modifiedMs }) => modifiedMs),
      rows.map(({ objectKey }) => objectKey ?? null),
      rows.map(({ etag }) => etag ?? null),
      rows.map(({ title }) => title),
      rows.map(({ width }) => width),
      rows.map(({ height }) => height),
      rows.map(searchTextOf),
      rows.map(({ facets = [] }) => facetIds(facets)),
      claim?.runId ?? null,
      claim?.fence ?? null,
      ...facetColumns(rows)
    ]
  )
  return changed.length
}
