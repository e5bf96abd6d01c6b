import type { Body } from './parameters.ts'

/** The URL of an endpoint below a base URL. The query of the base URL, such as `?api-version=…`, is kept as it is. */
export function endpointUrl(baseUrl: string, path: string): string {
  const at = baseUrl.indexOf('?')
  const [base, query] = at < 0 ? [baseUrl, ''] : [baseUrl.slice(0, at), baseUrl.slice(at)]
  return `${base.replace(/\/+$/, '')}${path}${query}`
}

/** Where an operation is asked for, and how. */
export interface Endpoint {
  url: string
  /** Texts that the log must not contain. */
  secrets: readonly string[]
  /** Makes a call with a body, without the parameters that its model refuses. */
  adapt: <T>(body: Body, call: (body: Body) => Promise<T>) => Promise<T>
}
