import type { Files } from '../storage/files.ts'
import { FOLDERS, archivedPath, artifactPath, inOutput } from '../storage/layout.ts'

/** Whether an earlier version of a picture lies in `archives/`: one that was replaced or removed. */
export async function hasEarlier(
  files: Pick<Files, 'list'>,
  series: string,
  address: string
): Promise<boolean> {
  const first = archivedPath(FOLDERS.archives, inOutput(artifactPath('annotated', series, address)), 1)
  const folder = first.slice(0, first.lastIndexOf('/'))
  const name = first.slice(folder.length + 1)
  const entries = await files.list(folder)
  return entries.some((entry) => entry.isFile() && isCopy(entry.name, name))
}

/** Copies after the first one have a number at the end. */
function isCopy(file: string, name: string): boolean {
  return file === name || (file.startsWith(`${name}.`) && /^\d+$/.test(file.slice(name.length + 1)))
}
