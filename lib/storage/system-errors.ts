/** The code of an error: a link on the way leads out of the data folder, or to nothing. */
export const OUTSIDE = 'OUTSIDE'

/** The code of an error: what lies at a path is no regular file. */
export const NOT_A_FILE = 'NOT_A_FILE'

/** Codes of errors that may be gone at the next try. ESTALE is the answer of a network share to an old handle. */
export const TRANSIENT: ReadonlySet<string> = new Set([
  'EBUSY',
  'EAGAIN',
  'EINTR',
  'EMFILE',
  'ENFILE',
  'ESTALE'
])

/** Codes that mean that nothing lies at a path. */
export const MISSING: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'])

/** Codes that mean that no regular file lies at a path: nothing, a socket, a device, or a link that is not followed. */
export const NO_FILE: ReadonlySet<string> = new Set([
  ...MISSING,
  OUTSIDE,
  NOT_A_FILE,
  'ELOOP',
  'ENXIO',
  'ENODEV'
])

/** Codes that mean that nothing more can be written. */
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])

/** Codes that mean that the disk takes nothing, whatever is written. */
const NOT_WRITABLE: ReadonlySet<string> = new Set([...FULL, 'EROFS', 'EIO'])

/** Codes of fsync on a file system that does not know it, as some network shares. */
export const NO_FLUSH: ReadonlySet<string> = new Set(['EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'])

const REASON: Record<string, string> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'the server may not access the file',
  EPERM: 'the server may not access the file',
  EROFS: 'the disk is read-only',
  ENOENT: 'a folder on the way is missing',
  ENOTDIR: 'a file is where a folder must be',
  EEXIST: 'a file is where a folder must be',
  ENAMETOOLONG: 'its name is too long',
  EISDIR: 'it is a folder',
  ELOOP: 'links on the way lead in a circle',
  [OUTSIDE]: 'a link on the way leads out of the data folder',
  [NOT_A_FILE]: 'it is not a regular file'
}

/** Codes of errors that no waiting mends: something else lies where a file or folder must be. */
const IN_THE_WAY: ReadonlySet<string> = new Set([
  'EEXIST',
  'ENOTDIR',
  'EISDIR',
  'ENOTEMPTY',
  'ENAMETOOLONG',
  'ELOOP',
  OUTSIDE
])

/** Whether a FILE_SYSTEM_ERROR means that something is in the way, which no waiting mends. */
export function isInTheWay(error: unknown): boolean {
  return error instanceof Error && IN_THE_WAY.has(codeOf(error.cause ?? error))
}

/** Whether a FILE_SYSTEM_ERROR means that the disk or the quota is full. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && FULL.has(codeOf(error.cause ?? error))
}

/** Whether an error means that the disk is full, read-only or broken. */
export function isDiskAway(error: unknown): boolean {
  return error instanceof Error && NOT_WRITABLE.has(codeOf(error.cause ?? error))
}

/** The reason of a failure in words, by the code of the system. It has no path. */
export function reasonOf(code: string): string {
  return REASON[code] ?? `the system answered ${code}`
}

/** The code of an error of the system. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'an unknown error'
}

/** An error with one of the codes above. */
export function codedError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(reasonOf(code)), { code })
}
