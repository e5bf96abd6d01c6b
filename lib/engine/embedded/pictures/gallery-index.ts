import type { Files } from '../../../storage/files.ts'
import type { PngFiles } from '../../../storage/png-files.ts'
import type { Details, PictureChange, PictureFile } from '../../pictures.ts'
import { readDetails } from '../../picture-details.ts'
import { NO_ROW, createFacetTable } from './facet-table.ts'
import type { BulkReader } from './bulk-reader.ts'
import type { PictureFiles } from './picture-files.ts'
import { comparePositions, createSortedPictures } from './sorted.ts'
import type { SortedPictures } from './sorted.ts'

/** Pictures whose details are read at the same time in the background; more would delay the files of requests. */
const BACKGROUND_READS = 2
/** Pictures that the bulk reader is asked for at once: some milliseconds of work, which a stop waits for. */
const BULK_PICTURES = 100
const CHANGES_KEPT = 50

/** A picture in the index. */
export interface Entry extends PictureFile, Details {
  /** The title in lower case, for searches. */
  searchTitle: string
  /** Whether the details have been read; until then they are empty. */
  isRead: boolean
  /** What it can be chosen by, as a row of the table of facets. */
  facetRow: number
}

export interface GalleryIndexOptions {
  list: Pick<PictureFiles<Entry>, 'built' | 'entries' | 'subscribe' | 'find' | 'get'>
  files: Pick<Files, 'readText'>
  pngs: Pick<PngFiles, 'open'>
  /** A faster way to read many pictures. */
  readMany?: BulkReader['pictures'] | undefined
}

export type GalleryIndex = ReturnType<typeof createGalleryIndex>

/**
 * All pictures in order with their details, as a whole and by series. The index follows the changes of the list. It
 * reads details in the background, newest first.
 */
export function createGalleryIndex({ list, files, pngs, readMany }: GalleryIndexOptions) {
  const bySeries = new Map<string, SortedPictures<Entry>>()
  const listeners = new Set<() => void>()
  const facets = createFacetTable()
  let all = createSortedPictures<Entry>()
  let changes: PictureChange[] = []
  let revision = 0
  let version = 0
  let unread = 0
  const stopping = new AbortController()

  async function load(): Promise<void> {
    await list.built()
    // Nothing happens between the two: each later change comes from the subscription.
    const pictures = list.entries().sort(comparePositions)
    list.subscribe(applyChange)
    const groups = new Map<string, Entry[]>()
    for (const picture of pictures) {
      const group = groups.get(picture.series)
      if (group === undefined) groups.set(picture.series, [picture])
      else group.push(picture)
    }
    for (const [series, group] of groups) bySeries.set(series, createSortedPictures(group))
    all = createSortedPictures(pictures)
    version += 1
    unread = pictures.length
  }

  async function readAll(): Promise<void> {
    const queue = [...all.items]
    for (let at = 0; at < queue.length && !stopping.signal.aborted; at += BULK_PICTURES) {
      const pictures = queue.slice(at, at + BULK_PICTURES)
      await readBulk(pictures, queue.length - at)
      await readRest(pictures)
    }
  }

  /** Reads the details of what the bulk reader can read. */
  async function readBulk(pictures: readonly Entry[], rest = pictures.length): Promise<void> {
    const wanted = pictures.filter((each) => !each.isRead && isCurrent(each))
    const found = (await readMany?.(wanted, rest)) ?? []
    for (const [index, picture] of wanted.entries()) {
      const details = found[index]
      if (details !== undefined) setDetails(picture, details)
    }
  }

  async function readRest(pictures: readonly Entry[]): Promise<void> {
    let next = 0
    async function work(): Promise<void> {
      while (next < pictures.length && !stopping.signal.aborted) {
        const picture = pictures[next]!
        next += 1
        if (isCurrent(picture)) await read(picture)
        else if (!picture.isRead) unread -= 1
      }
    }
    await Promise.all(Array.from({ length: BACKGROUND_READS }, work))
  }

  /** Reads the details of a picture unless they have been read. A broken picture leaves the index meanwhile. */
  async function read(picture: Entry): Promise<void> {
    if (picture.isRead) return
    const { series, address } = picture
    const details = await readDetails(files, pngs, series, address)
    if (details.width === 0) await list.find(series, address)
    setDetails(picture, details)
  }

  const isCurrent = (picture: Entry) => list.get(picture.series, picture.address) === picture

  function setDetails(picture: Entry, { title, width, height, facets: values }: Required<Details>): void {
    if (picture.isRead) return
    // A picture that has left the index has no row, because nothing would take it away.
    const facetRow = isCurrent(picture) ? facets.add(values) : NO_ROW
    const searchTitle = title.toLowerCase()
    Object.assign(picture, { title, width, height, searchTitle, facetRow, isRead: true })
    version += 1
    unread -= 1
  }

  function applyChange(
    series: string,
    address: string,
    picture: Entry | undefined,
    before: Entry | undefined
  ): void {
    if (picture === before) return
    version += 1
    if (before !== undefined) remove(before)
    if (picture === undefined) {
      announce(series, address, false)
      return
    }
    all.add(picture)
    const ofSeries = bySeries.get(series) ?? createSortedPictures<Entry>()
    bySeries.set(series, ofSeries)
    ofSeries.add(picture)
    unread += 1
    const announceUnlessReplaced = () => {
      if (isCurrent(picture)) announce(series, address, true)
    }
    // A picture without details is still a new picture.
    read(picture).then(announceUnlessReplaced, announceUnlessReplaced)
  }

  function remove(picture: Entry): void {
    facets.remove(picture.facetRow)
    picture.facetRow = NO_ROW
    all.remove(picture)
    const ofSeries = bySeries.get(picture.series)!
    ofSeries.remove(picture)
    if (ofSeries.items.length === 0) bySeries.delete(picture.series)
  }

  function announce(series: string, address: string, isThere: boolean): void {
    revision += 1
    changes = [{ revision, series, address, isThere }, ...changes.slice(0, CHANGES_KEPT - 1)]
    for (const listener of listeners) listener()
  }

  const loading = load()
  const reading = loading.then(readAll)

  return {
    /** Settles when the list of pictures is read; rejects if it cannot be read. */
    loading,
    /** Settles when the details of all pictures are read; rejects if the list of pictures cannot be read. */
    reading,
    facets,

    /** Reads the details of pictures unless they have been read. A broken picture leaves the index meanwhile. */
    async read(pictures: readonly Entry[]): Promise<void> {
      await readBulk(pictures)
      await Promise.all(pictures.map(read))
    },

    get all(): SortedPictures<Entry> {
      return all
    },
    /** The pictures of each series that has any. */
    bySeries: bySeries as ReadonlyMap<string, SortedPictures<Entry>>,
    get revision(): number {
      return revision
    },
    /** Changes with every picture and every title, before it is announced. */
    get version(): number {
      return version
    },
    /** The latest changes, newest first. */
    get changes(): readonly PictureChange[] {
      return changes
    },
    get size(): number {
      return all.items.length
    },
    /** How many pictures have no details yet. Searches do not find them by their titles and dresses. */
    get unread(): number {
      return unread
    },

    get(series: string, address: string): Entry | undefined {
      return list.get(series, address)
    },

    /** Calls `listener` after each change of a picture, until the returned function is called. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /** Stops reading details in the background. */
    async stop(): Promise<void> {
      stopping.abort()
      await reading.catch(() => {})
    }
  }
}

/** The entry of a picture whose details have not been read. */
export function entryOf({ series, address, bytes, modifiedMs }: PictureFile): Entry {
  return {
    series,
    address,
    bytes,
    modifiedMs,
    title: '',
    searchTitle: '',
    width: 0,
    height: 0,
    isRead: false,
    facetRow: NO_ROW
  }
}
