import type { Databases } from '../../lib/dress/databases.ts'
import type { SeriesRegistry } from '../../lib/dress/series-registry.ts'
import { writeCursor } from '../../lib/engine/cursor.ts'
import type { Cursor } from '../../lib/engine/cursor.ts'
import type { PictureIndex } from '../../lib/engine/pictures.ts'
import type { Assets } from './assets.ts'
import { isSearch } from './filter/links.ts'
import { createSuggestions } from './filter/suggestions.ts'
import { PICTURES_AT_TOP } from './form.ts'
import { renderGallery } from './page.ts'
import { listUrl } from './pictures.ts'
import { offeredSeries } from './series/offered.ts'
import { TITLE, shareList } from './sharing.ts'
import type { GalleryView } from './view.ts'

/** Pictures on the first page: enough for a large screen, and few enough for a small first response. */
const FIRST_PICTURES = 24
/** Pictures on each further page. */
const FURTHER_PICTURES = 48
const DEFAULT_SERIES = 'simple'

export interface RendererOptions {
  gallery: Pick<PictureIndex, 'page' | 'facets' | 'revision'>
  series: Pick<SeriesRegistry, 'list' | 'hidden'>
  databases: Pick<Databases, 'rows'>
  assets: Assets
  /** What a visitor needs now. */
  access: () => Pick<GalleryView, 'needsToken' | 'startNeedsToken' | 'healthNeedsToken'>
}

/** The values that a route sets; all others have defaults. */
export type PageOptions = Partial<Omit<GalleryView, 'initial'>> & {
  /** Without a series, the form has the one of the filter, or else the default. */
  initial?: { series?: string; address: string }
  cursor?: Cursor | undefined
  /** `request.publicUrl` of a list that may be shared. */
  publicUrl?: string
}
export type Renderer = ReturnType<typeof createRenderer>

/** Returns a function that renders the gallery with the current pictures and series. */
export function createRenderer({ gallery, series, databases, assets, access }: RendererOptions) {
  const suggest = createSuggestions(databases, gallery)
  return async function render({ cursor, publicUrl, initial, ...given }: PageOptions): Promise<string> {
    const { filter = { series: '', text: '' } } = given
    const without = await series.hidden()
    const [page, top, all, matching, suggestions] = await Promise.all([
      gallery.page({
        order: 'series',
        without,
        limit: cursor === undefined ? FIRST_PICTURES : FURTHER_PICTURES,
        cursor,
        text: filter.text,
        chosen: filter.chosen,
        ...(filter.series !== '' && { series: filter.series })
      }),
      gallery.page({ order: 'newest', limit: PICTURES_AT_TOP, without }),
      series.list(),
      filter.series !== '' && isSearch(filter)
        ? gallery.page({ order: 'newest', limit: 1, without, text: filter.text, chosen: filter.chosen })
        : undefined,
      // A busy server shows the search without them.
      filter.text === '' ? [] : suggest(filter.text, without).catch(() => [])
    ])
    const offered = all.map(offeredSeries)
    const isOffered = (wanted: string) => offered.some(({ name }) => name === wanted)
    // What stands in place of the list is below the form, out of sight on a phone.
    const isUnknown = filter.series !== '' && !isOffered(filter.series) && page.total === 0
    const first = [filter.series, DEFAULT_SERIES].find(isOffered) ?? offered[0]?.name ?? ''
    const sharing =
      publicUrl === undefined
        ? undefined
        : shareList({
            publicUrl,
            path: listUrl('', filter, cursor && writeCursor(cursor)),
            newest: top.pictures[0]
          })
    return renderGallery({
      page,
      filter,
      suggestions,
      all: top.total,
      counts: filter.series === '' ? page.series : (matching ?? top).series,
      isFirst: cursor === undefined,
      series: offered,
      newest: top.pictures,
      title: TITLE,
      sharing,
      detail: undefined,
      initial: { series: first, address: '', ...initial },
      problem: '',
      notice: isUnknown ? `There is no series ${filter.series}.` : '',
      restorable: '',
      unchecked: '',
      makeable: false,
      hindrance: '',
      isBeingMade: false,
      tellsItsSite: true,
      ...access(),
      revision: gallery.revision,
      assets,
      ...given
    })
  }
}
