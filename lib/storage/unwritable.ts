import { access, constants, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FOLDERS } from './layout.ts'
import { MISSING, codeOf } from './system-errors.ts'

/**
 * The folders of series that the process may not write to, relative to the data folder. A folder that was copied or
 * restored may belong to another user. It asks for the rights and writes nothing, so that a start stays short.
 */
export async function findUnwritable(root: string): Promise<string[]> {
  const found: string[] = []
  for (const series of await foldersIn(root, FOLDERS.output)) {
    const folders = [series, ...(await foldersIn(root, series).catch(() => []))]
    const unwritable = await Promise.all(
      folders.map(async (folder) => !(await isWritable(join(root, folder))))
    )
    found.push(...folders.filter((_, index) => unwritable[index]))
  }
  return found
}

async function foldersIn(root: string, parent: string): Promise<string[]> {
  const entries = await readdir(join(root, parent), { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'lost+found')
    .map(({ name }) => join(parent, name))
    .sort()
}

async function isWritable(path: string): Promise<boolean> {
  return await access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    // A folder that has gone meanwhile is made again.
    (error: unknown) => MISSING.has(codeOf(error) ?? '')
  )
}
