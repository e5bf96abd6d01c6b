import type * as nodeFs from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Inside } from './inside.ts'
import { makeFolders } from './make-folders.ts'
import { archivedPath } from './layout.ts'
import { MISSING, codeOf } from './system-errors.ts'
import { reservationName } from './temporary.ts'

type Fs = Pick<
  typeof nodeFs,
  'open' | 'lstat' | 'lutimes' | 'mkdir' | 'stat' | 'readdir' | 'rename' | 'cp' | 'rm'
>

/**
 * Moves files in the data folder. The time of what goes to the archive becomes that of the move, so that the age of
 * something in the archive is how long it has been there.
 */
export function createSetAside(fs: Fs, inside: Inside) {
  async function exists(place: string): Promise<boolean> {
    try {
      await fs.lstat(place)
      return true
    } catch (error) {
      if (MISSING.has(codeOf(error))) return false
      throw error
    }
  }

  async function hasContent(place: string): Promise<boolean> {
    const stat = await fs.lstat(place)
    return stat.isFile() || stat.isDirectory() || stat.isSymbolicLink()
  }

  async function touch(place: string, time: Date): Promise<void> {
    const isFolder = (await fs.lstat(place)).isDirectory()
    const names = isFolder ? await fs.readdir(place) : []
    for (const name of names) await touch(join(place, name), time)
    await fs.lutimes(place, time, time)
  }

  async function move(source: string, target: string): Promise<void> {
    try {
      await fs.rename(source, target)
    } catch (error) {
      if (codeOf(error) !== 'EXDEV') throw error
      // What lies there must not mix with what is copied.
      await fs.rm(target, { recursive: true, force: true })
      // The output folder may be on another disk than the archive. A FIFO or a socket has no content to copy.
      try {
        await fs.cp(source, target, {
          recursive: true,
          verbatimSymlinks: true,
          preserveTimestamps: true,
          filter: hasContent
        })
      } catch (failure) {
        await fs.rm(target, { recursive: true, force: true }).catch(() => {})
        throw failure
      }
      await fs.rm(source, { recursive: true })
    }
  }

  /**
   * Moves a file or folder to a path, over a file that lies there. False if there is nothing to move.
   * @param keepTime the time of what is moved stays as it is
   */
  async function moveTo(path: string, target: string, keepTime = false): Promise<boolean> {
    const source = await inside.entry(path)
    if (!(await exists(source))) return false
    const place = await inside.entry(target)
    await makeFolders(fs, dirname(place))
    if (!keepTime) await touch(source, new Date()).catch(() => {})
    await move(source, place)
    return true
  }

  /**
   * Takes a name for what is moved there, so that no other process takes it too. A temporary file reserves it: a backup
   * would take an empty file of the name itself for the picture.
   * @returns ends the reservation; undefined if the name is taken
   */
  async function reserve(place: string): Promise<(() => Promise<void>) | undefined> {
    if (await exists(place)) return undefined
    const mark = join(dirname(place), reservationName(basename(place)))
    try {
      await (await fs.open(mark, 'wx')).close()
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return undefined
      throw error
    }
    const release = async () => await fs.rm(mark, { force: true })
    if (!(await exists(place))) return release
    await release()
    return undefined
  }

  /** Moves whatever lies at a path to a folder, beside what was moved there before. False if nothing lies there. */
  async function setAside(path: string, folder: string): Promise<boolean> {
    const source = await inside.entry(path)
    if (!(await exists(source))) return false
    await makeFolders(fs, dirname(await inside.entry(archivedPath(folder, path, 1))))
    for (let copy = 1; ; copy += 1) {
      const free = await inside.entry(archivedPath(folder, path, copy))
      const release = await reserve(free)
      if (release === undefined) continue
      // Some file systems keep no times, and what belongs to another user cannot be touched.
      await touch(source, new Date()).catch(() => {})
      try {
        await move(source, free)
        return true
      } catch (error) {
        // Another process was faster.
        if (codeOf(error) === 'ENOENT' && !(await exists(source))) return false
        throw error
      } finally {
        await release().catch(() => {})
      }
    }
  }
  return { setAside, moveTo }
}
