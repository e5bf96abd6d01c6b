import { WORK_PHASES } from './phases.ts'
import type { WorkPhase } from './phases.ts'

/** Weight of the newest duration in a moving average. */
const ALPHA = 0.2

/** Longer than any phase. The lock TTL ends runs after minutes. */
const AVERAGE_NS_MAX = 7 * 24 * 3600 * 1e9

/** The file `metrics/progress_phase_stats.json`. */
export interface PhaseStats {
  version: 'v1'
  phaseAverages: Partial<Record<string, { count: number; avgNs: number }>>
  generationRuns: number
  cacheHits: number
}

export type Averages = ReturnType<typeof createAverages>

/**
 * The average duration of each phase, and the number of runs and cache hits. It is an exponential moving average over
 * successful runs: average' = 0.2 × duration + 0.8 × average. The first duration is the first average.
 * @param json the stored statistics. Values that cannot be are left out; when all is unreadable, the averages start
 * empty
 */
export function createAverages(json?: string) {
  const stats = read(json)

  const averageNs = (phase: WorkPhase) => stats.phaseAverages[phase]?.avgNs ?? 0

  return {
    stats,

    /** Adds a successful run. @param durationsNs nanoseconds of each phase that was not skipped */
    addRun(durationsNs: Partial<Record<WorkPhase, number>>): void {
      stats.generationRuns += 1
      for (const [phase, ns] of Object.entries(durationsNs)) {
        const known = stats.phaseAverages[phase]
        stats.phaseAverages[phase] =
          known === undefined
            ? { count: 1, avgNs: ns }
            : { count: known.count + 1, avgNs: Math.round(ALPHA * ns + (1 - ALPHA) * known.avgNs) }
      }
    },

    addCacheHit(): void {
      stats.cacheHits += 1
    },

    /** The average of a phase in nanoseconds; 0 when there is none yet. */
    of: averageNs,

    /** All averages in nanoseconds, by phase. */
    all(): Record<string, number> {
      return Object.fromEntries(
        WORK_PHASES.filter((phase) => phase in stats.phaseAverages).map((phase) => [
          phase,
          Math.round(averageNs(phase))
        ])
      )
    }
  }
}

function read(json = ''): PhaseStats {
  const { version, phaseAverages, generationRuns, cacheHits } = parse(json)
  if (version !== 'v1') return { version: 'v1', phaseAverages: {}, generationRuns: 0, cacheHits: 0 }
  const phases = isRecord(phaseAverages) ? phaseAverages : {}
  const averages = WORK_PHASES.map((phase) => [phase, readAverage(phases[phase])] as const)
  return {
    version,
    phaseAverages: Object.fromEntries(averages.filter(([, average]) => average !== undefined)),
    generationRuns: isCount(generationRuns) ? generationRuns : 0,
    cacheHits: isCount(cacheHits) ? cacheHits : 0
  }
}

function parse(json: string): Record<string, unknown> {
  try {
    // Other programs write numbers that JSON does not have.
    const value: unknown = JSON.parse(json.replace(/-?\b(?:NaN|Infinity)\b/g, 'null'))
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

function readAverage(value: unknown): { count: number; avgNs: number } | undefined {
  const { count, avgNs } = isRecord(value) ? value : {}
  const isPossible = isCount(count) && count > 0 && typeof avgNs === 'number' && avgNs >= 0
  return isPossible && avgNs <= AVERAGE_NS_MAX ? { count, avgNs } : undefined
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
