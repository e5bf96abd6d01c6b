import { SpanKind, SpanStatusCode, context, createContextKey, propagation, trace } from '@opentelemetry/api'
import type { Span } from '@opentelemetry/api'
import { outcomeOf } from '../generation/outcome.ts'
import type { ProviderCall } from '../provider/operations.ts'
import type { Phase } from '../progress/phases.ts'
import type { RunProgress } from '../progress/run.ts'

interface RunTrace {
  span: Span
  /** The current phase, `failed` or `completed`; undefined while the run is queued. */
  phase: Phase | undefined
  phaseSpan: Span | undefined
}

/** The key of the run's trace in the context of its work. */
const RUN = createContextKey('dalleserver run')

export type RunTraces = ReturnType<typeof createRunTraces>

/**
 * Creates spans for runs: one for the run, one for each of its phases as a child of it, and one for each call
 * to the provider as a child of its phase. A tracer provider must be registered before.
 */
export function createRunTraces() {
  const tracer = trace.getTracer('dalleserver')
  const traces = new WeakMap<RunProgress, RunTrace>()

  /**
   * The span is a child of the request that started the run, and ends later: one trace shows everything from
   * request to picture.
   */
  function begin(run: RunProgress): RunTrace {
    const { series, address, runId } = run
    const span = tracer.startSpan('generation', {
      attributes: {
        'dalleserver.series': series,
        'dalleserver.address': address,
        'dalleserver.run_id': runId
      }
    })
    const begun = { span, phase: undefined, phaseSpan: undefined }
    traces.set(run, begun)
    return begun
  }

  function endPhase(run: RunProgress, { phase, phaseSpan }: RunTrace): void {
    if (phaseSpan === undefined) return
    const { phases, errorCode } = run.snapshot()
    if (phases.find(({ name }) => name === phase)?.skipped) {
      phaseSpan.setAttribute('dalleserver.skipped', true)
    }
    end(phaseSpan, errorCode)
  }

  function endRun(run: RunProgress, { span }: RunTrace): void {
    const snapshot = run.snapshot()
    span.setAttributes({
      'dalleserver.provider': snapshot.provider,
      'dalleserver.outcome': outcomeOf(snapshot),
      'dalleserver.degraded': snapshot.degraded
    })
    end(span, snapshot.errorCode)
  }

  return {
    /** Call this at each change of a run; at its start, in the context of the request that started it. */
    follow(run: RunProgress): void {
      const known = traces.get(run) ?? begin(run)
      if (run.phase === known.phase) return
      endPhase(run, known)
      known.phase = run.phase
      known.phaseSpan = run.done
        ? undefined
        : tracer.startSpan(run.phase!, {}, trace.setSpan(context.active(), known.span))
      if (run.done) endRun(run, known)
    },

    /** The trace that this asynchronous context is in, as a header of W3C Trace Context. */
    current(): string | undefined {
      const carrier: { traceparent?: string } = {}
      propagation.inject(context.active(), carrier)
      return carrier.traceparent
    },

    /** Calls `work` as a part of a trace that another process began. */
    continue(traceparent: string, work: () => void): void {
      context.with(propagation.extract(context.active(), { traceparent }), work)
    },

    /** Does the work of a run in the run's context, because the queue does not keep a context. */
    async within<T>(run: RunProgress, work: () => Promise<T>): Promise<T> {
      const known = traces.get(run)
      if (known === undefined) return await work()
      return await context.with(trace.setSpan(context.active(), known.span).setValue(RUN, known), work)
    },

    /** Call this when a call to the provider ends, in the context in which it was made. */
    recordCall({ provider, operation, model, attempt, outcome, durationMs }: ProviderCall): void {
      const endedAt = Date.now()
      const { phaseSpan, span: runSpan } = (context.active().getValue(RUN) ?? {}) as Partial<RunTrace>
      const parent = phaseSpan ?? runSpan
      const span = tracer.startSpan(
        operation,
        {
          kind: SpanKind.CLIENT,
          startTime: endedAt - durationMs,
          attributes: {
            'dalleserver.provider': provider,
            'dalleserver.attempt': attempt,
            'dalleserver.outcome': outcome,
            ...(model !== undefined && { 'gen_ai.request.model': model })
          }
        },
        parent === undefined ? context.active() : trace.setSpan(context.active(), parent)
      )
      end(span, outcome === 'success' ? '' : outcome, endedAt)
    }
  }
}

/** How what went well ends, and what a client has ended. */
const NO_ERRORS = new Set(['', 'CANCELLED', 'aborted'])

/** Only an error's code is recorded, because its message can contain private data. */
function end(span: Span, errorCode: string, at?: number): void {
  if (errorCode !== '') span.setAttribute('error.type', errorCode)
  if (!NO_ERRORS.has(errorCode)) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end(at)
}
