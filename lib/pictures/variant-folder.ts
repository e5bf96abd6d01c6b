import { errors } from '../errors.ts'
import type { Files } from '../storage/files.ts'
import { FOLDERS } from '../storage/layout.ts'
import { SPARE, createVariantCache } from './variant-cache.ts'
import { parseVariantPath } from './variant-request.ts'

/** How long no variants are written after one could not be: each attempt would cost an encode. */
const PAUSE_MS = 30_000
/** What a small file takes on most file systems. */
const BLOCK_BYTES = 4096

export interface VariantFolderOptions {
  files: Pick<Files, 'write' | 'remove' | 'list' | 'statAll'>
  /** Bytes that all variants may take on disk; at least those of the largest picture. */
  maxBytes: number
  /** Whether the disk is almost full. Then the cache does not grow. */
  isDiskLow: () => Promise<boolean>
  /** Milliseconds on a clock that never goes back. */
  now: () => number
}

/** The files of variants in the cache folder. If it is full, those that were not requested for the longest time go. */
export function createVariantFolder({ files, maxBytes, isDiskLow, now }: VariantFolderOptions) {
  let pausedUntil = -Infinity
  /** The paths of the variants that are kept, by their source. */
  const pathsBySource = new Map<string, Set<string>>()
  const writing = new Set<string>()
  const cache = createVariantCache({ maxBytes, onRemove })

  function onRemove(path: string): void {
    dropFromSource(path)
    files.remove(path).catch(() => {})
  }

  function dropFromSource(path: string): void {
    const { source } = parseVariantPath(path)!
    pathsBySource.get(source)?.delete(path)
    if (pathsBySource.get(source)?.size === 0) pathsBySource.delete(source)
  }

  /** Takes out a variant whose file is gone. */
  function forget(path: string): void {
    dropFromSource(path)
    cache.forget(path)
  }

  function keep(path: string, bytes: number, owner?: string): void {
    const { source } = parseVariantPath(path)!
    const paths = pathsBySource.get(source) ?? new Set()
    pathsBySource.set(source, paths.add(path))
    cache.keep(path, bytes, owner)
  }

  /** Removes the variants of earlier versions of a source, which no request can name any more. */
  function removeOldVersions(path: string): void {
    const { source, version } = parseVariantPath(path)!
    for (const other of [...(pathsBySource.get(source) ?? [])]) {
      if (parseVariantPath(other)!.version !== version) cache.remove(other)
    }
  }

  /** The variants in the cache folder, the newest last. */
  async function findAll(): Promise<Array<{ path: string; bytes: number; modifiedMs: number }>> {
    const found = []
    for (const series of await files.list(FOLDERS.cache)) {
      if (!series.isDirectory()) continue
      const folder = `${FOLDERS.cache}/${series.name}`
      const entries = await files.list(folder)
      const variants = entries.filter(({ name }) => parseVariantPath(`${folder}/${name}`) !== undefined)
      for (const [name, { size, mtimeMs }] of await files.statAll(folder, variants)) {
        found.push({ path: `${folder}/${name}`, bytes: size, modifiedMs: mtimeMs })
      }
    }
    return found.sort((a, b) => a.modifiedMs - b.modifiedMs)
  }

  return {
    /** Whether nothing is written at the moment, because a write has failed. */
    get isPaused(): boolean {
      return now() < pausedUntil
    },

    /**
     * Counts the folder: adds the variants of earlier starts and of other processes, the newest as the last requested,
     * and forgets those that other processes have removed.
     */
    async load(): Promise<void> {
      const before = new Set(cache.paths())
      const found = await findAll()
      const paths = new Set(found.map(({ path }) => path))
      // What is written meanwhile was not there before.
      for (const path of before) if (!paths.has(path) && !writing.has(path)) forget(path)
      for (const { path, bytes } of found) {
        if (cache.has(path)) continue
        const size = countedBytes(path, bytes)
        cache.makeRoom(size, ownerOf(path))
        keep(path, size, ownerOf(path))
      }
    },

    /** Marks a variant as requested now. */
    use(path: string, client: string): void {
      cache.use(path, ownerOf(path, client)!)
    },

    /**
     * Writes a variant and removes what there is no room for.
     * @throws FILE_SYSTEM_ERROR when it cannot be written, or the disk is almost full and there is nothing to remove
     */
    async write(path: string, content: Buffer, client: string): Promise<void> {
      const [bytes, owner] = [countedBytes(path, content.length), ownerOf(path, client)]
      const isLow = await isDiskLow()
      if (isLow && bytes > cache.bytes) throw errors.fileSystem('The disk is almost full')
      cache.makeRoom(bytes, owner, isLow ? cache.bytes : maxBytes)
      // It counts while it is written, so that many writes at the same time do not exceed the limit.
      keep(path, bytes, owner)
      writing.add(path)
      await files
        .write(path, content, { setAside: true })
        .catch((error: unknown) => {
          pausedUntil = now() + PAUSE_MS
          cache.remove(path)
          throw error
        })
        .finally(() => writing.delete(path))
      if (cache.has(path)) removeOldVersions(path)
      else await files.remove(path)
    }
  }
}

/** Anybody can request placeholders of any number of addresses, so they belong to no client. */
function ownerOf(path: string, client?: string): string | undefined {
  return parseVariantPath(path)!.isPlaceholder ? SPARE : client
}

/** Of variants of any size there can be many small ones, which take more than their bytes. */
function countedBytes(path: string, bytes: number): number {
  return parseVariantPath(path)!.isOfAnySize ? Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES : bytes
}
