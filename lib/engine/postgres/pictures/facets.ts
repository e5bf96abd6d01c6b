import { LRUCache } from 'lru-cache'
import { FACETS, HEAVY_WEIGHT } from '../../../dress/facets.ts'
import type { FacetName } from '../../../dress/facets.ts'
import { arrangeCounts, chosenByFacet } from '../../facet-counts.ts'
import type { FacetCounts, FacetRequest, LikenessRequest, Picture } from '../../pictures.ts'
import type { Database } from '../database.ts'
import { COUNTED_MAX } from './pages.ts'
import { COLUMNS, pictureOf } from './rows.ts'
import type { PictureRow } from './rows.ts'
import { createValues, lookUp, matchCondition, seriesCondition } from './search.ts'
import type { Bind, Terms } from './search.ts'
import type { InTurn } from './turns.ts'

/** Answers that are kept, for this long: many visitors open the same filter. */
const KEPT = 16
const KEPT_MS = 5_000
/** For each value of a picture, so many others with it are compared with the picture. */
const CANDIDATES = 500

const WEIGHTS = new Map<string, number>(FACETS.map(({ name, weight }) => [name, weight]))

interface CountRow {
  facet: FacetName
  value: string
  count: number
}

export interface FacetsOptions {
  database: Pick<Database, 'query'>
  inTurn: InTurn
  /** Changes with every picture. */
  revision: () => number
}

const conditionOf = (filter: Terms, bind: Bind) =>
  `${matchCondition(filter, bind)} and ${seriesCondition('picture.series', filter, bind)}`

/** What pictures in the database can be chosen by, and how like they are. */
export function createFacets({ database, inTurn, revision }: FacetsOptions) {
  const kept = new LRUCache<string, FacetCounts[]>({ max: KEPT, ttl: KEPT_MS })

  /** The counts of some facets with one filter. */
  async function count(facets: readonly FacetName[], filter: Terms) {
    const { values, bind } = createValues()
    const rows = await database.query<CountRow & { matches: number }>(
      `with found as materialized (
        select facets from picture where ${conditionOf(filter, bind)} limit ${COUNTED_MAX + 1}
      ),
      counted as (select id, count(*) as count from found cross join unnest(found.facets) as id group by id)
      select named.facet, named.value, counted.count, (select count(*) from found) as matches
      from counted join facet_value named using (id)
      where named.facet = any(${bind(facets)}::text[])`,
      values
    )
    return { rows, isComplete: (rows[0]?.matches ?? 0) <= COUNTED_MAX }
  }

  async function read(request: FacetRequest): Promise<FacetCounts[]> {
    const { facets, chosen = [] } = request
    const filter = await lookUp(database, request)
    const own = facets.filter((name) => chosenByFacet(chosen).has(name))
    const questions = [facets.filter((name) => !own.includes(name)), ...own.map((name) => [name])]
    const answers = new Map<FacetName, FacetCounts>()
    for (const names of questions.filter(({ length }) => length > 0)) {
      // What is chosen of a facet does not limit the counts of the facet itself.
      const others = chosen.filter(({ facet }) => !names.includes(facet))
      const { rows, isComplete } = await count(names, { ...filter, chosen: others })
      for (const name of names) {
        const ofFacet = rows.filter(({ facet }) => facet === name)
        answers.set(name, arrangeCounts(name, ofFacet, request, isComplete))
      }
    }
    return facets.map((name) => answers.get(name)!)
  }

  async function readSimilar({ like, limit, ...filter }: LikenessRequest): Promise<Picture[]> {
    const shared = await database.query<{ id: string; facet: string }>(
      `select id::text, facet from facet_value
      where id = any((select facets from picture where series = $1 and address = $2)::bigint[])
      order by id`,
      [like.series, like.address]
    )
    const weighted = shared
      .map(({ id, facet }) => ({ id, weight: WEIGHTS.get(facet) ?? 0 }))
      .filter(({ weight }) => weight > 0)
    const heavy = weighted.filter(({ weight }) => weight >= HEAVY_WEIGHT)
    if (heavy.length === 0) return []
    const { values, bind } = createValues()
    const condition = `${conditionOf(await lookUp(database, filter), bind)}
      and (series, address) <> (${bind(like.series)}, ${bind(like.address)})`
    // One part for each value: so the planner knows how rare it is.
    const parts = heavy.map(
      ({ id }) =>
        `(select series, address from picture
          where facets @> ${bind(`{${id}}`)}::bigint[] and ${condition} limit ${CANDIDATES})`
    )
    const ids = bind(weighted.map(({ id }) => id))
    const weights = bind(weighted.map(({ weight }) => weight))
    const rows = await database.query<PictureRow>(
      `with candidate as materialized (${parts.join(' union ')})
      select ${COLUMNS} from candidate join picture using (series, address)
      cross join lateral (
        select sum(shared.weight) as likeness
        from unnest(${ids}::bigint[], ${weights}::int[]) as shared (id, weight)
        where shared.id = any(picture.facets)
      ) compared
      order by compared.likeness desc, -modified_ms, series, address limit ${bind(limit)}`,
      values
    )
    return rows.map(pictureOf)
  }

  return {
    async facets(request: FacetRequest): Promise<FacetCounts[]> {
      const key = JSON.stringify([revision(), { ...request, without: [...(request.without ?? [])].sort() }])
      const known = kept.get(key)
      if (known !== undefined) return known
      const counts = await inTurn(async () => await read(request))
      kept.set(key, counts)
      return counts
    },

    similar: async (request: LikenessRequest): Promise<Picture[]> =>
      await inTurn(async () => await readSimilar(request))
  }
}
