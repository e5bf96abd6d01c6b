import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { Databases } from '../dress/databases.ts'
import type { BatchClaim, KeptBatch } from '../engine/batches.ts'
import type { Engine } from '../engine/engine.ts'
import { errors } from '../errors.ts'
import type { Generation } from '../generation/generation.ts'
import type { Outage } from '../outage.ts'
import { findProblem } from '../generation/worker.ts'
import type { ProblemParts } from '../generation/worker.ts'

/** How often a process looks for batches whose process has ended, in milliseconds. */
const TAKE_OVER_MS = 5_000

export interface ResumingParts {
  engine: Pick<Engine, 'batches' | 'runs'>
  generation: Pick<Generation, 'artist'>
  databases: Pick<Databases, 'hash'>
  findSeries: ProblemParts['findSeries']
  feed: (claim: BatchClaim) => void
  /** Called when a batch ends because its pictures can no longer be made. */
  onEnd: (batch: KeptBatch) => void
  outage: Outage
  clock?: Pick<Clock, 'startTimer'>
}

/** Takes up the batches that no process feeds: at the start, and where several processes share them at any time. */
export function createResuming(parts: ResumingParts) {
  const { engine, generation, databases, findSeries, feed, onEnd, outage, clock = systemClock } = parts
  const store = engine.batches
  let isStopped = false
  let cancelTimer = () => {}

  /** Takes up a batch. It ends if its pictures can no longer be made as it was accepted. */
  async function resume(claim: BatchClaim): Promise<void> {
    const { record } = claim.batch
    const problem = await findProblem(
      { artist: { provider: generation.artist }, databases, findSeries },
      { ...record, order: undefined }
    )
    if (problem === undefined) return feed(claim)
    const { code, message, details } = problem
    const reason = { code, message: details === undefined ? message : `${message}: ${details}` }
    await store.end(record.batchId, { state: 'cancelled', reason })
    onEnd(claim.batch)
    claim.release()
  }

  async function claimAll(): Promise<void> {
    const failed: BatchClaim[] = []
    for (;;) {
      const claim = isStopped ? undefined : await store.claim()
      if (failed.length === 0) outage.succeed()
      if (claim === undefined) break
      await resume(claim).catch((error: unknown) => {
        outage.fail(error)
        failed.push(claim)
      })
    }
    // They are tried again: by another process, or the next time.
    for (const claim of failed) claim.release()
  }

  /** Cancels the queued runs of cancelled batches, where no process that feeds them has done so. */
  async function endCancelled(kept: readonly KeptBatch[]): Promise<void> {
    const cancelled = kept.filter(({ end }) => end?.state === 'cancelled')
    if (cancelled.length === 0) return
    for (const run of (await engine.runs.live(Infinity)).runs) {
      const { series, address, startedNs, queuePosition } = run.snapshot()
      const isOfBatch = ({ record, end }: KeptBatch) =>
        record.series === series &&
        record.client === run.client &&
        record.acceptedNs <= startedNs &&
        startedNs <= end!.endedNs &&
        record.addresses.includes(address)
      if (queuePosition === 0 || !cancelled.some(isOfBatch)) continue
      await engine.runs.cancel(series, address, errors.cancelled())
    }
  }

  function takeOverLater(): void {
    cancelTimer = clock.startTimer(TAKE_OVER_MS, () => {
      claimAll()
        .catch(outage.fail)
        .finally(() => {
          if (!isStopped) takeOverLater()
        })
    })
  }

  return {
    endCancelled,

    /** Takes up what is kept, and goes on to look where several processes share the batches. */
    async start(): Promise<void> {
      try {
        await endCancelled(await store.list()).catch(outage.fail)
        await claimAll()
      } finally {
        if (store.isShared && !isStopped) takeOverLater()
      }
    },

    stop(): void {
      isStopped = true
      cancelTimer()
    }
  }
}
