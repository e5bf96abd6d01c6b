import { EventEmitter } from 'node:events'
import { pictureKey } from '../../storage/layout.ts'
import type { EventBus, RunView } from '../engine.ts'
import type { Notices } from './notices.ts'
import type { QueueChange } from './run-rows.ts'

/** The event for changes of any run. It is not the key of a picture, because those contain a slash. */
const ANY_RUN = 'any'

export interface BusOptions {
  notices: Pick<Notices, 'subscribe' | 'onGap'>
  /** Reads a run that has ended. */
  readEnded: (runId: string) => Promise<RunView | undefined>
  /** Reads the runs that ended while no notices arrived. */
  readMissed: () => Promise<RunView[]>
  /** Called with each change of the queue; without one after a gap. */
  onQueue: (change?: QueueChange) => void
  /** Called when the worker of a run is asked to end it. */
  onCancel: (runId: string) => void
  /** Called when a run has ended. */
  onEnd: (runId: string) => void
  /** Called when a run that has ended cannot be read. */
  onError: (error: unknown) => void
}

/** The changes of the runs of all processes. */
export function createBus(options: BusOptions) {
  const { notices, readEnded, readMissed, onQueue, onCancel, onEnd, onError } = options
  const changes = new EventEmitter().setMaxListeners(0)

  function announceEnd(runId: string): void {
    if (changes.listenerCount(ANY_RUN) === 0) return
    readEnded(runId).then((run) => changes.emit(ANY_RUN, run), onError)
  }

  const stops = [
    notices.subscribe('dalle_run', (id) => {
      const [runId = '', key = '', kind] = id.split(' ')
      if (kind === 'cancel') return onCancel(runId)
      changes.emit(key)
      if (kind === 'ended') {
        onEnd(runId)
        announceEnd(runId)
      } else changes.emit(ANY_RUN)
    }),
    notices.subscribe('dalle_work', (id) => onQueue(id as QueueChange)),
    notices.onGap(() => {
      onQueue()
      for (const name of changes.eventNames()) changes.emit(name)
      readMissed().then((runs) => {
        for (const run of runs) changes.emit(ANY_RUN, run)
      }, onError)
    })
  ]

  return {
    subscribe(series: string, address: string, listener: (run?: RunView) => void): () => void {
      const key = pictureKey(series, address)
      const read = () => listener()
      changes.on(key, read)
      return () => changes.off(key, read)
    },

    subscribeAll(listener: (run?: RunView) => void): () => void {
      changes.on(ANY_RUN, listener)
      return () => changes.off(ANY_RUN, listener)
    },

    stop(): void {
      for (const stop of stops) stop()
    }
  } satisfies EventBus & { stop: unknown }
}
