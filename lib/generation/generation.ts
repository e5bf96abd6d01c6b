import { prepareDress } from '../dress/dress.ts'
import { errors } from '../errors.ts'
import type { ServiceError } from '../errors.ts'
import type { StoredPictures } from '../pictures/stored.ts'
import type { PartialImage, RunProgress } from '../progress/run.ts'
import type { Tracker } from '../progress/tracker.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Snapshot } from '../schemas/progress.ts'
import type { Series } from '../schemas/series.ts'
import { pictureKey } from '../storage/layout.ts'
import { isAway } from './drawing.ts'
import { createExisting } from './existing.ts'
import type { Load, Rejection } from './outcome.ts'
import { makePicture } from './pipeline.ts'
import type { PipelineParts } from './pipeline.ts'
import { createRunQueue } from './queue.ts'
import type { RunQueueOptions } from './queue.ts'

export interface GenerationOptions extends Omit<PipelineParts, 'pictures'>, RunQueueOptions {
  pictures: Pick<StoredPictures, 'put' | 'putStandIn' | 'find' | 'findStandIn'>
  tracker: Tracker
  /** How long a failed run answers for a new one, and any run for a forced one, in milliseconds. */
  failureHoldMs: number
  /** Called for each request that joins a running run. */
  onJoin: () => void
  /** Called for each request that could have started a run and did not. */
  onReject: (reason: Rejection) => void
}

interface EnsureOptions {
  /**
   * Makes the picture anew although it exists. Within the failure hold the run that ended answers instead, so that a
   * client which repeats a forced request does not pay each time.
   */
  force?: boolean
  /** Called before a run starts, and only then. What it throws, `ensure` throws. */
  admit?: () => void
}

/** The result of a request for a picture. */
export interface Ensured {
  outcome: 'started' | 'joined' | 'cached' | 'failed'
  snapshot: Snapshot
  /** Seconds until another request may succeed, where the failure gives them. */
  retryAfter?: number
}

export type Generation = ReturnType<typeof createGeneration>

/** Makes pictures. Each picture has at most one run at a time; requests for the same picture join it. */
export function createGeneration(options: GenerationOptions) {
  const { tracker, pictures, databases, artist, standIn, queueLimit, failureHoldMs, onJoin, onReject } =
    options
  const queue = createRunQueue(options)
  const existing = createExisting({ ...options, provider: artist.provider })
  let stopping = false

  /** @param exists whether there is a picture, which a stand-in must not replace */
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
    if (queue.isFull) throw rejected('queue_full', errors.queueFull(queueLimit))

    const prepared = prepareDress(databases, series, address)
    const run = tracker.start(series.suffix, address, artist.provider, prepared.dress)
    queue.add(pictureKey(series.suffix, address), run, async (signal) => {
      await makePicture(parts, run, series, prepared, signal)
    })
    return run
  }

  function rejected(reason: Rejection, error: ServiceError): ServiceError {
    onReject(reason)
    return error
  }

  /** A run that ends before it begins, so that every poller sees the reason. */
  function failAtOnce(series: Series, address: string, error: ServiceError): RunProgress {
    const { dress } = prepareDress(databases, series, address)
    const run = tracker.start(series.suffix, address, artist.provider, dress)
    run.fail(error)
    return run
  }

  function failed(run: RunProgress): Ensured {
    const { retryAfter } = run
    const snapshot = run.snapshot()
    if (retryAfter === undefined) return { outcome: 'failed', snapshot }
    const seconds = Math.max(1, Math.ceil(retryAfter - tracker.secondsSinceEnd(run)))
    return { outcome: 'failed', snapshot, retryAfter: seconds }
  }

  return {
    /**
     * Makes sure that the picture exists or is being made.
     * @throws QUEUE_FULL, BUDGET_EXHAUSTED, SERVICE_UNAVAILABLE while the server stops, TEMPLATE_ERROR
     */
    async ensure(
      series: Series,
      address: string,
      { force = false, admit = () => {} }: EnsureOptions = {}
    ): Promise<Ensured> {
      for (;;) {
        const last = tracker.get(series.suffix, address)
        if (last !== undefined && !last.done) {
          onJoin()
          return { outcome: 'joined', snapshot: last.snapshot() }
        }
        const isHeld = last !== undefined && tracker.secondsSinceEnd(last) * 1000 < failureHoldMs
        if (isHeld && last.failed) return failed(last)
        const exists = (await pictures.find(series.suffix, address)) !== undefined
        if (exists && (isHeld || !force)) {
          return { outcome: 'cached', snapshot: await existing.ofPicture(series, address, last) }
        }
        if (!exists && standIn !== undefined && (isHeld || artist.refusal?.() !== undefined)) {
          const snapshot = await existing.ofStandIn(series, address, last)
          if (snapshot !== undefined) return { outcome: 'cached', snapshot }
        }
        // During the reads above another request may have started a run, and that run may even have ended.
        if (tracker.get(series.suffix, address) !== last) continue
        admit()
        const run = start(series, address, exists)
        return run.failed ? failed(run) : { outcome: 'started', snapshot: run.snapshot() }
      }
    },

    /** The snapshot of the running run, or of the last one if it failed; undefined when there is neither. */
    async snapshot(series: string, address: string): Promise<Snapshot | undefined> {
      const run = tracker.get(series, address)
      return run === undefined || (run.done && !run.failed) ? undefined : run.snapshot()
    },

    /** The snapshot of the picture, else of its stand-in; undefined when there is neither. */
    async finished(series: Series, address: string): Promise<Snapshot | undefined> {
      const last = tracker.get(series.suffix, address)
      return (await pictures.find(series.suffix, address)) === undefined
        ? await existing.ofStandIn(series, address, last, false)
        : await existing.ofPicture(series, address, last, false)
    },

    /** The dress that an existing picture was made from. */
    async dressOf(series: Series, address: string): Promise<DalleDress> {
      return await existing.dressOf(series, address)
    },

    /** How many runs work or wait, and the snapshots of the oldest `limit` of them. */
    working(limit: number): { count: number; snapshots: Snapshot[] } {
      return { count: tracker.liveCount, snapshots: tracker.live(limit).map((run) => run.snapshot()) }
    },

    /**
     * Calls `listener` at each change of any run, with the last snapshot when the run ended.
     * @returns ends the subscription
     */
    subscribeAll(listener: (ended?: Snapshot) => void): () => void {
      return tracker.subscribeAll((run) => listener(run.done ? run.snapshot() : undefined))
    },

    load(): Load {
      return queue.load()
    },

    /** The newest partial image of the picture's run. */
    partial(series: string, address: string): PartialImage | undefined {
      return tracker.get(series, address)?.partial
    },

    /**
     * Calls `listener` with each new snapshot of the picture's runs.
     * @returns ends the subscription
     */
    subscribe(series: string, address: string, listener: (snapshot: Snapshot) => void): () => void {
      return tracker.subscribe(series, address, (run) => listener(run.snapshot()))
    },

    /** Cancels the picture's run. Resolves with its last snapshot, or with undefined when there is no run. */
    async cancel(series: string, address: string): Promise<Snapshot | undefined> {
      const run = await queue.abort(pictureKey(series, address), errors.cancelled())
      return run?.snapshot()
    },

    /** Starts no more runs, ends waiting ones, and ends working ones after `graceMs` milliseconds. */
    async stop(graceMs: number): Promise<void> {
      stopping = true
      await queue.stop(graceMs, errors.unavailable('The server stopped before the picture was made'))
    }
  }
}
