import type { IncomingHttpHeaders } from 'node:http'
import { keyAtStorage, missingKey, unknownUrl, wrongMethod } from './errors.ts'
import type { Refusal } from './errors.ts'
import type { RequestRecord } from './records.ts'

/** The key of a request, as OpenAI or as Azure expects it; empty where there is none. */
export function keyOf({ authorization = '', 'api-key': azure }: IncomingHttpHeaders): string {
  return /^Bearer\s+(\S+)$/i.exec(authorization)?.[1] ?? azure?.toString() ?? ''
}

/** The refusal of a request that is wrong whatever its body says; undefined for all others. */
export function refuseAccess(
  { operation, method, path, headers }: RequestRecord,
  requestId: string
): Refusal | undefined {
  if (operation === 'unknown') return unknownUrl(method, path)
  if (operation === 'download' && headers.authorization !== undefined) return keyAtStorage(requestId)
  if (operation !== 'download' && keyOf(headers) === '') return missingKey()
  const right = operation === 'image' || operation === 'chat' ? 'POST' : 'GET'
  return method === right ? undefined : wrongMethod(method, path)
}
