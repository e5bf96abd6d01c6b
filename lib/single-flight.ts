import { abortable } from './abortable.ts'

/** A call that is running, and the callers that wait for it. */
export interface Flight {
  /** Callers that have not aborted. The work may read it to find out that its result is no longer needed. */
  readonly waiters: number
}

interface RunningFlight<T> {
  waiters: number
  result: Promise<T>
}

export type SingleFlight<T> = ReturnType<typeof createSingleFlight<T>>

/** Concurrent calls with the same key share one promise. When it settles, the next call with this key works anew. */
export function createSingleFlight<T = void>() {
  const flights = new Map<string, RunningFlight<T>>()

  function start(key: string, work: (flight: Flight) => Promise<T>): RunningFlight<T> {
    // The starting caller counts before the work runs, so the work never sees a flight without waiters.
    const flight: RunningFlight<T> = { waiters: 1, result: new Promise(() => {}) }
    flights.set(key, flight)
    // The async function also turns an exception that `work` throws at once into a rejection.
    flight.result = (async () => await work(flight))().finally(() => flights.delete(key))
    // If all callers abort, a rejection has no other handler.
    flight.result.catch(() => {})
    return flight
  }

  /**
   * Joins the running call with this key, or starts `work`, which runs synchronously to its first await.
   * @param signal ends the wait of this caller only; the call then rejects with the signal's reason and the work
   * goes on
   */
  async function run(key: string, work: (flight: Flight) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    const joined = flights.get(key)
    if (joined !== undefined) joined.waiters += 1
    const flight = joined ?? start(key, work)
    try {
      return await (signal === undefined ? flight.result : abortable(flight.result, signal))
    } finally {
      flight.waiters -= 1
    }
  }

  return {
    run,

    /**
     * Waits for the running call with this key, however it ends, and then runs or joins the next one. Use it when
     * the work must begin after the call, for example to write a state that has just changed.
     */
    async runNext(key: string, work: (flight: Flight) => Promise<T>): Promise<T> {
      const running = flights.get(key)
      if (running !== undefined) await running.result.catch(() => {})
      return await run(key, work)
    },

    /** Whether a call with this key is running. */
    has(key: string): boolean {
      return flights.has(key)
    },

    /** How many calls are running. */
    get size(): number {
      return flights.size
    },

    /** Waits until every call that is running now has settled. Never rejects. */
    async settled(): Promise<void> {
      await Promise.allSettled([...flights.values()].map(({ result }) => result))
    }
  }
}
