import { Counter, Gauge, Histogram } from 'prom-client'
import type { Registry } from 'prom-client'

export type Instruments = ReturnType<typeof createInstruments>

/** Factories for metrics in one registry. Keep label sets small: each series costs time at every scrape. */
export function createInstruments(registry: Registry) {
  const registers = [registry]
  return {
    counter: <T extends string>(name: string, help: string, labelNames: T[] = []) =>
      new Counter({ name, help, labelNames, registers }),

    /** @param collect called at each scrape to set the values */
    gauge: <T extends string>(
      name: string,
      help: string,
      labelNames: T[] = [],
      collect?: (this: Gauge<T>) => void | Promise<void>
    ) => new Gauge({ name, help, labelNames, registers, ...(collect && { collect }) }),

    /** @param buckets upper bounds in the metric's own unit */
    histogram: <T extends string>(name: string, help: string, labelNames: T[], buckets: number[]) =>
      new Histogram({ name, help, labelNames, buckets, registers })
  }
}
