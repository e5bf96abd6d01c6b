import { isLoopbackName } from '../access/hosts.ts'
import type { Config } from './config.ts'

type Warned = Pick<
  Config,
  'apiTokens' | 'costsMoney' | 'dailyLimits' | 'host' | 'isOpen' | 'lockTtlMs' | 'providers'
>

/** What the log warns of at the start: settings that are valid, and hardly meant. */
export function warnOfSettings(config: Warned): string[] {
  return [...warnOfAccess(config), ...warnOfTimeLimits(config)]
}

/** Without tokens, what a server spends and keeps is up to all who reach it. */
function warnOfAccess({ apiTokens, costsMoney, dailyLimits, host, isOpen }: Warned): string[] {
  if (apiTokens.length > 0) return []
  const isUnlimited = dailyLimits.usd === undefined && dailyLimits.images === undefined
  const warnings = []
  if (costsMoney && isUnlimited) {
    warnings.push(
      'every program on this machine may spend money without a limit: set TB_DALLE_API_TOKENS, and ' +
        'TB_DALLE_DAILY_BUDGET_USD or TB_DALLE_DAILY_IMAGE_LIMIT'
    )
  }
  if (!isOpen && !isLoopbackName(host)) {
    warnings.push(
      `the server listens on ${host} and has no tokens, so all who reach it may start runs and fill the disk: ` +
        'set TB_DALLE_API_TOKENS, or TB_DALLE_OPEN=1 if that is meant'
    )
  }
  return warnings
}

/** A drawing ends with its run, whatever time it may take. */
function warnOfTimeLimits({ lockTtlMs, providers }: Warned): string[] {
  const isCut = providers.some(({ image }) => image !== undefined && image.timeoutMs > lockTtlMs)
  if (!isCut) return []
  return [
    'TB_DALLE_IMAGE_TIMEOUT is longer than TB_DALLE_LOCK_TTL, which ends the run with its drawing: ' +
      'set TB_DALLE_LOCK_TTL to a longer time'
  ]
}
