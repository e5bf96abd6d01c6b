import type { CircuitReport, CircuitState } from '../../../lib/engine/engine.ts'
import { POLICY } from '../../../lib/provider/failures.ts'
import type { LastCalls } from '../../../lib/provider/last-calls.ts'
import { OPERATIONS } from '../../../lib/provider/operations.ts'
import type { HealthStatus } from '../../../lib/schemas/health.ts'
import type { Finding } from '../../../lib/storage/data-folder.ts'
import type { Providers } from '../../../lib/provider/providers.ts'
import type { CircuitBreakers } from '../circuit-breaker.ts'

/** The time of a failure that has not happened, as the Go server writes it. */
const NEVER = '0001-01-01T00:00:00Z'

const CIRCUIT_HEALTH: Record<CircuitState, HealthStatus> = {
  CLOSED: 'healthy',
  HALF_OPEN: 'degraded',
  OPEN: 'unhealthy'
}

/** The state of the providers, read from their circuit breakers. One that works makes up for the others. */
export function providerFinding(
  { lastCalls, of, providers, state }: CircuitBreakers,
  used: Pick<Providers, 'isTooDear'> | undefined
): Finding {
  const reports = providers.flatMap((provider) =>
    OPERATIONS.map((operation) => ({
      provider,
      name: named(provider, operation, providers),
      ...of(provider)[operation].report()
    }))
  )
  const lastFailure = Math.max(0, ...reports.map((report) => report.lastFailure?.at ?? 0))
  const details: NonNullable<Finding['details']> = {
    state,
    failures: reports.reduce((sum, { failures }) => sum + failures, 0),
    successes: reports.reduce((sum, { successes }) => sum + successes, 0),
    last_failure: lastFailure === 0 ? NEVER : new Date(lastFailure).toISOString()
  }
  for (const { name, state, failures, successes, rejected, lastFailure } of reports) {
    Object.assign(details, {
      [`${name}_circuit`]: state,
      [`${name}_failures`]: failures,
      [`${name}_successes`]: successes,
      [`${name}_rejected`]: rejected,
      ...(lastFailure && {
        [`${name}_last_failure`]: lastFailure.reason,
        [`${name}_last_failure_at`]: new Date(lastFailure.at).toISOString()
      })
    })
  }
  if (used === undefined) {
    return { status: 'healthy', message: 'Not in use: the built-in artist draws', details }
  }
  const working = providers.filter((name) =>
    OPERATIONS.every((operation) => of(name)[operation].report().state === 'CLOSED')
  )
  const isTooDear = working.length > 0 && working.every(used.isTooDear)
  if (working.length > 0 && !isTooDear && state !== 'CLOSED') {
    return { status: 'degraded', message: 'A provider has trouble, and another one answers', details }
  }
  if (state === 'CLOSED') return { ...closedFinding(reports, lastCalls, providers), details }
  const failed = reports.find((report) => report.state === state)
  const reason = failed?.lastFailure && ` (${failed.name}: ${failed.lastFailure.reason})`
  const message = {
    HALF_OPEN: `The provider has had trouble${reason ?? ''}: the next run tries it again`,
    OPEN: `The provider has trouble${reason ?? ''} and is left alone`
  }[state]
  const more = isTooDear ? '; another one costs more than is left of the daily budget' : ''
  return { status: CIRCUIT_HEALTH[state], message: message + more, details }
}

/** What is known of providers whose circuits are closed. Not every failed call counts for a circuit. */
function closedFinding(
  reports: (CircuitReport & { provider: string; name: string })[],
  lastCalls: LastCalls,
  providers: readonly string[]
): Pick<Finding, 'status' | 'message'> {
  const isAnswering = (provider: string) =>
    lastCalls.failuresOf(provider).length === 0 &&
    reports.some((report) => report.provider === provider && report.successes > 0)
  if (providers.length > 1 && providers.some(isAnswering)) {
    return { status: 'healthy', message: 'A provider answers' }
  }
  const [failed] = providers.flatMap((provider) =>
    lastCalls
      .failuresOf(provider)
      .map(({ operation, kind }) => ({ name: named(provider, operation, providers), kind }))
  )
  if (failed !== undefined) {
    const reason = `${POLICY[failed.kind].message} (${failed.name}: ${failed.kind})`
    return { status: 'degraded', message: `The last call failed: ${reason}` }
  }
  const counted = reports.find(({ failures }) => failures > 0)
  if (counted !== undefined) {
    const reason = `${counted.name}: ${counted.lastFailure?.reason ?? 'not known'}`
    return { status: 'degraded', message: `The last call failed (${reason})` }
  }
  const isAsked =
    lastCalls.isAsked ||
    reports.some(({ successes, lastFailure }) => successes > 0 || lastFailure !== undefined)
  return {
    status: 'healthy',
    message: isAsked ? 'The provider answers' : 'The provider has not been asked yet'
  }
}

function named(provider: string, operation: string, providers: readonly string[]): string {
  return providers.length > 1 ? `${provider}_${operation}` : operation
}
