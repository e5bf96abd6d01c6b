import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { WORK_PHASES } from './phases.ts'
import type { WorkPhase } from './phases.ts'

/** Weight of the newest duration in a moving average. */
const ALPHA = 0.2

/** The file `metrics/progress_phase_stats.json`. */
const StatsSchema = Type.Object({
  version: Type.Literal('v1'),
  phaseAverages: Type.Record(
    Type.String(),
    Type.Object({ count: Type.Integer(), avgNs: Type.Number({ minimum: 0 }) })
  ),
  generationRuns: Type.Integer(),
  cacheHits: Type.Integer()
})

export type PhaseStats = Static<typeof StatsSchema>

export type Averages = ReturnType<typeof createAverages>

/**
 * The average duration of each phase, and the number of runs and cache hits. It is an exponential moving average over
 * successful runs: average' = 0.2 × duration + 0.8 × average. The first duration is the first average.
 * @param json the stored statistics; when they are unreadable, the averages start empty
 */
export function createAverages(json?: string) {
  const stats = read(json) ?? { version: 'v1', phaseAverages: {}, generationRuns: 0, cacheHits: 0 }

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
        WORK_PHASES.filter((phase) => phase in stats.phaseAverages).map((phase) => [phase, averageNs(phase)])
      )
    }
  }
}

function read(json: string | undefined): PhaseStats | undefined {
  try {
    const stats: unknown = JSON.parse(json ?? '')
    return Value.Check(StatsSchema, stats) ? stats : undefined
  } catch {
    return undefined
  }
}
