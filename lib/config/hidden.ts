import { PACKAGE_ROOT } from '../package.ts'
import { secretsOf } from '../provider/headers.ts'
import type { Config } from './config.ts'

/** The texts that the log must not contain, each with its replacement: keys, tokens, and paths of the machine. */
export function hiddenTexts({
  dataDir,
  providers,
  apiTokens,
  metricsTokens,
  databaseUrl,
  s3
}: Pick<Config, 'dataDir' | 'providers' | 'apiTokens' | 'metricsTokens' | 'databaseUrl' | 's3'>): Record<
  string,
  string
> {
  return {
    [`file://${PACKAGE_ROOT}/`]: '',
    [`${PACKAGE_ROOT}/`]: '',
    [dataDir]: '<data>',
    ...Object.fromEntries(providers.flatMap(secretsOf).map((secret) => [secret, '<key>'])),
    ...(databaseUrl !== undefined && hiddenPassword(databaseUrl)),
    ...(s3 && { [s3.secretAccessKey]: '<store>', [s3.accessKeyId]: '<store>' }),
    ...Object.fromEntries([...apiTokens, ...metricsTokens].map(({ token }) => [token, '<token>']))
  }
}

function hiddenPassword(databaseUrl: string): Record<string, string> {
  const { password } = new URL(databaseUrl)
  const texts = [databaseUrl, password, decodeURIComponent(password)]
  return Object.fromEntries(texts.filter((text) => text !== '').map((text) => [text, '<database>']))
}
