import { FACETS, facetKey, facetValuesIn, isFacetName } from '../../../lib/dress/facets.ts'
import type { Facet, FacetName, FacetValue } from '../../../lib/dress/facets.ts'
import type { Databases } from '../../../lib/dress/databases.ts'
import { CHOSEN_MAX } from '../../../lib/engine/pictures.ts'
import type { PictureIndex } from '../../../lib/engine/pictures.ts'
import { errors, quote } from '../../../lib/errors.ts'
import { isPictureName, isSeriesName, seriesName } from '../../../lib/storage/layout.ts'
import { findAddress } from '../../../lib/typed-address.ts'
import { QuerySchema } from './query.ts'
import type { GalleryQuery } from './query.ts'

/** Values that an error names. */
const NAMED = 3

const PARAMETERS = Object.keys(QuerySchema.properties)
const NAMES = FACETS.map(({ name }) => name)

const invalid = (details: string) => errors.invalidInput('Invalid query parameters', { details })

/** Refuses a parameter that does not exist: an answer without its filter would be a wrong one. */
export function checkNames(query: object): void {
  const unknown = Object.keys(query).find((name) => !PARAMETERS.includes(name))
  if (unknown === undefined) return
  const meant = PARAMETERS.find((name) => facetKey(name) === facetKey(unknown).replace('colour', 'color'))
  throw invalid(
    `There is no parameter ${quote(unknown)}: ` +
      (meant === undefined ? `the parameters are ${PARAMETERS.join(', ')}` : `${meant} is meant`)
  )
}

/**
 * What the parameters of a query choose.
 * @throws invalid_input for a value that neither a picture nor a database has
 */
export async function readChosen(
  query: GalleryQuery,
  databases: Pick<Databases, 'rows'>,
  index: Pick<PictureIndex, 'knowsValue'>
): Promise<FacetValue[]> {
  const chosen = NAMES.flatMap((facet) => (query[facet] ?? []).map((value): FacetValue => ({ facet, value })))
  if (chosen.length > CHOSEN_MAX) {
    throw invalid(`${chosen.length} values are chosen: at most ${CHOSEN_MAX} may be`)
  }
  for (const each of chosen) {
    if (await index.knowsValue(each)) continue
    const facet: Facet = FACETS.find(({ name }) => name === each.facet)!
    const values = facetValuesIn(databases, facet)
    if (values.has(facetKey(each.value))) continue
    const examples = [...values.values()].slice(0, NAMED).map((value) => quote(value))
    throw invalid(
      `${each.facet} is ${quote(each.value)}: it must be one of ${values.size} values such as ` +
        `${examples.join(', ')}; facets=${each.facet} lists those of the pictures`
    )
  }
  return chosen
}

/** The facets whose values are to be counted, each once. @throws invalid_input */
export function readFacetNames({ facets = [] }: GalleryQuery): FacetName[] {
  const unknown = facets.find((name) => !isFacetName(name))
  if (unknown !== undefined) {
    throw invalid(`facets is ${quote(unknown)}: it must be one of ${NAMES.join(', ')}`)
  }
  return [...new Set(facets.filter(isFacetName))]
}

/** The picture that others shall be like; undefined if none is named. @throws invalid_input */
export async function readLike(
  { like, cursor, order, facets }: GalleryQuery,
  index: Pick<PictureIndex, 'get'>
): Promise<{ series: string; address: string } | undefined> {
  if (like === undefined) return undefined
  const other = (cursor && 'cursor') ?? (order === 'series' ? 'order=series' : facets && 'facets')
  if (other !== undefined) {
    throw invalid(`${other} is given with like: the likest pictures come first, in one page without counts`)
  }
  const slash = like.lastIndexOf('/')
  const [series, name] = [seriesName(like.slice(0, Math.max(0, slash))), like.slice(slash + 1)]
  // A picture that /v1 made is named after any text, in any case.
  const address = findAddress(name)?.toLowerCase() ?? name
  const isName = isSeriesName(series) && isPictureName(address)
  if (!isName || (await index.get(series, address)) === undefined) {
    throw invalid(
      `like is ${quote(like)}: it must be the series and the address of a picture, such as simple/0x…`
    )
  }
  return { series, address }
}
