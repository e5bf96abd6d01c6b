import type { SeriesRegistry } from '../../../lib/dress/series-registry.ts'
import type { Cursor } from '../../../lib/engine/cursor.ts'
import type { Picture, PictureIndex } from '../../../lib/engine/pictures.ts'
import { offeredSeries } from '../series/offered.ts'
import type { OfferedSeries } from '../view.ts'

/** Pictures that are read at once. An address has one in each series at most. */
const PAGE = 500

/** A series, and the picture of the address in it. */
export interface SeriesOfAddress extends OfferedSeries {
  /** False for a series that has no file any more, whose pictures are still there. */
  isOffered: boolean
  picture: Picture | undefined
}

export interface FindOptions {
  gallery: Pick<PictureIndex, 'page'>
  registry: Pick<SeriesRegistry, 'list' | 'hidden'>
}

/** All series that are not hidden, with the picture of this address where there is one. */
export async function findSeriesOf(
  address: string,
  { gallery, registry }: FindOptions
): Promise<SeriesOfAddress[]> {
  const [offered, hidden] = await Promise.all([registry.list(), registry.hidden()])
  const pictures = await findPictures(address, hidden, gallery)
  const found = offered.map((series) => {
    return { ...offeredSeries(series), isOffered: true, picture: pictures.get(series.suffix) }
  })
  const names = new Set(found.map(({ name }) => name))
  const former = [...pictures.values()]
    .filter(({ series }) => !names.has(series))
    .map((picture) => {
      return { ...offeredSeries({ suffix: picture.series, source: 'user' }), isOffered: false, picture }
    })
  return [...found, ...former]
}

/** The pictures of an address by series. The search finds it in titles too. */
async function findPictures(
  text: string,
  without: ReadonlySet<string>,
  gallery: Pick<PictureIndex, 'page'>
): Promise<Map<string, Picture>> {
  const found = new Map<string, Picture>()
  let cursor: Cursor | undefined
  do {
    const { pictures, next } = await gallery.page({ order: 'newest', limit: PAGE, text, without, cursor })
    for (const picture of pictures) if (picture.address === text) found.set(picture.series, picture)
    cursor = next
  } while (cursor !== undefined)
  return found
}
