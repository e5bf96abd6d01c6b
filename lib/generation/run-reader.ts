import { abortable } from '../abortable.ts'
import type { Engine } from '../engine/engine.ts'
import type { PartialImage } from '../progress/run.ts'
import type { Snapshot } from '../schemas/progress.ts'

/** What others read of the runs: their snapshots and changes. */
export function createRunReader(engine: Pick<Engine, 'runs' | 'events' | 'findElsewhere'>) {
  const { runs, events } = engine

  async function current(
    series: string,
    address: string
  ): Promise<{ snapshot: Snapshot; version: number | undefined } | undefined> {
    const run = (await runs.last(series, address)) ?? (await engine.findElsewhere(series, address))
    if (run === undefined || (run.done && !run.failed)) return undefined
    return { snapshot: run.snapshot(), version: run.version }
  }

  return {
    /** Resolves with the last snapshot of a run when it has ended; rejects with the reason of the signal. */
    async ended(
      series: string,
      address: string,
      runId: string,
      signal?: AbortSignal
    ): Promise<Snapshot | undefined> {
      const read = async () => {
        const run = await runs.last(series, address)
        return run?.runId === runId ? run : undefined
      }
      let leave = () => {}
      const ending = new Promise<void>((resolve, reject) => {
        const look = () => {
          read().then((run) => {
            if (run === undefined || run.done) resolve()
          }, reject)
        }
        leave = events.subscribe(series, address, look)
        look()
      })
      await (signal === undefined ? ending : abortable(ending, signal)).finally(() => leave())
      return (await read())?.snapshot()
    },

    /** The snapshot of the running run, or of the last one if it failed; undefined when there is neither. */
    async snapshot(series: string, address: string): Promise<Snapshot | undefined> {
      return (await current(series, address))?.snapshot
    },

    /** The same with the version of the run, where other processes see the run too. */
    current,

    /** How many runs work or wait, and the snapshots of the oldest `limit` of them. */
    async working(limit: number): Promise<{ count: number; snapshots: Snapshot[] }> {
      const { count, runs: oldest } = await runs.live(limit)
      return { count, snapshots: oldest.map((run) => run.snapshot()) }
    },

    /** The last snapshots of the runs that ended within the last `seconds`, the last one first. */
    async endedWithin(seconds: number, limit: number): Promise<Snapshot[]> {
      return (await runs.ended(seconds, limit)).map((run) => run.snapshot())
    },

    /**
     * Calls `listener` at each change of any run, with the last snapshot when the run ended.
     * @returns ends the subscription
     */
    subscribeAll(listener: (ended?: Snapshot) => void): () => void {
      return events.subscribeAll((run) => listener(run?.done === true ? run.snapshot() : undefined))
    },

    /** The newest partial image of the picture's run. */
    async partial(series: string, address: string): Promise<PartialImage | undefined> {
      return await runs.partial(series, address)
    },

    /**
     * Calls `listener` at each change of the picture's runs, with the snapshot and its version where they are known.
     * @returns ends the subscription
     */
    subscribe(
      series: string,
      address: string,
      listener: (snapshot?: Snapshot, version?: number) => void
    ): () => void {
      return events.subscribe(series, address, (run) => listener(run?.snapshot(), run?.version))
    },

    /** The client that the picture's living run was started for, where it is known. */
    async starterOf(series: string, address: string): Promise<string | undefined> {
      return await runs.starterOf(series, address)
    }
  }
}
