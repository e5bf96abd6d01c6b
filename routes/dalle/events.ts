import type { ChannelSource, State } from '../../lib/sse/channel.ts'
import type { Generation } from '../../lib/generation/orchestrator.ts'
import type { Snapshot } from '../../lib/schemas/progress.ts'
import type { Target } from './target.ts'

const LAST = '.done'

/** Whether an event of this id was the last of its stream. */
export function isLastId(id: string): boolean {
  return id.endsWith(LAST)
}

/** The events of one picture: the snapshots of its run, or at once how its last one ended, or that the picture is there. */
export function pictureEvents(
  generation: Generation,
  { series, address }: Target
): Pick<ChannelSource, 'read' | 'subscribe'> {
  return {
    async read() {
      const snapshot =
        (await generation.snapshot(series.suffix, address)) ?? (await generation.finished(series, address))
      return snapshot && stateOf(snapshot)
    },
    subscribe: (listener) =>
      generation.subscribe(series.suffix, address, (snapshot) => listener(stateOf(snapshot)))
  }
}

function stateOf(snapshot: Snapshot): State {
  const {
    done,
    error,
    runId,
    startedNs,
    dalleDress: { modifiedAt }
  } = snapshot
  return {
    event: done ? 'done' : 'progress',
    // A picture's age names its end, for when the server was started anew nobody remembers the run.
    id: done
      ? `${error === '' ? modifiedAt : runId}${LAST}`
      : `${runId}.${Math.round(Date.now() - startedNs / 1e6)}`,
    data: snapshot,
    isMoving: !done,
    isLast: done
  }
}
