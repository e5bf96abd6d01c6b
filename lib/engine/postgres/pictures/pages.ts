import { hashSeries, splitHashes } from '../../cursor.ts'
import type { Cursor } from '../../cursor.ts'
import type { Page, PageRequest } from '../../pictures.ts'
import type { Database } from '../database.ts'
import { COLUMNS, pictureOf } from './rows.ts'
import type { PictureRow } from './rows.ts'
import { createValues, isSearch, lookUp, matchCondition, seriesCondition } from './search.ts'
import type { Bind } from './search.ts'
import type { InTurn } from './turns.ts'

/** Matches of a search are counted up to this number: counting ten million takes most of a second. */
export const COUNTED_MAX = 10_000
/** Series that one statement looks at. */
const SERIES_AT_ONCE = 100

/** A series that has pictures for the request. */
interface Group {
  name: string
  count: number
}

interface Groups {
  /** The series with the newest picture first. */
  groups: Group[]
  asOf: number
  /** Where the pictures of the pages are: all of them, or the few that a search has found. */
  source: Source
}

/** A text of SQL that selects from pictures: what comes before the select, and its condition. */
interface Source {
  begin: (bind: Bind) => string
  /** The name of what is selected from, with the columns of `picture`. */
  name: string
  condition: (bind: Bind) => string
}

export type Pages = ReturnType<typeof createPages>

/**
 * Pages of pictures. Each one begins after a position in an index, so a page far behind costs no more than the first.
 */
export function createPages(database: Pick<Database, 'query'>, inTurn: InTurn) {
  async function read(request: PageRequest): Promise<Page> {
    const found = await findGroups(database, request)
    const { groups, asOf } = found
    const total = groups.reduce((sum, { count }) => sum + count, 0)
    const { rows, finishedSeries } =
      request.order === 'series'
        ? await readBySeries(database, request, found)
        : { rows: await readNewest(database, request, found), finishedSeries: () => '' }
    const shown = rows.slice(0, request.limit)
    const last = shown.at(-1)
    return {
      pictures: shown.map(pictureOf),
      total: isSearch(request) ? Math.min(total, COUNTED_MAX) : total,
      series: groups,
      next:
        last === undefined || rows.length <= request.limit
          ? undefined
          : {
              order: request.order,
              asOf,
              finishedSeries: finishedSeries(last.series),
              modifiedMs: last.modified_ms,
              series: last.series,
              address: last.address
            }
    }
  }

  return {
    /** @throws SERVICE_UNAVAILABLE when too many searches wait, or the database is away */
    async page(request: PageRequest): Promise<Page> {
      if (!isSearch(request)) return await read(request)
      return await inTurn(async () => await read(request))
    }
  }
}

async function findGroups(database: Pick<Database, 'query'>, request: PageRequest): Promise<Groups> {
  if (!isSearch(request)) {
    return {
      ...(await countGroups(database, request)),
      source: {
        begin: () => '',
        name: 'picture',
        condition: (bind) => seriesCondition('series', request, bind)
      }
    }
  }
  const filter = await lookUp(database, request)
  const condition = (bind: Bind) =>
    `${matchCondition(filter, bind)} and ${seriesCondition('picture.series', request, bind)}`
  const found = await countMatches(database, request, condition, COUNTED_MAX)
  const isComplete = found.groups.reduce((sum, { count }) => sum + count, 0) < COUNTED_MAX
  if (isComplete) {
    // Without an order, the index of searches is used. It finds few pictures faster than any other.
    const begin = (bind: Bind) =>
      `with found as materialized (select * from picture where ${condition(bind)} limit ${COUNTED_MAX})`
    return { ...found, source: { begin, name: 'found', condition: () => 'true' } }
  }
  const source = { begin: () => '', name: 'picture', condition }
  // The first matches say nothing about the series of the others.
  const all = request.order === 'series' ? await countMatches(database, request, condition) : found
  return { ...all, source }
}

/** Before which time the pages are: the newest picture of the first page. */
const asOfColumn = (cursor: Cursor | undefined, bind: Bind) =>
  `coalesce(${bind(cursor?.asOf ?? null)}::float8,
    (select modified_ms from picture order by -modified_ms, series, address limit 1), 0)`

interface GroupRow extends Group {
  as_of: number
}

function groupsOf(rows: GroupRow[], { cursor }: PageRequest): Pick<Groups, 'groups' | 'asOf'> {
  return {
    groups: rows.map(({ name, count }) => ({ name, count })),
    asOf: rows[0]?.as_of ?? cursor?.asOf ?? 0
  }
}

/** The series without a search: their counts are kept. */
async function countGroups(database: Pick<Database, 'query'>, request: PageRequest) {
  const { values, bind } = createValues()
  const rows = await database.query<GroupRow>(
    `with page as materialized (select ${asOfColumn(request.cursor, bind)} as as_of)
    select counted.series as name, counted.pictures as count, page.as_of
    from page cross join picture_count counted cross join lateral (
      select modified_ms from picture
      where picture.series = counted.series and -modified_ms >= -page.as_of
      order by -modified_ms, address limit 1
    ) newest
    where counted.pictures > 0 and ${seriesCondition('counted.series', request, bind)}
    order by newest.modified_ms desc, counted.series`,
    values
  )
  return groupsOf(rows, request)
}

/** The series of the pictures that match a search, counted up to a limit. */
async function countMatches(
  database: Pick<Database, 'query'>,
  request: PageRequest,
  condition: (bind: Bind) => string,
  limit?: number
) {
  const { values, bind } = createValues()
  const rows = await database.query<GroupRow>(
    `with page as materialized (select ${asOfColumn(request.cursor, bind)} as as_of),
      found as materialized (
        select series, modified_ms from picture where ${condition(bind)} ${limit === undefined ? '' : `limit ${limit}`}
      )
    select found.series as name, count(*) as count, min(page.as_of) as as_of
    from page cross join found
    group by found.series
    having bool_or(found.modified_ms <= page.as_of)
    order by max(found.modified_ms) filter (where found.modified_ms <= page.as_of) desc, found.series`,
    values
  )
  return groupsOf(rows, request)
}

/** The rows of a page, and one more if there is one. */
async function readNewest(
  database: Pick<Database, 'query'>,
  { cursor, limit }: PageRequest,
  { asOf, source }: Groups
): Promise<PictureRow[]> {
  const { modifiedMs, series, address } = cursor ?? { modifiedMs: asOf, series: '', address: '' }
  const { values, bind } = createValues()
  return await database.query<PictureRow>(
    `${source.begin(bind)} select ${COLUMNS} from ${source.name}
    where (-modified_ms, series, address) > (-${bind(modifiedMs)}::float8, ${bind(series)}, ${bind(address)})
      and ${source.condition(bind)}
    order by -modified_ms, series, address limit ${bind(limit + 1)}`,
    values
  )
}

/**
 * The same for one series after the other: the rest of the series that the cursor is in, and then each one that is not
 * finished. The cursor names the finished ones, as in the embedded engine.
 */
async function readBySeries(
  database: Pick<Database, 'query'>,
  { cursor, limit }: PageRequest,
  { groups, asOf, source }: Groups
) {
  const finished = splitHashes(cursor?.finishedSeries ?? '')
  const current = groups.find(({ name }) => name === cursor?.series)
  const others = groups.filter((group) => group !== current && !finished.has(hashSeries(group.name)))
  const ordered = current === undefined ? others : [current, ...others]
  const rows: PictureRow[] = []
  for (let at = 0; at < ordered.length && rows.length <= limit;) {
    const part = takeEnough(ordered.slice(at, at + SERIES_AT_ONCE), limit + 1 - rows.length)
    at += part.length
    const { values, bind } = createValues()
    const starts = part.map((group) => (group === current ? cursor! : { modifiedMs: asOf, address: '' }))
    const wanted = [
      `${bind(part.map(({ name }) => name))}::text[]`,
      `${bind(starts.map(({ modifiedMs }) => modifiedMs))}::float8[]`,
      `${bind(starts.map(({ address }) => address))}::text[]`
    ]
    rows.push(
      ...(await database.query<PictureRow>(
        `${source.begin(bind)} select part.*
        from unnest(${wanted.join(', ')}) with ordinality as wanted (name, start_ms, start_address, place)
        cross join lateral (
          select ${COLUMNS} from ${source.name}
          where series = wanted.name and (-modified_ms, address) > (-wanted.start_ms, wanted.start_address)
            and ${source.condition(bind)}
          order by -modified_ms, address limit ${bind(limit + 1)}
        ) part
        order by wanted.place, -part.modified_ms, part.address limit ${bind(limit + 1 - rows.length)}`,
        values
      ))
    )
  }
  const finishedBefore = (series: string) => {
    const before = ordered.slice(
      0,
      ordered.findIndex(({ name }) => name === series)
    )
    return `${cursor?.finishedSeries ?? ''}${before.map(({ name }) => hashSeries(name)).join('')}`
  }
  return { rows, finishedSeries: finishedBefore }
}

/** The first groups, until they have that many pictures. Some pictures may be too new for the page. */
function takeEnough(groups: Group[], pictures: number): Group[] {
  let sum = 0
  const end = groups.findIndex(({ count }) => (sum += count) >= pictures)
  return end === -1 ? groups : groups.slice(0, end + 1)
}
