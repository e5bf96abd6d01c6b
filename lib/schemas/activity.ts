import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'

/** One run in a list of runs: the part of its snapshot that a list shows. */
const RunSummarySchema = Type.Object({
  runId: Type.String(),
  series: Type.String(),
  address: Type.String(),
  title: Type.String(),
  currentPhase: Type.String(),
  startedNs: Type.Integer({ description: 'Unix nanoseconds' }),
  percent: Type.Number({ minimum: 0, maximum: 100 }),
  etaSeconds: Type.Number({ minimum: 0 }),
  queuePosition: Type.Integer({ minimum: 0, description: '1 is next; 0 when running or done' }),
  partialImages: Type.Integer({ minimum: 0, description: 'Number of partial images so far' }),
  done: Type.Boolean(),
  error: Type.String({ description: 'Empty unless the run failed' }),
  errorCode: Type.String(),
  degraded: Type.Boolean(),
  degradedReason: Type.String()
})

/** All runs and the newest changes of pictures; the data of an event of `/events`. */
export const ActivitySchema = Type.Object(
  {
    live: Type.Integer({ description: 'Runs that are running or queued' }),
    runs: Type.Array(RunSummarySchema, { description: 'The live runs that started first' }),
    ended: Type.Array(RunSummarySchema, { description: 'The runs that ended last, the newest first' }),
    pictures: Type.Integer(),
    revision: Type.Integer({ description: 'Increases by one when a picture is added, changed or removed' }),
    changes: Type.Array(
      Type.Object({
        revision: Type.Integer(),
        series: Type.String(),
        address: Type.String(),
        isThere: Type.Boolean()
      }),
      { description: 'The last of these changes, the newest first' }
    )
  },
  { $id: 'Activity' }
)

export type RunSummary = Static<typeof RunSummarySchema>
export type Activity = Static<typeof ActivitySchema>
