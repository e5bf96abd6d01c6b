export interface LoadRequest {
  url: string
  headers?: Record<string, string>
  connections: number
  seconds: number
}

/** What a client measured under a constant load. */
export interface Load {
  perSecond: number
  p50Ms: number
  p99Ms: number
  requests: number
  /** Responses that are neither 2xx nor 3xx, and those that did not come. */
  failed: number
}

export interface LoadClient {
  name: string
  measure: (request: LoadRequest) => Promise<Load>
}
