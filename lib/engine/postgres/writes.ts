import { AsyncResource } from 'node:async_hooks'
import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'
import { isServiceError } from '../../errors.ts'

const RETRY_MS = 1_000
/** How often a write is tried whose failure is not that of an absent database. */
const TRIES_MAX = 3
/** Far more than the open calls of a process take. */
const WAITING_MAX = 10_000

export interface WritesOptions {
  /** Called when a write fails, and is tried again or given up. */
  onError: (error: unknown) => void
  clock?: Pick<Clock, 'startTimer'> | undefined
  max?: number
}

interface Waiting {
  write: () => Promise<void>
  tries: number
  done: () => void
}

export type Writes = ReturnType<typeof createWrites>

/**
 * Writes to the database that nothing may wait for. They are made one after the other, in the order of their calls, and
 * repeated while the database is away. A write may be made twice when its answer is lost, so its statement must allow
 * it.
 */
export function createWrites({ onError, clock = systemClock, max = WAITING_MAX }: WritesOptions) {
  const waiting: Waiting[] = []
  // A write must not be made with the transaction that its caller is in, which ends before.
  const outside = new AsyncResource('dalleserver.writes')
  let running: Promise<void> | undefined
  let cancelRetry = () => {}
  let isStopped = false

  async function writeAll(): Promise<void> {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      try {
        await first.write()
      } catch (error) {
        first.tries += 1
        const isAway = isServiceError(error) && error.code === 'SERVICE_UNAVAILABLE'
        if (isAway || first.tries < TRIES_MAX) throw error
        onError(error)
      }
      waiting.shift()
      first.done()
    }
  }

  /**
   * Resolves when everything that waits is written.
   * @throws the error of the first write that fails
   */
  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      running ??= outside.runInAsyncScope(writeAll).finally(() => {
        running = undefined
      })
      await running
    }
  }

  function flushSoon(): void {
    flush().catch((error: unknown) => {
      onError(error)
      cancelRetry()
      if (!isStopped) cancelRetry = clock.startTimer(RETRY_MS, flushSoon)
    })
  }

  /** Adds a write. The result resolves when it is written or given up, and never rejects. */
  async function add(write: () => Promise<void>): Promise<void> {
    if (waiting.length >= max) {
      onError(new Error(`${max} writes wait for the database: this one is given up`))
      return
    }
    const written = new Promise<void>((resolve) => {
      waiting.push({ write, tries: 0, done: resolve })
    })
    // What is written now, or tried again, takes the later ones along.
    if (waiting.length === 1) flushSoon()
    await written
  }

  return {
    flush,

    add,

    /** Adds a write that its caller does not wait for. */
    later(write: () => Promise<void>): void {
      add(write).catch(onError)
    },

    /** Writes what waits, if that is possible now, and gives up the rest. */
    async stop(): Promise<void> {
      isStopped = true
      cancelRetry()
      await flush().catch(onError)
      for (const { done } of waiting.splice(0)) done()
    }
  }
}
