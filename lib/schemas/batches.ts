import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import { EXAMPLE_ADDRESS } from './api.ts'

/** Addresses that a batch may have. */
export const BATCH_ADDRESSES_MAX = 10_000

/** The body of `POST /v1/batches` and `POST /v1/batches/estimate`. */
export const BatchRequestSchema = Type.Object(
  {
    series: Type.Optional(Type.String({ description: 'A series that is not hidden' })),
    addresses: Type.Optional(Type.Array(Type.Unknown(), { description: 'Up to 10,000 addresses' }))
  },
  {
    description: 'Keys match in any case, and unknown keys are ignored.',
    examples: [{ series: 'simple', addresses: [EXAMPLE_ADDRESS] }]
  }
)

/** The same for generators of clients, with all that the server demands. */
export const StrictBatchRequestSchema = Type.Object(
  {
    series: BatchRequestSchema.properties.series,
    addresses: Type.Array(Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' }), {
      minItems: 1,
      maxItems: BATCH_ADDRESSES_MAX,
      description: 'Ethereum addresses'
    })
  },
  {
    required: ['series', 'addresses'],
    description: BatchRequestSchema.description!,
    examples: BatchRequestSchema.examples as unknown[]
  }
)

export type BatchRequest = Static<typeof BatchRequestSchema>

const Count = (description: string) => Type.Integer({ minimum: 0, description })
const Usd = (description: string) =>
  Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description: `USD; ${description}` })
const Time = (description: string) => Type.String({ format: 'date-time', description })

const BatchCountsSchema = Type.Object({
  total: Count('Addresses, each counted once'),
  existing: Count('They had a picture when the batch was accepted'),
  completed: Count('They have a picture since then'),
  degraded: Count('The same, with a fallback: a plain prompt, or a stand-in of the built-in artist'),
  failed: Count('Their run failed'),
  cancelled: Count('They were cancelled, or never started'),
  running: Count('Their run is queued or working'),
  waiting: Count('Their run has not started')
})

const BatchReasonSchema = Type.Object({
  code: Type.String({ description: 'The code of an error' }),
  message: Type.String(),
  retryAt: Type.Union([Time('When the batch tries again'), Type.Null()])
})

const BATCH_STATES = ['running', 'paused', 'completed', 'cancelled'] as const

/** A batch and its progress. */
export const BatchSchema = Type.Object(
  {
    batchId: Type.String({ format: 'uuid' }),
    series: Type.String(),
    state: Type.Unsafe<(typeof BATCH_STATES)[number]>({
      type: 'string',
      enum: BATCH_STATES,
      description: 'completed: every address has ended, some perhaps as failed'
    }),
    reason: Type.Union([BatchReasonSchema, Type.Null()], {
      description: 'Why it is paused, or why the server has cancelled it'
    }),
    counts: BatchCountsSchema,
    duplicates: Count('Addresses of the request that repeated another one'),
    percent: Type.Number({ minimum: 0, maximum: 100, description: 'Addresses that have ended' }),
    etaSeconds: Type.Number({ minimum: 0, description: 'By the average run; 0 while none is known' }),
    estimatedCostUsd: Usd('expected when it was accepted; null if a model has no price'),
    costUsd: Type.Number({ minimum: 0, description: 'USD; what its runs have cost so far' }),
    acceptedAt: Time('When it was accepted'),
    endedAt: Type.Union([Time('When it ended'), Type.Null()]),
    failures: Type.Array(Type.Object({ address: Type.String(), code: Type.String(), error: Type.String() }), {
      description: 'A part of the addresses that failed, in the order of their ends'
    })
  },
  { $id: 'Batch' }
)

export type BatchState = Static<typeof BatchSchema>

/** What a batch would need. */
export const BatchEstimateSchema = Type.Object(
  {
    series: Type.String(),
    total: Count('Addresses, each counted once'),
    duplicates: Count('Addresses of the request that repeated another one'),
    existing: Count('They have a picture'),
    missing: Count('They would be made'),
    images: Count('Images that would be bought'),
    estimatedCostUsd: Usd('null if a model has no price'),
    estimatedSeconds: Type.Number({ minimum: 0, description: 'By the average run; 0 while none is known' }),
    refusal: Type.Union(
      [
        Type.Object({
          code: Type.String(),
          message: Type.String(),
          details: Type.Optional(Type.String())
        }),
        Type.Null()
      ],
      { description: 'The error with which the batch would be refused now' }
    )
  },
  { $id: 'BatchEstimate' }
)

export type BatchEstimate = Static<typeof BatchEstimateSchema>
