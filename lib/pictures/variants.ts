import type { FileHandle } from 'node:fs/promises'
import { LRUCache } from 'lru-cache'
import sharp from 'sharp'
import type { Sharp } from 'sharp'
import { errors } from '../errors.ts'
import type { EncodeQueue } from '../image/encode-queue.ts'
import { MAX_PIXELS } from '../image/raster.ts'
import { createSingleFlight } from '../single-flight.ts'
import type { Flight } from '../single-flight.ts'
import type { Files } from '../storage/files.ts'
import { fileVersion } from '../storage/file-version.ts'
import { FOLDERS, artifactPath, inOutput, variantPath } from '../storage/layout.ts'
import { createPngFiles } from '../storage/png-files.ts'
import type { PngFiles } from '../storage/png-files.ts'

/** The widths in pixels that a request may name. A short list keeps strangers from filling the cache. */
export const WIDTHS = [64, 128, 192, 256, 320, 384, 512, 640, 768, 1024, 1536, 2048] as const
export const FORMATS = ['png', 'webp', 'avif', 'jpeg'] as const

export type Format = (typeof FORMATS)[number]

export interface VariantRequest {
  /** Undefined keeps the width of the picture. A picture is never made larger than it is. */
  width: (typeof WIDTHS)[number] | undefined
  format: Format
}

/**
 * Variants that may be encoded or queued at the same time. More are refused, so that their requests do not fill the
 * memory.
 */
const UNDERWAY_MAX = 300
const ADDRESS_CHARACTERS = 42
/** How long no variants are made after one could not be written: each attempt would cost an encode. */
const PAUSE_MS = 30_000
const NAME = /^(0x[0-9a-f]{40})\.[0-9a-z]+-[0-9a-z]+\.(?:w\d+|full)\.(?:png|webp|avif|jpeg)$/
/**
 * How often `open` starts again if the picture is replaced meanwhile; each attempt would have to meet another
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
  files: Pick<Files, 'open' | 'openWithStat' | 'write' | 'remove' | 'list' | 'stat'>
  pngs?: Pick<PngFiles, 'open'>
  encodeQueue: EncodeQueue
  /** Bytes that all variants may take on disk; at least those of the largest picture. */
  maxBytes: number
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

export type Variants = ReturnType<typeof createVariants>

/**
 * Pictures in other widths and formats. Each variant is made at its first request and kept in the cache folder; if
 * the folder is full, the variants that were not requested for the longest time are removed. The file name of a
 * variant contains the version of its picture, so a variant of an older picture is never sent.
 */
export function createVariants({
  files,
  pngs = createPngFiles(files),
  encodeQueue,
  maxBytes,
  now = () => performance.now()
}: VariantsOptions) {
  const underway = createSingleFlight()
  const stopping = new AbortController()
  let pausedUntil = -Infinity
  const pathsByPicture = new Map<string, Set<string>>()
  /** Bytes by path. */
  const kept = new LRUCache<string, number>({
    maxSize: maxBytes,
    sizeCalculation: (bytes) => Math.max(1, bytes),
    dispose
  })

  function dispose(_bytes: number, path: string, reason: LRUCache.DisposeReason): void {
    if (reason === 'set') return
    const picture = picturePrefix(path)
    pathsByPicture.get(picture)?.delete(path)
    if (pathsByPicture.get(picture)?.size === 0) pathsByPicture.delete(picture)
    files.remove(path).catch(() => {})
  }

  function keep(path: string, bytes: number): void {
    const picture = picturePrefix(path)
    const paths = pathsByPicture.get(picture) ?? new Set()
    pathsByPicture.set(picture, paths.add(path))
    kept.set(path, bytes)
  }

  /** Opens the picture and reads its version from the opened file; undefined if there is no picture. */
  async function openSource(
    series: string,
    address: string
  ): Promise<{ handle: FileHandle; version: string } | undefined> {
    const opened = await pngs.open(inOutput(artifactPath('annotated', series, address)))
    return opened && { handle: opened.handle, version: fileVersion(opened) }
  }

  async function readVersion(series: string, address: string): Promise<string | undefined> {
    const source = await openSource(series, address)
    await source?.handle.close()
    return source?.version
  }

  /** The encoded variant; undefined if no request waits for it any more or the picture has been replaced. */
  async function encodeVariant(
    { series, address, version, request }: Variant,
    flight: Flight
  ): Promise<Buffer | undefined> {
    if (flight.waiters === 0) return undefined
    const source = await openSource(series, address)
    try {
      if (source?.version !== version) return undefined
      return await encode(await source.handle.readFile(), request)
    } finally {
      await source?.handle.close()
    }
  }

  async function make(variant: Variant, flight: Flight): Promise<void> {
    const bytes = await encodeQueue.run(
      async () => await encodeVariant(variant, flight),
      stopping.signal,
      false
    )
    if (bytes === undefined) return
    await files.write(variant.path, bytes, { setAside: true }).catch((error: unknown) => {
      pausedUntil = now() + PAUSE_MS
      throw error
    })
    removeOldVersions(variant)
    keep(variant.path, bytes.length)
  }

  /** Removes the variants of earlier versions of a picture, which no request can name any more. */
  function removeOldVersions({ path, version }: Variant): void {
    for (const other of [...(pathsByPicture.get(picturePrefix(path)) ?? [])]) {
      if (!other.includes(`.${version}.`)) kept.delete(other)
    }
  }

  async function makeOnce(variant: Variant, signal: AbortSignal): Promise<void> {
    if (now() < pausedUntil) {
      throw errors.fileSystem('Pictures in other sizes cannot be kept at the moment')
    }
    if (!underway.has(variant.path) && underway.size >= UNDERWAY_MAX) {
      throw errors.unavailable('Too many pictures are being converted', 'Ask again in a few seconds')
    }
    await underway.run(variant.path, async (flight) => await make(variant, flight), signal)
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
      for (const { path, bytes } of found) if (!kept.has(path)) keep(path, bytes)
    },

    /** Makes no more variants and waits for those that are being made. */
    async stop(): Promise<void> {
      stopping.abort(errors.unavailable('The server is stopping', 'Ask again when it is back'))
      await underway.settled()
    },

    /**
     * Opens a picture in another width or format for reading; undefined if there is no picture. The caller closes it.
     * @param signal ends the wait; a variant that no request waits for is not made
     * @throws IMAGE_DOWNLOAD_ERROR if the picture is damaged, SERVICE_UNAVAILABLE if too many variants are being made,
     * FILE_SYSTEM_ERROR if the variant cannot be written
     */
    async open(
      series: string,
      address: string,
      request: VariantRequest,
      signal: AbortSignal
    ): Promise<FileHandle | undefined> {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const version = await readVersion(series, address)
        if (version === undefined) return undefined
        const width = request.width === undefined ? 'full' : `w${request.width}`
        const path = variantPath(series, address, `${version}.${width}.${request.format}`)
        // Marks the variant as requested now.
        kept.get(path)
        const handle = await files.open(path)
        if (handle !== undefined) return handle
        await makeOnce({ series, address, version, request, path }, signal)
      }
      throw errors.unavailable('The picture changes too quickly', 'Ask again in a few seconds')
    }
  }
}

/** The part of a variant's path that all variants of its picture share. */
function picturePrefix(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1 + ADDRESS_CHARACTERS)
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
