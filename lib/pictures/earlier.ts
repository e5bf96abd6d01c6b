import { archivedCopies } from '../storage/archived-copies.ts'
import type { Files } from '../storage/files.ts'
import { artifactPath, inOutput } from '../storage/layout.ts'

/** Whether an earlier version of a picture lies in `archives/`: one that was replaced or removed. */
export async function hasEarlier(
  files: Pick<Files, 'list' | 'statAll'>,
  series: string,
  address: string
): Promise<boolean> {
  return (await archivedCopies(files, inOutput(artifactPath('annotated', series, address)))).length > 0
}
