import { EventEmitter } from 'node:events'
import { pictureKey } from '../../storage/layout.ts'
import type { EventBus, RunView } from '../engine.ts'

/** The event for changes of any run. It is not the key of a picture, because those contain a slash. */
const ANY_RUN = 'any'

export type EmbeddedBus = ReturnType<typeof createBus>

/** The changes of the runs of this process. */
export function createBus<Run extends RunView>() {
  const changes = new EventEmitter().setMaxListeners(0)
  return {
    publish(series: string, address: string, run: Run): void {
      changes.emit(pictureKey(series, address), run)
      changes.emit(ANY_RUN, run)
    },

    subscribe(series: string, address: string, listener: (run: Run) => void): () => void {
      const key = pictureKey(series, address)
      changes.on(key, listener)
      return () => changes.off(key, listener)
    },

    subscribeAll(listener: (run: Run) => void): () => void {
      changes.on(ANY_RUN, listener)
      return () => changes.off(ANY_RUN, listener)
    }
  } satisfies EventBus & { publish: unknown }
}
