import type { Files } from '../storage/files.ts'
import {
  FOLDERS,
  artifactFolder,
  inOutput,
  isAddress,
  isPictureName,
  isSeriesName
} from '../storage/layout.ts'
import type { PictureFile } from './pictures.ts'

const EXTENSION = '.png'

/** The series that have a folder in the data folder. */
export async function listSeriesFolders(files: Pick<Files, 'list'>): Promise<string[]> {
  return (await files.list(FOLDERS.output)).map(({ name }) => name).filter(isSeriesName)
}

/** The folder of the pictures of a series, relative to the data folder. */
export function pictureFolder(series: string): string {
  return inOutput(artifactFolder('annotated', series))
}

/** The picture files of a series. They may be no whole PNGs. */
export async function listPictureFiles(
  files: Pick<Files, 'list' | 'statAll'>,
  series: string
): Promise<PictureFile[]> {
  const folder = pictureFolder(series)
  const entries = (await files.list(folder).catch(() => [])).filter(({ name }) => isPictureFile(name))
  return [...(await files.statAll(folder, entries))].map(([name, { size, mtimeMs }]) => ({
    series,
    address: name.slice(0, -EXTENSION.length),
    bytes: size,
    modifiedMs: mtimeMs
  }))
}

/** Pictures are named after an address in lower case, and those of /v1 after any other text. */
export function isPictureFile(file: string): boolean {
  const name = file.slice(0, -EXTENSION.length)
  const isOther = !isAddress(name.toLowerCase()) && isPictureName(name)
  return file.endsWith(EXTENSION) && (isAddress(name) || isOther)
}
