import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { basename, dirname, sep } from 'node:path'
import { isWithin } from '../../../storage/inside.ts'
import {
  PROMPT_BYTES_MAX,
  RECORD_BYTES_MAX,
  artifactPath,
  inOutput,
  resolveInside
} from '../../../storage/layout.ts'
import { hasPngEnd, tailOf } from '../../../storage/png-files.ts'
import { codeOf } from '../../../storage/system-errors.ts'
import {
  HEADER_BYTES,
  dressPath,
  facetsOfDress,
  facetsOfRecord,
  recordPath,
  sizeOf,
  titleOf,
  titlePath
} from '../../picture-details.ts'
import type { Details, PictureFile } from '../../pictures.ts'

// Each call blocks its thread. Only regular files that are read at the first try are read here. All else is left to the
// operations of lib/storage, which follow links, try again and report errors.

/** What separates names of files: none contains it. */
export const SEPARATOR = '/'

/** What an answer has for a file that is left to others. */
export const LEFT = NaN

const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY

/**
 * Size and Unix milliseconds of each file of a folder, one after the other; `LEFT` for what is left to others.
 * @param list the names, with `SEPARATOR` between them
 */
export function statFiles(root: string, folder: string, list: string): Float64Array {
  const names = list.split(SEPARATOR)
  const stats = new Float64Array(names.length * 2).fill(LEFT)
  const place = createPlaces(root)(folder)
  if (place === undefined) return stats
  for (const [index, name] of names.entries()) {
    try {
      const stat = lstatSync(`${place}${sep}${name}`)
      if (!stat.isFile()) continue
      stats[index * 2] = stat.size
      stats[index * 2 + 1] = stat.mtimeMs
    } catch {
      // Others read it, and report why it cannot be read.
    }
  }
  return stats
}

/** The details of pictures; undefined for those that are left to others, such as a PNG that is not whole. */
export function readPictures(
  root: string,
  pictures: ReadonlyArray<Pick<PictureFile, 'series' | 'address'>>
): Array<Required<Details> | undefined> {
  const placeOf = createPlaces(root)
  return pictures.map(({ series, address }) => {
    try {
      return readPicture(placeOf, series, address)
    } catch {
      return undefined
    }
  })
}

/** The real place of a folder; undefined if it does not exist. */
type PlaceOf = (folder: string) => string | undefined

/** Finds the real places of folders, each once. @throws if a folder is outside the data folder */
function createPlaces(root: string): PlaceOf {
  const base = realpathSync.native(root)
  const known = new Map<string, string | undefined>()
  return (folder) => {
    if (known.has(folder)) return known.get(folder)
    const place = orMissing(() => realpathSync.native(resolveInside(root, folder)))
    if (place !== undefined && !isWithin(base, place)) throw new Error('a folder outside the data folder')
    known.set(folder, place)
    return place
  }
}

function readPicture(placeOf: PlaceOf, series: string, address: string): Required<Details> | undefined {
  const size = readSize(placeOf, inOutput(artifactPath('annotated', series, address)))
  if (size === undefined) return undefined
  const text = (path: string, maxBytes: number) => readText(placeOf, path, maxBytes) ?? ''
  const title = titleOf(text(titlePath(series, address), PROMPT_BYTES_MAX))
  const facets =
    facetsOfDress(text(dressPath(series, address), RECORD_BYTES_MAX), address) ??
    facetsOfRecord(text(recordPath(series, address), RECORD_BYTES_MAX))
  return { title, ...size, facets }
}

/** Width and height of a whole PNG; undefined if it is none. */
function readSize(placeOf: PlaceOf, path: string) {
  return withFile(placeOf, path, (file, bytes) => {
    const tailBytes = tailOf(bytes)
    if (tailBytes === undefined) return undefined
    const size = sizeOf(readBytes(file, 0, HEADER_BYTES))
    const isWhole = hasPngEnd(readBytes(file, bytes - tailBytes, tailBytes))
    return isWhole ? size : undefined
  })
}

/** The text of a file; undefined if it does not exist or is longer than `maxBytes`. */
function readText(placeOf: PlaceOf, path: string, maxBytes: number): string | undefined {
  return withFile(placeOf, path, (file, bytes) =>
    bytes > maxBytes ? undefined : readBytes(file, 0, bytes).toString('utf8')
  )
}

/**
 * Opens a file for some work; undefined if it does not exist.
 * @throws if it is no regular file
 */
function withFile<T>(
  placeOf: PlaceOf,
  path: string,
  work: (file: number, bytes: number) => T
): T | undefined {
  const folder = placeOf(dirname(path))
  const file = folder && orMissing(() => openSync(`${folder}${sep}${basename(path)}`, FLAGS))
  if (typeof file !== 'number') return undefined
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) throw new Error('no regular file')
    return work(file, stat.size)
  } finally {
    closeSync(file)
  }
}

/** @throws if the file is shorter, because it has just been cut */
function readBytes(file: number, from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  if (readSync(file, bytes, 0, length, from) !== length) throw new Error('a file that is cut')
  return bytes
}

function orMissing<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
