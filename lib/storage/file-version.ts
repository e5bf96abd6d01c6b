const MICROSECONDS_PER_MILLISECOND = 1000

/** What identifies the content of a file without reading it. */
export interface FileStamp {
  bytes: number
  /** Unix milliseconds with fractions, as `mtimeMs` of a stat that is not `bigint`. */
  modifiedMs: number
}

/**
 * A text that changes whenever the file changes: size and time of the last change, both in base 36. It has only
 * lower-case letters, digits and one `-`, so it fits in a file name, a URL and an ETag.
 *
 * The time counts in microseconds, the finest unit in which today's time is an exact number.
 */
export function fileVersion({ bytes, modifiedMs }: FileStamp): string {
  const microseconds = Math.floor(modifiedMs * MICROSECONDS_PER_MILLISECOND)
  return `${bytes.toString(36)}-${microseconds.toString(36)}`
}
