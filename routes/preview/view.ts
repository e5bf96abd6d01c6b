import type { FacetName, FacetValue } from '../../lib/dress/facets.ts'
import type { Page, Picture } from '../../lib/engine/pictures.ts'
import type { Assets } from './assets.ts'
import type { Sharing } from './sharing.ts'
import type { SeriesFamily } from '../../lib/dress/series-families.ts'

/** The filter of a list; an empty string filters nothing. */
export interface Filter {
  series: string
  text: string
  /** What the dresses of the pictures must have. */
  chosen?: readonly FacetValue[]
}

/** A filter that a search may mean: values of one facet that contain a word of it. */
export interface Suggestion {
  /** What it shows of the values. */
  label: string
  facet: FacetName
  values: string[]
}

export interface OfferedSeries {
  name: string
  purpose: string
  family: SeriesFamily
  /** Whether it is a series of the user, which can be changed. */
  isOwn: boolean
}

/** The values that the page of the gallery shows. */
export interface GalleryView {
  page: Page
  /** The number of pictures without any filter. */
  all: number
  /** How many pictures each series has that match the search and what is chosen. */
  counts: Page['series']
  filter: Filter
  /** What of the attributes the search may mean. */
  suggestions: readonly Suggestion[]
  isFirst: boolean
  /** The series that the form offers. */
  series: OfferedSeries[]
  /** The newest pictures, which the top of the page shows. */
  newest: Picture[]
  /** The title of the document. */
  title: string
  /** What other sites read of the page; undefined for a page that nobody shares. */
  sharing: Sharing | undefined
  /** The details of a picture as HTML, on the page of that picture. */
  detail: string | undefined
  /** The initial values of the form. */
  initial: { series: string; address: string }
  /** What is wrong with the initial address; empty if nothing is. */
  problem: string
  /** A message above the list; empty for none. */
  notice: string
  /** `<series>/<address>` of a removed picture that the visitor can bring back; empty for none. */
  restorable: string
  /** The page of the picture whose address has the same digits, where the checksum is wrong; empty for no link. */
  unchecked: string
  /** Whether the notice has a button that makes the picture of the form. */
  makeable: boolean
  /** Why the picture would not be made now, without a full stop; empty if nothing hinders. */
  hindrance: string
  /** Whether the missing picture is being made. */
  isBeingMade: boolean
  /** Whether changes of pictures that exist need a token that visitors may have. */
  needsToken: boolean
  /** Whether a new picture needs a token too. */
  startNeedsToken: boolean
  /** Whether `/health` needs a token, which a link does not send. */
  healthNeedsToken: boolean
  /** Whether the server can tell a form of this page from one of another site when no script sends it. */
  tellsItsSite: boolean
  revision: number
  assets: Assets
}
