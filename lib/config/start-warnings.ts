import { exposedBy } from '../access/exposure.ts'
import type { Exposure } from '../access/exposure.ts'
import type { Config } from './config.ts'

type Warned = Exposure &
  Pick<Config, 'apiTokens' | 'costsMoney' | 'dailyLimits' | 'isOpen' | 'lockTtlMs' | 'providers'>

/** What the log warns of before the start: settings that are valid, and hardly meant. */
export function warnOfSettings(config: Warned): string[] {
  return [...warnOfSpending(config), ...warnOfTimeLimits(config)]
}

/** What the log warns of when the server listens: strangers may use it, and nothing says that this is meant. */
export function warnOfStrangers(config: Warned): string[] {
  const exposure = exposedBy(config)
  if (config.apiTokens.length > 0 || config.isOpen || exposure === undefined) return []
  const { name, value } = exposure
  const where =
    name === 'TB_DALLE_HOST' ? `listens on ${value}` : `is reached by others (${name} is ${value})`
  return [
    `the server ${where} and has no tokens, so all who reach it may start runs and fill the disk: ` +
      'set TB_DALLE_API_TOKENS, or TB_DALLE_OPEN=1 if that is meant'
  ]
}

/** A server on loopback may have neither tokens nor a limit: what it spends is then up to every program that asks. */
function warnOfSpending({ apiTokens, costsMoney, dailyLimits: { usd, images } }: Warned): string[] {
  if (!costsMoney || apiTokens.length > 0 || usd !== undefined || images !== undefined) return []
  return [
    'every program on this machine may spend money without a limit: set TB_DALLE_API_TOKENS, and ' +
      'TB_DALLE_DAILY_BUDGET_USD or TB_DALLE_DAILY_IMAGE_LIMIT'
  ]
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
