import { Type } from '@sinclair/typebox'
import type { TArray, TOptional, TString } from '@sinclair/typebox'
import { FACETS, FACET_CHARACTERS_MAX, facetKey } from '../../../lib/dress/facets.ts'
import type { FacetName, FacetValue } from '../../../lib/dress/facets.ts'
import { CHOSEN_MAX, SEARCH_CHARACTERS_MAX } from '../../../lib/engine/pictures.ts'
import { seriesName } from '../../../lib/storage/layout.ts'
import { findAddress } from '../../../lib/typed-address.ts'
import type { Filter } from '../view.ts'

/** The parameters of a filter in the URL of a page. Others are ignored: sites that link to a page may add some. */
export const FILTER_PARAMETERS = {
  series: Type.Optional(Type.String()),
  q: Type.Optional(Type.String({ maxLength: SEARCH_CHARACTERS_MAX })),
  ...(Object.fromEntries(
    FACETS.map(({ name }) => [name, Type.Optional(Type.Array(Type.String()))])
  ) as Record<FacetName, TOptional<TArray<TString>>>)
}

type FilterQuery = { series?: string; q?: string } & Partial<Record<FacetName, string[]>>

/** The filter that a URL asks for. A value that no picture has is chosen all the same, and can be taken away. */
export function readFilter({ series = '', q: text = '', ...query }: FilterQuery): Filter {
  const chosen = new Map<string, FacetValue>()
  for (const { name: facet } of FACETS) {
    for (const value of (query[facet] ?? []).map((each) => each.trim())) {
      if (value === '' || value.length > FACET_CHARACTERS_MAX) continue
      chosen.set(`${facet} ${facetKey(value)}`, { facet, value })
    }
  }
  return {
    series: seriesName(series),
    text: findAddress(text) ?? text.trim(),
    chosen: [...chosen.values()].slice(0, CHOSEN_MAX)
  }
}
