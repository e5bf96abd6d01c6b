import type { ApiToken } from '../access/tokens.ts'
import { ConfigError } from './config-error.ts'
import type { Settings } from './settings.ts'

/**
 * Who may read figures. A token for them must be asked for, and must not be one that may change something.
 * @throws ConfigError
 */
export function readMetricsAccess({
  TB_DALLE_METRICS_AUTH: isAsked,
  TB_DALLE_METRICS_TOKENS: readers = [],
  TB_DALLE_API_TOKENS: tokens = []
}: Settings): { metricsNeedToken: boolean; metricsTokens: readonly ApiToken[] } {
  checkDifferent('TB_DALLE_API_TOKENS', tokens)
  checkDifferent('TB_DALLE_METRICS_TOKENS', readers)
  if (isAsked && tokens.length + readers.length === 0) {
    throw new ConfigError('TB_DALLE_METRICS_AUTH is 1, but there is no token: set TB_DALLE_API_TOKENS.')
  }
  if (!isAsked && readers.length > 0) {
    throw new ConfigError(
      'TB_DALLE_METRICS_TOKENS has tokens, but anybody may read the figures: set TB_DALLE_METRICS_AUTH=1 too.'
    )
  }
  if (readers.some((reader) => tokens.some(({ token }) => token === reader.token))) {
    throw new ConfigError(
      'TB_DALLE_METRICS_TOKENS and TB_DALLE_API_TOKENS have a token in common, which could change something: ' +
        'take another one for the figures.'
    )
  }
  return { metricsNeedToken: isAsked, metricsTokens: readers }
}

/** @throws ConfigError for a list that has a token twice: the log could not tell who sent it */
function checkDifferent(setting: string, tokens: readonly ApiToken[]): void {
  const names = new Map<string, string>()
  for (const { name, token } of tokens) {
    const other = names.get(token)
    if (other !== undefined) {
      throw new ConfigError(`${setting} has one token twice (${other}, ${name}): remove one of them.`)
    }
    names.set(token, name)
  }
}
