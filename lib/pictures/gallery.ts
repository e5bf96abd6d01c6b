import { hashSeries, splitHashes } from './cursor.ts'
import type { Cursor, Order } from './cursor.ts'
import { createGalleryIndex } from './gallery-index.ts'
import type { GalleryIndexOptions, Picture } from './gallery-index.ts'
import { createSearch } from './search.ts'
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
  /** How many of its pictures match. */
  count: number
}

/** A range of pictures from which a page takes the matching ones: from `start` to the end of the items. */
interface Range {
  items: readonly Picture[]
  start: number
  /** The series that are complete before this range, as in `Cursor`. */
  finishedSeries: string
}

type Matches = (picture: Picture) => boolean

export type Gallery = ReturnType<typeof createGallery>

/** The gallery: pages of pictures, single pictures, and the neighbours of a picture. */
export function createGallery(options: GalleryIndexOptions) {
  const index = createGalleryIndex(options)

  /** The series that match the request, the series with the newest picture first. */
  function findGroups(asOf: number, seriesName: string | undefined, matches: Matches | undefined): Group[] {
    const groups: Group[] = []
    for (const [name, pictures] of index.bySeries) {
      if (seriesName !== undefined && name !== seriesName) continue
      const start = pictures.indexOf(startOf(asOf))
      const newest = pictures.items[start]
      if (newest === undefined) continue
      const count = countMatches(pictures.items, matches)
      if (count > 0) groups.push({ name, pictures, start, newestMs: newest.modifiedMs, count })
    }
    return groups.sort((a, b) => b.newestMs - a.newestMs || (a.name < b.name ? -1 : 1))
  }

  /** The ranges of a page, from the cursor on. */
  function rangesOf(groups: Group[], asOf: number, { order, cursor }: PageRequest): Iterable<Range> {
    const [first] = groups
    if (first === undefined) return []
    if (order === 'series') return rangesBySeries(groups, cursor)
    const pictures = groups.length === 1 ? first.pictures : index.all
    const start = pictures.indexAfter(cursor ?? startOf(asOf))
    return [{ items: pictures.items, start, finishedSeries: '' }]
  }

  function findPage(request: PageRequest): Page {
    const { limit, order, cursor } = request
    const asOf = cursor?.asOf ?? index.all.items[0]?.modifiedMs ?? 0
    const matches = createSearch(request.text ?? '')
    const groups = findGroups(asOf, request.series, matches)
    const { pictures, hasMore, finishedSeries } = takePage(rangesOf(groups, asOf, request), limit, matches)
    const last = pictures.at(-1)
    return {
      pictures,
      series: groups.map(({ name, count }) => ({ name, count })),
      total: groups.reduce((sum, { count }) => sum + count, 0),
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

    /** A page of pictures. Waits until the list of pictures is read. */
    async page(request: PageRequest): Promise<Page> {
      await index.loading
      for (;;) {
        const page = findPage(request)
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

function countMatches(items: readonly Picture[], matches: Matches | undefined): number {
  if (matches === undefined) return items.length
  return items.reduce((sum, picture) => (matches(picture) ? sum + 1 : sum), 0)
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

/** Takes the first `limit` matching pictures of the ranges. */
function takePage(ranges: Iterable<Range>, limit: number, matches: Matches | undefined) {
  const pictures: Picture[] = []
  let finishedSeries = ''
  for (const range of ranges) {
    for (let at = range.start; at < range.items.length; at += 1) {
      const picture = range.items[at]!
      if (matches !== undefined && !matches(picture)) continue
      if (pictures.length === limit) return { pictures, finishedSeries, hasMore: true }
      pictures.push(picture)
      finishedSeries = range.finishedSeries
    }
  }
  return { pictures, finishedSeries, hasMore: false }
}

function positionOf({ modifiedMs, series, address }: Picture) {
  return { modifiedMs, series, address }
}
