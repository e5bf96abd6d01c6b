import { dirname } from 'node:path'
import { systemClock } from '../clock.ts'
import type { StreamClock } from '../clock.ts'
import { errors, isServiceError } from '../errors.ts'
import type { ServiceError } from '../errors.ts'
import type { ComponentHealth } from '../schemas/health.ts'
import { createSingleFlight } from '../single-flight.ts'
import type { Files } from './files.ts'
import type { DiskSpace } from './folder-checks.ts'
import { ANOTHER_FOLDER } from './folder-lock.ts'
import type { FolderLock } from './folder-lock.ts'
import { isFull } from './system-errors.ts'
import { FOLDERS, artifactFolder, inOutput } from './layout.ts'

const MEGABYTE = 1_000_000
const DEFAULT_MIN_FREE_BYTES = 200 * MEGABYTE
/** On a small volume the default is this part of it. */
const DEFAULT_MIN_FREE_SHARE = 1 / 50
/** A result is reused for this long, counted from the begin of its check. */
const REUSE_MS = 1_000
/** How long a caller waits for the file system. Less than the 5 s that Docker gives a health check. */
const ANSWER_MS = 4_000
/** More than the steps of the check for a run, each of which needs a turn of the event loop. */
const WAIT_PARTS = 40

/** The artifacts that a run writes after the provider was paid. */
const PAID = ['generated', 'annotated'] as const
/** Belongs to the file system; only root may read it. */
const NOT_A_SERIES = new Set(['lost+found'])
const SHOWN_TROUBLES = 3

const ANOTHER_PROCESS = 'Another process works on the data folder'
const NOT_SHARED = 'The data folder is not the one of the other processes'

export type Finding = Pick<ComponentHealth, 'status' | 'message' | 'details'>

/** The space of the disk, and what must stay free. */
export interface FreeSpace extends DiskSpace {
  minFreeBytes: number
  /** Whether so little is free that no run starts. */
  isLow: boolean
}

export interface DataFolderOptions {
  files: Pick<Files, 'checkReadAccess' | 'checkWriteAccess' | 'diskSpace' | 'list' | 'stat'>
  lock: Pick<FolderLock, 'isHeld' | 'isInPlace'>
  /** Below it no run starts. By default 200 MB, or a fiftieth of the volume where that is less. */
  minFreeBytes?: number | undefined
  /** Whether the disk keeps the pictures. If a store does, a full disk refuses no run. */
  isOnDisk?: boolean
  /** Called when the folder cannot be used any more, with the reason, and without one when it can again. */
  onChange?: (reason?: string) => void
  clock?: StreamClock
}

export type DataFolder = ReturnType<typeof createDataFolder>

/**
 * The state of the data folder: whether the result of a run can be kept, and what is wrong where it cannot. At most
 * one check of a kind runs at a time, also when the file system does not answer.
 */
export function createDataFolder({
  files,
  lock,
  minFreeBytes,
  isOnDisk = true,
  onChange = () => {},
  clock = systemClock
}: DataFolderOptions) {
  const refusals = createMemory<ServiceError | undefined>(clock)
  const findings = createMemory<Finding>(clock)
  const spaces = createMemory<FreeSpace>(clock)
  let isElsewhere = false
  let wasUsable = true

  async function readSpace(): Promise<FreeSpace> {
    const space = await files.diskSpace()
    const least =
      minFreeBytes ?? Math.min(DEFAULT_MIN_FREE_BYTES, Math.floor(space.totalBytes * DEFAULT_MIN_FREE_SHARE))
    // Some file systems do not know their size.
    return { ...space, minFreeBytes: least, isLow: space.totalBytes > 0 && space.freeBytes < least }
  }

  /** The folders that the files of a run are written to. Those that do not exist yet are made in the series' folder. */
  async function writtenFolders(series: string): Promise<Set<string>> {
    const folders = await Promise.all(
      PAID.map(async (artifact) => {
        const folder = inOutput(artifactFolder(artifact, series))
        return (await files.stat(folder)) === undefined ? dirname(folder) : folder
      })
    )
    return new Set(folders)
  }

  async function check(series: string): Promise<ServiceError | undefined> {
    const { isLow, freeBytes, minFreeBytes } = await spaces.recall('space', readSpace)
    if (isLow && isOnDisk) {
      return errors.unavailable(
        `The disk is almost full: ${megabytes(freeBytes)} MB are free, ${neededSpace(minFreeBytes)} needed`
      )
    }
    const folders = isOnDisk ? await writtenFolders(series) : [FOLDERS.output]
    for (const folder of folders) await files.checkWriteAccess(folder)
  }

  /** One sentence for each folder that pictures are read from and that cannot be read. */
  async function unreadable(): Promise<string[]> {
    const series = (await files.list(FOLDERS.output)).filter(
      (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !NOT_A_SERIES.has(entry.name)
    )
    const folders = series.flatMap(({ name }) => [name, `${name}/annotated`]).map(inOutput)
    return await troubles(folders, 'cannot be read', files.checkReadAccess)
  }

  async function look(): Promise<Finding> {
    if (isElsewhere) return { status: 'unhealthy', message: NOT_SHARED }
    const isWorking = lock.isHeld
    if (await isReplaced()) return { status: 'unhealthy', message: ANOTHER_FOLDER }
    const full = isWorking ? await files.checkWriteAccess().then(() => [], asBearable) : []
    const found = [
      ...full,
      ...(isWorking ? [] : [ANOTHER_PROCESS]),
      ...(isWorking && full.length === 0
        ? await troubles([FOLDERS.runs], 'cannot be written', files.checkWriteAccess)
        : []),
      ...(await unreadable().catch(asAway))
    ]
    if (found.length === 0) return { status: 'healthy', message: 'The data folder can be written and read' }
    const more = found.length > SHOWN_TROUBLES ? [`${found.length - SHOWN_TROUBLES} more`] : []
    return { status: 'degraded', message: [...found.slice(0, SHOWN_TROUBLES), ...more].join('; ') }
  }

  const isReplaced = async () => lock.isHeld && !(await lock.isInPlace())

  /** @throws SERVICE_UNAVAILABLE unless this process may write to the folder, and it is that of the start */
  async function checkPlace(): Promise<void> {
    if (!lock.isHeld) throw errors.unavailable(ANOTHER_PROCESS)
    if (await isReplaced()) throw errors.unavailable(ANOTHER_FOLDER)
  }

  /** Says when the folder cannot be used any more, and when it can again. */
  function report(isUsable: boolean, reason: string): void {
    if (isUsable === wasUsable) return
    wasUsable = isUsable
    onChange(isUsable ? undefined : reason)
  }

  /**
   * Settles like the work, or rejects when the file system takes too long. The work goes on. The time is waited for in
   * parts: in a process that is too busy, timers expire before it learns what the file system has answered.
   */
  async function answered<T>(work: Promise<T>, ms = ANSWER_MS): Promise<T> {
    let stopTimer = () => {}
    const late = new Promise<never>((_resolve, reject) => {
      const wait = (parts: number): void => {
        if (parts === 0) reject(errors.unavailable('The file system does not answer'))
        else stopTimer = clock.startTimer(ms / WAIT_PARTS, () => wait(parts - 1))
      }
      wait(WAIT_PARTS)
    })
    try {
      return await Promise.race([work, late])
    } finally {
      stopTimer()
    }
  }

  return {
    /** Says whether the other processes keep their pictures in another folder. Then none is made in this one. */
    setElsewhere(value: boolean): void {
      isElsewhere = value
    },

    /**
     * Whether this process works on another folder than that of its start: it was unmounted, removed or replaced. True
     * also where the file system does not answer.
     */
    isReplaced: async (): Promise<boolean> => await answered(isReplaced()).catch(() => true),

    /**
     * Why a picture of this series could not be kept, in words without a path; undefined if it can. Ask it before
     * money is spent. It writes into the folders of the series.
     * @param patienceMs how long the file system may take
     */
    async refusal(series: string, patienceMs = ANSWER_MS): Promise<ServiceError | undefined> {
      if (isElsewhere) return errors.unavailable(NOT_SHARED)
      const checked = async () => {
        // A folder can go at any moment, and this is cheap, so it is looked at each time.
        await checkPlace()
        return await refusals.recall(series, async () => await check(series).catch(asRefusal))
      }
      return await answered(checked(), patienceMs).catch(asRefusal)
    },

    /**
     * The health of the folder. Unhealthy is a folder that is another one, cannot be written or does not answer.
     * Degraded is one where a series cannot be read, or where no run can start because the disk is full or `runs/`
     * cannot be written: the pictures are served all the same, so a load balancer must not drop the server.
     * @throws FILE_SYSTEM_ERROR, SERVICE_UNAVAILABLE that say what is wrong
     */
    async finding(): Promise<Finding> {
      try {
        const finding = await answered(findings.recall('folder', look))
        report(finding.status !== 'unhealthy', finding.message ?? '')
        return finding
      } catch (error) {
        report(false, reasonOf(error))
        throw error
      }
    },

    /** Whether pictures can be read and written: the folder is not unhealthy. */
    async isUsable(): Promise<boolean> {
      return await this.finding().then(
        ({ status }) => status !== 'unhealthy',
        () => false
      )
    },

    /** Whether the disk takes what a run writes. If it does, a refusal from before is forgotten. */
    async hasRoom(): Promise<boolean> {
      if (isOnDisk && (await this.space()).isLow) return false
      try {
        await files.checkWriteAccess(FOLDERS.runs)
      } catch (error) {
        if (isFull(error)) return false
        throw error
      }
      refusals.forget()
      return true
    },

    /**
     * The space of the disk.
     * @throws FILE_SYSTEM_ERROR, SERVICE_UNAVAILABLE
     */
    async space(): Promise<FreeSpace> {
      return await answered(spaces.recall('space', readSpace))
    }
  }
}

/** Results by key. Concurrent calls share one check, and calls soon after it share its result. */
function createMemory<T>({ now }: Pick<StreamClock, 'now'>) {
  const flights = createSingleFlight<T>()
  let results = new Map<string, { at: number; value: T }>()
  const isFresh = ({ at }: { at: number }) => now() - at <= REUSE_MS

  return {
    async recall(key: string, check: () => Promise<T>): Promise<T> {
      const known = results.get(key)
      if (known !== undefined && isFresh(known)) return known.value
      return await flights.run(key, async () => {
        const at = now()
        // A check that began before `forget` adds its result to the forgotten ones.
        const kept = results
        const value = await check()
        for (const [old, result] of kept) if (!isFresh(result)) kept.delete(old)
        kept.set(key, { at, value })
        return value
      })
    },

    forget(): void {
      results = new Map()
    }
  }
}

function asRefusal(error: unknown): ServiceError {
  if (isServiceError(error) && error.code === 'SERVICE_UNAVAILABLE') return error
  return errors.unavailable(`The picture could not be kept: ${reasonOf(error)}`)
}

/** What is wrong where a store or a database is away. What is in memory is still served. Other errors are thrown. */
function asAway(error: unknown): string[] {
  if (!isServiceError(error) || error.code !== 'SERVICE_UNAVAILABLE') throw error
  return [error.message]
}

/** The same, and where the disk is full: it still serves pictures. */
function asBearable(error: Error): string[] {
  if (!isFull(error)) return asAway(error)
  return [`The data folder cannot be written: ${reasonOf(error)}`]
}

/** One sentence for each path whose check fails. */
async function troubles(
  paths: string[],
  what: string,
  check: (path: string) => Promise<void>
): Promise<string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      try {
        await check(path)
        return []
      } catch (error) {
        return [`${path} ${what}: ${reasonOf(error)}`]
      }
    })
  )
  return found.flat()
}

/** The reason in the details of a file system error, which has no path: `no space is left on the disk`. */
export function reasonOf(error: unknown): string {
  const details = (isServiceError(error) && error.details) || 'for an unknown reason'
  return details.replace(/^Could not [^:]*: /, '')
}

/** The space that a new run needs, in words. It is rounded up, so that it is never 0 MB. */
function neededSpace(bytes: number): string {
  const count = Math.ceil(bytes / MEGABYTE)
  return `${count} MB ${count === 1 ? 'is' : 'are'}`
}

function megabytes(bytes: number): number {
  return Math.floor(bytes / MEGABYTE)
}
