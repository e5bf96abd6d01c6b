import { PACKAGE_ROOT } from '../package.ts'
import { secretsOf } from '../provider/headers.ts'
import type { Config } from './config.ts'

/** The texts that the log must not contain, each with its replacement: keys, tokens, and paths of the machine. */
export function hiddenTexts({
  dataDir,
  providers,
  apiTokens
}: Pick<Config, 'dataDir' | 'providers' | 'apiTokens'>): Record<string, string> {
  return {
    [`file://${PACKAGE_ROOT}/`]: '',
    [`${PACKAGE_ROOT}/`]: '',
    [dataDir]: '<data>',
    ...Object.fromEntries(providers.flatMap(secretsOf).map((secret) => [secret, '<key>'])),
    ...Object.fromEntries(apiTokens.map(({ token }) => [token, '<token>']))
  }
}
