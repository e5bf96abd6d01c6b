import type { EngineState } from '../engine/state.ts'
import type { Instruments } from './instruments.ts'

/** Metrics of the engine, and of this process' connection to it. */
export function createEngineMetrics({ gauge }: Instruments) {
  return {
    /** Registers whether this process accepts runs, which is asked for at each scrape. */
    watchOpen(isOpen: () => boolean): void {
      gauge(
        'dalleserver_engine_open',
        '1 while this process accepts runs; 0 while it waits for the data folder or the database, or stops',
        [],
        function () {
          this.set(isOpen() ? 1 : 0)
        }
      )
    },

    /** Registers whether this process stops, which is asked for at each scrape. */
    watchStopping(isStopping: () => boolean): void {
      gauge(
        'dalleserver_stopping',
        '1 while this process stops in order, and lets drawings end that take long',
        [],
        function () {
          this.set(isStopping() ? 1 : 0)
        }
      )
    },

    /** Registers the metrics. `read` is called once at each scrape, and must not fail. */
    watch(read: () => Promise<EngineState>): void {
      let reading: Promise<EngineState> | undefined
      // The registry collects all metrics at the same time.
      const state = async () =>
        await (reading ??= read().finally(() => {
          reading = undefined
        }))

      gauge('dalleserver_engine_up', '1 while the engine takes work', [], async function () {
        this.set((await state()).isUp ? 1 : 0)
      })
      gauge(
        'dalleserver_engine_clock_difference_seconds',
        'What the clock of the database is ahead of the one of this machine',
        [],
        async function () {
          this.set((await state()).clockDifferenceSeconds)
        }
      )
      gauge(
        'dalleserver_engine_stalled_runs',
        'Runs whose worker shows no more sign of life, in the whole database',
        [],
        async function () {
          this.set((await state()).stalledRuns)
        }
      )
      gauge(
        'dalleserver_engine_workers',
        'Live processes that work runs, in the whole database',
        [],
        async function () {
          this.set((await state()).workers)
        }
      )
      gauge(
        'dalleserver_engine_connections',
        'Connections of this process to the database, and statements that wait for one',
        ['state'],
        async function () {
          const { connections } = await state()
          for (const [name, count] of Object.entries(connections)) this.set({ state: name }, count)
        }
      )
    }
  }
}
