import type { Files } from '../storage/files.ts'
import type { PictureFile, StoredPictures } from './stored.ts'
import { hashOfSeries, hashesIn } from './cursor.ts'
import type { Cursor, Order } from './cursor.ts'
import { readDetails } from './details.ts'
import type { Details } from './details.ts'
import { createSearch } from './search.ts'
import { comparePositions, createSortedPictures } from './sorted.ts'
import type { SortedPictures } from './sorted.ts'

/** Pictures whose details are read at the same time while nobody waits for them; more would keep files from being served. */
const READERS = 2
const CHANGES_KEPT = 50

export interface Picture extends PictureFile, Details {
  /** The title in lower case, for the search. */
  words: string
  /** Whether the details were read; until then they are empty. */
  isRead: boolean
}

interface Change {
  revision: number
  series: string
  address: string
  isThere: boolean
}

interface PageRequest {
  order: Order
  limit: number
  /** Only this series. */
  series?: string | undefined
  /** Words that must all be in title, series or address. */
  text?: string | undefined
  cursor?: Cursor | undefined
}

export interface Page {
  pictures: Picture[]
  /** How many pictures match, on all pages. */
  total: number
  /** How many of them each series has; the series with the newest picture first. */
  series: Array<{ name: string; count: number }>
  /** Where the next page begins; undefined at the end. */
  next: Cursor | undefined
}

export type Gallery = ReturnType<typeof createGallery>

/**
 * All pictures in order, with what the gallery shows and searches of them. It follows the index of pictures; titles and sizes are
 * read in the background, newest first, and at once for pictures that somebody looks at.
 */
export function createGallery({
  images,
  files
}: {
  images: Pick<StoredPictures, 'newest' | 'subscribe'>
  files: Pick<Files, 'readText' | 'open'>
}) {
  const byKey = new Map<string, Picture>()
  const shelves = new Map<string, SortedPictures<Picture>>()
  const listeners = new Set<() => void>()
  let all = createSortedPictures<Picture>()
  let changes: Change[] = []
  let revision = 0
  let unread = 0
  const stopping = new AbortController()

  async function load(): Promise<void> {
    const missed: Array<[string, string, PictureFile | undefined]> = []
    let follow = (...change: [string, string, PictureFile | undefined]) => {
      missed.push(change)
    }
    images.subscribe((...change) => follow(...change))
    const pictures = (await images.newest(0, Infinity)).map(asPicture).sort(comparePositions)
    const bySeries = new Map<string, Picture[]>()
    for (const picture of pictures) {
      byKey.set(keyOf(picture), picture)
      const group = bySeries.get(picture.series)
      if (group === undefined) bySeries.set(picture.series, [picture])
      else group.push(picture)
    }
    for (const [series, group] of bySeries) shelves.set(series, createSortedPictures(group))
    all = createSortedPictures(pictures)
    unread = pictures.length
    follow = change
    for (const each of missed) change(...each)
  }

  async function readAll(): Promise<void> {
    const queue = [...all.items]
    let at = 0
    async function work(): Promise<void> {
      while (at < queue.length && !stopping.signal.aborted) {
        const picture = queue[at]!
        at += 1
        if (byKey.get(keyOf(picture)) === picture) await read(picture)
        else if (!picture.isRead) unread -= 1
      }
    }
    await Promise.all(Array.from({ length: READERS }, work))
  }

  async function read(picture: Picture): Promise<void> {
    if (picture.isRead) return
    const details = await readDetails(files, picture.series, picture.address)
    if (picture.isRead) return
    Object.assign(picture, details, { words: details.title.toLowerCase(), isRead: true })
    unread -= 1
  }

  function change(series: string, address: string, entry: PictureFile | undefined): void {
    const key = `${series}/${address}`
    const known = byKey.get(key)
    if (known?.modifiedMs === entry?.modifiedMs && known?.bytes === entry?.bytes) return
    if (known !== undefined) remove(key, known)
    if (entry === undefined) {
      if (known !== undefined) announce(series, address, false)
      return
    }
    const picture = asPicture(entry)
    byKey.set(key, picture)
    all.add(picture)
    const shelf = shelves.get(series) ?? createSortedPictures<Picture>()
    shelves.set(series, shelf)
    shelf.add(picture)
    unread += 1
    read(picture).finally(() => {
      if (byKey.get(key) === picture) announce(series, address, true)
    })
  }

  function remove(key: string, picture: Picture): void {
    byKey.delete(key)
    all.remove(picture)
    const shelf = shelves.get(picture.series)!
    shelf.remove(picture)
    if (shelf.items.length === 0) shelves.delete(picture.series)
  }

  function announce(series: string, address: string, isThere: boolean): void {
    revision += 1
    changes = [{ revision, series, address, isThere }, ...changes.slice(0, CHANGES_KEPT - 1)]
    for (const listener of listeners) listener()
  }

  /** The series that have a picture not younger than `asOf`, that with the newest first. */
  function groupsAsOf(asOf: number) {
    return [...shelves]
      .flatMap(([name, { items, indexOf }]) => {
        const start = indexOf({ modifiedMs: asOf, series: '', address: '' })
        const newest = items[start]
        return newest === undefined ? [] : [{ name, items, start, newestMs: newest.modifiedMs }]
      })
      .sort((a, b) => b.newestMs - a.newestMs || (a.name < b.name ? -1 : 1))
  }

  type Group = ReturnType<typeof groupsAsOf>[number]

  /** What a page is taken from, one run of pictures after the other, from the cursor on. */
  function* runsFrom(
    groups: Group[],
    asOf: number,
    { order, cursor }: PageRequest
  ): Generator<{ items: readonly Picture[]; start: number; past: string }> {
    if (order === 'newest') {
      const shelf = groups.length === 1 ? shelves.get(groups[0]!.name)! : all
      yield {
        items: shelf.items,
        start: shelf.indexAfter(cursor ?? { modifiedMs: asOf, series: '', address: '' }),
        past: ''
      }
      return
    }
    // A series moves down when its newest picture goes or is made anew, so that only its name tells whether it was told.
    let past = cursor?.past ?? ''
    const told = hashesIn(past)
    const isBegun = ({ name }: Group) => name === cursor?.series
    for (const group of [
      ...groups.filter(isBegun),
      ...groups.filter((each) => !isBegun(each) && !told.has(hashOfSeries(each.name)))
    ]) {
      yield {
        items: group.items,
        start: isBegun(group) ? shelves.get(group.name)!.indexAfter(cursor!) : group.start,
        past
      }
      past += hashOfSeries(group.name)
    }
  }

  const loading = load()
  const reading = loading.then(readAll)

  return {
    /** Settles when all titles and sizes are read; rejects when the pictures themselves could not be read. */
    reading,

    get revision(): number {
      return revision
    },
    /** The last changes, the newest first. */
    get changes(): readonly Change[] {
      return changes
    },
    get size(): number {
      return all.items.length
    },
    /** Pictures whose titles are not read yet, and so not found by their words. */
    get unread(): number {
      return unread
    },

    /** Calls `listener` at each change of a picture, until the returned function is called. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /** Some pictures, once it is known which there are. */
    async page(request: PageRequest): Promise<Page> {
      await loading
      const { limit, order } = request
      const asOf = request.cursor?.asOf ?? all.items[0]?.modifiedMs ?? 0
      const matches = createSearch(request.text ?? '')
      const countIn = (items: readonly Picture[]) =>
        matches === undefined ? items.length : items.reduce((sum, each) => (matches(each) ? sum + 1 : sum), 0)
      // A series without a match is looked through once, to know it.
      const groups = groupsAsOf(asOf)
        .filter(({ name }) => request.series === undefined || name === request.series)
        .map((group) => ({ ...group, count: countIn(group.items) }))
        .filter(({ count }) => count > 0)
      const pictures: Picture[] = []
      let past = ''
      let hasMore = false
      for (const run of groups.length === 0 ? [] : runsFrom(groups, asOf, request)) {
        for (let at = run.start; at < run.items.length; at += 1) {
          const picture = run.items[at]!
          if (matches !== undefined && !matches(picture)) continue
          if (pictures.length === limit) {
            hasMore = true
            break
          }
          pictures.push(picture)
          past = run.past
        }
        if (hasMore) break
      }
      await Promise.all(pictures.map(read))
      const last = pictures.at(-1)
      return {
        pictures,
        series: groups.map(({ name, count }) => ({ name, count })),
        total: groups.reduce((sum, { count }) => sum + count, 0),
        next:
          hasMore && last !== undefined
            ? { order, asOf, past, modifiedMs: last.modifiedMs, series: last.series, address: last.address }
            : undefined
      }
    },

    /** One picture, undefined when there is none. */
    async get(series: string, address: string): Promise<Picture | undefined> {
      await loading
      const picture = byKey.get(`${series}/${address}`)
      if (picture !== undefined) await read(picture)
      return picture
    },

    /** The pictures of the same series just before and behind this one. */
    neighbours(picture: Picture): { newer: Picture | undefined; older: Picture | undefined } {
      const shelf = shelves.get(picture.series)
      const at = shelf?.indexOf(picture) ?? 0
      return { newer: shelf?.items[at - 1], older: shelf?.items[at + 1] }
    },

    /** Reads no further. */
    async stop(): Promise<void> {
      stopping.abort()
      await reading.catch(() => {})
    }
  }
}

function keyOf({ series, address }: PictureFile): string {
  return `${series}/${address}`
}

function asPicture({ series, address, bytes, modifiedMs }: PictureFile): Picture {
  return { series, address, bytes, modifiedMs, title: '', words: '', width: 0, height: 0, isRead: false }
}
