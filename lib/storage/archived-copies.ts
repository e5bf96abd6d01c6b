import type { Files } from './files.ts'
import { FOLDERS, archivedPath } from './layout.ts'

/** A file in `archives/`. Copies after the first one have their number at the end of their name. */
export interface ArchivedCopy {
  /** Relative to the data folder. */
  path: string
  number: number
  /** Unix milliseconds. */
  archivedMs: number
}

/** The copies of a file in `archives/`, newest first. Their numbers may have gaps, because old copies are removed. */
export async function archivedCopies(
  files: Pick<Files, 'list' | 'statAll'>,
  path: string
): Promise<ArchivedCopy[]> {
  const first = archivedPath(FOLDERS.archives, path, 1)
  const folder = first.slice(0, first.lastIndexOf('/'))
  const name = first.slice(folder.length + 1)
  const entries = (await files.list(folder, name)).filter((entry) => numberOf(entry.name, name) !== undefined)
  return (
    [...(await files.statAll(folder, entries))]
      // In older versions, an empty one only reserved its name.
      .filter(([, { size }]) => size > 0)
      .map(([file, { mtimeMs }]) => ({
        path: `${folder}/${file}`,
        number: numberOf(file, name)!,
        archivedMs: mtimeMs
      }))
      .sort((a, b) => b.archivedMs - a.archivedMs || b.number - a.number)
  )
}

/** The number of a copy; undefined for other files. */
function numberOf(file: string, name: string): number | undefined {
  if (file === name) return 1
  const [, digits] = file.startsWith(name) ? (/^\.(\d+)$/.exec(file.slice(name.length)) ?? []) : []
  return digits === undefined ? undefined : Number(digits)
}
