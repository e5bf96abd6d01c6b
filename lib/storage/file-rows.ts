/** A file in the object store. */
export interface FileRow {
  /** Relative to the data folder. */
  path: string
  /** Undefined for an empty file. */
  objectKey: string | undefined
  etag: string
  bytes: number
  /** Unix milliseconds with fractions. */
  modifiedMs: number
  /** Whether it is a PNG with its end. */
  isPng: boolean
}

/** Without a time it becomes now. */
export type NewFile = Omit<FileRow, 'modifiedMs'> & Partial<Pick<FileRow, 'modifiedMs'>>

export interface MoveOptions {
  /** The time of what is moved stays as it is; else it becomes now. */
  keepTime: boolean
  /** Whether a file that lies at the target is replaced. */
  isOver: boolean
}

/** How a move ended: `missing` if there is nothing to move, `taken` if something lies at the target. */
export type Moved = 'moved' | 'missing' | 'taken'

/** A file or a folder in a folder. */
export interface FolderName {
  name: string
  isFolder: boolean
}

/**
 * Which objects are the files of the data folder. A change that does not run under the claim of its run any more is
 * refused. All methods throw SERVICE_UNAVAILABLE while the database is away.
 */
export interface FileRows {
  /** Runs work while no other process runs work of this name. All changes inside are kept, or none is. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>
  find(path: string): Promise<FileRow | undefined>
  isFolder(path: string): Promise<boolean>
  /** The files and folders in a folder. @param beginning only those whose names begin with it */
  list(folder: string, beginning: string): Promise<FolderName[]>
  /** The files of these names in a folder, in no order. */
  findAll(folder: string, names: readonly string[]): Promise<FileRow[]>
  /** Notes an object that is about to be written. If no file takes it, it is deleted a day later. */
  announce(objectKey: string): Promise<void>
  /**
   * Makes an announced object a file, over one that is there. Returns its time: its own, else that of the
   * database's clock.
   * @param commit called in the same transaction with the time; what it throws undoes the change
   */
  put(file: NewFile, commit?: (modifiedMs: number) => Promise<void>): Promise<number>
  /** False if there is no such file. */
  remove(path: string): Promise<boolean>
  /** Moves a file or a folder. */
  move(from: string, to: string, options: MoveOptions): Promise<Moved>
  /** Removes the files below a folder that were changed before a Unix time in milliseconds. Returns how many. */
  removeOlder(folder: string, beforeMs: number): Promise<number>
  /**
   * Deletes objects that are due, a part of them at a time.
   * @param remove deletes one from the store
   * @returns how many were deleted; 0 if none is due
   */
  sweep(remove: (objectKey: string) => Promise<void>): Promise<number>
}
