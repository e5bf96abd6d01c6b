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
  const stateOf = (snapshot: Snapshot, version?: number): State => {
    const { done } = snapshot
    return {
      event: done ? 'done' : 'progress',
      id: done ? lastId(snapshot) : progressId(snapshot, version),
      data: isShort ? shortenSnapshot(snapshot) : snapshot,
      isMoving: !done,
      isLast: done
    }
  }
  return {
    async read() {
      const current = await generation.current(series.suffix, address)
      if (current !== undefined) return stateOf(current.snapshot, current.version)
      const finished = await generation.finished(series, address)
      return finished && stateOf(finished)
    },
    subscribe: (listener) =>
      generation.subscribe(series.suffix, address, (snapshot, version) =>
        listener(snapshot && stateOf(snapshot, version))
      )
  }
}

/** The id of a completed run is the time of its picture, because the runId is unknown after a restart. */
function lastId({ error, runId, dalleDress }: Snapshot): string {
  return `${error === '' ? dalleDress.modifiedAt : runId}${LAST_EVENT}`
}

/**
 * The id of a state that several processes share is its version: it means the same in all of them. Else it is the time,
 * by the clock of this process, because the system's may jump.
 */
function progressId({ runId, startedNs }: Snapshot, version?: number): string {
  return `${runId}.${version ?? Math.round(performance.timeOrigin + performance.now() - startedNs / 1e6)}`
}
