import { arrangeCounts } from '../../facet-counts.ts'
import type { FacetCounts, FacetRequest, LikenessRequest, PictureFilter } from '../../pictures.ts'
import type { Entry, GalleryIndex } from './gallery-index.ts'
import { searchKey } from './search.ts'
import type { PictureLists } from './search.ts'
import { lookAtEach } from './turns.ts'
import type { InTurn } from './turns.ts'

interface Sources {
  index: Pick<GalleryIndex, 'facets'>
  inTurn: InTurn
  /** The pictures that are looked at, before series are left out. */
  lists: PictureLists
}

/** The pictures of these series. */
function ofSeries({ all, bySeries }: PictureLists, { series, without }: PictureFilter): readonly Entry[] {
  const items = series === undefined ? all.items : (bySeries.get(series)?.items ?? [])
  return without === undefined || without.size === 0
    ? [...items]
    : items.filter((picture) => !without.has(picture.series))
}

/** Names a question about the pictures of a filter. */
function keyOf(question: string, { series, without, text, chosen }: PictureFilter, parts: unknown[]): string {
  return JSON.stringify([question, series, [...(without ?? [])].sort(), searchKey(text, chosen), ...parts])
}

/** Counts the values of facets. A picture counts for a facet if it has what is chosen of all others. */
export async function countFacets(
  { index, inTurn, lists }: Sources,
  request: FacetRequest
): Promise<FacetCounts[]> {
  const { chosen, facets, limit } = request
  return await inTurn(keyOf('facets', request, [facets, limit]), async () => {
    const tests = [...index.facets.tests(chosen)]
    const counters = facets.map((name) => ({ name, ...index.facets.counter(name) }))
    await lookAtEach(ofSeries(lists, request), ({ facetRow }) => {
      const failed = tests.filter(([, test]) => !test(facetRow))
      if (failed.length > 1) return
      const only = failed[0]?.[0]
      for (const counter of counters) if (only === undefined || counter.name === only) counter.add(facetRow)
    })
    return counters.map(({ name, counts }) => arrangeCounts(name, counts(), request, true))
  })
}

/** The pictures most like this one, the likest first, and of equally like ones the newest. */
export async function findSimilar(
  { index, inTurn, lists }: Sources,
  picture: Entry,
  request: LikenessRequest
): Promise<Entry[]> {
  const { like, limit } = request
  return await inTurn(keyOf('similar', request, [like.series, like.address, limit]), async () => {
    const likenessOf = index.facets.likeness(picture.facetRow)
    const best: Array<{ entry: Entry; likeness: number }> = []
    await lookAtEach(ofSeries(lists, request), (entry) => {
      if (entry === picture) return
      const likeness = likenessOf(entry.facetRow)
      if (likeness === 0 || (best.length === limit && likeness <= best.at(-1)!.likeness)) return
      // The pictures come newest first, so an equally like one goes behind.
      const behind = best.findLastIndex((other) => other.likeness >= likeness)
      best.splice(behind + 1, 0, { entry, likeness })
      if (best.length > limit) best.pop()
    })
    return best.map(({ entry }) => entry)
  })
}
