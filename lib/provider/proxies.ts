import { Agent, EnvHttpProxyAgent } from 'undici'
import type { Dispatcher } from 'undici'

/** The proxies that connections go through. */
export interface Proxies {
  /** For http: URLs; for https: URLs too where `https` is absent. */
  readonly http: string | undefined
  readonly https: string | undefined
  /** The hosts that are reached without a proxy, as NO_PROXY lists them. */
  readonly except: string
}

/** The connections with these options, through the proxies where there are some. */
export function createDispatcher(proxies: Proxies | undefined, options: Agent.Options): Dispatcher {
  if (proxies === undefined) return new Agent(options)
  // An empty text keeps undici from reading the environment.
  const { http = '', https = '', except } = proxies
  return new EnvHttpProxyAgent({ ...options, httpProxy: http, httpsProxy: https, noProxy: except })
}
