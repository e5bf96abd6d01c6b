import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'

/** What a list of runs says of one: the little that a line about it needs. */
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
  partialImages: Type.Integer({ minimum: 0, description: 'How many partial images the run has had' }),
  done: Type.Boolean(),
  error: Type.String({ description: 'Empty unless the run failed' }),
  errorCode: Type.String(),
  degraded: Type.Boolean(),
  degradedReason: Type.String()
})

/** What is going on in the whole service; the data of an event of `/events`. */
export const ActivitySchema = Type.Object(
  {
    live: Type.Integer({ description: 'Runs that work or wait' }),
    runs: Type.Array(RunSummarySchema, { description: 'Those that began first' }),
    ended: Type.Array(RunSummarySchema, { description: 'Those that ended last, the newest first' }),
    pictures: Type.Integer(),
    revision: Type.Integer({ description: 'Counts every picture that came, changed or went' }),
    changes: Type.Array(
      Type.Object({
        revision: Type.Integer(),
        series: Type.String(),
        address: Type.String(),
        isThere: Type.Boolean()
      }),
      { description: 'The last of these, the newest first' }
    )
  },
  { $id: 'Activity' }
)

export type RunSummary = Static<typeof RunSummarySchema>
export type Activity = Static<typeof ActivitySchema>
