import type { Databases } from '../dress/databases.ts'
import type { Engine, NewRun, RunView } from '../engine/engine.ts'
import { errors, isServiceError } from '../errors.ts'
import type { ServiceError } from '../errors.ts'
import type { StoredPictures } from '../pictures/stored.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Snapshot } from '../schemas/progress.ts'
import type { ImageOrder } from '../schemas/order.ts'
import type { Series } from '../schemas/series.ts'
import { isPictureName, pictureKey } from '../storage/layout.ts'
import type { Records } from '../records/store.ts'
import type { Artifacts } from './artifacts.ts'
import { isAway } from './drawing.ts'
import type { Artists } from './drawing.ts'
import { createExisting } from './existing.ts'
import { isSameOrder, isStrict, makesPicture, prepareRun, wholePicture } from './orders.ts'
import type { Rejection } from './outcome.ts'
import { createRunReader } from './run-reader.ts'

export interface GenerationOptions extends Artists {
  engine: Pick<Engine, 'pictures' | 'runs' | 'events' | 'averages' | 'isOpen' | 'findElsewhere'>
  pictures: Pick<StoredPictures, 'find' | 'isThere' | 'findStandIn'>
  artifacts: Pick<Artifacts, 'readDress' | 'readProvider'>
  records: Pick<Records, 'read'>
  databases: Databases
  /** How long a failed run answers for a new one, and any run for a forced one, in milliseconds. */
  failureHoldMs: number
  /** Whether runs for `/dalle` enhance their prompts. */
  enhances?: boolean
  /** Why the picture of this series could not be kept now, if so. */
  checkFolder?: (series: string) => Promise<ServiceError | undefined>
  /** Whether the artist is the built-in one, which draws the same dress the same again. */
  isBuiltIn?: boolean
  /** Pictures from which on no run for a new one starts; undefined is no limit. */
  maxPictures?: number | undefined
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
  /** Who asks. Clients take turns in the queue. */
  client?: string
  /** Called before a run starts, and only then. What it throws, `ensure` throws. */
  admit?: () => void
  /** Counts the run: called last, when nothing else keeps the run from its place in the queue. */
  count?: () => Promise<void>
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
  const { engine, pictures, databases, artist, standIn, failureHoldMs, maxPictures, onJoin, onReject } =
    options
  const { runs } = engine
  const reader = createRunReader(engine)
  const existing = createExisting({ ...options, averages: engine.averages, provider: artist.provider })
  let stopping = false
  const suspension = new AbortController()
  /** The pictures whose run is about to start. */
  const starting = new Map<string, Promise<Ensured>>()
  /** Places for new pictures that are taken by runs which are about to start. */
  let reserved = 0

  interface Asked {
    series: Series
    address: string
    client: string | undefined
    force: boolean
    /** There is a picture, which a stand-in must not replace. */
    replaces: boolean
    order?: ImageOrder
  }

  function newRun({ series, address, client, force, replaces, order }: Asked): NewRun {
    const { dress } = prepareRun(databases, { definition: series, address, order })
    return {
      order,
      series: series.suffix,
      address,
      client,
      provider: artist.provider,
      force,
      replaces,
      definition: series,
      databaseHash: databases.hash,
      dress
    }
  }

  /**
   * Takes a place for a new picture. The result gives it back: a run that is accepted counts itself.
   * @throws SERVICE_UNAVAILABLE when there are too many pictures
   */
  async function reservePlace({ replaces, order }: NewRun): Promise<() => void> {
    if (maxPictures === undefined || replaces || !makesPicture({ order })) return () => {}
    await engine.pictures.count()
    reserved += 1
    let isHeld = true
    const giveBack = () => {
      if (isHeld) reserved -= 1
      isHeld = false
    }
    const others = engine.pictures.size + reserved
    const { count: live } = await runs.live(0)
    if (others + live <= maxPictures) return giveBack
    giveBack()
    const message = `The server keeps at most ${maxPictures} pictures`
    throw rejected('pictures_full', errors.unavailable(message, 'It serves those that exist'))
  }

  function refusalNow(): ServiceError | undefined {
    const refusal = artist.refusal?.()
    return refusal?.isHeld === true ? errors.budgetHeld(refusal) : refusal
  }

  async function start(run: NewRun, count: () => Promise<void>): Promise<Ensured> {
    const refusal = run.order?.image === false ? undefined : refusalNow()
    if (refusal !== undefined && !isAway(refusal)) throw rejected('budget_exhausted', refusal)
    if (refusal !== undefined && (standIn === undefined || run.replaces || isStrict(run))) {
      return failed(await runs.reject(run, rejected('provider_away', refusal)))
    }
    const giveBack = await reservePlace(run)
    await count().catch((error: ServiceError) => {
      giveBack()
      throw rejected('rate_limited', error)
    })
    try {
      const accepting = runs.accept(run)
      giveBack()
      const { outcome, run: accepted } = await accepting
      if (outcome === 'joined') onJoin()
      return { outcome, snapshot: accepted.snapshot() }
    } catch (error) {
      if (isServiceError(error) && error.code === 'QUEUE_FULL') throw rejected('queue_full', error)
      const reason = isServiceError(error) ? error.details : undefined
      throw rejected('not_kept', errors.unavailable('The run could not be kept', reason, error))
    }
  }

  /**
   * Starts a run. Resolves with undefined if the picture's runs are no longer those of which `last` was the newest:
   * then look again.
   */
  async function launch(
    asked: Asked,
    last: RunView | undefined,
    admit: () => void,
    count: () => Promise<void>
  ): Promise<Ensured | undefined> {
    const { series, address } = asked
    const key = pictureKey(series.suffix, address)
    const idle = idleError()
    if (idle !== undefined) throw idle
    const refusal = await options.checkFolder?.(series.suffix)
    // During the reads above another request may have started a run, and that run may even have ended.
    if ((await runs.last(series.suffix, address))?.runId !== last?.runId) return undefined
    // One request at a time, so that a run is counted once. The others then find it, or why it did not start.
    const other = starting.get(key)
    if (other !== undefined) {
      await other.catch(() => {})
      return undefined
    }
    admit()
    if (refusal !== undefined) throw rejected('folder_unusable', refusal)
    const started = start(newRun(asked), count)
    starting.set(key, started)
    return await started.finally(() => starting.delete(key))
  }

  /** The error when this process may not start runs. */
  function idleError(): ServiceError | undefined {
    if (stopping) return rejected('stopping', stoppingError())
    if (engine.isOpen) return undefined
    return rejected('standby', standbyError())
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
    ...reader,

    /** Who draws new pictures. */
    artist: artist.provider,

    /**
     * Makes sure that the picture exists or is being made. A run that is started survives the end of the process.
     * @throws RATE_LIMITED, QUEUE_FULL, BUDGET_EXHAUSTED, TEMPLATE_ERROR, and SERVICE_UNAVAILABLE while no run can be
     * started or kept
     */
    async ensure(
      series: Series,
      address: string,
      { force = false, client, admit = () => {}, count = async () => {} }: EnsureOptions = {}
    ): Promise<Ensured> {
      const { suffix } = series
      for (;;) {
        const last = await runs.last(suffix, address).catch(async (error: unknown) => {
          // Without its database the engine starts nothing, and a picture that exists needs no run.
          if (force || (await pictures.find(suffix, address)) === undefined) throw error
          return undefined
        })
        if (last !== undefined && !last.done) {
          // A run of /v1 may leave no picture.
          if (!makesPicture(last)) {
            await reader.ended(suffix, address, last.runId, suspension.signal)
            continue
          }
          const joined = await runs.join(suffix, address)
          if (joined === undefined) continue
          onJoin()
          return { outcome: 'joined', snapshot: joined.snapshot() }
        }
        const isHeld = last !== undefined && runs.secondsSinceEnd(last) * 1000 < failureHoldMs
        const found = await pictures.find(suffix, address)
        const exists = found !== undefined && (await pictures.isThere(found))
        if (isFinal(last, isHeld, force) && (isHeld || !exists)) return failed(last)
        if (exists && (isHeld || !force)) {
          return { outcome: 'cached', snapshot: await existing.ofPicture(series, address, last) }
        }
        if (!exists && standIn !== undefined && (isHeld || artist.refusal?.() !== undefined)) {
          const snapshot = await existing.ofStandIn(series, address, last)
          if (snapshot !== undefined) return { outcome: 'cached', snapshot }
        }
        const asked = { series, address, client, force, replaces: exists }
        const launched = await launch(asked, last, admit, count)
        if (launched !== undefined) return launched
      }
    },

    /**
     * Makes sure that a request of /v1 is being done, unless `findDone` finds that it is done. A run with the same
     * order is joined. A run with another order for the same files ends first.
     * @param name of the files
     * @param findDone the record that satisfies the request
     * @param signal ends the wait for a run with another order
     * @throws as `ensure`, and ANSWER_LOST
     */
    async ensureOrder<Done>(
      series: Series,
      name: string,
      order: ImageOrder,
      findDone: () => Promise<Done | undefined>,
      { force = false, client, admit = () => {}, count = async () => {} }: EnsureOptions = {},
      signal?: AbortSignal
    ): Promise<{ done: Done } | { run: Ensured }> {
      const { suffix } = series
      for (;;) {
        const last = await runs.last(suffix, name)
        if (last !== undefined && !last.done) {
          if (!isSameOrder(last.order ?? wholePicture(name, options.enhances === true), order)) {
            await reader.ended(suffix, name, last.runId, signal)
            continue
          }
          const joined = await runs.join(suffix, name)
          if (joined === undefined) continue
          onJoin()
          return { run: { outcome: 'joined', snapshot: joined.snapshot() } }
        }
        const done = force ? undefined : await findDone()
        if (done !== undefined) return { done }
        if (last !== undefined && isFinal(last, false, force)) return { run: failed(last) }
        const replaces = isPictureName(name) && (await pictures.find(suffix, name)) !== undefined
        const asked = { series, address: name, client, force, replaces, order }
        const run = await launch(asked, last, admit, count)
        if (run !== undefined) return { run }
      }
    },

    /** Why a new picture would not be drawn now: the provider is away, or the budget is spent. */
    refusal: refusalNow,

    /** Why a request for a new picture would get none now. Where a stand-in would be drawn, nothing hinders. */
    hindrance(): ServiceError | undefined {
      const refusal = refusalNow()
      return refusal !== undefined && isAway(refusal) && standIn !== undefined ? undefined : refusal
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

    /** Who drew an existing picture. */
    drawerOf: existing.drawerOf,

    /** Whether an existing picture is what the built-in artist draws today. */
    isDrawnToday: existing.isDrawnToday,

    /** Whether a new run would draw an existing picture the same again. */
    wouldRepeat: existing.wouldRepeat,

    /**
     * Cancels the picture's run. Resolves with its last snapshot, or with undefined when there is no run.
     * @throws SERVICE_UNAVAILABLE when another process works on the run
     */
    async cancel(series: string, address: string): Promise<Snapshot | undefined> {
      const cancelled = await runs.cancel(series, address, errors.cancelled())
      if (cancelled !== undefined) return cancelled.snapshot()
      if ((await engine.findElsewhere(series, address))?.done === false) throw standbyError()
      return undefined
    },

    /** Refuses new runs from now on. */
    refuse(): void {
      stopping = true
    },

    /** Aborts when runs that have not ended go on in another process only, so that nobody waits for them here. */
    suspended: suspension.signal,

    /** Ends the waits for runs. */
    suspend(): void {
      suspension.abort(stoppingError())
    }
  }
}

function stoppingError(): ServiceError {
  return errors.unavailable('The server is stopping', 'Ask again when it is back')
}

function standbyError(): ServiceError {
  return errors.unavailable(
    'Another process works on the data folder',
    'This one serves the pictures that exist'
  )
}
