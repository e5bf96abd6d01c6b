import type { Batches } from '../../../lib/batches/batches.ts'
import type { State } from '../../../lib/sse/channel.ts'

const LAST_EVENT = '.done'
const FAILURES = { offset: 0, limit: 0 }

/** Whether an event of this id was the last one of its stream. */
export function isLastId(id: string): boolean {
  return id.endsWith(LAST_EVENT)
}

/** The events of a batch: its states, without its failures. */
export function batchEvents(batches: Batches, batchId: string) {
  return {
    /** @throws artifact_missing */
    async read(): Promise<State> {
      const data = await batches.find(batchId, FAILURES)
      const isLast = data.endedAt !== null && data.counts.running === 0
      const { waiting, running } = data.counts
      return {
        event: isLast ? 'done' : 'progress',
        id: `${batchId}${isLast ? LAST_EVENT : `.${waiting}.${running}`}`,
        data,
        isMoving: false,
        isLast
      }
    },
    subscribe: (listener: () => void) => batches.subscribe(batchId, listener)
  }
}
