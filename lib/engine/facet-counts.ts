import { facetKey } from '../dress/facets.ts'
import type { FacetName, FacetValue } from '../dress/facets.ts'
import type { FacetCounts, FacetRequest } from './pictures.ts'

/** What is chosen of each facet. */
export function chosenByFacet(chosen: readonly FacetValue[] = []): Map<FacetName, FacetValue[]> {
  const groups = new Map<FacetName, FacetValue[]>()
  for (const each of chosen) groups.set(each.facet, [...(groups.get(each.facet) ?? []), each])
  return groups
}

/** The counts of a facet as an index answers them. @param counts of values that pictures have, in any order */
export function arrangeCounts(
  name: FacetName,
  counts: ReadonlyArray<{ value: string; count: number }>,
  { chosen = [], limit }: Pick<FacetRequest, 'chosen' | 'limit'>,
  isComplete: boolean
): FacetCounts {
  const sorted = counts
    .map(({ value, count }) => ({ value, count }))
    .sort((a, b) => b.count - a.count || compareText(a.value, b.value))
  const values = sorted.slice(0, limit)
  for (const { value: wanted } of chosen.filter(({ facet }) => facet === name)) {
    const isSame = ({ value }: { value: string }) => facetKey(value) === facetKey(wanted)
    if (!values.some(isSame)) values.push(sorted.find(isSame) ?? { value: wanted, count: 0 })
  }
  return { name, values, distinct: sorted.length, isComplete }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
