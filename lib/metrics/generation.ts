import { OUTCOMES, REJECTIONS } from '../generation/outcome.ts'
import type { GenerationOutcome, Rejection } from '../generation/outcome.ts'
import { RECOVERIES } from '../engine/engine.ts'
import type { Load, Recovery } from '../engine/engine.ts'
import type { WorkPhase } from '../progress/phases.ts'
import { WORK_PHASES } from '../progress/phases.ts'
import type { Provider } from '../schemas/progress.ts'
import type { Instruments } from './instruments.ts'

/** The built-in artist takes a tenth of a second, a model up to several minutes. */
const SECONDS = [0.05, 0.25, 1, 5, 20, 60, 150, 300, 600]
/** An existing picture is sent within milliseconds. */
const PICTURE_SECONDS = [0.01, 0.05, 0.25, 1]

const CACHE_RESULTS = ['hit', 'miss'] as const

export type CacheResult = (typeof CACHE_RESULTS)[number]

/**
 * The outcomes of runs that failed although nothing is broken: the budget is spent, or the provider does not draw what
 * the prompt asks for.
 */
const REFUSALS: Record<string, string> = { BUDGET_EXHAUSTED: 'over_budget', CONTENT_REJECTED: 'refused' }
const ENDS = [...OUTCOMES, ...Object.values(REFUSALS)]

interface GenerationEnd {
  outcome: GenerationOutcome
  /** Why it failed, if it did. */
  errorCode: string
  provider: Provider
  seconds: number
  /** The part of `seconds` that the run waited. */
  queuedSeconds: number
  phaseSeconds: Partial<Record<WorkPhase, number>>
}

/** The limits of the load. */
interface LoadLimits {
  concurrency: number
  queueLimit: number
  lockTtlMs: number
}

/** Metrics of runs and of requests for pictures. */
export function createGenerationMetrics(
  { counter, gauge, histogram }: Instruments,
  providers: readonly string[]
) {
  const generations = counter(
    'dalleserver_generations_total',
    'Ended runs by outcome; a degraded run has a picture',
    ['outcome', 'provider']
  )
  const duration = histogram(
    'dalleserver_generation_duration_seconds',
    'Duration of runs, with the time in the queue',
    ['outcome', 'provider'],
    SECONDS
  )
  const phases = histogram(
    'dalleserver_generation_phase_duration_seconds',
    'Duration of the phases of completed runs',
    ['phase'],
    SECONDS
  )
  const queueWait = histogram(
    'dalleserver_generation_queue_wait_seconds',
    'Time that runs waited in the queue',
    [],
    SECONDS
  )
  const coalesced = counter('dalleserver_generation_coalesced_total', 'Requests that joined a running run')
  const rejected = counter(
    'dalleserver_generation_rejected_total',
    'Requests that could have started a run and did not, and runs that found the budget spent',
    ['reason']
  )
  const recovered = counter(
    'dalleserver_recovered_runs_total',
    'Runs that were kept when the process ended, by what became of them at the next start',
    ['action']
  )
  const cache = counter(
    'dalleserver_image_cache_requests_total',
    'Requests for a picture by whether it existed; polls of a run do not count',
    ['result']
  )
  const picture = histogram(
    'dalleserver_image_response_duration_seconds',
    'Response time of pictures that existed',
    [],
    PICTURE_SECONDS
  )

  for (const provider of [...providers, 'local']) {
    for (const outcome of ENDS) generations.inc({ outcome, provider }, 0)
  }
  for (const phase of WORK_PHASES) phases.zero({ phase })
  for (const reason of REJECTIONS) rejected.inc({ reason }, 0)
  for (const action of RECOVERIES) recovered.inc({ action }, 0)
  for (const result of CACHE_RESULTS) cache.inc({ result }, 0)

  return {
    recordEnd(ended: GenerationEnd): void {
      const { errorCode, provider, seconds, queuedSeconds, phaseSeconds } = ended
      const outcome = REFUSALS[errorCode] ?? ended.outcome
      if (outcome === 'over_budget') rejected.inc({ reason: 'budget_exhausted' })
      generations.inc({ outcome, provider })
      duration.observe({ outcome, provider }, seconds)
      queueWait.observe(queuedSeconds)
      if (outcome !== 'completed') return
      for (const [phase, spent] of Object.entries(phaseSeconds)) phases.observe({ phase }, spent)
    },

    recordCoalesced: () => coalesced.inc(),
    recordRejection: (reason: Rejection) => rejected.inc({ reason }),
    recordRecovery: (action: Recovery) => recovered.inc({ action }),
    recordCacheRequest: (result: CacheResult) => cache.inc({ result }),
    recordPicture: (seconds: number) => picture.observe(seconds),

    /**
     * Registers the metrics of the load. `load` is called at each scrape.
     * @param provider the one that draws; its durations start at 0
     */
    watch(load: () => Load, { concurrency, queueLimit, lockTtlMs }: LoadLimits, provider: Provider): void {
      gauge(
        'dalleserver_generations_in_progress',
        'Runs that work now, in the whole service',
        [],
        function () {
          this.set(load().working)
        }
      )
      gauge(
        'dalleserver_generation_queue_depth',
        'Runs that wait in the queue of the whole service',
        [],
        function () {
          this.set(load().waiting)
        }
      )
      gauge(
        'dalleserver_generation_oldest_seconds',
        'Working time of the oldest working run of the whole service',
        [],
        function () {
          this.set(load().oldestSeconds)
        }
      )
      gauge(
        'dalleserver_generation_concurrency_limit',
        'Runs that may work at the same time in this process'
      ).set(concurrency)
      gauge('dalleserver_generation_queue_limit', 'Runs that may wait in the queue of the whole service').set(
        queueLimit
      )
      gauge('dalleserver_generation_time_limit_seconds', 'Longest working time of a run').set(
        lockTtlMs / 1000
      )
      duration.zero({ outcome: 'completed', provider })
    }
  }
}
