import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type {
  AddressEnd,
  AddressOutcome,
  BatchActivity,
  BatchRecord,
  BatchStore,
  KeptBatch
} from '../engine/batches.ts'
import type { RunStore, RunView } from '../engine/engine.ts'
import type { PictureIndex } from '../engine/pictures.ts'
import { asServiceError, errors } from '../errors.ts'
import type { ErrorCode, ServiceError } from '../errors.ts'
import type { Generation } from '../generation/generation.ts'
import type { Outage } from '../outage.ts'
import type { Snapshot } from '../schemas/progress.ts'

/** Errors of an address that no wait mends. All others are of the server, and pass. */
const FINAL_CODES: ErrorCode[] = ['TEMPLATE_ERROR', 'INTERNAL_SERVER_ERROR']
/** Failures of runs that no address is to blame for. A batch waits until their reason is over. */
const AWAY_CODES = ['OPENAI_RATE_LIMIT', 'SERVICE_UNAVAILABLE']
/** Failures of runs that a later run may not have. */
const PASSING_CODES = ['OPENAI_UNAVAILABLE', 'FILE_SYSTEM_ERROR']
/** How often the run of an address may fail with such a failure while other pictures are drawn. */
const TRIES_MAX = 3
/** How long a batch waits where the error does not say it, and how long at most. */
const PAUSE_MS = 15_000
const LONGEST_PAUSE_MS = 60_000

export interface FeederParts {
  generation: Pick<Generation, 'ensure' | 'ended' | 'refusal'>
  runs: Pick<RunStore, 'last' | 'cancel'>
  pictures: Pick<PictureIndex, 'find'>
  store: Pick<BatchStore, 'note' | 'end'>
  /** Runs of a batch that are queued or working at the same time. */
  ahead: number
  /** How long a failed run answers for a new one, in milliseconds. */
  failureHoldMs: number
  /**
   * Counts a run that is about to start.
   * @throws RATE_LIMITED when the client has started too many
   */
  count: (batch: BatchRecord) => Promise<void>
  /** Called when the state of the batch has changed. */
  onChange: () => void
  onPause: (reason: ServiceError, ms: number) => void
  /** Called when the batch goes on after a pause. */
  onResume: () => void
  onAddressEnd: (outcome: AddressOutcome) => void
  /** Called when every address has ended, or the batch was cancelled and its last run has ended. */
  onEnd: () => void
  /** Of what keeps the batch and its runs. */
  outage: Outage
  clock?: Pick<Clock, 'now' | 'startTimer'>
}

interface Tries {
  count: number
  usd: number
}

export type Feeder = ReturnType<typeof createFeeder>

/**
 * Takes the addresses of a batch to the queue of runs, a few at a time, so that the runs of other clients come in
 * between. While no run may start, it waits and loses no address.
 */
export function createFeeder(batch: KeptBatch, parts: FeederParts) {
  const { generation, runs, pictures, store, count, onChange, clock = systemClock } = parts
  const { record } = batch
  const { series, definition, addresses, client, batchId } = record
  const stopping = new AbortController()
  /** The ids of the runs that are queued or working, by the index of their address. */
  const live = new Map<number, string>()
  /** Addresses that come before the next one. */
  const returned: number[] = []
  /** Addresses that are tried again after all others. */
  const deferred: Array<{ index: number; dueAt: number; reason: ServiceError }> = []
  const tries = new Map<number, Tries>()
  let next = 0
  let pause: { reason: ServiceError; until: number } | undefined
  let isCancelled = false
  let isEndKept = false
  let wake = () => {}

  const mayStart = () => !stopping.signal.aborted && !isCancelled
  const isPaused = () => pause !== undefined && pause.until > clock.now()

  /** The next address that may start now. */
  function take(): number | undefined {
    if (live.size >= parts.ahead || isPaused()) return undefined
    const back = returned.shift()
    if (back !== undefined) return back
    while (next < addresses.length && batch.hasEnded(next)) next += 1
    if (next < addresses.length) {
      next += 1
      return next - 1
    }
    const due = deferred.findIndex(({ dueAt }) => dueAt <= clock.now())
    return due < 0 ? undefined : deferred.splice(due, 1)[0]!.index
  }

  /** Waits until a run ends, the batch is cancelled, or the next try is due. */
  async function untilChange(): Promise<void> {
    const times = [...(pause === undefined ? [] : [pause.until]), ...deferred.map(({ dueAt }) => dueAt)]
    const later = times.filter((time) => time > clock.now())
    const ms = Math.min(...later) - clock.now()
    await new Promise<void>((resolve) => {
      const stopTimer = later.length === 0 ? () => {} : clock.startTimer(ms, () => wake())
      wake = () => {
        stopTimer()
        resolve()
      }
    })
    wake = () => {}
  }

  function holdBack(reason: ServiceError, ms: number): void {
    const isNew = pause?.reason.code !== reason.code
    pause = { reason, until: clock.now() + ms }
    if (isNew) parts.onPause(reason, ms)
    onChange()
  }

  function goOn(): void {
    if (pause === undefined) return
    pause = undefined
    parts.onResume()
    onChange()
  }

  async function note(index: number, outcome: AddressOutcome, usd = 0, failure?: Failure): Promise<void> {
    const end: AddressEnd = { index, outcome, usd: usd + (tries.get(index)?.usd ?? 0), ...failure }
    tries.delete(index)
    const noting = store.note(batchId, end)
    parts.onAddressEnd(outcome)
    onChange()
    await noting
  }

  async function hasPicture(address: string): Promise<boolean> {
    return (await pictures.find(series, address)) !== undefined
  }

  /** Whether a run has ended for this batch, perhaps in an earlier process or while no process fed the batch. */
  function isOwnEnd(run: RunView | undefined): run is RunView {
    const isOwn = run?.done === true && run.client === client
    return isOwn && run.snapshot().startedNs >= record.acceptedNs
  }

  function isOwnFailure(run: RunView | undefined): run is RunView {
    return isOwnEnd(run) && run.failed
  }

  /** Takes in a picture or a stand-in that is there. */
  async function noteMade(index: number, outcome: AddressOutcome): Promise<void> {
    const last = await runs.last(series, addresses[index]!)
    if (isOwnEnd(last) && !last.failed) return await conclude(index, last.snapshot(), last)
    await note(index, outcome)
  }

  /** Starts or joins the run of an address, unless it has ended. */
  async function begin(index: number): Promise<void> {
    const address = addresses[index]!
    if (await hasPicture(address)) return await noteMade(index, 'completed')
    const before = await runs.last(series, address)
    if (isOwnFailure(before) && !tries.has(index)) return await conclude(index, before.snapshot(), before)
    const { outcome, snapshot } = await generation.ensure(definition, address, {
      client,
      admit() {
        if (isCancelled) throw errors.cancelled()
        stopping.signal.throwIfAborted()
        const refusal = generation.refusal()
        if (refusal !== undefined) throw refusal
      },
      count: async () => await count(record)
    })
    if (outcome === 'started' || outcome === 'joined') {
      live.set(index, snapshot.runId)
      goOn()
      onChange()
      follow(index, snapshot.runId).catch((error: unknown) => lose(index, error))
      if (isCancelled) await cancelQueued()
      return
    }
    if (outcome === 'failed') {
      const last = await runs.last(series, address)
      const isFinal = isOwnFailure(last) || snapshot.errorCode === 'ANSWER_LOST'
      if (isFinal) return await conclude(index, snapshot, last)
      // The failure of an earlier run, or of another client's, answers until the hold is over.
      return defer(index, snapshot)
    }
    if (await hasPicture(address)) return await noteMade(index, 'completed')
    // There is a stand-in. While the provider is away it would be that of every address.
    const refusal = generation.refusal()
    if (refusal !== undefined) throw refusal
    await noteMade(index, 'degraded')
  }

  /** Begins an address. If that fails for a reason of the server, the address waits. */
  async function tryToBegin(index: number): Promise<void> {
    try {
      await begin(index)
      parts.outage.succeed()
      if (!live.has(index)) goOn()
    } catch (error) {
      if (!mayStart()) return
      const failure = asServiceError(error)
      if (FINAL_CODES.includes(failure.code)) {
        await note(index, 'failed', 0, failureOf(failure))
        return
      }
      returned.unshift(index)
      const { retryAfter } = failure
      const ms = retryAfter === undefined ? PAUSE_MS : retryAfter * 1000
      holdBack(failure, Math.min(Math.max(ms, 1), LONGEST_PAUSE_MS))
    }
  }

  async function follow(index: number, runId: string): Promise<void> {
    const address = addresses[index]!
    const ended = await generation.ended(series, address, runId, stopping.signal)
    const last = await runs.last(series, address)
    live.delete(index)
    // Another run may have taken its place.
    if (ended?.done !== true || last?.runId !== runId) returned.push(index)
    else await conclude(index, ended, last)
    onChange()
    wake()
  }

  /** Takes in how the run of an address ended. */
  async function conclude(index: number, snapshot: Snapshot, run: RunView | undefined): Promise<void> {
    const { errorCode: code, error, degraded } = snapshot
    // Another client's run costs the batch nothing.
    const usd = run?.client === client ? run.costUsd : 0
    if (code === '') return await note(index, degraded ? 'degraded' : 'completed', usd)
    if (code === 'CANCELLED') return await note(index, 'cancelled', usd)
    // The budget was spent while the run waited. It costs nothing until the budget has room, which may be before
    // midnight: another server or a restart brings a new limit.
    const isSpent = code === 'BUDGET_EXHAUSTED'
    const isBlameless = isSpent || isAway(code, run)
    const before = tries.get(index) ?? { count: 0, usd: 0 }
    const count = before.count + (isBlameless ? 0 : 1)
    const mayPass = PASSING_CODES.includes(code) && run?.mayBeBilled === false && count < TRIES_MAX
    if (!isBlameless && !mayPass) return await note(index, 'failed', usd, { code, error })
    tries.set(index, { count, usd: before.usd + usd })
    defer(index, snapshot, isSpent ? undefined : run?.retryAfter)
  }

  /** Whether a run failed at no cost because the service or its provider was away, so that each run would fail. */
  function isAway(code: string, run: RunView | undefined): boolean {
    if (run?.mayBeBilled !== false) return false
    if (AWAY_CODES.includes(code)) return true
    // The failure says when to come again, or the circuit is open.
    const isProviderAway = run.retryAfter !== undefined || generation.refusal() !== undefined
    return code === 'OPENAI_UNAVAILABLE' && isProviderAway
  }

  /** Tries an address again later, when no failure of its last run answers any more. */
  function defer(index: number, { errorCode, error }: Snapshot, retryAfter = 0): void {
    const dueAt = clock.now() + Math.max(PAUSE_MS, parts.failureHoldMs + 1, retryAfter * 1000)
    deferred.push({ index, dueAt, reason: errors.ofRun(errorCode as ErrorCode, error) })
  }

  /** Follows a run no more, after an error of the engine. The address is looked at again. */
  function lose(index: number, error: unknown): void {
    if (stopping.signal.aborted) return
    parts.outage.fail(error)
    live.delete(index)
    returned.push(index)
    wake()
  }

  async function feed(): Promise<void> {
    while (mayStart()) {
      const index = take()
      if (index !== undefined) {
        await tryToBegin(index)
        continue
      }
      const isIdle = live.size === 0 && !isPaused()
      if (isIdle && deferred.length === 0) return await complete()
      // All that is left has failed before.
      const [first] = [...deferred].sort((a, b) => a.dueAt - b.dueAt)
      if (isIdle && first !== undefined) holdBack(first.reason, first.dueAt - clock.now())
      await untilChange()
    }
    await drain()
  }

  /** Keeps the end. While the disk refuses, it tries again. */
  async function complete(): Promise<void> {
    while (mayStart()) {
      try {
        await store.end(batchId, { state: 'completed' })
        parts.outage.succeed()
        return end()
      } catch (error) {
        parts.outage.fail(error)
        holdBack(asServiceError(error), PAUSE_MS)
        await untilChange()
      }
    }
    await drain()
  }

  /** Waits until the runs of a cancelled batch have ended. */
  async function drain(): Promise<void> {
    const hasEnded = () => live.size === 0 && isEndKept
    while (!stopping.signal.aborted && !hasEnded()) await untilChange()
    if (!stopping.signal.aborted) end()
  }

  function end(): void {
    parts.onEnd()
    onChange()
  }

  /** Cancels the runs of the batch that wait in the queue. A picture that is being drawn may be paid for already. */
  async function cancelQueued(): Promise<void> {
    for (const [index, runId] of [...live]) {
      const address = addresses[index]!
      const run = await runs.last(series, address)
      const isOwn = run?.runId === runId && run.client === client
      const isQueued = run?.done === false && run.snapshot().queuePosition > 0
      if (isOwn && isQueued) await runs.cancel(series, address, errors.cancelled())
    }
  }

  function startNoMore(): void {
    isCancelled = true
    pause = undefined
    deferred.length = 0
  }

  async function cancelKept(): Promise<void> {
    isEndKept = true
    await cancelQueued()
    onChange()
    wake()
  }

  return {
    /** Begins to feed the queue. */
    start(): void {
      feed().catch(parts.outage.fail)
    },

    /**
     * Starts no more runs, and cancels those that wait in the queue. Those that work go on.
     * @throws FILE_SYSTEM_ERROR when the end could not be kept; then nothing starts until it is, or until a restart
     */
    async cancel(): Promise<void> {
      startNoMore()
      await store.end(batchId, { state: 'cancelled' })
      await cancelKept()
    },

    /** The same after another process has kept the end. */
    async cancelElsewhere(): Promise<void> {
      startNoMore()
      await cancelKept()
    },

    /** Stops without a trace: the batch goes on at the next start. */
    stop(): void {
      stopping.abort(errors.unavailable('The server is stopping'))
      wake()
    },

    get activity(): BatchActivity {
      const { reason, until } = pause ?? {}
      return {
        running: live.size,
        isCancelled,
        pause: reason && {
          code: reason.code,
          message: reason.details === undefined ? reason.message : `${reason.message}: ${reason.details}`,
          retryMs: Math.max(0, until! - clock.now())
        }
      }
    }
  }
}

type Failure = Pick<AddressEnd, 'code' | 'error'>

function failureOf({ code, message, details }: ServiceError): Failure {
  return { code, error: details === undefined ? message : `${message}: ${details}` }
}
