import PQueue from 'p-queue'
import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { errors } from '../errors.ts'
import type { RunProgress } from '../progress/run.ts'
import type { Load } from './outcome.ts'

export interface RunQueueOptions {
  /** Runs that work at the same time. */
  concurrency: number
  /** Runs that may wait. */
  queueLimit: number
  /** Longest time that a run may work, in milliseconds. */
  lockTtlMs: number
  startTimer?: Clock['startTimer']
  /** Runs the work in an asynchronous context of its own. The queue loses the context of the request. */
  within?: (run: RunProgress, work: () => Promise<void>) => Promise<void>
}

interface Job {
  run: RunProgress
  /** Ends the work. */
  work: AbortController
  /** Removes the job from the queue. */
  wait: AbortController
  /** When the work began, by the clock of `performance`. */
  workingSince?: number
  ended: Promise<void>
}

export type RunQueue = ReturnType<typeof createRunQueue>

/** Runs jobs in the order in which they were added: a limited number at once, each for a limited time. */
export function createRunQueue({
  concurrency,
  queueLimit,
  lockTtlMs,
  startTimer = systemClock.startTimer,
  within = async (_run, work) => await work()
}: RunQueueOptions) {
  const queue = new PQueue({ concurrency })
  const jobs = new Map<string, Job>()
  const waiting: Job[] = []

  async function work(job: Job, task: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { run, work: controller } = job
    const { signal } = controller
    job.workingSince = performance.now()
    const stopTimer = startTimer(lockTtlMs, () => {
      controller.abort(errors.generationTimeout(lockTtlMs / 1000))
    })
    try {
      await task(signal)
      run.complete()
    } catch (error) {
      run.fail(signal.aborted ? signal.reason : error)
    } finally {
      stopTimer()
    }
  }

  /** Ends a job: at once while it waits, at its next step while it works. */
  function abort(job: Job, reason: Error): void {
    if (leaveQueue(job)) job.wait.abort(reason)
    else job.work.abort(reason)
  }

  function leaveQueue(job: Job): boolean {
    const index = waiting.indexOf(job)
    if (index < 0) return false
    waiting.splice(index, 1)
    job.run.setQueuePosition(0)
    updatePositions()
    return true
  }

  function updatePositions(): void {
    waiting.forEach(({ run }, index) => run.setQueuePosition(index + 1))
  }

  return {
    get isFull(): boolean {
      return queue.pending >= concurrency && queue.size >= queueLimit
    },

    /**
     * Adds a run. It ends as completed when the task resolves, and as failed when the task rejects, the time is over or
     * the run is aborted.
     * @param key names the run for `abort`
     */
    add(key: string, run: RunProgress, task: (signal: AbortSignal) => Promise<void>): void {
      const job: Job = {
        run,
        work: new AbortController(),
        wait: new AbortController(),
        ended: Promise.resolve()
      }
      jobs.set(key, job)
      waiting.push(job)
      updatePositions()
      const start = async () => {
        leaveQueue(job)
        await within(run, async () => await work(job, task))
      }
      job.ended = queue
        .add(start, { signal: job.wait.signal })
        .catch((reason: unknown) => run.fail(reason))
        .finally(() => {
          if (jobs.get(key) === job) jobs.delete(key)
        })
    },

    /** Ends a run and waits for its end. Undefined when there is no such run. */
    async abort(key: string, reason: Error): Promise<RunProgress | undefined> {
      const job = jobs.get(key)
      if (job === undefined) return undefined
      abort(job, reason)
      await job.ended
      return job.run
    },

    load(): Load {
      const now = performance.now()
      const workedMs = [...jobs.values()].map(({ workingSince = now }) => now - workingSince)
      return {
        working: jobs.size - waiting.length,
        waiting: waiting.length,
        oldestSeconds: Math.max(0, ...workedMs) / 1000
      }
    },

    /** Ends waiting runs at once, and working runs after `graceMs` milliseconds. Resolves when all have ended. */
    async stop(graceMs: number, reason: Error): Promise<void> {
      for (const job of [...waiting]) abort(job, reason)
      const stopTimer = startTimer(graceMs, () => {
        for (const job of jobs.values()) abort(job, reason)
      })
      await Promise.all([...jobs.values()].map(({ ended }) => ended))
      stopTimer()
    }
  }
}
