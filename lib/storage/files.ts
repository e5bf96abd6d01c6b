import { randomBytes } from 'node:crypto'
import * as nodeFs from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { Dirent, Stats } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import pRetry from 'p-retry'
import { errors, isServiceError } from '../errors.ts'
import { resolveInside } from './layout.ts'

const TRANSIENT = new Set(['EBUSY', 'EAGAIN', 'EINTR', 'EMFILE', 'ENFILE'])
/** Codes that mean that the file does not exist. */
const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'])
const RETRIES = 3
const FIRST_WAIT_MS = 20

/** Reasons of failures in words, by the error code of the system. */
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

/** The operations, in the words of an error text. */
const OPERATIONS = {
  write: 'write a file',
  append: 'append to a file',
  read: 'read a file',
  open: 'open a file',
  remove: 'remove a file',
  stat: 'read size and times of a file',
  list: 'list a folder',
  make_folder: 'make a folder',
  disk_space: 'read the disk space',
  write_check: 'write to the data folder'
} as const

export type FileOperation = keyof typeof OPERATIONS

export const FILE_OPERATIONS = Object.keys(OPERATIONS) as FileOperation[]

const TEMPORARY = /^\..+\.(\d+)\.[0-9a-f]{8}\.tmp$/

export interface DiskSpace {
  totalBytes: number
  /** What a process without privileges can still write. */
  freeBytes: number
  /** Used share in percent, as `df` counts it. */
  usedPercent: number
}

export interface FilesOptions {
  /** The data folder, absolute. All paths are relative to it and stay inside. */
  root: string
  /** Called once for each operation, after its retries. */
  onOperation?: (kind: FileOperation, ok: boolean) => void
  /** Called before each retry. */
  onRetry?: () => void
  /** Milliseconds before the first retry; each further wait is twice as long. Tests set 0. */
  firstWaitMs?: number
  /** Replaces node:fs/promises; tests inject faults. */
  fs?: Pick<typeof nodeFs, 'open' | 'rename' | 'mkdir' | 'rm' | 'readFile' | 'readdir' | 'stat' | 'statfs'>
}

export type Files = ReturnType<typeof createFiles>

/**
 * File operations in the data folder. Writes are atomic and durable. Transient errors are retried; other errors
 * become a FILE_SYSTEM_ERROR that names the reason but no path.
 */
export function createFiles({
  root,
  onOperation = () => {},
  onRetry = () => {},
  firstWaitMs = FIRST_WAIT_MS,
  fs = nodeFs
}: FilesOptions) {
  const at = (path: string) => resolveInside(root, path)

  /** Runs an operation and retries transient errors. */
  async function perform<T>(kind: FileOperation, operation: () => Promise<T>): Promise<T> {
    try {
      const result = await pRetry(operation, {
        retries: RETRIES,
        minTimeout: firstWaitMs,
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

  /** Like `perform`, but the result is undefined if the file does not exist. */
  async function performIfExists<T>(
    kind: FileOperation,
    operation: () => Promise<T>
  ): Promise<T | undefined> {
    return await perform(kind, async () => {
      try {
        return await operation()
      } catch (error) {
        if (MISSING.has(codeOf(error))) return undefined
        throw error
      }
    })
  }

  /** Flushes a folder, so that a rename in it survives a power failure. Systems that cannot do this are ignored. */
  async function syncFolder(folder: string): Promise<void> {
    const handle = await fs.open(folder, 'r').catch(() => undefined)
    if (handle === undefined) return
    await handle.sync().catch(() => {})
    await handle.close()
  }

  /** Writes a file atomically: to a temporary file in the same folder, which is flushed and then renamed. */
  async function replace(path: string, content: string | Uint8Array): Promise<void> {
    const target = at(path)
    const temporary = join(
      dirname(target),
      `.${basename(target)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`
    )
    await fs.mkdir(dirname(target), { recursive: true })
    try {
      await writeAndFlush(temporary, content)
      await fs.rename(temporary, target)
    } catch (error) {
      await fs.rm(temporary, { force: true }).catch(() => {})
      throw error
    }
    await syncFolder(dirname(target))
  }

  async function writeAndFlush(file: string, content: string | Uint8Array): Promise<void> {
    const handle = await fs.open(file, 'wx')
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
  }

  const files = {
    /** Writes a file atomically and durably; creates its folder. */
    async write(path: string, content: string | Uint8Array): Promise<void> {
      await perform('write', () => replace(path, content))
    },

    /** Appends a line to a file; creates its folder. If the last line has no end, the new one still starts a line. */
    async appendLine(path: string, line: string): Promise<void> {
      await perform('append', async () => {
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
      })
    },

    /** The bytes of a file; undefined if it does not exist. */
    async read(path: string): Promise<Buffer | undefined> {
      return await performIfExists('read', () => fs.readFile(at(path)))
    },

    /** The text of a file; undefined if it does not exist. */
    async readText(path: string): Promise<string | undefined> {
      return (await files.read(path))?.toString('utf8')
    },

    /** Opens a file for reading; undefined if it does not exist. The caller closes it. */
    async open(path: string): Promise<FileHandle | undefined> {
      return await performIfExists('open', () => fs.open(at(path), 'r'))
    },

    /** Removes a file. False if it did not exist. */
    async remove(path: string): Promise<boolean> {
      return (
        (await performIfExists('remove', async () => {
          await fs.rm(at(path))
          await syncFolder(dirname(at(path)))
          return true
        })) ?? false
      )
    },

    /** Size and times of a file; undefined if it does not exist. */
    async stat(path: string): Promise<Stats | undefined> {
      return await performIfExists('stat', () => fs.stat(at(path)))
    },

    /** The entries of a folder in no particular order; empty if the folder does not exist. */
    async list(path: string): Promise<Dirent[]> {
      return (await performIfExists('list', () => fs.readdir(at(path), { withFileTypes: true }))) ?? []
    },

    async makeFolder(path: string): Promise<void> {
      await perform('make_folder', async () => {
        await fs.mkdir(at(path), { recursive: true })
      })
    },

    /** The space of the disk that holds the data folder. */
    async diskSpace(): Promise<DiskSpace> {
      const { bsize, blocks, bfree, bavail } = await perform('disk_space', () => fs.statfs(root))
      const used = blocks - bfree
      return {
        totalBytes: blocks * bsize,
        freeBytes: bavail * bsize,
        usedPercent: used + bavail === 0 ? 0 : (used / (used + bavail)) * 100
      }
    },

    /**
     * Writes a small file into the data folder, reads it back and removes it.
     * @throws FILE_SYSTEM_ERROR if a step fails
     */
    async checkWriteAccess(): Promise<void> {
      const isSame = await perform('write_check', async () => {
        const probe = randomBytes(16)
        const path = at(`.write-check.${process.pid}.${probe.toString('hex', 0, 4)}.tmp`)
        await fs.mkdir(root, { recursive: true })
        try {
          await writeAndFlush(path, probe)
          return probe.equals(await fs.readFile(path))
        } finally {
          await fs.rm(path, { force: true })
        }
      })
      if (!isSame) throw errors.fileSystem('The data folder does not return what was written to it')
    },

    /**
     * Removes the temporary files of ended processes in a folder and its subfolders. Call it at the start, before
     * the first write: files with the id of this process count as old too (in a container every process has id 1).
     * Folders that cannot be read, such as lost+found, are skipped.
     * @returns how many files were removed
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
