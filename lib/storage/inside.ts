import type * as nodeFs from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { resolveInside } from './layout.ts'
import { MISSING, OUTSIDE, codeOf, codedError } from './system-errors.ts'

export type Inside = ReturnType<typeof createInside>

/**
 * The real places of paths in the data folder. Links that stay in the folder are followed. A link that leads out of
 * it is not: it gives an error with the code OUTSIDE. The data folder itself may be a link.
 */
export function createInside(root: string, fs: Pick<typeof nodeFs, 'realpath' | 'lstat'>) {
  /** The real path of the root. It is read again when a path seems to be outside, because the root may be relinked. */
  let base: string | undefined

  async function check(real: string): Promise<string> {
    if (base === undefined || !isWithin(base, real)) base = await fs.realpath(root)
    if (!isWithin(base, real)) throw codedError(OUTSIDE)
    return real
  }

  /** Where something is, or would be made. A link on the way that leads to nothing counts as leading out. */
  async function placeOf(path: string): Promise<string> {
    try {
      return await check(await fs.realpath(path))
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
      if (path === root) return root
      if (await isLink(path)) throw codedError(OUTSIDE)
      return join(await placeOf(dirname(path)), basename(path))
    }
  }

  async function isLink(path: string): Promise<boolean> {
    try {
      return (await fs.lstat(path)).isSymbolicLink()
    } catch (error) {
      if (MISSING.has(codeOf(error))) return false
      throw error
    }
  }

  return {
    /** The real path of what exists. Links are followed, the last part of the path too. */
    async existing(path: string): Promise<string> {
      return await check(await fs.realpath(resolveInside(root, path)))
    },

    /** The real path of what may not exist yet. Links are followed, the last part of the path too. */
    async place(path: string): Promise<string> {
      return await placeOf(resolveInside(root, path))
    },

    /** The real path of an entry of a folder: the last part of the path is not followed. */
    async entry(path: string): Promise<string> {
      const target = resolveInside(root, path)
      if (target === root) throw codedError(OUTSIDE)
      return join(await placeOf(dirname(target)), basename(target))
    },

    isLink: async (path: string) => await isLink(resolveInside(root, path))
  }
}

/** Whether a real path is a folder, or below it. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}
