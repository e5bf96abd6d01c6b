import type { FacetName, FacetValue } from '../dress/facets.ts'
import type { Cursor, Order } from './cursor.ts'

/** The longest text that a client may search for. */
export const SEARCH_CHARACTERS_MAX = 500
/** Values of facets that a filter may choose. More would make it slow, and nobody chooses so many. */
export const CHOSEN_MAX = 100
/** Values of a facet that are counted for one answer. */
export const FACET_VALUES_MAX = 5_000

/** A finished picture. */
export interface PictureFile {
  readonly series: string
  readonly address: string
  readonly bytes: number
  /** Unix milliseconds. */
  readonly modifiedMs: number
  /** Where its PNG is in an object store; absent in a data folder. */
  readonly objectKey?: string | undefined
  /** The version of that object. */
  readonly etag?: string | undefined
}

/** What the gallery shows of a picture besides its size and time. */
export interface Details {
  /** Empty if unknown. */
  title: string
  /** Pixels; 0 if unknown. */
  width: number
  height: number
  /** What its dress has to choose by. Only of a picture that comes into an index; answers leave it out. */
  facets?: readonly FacetValue[]
}

export type Picture = PictureFile & Readonly<Details>

/** Which pictures are asked for. */
export interface PictureFilter {
  /** Only pictures of this series. */
  series?: string | undefined
  /** Series whose pictures are left out. */
  without?: ReadonlySet<string> | undefined
  /** Words that must all be in title, series or address, or begin a word of a value of the dress. */
  text?: string | undefined
  /** A picture must have one of the values of each facet that is here. One whose dress is not recorded has none. */
  chosen?: readonly FacetValue[] | undefined
}

export interface PageRequest extends PictureFilter {
  order: Order
  limit: number
  cursor?: Cursor | undefined
}

export interface FacetRequest extends PictureFilter {
  facets: readonly FacetName[]
  /** The most values of a facet. */
  limit: number
}

/** The values of a facet that the pictures of a filter have. What is chosen of the facet itself does not count. */
export interface FacetCounts {
  name: FacetName
  /** Those with the most pictures first, and then what is chosen of the others. */
  values: Array<{ value: string; count: number }>
  /** How many different values there are. */
  distinct: number
  /** False if only a part of the pictures is counted: there are at least as many. */
  isComplete: boolean
}

export interface LikenessRequest extends PictureFilter {
  like: Pick<PictureFile, 'series' | 'address'>
  limit: number
}

export interface Page {
  pictures: Picture[]
  /** How many pictures match, on all pages. An engine may count those of a search only up to 10,000. */
  total: number
  /** How many of them each series has; the series with the newest picture first. */
  series: Array<{ name: string; count: number }>
  /** The cursor of the next page; undefined on the last page. */
  next: Cursor | undefined
}

/** A picture that came, was replaced, or went. */
export interface PictureChange {
  revision: number
  series: string
  address: string
  isThere: boolean
}

/** Which finished pictures exist, in order, with their titles. The PNGs themselves are elsewhere. */
export interface PictureIndex {
  /** The picture as it is now; undefined if there is none. */
  find(series: string, address: string): Promise<PictureFile | undefined>
  /** Whether there may be a picture, as far as this process knows. */
  mayHave(series: string, address: string): boolean
  /** Adds a picture whose PNG is written, or replaces an older one. */
  put(file: PictureFile): Promise<void>
  remove(series: string, address: string): Promise<void>
  /** Reads from the data folder whether a picture is there, after this process has changed its file. */
  recheck(series: string, address: string): Promise<void>
  /** Takes in that a reader has found no PNG for a picture. */
  reportMissing(series: string, address: string): Promise<void>

  /**
   * A page of pictures. Waits until the list of pictures is read.
   * @throws SERVICE_UNAVAILABLE when too many searches wait
   */
  page(request: PageRequest): Promise<Page>
  /**
   * What pictures can be chosen by, in the order of the request. Waits as `page` does.
   * @throws SERVICE_UNAVAILABLE when too many searches wait
   */
  facets(request: FacetRequest): Promise<FacetCounts[]>
  /** Whether a picture has, or once had, this value. */
  knowsValue(value: FacetValue): Promise<boolean>
  /**
   * The pictures most like another one, the likest first: the weights of the values that they share, summed up.
   * @throws SERVICE_UNAVAILABLE when too many searches wait
   */
  similar(request: LikenessRequest): Promise<Picture[]>
  /** A picture with its details as it is now; undefined if there is none. */
  get(series: string, address: string): Promise<Picture | undefined>
  /** The pictures just before and after this one in its series. */
  neighbours(picture: PictureFile): Promise<{ newer: Picture | undefined; older: Picture | undefined }>

  /** Settles when the details of all pictures are read; rejects if the list of pictures cannot be read. */
  readonly reading: Promise<void>
  /** How many pictures there are, as far as this process knows. */
  readonly size: number
  /** How many pictures there are. Waits until the list of pictures is read. */
  count(): Promise<number>
  /** How many pictures have no details yet. Searches do not find them by their titles and dresses. */
  readonly unread: number
  /** Names the count of revisions. Those of one epoch mean the same in every process. */
  readonly epoch: string
  /** Grows by one with each change. */
  readonly revision: number
  /** The latest changes, newest first. */
  readonly changes: readonly PictureChange[]
  /**
   * Calls `listener` after each change.
   * @returns ends the subscription
   */
  subscribe(listener: () => void): () => void
  /** Takes in the pictures that another process has made or removed. */
  follow(): Promise<void>
}
