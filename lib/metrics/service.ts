import { getHeapSpaceStatistics } from 'node:v8'
import { collectDefaultMetrics } from 'prom-client'
import type { Registry } from 'prom-client'
import type { FileOperation } from '../storage/file-types.ts'
import { FILE_OPERATIONS } from '../storage/file-types.ts'
import type { Instruments } from './instruments.ts'

const REQUEST_SECONDS = [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60]
/** A wait lasts as long as the run, with Prefer: wait at most 55 s. */
const WAIT_SECONDS = [0.25, 1, 5, 15, 30, 60, 150, 300, 600]
/** A garbage collection below this is not noticeable. */
const GC_SECONDS = [0.1]
/** Methods with a label of their own. Clients may send dozens of others. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])
/** What a client may have a limited number of. */
const CLIENT_LIMITS = ['runs', 'tokens', 'streams', 'waiters', 'conversions'] as const
/** Why the server closes a connection. */
export const CLOSE_REASONS = ['header', 'body', 'idle', 'reader', 'full'] as const
export type CloseReason = (typeof CLOSE_REASONS)[number]
const HEAP_SPACE_USED = 'nodejs_heap_space_size_used_bytes'
/** Default metrics that are left out: gauges named like counters, and two of three figures of each heap space. */
const DROPPED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
  HEAP_SPACE_USED,
  'nodejs_heap_space_size_total_bytes',
  'nodejs_heap_space_size_available_bytes'
]

/** What a response of /avatar shows. */
const AVATAR_CONTENTS = ['picture', 'placeholder', 'missing'] as const

export type AvatarContent = (typeof AVATAR_CONTENTS)[number]
export type ClientLimit = (typeof CLIENT_LIMITS)[number]

/** Resident bytes above which the memory is degraded, and above which it is unhealthy. */
export interface MemoryLimits {
  degraded: number
  unhealthy: number
}

/** Metrics of the process, its disk and its responses. */
export function createServiceMetrics(registry: Registry, { counter, gauge, histogram }: Instruments) {
  collectDefaultMetrics({ register: registry, gcDurationBuckets: GC_SECONDS })
  for (const name of DROPPED) registry.removeSingleMetric(name)
  gauge(HEAP_SPACE_USED, 'Used bytes of each heap space', ['space'], function () {
    for (const { space_name: name, space_used_size: bytes } of getHeapSpaceStatistics()) {
      this.set({ space: name.replace(/_space$/, '') }, bytes)
    }
  })

  const requests = histogram(
    'dalleserver_http_request_duration_seconds',
    'Response times by route pattern',
    ['method', 'route', 'code'],
    REQUEST_SECONDS
  )
  const waits = histogram(
    'dalleserver_http_wait_duration_seconds',
    'Time of requests that waited for a run because their client asked for it, by route pattern',
    ['route', 'code'],
    WAIT_SECONDS
  )
  const operations = counter('dalleserver_storage_operations_total', 'File operations by outcome', [
    'operation',
    'outcome'
  ])
  const streams = gauge('dalleserver_sse_clients', 'Open event streams')
  const limited = counter(
    'dalleserver_client_limited_total',
    'Requests that were refused because their client had reached a limit',
    ['limit']
  )
  for (const limit of CLIENT_LIMITS) limited.inc({ limit }, 0)
  const avatars = counter(
    'dalleserver_avatars_total',
    'Avatars that were sent, by what they show; missing is a 404 that the client asked for',
    ['content']
  )
  for (const content of AVATAR_CONTENTS) avatars.inc({ content }, 0)
  const closed = counter(
    'dalleserver_connections_closed_total',
    'Connections that the server closed because the client took too long, or because there were too many',
    ['reason']
  )
  for (const reason of CLOSE_REASONS) closed.inc({ reason }, 0)
  const unreadable = counter(
    'dalleserver_records_unreadable_total',
    'Records of images that were skipped because they cannot be used, once for each change of the file'
  )
  for (const operation of FILE_OPERATIONS) {
    for (const outcome of ['success', 'failure']) operations.inc({ operation, outcome }, 0)
  }

  return {
    /** @param route the route's pattern, never a URL */
    recordRequest(method: string, route: string, code: number, seconds: number): void {
      requests.observe({ method: METHODS.has(method) ? method : 'OTHER', route, code }, seconds)
    },

    /** A request whose client asked to wait for a run. How long it took says nothing about the speed of the server. */
    recordWait(route: string, code: number, seconds: number): void {
      waits.observe({ route, code }, seconds)
    },

    recordFileOperation(operation: FileOperation, ok: boolean): void {
      operations.inc({ operation, outcome: ok ? 'success' : 'failure' })
    },

    recordUnreadableRecord: () => unreadable.inc(),

    recordAvatar: (content: AvatarContent) => avatars.inc({ content }),

    recordClientLimit: (limit: ClientLimit) => limited.inc({ limit }),

    /** Sets the number of open event streams. */
    setStreams(count: number): void {
      streams.set(count)
    },

    recordClosedConnection(reason: CloseReason): void {
      closed.inc({ reason })
    },

    /** Registers the number of open connections, which is asked for at each scrape. */
    watchConnections(count: () => number): void {
      gauge('dalleserver_connections', 'Open connections', [], function () {
        this.set(count())
      })
    },

    /** Registers the limits of the memory, which are asked for at each scrape. */
    watchMemoryLimits(read: () => MemoryLimits): void {
      gauge(
        'dalleserver_memory_limit_bytes',
        'Resident memory above which /health is degraded or unhealthy',
        ['status'],
        function () {
          const { degraded, unhealthy } = read()
          this.set({ status: 'degraded' }, degraded)
          this.set({ status: 'unhealthy' }, unhealthy)
        }
      )
    },

    /**
     * Registers whether this process has started after a stop in order.
     * @param read called at each scrape; undefined where that is not known, and the metric has no series then
     */
    watchCleanStart(read: () => boolean | undefined): void {
      gauge(
        'dalleserver_clean_start',
        '1 if the process before this one stopped in order or there was none, 0 if it was killed or crashed',
        ['scope'],
        function () {
          const isClean = read()
          this.reset()
          if (isClean !== undefined) this.set({ scope: 'folder' }, isClean ? 1 : 0)
        }
      )
    },

    /** Registers the metrics of the disk. The functions are called at each scrape. */
    watchStorage(
      freeBytes: () => Promise<number>,
      isUsable: () => Promise<boolean>,
      images: () => number
    ): void {
      gauge(
        'dalleserver_storage_usable',
        '1 while the data folder can be read and written; 0 while it is gone, replaced, read-only or silent',
        [],
        async function () {
          this.set((await isUsable()) ? 1 : 0)
        }
      )
      gauge(
        'dalleserver_storage_free_bytes',
        'Bytes that the server may still write to the data folder',
        [],
        async function () {
          this.set(await freeBytes().catch(() => Number.NaN))
        }
      )
      gauge('dalleserver_images', 'Finished pictures of the whole service', [], function () {
        this.set(images())
      })
    }
  }
}
