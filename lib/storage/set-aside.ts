import type * as nodeFs from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Inside } from './inside.ts'
import { makeFolders } from './make-folders.ts'
import { inOutput } from './layout.ts'
import { MISSING, codeOf } from './system-errors.ts'

type Fs = Pick<typeof nodeFs, 'lstat' | 'mkdir' | 'stat' | 'rename' | 'cp' | 'rm'>

/** Returns a function that moves whatever lies at a path to a folder, beside what was moved there before. */
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

  async function move(source: string, target: string): Promise<void> {
    try {
      await fs.rename(source, target)
    } catch (error) {
      if (codeOf(error) !== 'EXDEV') throw error
      // The output folder may be on another disk than the archive. A FIFO or a socket has no content to copy.
      await fs.cp(source, target, { recursive: true, verbatimSymlinks: true, filter: hasContent })
      await fs.rm(source, { recursive: true })
    }
  }

  return async function setAside(path: string, folder: string): Promise<boolean> {
    const source = await inside.entry(path)
    if (!(await exists(source))) return false
    const output = inOutput('')
    const name = path.startsWith(output) ? path.slice(output.length) : path
    const target = await inside.entry(`${folder}/${name}`)
    await makeFolders(fs, dirname(target))
    for (let copy = 1; ; copy += 1) {
      const free = copy === 1 ? target : `${target}.${copy}`
      if (await exists(free)) continue
      await move(source, free)
      return true
    }
  }
}
