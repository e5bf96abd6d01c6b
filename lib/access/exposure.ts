import { isLoopbackName, isLoopbackNetwork } from './hosts.ts'

/** The settings that decide from where the server can be reached. */
export interface Exposure {
  /** The address that the server listens on. */
  host: string
  /** Names under which it is asked for. */
  hosts: readonly string[]
  trustedProxies: readonly string[]
  publicUrl: string | undefined
}

/** The setting by which other machines can reach the server, with the value that names one; else undefined. */
export function exposedBy({ host, hosts, trustedProxies, publicUrl }: Exposure) {
  return [
    { name: 'TB_DALLE_HOST', value: isLoopbackName(host) ? undefined : host },
    { name: 'TB_DALLE_HOSTS', value: hosts.find((name) => !isLoopbackName(name)) },
    {
      name: 'TB_DALLE_TRUSTED_PROXIES',
      value: trustedProxies.find((network) => !isLoopbackNetwork(network))
    },
    { name: 'TB_DALLE_PUBLIC_URL', value: publicUrl && isOutside(publicUrl) ? publicUrl : undefined }
  ].find(({ value }) => value !== undefined)
}

function isOutside(url: string): boolean {
  return !isLoopbackName(new URL(url).hostname.replace(/^\[(.*)\]$/, '$1'))
}
