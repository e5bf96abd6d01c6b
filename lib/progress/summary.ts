import type { RunSummary } from '../schemas/activity.ts'
import type { Snapshot } from '../schemas/progress.ts'

/** What a list of runs says of a run. */
export function summarize(snapshot: Snapshot): RunSummary {
  const {
    runId,
    series,
    address,
    dalleDress,
    currentPhase,
    startedNs,
    percent,
    etaSeconds,
    queuePosition,
    partialImages,
    done,
    error,
    errorCode,
    degraded,
    degradedReason
  } = snapshot
  return {
    runId,
    series,
    address,
    title: dalleDress.titlePrompt,
    currentPhase,
    startedNs,
    percent,
    etaSeconds,
    queuePosition,
    partialImages,
    done,
    error,
    errorCode,
    degraded,
    degradedReason
  }
}
