import { randomBytes } from 'node:crypto'
import * as nodeFs from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { Dirent, Stats } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import pRetry from 'p-retry'
import { errors, isServiceError } from '../errors.ts'
import { resolveInside } from './layout.ts'

const TRANSIENT = new Set(['EBUSY', 'EAGAIN', 'EINTR', 'EMFILE', 'ENFILE'])
/** Answers that mean there is no such file. */
const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'])
const RETRIES = 3
const FIRST_WAIT_MS = 20

/** What a failing operation says to the client, by the system's error code. */
const REASON: Record<string, string> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'the server may not access the file',
  EPERM: 'the server may not access the file',
  EROFS: 'the disk is read-only',
  ENOENT: 'a folder on the way is missing',
  ENOTDIR: 'a file is where a folder must be',
  EEXIST: 'a file is where a folder must be',
  ENAMETOOLONG: 'its name is too long'
}

/** What is done to files, as an error puts it. */
const OPERATIONS = {
  write: 'write a file',
  append: 'append to a file',
  read: 'read a file',
  open: 'open a file',
  copy: 'copy a file',
  remove: 'remove a file',
  stat: 'look at a file',
  list: 'list a folder',
  make_folder: 'make a folder',
  disk_space: 'ask for disk space',
  write_check: 'write to the data folder'
} as const

export type FileOperation = keyof typeof OPERATIONS

export const FILE_OPERATIONS = Object.keys(OPERATIONS) as FileOperation[]

const TEMPORARY = /^\..+\.(\d+)\.[0-9a-f]{8}\.tmp$/

export interface DiskSpace {
  totalBytes: number
  /** What a process without privileges may still write. */
  freeBytes: number
  /** Used share in percent, as `df` counts it. */
  usedPercent: number
}

export interface FilesOptions {
  /** The data folder, absolute. All paths are relative to it and stay inside. */
  root: string
  /** Told of each operation once, after its retries. */
  onOperation?: (kind: FileOperation, ok: boolean) => void
  /** Told of each repetition. */
  onRetry?: () => void
  /** Stands in for node:fs/promises where a test injects faults. */
  fs?: Pick<
    typeof nodeFs,
    'open' | 'rename' | 'mkdir' | 'rm' | 'readFile' | 'readdir' | 'stat' | 'statfs' | 'copyFile'
  >
}

export type Files = ReturnType<typeof createFiles>

/**
 * File operations that keep what they are given: a write is seen whole or not at all, passing errors are retried, lasting
 * ones become a FILE_SYSTEM_ERROR that names the reason but no path.
 */
export function createFiles({ root, onOperation = () => {}, onRetry = () => {}, fs = nodeFs }: FilesOptions) {
  const at = (path: string) => resolveInside(root, path)

  /** Runs one operation, again where its error may pass. */
  async function demand<T>(kind: FileOperation, operation: () => Promise<T>): Promise<T> {
    try {
      const result = await pRetry(operation, {
        retries: RETRIES,
        minTimeout: FIRST_WAIT_MS,
        randomize: true,
        shouldRetry: ({ error }) => TRANSIENT.has(codeOf(error)),
        onFailedAttempt: ({ error, retriesLeft }) => {
          if (retriesLeft > 0 && TRANSIENT.has(codeOf(error))) onRetry()
        }
      })
      onOperation(kind, true)
      return result
    } catch (error) {
      onOperation(kind, false)
      if (isServiceError(error)) throw error
      const code = codeOf(error)
      throw errors.fileSystem(
        `Could not ${OPERATIONS[kind]}: ${REASON[code] ?? `the system answered ${code}`}`,
        error
      )
    }
  }

  /** The same where a missing file is an answer and not an error: it yields undefined. */
  async function attempt<T>(kind: FileOperation, operation: () => Promise<T>): Promise<T | undefined> {
    return await demand(kind, async () => {
      try {
        return await operation()
      } catch (error) {
        if (MISSING.has(codeOf(error))) return undefined
        throw error
      }
    })
  }

  /** Flushes a folder, so that a rename in it survives a power cut; some systems cannot, and lose nothing else by it. */
  async function syncFolder(folder: string): Promise<void> {
    const handle = await fs.open(folder, 'r').catch(() => undefined)
    if (handle === undefined) return
    await handle.sync().catch(() => {})
    await handle.close()
  }

  /** Puts a file in place in one step: filled beside its final name by `fill`, flushed, renamed. */
  async function replace(path: string, fill: (temporary: string) => Promise<void>): Promise<true> {
    const target = at(path)
    const temporary = join(
      dirname(target),
      `.${basename(target)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`
    )
    await fs.mkdir(dirname(target), { recursive: true })
    try {
      await fill(temporary)
      await fs.rename(temporary, target)
    } catch (error) {
      await fs.rm(temporary, { force: true }).catch(() => {})
      throw error
    }
    await syncFolder(dirname(target))
    return true
  }

  async function fillWith(temporary: string, content: string | Uint8Array): Promise<void> {
    const handle = await fs.open(temporary, 'wx')
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
  }

  const files = {
    /** Writes a file atomically and durably; its folder is made. */
    async write(path: string, content: string | Uint8Array): Promise<void> {
      await demand('write', () => replace(path, (temporary) => fillWith(temporary, content)))
    },

    /** Adds a line to a file; its folder is made. Where the last line was cut off, the new one still begins on its own. */
    async appendLine(path: string, line: string): Promise<void> {
      await demand('append', async () => {
        await fs.mkdir(dirname(at(path)), { recursive: true })
        const handle = await fs.open(at(path), 'a+')
        try {
          const { size } = await handle.stat()
          const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1))
          const isCut = size > 0 && buffer.toString() !== '\n'
          await handle.writeFile(`${isCut ? '\n' : ''}${line}\n`)
        } finally {
          await handle.close()
        }
        return true
      })
    },

    /** The bytes of a file, undefined when there is none. */
    async read(path: string): Promise<Buffer | undefined> {
      return await attempt('read', () => fs.readFile(at(path)))
    },

    /** The text of a file, undefined when there is none. */
    async readText(path: string): Promise<string | undefined> {
      return (await files.read(path))?.toString('utf8')
    },

    /** A file opened for reading, undefined when there is none. The caller closes it. */
    async open(path: string): Promise<FileHandle | undefined> {
      return await attempt('open', () => fs.open(at(path), 'r'))
    },

    /** Copies a file atomically; its target's folder is made. False when there is nothing to copy. */
    async copy(from: string, to: string): Promise<boolean> {
      return (
        (await attempt('copy', () =>
          replace(to, async (temporary) => {
            await fs.copyFile(at(from), temporary)
            const handle = await fs.open(temporary, 'r+')
            await handle.sync().finally(() => handle.close())
          })
        )) ?? false
      )
    },

    /** Removes a file. False when there was none. */
    async remove(path: string): Promise<boolean> {
      return (
        (await attempt('remove', async () => {
          await fs.rm(at(path))
          await syncFolder(dirname(at(path)))
          return true
        })) ?? false
      )
    },

    /** Size and times of a file, undefined when there is none. */
    async stat(path: string): Promise<Stats | undefined> {
      return await attempt('stat', () => fs.stat(at(path)))
    },

    /** What a folder holds, in no particular order; nothing when there is no folder. */
    async list(path: string): Promise<Dirent[]> {
      return (await attempt('list', () => fs.readdir(at(path), { withFileTypes: true }))) ?? []
    },

    async makeFolder(path: string): Promise<void> {
      await demand('make_folder', async () => {
        await fs.mkdir(at(path), { recursive: true })
        return true
      })
    },

    /** The space of the disk that holds the data folder. */
    async diskSpace(): Promise<DiskSpace> {
      const { bsize, blocks, bfree, bavail } = await demand('disk_space', () => fs.statfs(root))
      const used = blocks - bfree
      return {
        totalBytes: blocks * bsize,
        freeBytes: bavail * bsize,
        usedPercent: used + bavail === 0 ? 0 : (used / (used + bavail)) * 100
      }
    },

    /**
     * Writes a small file into the data folder, reads it back and removes it.
     * @throws FILE_SYSTEM_ERROR when any of that fails
     */
    async checkWriteAccess(): Promise<void> {
      const isSame = await demand('write_check', async () => {
        const probe = randomBytes(16)
        const path = at(`.write-check.${process.pid}.${probe.toString('hex', 0, 4)}.tmp`)
        await fs.mkdir(root, { recursive: true })
        try {
          await fillWith(path, probe)
          return probe.equals(await fs.readFile(path))
        } finally {
          await fs.rm(path, { force: true })
        }
      })
      if (!isSame) throw errors.fileSystem('The data folder does not return what was written to it')
    },

    /**
     * Removes temporary files of processes that are gone, in a folder and below. Meant for the start, before anything is
     * written: so those under this process' own id are left-overs too (in a container every process has id 1). A folder that
     * may not be read, such as lost+found, is passed over.
     * @returns how many were removed
     */
    async sweep(folder: string): Promise<number> {
      let removed = 0
      for (const entry of await files.list(folder).catch(() => [])) {
        const path = join(folder, entry.name)
        const owner = entry.isFile() ? TEMPORARY.exec(entry.name)?.[1] : undefined
        if (entry.isDirectory()) removed += await files.sweep(path)
        else if (owner !== undefined && !isAlive(Number(owner)) && (await files.remove(path))) removed += 1
      }
      return removed
    }
  }
  return files
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'an unknown error'
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}
