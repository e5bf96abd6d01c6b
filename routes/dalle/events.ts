import type { Generation } from '../../lib/generation/generation.ts'
import { shortenSnapshot } from '../../lib/progress/polls.ts'
import type { Snapshot } from '../../lib/schemas/progress.ts'
import type { ChannelSource, State } from '../../lib/sse/channel.ts'
import type { Target } from '../../plugins/app/targets/index.ts'

const LAST_EVENT = '.done'

/** Whether an event of this id was the last one of its stream. */
export function isLastId(id: string): boolean {
  return id.endsWith(LAST_EVENT)
}

/**
 * The events of one picture: the snapshots of its run. Without a live run, the end of the last run or the picture.
 * @param isShort whether the events have the short form of the snapshots
 */
export function pictureEvents(
  generation: Generation,
  { series, address }: Target,
  isShort: boolean
): Pick<ChannelSource, 'read' | 'subscribe'> {
  const stateOf = (snapshot: Snapshot): State => {
    const { done } = snapshot
    return {
      event: done ? 'done' : 'progress',
      id: done ? lastId(snapshot) : progressId(snapshot),
      data: isShort ? shortenSnapshot(snapshot) : snapshot,
      isMoving: !done,
      isLast: done
    }
  }
  return {
    async read() {
      const snapshot = await generation.snapshot(series.suffix, address)
      const current = snapshot ?? (await generation.finished(series, address))
      return current && stateOf(current)
    },
    subscribe: (listener) =>
      generation.subscribe(series.suffix, address, (snapshot) => listener(snapshot && stateOf(snapshot)))
  }
}

/** The id of a completed run is the time of its picture, because the runId is unknown after a restart. */
function lastId({ error, runId, dalleDress }: Snapshot): string {
  return `${error === '' ? dalleDress.modifiedAt : runId}${LAST_EVENT}`
}

/** The system's clock may jump, so the time of this process decides. */
function progressId({ runId, startedNs }: Snapshot): string {
  return `${runId}.${Math.round(performance.timeOrigin + performance.now() - startedNs / 1e6)}`
}
