import { randomUUID } from 'node:crypto'
import type { Files } from '../../../storage/files.ts'
import type { PngFiles } from '../../../storage/png-files.ts'
import { hashSeries, splitHashes } from '../../cursor.ts'
import type { Cursor } from '../../cursor.ts'
import type {
  FacetCounts,
  FacetRequest,
  LikenessRequest,
  Page,
  PageRequest,
  Picture,
  PictureFile,
  PictureIndex
} from '../../pictures.ts'
import type { FacetValue } from '../../../dress/facets.ts'
import type { BulkReader } from './bulk-reader.ts'
import { createGalleryIndex, entryOf } from './gallery-index.ts'
import type { Entry } from './gallery-index.ts'
import { createPictureFiles } from './picture-files.ts'
import { countFacets, findSimilar } from './facets.ts'
import { createSearch } from './search.ts'
import type { PictureLists } from './search.ts'
import { startOf } from './sorted.ts'
import type { SortedPictures } from './sorted.ts'
import { createTurns } from './turns.ts'

/** A series that has matching pictures. */
interface Group {
  name: string
  pictures: SortedPictures<Entry>
  /** Index of the first picture that belongs to the pages, because it is not newer than the first page. */
  start: number
  newestMs: number
}

/** A range of pictures from which a page is taken: from `start` to the end of the items. */
interface Range {
  items: readonly Entry[]
  start: number
  /** The series that are complete before this range, as in `Cursor`. */
  finishedSeries: string
}

export interface PictureIndexOptions {
  files: Pick<Files, 'list' | 'stat' | 'statAll' | 'readText'>
  pngs: Pick<PngFiles, 'stat' | 'open'>
  /** Whether the data folder is another one than that of the start. */
  isReplaced?: () => Promise<boolean>
  /** Reads the files of many pictures in a thread. */
  bulk?: BulkReader | undefined
}

export type EmbeddedPictureIndex = ReturnType<typeof createPictureIndex>

/** The index of the pictures in the data folder, in memory. */
export function createPictureIndex({ files, pngs, isReplaced, bulk }: PictureIndexOptions) {
  const list = createPictureFiles(files, pngs, entryOf, {
    readStats: bulk?.stats,
    ...(isReplaced && { isReplaced })
  })
  const building = list.build()
  const index = createGalleryIndex({ list, files, pngs, readMany: bulk?.pictures })
  const inTurn = createTurns(index)
  const search = createSearch(index, inTurn)

  function findPage(lists: PictureLists, request: PageRequest): Page & { pictures: Entry[] } {
    const { order, cursor } = request
    const asOf = cursor?.asOf ?? index.all.items[0]?.modifiedMs ?? 0
    const groups = groupsOf(lists, asOf, request)
    const ranges = rangesOf(lists, groups, asOf, request)
    const { pictures, hasMore, finishedSeries } = takePage(ranges, request)
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
    find: list.find,
    mayHave: list.mayHave,
    follow: list.follow,
    subscribe: index.subscribe,

    async put(file: PictureFile): Promise<void> {
      list.put(file)
    },

    async remove(series: string, address: string): Promise<void> {
      list.remove(series, address)
    },

    async recheck(series: string, address: string): Promise<void> {
      await list.find(series, address)
    },

    async reportMissing(series: string, address: string): Promise<void> {
      if (list.mayHave(series, address)) await list.find(series, address)
    },

    // Each process counts from the beginning.
    epoch: randomUUID(),
    get revision() {
      return index.revision
    },
    get changes() {
      return index.changes
    },
    get size() {
      return index.size
    },
    async count(): Promise<number> {
      await index.loading
      return index.size
    },
    get unread() {
      return index.unread
    },

    async page(request: PageRequest): Promise<Page> {
      await index.loading
      for (;;) {
        const page = findPage(await search(request.text ?? '', request.chosen), request)
        await index.read(page.pictures)
        // A broken picture leaves the index when its details are read; the page is then another one.
        if (page.pictures.every(({ series, address }) => index.get(series, address) !== undefined)) {
          return page
        }
      }
    },

    async facets(request: FacetRequest): Promise<FacetCounts[]> {
      await index.loading
      // What is chosen of a facet does not limit the counts of the facet itself, so the search leaves it out.
      return await countFacets({ index, inTurn, lists: await search(request.text ?? '') }, request)
    },

    async knowsValue(value: FacetValue): Promise<boolean> {
      await index.loading
      return index.facets.knows(value)
    },

    async similar(request: LikenessRequest): Promise<Picture[]> {
      await index.loading
      const { series, address } = request.like
      const picture = index.get(series, address)
      if (picture === undefined) return []
      await index.read([picture])
      const found = await findSimilar(
        { index, inTurn, lists: await search(request.text ?? '', request.chosen) },
        picture,
        request
      )
      await index.read(found)
      return found.filter((each) => index.get(each.series, each.address) !== undefined)
    },

    async get(series: string, address: string): Promise<Picture | undefined> {
      await index.loading
      await list.find(series, address)
      const picture = index.get(series, address)
      if (picture !== undefined) await index.read([picture])
      return index.get(series, address)
    },

    async neighbours({ series, address, modifiedMs }: PictureFile) {
      await index.loading
      const pictures = index.bySeries.get(series)
      const at = pictures?.indexOf({ modifiedMs, series, address }) ?? 0
      return { newer: pictures?.items[at - 1], older: pictures?.items[at + 1] }
    },

    reading: building.then(async () => await index.reading),

    /** Stops reading details in the background. */
    async stop(): Promise<void> {
      await building.catch(() => {})
      await index.stop()
      bulk?.close()
    }
  } satisfies PictureIndex & { stop: unknown }
}

/** The series that have pictures for the request, the series with the newest picture first. */
function groupsOf({ bySeries }: PictureLists, asOf: number, { series, without }: PageRequest): Group[] {
  const groups: Group[] = []
  for (const [name, pictures] of bySeries) {
    if ((series !== undefined && name !== series) || without?.has(name)) continue
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
function takePage(ranges: Iterable<Range>, { limit, without }: PageRequest) {
  const pictures: Entry[] = []
  let finishedSeries = ''
  for (const range of ranges) {
    for (let at = range.start; at < range.items.length; at += 1) {
      if (without?.has(range.items[at]!.series)) continue
      if (pictures.length === limit) return { pictures, finishedSeries, hasMore: true }
      pictures.push(range.items[at]!)
      finishedSeries = range.finishedSeries
    }
  }
  return { pictures, finishedSeries, hasMore: false }
}

function positionOf({ modifiedMs, series, address }: Entry) {
  return { modifiedMs, series, address }
}
