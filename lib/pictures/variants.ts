import sharp from 'sharp'
import type { Sharp } from 'sharp'
import { errors } from '../errors.ts'
import type { EncodeQueue, QueuedTask } from '../image/encode-queue.ts'
import { MAX_PIXELS } from '../image/raster.ts'
import { createShares, hasRoom } from '../shares.ts'
import { createSingleFlight } from '../single-flight.ts'
import type { Flight } from '../single-flight.ts'
import { createFileCache } from '../storage/file-cache.ts'
import type { FileCache, FileOnDisk, ReadableFile } from '../storage/file-cache.ts'
import type { Files } from '../storage/files.ts'
import { fileVersion } from '../storage/file-version.ts'
import type { FileStamp } from '../storage/file-version.ts'
import { FOLDERS, artifactPath, inOutput, variantPath } from '../storage/layout.ts'
import { createPngFiles } from '../storage/png-files.ts'
import type { PngFiles } from '../storage/png-files.ts'
import { createVariantCache } from './variant-cache.ts'

/** The widths in pixels that a request may name. A short list keeps strangers from filling the cache. */
export const WIDTHS = [64, 128, 192, 256, 320, 384, 512, 640, 768, 1024, 1536, 2048] as const
/** Pixel width of the picture in a list. */
export const THUMBNAIL = 384
/** Pixel width of the picture in a list with few columns, or on a screen with high resolution. */
export const LARGE_THUMBNAIL = 768
export const FORMATS = ['png', 'webp', 'avif', 'jpeg'] as const

export type Format = (typeof FORMATS)[number]

export interface VariantRequest {
  /** Undefined keeps the width of the picture. A picture is never made larger than it is. */
  width: (typeof WIDTHS)[number] | undefined
  format: Format
}

/** A variant to send. */
export interface VariantFile {
  file: ReadableFile
  /** The version of the picture that the variant is made from. */
  picture: FileStamp
}

/** Who requests a variant. */
export interface VariantClient {
  /** Clients take turns, and the cache counts the variants of each. */
  id: string
  /** Ends the wait. A variant that no request waits for is not made. */
  signal: AbortSignal
  /**
   * Called before a variant is made, and only then. The result is called after it. What it throws, `read` throws.
   */
  admit?: () => () => void
}

/**
 * Variants that may be encoded or queued at the same time, in the sizes of the gallery and in others. More are refused,
 * so that their requests do not fill the memory.
 */
const UNDERWAY_MAX = 300
const ADDRESS_CHARACTERS = 42
/** How long no variants are made after one could not be written: each attempt would cost an encode. */
const PAUSE_MS = 30_000
const NAME = /^(0x[0-9a-f]{40})\.[0-9a-z]+-[0-9a-z]+\.(?:w\d+|full)\.(?:png|webp|avif|jpeg)$/
/**
 * How often `read` starts again if the picture is replaced meanwhile; each attempt would have to meet another
 * replacement.
 */
const ATTEMPTS = 5

// The qualities show no visible difference at these sizes; the effort keeps an AVIF of a full picture below a second.
const ENCODE: Record<Format, (image: Sharp) => Sharp> = {
  png: (image) => image.png({ compressionLevel: 6, adaptiveFiltering: true }),
  webp: (image) => image.webp({ quality: 82, smartSubsample: true }),
  avif: (image) => image.avif({ quality: 60, effort: 2 }),
  jpeg: (image) => image.jpeg({ quality: 85, mozjpeg: true })
}

interface VariantsOptions {
  files: Pick<Files, 'open' | 'write' | 'remove' | 'list' | 'stat'>
  pngs?: Pick<PngFiles, 'open' | 'stat'>
  /** Keeps variants in memory. */
  fileCache?: Pick<FileCache, 'open' | 'stat'>
  encodeQueue: EncodeQueue
  /** Bytes that all variants may take on disk; at least those of the largest picture. */
  maxBytes: number
  /** Whether the disk is almost full. Then the cache does not grow. */
  isDiskLow?: () => Promise<boolean>
  /** Milliseconds on a clock that never goes back. */
  now?: () => number
}

/** One variant of one version of a picture. */
interface Variant {
  series: string
  address: string
  /** The version of the picture that the variant is made from. */
  version: string
  request: VariantRequest
  path: string
}

/** A variant that is being made. */
interface Conversion {
  flight: Flight
  task: QueuedTask<Buffer | undefined>
}

export type Variants = ReturnType<typeof createVariants>

/**
 * Pictures in other widths and formats. Each variant is made at its first request and kept in the cache folder; if
 * the folder is full, variants that were not requested for the longest time are removed. The file name of a variant
 * contains the version of its picture, so a variant of an older picture is never sent.
 */
export function createVariants({
  files,
  pngs = createPngFiles(files),
  fileCache = createFileCache({ maxBytes: 0 }),
  encodeQueue,
  maxBytes,
  isDiskLow = async () => false,
  now = () => performance.now()
}: VariantsOptions) {
  const underway = createSingleFlight()
  const stopping = new AbortController()
  let pausedUntil = -Infinity
  /** By path. */
  const conversions = new Map<string, Conversion>()
  const underwayOf = { gallery: createShares(undefined), other: createShares(undefined) }
  const underwayCount = { gallery: 0, other: 0 }
  const pathsByPicture = new Map<string, Set<string>>()
  const cache = createVariantCache({ maxBytes, onRemove })

  function onRemove(path: string): void {
    const picture = picturePrefix(path)
    pathsByPicture.get(picture)?.delete(path)
    if (pathsByPicture.get(picture)?.size === 0) pathsByPicture.delete(picture)
    files.remove(path).catch(() => {})
  }

  function keep(path: string, bytes: number, client?: string): void {
    const picture = picturePrefix(path)
    const paths = pathsByPicture.get(picture) ?? new Set()
    pathsByPicture.set(picture, paths.add(path))
    cache.keep(path, bytes, client)
  }

  /** Opens the picture; undefined if there is none. */
  async function openSource(series: string, address: string): Promise<FileOnDisk | undefined> {
    return await pngs.open(inOutput(artifactPath('annotated', series, address)))
  }

  /** The encoded variant; undefined if no request waits for it any more or the picture has been replaced. */
  async function encodeVariant(
    { series, address, version, request }: Variant,
    flight: Flight
  ): Promise<Buffer | undefined> {
    stopping.signal.throwIfAborted()
    if (flight.waiters === 0) return undefined
    const source = await openSource(series, address)
    try {
      if (source === undefined || fileVersion(source) !== version) return undefined
      return await encode(await source.handle.readFile(), request)
    } finally {
      await source?.handle.close()
    }
  }

  async function make(variant: Variant, client: string, flight: Flight): Promise<void> {
    const goesFirst = isGallerySize(variant.request)
    const task = encodeQueue.add(async () => await encodeVariant(variant, flight), client, goesFirst)
    conversions.set(variant.path, { flight, task })
    const bytes = await task.result.finally(() => conversions.delete(variant.path))
    if (bytes === undefined) return
    await makeRoom(bytes.length, client)
    await files.write(variant.path, bytes, { setAside: true }).catch((error: unknown) => {
      pausedUntil = now() + PAUSE_MS
      throw error
    })
    removeOldVersions(variant)
    keep(variant.path, bytes.length, client)
  }

  /** @throws FILE_SYSTEM_ERROR when the disk is almost full and the cache has nothing to remove */
  async function makeRoom(bytes: number, client: string): Promise<void> {
    const isLow = await isDiskLow()
    if (isLow && bytes > cache.bytes) throw errors.fileSystem('The disk is almost full')
    cache.makeRoom(bytes, client, isLow ? cache.bytes : maxBytes)
  }

  /** Removes the variants of earlier versions of a picture, which no request can name any more. */
  function removeOldVersions({ path, version }: Variant): void {
    for (const other of [...(pathsByPicture.get(picturePrefix(path)) ?? [])]) {
      if (!other.includes(`.${version}.`)) cache.remove(other)
    }
  }

  async function makeOnce(
    variant: Variant,
    { id, signal, admit = () => () => {} }: VariantClient
  ): Promise<void> {
    signal.throwIfAborted()
    if (now() < pausedUntil) {
      throw errors.fileSystem('Pictures in other sizes cannot be kept at the moment')
    }
    const { path, request } = variant
    const conversion = conversions.get(path)
    conversion?.task.join(id)
    let leave = () => {}
    if (!underway.has(path)) leave = enter(request, id, admit)
    try {
      await underway.run(path, async (flight) => await make(variant, id, flight).finally(leave), signal)
    } finally {
      const left = conversions.get(path)
      if (left?.flight.waiters === 0) left.task.leave()
    }
  }

  /** Takes a place among the variants that are being made. The result gives it back. */
  function enter(request: VariantRequest, client: string, admit: () => () => void): () => void {
    const kind = isGallerySize(request) ? 'gallery' : 'other'
    const shares = underwayOf[kind]
    const [total, own] = [underwayCount[kind], shares.sizeOf(client)]
    if (!hasRoom({ total, limit: UNDERWAY_MAX, own, clients: shares.clients })) {
      throw errors.unavailable('Too many pictures are being converted', 'Ask again in a few seconds')
    }
    const release = admit()
    const giveBack = shares.take(client)!
    underwayCount[kind] += 1
    return () => {
      release()
      giveBack()
      underwayCount[kind] -= 1
    }
  }

  return {
    /** Adds the variants of earlier starts to the cache, the newest as the last requested. Call it once. */
    async load(): Promise<void> {
      const found: Array<{ path: string; bytes: number; modifiedMs: number }> = []
      for (const series of await files.list(FOLDERS.cache)) {
        if (!series.isDirectory()) continue
        for (const { name } of await files.list(`${FOLDERS.cache}/${series.name}`)) {
          const path = `${FOLDERS.cache}/${series.name}/${name}`
          const stat = NAME.test(name) ? await files.stat(path) : undefined
          if (stat?.isFile()) found.push({ path, bytes: stat.size, modifiedMs: stat.mtimeMs })
        }
      }
      found.sort((a, b) => a.modifiedMs - b.modifiedMs)
      for (const { path, bytes } of found) {
        if (cache.has(path)) continue
        cache.makeRoom(bytes)
        keep(path, bytes)
      }
    },

    /** How many variants are being made, or wait for it. */
    get underway(): number {
      return underway.size
    },

    /** Makes no more variants and waits for those that are being made. */
    async stop(): Promise<void> {
      stopping.abort(errors.unavailable('The server is stopping', 'Ask again when it is back'))
      await underway.settled()
    },

    /**
     * A picture in another width or format, to send; undefined if there is no picture.
     * @throws IMAGE_DOWNLOAD_ERROR if the picture is damaged, SERVICE_UNAVAILABLE if too many variants are being made,
     * FILE_SYSTEM_ERROR if the variant cannot be written
     */
    async read(
      series: string,
      address: string,
      request: VariantRequest,
      client: VariantClient
    ): Promise<VariantFile | undefined> {
      const picturePath = inOutput(artifactPath('annotated', series, address))
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const picture = await fileCache.stat(picturePath, pngs.stat)
        if (picture === undefined) return undefined
        const version = fileVersion(picture)
        const width = request.width === undefined ? 'full' : `w${request.width}`
        const path = variantPath(series, address, `${version}.${width}.${request.format}`)
        cache.use(path, client.id)
        const file = await fileCache.open(path, files.open)
        if (file !== undefined) return { file, picture }
        await makeOnce({ series, address, version, request, path }, client)
      }
      throw errors.unavailable('The picture changes too quickly', 'Ask again in a few seconds')
    }
  }
}

/** The part of a variant's path that all variants of its picture share. */
function picturePrefix(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1 + ADDRESS_CHARACTERS)
}

/** Whether the gallery shows pictures in this size and format. */
function isGallerySize({ width, format }: VariantRequest): boolean {
  const isThumbnail = width === THUMBNAIL || width === LARGE_THUMBNAIL
  return isThumbnail && (format === 'webp' || format === 'png')
}

async function encode(source: Buffer, { width, format }: VariantRequest): Promise<Buffer> {
  try {
    const image = sharp(source, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
    const resized = width === undefined ? image : image.resize({ width, withoutEnlargement: true })
    return await ENCODE[format](resized).toBuffer()
  } catch (error) {
    throw errors.image('The picture on disk is damaged', error)
  }
}
