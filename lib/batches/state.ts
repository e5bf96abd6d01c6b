import type { BatchActivity, KeptBatch } from '../engine/batches.ts'
import type { BatchState } from '../schemas/batches.ts'

const NS_PER_MS = 1e6

/** A batch that no feeder works on. */
export const IDLE: BatchActivity = { running: 0, isCancelled: false, pause: undefined }

/** A part of the failures of a batch. */
export interface FailurePage {
  offset: number
  limit: number
}

export interface StateParts {
  /** How many seconds pictures take. */
  secondsFor: (pictures: number) => number
  /** Unix milliseconds. */
  nowMs: number
  failures: FailurePage
}

/** A batch as clients get it. */
export function describeBatch(
  { record, tally, usd, failures, end }: KeptBatch,
  { running, isCancelled, pause }: BatchActivity,
  { secondsFor, nowMs, failures: { offset, limit } }: StateParts
): BatchState {
  const total = record.addresses.length
  const existing = record.existing.length
  const { completed, degraded, failed } = tally
  const hasStopped = isCancelled || end?.state === 'cancelled'
  const rest = total - existing - completed - degraded - failed - tally.cancelled - running
  const cancelled = tally.cancelled + (hasStopped ? rest : 0)
  const waiting = hasStopped ? 0 : rest
  const pauseMs = pause === undefined || hasStopped ? 0 : pause.retryMs
  return {
    batchId: record.batchId,
    series: record.series,
    state: hasStopped ? 'cancelled' : (end?.state ?? (pause === undefined ? 'running' : 'paused')),
    reason: reasonOf(end?.reason, hasStopped ? undefined : pause, nowMs),
    counts: { total, existing, completed, degraded, failed, cancelled, running, waiting },
    duplicates: record.duplicates,
    percent: Math.floor(((total - running - waiting) / total) * 10_000) / 100,
    etaSeconds: Math.round(secondsFor(running + waiting) + pauseMs / 1000),
    estimatedCostUsd: record.estimatedUsd,
    costUsd: roundUsd(usd),
    acceptedAt: isoTime(record.acceptedNs / NS_PER_MS),
    endedAt: end === undefined ? null : isoTime(end.endedNs / NS_PER_MS),
    failures: failures.slice(offset, offset + limit).map(({ index, code = '', error = '' }) => ({
      address: record.addresses[index]!,
      code,
      error
    }))
  }
}

/** USD without the noise of floating-point sums. */
export function roundUsd(usd: number): number {
  return Number(usd.toFixed(6))
}

function reasonOf(
  cancelled: { code: string; message: string } | undefined,
  pause: BatchActivity['pause'],
  nowMs: number
): BatchState['reason'] {
  if (cancelled !== undefined) return { ...cancelled, retryAt: null }
  if (pause === undefined) return null
  return { code: pause.code, message: pause.message, retryAt: isoTime(nowMs + pause.retryMs) }
}

function isoTime(unixMs: number): string {
  return new Date(unixMs).toISOString()
}
