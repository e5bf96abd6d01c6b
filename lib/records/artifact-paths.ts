import { posix } from 'node:path'
import { FOLDERS } from '../storage/layout.ts'

const BELOW_OUTPUT = `/${FOLDERS.output}/`
/** `<series>/<kind>/<file>` */
const PARTS = 3

/**
 * The path of an artifact relative to the output folder. The data folder may have been moved since the record was
 * written: what follows the last `/output/` counts, of which a series, a folder and a file can be the parts.
 * @param path as it stands in a record: absolute, or relative to the output folder
 * @param root the data folder, absolute
 * @returns empty without a path. Check it with `isBelowOutput`: it may lead out of the output folder
 */
export function relativeArtifact(path: string, root: string): string {
  const slashed = path.includes('/') ? path : path.replaceAll('\\', '/')
  const here = root.replace(/\/+$/, '') + BELOW_OUTPUT
  if (slashed.startsWith(here)) return posix.normalize(slashed.slice(here.length))
  if (slashed === '' || !slashed.includes(BELOW_OUTPUT)) return slashed
  const starts = [...slashed.matchAll(/\/(?=output\/)/g)].map(({ index }) => index + BELOW_OUTPUT.length)
  // A series may be called "output".
  const start = starts.findLast((at) => slashed.slice(at).split('/').length >= PARTS) ?? starts.at(-1)!
  return posix.normalize(slashed.slice(start))
}

/** Whether the path of an artifact, as `relativeArtifact` gives it, is that of something below the output folder. */
export function isBelowOutput(path: string): boolean {
  const normal = posix.normalize(path)
  const isRelative =
    !posix.isAbsolute(normal) && normal !== '.' && normal !== '..' && !normal.startsWith('../')
  return isRelative && !/^[A-Za-z]:\\|^\\\\/.test(path) && !path.includes('\0')
}

/** The absolute path of an artifact, for a record's file. A path that leads elsewhere stays as it is. */
export function savedArtifact(path: string, root: string): string {
  return path === '' || !isBelowOutput(path) ? path : posix.join(root, FOLDERS.output, path)
}
