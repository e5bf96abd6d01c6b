import { open, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { constants } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { errors, isServiceError } from '../errors.ts'
import { NOT_A_FILE, codeOf, codedError, reasonOf } from './system-errors.ts'

const LOCK_FILE = 'dalleserver.lock'
const HOLDER_BYTES = 1024
const UNKNOWN_HOLDER = 'another process'
/** A link is not followed, and a FIFO does not wait for its other end. */
const SAFE = constants.O_NOFOLLOW | constants.O_NONBLOCK
/** Codes of file systems that have no locks. */
const UNSUPPORTED = new Set(['ENOLCK', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL'])

export const ANOTHER_FOLDER =
  'The data folder is not the one of the start: it was unmounted, removed or replaced'

/** Whether an operation was refused because the data folder is another one. */
export const isOfAnotherFolder = (error: unknown): boolean =>
  isServiceError(error) && error.message === ANOTHER_FOLDER

/** The content of the lock file. It describes the holder to people; only the lock of the system counts. */
const HolderSchema = Type.Object({
  host: Type.String({ maxLength: 255 }),
  pid: Type.Integer(),
  since: Type.String({ maxLength: 40 }),
  /** When it gave the lock back; absent after a kill. */
  stopped: Type.Optional(Type.String({ maxLength: 40 }))
})

type Holder = Static<typeof HolderSchema>

export interface FolderLockOptions {
  /** The data folder, absolute. It must exist. */
  root: string
  /**
   * The lock allows other processes that share it, and none that does not. For processes whose state is in a database.
   */
  isShared?: boolean
  /** Called once when the system cannot lock. The folder is then used without a lock. */
  onUnsupported?: (reason: string) => void
}

export type FolderLock = ReturnType<typeof createFolderLock>

/**
 * The lock of a data folder: one process works on a folder, or several that share the lock. The kernel keeps it
 * (`fcntl` with `F_OFD_SETLK` on Linux, `flock` on macOS, `LockFileEx` on Windows). So it holds across containers and
 * process namespaces of one host, and it is free at once when its holder ends, however it ends. On NFS 4 it holds
 * across hosts too; after the crash of a host the NFS server frees it when the client's lease is over.
 */
export function createFolderLock({ root, isShared = false, onUnsupported = () => {} }: FolderLockOptions) {
  const path = join(root, LOCK_FILE)
  let held: FileHandle | undefined
  let isUnsupported = false
  let afterCleanStop: boolean | undefined
  let hasCrashed = false
  let described = { host: '', pid: 0, since: '' }

  async function lock(handle: FileHandle): Promise<boolean> {
    try {
      const { tryLock } = await import('fs-native-extensions')
      return tryLock(handle.fd, { shared: isShared })
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException
      const isMissing = code !== '' && /NOT_FOUND|DLOPEN/.test(code)
      if (!isMissing && !UNSUPPORTED.has(code)) throw error
      if (!isUnsupported) onUnsupported(isMissing ? 'no lock library for this system' : message)
      isUnsupported = true
      return true
    }
  }

  async function openFile(flags: number): Promise<FileHandle> {
    const handle = await open(path, flags | SAFE, 0o644)
    if ((await handle.stat()).isFile()) return handle
    await handle.close()
    throw codedError(NOT_A_FILE)
  }

  /** Whether the path still leads to the opened file. */
  async function isSameFile(handle: FileHandle): Promise<boolean> {
    // A mount that has died refuses both.
    const [opened, found] = await Promise.all(
      [handle.stat({ bigint: true }), stat(path, { bigint: true })].map((stats) =>
        stats.catch(() => undefined)
      )
    )
    if (opened === undefined || found === undefined) return false
    return found.ino === opened.ino && found.dev === opened.dev
  }

  async function acquire(): Promise<boolean> {
    const handle = await openFile(constants.O_RDWR | constants.O_CREAT)
    try {
      // Between open and lock another process may have replaced the file. A lock of the old file protects nothing.
      if (!(await lock(handle)) || !(await isSameFile(handle))) {
        await handle.close()
        return false
      }
    } catch (error) {
      await handle.close()
      throw error
    }
    held = handle
    // Those that share the lock overwrite what the others wrote.
    if (!isShared && !isUnsupported) {
      const { size } = await handle.stat()
      const before = size === 0 ? undefined : await readHolder(handle).catch(() => undefined)
      afterCleanStop = size === 0 || before?.stopped !== undefined
    }
    // The lock counts, not its description, which a full disk does not take.
    described = { host: hostname(), pid: process.pid, since: new Date().toISOString() }
    await describeHolder(handle, described).catch(() => {})
    return true
  }

  return {
    /**
     * Takes the lock if it is free, or has it already. Call it again until it resolves with true.
     * @throws FILE_SYSTEM_ERROR if the lock file cannot be opened or written
     */
    async tryAcquire(): Promise<boolean> {
      try {
        return held !== undefined || (await acquire())
      } catch (error) {
        // With O_NOFOLLOW this is the code of any link.
        const reason = codeOf(error) === 'ELOOP' ? 'it is a link' : reasonOf(codeOf(error))
        throw errors.fileSystem(`${LOCK_FILE} in it cannot be locked: ${reason}`, error)
      }
    },

    /** The process that has the lock, in words: `process 7 on 3f2a, since 2026-11-26T03:00:00.000Z`. */
    async holder(): Promise<string> {
      const handle = await openFile(constants.O_RDONLY).catch(() => undefined)
      if (handle === undefined) return UNKNOWN_HOLDER
      try {
        const holder = await readHolder(handle)
        if (holder === undefined) return UNKNOWN_HOLDER
        return `process ${holder.pid} on ${JSON.stringify(holder.host)}, since ${JSON.stringify(holder.since)}`
      } catch {
        return UNKNOWN_HOLDER
      } finally {
        await handle.close()
      }
    },

    /** Whether this process has the lock. */
    get isHeld(): boolean {
      return held !== undefined
    },

    /**
     * Whether the holder before this one gave the lock back, or there was none. False after a crash or a kill.
     * Undefined while this process has no lock, and where it is shared.
     */
    get afterCleanStop(): boolean | undefined {
      return held === undefined ? undefined : afterCleanStop
    },

    /**
     * Whether the data folder is still the one that was locked. It is another one after an unmount, or when somebody
     * replaced or removed the folder.
     */
    async isInPlace(): Promise<boolean> {
      return held !== undefined && (await isSameFile(held))
    },

    /** @throws SERVICE_UNAVAILABLE if this process has the lock of another folder than that which is there now */
    async checkPlace(): Promise<void> {
      if (held !== undefined && !(await isSameFile(held))) throw errors.unavailable(ANOTHER_FOLDER)
    },

    /** The process ends by an error: the next holder must not take its end for a stop in order. */
    recordCrash(): void {
      hasCrashed = true
    },

    /** Gives the lock back. The file stays: removing it would let two processes lock different files. */
    async release(): Promise<void> {
      const handle = held
      held = undefined
      if (handle !== undefined && !isShared && !hasCrashed) {
        await describeHolder(handle, { ...described, stopped: new Date().toISOString() }).catch(() => {})
      }
      await handle?.close()
    }
  }
}

async function readHolder(handle: FileHandle): Promise<Holder | undefined> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HOLDER_BYTES), 0, HOLDER_BYTES, 0)
  const holder: unknown = JSON.parse(buffer.toString('utf8', 0, bytesRead))
  return Value.Check(HolderSchema, holder) ? holder : undefined
}

async function describeHolder(handle: FileHandle, holder: Holder): Promise<void> {
  await handle.truncate()
  await handle.write(`${JSON.stringify(holder)}\n`, 0)
}
