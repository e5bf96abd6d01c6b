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
  runArchive: 'metrics/runs',
  /** The journal: a file for each run that has not ended. */
  runs: 'runs',
  /** Answers of the provider that are paid for, and whose picture is not finished. */
  answers: 'runs/answers',
  /** A file for each missing picture whose last run failed. */
  failed: 'runs/failed',
  /** Two files for each batch: its record, and how its addresses ended. */
  batches: 'runs/batches',
  archives: 'archives',
  broken: 'archives/broken'
} as const

/** Where texts are exported to. It is made when something is exported. */
export const EXPORTS_FOLDER = 'exports'

/** The service's own folders at the top of the data folder. */
export const TOP_FOLDERS = [...new Set(Object.values(FOLDERS).map((path) => path.split('/', 1)[0]!))]

/** The most bytes of a prompt or title that are read. A longer file is none of this service. */
export const PROMPT_BYTES_MAX = 64 * 1024
/** The same for a record of a dress, which contains all prompts. */
export const RECORD_BYTES_MAX = 256 * 1024

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

/** A kind of file that a run writes. Its name is also the name of its folder. */
export type Artifact = keyof typeof EXTENSION

export const ARTIFACTS = Object.keys(EXTENSION) as Artifact[]

const ADDRESS = /^0x[0-9a-f]{40}$/
// A series name is one folder name: no separator, no control character, no leading dot or blank.
const SERIES = /^[^\s./\\\p{Cc}][^/\\\p{Cc}]*$/u
// The same, and no half of a character.
const PICTURE = /^[^\s./\\\p{Cc}\p{Cs}][^/\\\p{Cc}\p{Cs}]*$/u

/** The Go server renames the output folder of a series that it hides. Such a folder is no series. */
export const HIDDEN_SUFFIX = '.deleted'

/** The limit of a file name, less what the name of an archived run adds to the series. */
const SERIES_BYTES = 190

/** The limit of a file name, less the extension, the number of a copy and what the name of a temporary file adds. */
const PICTURE_BYTES = 190

/** Whether the text is an Ethereum address in the form of this service: `0x` and 40 lower-case hexadecimal digits. */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text)
}

/** The name of a series: the text in lower case, with `-` in place of each blank. */
export function seriesName(text: string): string {
  return text.toLowerCase().replaceAll(' ', '-')
}

export function isSeriesName(text: string): boolean {
  return (
    SERIES.test(text) &&
    text === seriesName(text) &&
    Buffer.byteLength(text) <= SERIES_BYTES &&
    !text.endsWith(HIDDEN_SUFFIX)
  )
}

/** Whether the text can be the name of the files of a picture: an address, or a seed that a client chose. */
export function isPictureName(text: string): boolean {
  return PICTURE.test(text) && Buffer.byteLength(text) <= PICTURE_BYTES
}

/** The name of the files of a picture made from a seed, as the Go server writes it. */
export function pictureName(seed: string): string {
  return seed
    .replaceAll(/[/\\:*?"<>|]/g, '_')
    .trim()
    .replaceAll('__', '_')
}

/** A text as the name of a folder or of a record, as the Go server writes it. */
export function pathSafe(text: string): string {
  return (
    text.trim().toLowerCase().replaceAll(' ', '-').replaceAll('/', '-').replaceAll('..', '-') || 'unknown'
  )
}

function checked(part: string, isValid: (text: string) => boolean): string {
  if (!isValid(part)) throw errors.fileSystem(`${quote(part)} cannot be part of a file name`)
  return part
}

/** The key of a picture, and of its runs, in maps: `simple/0x…`. A series name has no slash, so keys are unique. */
export function pictureKey(series: string, address: string): string {
  return `${series}/${address}`
}

/** The folder of an artifact relative to the output folder: `simple/annotated`. */
export function artifactFolder(artifact: Artifact, series: string): string {
  return `${checked(series, isSeriesName)}/${artifact}`
}

/** The path of an artifact relative to the output folder: `simple/annotated/0x….png`. */
export function artifactPath(artifact: Artifact, series: string, address: string): string {
  return `${artifactFolder(artifact, series)}/${checked(address, isPictureName)}.${EXTENSION[artifact]}`
}

/** A picture, as the path of one of its files names it. */
interface NamedPicture {
  series: string
  address: string
}

/** The picture of a path relative to the output folder; undefined if it is the path of anything else. */
export function parseAnnotatedPath(path: string): NamedPicture | undefined {
  return parseArtifactPath('annotated', path)
}

/** The same for the path of a drawing. */
export function parseDrawingPath(path: string): NamedPicture | undefined {
  return parseArtifactPath('generated', path)
}

function parseArtifactPath(artifact: 'annotated' | 'generated', path: string): NamedPicture | undefined {
  const [series = '', address = ''] = path.split(`/${artifact}/`)
  const picture = { series, address: address.slice(0, -'.png'.length) }
  const isValid = isSeriesName(series) && isPictureName(picture.address)
  return isValid && artifactPath(artifact, picture.series, picture.address) === path ? picture : undefined
}

/** The path of the record of a picture, relative to the output folder. */
export function metadataPath(series: string, seed: string): string {
  return `${checked(series, isSeriesName)}/metadata/${checked(pathSafe(seed), isPictureName)}.json`
}

/** The path of the archived last snapshot of a run, relative to the data folder. */
export function runArchivePath(series: string, address: string, unixSeconds: number): string {
  return `${FOLDERS.runArchive}/${checked(series, isSeriesName)}_${checked(address, isPictureName)}_${unixSeconds}.json`
}

/** The path of an answer that is paid for, relative to the data folder. */
export function answerPath(series: string, address: string): string {
  return `${FOLDERS.answers}/${checked(series, isSeriesName)}/${checked(address, isPictureName)}.draw`
}

/** The path of the note that the last run of a picture failed, relative to the data folder. */
export function failedPath(series: string, address: string): string {
  return `${FOLDERS.failed}/${checked(series, isSeriesName)}/${checked(address, isPictureName)}`
}

/** The path of a picture in another width or format, relative to the data folder. */
export function variantPath(series: string, address: string, suffix: string): string {
  return `${FOLDERS.cache}/${checked(series, isSeriesName)}/${checked(address, isPictureName)}.${suffix}`
}

/** Makes a path relative to the output folder relative to the data folder. */
export function inOutput(path: string): string {
  return `${FOLDERS.output}/${path}`
}

/**
 * Where something that is moved or copied away lies, relative to the data folder.
 * @param path relative to the data folder
 * @param copy counted from 1, for what was there before under the same name
 */
export function archivedPath(folder: string, path: string, copy: number): string {
  const output = inOutput('')
  const name = path.startsWith(output) ? path.slice(output.length) : path
  return copy === 1 ? `${folder}/${name}` : `${folder}/${name}.${copy}`
}

/**
 * The absolute path of a path relative to `root`.
 * @throws FILE_SYSTEM_ERROR if the path leads outside the root
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
