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

export function apiHeaders(requestId: string, at: number): Record<string, string> {
  return {
    'x-request-id': requestId,
    'openai-organization': 'org-dalleserverpeer',
    'openai-version': '2020-10-01',
    'openai-processing-ms': String(Date.now() - at),
    'x-ratelimit-limit-requests': '500',
    'x-ratelimit-limit-tokens': '200000',
    'x-ratelimit-remaining-requests': '499',
    'x-ratelimit-remaining-tokens': '199000',
    'x-ratelimit-reset-requests': '120ms',
    'x-ratelimit-reset-tokens': '300ms',
    server: 'cloudflare',
    'cf-cache-status': 'DYNAMIC'
  }
}

export const storageHeaders = (requestId: string): Record<string, string> => ({
  server: 'Windows-Azure-Blob/1.0 Microsoft-HTTPApi/2.0',
  'x-ms-request-id': requestId
})
