import { hashSeries, splitHashes } from './cursor.ts'
import type { Cursor, Order } from './cursor.ts'
import { createGalleryIndex } from './gallery-index.ts'
import type { GalleryIndexOptions, Picture } from './gallery-index.ts'
import { createSearch } from './search.ts'
import type { PictureLists } from './search.ts'
import { startOf } from './sorted.ts'
import type { SortedPictures } from './sorted.ts'

export type { Picture } from './gallery-index.ts'

interface PageRequest {
  order: Order
  limit: number
  /** Only pictures of this series. */
  series?: string | undefined
  /** Words that title, series or address must all contain. */
  text?: string | undefined
  cursor?: Cursor | undefined
}

export interface Page {
  pictures: Picture[]
  /** How many pictures match, on all pages. */
  total: number
  /** How many of them each series has; the series with the newest picture first. */
  series: Array<{ name: string; count: number }>
  /** The cursor of the next page; undefined on the last page. */
  next: Cursor | undefined
}

/** A series that has matching pictures. */
interface Group {
  name: string
  pictures: SortedPictures<Picture>
  /** Index of the first picture that belongs to the pages, because it is not newer than the first page. */
  start: number
  newestMs: number
}

/** A range of pictures from which a page is taken: from `start` to the end of the items. */
interface Range {
  items: readonly Picture[]
  start: number
  /** The series that are complete before this range, as in `Cursor`. */
  finishedSeries: string
}

export type Gallery = ReturnType<typeof createGallery>

/** The gallery: pages of pictures, single pictures, and the neighbours of a picture. */
export function createGallery(options: GalleryIndexOptions) {
  const index = createGalleryIndex(options)
  const search = createSearch(index)

  function findPage(lists: PictureLists, request: PageRequest): Page {
    const { limit, order, cursor } = request
    const asOf = cursor?.asOf ?? index.all.items[0]?.modifiedMs ?? 0
    const groups = groupsOf(lists, asOf, request.series)
    const { pictures, hasMore, finishedSeries } = takePage(rangesOf(lists, groups, asOf, request), limit)
    const last = pictures.at(-1)
    const series = groups.map(({ name, pictures: { items } }) => ({ name, count: items.length }))
    return {
      pictures,
      series,
      total: series.reduce((sum, { count }) => sum + count, 0),
      next: hasMore && last !== undefined ? { order, asOf, finishedSeries, ...positionOf(last) } : undefined
    }
  }

  return {
    /** Settles when the details of all pictures are read; rejects if the list of pictures cannot be read. */
    reading: index.reading,
    subscribe: index.subscribe,
    stop: index.stop,

    get revision() {
      return index.revision
    },
    get changes() {
      return index.changes
    },
    get size() {
      return index.size
    },
    get unread() {
      return index.unread
    },

    /**
     * A page of pictures. Waits until the list of pictures is read.
     * @throws SERVICE_UNAVAILABLE when too many searches wait
     */
    async page(request: PageRequest): Promise<Page> {
      await index.loading
      for (;;) {
        const page = findPage(await search(request.text ?? ''), request)
        await Promise.all(page.pictures.map(index.read))
        // A broken picture leaves the index when its details are read; the page is then another one.
        if (page.pictures.every(({ series, address }) => index.get(series, address) !== undefined)) {
          return page
        }
      }
    },

    /** A picture with its details as it is on disk now; undefined if it does not exist. */
    async get(series: string, address: string): Promise<Picture | undefined> {
      await index.loading
      await options.images.find(series, address)
      const picture = index.get(series, address)
      if (picture !== undefined) await index.read(picture)
      return index.get(series, address)
    },

    /** The pictures just before and after this one in its series. */
    neighbours(picture: Picture): { newer: Picture | undefined; older: Picture | undefined } {
      const pictures = index.bySeries.get(picture.series)
      const at = pictures?.indexOf(picture) ?? 0
      return { newer: pictures?.items[at - 1], older: pictures?.items[at + 1] }
    }
  }
}

/** The series that have pictures for the request, the series with the newest picture first. */
function groupsOf({ bySeries }: PictureLists, asOf: number, seriesName: string | undefined): Group[] {
  const groups: Group[] = []
  for (const [name, pictures] of bySeries) {
    if (seriesName !== undefined && name !== seriesName) continue
    const start = pictures.indexOf(startOf(asOf))
    const newest = pictures.items[start]
    if (newest !== undefined) groups.push({ name, pictures, start, newestMs: newest.modifiedMs })
  }
  return groups.sort((a, b) => b.newestMs - a.newestMs || (a.name < b.name ? -1 : 1))
}

/** The ranges of a page, from the cursor on. */
function rangesOf(
  { all }: PictureLists,
  groups: Group[],
  asOf: number,
  { order, cursor, series }: PageRequest
): Iterable<Range> {
  if (order === 'series') return rangesBySeries(groups, cursor)
  const pictures = series === undefined ? all : groups[0]?.pictures
  if (pictures === undefined) return []
  return [{ items: pictures.items, start: pictures.indexAfter(cursor ?? startOf(asOf)), finishedSeries: '' }]
}

/**
 * The rest of the series that the cursor is in, and then each series that is not finished. The cursor names the
 * finished ones: a series moves down in the order when its newest picture is removed or made again, so its position
 * does not show whether it is finished.
 */
function* rangesBySeries(groups: Group[], cursor: Cursor | undefined): Generator<Range> {
  let finishedSeries = cursor?.finishedSeries ?? ''
  const finished = splitHashes(finishedSeries)
  const current = groups.find(({ name }) => name === cursor?.series)
  const others = groups.filter((group) => group !== current && !finished.has(hashSeries(group.name)))
  for (const group of current === undefined ? others : [current, ...others]) {
    const start = group === current ? group.pictures.indexAfter(cursor!) : group.start
    yield { items: group.pictures.items, start, finishedSeries }
    finishedSeries += hashSeries(group.name)
  }
}

/** Takes the first `limit` pictures of the ranges. */
function takePage(ranges: Iterable<Range>, limit: number) {
  const pictures: Picture[] = []
  let finishedSeries = ''
  for (const range of ranges) {
    for (let at = range.start; at < range.items.length; at += 1) {
      if (pictures.length === limit) return { pictures, finishedSeries, hasMore: true }
      pictures.push(range.items[at]!)
      finishedSeries = range.finishedSeries
    }
  }
  return { pictures, finishedSeries, hasMore: false }
}

function positionOf({ modifiedMs, series, address }: Picture) {
  return { modifiedMs, series, address }
}
