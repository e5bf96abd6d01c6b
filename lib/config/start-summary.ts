import { printable } from '../printable.ts'
import type { Config } from './config.ts'

type Summarized = Pick<
  Config,
  'apiTokens' | 'dailyLimits' | 'dataDir' | 'databaseUrl' | 's3' | 'isOpen' | 'providers'
>

/**
 * What an operator wants to know of a server that has started, as one text for the log: who draws, who may change
 * something, what may be spent, and where runs are kept. It contains no key and no query of a URL.
 * @param showsFolder whether the text names the data folder: only where nobody but the operator reads it
 */
export function startSummary(config: Summarized, showsFolder: boolean): string {
  const prompts = endpoints(config, 'enhancement')
  return [
    ...(prompts === '' ? [] : [`prompts: ${prompts}`]),
    `artist: ${endpoints(config, 'image') || 'built-in'}`,
    `tokens: ${config.apiTokens.length || 'none'}${config.isOpen ? ', but anybody may start runs' : ''}`,
    `daily limit: ${limitsOf(config)}`,
    `engine: ${config.databaseUrl === undefined ? 'embedded' : 'PostgreSQL'}`,
    ...(config.s3 ? ['pictures: in a bucket'] : []),
    ...(showsFolder ? [`data folder: ${printable(config.dataDir)}`] : [])
  ].join('; ')
}

/** The models in the order in which they are asked, each with the host that is asked for it. */
function endpoints({ providers }: Summarized, use: 'enhancement' | 'image'): string {
  return providers
    .flatMap(({ baseUrl, [use]: settings }) =>
      settings === undefined ? [] : [`${settings.model} at ${new URL(settings.url ?? baseUrl).host}`]
    )
    .join(', then ')
}

function limitsOf({ dailyLimits: { usd, images } }: Summarized): string {
  const limits = [
    ...(usd === undefined ? [] : [`${usd} USD`]),
    ...(images === undefined ? [] : [`${images} images`])
  ]
  return limits.join(' and ') || 'none'
}
