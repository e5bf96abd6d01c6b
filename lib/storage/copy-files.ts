import type { FileStat, FolderEntry } from './file-types.ts'
import type { Files } from './files.ts'
import { EXPORTS_FOLDER, FOLDERS } from './layout.ts'
import { isTemporary } from './temporary.ts'

/** The folders whose files all processes share. The journal of one process is not among them. */
const SHARED_FOLDERS = [
  FOLDERS.legacySeries,
  FOLDERS.userSeries,
  EXPORTS_FOLDER,
  FOLDERS.runArchive,
  FOLDERS.failed,
  FOLDERS.answers,
  FOLDERS.archives,
  FOLDERS.output
]
const BATCH_SIZE = 1_000
/** A copy uses two connections to the database. */
const COPIES_AT_ONCE = 6
/** Connections to the database that `copyFiles` needs. */
export const COPY_CONNECTIONS = 2 * COPIES_AT_ONCE + 2
/** File systems keep times with different precision. */
const SAME_MS = 1
/** Links may lead in a circle. */
const DEPTH_MAX = 10

export interface CopyOptions {
  from: Pick<Files, 'list' | 'stat' | 'statAll' | 'read'>
  to: Pick<Files, 'stat' | 'statAll' | 'write' | 'exclusively'>
  /** Whether a file is not copied. */
  isUnwanted?: (path: string, stat: FileStat) => Promise<boolean>
  /** Called after each thousand files of a folder. */
  onProgress?: (counts: CopyCounts) => void
}

export interface CopyCounts {
  /** Files that were looked at. */
  files: number
  /** Files that the target did not have, or had in an older version. */
  copied: number
}

/**
 * Copies the files that all processes share from one place of files to another one, with their times. Newer files of
 * the target stay, and nothing is removed there. A copy that was interrupted goes on where it ended. A picture is
 * copied
 * after all other files of its series.
 */
export async function copyFiles(options: CopyOptions): Promise<CopyCounts> {
  const { from, to, isUnwanted = async () => false, onProgress = () => {} } = options
  const counts = { files: 0, copied: 0 }

  async function copy(path: string, stat: FileStat): Promise<boolean> {
    return await to.exclusively(path, async () => {
      if (!isNews(stat, await to.stat(path)) || (await isUnwanted(path, stat))) return false
      const content = await from.read(path)
      if (content === undefined) return false
      await to.write(path, content, { modifiedMs: stat.mtimeMs })
      return true
    })
  }

  async function copyBatch(folder: string, batch: Array<[string, FileStat]>): Promise<void> {
    const known = await to.statAll(
      folder,
      batch.map(([name]) => fileEntry(name))
    )
    const news = batch.filter(([name, stat]) => isNews(stat, known.get(name)))
    const next = news.values()
    const work = async () => {
      for (const [name, stat] of next) {
        if (await copy(`${folder}/${name}`, stat)) counts.copied += 1
      }
    }
    await Promise.all(Array.from({ length: COPIES_AT_ONCE }, work))
    counts.files += batch.length
    onProgress(counts)
  }

  async function copyFolder(folder: string): Promise<void> {
    const entries = (await from.list(folder)).filter(({ name }) => !isTemporary(name))
    const files = await from.statAll(folder, entries)
    const all = [...files]
    for (let at = 0; at < all.length; at += BATCH_SIZE) {
      await copyBatch(folder, all.slice(at, at + BATCH_SIZE))
    }
    if (folder.split('/').length >= DEPTH_MAX) return
    const others = entries.filter((entry) => !files.has(entry.name)).sort(picturesLast)
    for (const entry of others) {
      const path = `${folder}/${entry.name}`
      const isFolder =
        entry.isDirectory() || (entry.isSymbolicLink() && (await from.stat(path))?.isDirectory())
      if (isFolder) await copyFolder(path)
    }
  }

  for (const folder of SHARED_FOLDERS) await copyFolder(folder)
  return counts
}

/** Whether a file has changed since the target got it. */
function isNews(stat: FileStat, known: FileStat | undefined): boolean {
  if (known === undefined) return true
  const laterMs = stat.mtimeMs - known.mtimeMs
  return laterMs >= SAME_MS || (laterMs > -SAME_MS && stat.size !== known.size)
}

function picturesLast(a: FolderEntry, b: FolderEntry): number {
  return Number(a.name === 'annotated') - Number(b.name === 'annotated')
}

function fileEntry(name: string): FolderEntry {
  return { name, isFile: () => true, isDirectory: () => false, isSymbolicLink: () => false }
}
