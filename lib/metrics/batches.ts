import { ADDRESS_OUTCOMES } from '../engine/batches.ts'
import type { AddressOutcome } from '../engine/batches.ts'
import type { Instruments } from './instruments.ts'

/** The batches of this moment. */
interface BatchLoad {
  running: number
  paused: number
  /** Pictures whose run has not started. */
  waiting: number
}

/** Metrics of batches. Their runs count as all others do. */
export function createBatchMetrics({ counter, gauge }: Instruments) {
  const ended = counter('dalleserver_batch_pictures_total', 'Addresses of batches that ended, by how', [
    'outcome'
  ])
  for (const outcome of ADDRESS_OUTCOMES) ended.inc({ outcome }, 0)

  return {
    recordAddressEnd: (outcome: AddressOutcome) => ended.inc({ outcome }),

    /** Registers the metrics of the load. `load` is called at each scrape. */
    watch(load: () => BatchLoad): void {
      gauge('dalleserver_batches', 'Batches that this process feeds, by state', ['state'], function () {
        const { running, paused } = load()
        this.set({ state: 'running' }, running)
        this.set({ state: 'paused' }, paused)
      })
      gauge(
        'dalleserver_batch_pictures_waiting',
        'Pictures whose run has not started, of the batches that this process feeds',
        [],
        function () {
          this.set(load().waiting)
        }
      )
    }
  }
}
