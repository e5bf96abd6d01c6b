import { join, resolve, sep } from 'node:path'
import { errors, quote } from '../errors.ts'

/** Folders of the data folder. */
export const FOLDERS = {
  output: 'output',
  userSeries: 'user-series',
  legacySeries: 'series',
  databases: 'databases',
  cache: 'cache',
  metrics: 'metrics',
  runArchive: 'metrics/runs'
} as const

const EXTENSION = {
  data: 'txt',
  title: 'txt',
  terse: 'txt',
  prompt: 'txt',
  enhanced: 'txt',
  technical: 'txt',
  selector: 'json',
  generated: 'png',
  annotated: 'png',
  standin: 'png'
} as const

/** A file that a run leaves behind, named after the folder it lies in. */
export type Artifact = keyof typeof EXTENSION

export const ARTIFACTS = Object.keys(EXTENSION) as Artifact[]

const ADDRESS = /^0x[0-9a-f]{40}$/
const SEED = /^[0-9a-f]{64}$/
// A series name is one folder name: no separator, no control character, no leading dot or blank.
// eslint-disable-next-line no-control-regex
const SERIES = /^[^\s./\\\x00-\x1f\x7f][^/\\\x00-\x1f\x7f]*$/

/** What a file name may have, less what an archived run's adds to the series. */
const SERIES_BYTES = 190

/** Whether the text is an Ethereum address as this service keeps it: `0x` and 40 lower-case hexadecimal digits. */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text)
}

/** The form under which a series is known: lower case, `-` for every blank. */
export function seriesName(text: string): string {
  return text.toLowerCase().replaceAll(' ', '-')
}

export function isSeriesName(text: string): boolean {
  return SERIES.test(text) && text === seriesName(text) && Buffer.byteLength(text) <= SERIES_BYTES
}

function checked(part: string, isRight: (text: string) => boolean): string {
  if (!isRight(part)) throw errors.fileSystem(`${quote(part)} cannot be part of a file name`)
  return part
}

/** Where an artifact lies, relative to the output folder: `simple/annotated/0x….png`. */
export function artifactPath(artifact: Artifact, series: string, address: string): string {
  return `${checked(series, isSeriesName)}/${artifact}/${checked(address, isAddress)}.${EXTENSION[artifact]}`
}

/** The picture that a path relative to the output folder names, undefined where it names anything else. */
export function parseAnnotatedPath(path: string): { series: string; address: string } | undefined {
  const [series = '', address = ''] = path.split('/annotated/')
  const picture = { series, address: address.slice(0, -'.png'.length) }
  const isRight = isSeriesName(series) && isAddress(picture.address)
  return isRight && artifactPath('annotated', picture.series, picture.address) === path ? picture : undefined
}

/** Where the record of an image lies, relative to the output folder. */
export function metadataPath(series: string, seed: string): string {
  return `${checked(series, isSeriesName)}/metadata/${checked(seed, (text) => SEED.test(text))}.json`
}

/** Where the last snapshot of a run is archived, relative to the data folder. */
export function runArchivePath(series: string, address: string, unixSeconds: number): string {
  return `${FOLDERS.runArchive}/${checked(series, isSeriesName)}_${checked(address, isAddress)}_${unixSeconds}.json`
}

/** Where a picture in another width or format is kept, relative to the data folder. */
export function variantPath(series: string, address: string, suffix: string): string {
  return `${FOLDERS.cache}/${checked(series, isSeriesName)}/${checked(address, isAddress)}.${suffix}`
}

/** The same path relative to the data folder. */
export function inOutput(path: string): string {
  return `${FOLDERS.output}/${path}`
}

/**
 * The absolute path of a path relative to `root`.
 * @throws FILE_SYSTEM_ERROR when it would leave the root
 */
export function resolveInside(root: string, relative: string): string {
  const path = resolve(join(root, relative))
  if (
    relative.includes('\0') ||
    (path !== root && !path.startsWith(root.endsWith(sep) ? root : root + sep))
  ) {
    throw errors.fileSystem(`${quote(relative)} is outside the data folder`)
  }
  return path
}
