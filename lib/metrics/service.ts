import { getHeapSpaceStatistics } from 'node:v8'
import { collectDefaultMetrics } from 'prom-client'
import type { Registry } from 'prom-client'
import type { FileOperation } from '../storage/files.ts'
import { FILE_OPERATIONS } from '../storage/files.ts'
import type { Instruments } from './instruments.ts'

const REQUEST_SECONDS = [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60]
/** What is collected within it nobody feels. */
const GC_SECONDS = [0.1]
/** Methods that stand for themselves in a label; there are dozens more that anybody may send. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])
const HEAP_SPACE_USED = 'nodejs_heap_space_size_used_bytes'
/** Of prom-client's own: gauges that are named like counters, and three figures for each heap space, of which one is enough. */
const DROPPED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
  HEAP_SPACE_USED,
  'nodejs_heap_space_size_total_bytes',
  'nodejs_heap_space_size_available_bytes'
]

/** The process, its disk and what it answers. */
export function createServiceMetrics(registry: Registry, { counter, gauge, histogram }: Instruments) {
  collectDefaultMetrics({ register: registry, gcDurationBuckets: GC_SECONDS })
  for (const name of DROPPED) registry.removeSingleMetric(name)
  gauge(HEAP_SPACE_USED, 'What is used of each space of the heap', ['space'], function () {
    for (const { space_name: name, space_used_size: bytes } of getHeapSpaceStatistics()) {
      this.set({ space: name.replace(/_space$/, '') }, bytes)
    }
  })

  const requests = histogram(
    'dalleserver_http_request_duration_seconds',
    "How long answers took, by the route's pattern",
    ['method', 'route', 'code'],
    REQUEST_SECONDS
  )
  const operations = counter(
    'dalleserver_storage_operations_total',
    'File operations by what became of them',
    ['operation', 'outcome']
  )
  for (const operation of FILE_OPERATIONS) {
    for (const outcome of ['success', 'failure']) operations.inc({ operation, outcome }, 0)
  }

  return {
    /** @param route the route's pattern, never a URL */
    recordRequest(method: string, route: string, code: number, seconds: number): void {
      requests.observe({ method: METHODS.has(method) ? method : 'OTHER', route, code }, seconds)
    },

    recordFileOperation(operation: FileOperation, ok: boolean): void {
      operations.inc({ operation, outcome: ok ? 'success' : 'failure' })
    },

    /** Where the number of open event streams is read from at each scrape. */
    watchStreams(clients: () => number): void {
      gauge('dalleserver_sse_clients', 'Event streams that are open', [], function () {
        this.set(clients())
      })
    },

    /** Where the state of the disk is read from at each scrape. */
    watchStorage(freeBytes: () => Promise<number>, images: () => number): void {
      gauge(
        'dalleserver_storage_free_bytes',
        'What may still be written to the data folder',
        [],
        async function () {
          this.set(await freeBytes().catch(() => Number.NaN))
        }
      )
      gauge('dalleserver_images', 'Pictures that there are', [], function () {
        this.set(images())
      })
    }
  }
}
