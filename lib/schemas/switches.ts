import { errors, quote } from '../errors.ts'
import type { ServiceError } from '../errors.ts'

/** Public clients send all of these; the last one is a bare `generate`. */
const YES = ['1', 'true', '']
const NO = ['0', 'false', 'no']

/** The error of a query, made from its details. */
type Refusal = (details: string) => ServiceError

/** The error of a query in any route but `/dalle`. */
export const invalidQuery: Refusal = (details) => errors.invalidRequest('Invalid query', { details })

/**
 * Whether a switch of the query is on. Undefined if the query does not have it.
 * @throws INVALID_REQUEST for a value that is neither yes nor no, so that a client does not wait for ever
 */
export function readSwitch<Key extends string>(
  query: Partial<Record<Key, string>>,
  key: Key,
  refuse: Refusal = invalidQuery
): boolean | undefined {
  const value: string | undefined = query[key]
  if (value === undefined) return undefined
  if (YES.includes(value)) return true
  if (NO.includes(value)) return false
  throw refuse(
    `${key} is ${quote(value)}: ${key}=1, ${key}=true or a bare ${key} means yes, and 0, false or no means no`
  )
}

/** @throws INVALID_REQUEST for a key that is known in lower case only */
export function checkKeys(query: object, keys: readonly string[], refuse: Refusal = invalidQuery): void {
  const wrong = Object.keys(query).find((key) => !keys.includes(key) && keys.includes(key.toLowerCase()))
  if (wrong === undefined) return
  throw refuse(`${quote(wrong)} is unknown in the query: write ${wrong.toLowerCase()}`)
}
