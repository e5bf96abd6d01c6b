import { fieldsOf, readUsage } from './prices.ts'
import { isSuccess } from './receive.ts'
import type { Received } from './receive.ts'
import { Refusal, errorIn } from './refusal.ts'
import { hasContentFlag } from './refusal-signs.ts'

/** The refusal that an answer is; undefined if it is a success without an error in its body. */
export function refusalIn(
  { status, headers, bytes, json }: Received,
  secrets: readonly string[]
): Refusal | undefined {
  if (isSuccess(status) && errorIn(json) === undefined && !hasContentFlag(json)) return undefined
  const usage = readUsage(fieldsOf(json).usage)
  return new Refusal({ status, headers, body: json, text: bytes.toString(), secrets, usage })
}
