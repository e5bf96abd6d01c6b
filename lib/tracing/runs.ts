import { SpanKind, SpanStatusCode, context, createContextKey, trace } from '@opentelemetry/api'
import type { Span } from '@opentelemetry/api'
import { outcomeOf } from '../generation/outcome.ts'
import type { ProviderCall } from '../provider/operations.ts'
import type { Phase } from '../progress/phases.ts'
import type { RunProgress } from '../progress/run.ts'

interface RunTrace {
  span: Span
  /** The phase at work, or how the run ended; undefined while it waits for its turn. */
  phase: Phase | undefined
  phaseSpan: Span | undefined
}

/** The trace of the run whose work this is. */
const RUN = createContextKey('dalleserver run')

export type RunTraces = ReturnType<typeof createRunTraces>

/**
 * Spans of runs, made of what runs tell of themselves: the run itself, its phases as its children, calls to the provider as
 * children of the phase they happen in. To be created once there is a tracer provider.
 */
export function createRunTraces() {
  const tracer = trace.getTracer('dalleserver')
  const traces = new WeakMap<RunProgress, RunTrace>()

  /** A child of the request that started the run, though it outlives it: so one trace tells the whole way of a picture. */
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
    /** To be told of each change of a run, its start in the context of the request that started it. */
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

    /** Does the work of a run in its context, which the queue has lost. */
    async within<T>(run: RunProgress, work: () => Promise<T>): Promise<T> {
      const known = traces.get(run)
      if (known === undefined) return await work()
      return await context.with(trace.setSpan(context.active(), known.span).setValue(RUN, known), work)
    },

    /** To be told of each call to the provider at its end, where it was made. */
    recordCall({ operation, model, attempt, outcome, durationMs }: ProviderCall): void {
      const endedAt = Date.now()
      const { phaseSpan, span: runSpan } = (context.active().getValue(RUN) ?? {}) as Partial<RunTrace>
      const parent = phaseSpan ?? runSpan
      const span = tracer.startSpan(
        operation,
        {
          kind: SpanKind.CLIENT,
          startTime: endedAt - durationMs,
          attributes: {
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

/** An error is told by its code only: its words may hold what is nobody's business. */
function end(span: Span, errorCode: string, at?: number): void {
  if (errorCode !== '') span.setAttribute('error.type', errorCode).setStatus({ code: SpanStatusCode.ERROR })
  span.end(at)
}
