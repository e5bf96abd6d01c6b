import type { Databases } from '../dress/databases.ts'
import { prepareDress } from '../dress/dress.ts'
import type { Engine, NewRun, RunView } from '../engine/engine.ts'
import { errors, isServiceError } from '../errors.ts'
import type { ServiceError } from '../errors.ts'
import type { StoredPictures } from '../pictures/stored.ts'
import type { PartialImage } from '../progress/run.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Snapshot } from '../schemas/progress.ts'
import type { Series } from '../schemas/series.ts'
import type { Artifacts } from './artifacts.ts'
import { isAway } from './drawing.ts'
import type { Artists } from './drawing.ts'
import { createExisting } from './existing.ts'
import type { Rejection } from './outcome.ts'

export interface GenerationOptions extends Artists {
  engine: Pick<Engine, 'runs' | 'events' | 'averages' | 'isOpen'>
  pictures: Pick<StoredPictures, 'find' | 'findStandIn'>
  artifacts: Pick<Artifacts, 'readDress'>
  databases: Databases
  /** How long a failed run answers for a new one, and any run for a forced one, in milliseconds. */
  failureHoldMs: number
  /** Why the picture of this series could not be kept now, if so. */
  checkFolder?: (series: string) => Promise<ServiceError | undefined>
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

/** Makes sure of pictures. Each picture has at most one run at a time; requests for the same picture join it. */
export function createGeneration(options: GenerationOptions) {
  const { engine, pictures, databases, artist, standIn, failureHoldMs, onJoin, onReject } = options
  const { runs, events } = engine
  const existing = createExisting({ ...options, averages: engine.averages, provider: artist.provider })
  let stopping = false

  /** @param replaces whether there is a picture, which a stand-in must not replace */
  function newRun(series: Series, address: string, force: boolean, replaces: boolean): NewRun {
    const { dress } = prepareDress(databases, series, address)
    return {
      series: series.suffix,
      address,
      provider: artist.provider,
      force,
      replaces,
      definition: series,
      databaseHash: databases.hash,
      dress
    }
  }

  async function start(run: NewRun): Promise<Ensured> {
    const refusal = artist.refusal?.()
    if (refusal !== undefined && !isAway(refusal)) throw rejected('budget_exhausted', refusal)
    if (refusal !== undefined && (standIn === undefined || run.replaces)) {
      return failed(await runs.reject(run, rejected('provider_away', refusal)))
    }
    try {
      const { outcome, run: accepted } = await runs.accept(run)
      if (outcome === 'joined') onJoin()
      return { outcome, snapshot: accepted.snapshot() }
    } catch (error) {
      throw isServiceError(error) && error.code === 'QUEUE_FULL'
        ? rejected('queue_full', error)
        : rejected(
            'not_kept',
            errors.unavailable('The run could not be kept', 'The disk does not take it', error)
          )
    }
  }

  /** The error when this process may not start runs. */
  function idleError(): ServiceError | undefined {
    if (stopping) {
      return rejected('stopping', errors.unavailable('The server is stopping', 'Ask again when it is back'))
    }
    if (engine.isOpen) return undefined
    return rejected(
      'standby',
      errors.unavailable(
        'Another process works on the data folder',
        'This one serves the pictures that exist'
      )
    )
  }

  function rejected(reason: Rejection, error: ServiceError): ServiceError {
    onReject(reason)
    return error
  }

  function failed(run: RunView): Ensured {
    const { retryAfter } = run
    const snapshot = run.snapshot()
    if (retryAfter === undefined) return { outcome: 'failed', snapshot }
    const seconds = Math.max(1, Math.ceil(retryAfter - runs.secondsSinceEnd(run)))
    return { outcome: 'failed', snapshot, retryAfter: seconds }
  }

  /**
   * Whether the failure of the last run answers in place of a new one. A lost answer may be charged, so only `force`
   * draws again.
   */
  function isFinal(last: RunView | undefined, isHeld: boolean, force: boolean): last is RunView {
    if (last?.failed !== true) return false
    return isHeld || (!force && last.snapshot().errorCode === 'ANSWER_LOST')
  }

  return {
    /** Who draws new pictures. */
    artist: artist.provider,

    /**
     * Makes sure that the picture exists or is being made. A run that is started survives the end of the process.
     * @throws QUEUE_FULL, BUDGET_EXHAUSTED, SERVICE_UNAVAILABLE while no run can be started or kept, TEMPLATE_ERROR
     */
    async ensure(
      series: Series,
      address: string,
      { force = false, admit = () => {} }: EnsureOptions = {}
    ): Promise<Ensured> {
      const { suffix } = series
      for (;;) {
        const last = await runs.last(suffix, address)
        if (last !== undefined && !last.done) {
          const joined = await runs.join(suffix, address)
          if (joined === undefined) continue
          onJoin()
          return { outcome: 'joined', snapshot: joined.snapshot() }
        }
        const isHeld = last !== undefined && runs.secondsSinceEnd(last) * 1000 < failureHoldMs
        const exists = (await pictures.find(suffix, address)) !== undefined
        if (isFinal(last, isHeld, force) && (isHeld || !exists)) return failed(last)
        if (exists && (isHeld || !force)) {
          return { outcome: 'cached', snapshot: await existing.ofPicture(series, address, last) }
        }
        if (!exists && standIn !== undefined && (isHeld || artist.refusal?.() !== undefined)) {
          const snapshot = await existing.ofStandIn(series, address, last)
          if (snapshot !== undefined) return { outcome: 'cached', snapshot }
        }
        const idle = idleError()
        if (idle !== undefined) throw idle
        const refusal = await options.checkFolder?.(suffix)
        // During the reads above another request may have started a run, and that run may even have ended.
        if ((await runs.last(suffix, address)) !== last) continue
        admit()
        if (refusal !== undefined) throw rejected('folder_unusable', refusal)
        return await start(newRun(series, address, force, exists))
      }
    },

    /** The snapshot of the running run, or of the last one if it failed; undefined when there is neither. */
    async snapshot(series: string, address: string): Promise<Snapshot | undefined> {
      const run = await runs.last(series, address)
      return run === undefined || (run.done && !run.failed) ? undefined : run.snapshot()
    },

    /** The snapshot of the picture, else of its stand-in; undefined when there is neither. */
    async finished(series: Series, address: string): Promise<Snapshot | undefined> {
      const last = await runs.last(series.suffix, address)
      return (await pictures.find(series.suffix, address)) === undefined
        ? await existing.ofStandIn(series, address, last, false)
        : await existing.ofPicture(series, address, last, false)
    },

    /** The dress that an existing picture was made from. */
    async dressOf(series: Series, address: string): Promise<DalleDress> {
      return await existing.dressOf(series, address)
    },

    /** How many runs work or wait, and the snapshots of the oldest `limit` of them. */
    async working(limit: number): Promise<{ count: number; snapshots: Snapshot[] }> {
      const { count, runs: oldest } = await runs.live(limit)
      return { count, snapshots: oldest.map((run) => run.snapshot()) }
    },

    /**
     * Calls `listener` at each change of any run, with the last snapshot when the run ended.
     * @returns ends the subscription
     */
    subscribeAll(listener: (ended?: Snapshot) => void): () => void {
      return events.subscribeAll((run) => listener(run.done ? run.snapshot() : undefined))
    },

    /** The newest partial image of the picture's run. */
    async partial(series: string, address: string): Promise<PartialImage | undefined> {
      return (await runs.last(series, address))?.partial
    },

    /**
     * Calls `listener` at each change of the picture's runs, with the snapshot where it is known.
     * @returns ends the subscription
     */
    subscribe(series: string, address: string, listener: (snapshot?: Snapshot) => void): () => void {
      return events.subscribe(series, address, (run) => listener(run?.snapshot()))
    },

    /** Cancels the picture's run. Resolves with its last snapshot, or with undefined when there is no run. */
    async cancel(series: string, address: string): Promise<Snapshot | undefined> {
      return (await runs.cancel(series, address, errors.cancelled()))?.snapshot()
    },

    /** Refuses new runs from now on. */
    refuse(): void {
      stopping = true
    }
  }
}
