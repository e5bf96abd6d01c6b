import { availableParallelism } from 'node:os'
import { createTurns } from '../turns.ts'
import type { Turns } from '../turns.ts'

// An encode occupies one of libuv's four threads. Two stay free, so that files are sent while pictures are encoded.
const CONCURRENCY = Math.min(2, availableParallelism())

export type EncodeQueue = ReturnType<typeof createEncodeQueue>

/** A task that waits for its turn, or works. */
export interface QueuedTask<T> {
  /** Undefined if the task left the queue. */
  result: Promise<T | undefined>
  /** Lets the task also wait in the line of another client, whose turn may come earlier. */
  join: (client: string) => void
  /** Takes the task out of the queue, unless it works. */
  leave: () => void
}

/** Does a task and settles its promise. */
type Job = () => Promise<void>

/** The queue of all work on pixels. It limits how many pictures are encoded at the same time. */
export function createEncodeQueue() {
  const urgent: Job[] = []
  /** Tasks that can wait, those that go first before the others. */
  const lines = { quick: createTurns<Job>(), first: createTurns<Job>(), later: createTurns<Job>() }
  let working = 0
  /** Whether the last job was a quick one. */
  let wasQuick = false

  /** The next job. Of quick jobs and others, each second one is a quick one. */
  function nextJob(): Job | undefined {
    const quick = wasQuick ? undefined : lines.quick.next()
    const other = quick ?? urgent.shift() ?? lines.first.next() ?? lines.later.next()
    wasQuick = quick !== undefined
    return other ?? lines.quick.next()
  }

  function fill(): void {
    while (working < CONCURRENCY) {
      const job = nextJob()
      if (job === undefined) return
      working += 1
      job().then(next, next)
    }
  }

  function next(): void {
    working -= 1
    fill()
  }

  function queue<T>(waiting: Turns<Job>, task: () => Promise<T>, client: string): QueuedTask<T> {
    const clients = new Set([client])
    let isWaiting = true
    let [resolve, reject] = [(_result?: T) => {}, (_error: Error) => {}]
    const result = new Promise<T | undefined>((...settle) => {
      ;[resolve, reject] = settle
    })
    const job = async () => {
      isWaiting = false
      await task().then(resolve, reject)
    }
    waiting.add(job, client)
    fill()
    return {
      result,
      join(other) {
        if (!isWaiting || clients.has(other)) return
        clients.add(other)
        waiting.add(job, other)
      },
      leave() {
        if (isWaiting && waiting.remove(job)) resolve(undefined)
      }
    }
  }

  return {
    /** Runs a task of a new picture before all others. Rejects with the signal's reason if it aborts before that. */
    async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
      const attempt = async () => {
        signal?.throwIfAborted()
        return await task()
      }
      return await new Promise<T>((resolve, reject) => {
        urgent.push(async () => await attempt().then(resolve, reject))
        fill()
      })
    },

    /**
     * Queues a task that can wait. Clients take turns.
     * @param goesFirst whether the task goes before those of all clients that do not
     */
    add<T>(task: () => Promise<T>, client: string, goesFirst: boolean): QueuedTask<T> {
      return queue(goesFirst ? lines.first : lines.later, task, client)
    },

    /** Queues a task that takes milliseconds. It does not wait for all runs. Clients take turns. */
    addQuick<T>(task: () => Promise<T>, client: string): QueuedTask<T> {
      return queue(lines.quick, task, client)
    }
  }
}
