import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import { DalleDressSchema } from './dress.ts'

/** The name of a provider. */
export const PROVIDER_PATTERN = '^[a-z][a-z0-9_-]{0,31}$'

const Nanoseconds = (description: string) => Type.Integer({ description })

export const PhaseTimingSchema = Type.Object({
  name: Type.String(),
  startedNs: Nanoseconds('Unix nanoseconds; 0 before the phase'),
  endedNs: Nanoseconds('Unix nanoseconds; 0 before its end'),
  skipped: Type.Boolean(),
  error: Type.String()
})

export const SnapshotSchema = Type.Object(
  {
    series: Type.String(),
    address: Type.String(),
    currentPhase: Type.String(),
    startedNs: Nanoseconds('Unix nanoseconds'),
    startedAt: Type.String({ format: 'date-time', description: 'startedNs in ISO 8601, UTC' }),
    percent: Type.Number({
      minimum: 0,
      maximum: 100,
      description: '100 exactly when completed; never goes back in a run'
    }),
    etaSeconds: Type.Number({ minimum: 0 }),
    nextPollMs: Type.Integer({
      minimum: 0,
      maximum: 10_000,
      description: 'Milliseconds until the next poll makes sense; 0 when done'
    }),
    phasePercent: Type.Number({ minimum: 0, maximum: 100 }),
    phaseETASeconds: Type.Number({ minimum: 0 }),
    phaseIndex: Type.Integer({ minimum: 1, maximum: 7 }),
    phaseCount: Type.Literal(7),
    done: Type.Boolean(),
    error: Type.String({ description: 'Empty unless the run failed' }),
    cacheHit: Type.Boolean({ description: 'The picture existed and no work was done' }),
    phases: Type.Array(PhaseTimingSchema, { minItems: 9, maxItems: 9 }),
    dalleDress: DalleDressSchema,
    phaseAverages: Type.Record(Type.String(), Type.Integer(), { description: 'Nanoseconds by phase' }),
    runId: Type.String(),
    errorCode: Type.String({ description: 'Code of the error; empty unless the run failed' }),
    queuePosition: Type.Integer({ minimum: 0, description: '1 is next; 0 when running or done' }),
    attempt: Type.Integer({ minimum: 1, description: 'Attempts at the image, this one included' }),
    provider: Type.String({
      pattern: PROVIDER_PATTERN,
      description: '`local` is the built-in artist; `openai`, or the name of an entry of TB_DALLE_PROVIDERS'
    }),
    degraded: Type.Boolean({ description: 'A fallback was used' }),
    degradedReason: Type.String(),
    partialImages: Type.Integer({
      minimum: 0,
      description: 'Unfinished images that came so far; the newest is at …/partial'
    })
  },
  { $id: 'Snapshot' }
)

/** The short form of a snapshot, for polls. It has all other fields. */
export const ProgressSchema = Type.Omit(SnapshotSchema, ['phases', 'dalleDress', 'phaseAverages'], {
  $id: 'Progress',
  additionalProperties: false
})

export type PhaseTiming = Static<typeof PhaseTimingSchema>
export type Snapshot = Static<typeof SnapshotSchema>
export type Progress = Static<typeof ProgressSchema>
export type Provider = Snapshot['provider']
