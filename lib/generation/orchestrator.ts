import PQueue from 'p-queue'
import { makeDress } from '../dress/dress.ts'
import { asServiceError, errors } from '../errors.ts'
import type { RunProgress } from '../progress/run.ts'
import { runKey } from '../progress/tracker.ts'
import type { Tracker } from '../progress/tracker.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Snapshot } from '../schemas/progress.ts'
import type { Series } from '../schemas/series.ts'
import type { Images } from '../storage/images.ts'
import { makePicture } from './pipeline.ts'
import type { PipelineParts } from './pipeline.ts'

export interface GenerationOptions extends Omit<PipelineParts, 'images'> {
  images: Pick<Images, 'put' | 'find'>
  tracker: Tracker
  /** Runs that work at the same time. */
  concurrency: number
  /** Runs that may wait beside them. */
  queueLimit: number
  /** Longest time a run may work, in milliseconds. */
  lockTtlMs: number
  /** How long a failed run answers for a new one, and any run for a forced one, in milliseconds. */
  failureHoldMs: number
  /** Told of each run that ended. */
  onEnd: (run: RunProgress, error: unknown) => void
}

/** What asking for a picture led to. */
export interface Ensured {
  outcome: 'started' | 'joined' | 'cached' | 'failed'
  snapshot: Snapshot
}

interface Job {
  run: RunProgress
  /** Ends the work. */
  controller: AbortController
  /** Takes the job out of the queue. */
  place: AbortController
  ended: Promise<void>
}

export type Generation = ReturnType<typeof createGeneration>

/**
 * Makes pictures: one run a picture at a time, however many ask for it; few runs at once, the others in a queue of bounded
 * length; none longer than the lock TTL.
 */
export function createGeneration (options: GenerationOptions) {
  const { tracker, images, artifacts, databases, artist, concurrency, queueLimit, lockTtlMs, failureHoldMs, onEnd } = options
  const queue = new PQueue({ concurrency })
  const jobs = new Map<string, Job>()
  const waiting: Job[] = []
  let stopping = false

  function start (series: Series, address: string): RunProgress {
    if (stopping) throw errors.unavailable('The server is stopping', 'Ask again when it is back')
    if (queue.pending >= concurrency && queue.size >= queueLimit) throw errors.queueFull(queueLimit)

    const outfit = makeDress(databases, series, address)
    const run = tracker.start(series.suffix, address, artist.provider, outfit.dress)
    const job: Job = { run, controller: new AbortController(), place: new AbortController(), ended: Promise.resolve() }
    const key = runKey(series.suffix, address)
    jobs.set(key, job)
    waiting.push(job)
    placeWaiting()
    job.ended = queue.add(async () => {
      leaveQueue(job)
      await work(job, () => makePicture(options, run, series, outfit, job.controller.signal))
    }, { signal: job.place.signal }).catch((reason: unknown) => fail(run, reason)).finally(() => {
      if (jobs.get(key) === job) jobs.delete(key)
    })
    return run
  }

  async function work ({ run, controller }: Job, task: () => Promise<void>): Promise<void> {
    const deadline = setTimeout(() => controller.abort(errors.generationTimeout(lockTtlMs / 1000)), lockTtlMs).unref()
    try {
      await task()
      run.complete()
      onEnd(run, undefined)
    } catch (error) {
      fail(run, controller.signal.aborted ? controller.signal.reason : error)
    } finally {
      clearTimeout(deadline)
    }
  }

  function fail (run: RunProgress, error: unknown): void {
    run.fail(asServiceError(error))
    onEnd(run, error)
  }

  /** Ends a job early: at once while it waits, at its next step while it works. */
  function abort (job: Job, reason: Error): void {
    if (leaveQueue(job)) job.place.abort(reason)
    else job.controller.abort(reason)
  }

  function leaveQueue (job: Job): boolean {
    const place = waiting.indexOf(job)
    if (place < 0) return false
    waiting.splice(place, 1)
    job.run.setQueuePosition(0)
    placeWaiting()
    return true
  }

  function placeWaiting (): void {
    waiting.forEach(({ run }, index) => run.setQueuePosition(index + 1))
  }

  /** The snapshot of a picture that is there: of the run that made it, while it is remembered, else from the disk. */
  async function cachedSnapshot (series: Series, address: string, last: RunProgress | undefined): Promise<Snapshot> {
    if (last?.failed === false) return { ...last.snapshot(), cacheHit: true }
    const dress = await describe(series, address)
    const provider = dress.downloadMode === 'local' ? 'local' : dress.downloadMode === '' ? artist.provider : 'openai'
    return { ...tracker.cacheHit(series.suffix, address, provider, dress).snapshot(), cacheHit: true }
  }

  async function describe (series: Series, address: string): Promise<DalleDress> {
    const dress = await artifacts.readDress(makeDress(databases, series, address).dress)
    const entry = await images.find(series.suffix, address)
    return { ...dress, fileSize: entry?.bytes ?? 0, modifiedAt: Math.floor((entry?.modifiedMs ?? 0) / 1000) }
  }

  return {
    /**
     * Sees to it that the picture exists or is being made.
     * @param force makes it anew though it exists; a run that ended within the failure hold answers instead, so that a client
     * which repeats a forced request does not pay at each
     * @param admit called before a run is begun, and only then; what it throws is thrown
     * @throws QUEUE_FULL, SERVICE_UNAVAILABLE while stopping, TEMPLATE_ERROR
     */
    async ensure (series: Series, address: string, { force = false, admit = () => {} }: { force?: boolean, admit?: () => void } = {}): Promise<Ensured> {
      for (;;) {
        const last = tracker.get(series.suffix, address)
        if (last !== undefined && !last.done) return { outcome: 'joined', snapshot: last.snapshot() }
        const isHeld = last !== undefined && tracker.endedWithin(last, failureHoldMs)
        if (isHeld && last.failed) return { outcome: 'failed', snapshot: last.snapshot() }
        if ((isHeld || !force) && await images.find(series.suffix, address) !== undefined) return { outcome: 'cached', snapshot: await cachedSnapshot(series, address, last) }
        // While the disk was asked, another request may have begun a run, or one may even have ended: look again.
        if (tracker.get(series.suffix, address) !== last) continue
        admit()
        return { outcome: 'started', snapshot: start(series, address).snapshot() }
      }
    },

    /** What is known of a picture that is not there: its run at work, or its last one if that failed. */
    async snapshot (series: string, address: string): Promise<Snapshot | undefined> {
      const run = tracker.get(series, address)
      return run === undefined || (run.done && !run.failed) ? undefined : run.snapshot()
    },

    /** The snapshot of a picture that is there, undefined when there is none. */
    async finished (series: Series, address: string): Promise<Snapshot | undefined> {
      if (await images.find(series.suffix, address) === undefined) return undefined
      return await cachedSnapshot(series, address, tracker.get(series.suffix, address))
    },

    /** What a picture that is there was made from. */
    describe,

    /** How many runs work or wait, and the snapshots of some of them: those that began first. */
    working (take: number): { count: number, snapshots: Snapshot[] } {
      return { count: tracker.liveCount, snapshots: tracker.live(take).map((run) => run.snapshot()) }
    },

    /** Calls `listener` at each change of any run, with its snapshot when it has ended, until the returned function is called. */
    subscribeAll (listener: (ended?: Snapshot) => void): () => void {
      return tracker.subscribeAll((run) => listener(run.done ? run.snapshot() : undefined))
    },

    /** Calls `listener` with each new snapshot of the picture's runs, until the returned function is called. */
    subscribe (series: string, address: string, listener: (snapshot: Snapshot) => void): () => void {
      return tracker.subscribe(series, address, (run) => listener(run.snapshot()))
    },

    /** Ends the picture's run, queued or at work. The snapshot of its end, undefined when nothing runs. */
    async cancel (series: string, address: string): Promise<Snapshot | undefined> {
      const job = jobs.get(runKey(series, address))
      if (job === undefined) return undefined
      abort(job, errors.cancelled())
      await job.ended
      return job.run.snapshot()
    },

    /** Takes no new work, gives up what waits, and lets what works finish within `graceMs` before it is given up too. */
    async stop (graceMs: number): Promise<void> {
      stopping = true
      const stopped = errors.unavailable('The server stopped before the picture was made')
      for (const job of [...waiting]) abort(job, stopped)
      const timer = setTimeout(() => { for (const job of jobs.values()) abort(job, stopped) }, graceMs)
      await Promise.all([...jobs.values()].map(({ ended }) => ended))
      clearTimeout(timer)
    }
  }
}
