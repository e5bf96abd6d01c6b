import { CallTimeout } from './classify.ts'
import { providerFailure } from './failures.ts'

/** The error code of a run that reached its own deadline. */
const RUN_DEADLINE = 'GENERATION_TIMEOUT'
/** A call that the run's deadline ends says something of the provider only if it had at least this share of its own time. */
const TELLING_SHARE = 0.5

/**
 * Gives a call its own time, and ends it when the caller's signal does. The SDK's own timeout ends at the headers, so it is this
 * signal that bounds the whole answer.
 * @throws CallTimeout when the time is over; the failure `aborted` when the caller gave up, `timeout` when the run's deadline came
 * while the provider had had most of its time
 */
export async function withDeadline<T>(
  ms: number,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>
): Promise<T> {
  signal.throwIfAborted()
  const startedAt = performance.now()
  const controller = new AbortController()
  let over = () => {}
  const ended = new Promise<never>((_resolve, reject) => {
    over = () => {
      const cause: unknown = controller.signal.reason
      if (!signal.aborted) return reject(cause)
      const isTelling =
        (cause as { code?: string }).code === RUN_DEADLINE &&
        performance.now() - startedAt >= ms * TELLING_SHARE
      reject(providerFailure(isTelling ? 'timeout' : 'aborted', { cause }))
    }
    controller.signal.addEventListener('abort', over, { once: true })
  })
  const give = () => controller.abort(signal.reason)
  const timer = setTimeout(() => controller.abort(new CallTimeout(`no answer within ${ms} ms`)), ms)
  signal.addEventListener('abort', give, { once: true })
  try {
    return await Promise.race([call(controller.signal), ended])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', give)
    controller.signal.removeEventListener('abort', over)
  }
}
