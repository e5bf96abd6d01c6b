/** The headers of the API, as OpenAI and the network before it send them. */
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

/** The headers of the storage of images. */
export const storageHeaders = (requestId: string): Record<string, string> => ({
  server: 'Windows-Azure-Blob/1.0 Microsoft-HTTPApi/2.0',
  'x-ms-request-id': requestId
})
