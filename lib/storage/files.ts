import * as nodeFs from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { constants } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errors } from '../errors.ts'
import type { FileStat, FolderEntry, OpenFile, ReadOptions, WriteOptions } from './file-types.ts'
import { createFlush } from './flush.ts'
import { createFolderChecks } from './folder-checks.ts'
import { createInside } from './inside.ts'
import { FOLDERS } from './layout.ts'
import { createPerform } from './perform.ts'
import type { PerformOptions } from './perform.ts'
import { createRemoveOlder } from './remove-older.ts'
import { createSetAside } from './set-aside.ts'
import { createSweep, temporaryName } from './temporary.ts'
import { makeFolders } from './make-folders.ts'
import { MISSING, NOT_A_FILE, codeOf, codedError, reasonOf } from './system-errors.ts'

const STATS_AT_ONCE = 64

/** Does not wait for the writer of a FIFO, and does not follow a link that has just replaced the file. */
const SAFE = constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY
const READ = constants.O_RDONLY | SAFE
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | SAFE

const PRIVATE = { file: 0o600, folder: 0o750 }

export interface FilesOptions extends PerformOptions {
  /** The data folder, absolute. All paths are relative to it and stay inside. */
  root: string
  /** Other processes write to the folder too: the sweep removes only temporary files that are old. */
  isShared?: boolean
  /** Called before each change of a file, with its path. What it throws refuses the change. */
  guard?: (path: string, isWrite: boolean) => Promise<void>
  /** Runs work while no other process runs work of this name. Without it, there is no other process. */
  exclusively?: <T>(name: string, work: () => Promise<T>) => Promise<T>
  /** Called after each operation that may have changed a file, with its path as it was given. */
  onChange?: (path: string) => void
  /** Called once with each lack of the file system that the service can bear. */
  onWarning?: (message: string) => void
  /** Replaces node:fs/promises; tests inject faults. */
  fs?: Pick<
    typeof nodeFs,
    | 'open'
    | 'rename'
    | 'mkdir'
    | 'rm'
    | 'cp'
    | 'readFile'
    | 'readdir'
    | 'opendir'
    | 'stat'
    | 'lstat'
    | 'lutimes'
    | 'rmdir'
    | 'realpath'
    | 'statfs'
  >
}

export type Files = ReturnType<typeof createFiles>

/**
 * File operations in the data folder. Writes are atomic and durable. Transient errors are retried; other errors
 * become a FILE_SYSTEM_ERROR that names the reason but no path.
 *
 * Other programs write to the folder too. Only regular files are read; all else counts as missing. Links that lead
 * out of the data folder are not followed: what they lead to counts as missing, and is neither written nor removed.
 */
export function createFiles({
  root,
  isShared = false,
  checkPlace,
  guard = async () => {},
  exclusively = async (_name, work) => await work(),
  onOperation = () => {},
  onChange = () => {},
  onWarning = () => {},
  onRetry,
  firstWaitMs,
  fs = nodeFs
}: FilesOptions) {
  /** The names of the temporary files that are being written. A sweep leaves them. */
  const ownTemporary = new Set<string>()
  const inside = createInside(root, fs)
  const { setAside: moveAside, moveTo } = createSetAside(fs, inside)
  const removeOlder = createRemoveOlder(fs, inside)
  const { flushFile, flushFolder } = createFlush(fs, onWarning)
  const { perform, performIfExists } = createPerform({ checkPlace, onOperation, onRetry, firstWaitMs })

  async function change<T>(path: string, operation: () => Promise<T>, isWrite = false): Promise<T> {
    await guard(path, isWrite)
    try {
      return await operation()
    } finally {
      onChange(path)
    }
  }

  /**
   * Writes a temporary file beside a path, flushes it and passes it on. Creates the folder. Whatever happens, no
   * temporary file is left.
   */
  async function withTemporary<T>(
    target: string,
    content: string | Uint8Array,
    work: (temporary: string) => Promise<T>,
    { isPrivate = false, modifiedMs }: Pick<WriteOptions, 'isPrivate' | 'modifiedMs'> = {}
  ): Promise<T> {
    const name = temporaryName(basename(target))
    const temporary = join(dirname(target), name)
    await makeFolders(fs, dirname(target), isPrivate ? PRIVATE.folder : undefined)
    ownTemporary.add(name)
    try {
      await writeAndFlush(temporary, content, isPrivate ? PRIVATE.file : undefined, modifiedMs)
      return await work(temporary)
    } finally {
      await fs.rm(temporary, { force: true }).catch(() => {})
      ownTemporary.delete(name)
    }
  }

  /** Writes a file atomically: to a temporary file in the same folder, which is flushed and then renamed. */
  async function replace(
    path: string,
    content: string | Uint8Array,
    { setAside = false, ...options }: WriteOptions
  ): Promise<void> {
    const target = await inside.entry(path)
    const rename = async (temporary: string) => {
      await fs.rename(temporary, target).catch(async (error: unknown) => {
        if (!setAside || codeOf(error) !== 'EISDIR') throw error
        await moveAside(path, FOLDERS.broken)
        await fs.rename(temporary, target)
      })
    }
    await withTemporary(target, content, rename, options)
    await flushFolder(dirname(target))
  }

  async function writeAndFlush(
    file: string,
    content: string | Uint8Array,
    mode?: number,
    modifiedMs?: number
  ) {
    const handle = await fs.open(file, 'wx', mode)
    try {
      await handle.writeFile(content)
      if (modifiedMs !== undefined) await handle.utimes(modifiedMs / 1_000, modifiedMs / 1_000)
      await flushFile(handle)
    } finally {
      await handle.close()
    }
  }

  /** Opens a regular file. */
  async function openFile(place: string, flags: number): Promise<OpenFile & { handle: FileHandle }> {
    const handle = await fs.open(place, flags)
    try {
      const stat = await handle.stat()
      if (!stat.isFile()) throw codedError(NOT_A_FILE)
      return { handle, bytes: stat.size, modifiedMs: stat.mtimeMs }
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  const files = {
    ...createFolderChecks({ root, fs, inside, perform, withTemporary }),

    /** Writes a file atomically and durably; creates its folder. */
    async write(path: string, content: string | Uint8Array, options: WriteOptions = {}): Promise<void> {
      await change(path, () => perform('write', () => replace(path, content, options)), true)
      const stat = options.commit && (await files.stat(path))
      if (stat !== undefined) await options.commit!({ bytes: stat.size, modifiedMs: stat.mtimeMs })
    },

    /**
     * Runs work while no other process runs work of the same name, where there are other processes. Where files have
     * rows in a database, its changes are kept as a whole.
     */
    exclusively,

    /** Appends a line to a file; creates its folder. If the last line has no end, the new one still starts a line. */
    async appendLine(path: string, line: string): Promise<void> {
      await perform('append', async () => {
        const place = await inside.place(path)
        await makeFolders(fs, dirname(place))
        const { handle, bytes } = await openFile(place, APPEND)
        try {
          const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, bytes - 1))
          const isCut = bytes > 0 && buffer.toString() !== '\n'
          await handle.writeFile(`${isCut ? '\n' : ''}${line}\n`)
        } finally {
          await handle.close()
        }
      })
    },

    /** The bytes of a file; undefined if it does not exist or is longer than `maxBytes`. */
    async read(path: string, { maxBytes = Infinity }: ReadOptions = {}): Promise<Buffer | undefined> {
      return await performIfExists('read', async () => {
        const { handle, bytes } = await openFile(await inside.existing(path), READ)
        try {
          return bytes > maxBytes ? undefined : await fs.readFile(handle)
        } finally {
          await handle.close()
        }
      })
    },

    /** The text of a file; undefined if it does not exist or is longer than `maxBytes`. */
    async readText(path: string, options?: ReadOptions): Promise<string | undefined> {
      return (await files.read(path, options))?.toString('utf8')
    },

    /** Opens a file for reading; undefined if it does not exist. The caller closes it. */
    async open(path: string): Promise<OpenFile | undefined> {
      return await performIfExists('open', async () => await openFile(await inside.existing(path), READ))
    },

    /** Removes a file, or a link and not what it leads to. False if it did not exist. */
    async remove(path: string): Promise<boolean> {
      const remove = async () => {
        const entry = await inside.entry(path)
        await fs.rm(entry)
        await flushFolder(dirname(entry))
        return true
      }
      return (await change(path, () => performIfExists('remove', remove, MISSING))) ?? false
    },

    /**
     * Moves whatever lies at a path to archives/broken: a file, a folder, a FIFO, a link. False if nothing lies there.
     */
    async setAside(path: string): Promise<boolean> {
      return await change(path, () => perform('move', () => moveAside(path, FOLDERS.broken)))
    },

    /** Moves a file that is replaced or removed to `archives/`. False if there is none. */
    async archive(path: string): Promise<boolean> {
      return await change(path, () => perform('move', () => moveAside(path, FOLDERS.archives)))
    },

    /** Moves something to another path, over a file that lies there. False if there is none. Its time becomes now. */
    async move(path: string, target: string, { keepTime = false } = {}): Promise<boolean> {
      const move = () => perform('move', () => moveTo(path, target, keepTime))
      return await change(path, () => change(target, move))
    },

    /** Whether a path is a link, wherever it leads. */
    async isLink(path: string): Promise<boolean> {
      return await perform('stat', () => inside.isLink(path))
    },

    /**
     * Removes what was changed before a Unix time in milliseconds from a folder, with the folders that are empty since
     * then. Returns how many files were removed.
     */
    async removeOlder(path: string, beforeMs: number): Promise<number> {
      return await perform('remove', () => removeOlder(path, beforeMs))
    },

    /** Size and times of a file or folder; undefined if it does not exist. */
    async stat(path: string): Promise<FileStat | undefined> {
      return await performIfExists('stat', async () => await fs.stat(await inside.existing(path)))
    },

    /**
     * Size and times of the files in a folder by name, in the order of `entries`, without those that do not exist.
     * @param entries some of what `list` returned for the folder
     */
    async statAll(path: string, entries: readonly FolderEntry[]): Promise<Map<string, FileStat>> {
      const found: Array<[string, FileStat]> = []
      const folder = await performIfExists('stat', () => inside.existing(path))
      if (folder === undefined) return new Map()
      // The folder is checked once, which halves the time: an entry of it that is no link is inside too.
      const statEntry = async (entry: FolderEntry) => {
        if (entry.isSymbolicLink()) return await files.stat(`${path}/${entry.name}`)
        const place = join(folder, entry.name)
        // The retries take longer than the call itself, so they begin only where it fails.
        const stat = await fs.stat(place).catch(() => undefined)
        if (stat !== undefined) onOperation('stat', true)
        return stat ?? (await performIfExists('stat', () => fs.stat(place)))
      }
      for (let at = 0; at < entries.length; at += STATS_AT_ONCE) {
        const batch = entries.slice(at, at + STATS_AT_ONCE)
        for (const [index, stat] of (await Promise.all(batch.map(statEntry))).entries()) {
          if (stat?.isFile()) found.push([batch[index]!.name, stat])
        }
      }
      return new Map(found)
    },

    /**
     * The entries of a folder in no particular order; empty if the folder does not exist.
     * @param beginning only the entries whose names begin with it
     */
    async list(path: string, beginning = ''): Promise<FolderEntry[]> {
      const list = async () => await fs.readdir(await inside.existing(path), { withFileTypes: true })
      const entries = (await performIfExists('list', list, MISSING)) ?? []
      return beginning === '' ? entries : entries.filter(({ name }) => name.startsWith(beginning))
    },

    async makeFolder(path: string): Promise<void> {
      await perform('make_folder', async () => {
        await makeFolders(fs, await inside.place(path))
      })
    },

    /**
     * Checks folders that only the service itself makes.
     * @throws FILE_SYSTEM_ERROR that names a folder which is a link out of the data folder, or to nothing
     */
    async refuseLinks(folders: readonly string[]): Promise<void> {
      for (const folder of folders) {
        if (!(await perform('stat', () => inside.isLink(folder)))) continue
        if ((await files.stat(folder)) !== undefined) continue
        throw errors.fileSystem(
          `${folder} in it is a link that leads out of it or to nothing; mount the folder there instead`
        )
      }
    },

    /**
     * Removes temporary files that are left over in a folder and its subfolders. In a folder of one process these are
     * all but its own: call it while no other process works on the folder. In a shared folder they are those that are
     * an hour old. Folders that cannot be read, such as lost+found, are skipped.
     * @returns how many files were removed
     */
    sweep: async (folder: string): Promise<number> => await sweep(folder)
  }
  const sweep = createSweep({
    ...files,
    isOwn: (name) => ownTemporary.has(name),
    isShared,
    now: async () =>
      await perform('stat', () =>
        withTemporary(join(root, 'clock'), '', async (path) => (await fs.stat(path)).mtimeMs)
      )
  })
  return files
}

/** Why an entry of a folder is no file that can be read; undefined if it may just have been removed. */
export function whyNoFile(entry: FolderEntry): string | undefined {
  // The system's names are bytes; those that are not UTF-8 cannot be asked for.
  if (entry.name.includes('\uFFFD')) return 'its name is not UTF-8'
  if (entry.isFile()) return undefined
  if (entry.isSymbolicLink()) return 'it is a link that leads to no file in the data folder'
  return reasonOf(entry.isDirectory() ? 'EISDIR' : NOT_A_FILE)
}
