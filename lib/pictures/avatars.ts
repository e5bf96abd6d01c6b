import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Databases } from '../dress/databases.ts'
import { prepareDress } from '../dress/dress.ts'
import { seriesHash } from '../dress/series-registry.ts'
import { EDITION } from '../image/local/edition.ts'
import { VERSION } from '../package.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Series } from '../schemas/series.ts'
import { rasterizeSvg } from './convert.ts'
import { variantName } from './variant-request.ts'
import type { Fit, Format } from './variant-request.ts'
import type { Source, VariantClient, Variants } from './variants.ts'
import { warmUp } from './warm-up.ts'

/** The sides in pixels that a request may name. */
export const SIDES = { minimum: 16, maximum: 1024, default: 256 } as const

/**
 * Bytes of the SVGs that are kept in memory, about 700 small ones. They are not kept on the disk: to write the file of
 * a small one takes as long as to draw it (3 ms).
 */
const SVG_BYTES = 8_000_000

export interface AvatarRequest {
  /** Pixels: the side of the square; with the caption, of the square that the picture fits into. */
  size: number
  hasCaption: boolean
  format: Format | 'svg'
}

/** An image that stands for an address. */
export interface Avatar {
  /** Whether the built-in artist has drawn it because there is no picture. */
  isPlaceholder: boolean
  /** Identifies the bytes among all avatars of the address. */
  version: string
  /** When the picture was last changed, in Unix milliseconds. Absent for a placeholder. */
  modifiedMs?: number
  /**
   * The encoded image; undefined if the picture has just been replaced or removed.
   * @throws IMAGE_DOWNLOAD_ERROR if the picture is damaged, SERVICE_UNAVAILABLE if too many images are being converted
   */
  read: (client: VariantClient) => Promise<Buffer | undefined>
}

export interface AvatarsOptions {
  variants: Pick<Variants, 'fileSource' | 'convert'>
  databases: Databases
  /** The dress that an existing picture was made from. */
  dressOf: (series: Series, address: string) => Promise<DalleDress>
  /** Whether an existing picture is what the built-in artist draws today. */
  isDrawnToday: (series: Series, dress: DalleDress) => Promise<boolean>
}

export type Avatars = ReturnType<typeof createAvatars>

/** Images of addresses: of the picture where it exists, else a drawing of the built-in artist, the placeholder. */
export function createAvatars({ variants, databases, dressOf, isDrawnToday }: AvatarsOptions) {
  const versions = new WeakMap<Series, string>()
  const svgs = new LRUCache<string, Buffer>({ maxSize: SVG_BYTES, sizeCalculation: ({ length }) => length })

  /** Changes when the same address would get another placeholder. */
  function placeholderVersion(series: Series): string {
    const known = versions.get(series)
    if (known !== undefined) return known
    const parts = [VERSION, EDITION, databases.hash, seriesHash(series)]
    const version = `${createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16)}-0`
    versions.set(series, version)
    return version
  }

  async function draw(series: Series, address: string, { size, hasCaption }: AvatarRequest): Promise<string> {
    // The start does not wait for what draws.
    const { drawingSvg } = await import('../image/local/drawing-svg.ts')
    return drawingSvg(prepareDress(databases, series, address).dress, size, hasCaption)
  }

  /** The drawing as SVG, which is the same for a picture that is this drawing and for a placeholder. */
  async function readSvg(series: Series, address: string, request: AvatarRequest): Promise<Buffer> {
    const key = [series.suffix, address, placeholderVersion(series), sizeName(request)].join(' ')
    const svg = svgs.get(key) ?? Buffer.from(await draw(series, address, request))
    svgs.set(key, svg)
    return svg
  }

  /** The placeholder of an address. It exists for every address and is not stored as a picture. */
  function placeholder(series: Series, address: string, request: AvatarRequest): Avatar {
    const version = placeholderVersion(series)
    const kind = 'placeholder' as const
    const { format } = request
    if (format === 'svg') {
      const read = async () => await readSvg(series, address, request)
      return { isPlaceholder: true, version: `placeholder.${version}.${sizeName(request)}.svg`, read }
    }
    const convert = async () => await rasterizeSvg(await draw(series, address, request), format)
    const source: Source = { kind, series: series.suffix, address, version, convert }
    return { isPlaceholder: true, ...ofSource(source, request, format) }
  }

  function ofSource(source: Source, { size: width, hasCaption }: AvatarRequest, format: Format) {
    const fit: Fit = hasCaption ? 'inside' : 'square'
    const wanted = { width, fit, format }
    return {
      version: variantName(source.kind, source.version, wanted),
      read: async (client: VariantClient) => await variants.convert(source, wanted, client)
    }
  }

  /**
   * The avatars of the picture, the best first; empty if there is no picture. Without a caption, the drawing comes
   * before the picture, whose caption is cut off.
   */
  async function ofPicture(series: Series, address: string, request: AvatarRequest): Promise<Avatar[]> {
    const { suffix } = series
    const picture = await variants.fileSource('annotated', suffix, address)
    if (picture === undefined) return []
    const { format, hasCaption } = request
    const { modifiedMs } = picture.stamp
    if (format === 'svg') {
      if (!(await isDrawnToday(series, await dressOf(series, address)))) return []
      // The same picture is another drawing when the artist has changed.
      const version = `${picture.version}.${placeholderVersion(series)}.${sizeName(request)}.svg`
      const read = async () => await readSvg(series, address, request)
      return [{ isPlaceholder: false, version, modifiedMs, read }]
    }
    const drawing = hasCaption ? undefined : await variants.fileSource('generated', suffix, address)
    const sources = drawing === undefined ? [picture] : [drawing, picture]
    return sources.map((source) => ({
      isPlaceholder: false,
      modifiedMs: source.stamp.modifiedMs,
      ...ofSource(source, request, format)
    }))
  }

  return {
    ofPicture,
    placeholder,

    /** Prepares what draws, so that the first placeholder takes no longer than later ones. */
    async warmUp(signal: AbortSignal): Promise<void> {
      const request = { size: SIDES.default, hasCaption: false, format: 'svg' } as const
      await warmUp(async (address) => await draw({ suffix: 'empty' }, address, request), signal)
    }
  }
}

function sizeName({ size, hasCaption }: AvatarRequest): string {
  return `${hasCaption ? 'i' : 's'}${size}`
}
