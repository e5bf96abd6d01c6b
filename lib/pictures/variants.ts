import { errors } from '../errors.ts'
import type { EncodeQueue, QueuedTask } from '../image/encode-queue.ts'
import { createShares, hasRoom } from '../shares.ts'
import { createSingleFlight } from '../single-flight.ts'
import type { Flight } from '../single-flight.ts'
import { createFileCache, readPart } from '../storage/file-cache.ts'
import type { FileCache, ReadableFile } from '../storage/file-cache.ts'
import type { Files } from '../storage/files.ts'
import { fileVersion } from '../storage/file-version.ts'
import type { FileStamp } from '../storage/file-version.ts'
import { artifactPath, inOutput } from '../storage/layout.ts'
import { createPngFiles } from '../storage/png-files.ts'
import type { PngFiles } from '../storage/png-files.ts'
import { convertDrawing, convertPicture } from './convert.ts'
import { createDrawings } from './drawings.ts'
import { createVariantFolder } from './variant-folder.ts'
import { cachePath } from './variant-request.ts'
import type { SourceKind, VariantRequest } from './variant-request.ts'

/** The widths in pixels that a request for a picture may name. */
export const WIDTHS = [64, 128, 192, 256, 320, 384, 512, 640, 768, 1024, 1536, 2048] as const
/** Pixel width of the picture in a list. */
export const THUMBNAIL = 384
/** Pixel width of the picture in a list with few columns, or on a screen with high resolution. */
export const LARGE_THUMBNAIL = 768

/** What a variant is made from, in one version. */
export interface Source {
  kind: SourceKind
  series: string
  address: string
  version: string
  /** Encodes the variant; undefined if the source is no longer in this version. */
  convert: (request: VariantRequest) => Promise<Buffer | undefined>
}

/** A file of the output folder as the source of variants. */
export interface FileSource extends Source {
  stamp: FileStamp
}

/** A variant to send. */
export interface VariantFile {
  file: ReadableFile
  /** Relative to the data folder. */
  path: string
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
/** Variants that may wait to be written, on a slow disk. More are not kept. */
const UNWRITTEN_MAX = 300
/**
 * How often `read` starts again if the picture is replaced meanwhile; each attempt would have to meet another
 * replacement.
 */
const ATTEMPTS = 5

interface VariantsOptions {
  files: Pick<Files, 'open' | 'write' | 'remove' | 'list' | 'stat' | 'statAll'>
  pngs?: Pick<PngFiles, 'open' | 'stat'>
  /** Keeps variants in memory. */
  fileCache?: Pick<FileCache, 'open' | 'stat'>
  encodeQueue: EncodeQueue
  /** Bytes that all variants may take on disk; at least those of the largest picture. */
  maxBytes: number
  /** Whether the disk is almost full. Then the cache does not grow. */
  isDiskLow?: () => Promise<boolean>
  /** Called when a variant that was sent could not be kept. */
  onUnkept?: (error: unknown) => void
  /** Milliseconds on a clock that never goes back. */
  now?: () => number
}

/** One variant of one version of a source. */
interface Variant {
  source: Source
  request: VariantRequest
  path: string
  /** Whether the variant must be on disk before it is sent. */
  isKept: boolean
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
  onUnkept = () => {},
  now = () => performance.now()
}: VariantsOptions) {
  const underway = createSingleFlight<Buffer | undefined>()
  const stopping = new AbortController()
  /** By path. */
  const conversions = new Map<string, Conversion>()
  const underwayOf = { gallery: createShares(undefined), other: createShares(undefined) }
  const underwayCount = { gallery: 0, other: 0 }
  const folder = createVariantFolder({ files, maxBytes, isDiskLow, now })
  const drawings = createDrawings(files, pngs)
  /** Variants that are sent before they are written, by path. */
  const unwritten = new Map<string, { bytes: Buffer; written: Promise<void> }>()

  /** A file of the output folder as it is now; undefined if there is none. */
  async function fileSource(
    kind: 'annotated' | 'generated',
    series: string,
    address: string
  ): Promise<FileSource | undefined> {
    const path = inOutput(artifactPath(kind, series, address))
    const isDrawing = kind === 'generated'
    const stat = isDrawing ? async () => await drawings.stat(series, address) : pngs.stat
    const stamp = await fileCache.stat(path, stat)
    if (stamp === undefined) return undefined
    const version = fileVersion(stamp)
    const convert = async (request: VariantRequest) => {
      const file = isDrawing ? (await drawings.open(series, address))?.file : await pngs.open(path)
      try {
        if (file === undefined || fileVersion(file) !== version) return undefined
        return await (isDrawing ? convertDrawing : convertPicture)(await file.handle.readFile(), request)
      } finally {
        await file?.handle.close()
      }
    }
    return { kind, series, address, version, stamp, convert }
  }

  /** The encoded variant; undefined if no request waits for it any more or the source has been replaced. */
  async function encode({ source, request }: Variant, flight: Flight): Promise<Buffer | undefined> {
    stopping.signal.throwIfAborted()
    return flight.waiters === 0 ? undefined : await source.convert(request)
  }

  async function make(variant: Variant, client: string, flight: Flight): Promise<Buffer | undefined> {
    const { source, request, path, isKept } = variant
    const task = async () => await encode(variant, flight)
    const queued =
      source.kind === 'placeholder'
        ? encodeQueue.addQuick(task, client)
        : encodeQueue.add(task, client, isGallerySize(request))
    conversions.set(path, { flight, task: queued })
    const bytes = await queued.result.finally(() => conversions.delete(path))
    if (bytes === undefined) return undefined
    if (isKept) await folder.write(path, bytes, client)
    else writeLater(path, bytes, client)
    return bytes
  }

  /** Writes a variant that its client does not wait for. */
  function writeLater(path: string, bytes: Buffer, client: string): void {
    if (folder.isPaused || unwritten.size >= UNWRITTEN_MAX) return
    const written = folder
      .write(path, bytes, client)
      .catch(onUnkept)
      .finally(() => unwritten.delete(path))
    unwritten.set(path, { bytes, written })
  }

  /** Makes a variant, or waits for it. */
  async function makeOnce(
    variant: Variant,
    { id, signal, admit = () => () => {} }: VariantClient
  ): Promise<Buffer | undefined> {
    signal.throwIfAborted()
    const { path, request } = variant
    const conversion = conversions.get(path)
    conversion?.task.join(id)
    let leave = () => {}
    if (!underway.has(path)) leave = enter(request, id, admit)
    try {
      return await underway.run(
        path,
        async (flight) => await make(variant, id, flight).finally(leave),
        signal
      )
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
    /** Counts the variants of earlier starts and of other processes. */
    load: folder.load,

    /** How many variants are being made, or wait for it. */
    get underway(): number {
      return underway.size
    },

    /** Makes no more variants and waits for those that are being made. */
    async stop(): Promise<void> {
      stopping.abort(errors.unavailable('The server is stopping', 'Ask again when it is back'))
      await underway.settled()
      await Promise.all([...unwritten.values()].map(({ written }) => written))
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
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const source = await fileSource('annotated', series, address)
        if (source === undefined) return undefined
        const path = cachePath(source, source.kind, source.version, request)
        folder.use(path, client.id)
        const file = await fileCache.open(path, files.open)
        if (file !== undefined) return { file, path, picture: source.stamp }
        if (folder.isPaused) throw errors.fileSystem('Pictures in other sizes cannot be kept at the moment')
        await makeOnce({ source, request, path, isKept: true }, client)
      }
      throw errors.unavailable('The picture changes too quickly', 'Ask again in a few seconds')
    },

    /** A finished picture, or its drawing, as the source of `convert`; undefined if there is none. */
    fileSource,

    /**
     * The bytes of a variant of any size. They are kept if they can be; a client does not wait for that.
     * @returns undefined if the source has been replaced
     * @throws IMAGE_DOWNLOAD_ERROR if the source is damaged, SERVICE_UNAVAILABLE if too many variants are being made
     */
    async convert(
      source: Source,
      request: VariantRequest,
      client: VariantClient
    ): Promise<Buffer | undefined> {
      const path = cachePath(source, source.kind, source.version, request)
      folder.use(path, client.id)
      const fresh = unwritten.get(path)
      if (fresh !== undefined) return fresh.bytes
      const file = await fileCache.open(path, files.open).catch(() => undefined)
      if (file !== undefined) return await readWhole(file)
      return await makeOnce({ source, request, path, isKept: false }, client)
    }
  }
}

async function readWhole(file: ReadableFile): Promise<Buffer> {
  if ('content' in file) return file.content
  return await readPart(file, 0, file.bytes).finally(async () => await file.handle.close())
}

/** Whether the gallery shows pictures in this size and format. */
function isGallerySize({ width, fit = 'width', format }: VariantRequest): boolean {
  const isThumbnail = width === THUMBNAIL || width === LARGE_THUMBNAIL
  return fit === 'width' && isThumbnail && (format === 'webp' || format === 'png')
}
