import type { Readable } from 'node:stream'
import type { FileStamp } from './file-version.ts'

/** The operations, in the words of an error text. */
export const FILE_ACTIONS = {
  write: 'write a file',
  append: 'append to a file',
  move: 'move a file away',
  read: 'read a file',
  open: 'open a file',
  remove: 'remove a file',
  stat: 'read size and times of a file',
  list: 'list a folder',
  make_folder: 'make a folder',
  disk_space: 'read the disk space',
  write_check: 'write to the data folder'
} as const

export type FileOperation = keyof typeof FILE_ACTIONS

export const FILE_OPERATIONS = Object.keys(FILE_ACTIONS) as FileOperation[]

/** What is read of an open file. A FileHandle of Node is one. */
export interface ReadHandle {
  read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number
  ): Promise<{ bytesRead: number; buffer: Buffer }>
  readFile(): Promise<Buffer>
  /** Reads from `start` to `end`, both included. The stream closes the handle. */
  createReadStream(range: {
    start: number
    end: number
    highWaterMark?: number
  }): Readable | Promise<Readable>
  close(): Promise<void>
}

/** A file that is open. */
export interface OpenFile extends FileStamp {
  handle: ReadHandle
  /** Whether it is a PNG with its end; undefined where nothing has looked yet. */
  isPng?: boolean
}

/** Size and times of a file or folder. The `Stats` of Node are one. */
export interface FileStat {
  readonly size: number
  /** Unix milliseconds with fractions. */
  readonly mtimeMs: number
  isFile(): boolean
  isDirectory(): boolean
  /** Whether it is a PNG with its end; undefined where nothing has looked yet. */
  isPng?: boolean
}

/** An entry of a folder. A `Dirent` of Node is one. */
export interface FolderEntry {
  readonly name: string
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
}

export interface WriteOptions {
  /** Moves a folder that lies at the path to archives/broken. Without it, the write fails. */
  setAside?: boolean
  /** Only its owner may read the file, and only the owner's group may enter a folder that is made for it. */
  isPrivate?: boolean
  /** The time that the file gets, in Unix milliseconds; now if absent. */
  modifiedMs?: number
  /**
   * Called with size and time of the new file. Where files have rows in a database, it belongs to the transaction that
   * makes the file visible: what it throws leaves the former file as it was. On a disk, it is called after the write.
   */
  commit?: (written: WrittenFile) => Promise<void>
}

/** A file that has just been written. */
export interface WrittenFile extends FileStamp {
  /** Where it is in an object store; absent on a disk. */
  objectKey?: string | undefined
  /** The version of that object. */
  etag?: string | undefined
}

export interface ReadOptions {
  /** A longer file counts as missing. */
  maxBytes?: number
}
