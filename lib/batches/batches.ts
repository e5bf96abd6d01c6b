import { EventEmitter } from 'node:events'
import type { Databases } from '../dress/databases.ts'
import type {
  AddressOutcome,
  BatchClaim,
  BatchRecord,
  KeptBatch,
  LivingBatch,
  NewBatch
} from '../engine/batches.ts'
import type { Engine, Expense } from '../engine/engine.ts'
import { errors, isServiceError } from '../errors.ts'
import type { ServiceError } from '../errors.ts'
import type { Generation } from '../generation/generation.ts'
import type { ProblemParts } from '../generation/worker.ts'
import { createOutage } from '../outage.ts'
import type { ExpectedCost } from '../provider/providers.ts'
import type { BatchEstimate, BatchRequest, BatchState } from '../schemas/batches.ts'
import { hasRoom } from '../shares.ts'
import { createFeeder } from './feeder.ts'
import type { Feeder, FeederParts } from './feeder.ts'
import { resolveBatch } from './request.ts'
import { createResuming } from './resuming.ts'
import type { ResolvedBatch } from './request.ts'
import { IDLE, describeBatch, roundUsd } from './state.ts'
import type { FailurePage } from './state.ts'
import { budgetRefusal } from './budget.ts'

/** Batches that live at the same time. Each takes up to a megabyte of memory. */
const LIVE_MAX = 32
/** Runs of a batch in the queue or at work, for each run that works at the same time. */
const AHEAD = 2
/** Pictures that are looked for on the disk at the same time. */
const LOOKS_AT_ONCE = 32
const NS_PER_SECOND = 1e9
const NO_FAILURES: FailurePage = { offset: 0, limit: 0 }

/** Who asks for a batch. */
export type Asker = Pick<BatchRecord, 'client' | 'isLoopback'>

/** What happens to batches, for the log and the metrics. */
export interface BatchEvents {
  onAccept: (batch: BatchRecord) => void
  onPause: (batch: BatchRecord, reason: ServiceError, ms: number) => void
  onResume: (batch: BatchRecord) => void
  onAddressEnd: (outcome: AddressOutcome) => void
  onEnd: (batch: BatchState) => void
}

export interface BatchesOptions extends BatchEvents, Pick<FeederParts, 'clock' | 'failureHoldMs'> {
  engine: Pick<
    Engine,
    'batches' | 'runs' | 'pictures' | 'ledger' | 'averages' | 'queue' | 'isOpen' | 'opened'
  >
  generation: Pick<Generation, 'ensure' | 'ended' | 'refusal' | 'artist'>
  databases: Pick<Databases, 'hash'>
  findSeries: ProblemParts['findSeries']
  /** Whether an address with a wrong checksum (EIP-55) is refused. */
  strictChecksum?: boolean
  checkFolder: (series: string) => Promise<ServiceError | undefined>
  expected: ExpectedCost
  concurrency: number
  queueLimit: number
  maxPictures: number | undefined
  /** Runs that a batch of this client may start in a minute; undefined is no limit. */
  runsPerMinute: (asker: Asker) => number | undefined
  /** @throws RATE_LIMITED when the client has started too many runs */
  count: (asker: Asker) => Promise<void>
  /** Called when batches cannot be read or kept; once until it works again, and then `onDiskWorks`. */
  onDiskError: (error: unknown) => void
  onDiskWorks?: () => void
  /** Unix milliseconds. */
  unixMs?: () => number
}

/** A batch that is about to be accepted. */
interface Plan extends ResolvedBatch {
  existing: number[]
  missing: number
  cost: Expense & { isPriced: boolean }
}

export type Batches = ReturnType<typeof createBatches>

/** Batches: many addresses of a series in one request. Each is accepted whole or refused whole. */
export function createBatches(options: BatchesOptions) {
  const { engine, generation, databases, findSeries, expected, concurrency } = options
  const { unixMs = Date.now } = options
  const { batches: store, pictures, averages, ledger } = engine
  const feeders = new Map<string, { claim: BatchClaim; feeder: Feeder }>()
  const changes = new EventEmitter().setMaxListeners(0)
  const outage = createOutage({ onBegin: options.onDiskError, onEnd: options.onDiskWorks ?? (() => {}) })
  const ahead = Math.min(AHEAD * concurrency, concurrency + options.queueLimit)
  /** Batches are accepted one after the other, and after those that are kept, so that none counts on the same money. */
  let accepting: Promise<unknown> = Promise.resolve()
  let isStopping = false
  let unsubscribe = () => {}

  /** How long pictures take: no less than one run, however many may work at the same time. */
  function secondsFor(pictures: number, asker: Asker): number {
    if (pictures === 0) return 0
    const runNs = Object.values(averages.all()).reduce((sum, ns) => sum + ns, 0)
    const perMinute = options.runsPerMinute(asker)
    return Math.max(
      (runNs / NS_PER_SECOND) * Math.max(1, pictures / concurrency),
      perMinute === undefined ? 0 : (pictures * 60) / perMinute
    )
  }

  function stateOf(batch: KeptBatch, failures: FailurePage): BatchState {
    const activity = feeders.get(batch.record.batchId)?.feeder.activity ?? batch.activity ?? IDLE
    return describeBatch(batch, activity, {
      secondsFor: (pictures) => secondsFor(pictures, batch.record),
      nowMs: unixMs(),
      failures
    })
  }

  /** The indexes of the addresses that have a picture. */
  async function findExisting(series: string, addresses: readonly string[]): Promise<number[]> {
    await pictures.count()
    const candidates = [...addresses.keys()].filter((index) => pictures.mayHave(series, addresses[index]!))
    const existing: number[] = []
    for (let at = 0; at < candidates.length; at += LOOKS_AT_ONCE) {
      const looked = candidates.slice(at, at + LOOKS_AT_ONCE)
      const found = await Promise.all(looked.map((index) => pictures.find(series, addresses[index]!)))
      existing.push(...looked.filter((_, place) => found[place] !== undefined))
    }
    return existing
  }

  /** @throws invalid_input, series_invalid */
  async function plan(request: BatchRequest): Promise<Plan> {
    const resolved = await resolveBatch(
      request,
      async (name) => await findSeries(name, { withDeleted: false }),
      options.strictChecksum
    )
    const { series, addresses } = resolved
    const existing = await findExisting(series.suffix, addresses)
    const missing = addresses.length - existing.length
    const cost = {
      usd: roundUsd(missing * (expected.usd ?? 0)),
      images: missing * expected.images,
      isPriced: expected.usd !== undefined
    }
    return { ...resolved, existing, missing, cost }
  }

  /** Why a batch would be refused now; undefined if it would be accepted. */
  async function refusalOf(
    { series, missing, cost }: Plan,
    { client }: Asker,
    living: readonly LivingBatch[]
  ): Promise<ServiceError | undefined> {
    if (isStopping || !engine.isOpen) {
      return errors.unavailable(
        'No batch can be accepted now',
        'The server stops, or waits for the data folder'
      )
    }
    const owners = living.map((batch) => batch.client)
    const isRoom = hasRoom({
      total: owners.length,
      limit: LIVE_MAX,
      own: owners.filter((owner) => owner === client).length,
      clients: new Set(owners).size
    })
    if (!isRoom) return errors.tooManyBatches(LIVE_MAX)
    const others = living.reduce((sum, { left }) => sum + left, 0)
    const { maxPictures } = options
    if (
      maxPictures !== undefined &&
      missing > 0 &&
      (await pictures.count()) + others + missing > maxPictures
    ) {
      return errors.unavailable(
        `The server keeps at most ${maxPictures} pictures`,
        `It has ${pictures.size}, other batches make ${others} more, and this one needs ${missing}`
      )
    }
    const promised = { usd: others * (expected.usd ?? 0), images: others * expected.images }
    return budgetRefusal(ledger, cost, promised) ?? (await options.checkFolder(series.suffix))
  }

  function feed(claim: BatchClaim): void {
    const { batch, signal } = claim
    const { record } = batch
    const { batchId } = record
    const feeder = createFeeder(batch, {
      ...options,
      runs: engine.runs,
      pictures,
      store,
      ahead,
      outage,
      onChange() {
        claim.publish(feeder.activity)
        changes.emit(batchId)
      },
      onPause: (reason, ms) => options.onPause(record, reason, ms),
      onResume: () => options.onResume(record),
      onEnd() {
        options.onEnd(stateOf(batch, NO_FAILURES))
        feeders.delete(batchId)
        claim.release()
      }
    })
    signal.addEventListener('abort', () => {
      if (batch.end?.state === 'cancelled') {
        feeder.cancelElsewhere().catch(outage.fail)
        return
      }
      feeder.stop()
      feeders.delete(batchId)
    })
    feeders.set(batchId, { claim, feeder })
    feeder.start()
  }

  async function acceptPlan(planned: Plan, asker: Asker): Promise<KeptBatch> {
    const { series, addresses, duplicates, existing, cost } = planned
    let refusal: ServiceError | undefined
    const batch: NewBatch = {
      ...asker,
      series: series.suffix,
      definition: series,
      databaseHash: databases.hash,
      provider: generation.artist,
      addresses,
      duplicates,
      existing,
      estimatedUsd: cost.isPriced ? cost.usd : null
    }
    const admit = async (living: LivingBatch[]) => {
      refusal = await refusalOf(planned, asker, living)
      if (refusal !== undefined) throw refusal
    }
    const kept = await store.add(batch, admit).catch((error: unknown) => {
      if (refusal !== undefined) throw refusal
      const reason = isServiceError(error) ? error.details : undefined
      throw errors.unavailable('The batch could not be kept', reason, error)
    })
    options.onAccept(kept.record)
    const claim = await store.claim(kept.record.batchId)
    if (claim !== undefined) feed(claim)
    return kept
  }

  const resuming = createResuming({
    ...options,
    feed,
    outage,
    onEnd: (batch) => options.onEnd(stateOf(batch, NO_FAILURES))
  })

  async function get(batchId: string): Promise<KeptBatch> {
    const batch = await store.find(batchId)
    if (batch !== undefined) return batch
    throw errors.ofV1('artifact_missing', 'batch was not found', {
      details: 'No batch has this id. A batch is forgotten a day after its end'
    })
  }

  return {
    /**
     * What a batch would need, and whether it would be accepted now. Nothing starts.
     * @throws invalid_input, series_invalid
     */
    async estimate(request: BatchRequest, asker: Asker): Promise<BatchEstimate> {
      const planned = await plan(request)
      const { series, addresses, duplicates, existing, missing, cost } = planned
      const refusal = await refusalOf(planned, asker, await store.living())
      return {
        series: series.suffix,
        total: addresses.length,
        duplicates,
        existing: existing.length,
        missing,
        images: cost.images,
        estimatedCostUsd: cost.isPriced ? cost.usd : null,
        estimatedSeconds: Math.round(secondsFor(missing, asker)),
        refusal: refusal
          ? {
              code: refusal.code,
              message: refusal.message,
              ...(refusal.details !== undefined && { details: refusal.details })
            }
          : null
      }
    },

    /**
     * Accepts a batch. Resolves when it survives the process.
     * @throws invalid_input, series_invalid, QUEUE_FULL, BUDGET_EXHAUSTED, SERVICE_UNAVAILABLE
     */
    async accept(request: BatchRequest, asker: Asker): Promise<BatchState> {
      const planned = await plan(request)
      const accepted = accepting.then(async () => await acceptPlan(planned, asker))
      accepting = accepted.catch(() => {})
      return stateOf(await accepted, NO_FAILURES)
    },

    /** @throws artifact_missing */
    async find(batchId: string, failures: FailurePage): Promise<BatchState> {
      return stateOf(await get(batchId), failures)
    },

    /** All batches, or those of a client, in the order of their acceptance and without their failures. */
    async list(client?: string): Promise<BatchState[]> {
      const all = await store.list()
      return all
        .filter(({ record }) => client === undefined || record.client === client)
        .map((batch) => stateOf(batch, NO_FAILURES))
    },

    /**
     * Ends a batch: what waits never starts, and what is being drawn is finished. One that has ended stays as it is.
     * @throws artifact_missing, FILE_SYSTEM_ERROR, SERVICE_UNAVAILABLE while another process works on it
     */
    async cancel(batchId: string): Promise<BatchState> {
      const batch = await get(batchId)
      if (batch.end === undefined) {
        if (isStopping || !engine.isOpen) {
          throw errors.unavailable(
            'No batch can be cancelled now',
            'The server stops, or waits for the data folder'
          )
        }
        const feeding = feeders.get(batchId)
        if (feeding !== undefined) {
          await feeding.feeder.cancel()
        } else {
          await store.end(batchId, { state: 'cancelled' })
          const ended = await get(batchId)
          await resuming.endCancelled([ended])
          return stateOf(ended, NO_FAILURES)
        }
      }
      return stateOf(batch, NO_FAILURES)
    },

    /**
     * Calls `listener` at each change of a batch.
     * @returns ends the subscription
     */
    subscribe(batchId: string, listener: () => void): () => void {
      changes.on(batchId, listener)
      return () => changes.off(batchId, listener)
    },

    /** How many batches this process feeds, and how many of their pictures have not started. */
    load(): { running: number; paused: number; waiting: number } {
      const states = [...feeders.values()].map(({ claim }) => stateOf(claim.batch, NO_FAILURES))
      const paused = states.filter(({ state }) => state === 'paused').length
      return {
        running: states.length - paused,
        paused,
        waiting: states.reduce((sum, { counts }) => sum + counts.waiting, 0)
      }
    },

    /** Takes up the batches that are kept, as soon as the engine is open. */
    async start(): Promise<void> {
      await engine.opened
      unsubscribe = store.subscribe((batchId) => {
        for (const id of batchId === undefined ? changes.eventNames() : [batchId]) changes.emit(id)
      })
      const started = resuming.start()
      accepting = started.catch(() => {})
      await started
    },

    /** Starts no more runs. The batches go on at the next start. */
    stop(): void {
      isStopping = true
      resuming.stop()
      unsubscribe()
      for (const { feeder, claim } of feeders.values()) {
        feeder.stop()
        claim.release()
      }
    }
  }
}
