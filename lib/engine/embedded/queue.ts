import { abortable } from '../../abortable.ts'
import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'
import { errors } from '../../errors.ts'
import { failureReasonOf } from '../failure-reason.ts'
import type { RunProgress } from '../../progress/run.ts'
import { hasRoom } from '../../shares.ts'
import { createTurns } from '../../turns.ts'
import type { Averages, Load, RunTime } from '../engine.ts'
import { createLastOrders } from '../last-orders.ts'
import { createPace } from '../pace.ts'
import { createTimeLimit } from '../time-limit.ts'
import type { TimeLimit } from '../time-limit.ts'

export interface RunQueueOptions {
  /** Runs that work at the same time. */
  concurrency: number
  /** Runs that may wait. */
  queueLimit: number
  /** Longest time that a run may work, in milliseconds. */
  lockTtlMs: number
  averages: Pick<Averages, 'all'>
  /** Whether the data folder is another one than that of the start. */
  isReplaced?: () => Promise<boolean>
  clock?: Pick<Clock, 'now' | 'startTimer'>
  /** Runs the work in an asynchronous context of its own. The queue loses the context of the request. */
  within?: (run: RunProgress, work: () => Promise<void>) => Promise<void>
}

interface Job {
  run: RunProgress
  /** Ends the work. */
  work: AbortController
  /** Lets the work begin. */
  begin: () => void
  /** Ends the wait. */
  leave: (reason: Error) => void
  /** When the work began, by the queue's clock. */
  workingSince?: number
  /** From when the work itself begins. */
  limit?: TimeLimit
  ended: Promise<void>
}

/** Makes the picture. */
type Task = (signal: AbortSignal, time: RunTime) => Promise<void>

export type EmbeddedQueue = ReturnType<typeof createRunQueue>

/** How often a run that waits for the data folder looks for it. */
const PLACE_INTERVAL_MS = 1_000

/** Ends the work when the server stops. The run neither fails nor completes: it goes on at the next start. */
export const SUSPENDED = new Error('the server stops; the run goes on at the next start')

/** Runs jobs: a limited number at once, each for a limited time. Clients take turns. */
export function createRunQueue({
  concurrency,
  queueLimit,
  lockTtlMs,
  averages,
  isReplaced = async () => false,
  clock = systemClock,
  within = async (_run, work) => await work()
}: RunQueueOptions) {
  const jobs = new Map<string, Job>()
  const waiting = createTurns<Job>()
  let isStarted = false
  let working = 0
  const pace = createPace({ queueLimit, now: clock.now })
  const lastOrders = createLastOrders({ clock, averages, reason: SUSPENDED })

  /** Waits while a picture could not be kept, because the data folder is another one. */
  async function untilInPlace(signal: AbortSignal): Promise<void> {
    while (await abortable(isReplaced(), signal)) {
      await abortable(new Promise<void>((resolve) => clock.startTimer(PLACE_INTERVAL_MS, resolve)), signal)
    }
  }

  async function work(job: Job, task: Task): Promise<void> {
    const { run, work: controller } = job
    const { signal } = controller
    try {
      await untilInPlace(signal)
      job.limit = createTimeLimit({
        clock,
        limitMs: lockTtlMs,
        onOver: () => controller.abort(errors.generationTimeout(lockTtlMs / 1000))
      })
      await task(signal, { pause: job.limit.pause, checkTimeFor: lastOrders.checksOf(controller) })
      run.complete()
    } catch (error) {
      const reason = failureReasonOf(error, signal)
      if (reason !== SUSPENDED) run.fail(reason)
    } finally {
      job.limit?.stop()
      pace.recordEnd()
      working -= 1
      fill()
    }
  }

  /** Gives the free slots to the runs whose turn it is. */
  function fill(): void {
    if (!isStarted) return
    while (working < concurrency) {
      const job = waiting.next()
      if (job === undefined) return
      working += 1
      job.workingSince = clock.now()
      job.run.setQueuePosition(0)
      updatePositions()
      job.begin()
    }
  }

  /** Ends a job: at once while it waits, at its next step while it works. */
  function abort(job: Job, reason: Error): void {
    if (!waiting.remove(job)) {
      job.work.abort(reason)
      return
    }
    job.run.setQueuePosition(0)
    updatePositions()
    job.leave(reason)
  }

  function updatePositions(): void {
    waiting.ordered().forEach(({ run }, index) => run.setQueuePosition(index + 1))
  }

  return {
    /** Begins to work. Runs that are added before wait. */
    start(): void {
      isStarted = true
      fill()
    },

    /** Whether a run of this client is refused. A queue that others have filled still takes the client's share. */
    isFullFor(client: string): boolean {
      return !hasRoom({
        total: jobs.size - concurrency,
        limit: queueLimit,
        own: waiting.sizeOf(client),
        clients: waiting.clients
      })
    },

    /**
     * Adds a run. It ends as completed when the task resolves, and as failed when the task rejects, the time is over or
     * the run is aborted.
     * @param key names the run for `abort`
     * @param client takes turns with the other clients
     * @param task makes the picture
     * @param settle called after the end, before the run counts as ended here
     */
    add(
      key: string,
      run: RunProgress,
      client: string,
      task: Task,
      settle: () => Promise<void> = async () => {}
    ): void {
      let [begin, leave] = [() => {}, (_reason: Error) => {}]
      const turn = new Promise<void>((resolve, reject) => {
        begin = resolve
        leave = reject
      })
      const job: Job = { run, work: new AbortController(), begin, leave, ended: Promise.resolve() }
      job.ended = turn
        .then(async () => await within(run, async () => await work(job, task)))
        .catch((reason: unknown) => {
          if (reason !== SUSPENDED) run.fail(reason)
        })
        .then(settle)
        .finally(() => {
          if (jobs.get(key) === job) jobs.delete(key)
        })
      jobs.set(key, job)
      waiting.add(job, client)
      updatePositions()
      fill()
    },

    /** Ends a run and waits for its end. False when there is no such run. */
    async abort(key: string, reason: Error): Promise<boolean> {
      const job = jobs.get(key)
      if (job === undefined) return false
      abort(job, reason)
      await job.ended
      return true
    },

    /**
     * Nanoseconds until the run at a place of the queue begins, by the averages: the working runs end one after the
     * other, and each place that is free is taken by the next run.
     * @param position 1 is next
     */
    waitNs(position: number): number {
      const runNs = Object.values(averages.all()).reduce((sum, ns) => sum + ns, 0)
      const remaining = [...jobs.values()]
        .filter(({ workingSince }) => workingSince !== undefined)
        .map(({ run }) => run.remainingNs())
        .sort((a, b) => a - b)
      const places = [...Array<number>(Math.max(0, concurrency - remaining.length)).fill(0), ...remaining]
      const index = position - 1
      return places[index % concurrency]! + Math.floor(index / concurrency) * runNs
    },

    load(): Load {
      const now = clock.now()
      const workedMs = [...jobs.values()].map(
        ({ workingSince = now, limit }) => limit?.workedMs() ?? now - workingSince
      )
      return {
        working: jobs.size - waiting.size,
        waiting: waiting.size,
        oldestSeconds: Math.max(0, ...workedMs) / 1000
      }
    },

    secondsUntilFree: pace.secondsUntilFree,

    /** Removes waiting runs, and suspends working ones after `graceMs` milliseconds. Resolves when all have stopped. */
    async stop(graceMs: number): Promise<void> {
      lastOrders.endAfter(graceMs)
      for (const job of waiting.ordered()) abort(job, SUSPENDED)
      const stopTimer = clock.startTimer(graceMs, () => {
        for (const job of jobs.values()) abort(job, SUSPENDED)
      })
      await Promise.all([...jobs.values()].map(({ ended }) => ended))
      stopTimer()
    }
  }
}
