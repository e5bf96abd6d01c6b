import type { Files } from '../storage/files.ts'
import {
  FOLDERS,
  artifactFolder,
  inOutput,
  isAddress,
  isPictureName,
  isSeriesName
} from '../storage/layout.ts'
import type { FileStamp } from '../storage/file-version.ts'
import type { PictureFile } from './pictures.ts'

const EXTENSION = '.png'
const FILES_AT_ONCE = 1_000

/** The series that have a folder in the data folder. */
export async function listSeriesFolders(files: Pick<Files, 'list'>): Promise<string[]> {
  return (await files.list(FOLDERS.output)).map(({ name }) => name).filter(isSeriesName)
}

/** The folder of the pictures of a series, relative to the data folder. */
export function pictureFolder(series: string): string {
  return inOutput(artifactFolder('annotated', series))
}

/** Size and time of files in a folder, in the order of the names; undefined of those that it leaves to others. */
export type ReadStats = (
  folder: string,
  names: readonly string[]
) => Promise<ReadonlyArray<FileStamp | undefined>>

/**
 * The picture files of a series. They may be no whole PNGs.
 * @param readStats a faster way than `files.statAll`
 */
export async function listPictureFiles(
  files: Pick<Files, 'list' | 'statAll'>,
  series: string,
  readStats?: ReadStats
): Promise<PictureFile[]> {
  const folder = pictureFolder(series)
  const entries = (await files.list(folder).catch(() => [])).filter(({ name }) => isPictureFile(name))
  const found: PictureFile[] = []
  const add = (name: string, { bytes, modifiedMs }: FileStamp) =>
    found.push({ series, address: addressOf(name), bytes, modifiedMs })
  const left: typeof entries = []
  const names = entries.map(({ name }) => name)
  const stamps = (await readStats?.(folder, names)) ?? []
  for (const [index, entry] of entries.entries()) {
    const stamp = stamps[index]
    if (stamp === undefined) left.push(entry)
    else add(entry.name, stamp)
  }
  // What is known of all files at once would take more memory than the list.
  for (let at = 0; at < left.length; at += FILES_AT_ONCE) {
    const stats = await files.statAll(folder, left.slice(at, at + FILES_AT_ONCE))
    for (const [name, { size, mtimeMs }] of stats) add(name, { bytes: size, modifiedMs: mtimeMs })
  }
  return found
}

/** The address in the name of a file. A slice of a string keeps the whole string in memory, so it is copied. */
function addressOf(name: string): string {
  return Buffer.from(name.slice(0, -EXTENSION.length)).toString()
}

/** Pictures are named after an address in lower case, and those of /v1 after any other text. */
export function isPictureFile(file: string): boolean {
  const name = file.slice(0, -EXTENSION.length)
  const isOther = !isAddress(name.toLowerCase()) && isPictureName(name)
  return file.endsWith(EXTENSION) && (isAddress(name) || isOther)
}
