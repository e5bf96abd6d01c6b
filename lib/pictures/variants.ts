import type { FileHandle } from 'node:fs/promises'
import { LRUCache } from 'lru-cache'
import sharp from 'sharp'
import type { Sharp } from 'sharp'
import { errors } from '../errors.ts'
import { abortable } from '../abortable.ts'
import type { Files } from '../storage/files.ts'
import { FOLDERS, artifactPath, inOutput, variantPath } from '../storage/layout.ts'
import { MAX_PIXELS } from '../image/raster.ts'
import type { EncodeQueue } from '../image/encode-queue.ts'

/** The widths in pixels that a picture may be asked for in; any number would let a stranger fill the cache. */
export const WIDTHS = [64, 128, 192, 256, 320, 384, 512, 640, 768, 1024, 1536, 2048] as const
export const FORMATS = ['png', 'webp', 'avif', 'jpeg'] as const

export type Format = (typeof FORMATS)[number]

export interface VariantRequest {
  /** Undefined keeps the picture's own. A picture is never made larger than it is. */
  width: (typeof WIDTHS)[number] | undefined
  format: Format
}

/** Variants that may be waited for at once; what is beyond is refused, so that a crowd of scrollers does not fill the memory. */
const WAITING_MAX = 300
const ADDRESS_CHARACTERS = 42
/** How long nothing is made after a variant could not be kept: each would cost an encode, for everybody who asks. */
const PAUSE_MS = 30_000
const NAME = /^(0x[0-9a-f]{40})\.[0-9a-z]+-[0-9a-z]+\.(?:w\d+|full)\.(?:png|webp|avif|jpeg)$/
/** How often a picture may be replaced under our hands before we give up; each time would have to hit the same instant. */
const ATTEMPTS = 5

// Quality where nobody sees a difference at this size; an effort that keeps an AVIF of a full picture below a second.
const ENCODE: Record<Format, (image: Sharp) => Sharp> = {
  png: (image) => image.png({ compressionLevel: 6, adaptiveFiltering: true }),
  webp: (image) => image.webp({ quality: 82, smartSubsample: true }),
  avif: (image) => image.avif({ quality: 60, effort: 2 }),
  jpeg: (image) => image.jpeg({ quality: 85, mozjpeg: true })
}

interface VariantsOptions {
  files: Pick<Files, 'open' | 'write' | 'remove' | 'list' | 'stat'>
  encodeQueue: EncodeQueue
  /** Bytes that all variants may take on disk; at least those of the largest picture. */
  maxBytes: number
}

/** A variant that is being made. */
interface Job {
  waiters: number
  made: Promise<void>
}

export type Variants = ReturnType<typeof createVariants>

/**
 * Pictures in other widths and formats. Each is made once, when it is first asked for, and kept in the cache folder; when that is
 * full, those go that were not asked for longest. A variant is named after size and age of the picture it was made from, so one
 * of an older picture is never found again.
 */
export function createVariants({ files, encodeQueue, maxBytes }: VariantsOptions) {
  const underway = new Map<string, Job>()
  let pausedUntil = 0
  const stopping = new AbortController()
  const ofPicture = new Map<string, Set<string>>()
  const kept = new LRUCache<string, number>({
    maxSize: maxBytes,
    sizeCalculation: (bytes) => Math.max(1, bytes),
    dispose
  })

  function dispose(_bytes: number, path: string, reason: LRUCache.DisposeReason): void {
    if (reason === 'set') return
    const picture = pictureOf(path)
    ofPicture.get(picture)?.delete(path)
    if (ofPicture.get(picture)?.size === 0) ofPicture.delete(picture)
    files.remove(path).catch(() => {})
  }

  function keep(path: string, bytes: number): void {
    const picture = pictureOf(path)
    const paths = ofPicture.get(picture) ?? new Set()
    ofPicture.set(picture, paths.add(path))
    kept.set(path, bytes)
  }

  /** Opens the picture and asks of what size and age it is; undefined when there is none. */
  async function openSource(
    series: string,
    address: string
  ): Promise<{ handle: FileHandle; stamp: string } | undefined> {
    const handle = await files.open(inOutput(artifactPath('annotated', series, address)))
    if (handle === undefined) return undefined
    try {
      const { size, mtimeNs } = await handle.stat({ bigint: true })
      return { handle, stamp: `${size.toString(36)}-${mtimeNs.toString(36)}` }
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  async function stampOf(series: string, address: string): Promise<string | undefined> {
    const source = await openSource(series, address)
    await source?.handle.close()
    return source?.stamp
  }

  /** Makes a variant, unless nobody waits for it any more or the picture is no longer the one that was asked for. */
  async function make(
    job: Job,
    path: string,
    series: string,
    address: string,
    stamp: string,
    { width, format }: VariantRequest
  ): Promise<void> {
    const bytes = await encodeQueue.run(
      async () => {
        if (job.waiters === 0) return undefined
        const source = await openSource(series, address)
        try {
          return source?.stamp === stamp
            ? await encode(await source.handle.readFile(), width, format)
            : undefined
        } finally {
          await source?.handle.close()
        }
      },
      stopping.signal,
      false
    )
    if (bytes === undefined) return
    await files.write(path, bytes).catch((error: unknown) => {
      pausedUntil = performance.now() + PAUSE_MS
      throw error
    })
    // What was made from an earlier picture nobody will ask for.
    for (const other of [...(ofPicture.get(pictureOf(path)) ?? [])]) {
      if (!other.includes(`.${stamp}.`)) kept.delete(other)
    }
    keep(path, bytes.length)
  }

  async function makeOnce(
    path: string,
    series: string,
    address: string,
    stamp: string,
    request: VariantRequest,
    signal: AbortSignal
  ): Promise<void> {
    if (performance.now() < pausedUntil) {
      throw errors.fileSystem('Pictures in other sizes cannot be kept at the moment')
    }
    let job = underway.get(path)
    if (job === undefined) {
      if (underway.size >= WAITING_MAX) {
        throw errors.unavailable('Too many pictures are being converted', 'Ask again in a few seconds')
      }
      job = { waiters: 1, made: Promise.resolve() }
      underway.set(path, job)
      job.made = make(job, path, series, address, stamp, request).finally(() => underway.delete(path))
    } else {
      job.waiters += 1
    }
    try {
      await abortable(job.made, signal)
    } finally {
      job.waiters -= 1
    }
  }

  return {
    /** Finds what an earlier start kept, the newest as if asked for last. To be called once. */
    async load(): Promise<void> {
      const found: Array<{ path: string; bytes: number; modifiedMs: number }> = []
      for (const series of await files.list(FOLDERS.cache)) {
        for (const { name } of series.isDirectory()
          ? await files.list(`${FOLDERS.cache}/${series.name}`)
          : []) {
          const path = `${FOLDERS.cache}/${series.name}/${name}`
          const stat = NAME.test(name) ? await files.stat(path) : undefined
          if (stat?.isFile()) found.push({ path, bytes: stat.size, modifiedMs: stat.mtimeMs })
        }
      }
      found.sort((a, b) => a.modifiedMs - b.modifiedMs)
      for (const { path, bytes } of found) if (!kept.has(path)) keep(path, bytes)
    },

    /** Makes no more, and waits for what is under way. */
    async stop(): Promise<void> {
      stopping.abort(errors.unavailable('The server is stopping', 'Ask again when it is back'))
      await Promise.allSettled([...underway.values()].map(({ made }) => made))
    },

    /** How many bytes are kept. */
    get bytes(): number {
      return kept.calculatedSize
    },

    /**
     * A picture in another width or format, opened for reading; undefined when there is no picture. The caller closes it.
     * @param signal ends the wait; what nobody waits for is not made
     * @throws IMAGE_DOWNLOAD_ERROR when the picture is damaged, SERVICE_UNAVAILABLE when too many are waited for,
     * FILE_SYSTEM_ERROR when it cannot be kept
     */
    async open(
      series: string,
      address: string,
      request: VariantRequest,
      signal: AbortSignal
    ): Promise<FileHandle | undefined> {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const stamp = await stampOf(series, address)
        if (stamp === undefined) return undefined
        const path = variantPath(
          series,
          address,
          `${stamp}.${request.width === undefined ? 'full' : `w${request.width}`}.${request.format}`
        )
        kept.get(path)
        const handle = await files.open(path)
        if (handle !== undefined) return handle
        await makeOnce(path, series, address, stamp, request, signal)
      }
      throw errors.unavailable('The picture changes too quickly', 'Ask again in a few seconds')
    }
  }
}

/** The picture that a variant was made from, as a key. */
function pictureOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1 + ADDRESS_CHARACTERS)
}

async function encode(source: Buffer, width: number | undefined, format: Format): Promise<Buffer> {
  try {
    const image = sharp(source, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
    return await ENCODE[format](
      width === undefined ? image : image.resize({ width, withoutEnlargement: true })
    ).toBuffer()
  } catch (error) {
    throw errors.image('The picture on disk is damaged', error)
  }
}
