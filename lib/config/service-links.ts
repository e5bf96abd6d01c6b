import { printable } from '../printable.ts'
import { SETTINGS } from './settings.ts'

/** What Kubernetes and Docker's links write for the port of a service: `tcp://10.0.0.1:8080`. */
const LINK = /^(?:tcp|udp|sctp):\/\/\S+:\d+$/
/** What else they write for a service `tb-dalle` or `tb-dalle-…`. None of these names can become a setting. */
const LINK_NAME =
  /^TB_DALLE_(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?)$/
const PORT_NAME = /^(TB_DALLE_(?:\w+_)?)PORT$/

/**
 * The environment without the variables that Kubernetes writes for a Service whose name begins with `tb-dalle`.
 * @returns `warnings` has a line for each that has the name of a setting
 */
export function dropServiceLinks(env: Record<string, string>): {
  env: Record<string, string>
  warnings: string[]
} {
  const isLink = ([name, value]: [string, string]) =>
    LINK_NAME.test(name) || (PORT_NAME.test(name) && LINK.test(value))
  const entries = Object.entries(env)
  return {
    env: Object.fromEntries(entries.filter((entry) => !isLink(entry))),
    warnings: entries
      .filter((entry) => isLink(entry) && SETTINGS.some(([name]) => name === entry[0]))
      .map(([name, value]) => warningOf(name, value))
  }
}

function warningOf(name: string, value: string): string {
  const service = name.replace(PORT_NAME, '$1').slice(0, -1).toLowerCase().replaceAll('_', '-')
  return (
    `${name} is ${printable(JSON.stringify(value))} and has no effect: Kubernetes sets it for a Service named ` +
    `${service}. Set enableServiceLinks to false in the Pod, or give the Service another name.`
  )
}
