import autocannon from 'autocannon'
import type { LoadClient } from './client.ts'

/** The client for machines without wrk. It needs so much of the CPU that the server seems slower than it is. */
export const autocannonClient: LoadClient = {
  name: 'autocannon (the client takes much of the CPU; install wrk to compare figures)',
  measure: async ({ url, headers, connections, seconds }) => {
    const result = await autocannon({ url, headers, connections, duration: seconds })
    const { requests, latency, non2xx, errors } = result
    return {
      perSecond: requests.average,
      p50Ms: latency.p50,
      p99Ms: latency.p99,
      requests: requests.total,
      failed: non2xx - result['3xx'] + errors
    }
  }
}
