import fp from 'fastify-plugin'
import type { FastifyBaseLogger } from 'fastify'
import { ERROR_STATUS } from '../../lib/errors.ts'
import type { ErrorCode } from '../../lib/errors.ts'
import { outcomeOf } from '../../lib/generation/outcome.ts'
import type { Metrics } from '../../lib/metrics/metrics.ts'
import type { RunProgress } from '../../lib/progress/run.ts'
import { statusLine } from '../../lib/progress/status-line.ts'

/** The route whose errors include failed runs. */
const ENDPOINT = '/dalle/:series/:address'
const NS_PER_SECOND = 1e9
const FIRST_SERVER_ERROR = 500
const STATUS_INTERVAL_MS = 2_000
const MAX_STATUS_RUNS = 1_000

export interface RunObserversOptions {
  /** Writes a line every two seconds while runs work, for a terminal. */
  statusLine?: boolean
}

/** Reports runs to the log, the metrics and the traces. */
export default fp<RunObserversOptions>(
  async (fastify, options) => {
    const { engine, log, metrics, tracing } = fastify
    const logPhase = createPhaseLog(log)

    const unsubscribe = engine.local.subscribe((run) => {
      tracing?.follow(run)
      if (run.done) recordEnd(run, metrics, log)
      else logPhase(run)
    })

    const logStatus = () => {
      const line = statusLine(engine.local.oldest(MAX_STATUS_RUNS))
      if (line !== undefined) log.info(line)
    }
    const timer = options.statusLine ? setInterval(logStatus, STATUS_INTERVAL_MS).unref() : undefined

    fastify.addHook('onClose', async () => {
      unsubscribe()
      clearInterval(timer)
    })
  },
  { name: 'run-observers', dependencies: ['engine', 'metrics', 'tracing'], fastify: '5.x' }
)

/** Logs each phase of a run once. The line of its end has the times of all. */
function createPhaseLog(log: FastifyBaseLogger) {
  const logged = new WeakMap<RunProgress, string>()
  return (run: RunProgress): void => {
    const { series, address, runId, client, phase = 'queued' } = run
    if (logged.get(run) === phase) return
    logged.set(run, phase)
    log.debug({ series, address, runId, client, phase }, 'phase of a run')
  }
}

function recordEnd(run: RunProgress, metrics: Metrics, log: FastifyBaseLogger): void {
  const { series, address, runId, error, errorCode, attempt, degraded, degradedReason } = run.snapshot()
  const { client, provider } = run
  const outcome = outcomeOf({ errorCode, degraded })
  const seconds = (run.endedNs - run.startedNs) / NS_PER_SECOND
  const queuedSeconds = run.queuedNs / NS_PER_SECOND
  const phaseSeconds = mapValues(run.durationsNs(), (ns) => ns / NS_PER_SECOND)
  metrics.generation.recordEnd({ outcome, errorCode, provider, seconds, queuedSeconds, phaseSeconds })

  const summary = {
    series,
    address,
    runId,
    client,
    provider,
    outcome,
    durationMs: Math.round(seconds * 1000),
    phasesMs: mapValues(phaseSeconds, (spent) => Math.round(spent * 1000)),
    attempt,
    ...(run.costUsd > 0 && { costUsd: Number(run.costUsd.toFixed(6)) }),
    ...(degraded && { degraded, degradedReason })
  }
  if (outcome === 'cancelled') {
    log.info(summary, 'run cancelled')
    return
  }
  if (!run.failed) {
    log.info(summary, 'run completed')
    return
  }
  metrics.recordError(errorCode, ENDPOINT)
  const refusal = { ...summary, errorCode, reason: error }
  // A run that is refused at once is not logged as an error: the open circuit was.
  if (!run.hasBegun) log.warn(refusal, 'run ended before it began')
  else if (isOurs(errorCode)) log.error({ ...summary, errorCode, err: run.cause }, 'run failed')
  else log.warn(refusal, 'run failed')
}

/** Whether a failure is one of the server or its provider. The others are limits, and what a provider does not draw. */
function isOurs(errorCode: string): boolean {
  return (ERROR_STATUS[errorCode as ErrorCode] ?? FIRST_SERVER_ERROR) >= FIRST_SERVER_ERROR
}

function mapValues<K extends string>(values: Partial<Record<K, number>>, change: (value: number) => number) {
  const entries = Object.entries<number>(values as Record<K, number>)
  return Object.fromEntries(entries.map(([key, value]) => [key, change(value)])) as Partial<Record<K, number>>
}
