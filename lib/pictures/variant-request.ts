import { variantPath } from '../storage/layout.ts'

export const FORMATS = ['png', 'webp', 'avif', 'jpeg'] as const

export type Format = (typeof FORMATS)[number]

/**
 * What a variant is made from: the finished picture, its drawing without caption, one of the built-in artist, or the
 * picture with its title as a card.
 */
export type SourceKind = 'annotated' | 'generated' | 'placeholder' | 'card'

/**
 * How an image gets its size. `width`: scaled to a width, and never enlarged. `square`: without its caption, cut to a
 * square. `inside`: the whole image, as large as fits into a square. The last two enlarge it where needed.
 */
export type Fit = 'width' | 'square' | 'inside'

export interface VariantRequest {
  /** Pixels: the width, or the side of the square. Undefined keeps the size of the image. */
  width: number | undefined
  /** Default: `width`. */
  fit?: Fit
  format: Format
}

/** A variant in the cache, as its name says. */
interface CachedVariant {
  /** What all variants of one source have in common: the path without version, size and format. */
  source: string
  version: string
  isPlaceholder: boolean
  /** Whether its size is not one of a short list. */
  isOfAnySize: boolean
}

const OF_SOURCE: Record<SourceKind, string> = {
  annotated: '',
  generated: 'drawing.',
  placeholder: 'placeholder.',
  card: 'card.'
}
const OF_FIT: Record<Fit, string> = { width: 'w', square: 's', inside: 'i' }
/** In place of a size: that of the source. */
const FULL = 'full'
const PATH = /^(.+)\.([0-9a-z]+-[0-9a-z]+)\.(full|[wsi]\d+)\.(?:png|webp|avif|jpeg)$/

/** A text that says which source, version, size and format a variant has, for its file name and its ETag. */
export function variantName(kind: SourceKind, version: string, request: VariantRequest): string {
  const { width, fit = 'width', format } = request
  const size = width === undefined ? FULL : `${OF_FIT[fit]}${width}`
  return `${OF_SOURCE[kind]}${version}.${size}.${format}`
}

/** The path of a variant in the data folder. */
export function cachePath(
  { series, address }: { series: string; address: string },
  ...name: Parameters<typeof variantName>
): string {
  return variantPath(series, address, variantName(...name))
}

/** What the path of a variant says; undefined if it is none. */
export function parseVariantPath(path: string): CachedVariant | undefined {
  const [, source, version, size] = PATH.exec(path) ?? []
  if (source === undefined || version === undefined || size === undefined) return undefined
  return {
    source,
    version,
    isPlaceholder: `${source}.`.endsWith(`.${OF_SOURCE.placeholder}`),
    isOfAnySize: !size.startsWith(OF_FIT.width) && size !== FULL
  }
}
