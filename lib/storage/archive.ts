import type { Clock } from '../clock.ts'
import { repeatWork } from '../repeat-work.ts'
import type { Files } from './files.ts'
import type { FolderLock } from './folder-lock.ts'
import { FOLDERS } from './layout.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export interface ArchiveOptions {
  files: Pick<Files, 'removeOlder'>
  lock: Pick<FolderLock, 'isHeld' | 'isInPlace'>
  /** How long something stays in `archives/`; 0 keeps it for ever. */
  days: number
  clock?: Pick<Clock, 'startTimer'>
  /** Unix time in milliseconds. */
  now?: () => number
  onRemoved?: (files: number) => void
  onError?: (error: unknown) => void
}

export type Archive = ReturnType<typeof createArchive>

/**
 * Empties `archives/` of what was put there long ago, at the start and then each hour. Only the process that holds the
 * lock of the data folder does it.
 */
export function createArchive({
  files,
  lock,
  days,
  clock,
  now = Date.now,
  onRemoved = () => {},
  onError = () => {}
}: ArchiveOptions) {
  let stop = async () => {}

  async function clean(): Promise<void> {
    if (!lock.isHeld || !(await lock.isInPlace())) return
    const removed = await files.removeOlder(FOLDERS.archives, now() - days * DAY_MS)
    if (removed > 0) onRemoved(removed)
  }

  return {
    start(): void {
      if (days > 0) stop = repeatWork(clean, { everyMs: HOUR_MS, onError, clock, isAtOnce: true })
    },

    /** Resolves when nothing is being removed any more. */
    stop: async () => await stop()
  }
}
