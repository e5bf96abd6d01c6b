import PQueue from 'p-queue'
import { prepareDress } from '../dress/dress.ts'
import { asServiceError, errors } from '../errors.ts'
import type { ServiceError } from '../errors.ts'
import type { Load, Rejection } from './outcome.ts'
import type { PartialImage, RunProgress } from '../progress/run.ts'
import { runKey } from '../progress/tracker.ts'
import type { Tracker } from '../progress/tracker.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Snapshot } from '../schemas/progress.ts'
import type { Series } from '../schemas/series.ts'
import type { PictureFile, StoredPictures } from '../pictures/stored.ts'
import { artifactPath } from '../storage/layout.ts'
import { isAway } from './drawing.ts'
import { makePicture } from './pipeline.ts'
import type { PipelineParts } from './pipeline.ts'

export interface GenerationOptions extends Omit<PipelineParts, 'images'> {
  images: Pick<StoredPictures, 'put' | 'putStandIn' | 'find' | 'findStandIn'>
  tracker: Tracker
  /** Runs that work at the same time. */
  concurrency: number
  /** Runs that may wait beside them. */
  queueLimit: number
  /** Longest time a run may work, in milliseconds. */
  lockTtlMs: number
  /** How long a failed run answers for a new one, and any run for a forced one, in milliseconds. */
  failureHoldMs: number
  /** Told of each request that found a run at work. */
  onJoin: () => void
  /** Told of each request that could have started a run and did not. */
  onReject: (reason: Rejection) => void
  /** Told of each run that ended. */
  onEnd: (run: RunProgress, error: unknown) => void
  /** Does the work of a run in a context of its own; the queue does it in that of nobody. */
  within?: (run: RunProgress, work: () => Promise<void>) => Promise<void>
}

/** What asking for a picture led to. */
export interface Ensured {
  outcome: 'started' | 'joined' | 'cached' | 'failed'
  snapshot: Snapshot
  /** Seconds after which it may be worth asking again, where a failure tells. */
  retryAfter?: number
}

interface Job {
  run: RunProgress
  /** Ends the work. */
  controller: AbortController
  /** Takes the job out of the queue. */
  place: AbortController
  /** When it began to work, by the clock of `performance`. */
  workingSince?: number
  ended: Promise<void>
}

export type Generation = ReturnType<typeof createGeneration>

/**
 * Makes pictures: one run a picture at a time, however many ask for it; few runs at once, the others in a queue of bounded
 * length; none longer than the lock TTL.
 */
export function createGeneration(options: GenerationOptions) {
  const {
    tracker,
    images,
    artifacts,
    databases,
    artist,
    standIn,
    concurrency,
    queueLimit,
    lockTtlMs,
    failureHoldMs,
    onJoin,
    onReject,
    onEnd,
    within = async (_run, work) => await work()
  } = options
  const queue = new PQueue({ concurrency })
  const jobs = new Map<string, Job>()
  const waiting: Job[] = []
  let stopping = false

  /** @param exists whether there is a picture already, which no stand-in may pass for */
  function start(series: Series, address: string, exists: boolean): RunProgress {
    const parts = exists ? { ...options, standIn: undefined } : options
    if (stopping) {
      throw rejected('stopping', errors.unavailable('The server is stopping', 'Ask again when it is back'))
    }
    const refusal = artist.refusal?.()
    if (refusal !== undefined && !isAway(refusal)) throw rejected('budget_exhausted', refusal)
    if (refusal !== undefined && parts.standIn === undefined) {
      return failAtOnce(series, address, rejected('provider_away', refusal))
    }
    if (queue.pending >= concurrency && queue.size >= queueLimit) {
      throw rejected('queue_full', errors.queueFull(queueLimit))
    }

    const prepared = prepareDress(databases, series, address)
    const run = tracker.start(series.suffix, address, artist.provider, prepared.dress)
    const job: Job = {
      run,
      controller: new AbortController(),
      place: new AbortController(),
      ended: Promise.resolve()
    }
    const key = runKey(series.suffix, address)
    jobs.set(key, job)
    waiting.push(job)
    placeWaiting()
    job.ended = queue
      .add(
        async () => {
          leaveQueue(job)
          await within(
            run,
            async () =>
              await work(job, () => makePicture(parts, run, series, prepared, job.controller.signal))
          )
        },
        { signal: job.place.signal }
      )
      .catch((reason: unknown) => fail(run, reason))
      .finally(() => {
        if (jobs.get(key) === job) jobs.delete(key)
      })
    return run
  }

  function rejected(reason: Rejection, error: ServiceError): ServiceError {
    onReject(reason)
    return error
  }

  /** A run that is over before it began, so that every poller sees why. */
  function failAtOnce(series: Series, address: string, error: ServiceError): RunProgress {
    const run = tracker.start(
      series.suffix,
      address,
      artist.provider,
      prepareDress(databases, series, address).dress
    )
    fail(run, error)
    return run
  }

  async function work(job: Job, task: () => Promise<void>): Promise<void> {
    const { run, controller } = job
    job.workingSince = performance.now()
    const deadline = setTimeout(
      () => controller.abort(errors.generationTimeout(lockTtlMs / 1000)),
      lockTtlMs
    ).unref()
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

  function fail(run: RunProgress, error: unknown): void {
    run.fail(asServiceError(error))
    onEnd(run, error)
  }

  /** Ends a job early: at once while it waits, at its next step while it works. */
  function abort(job: Job, reason: Error): void {
    if (leaveQueue(job)) job.place.abort(reason)
    else job.controller.abort(reason)
  }

  function leaveQueue(job: Job): boolean {
    const place = waiting.indexOf(job)
    if (place < 0) return false
    waiting.splice(place, 1)
    job.run.setQueuePosition(0)
    placeWaiting()
    return true
  }

  function placeWaiting(): void {
    waiting.forEach(({ run }, index) => run.setQueuePosition(index + 1))
  }

  function failed(run: RunProgress): Ensured {
    const { retryAfter } = run
    return {
      outcome: 'failed',
      snapshot: run.snapshot(),
      ...(retryAfter !== undefined && {
        retryAfter: Math.max(1, Math.ceil(retryAfter - tracker.secondsSinceEnd(run)))
      })
    }
  }

  /** The snapshot of a picture that is there: of the run that made it, while it is remembered, else from the disk. */
  async function cached(
    series: Series,
    address: string,
    last: RunProgress | undefined,
    counts = true
  ): Promise<Ensured> {
    if (last?.failed === false) return { outcome: 'cached', snapshot: { ...last.snapshot(), cacheHit: true } }
    const dress = await dressOf(series, address)
    const provider =
      dress.downloadMode === 'local' ? 'local' : dress.downloadMode === '' ? artist.provider : 'openai'
    return {
      outcome: 'cached',
      snapshot: {
        ...tracker.cacheHit(series.suffix, address, provider, dress, counts).snapshot(),
        cacheHit: true
      }
    }
  }

  async function dressOf(series: Series, address: string): Promise<DalleDress> {
    return describe(
      await artifacts.readDress(prepareDress(databases, series, address).dress),
      await images.find(series.suffix, address)
    )
  }

  /** The same for a stand-in, which counts only while nothing better can be had. */
  async function cachedStandIn(
    series: Series,
    address: string,
    last: RunProgress | undefined,
    counts = true
  ): Promise<Ensured | undefined> {
    const entry = await images.findStandIn(series.suffix, address)
    if (entry === undefined) return undefined
    if (last?.failed === false) return await cached(series, address, last, counts)
    const { dress: today } = prepareDress(databases, series, address)
    const dress: DalleDress = {
      ...describe(await artifacts.readDress(today), entry),
      downloadMode: 'local',
      annotatedPath: artifactPath('standin', series.suffix, address)
    }
    const run = tracker.cacheHit(series.suffix, address, 'local', dress, counts)
    run.degrade('The built-in artist drew a stand-in while the provider was away')
    return { outcome: 'cached', snapshot: { ...run.snapshot(), cacheHit: true } }
  }

  return {
    /**
     * Sees to it that the picture exists or is being made.
     * @param force makes it anew though it exists; a run that ended within the failure hold answers instead, so that a client
     * which repeats a forced request does not pay at each
     * @param admit called before a run is begun, and only then; what it throws is thrown
     * @throws QUEUE_FULL, BUDGET_EXHAUSTED, SERVICE_UNAVAILABLE while stopping, TEMPLATE_ERROR
     */
    async ensure(
      series: Series,
      address: string,
      { force = false, admit = () => {} }: { force?: boolean; admit?: () => void } = {}
    ): Promise<Ensured> {
      for (;;) {
        const last = tracker.get(series.suffix, address)
        if (last !== undefined && !last.done) {
          onJoin()
          return { outcome: 'joined', snapshot: last.snapshot() }
        }
        const isHeld = last !== undefined && tracker.secondsSinceEnd(last) * 1000 < failureHoldMs
        if (isHeld && last.failed) return failed(last)
        const exists = (await images.find(series.suffix, address)) !== undefined
        if (exists && (isHeld || !force)) return await cached(series, address, last)
        if (!exists && standIn !== undefined && (isHeld || artist.refusal?.() !== undefined)) {
          const found = await cachedStandIn(series, address, last)
          if (found !== undefined) return found
        }
        // While the disk was asked, another request may have begun a run, or one may even have ended: look again.
        if (tracker.get(series.suffix, address) !== last) continue
        admit()
        const run = start(series, address, exists)
        return run.failed ? failed(run) : { outcome: 'started', snapshot: run.snapshot() }
      }
    },

    /** What is known of a picture that is not there: its run at work, or its last one if that failed. */
    async snapshot(series: string, address: string): Promise<Snapshot | undefined> {
      const run = tracker.get(series, address)
      return run === undefined || (run.done && !run.failed) ? undefined : run.snapshot()
    },

    /** The snapshot of a picture that is there, or of what stands in for it; undefined when there is neither. */
    async finished(series: Series, address: string): Promise<Snapshot | undefined> {
      const last = tracker.get(series.suffix, address)
      const isThere = (await images.find(series.suffix, address)) !== undefined
      return (
        isThere
          ? await cached(series, address, last, false)
          : await cachedStandIn(series, address, last, false)
      )?.snapshot
    },

    /** What a picture that is there was made from. */
    dressOf,

    /** How many runs work or wait, and the snapshots of some of them: those that began first. */
    working(take: number): { count: number; snapshots: Snapshot[] } {
      return { count: tracker.liveCount, snapshots: tracker.live(take).map((run) => run.snapshot()) }
    },

    /** Calls `listener` at each change of any run, with its snapshot when it has ended, until the returned function is called. */
    subscribeAll(listener: (ended?: Snapshot) => void): () => void {
      return tracker.subscribeAll((run) => listener(run.done ? run.snapshot() : undefined))
    },

    /** How many runs work and wait now. */
    load(): Load {
      const now = performance.now()
      const oldestMs = Math.max(0, ...[...jobs.values()].map(({ workingSince = now }) => now - workingSince))
      return { working: jobs.size - waiting.length, waiting: waiting.length, oldestSeconds: oldestMs / 1000 }
    },

    /** The newest unfinished image of the picture's run. */
    partial(series: string, address: string): PartialImage | undefined {
      return tracker.get(series, address)?.partial
    },

    /** Calls `listener` with each new snapshot of the picture's runs, until the returned function is called. */
    subscribe(series: string, address: string, listener: (snapshot: Snapshot) => void): () => void {
      return tracker.subscribe(series, address, (run) => listener(run.snapshot()))
    },

    /** Ends the picture's run, queued or at work. The snapshot of its end, undefined when nothing runs. */
    async cancel(series: string, address: string): Promise<Snapshot | undefined> {
      const job = jobs.get(runKey(series, address))
      if (job === undefined) return undefined
      abort(job, errors.cancelled())
      await job.ended
      return job.run.snapshot()
    },

    /** Takes no new work, gives up what waits, and lets what works finish within `graceMs` before it is given up too. */
    async stop(graceMs: number): Promise<void> {
      stopping = true
      const stopped = errors.unavailable('The server stopped before the picture was made')
      for (const job of [...waiting]) abort(job, stopped)
      const timer = setTimeout(() => {
        for (const job of jobs.values()) abort(job, stopped)
      }, graceMs)
      await Promise.all([...jobs.values()].map(({ ended }) => ended))
      clearTimeout(timer)
    }
  }
}

function describe(dress: DalleDress, entry: PictureFile | undefined): DalleDress {
  return { ...dress, fileSize: entry?.bytes ?? 0, modifiedAt: Math.floor((entry?.modifiedMs ?? 0) / 1000) }
}
