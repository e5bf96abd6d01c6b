import { Type } from '@sinclair/typebox'
import type { FastifySchema } from 'fastify'
import { envelope, errorResponses, events, tokenSecurity } from '../../../lib/schemas/api.ts'
import { StrictBatchRequestSchema } from '../../../lib/schemas/batches.ts'
import { responsesOf } from '../answers.ts'

/** The failures in an answer, where the request does not say how many. */
export const FAILURES_DEFAULT = 100

const Id = Type.Object({
  id: Type.String({ description: 'The batchId', examples: ['0a8f3c1e-5d27-4b6f-9c1a-2f1d0e7b8a90'] })
})
const FailuresQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1000,
      default: FAILURES_DEFAULT,
      description: 'The most failures in the answer',
      examples: [20]
    })
  ),
  offset: Type.Optional(
    Type.Integer({
      minimum: 0,
      default: 0,
      description: 'Failures that are left out before them',
      examples: [0]
    })
  )
})
const tags = ['Batches']
const requestErrors = ['invalid_input', 'series_invalid', 'PAYLOAD_TOO_LARGE', 'SERVICE_UNAVAILABLE'] as const

export const createSchema = {
  operationId: 'createBatch',
  notesChecksum: true,
  summary: 'Make many pictures',
  description: 'Accepts up to 10,000 addresses of a series, all or none. The batch survives a restart.',
  tags,
  security: tokenSecurity,
  errors: [...requestErrors, 'RATE_LIMITED', 'BUDGET_EXHAUSTED', 'QUEUE_FULL'],
  requestBody: StrictBatchRequestSchema,
  response: { 202: envelope(Type.Ref('Batch'), 'The batch that is accepted.'), ...errorResponses }
} satisfies FastifySchema

export const estimateSchema = {
  operationId: 'estimateBatch',
  notesChecksum: true,
  summary: 'What a batch would cost',
  description: 'Counts the pictures that exist and estimates the cost of the others. Nothing starts.',
  tags,
  security: tokenSecurity,
  errors: requestErrors,
  requestBody: StrictBatchRequestSchema,
  response: responsesOf(Type.Ref('BatchEstimate'), 'The estimate.')
} satisfies FastifySchema

export const listSchema = {
  operationId: 'listBatches',
  summary: 'List batches',
  description:
    'The batches of the client, or all with a token: those that live, and those that ended in the last day. ' +
    'The newest is first. Failures are not listed.',
  tags,
  response: responsesOf(Type.Object({ batches: Type.Array(Type.Ref('Batch')) }), 'The batches.')
} satisfies FastifySchema

export const readSchema = {
  operationId: 'getBatch',
  summary: 'The progress of a batch',
  description: 'Counts, cost, time left, and a part of the failures.',
  tags,
  errors: ['invalid_input', 'artifact_missing'],
  params: Id,
  querystring: FailuresQuery,
  response: responsesOf(Type.Ref('Batch'), 'The batch.')
} satisfies FastifySchema

export const cancelSchema = {
  operationId: 'cancelBatch',
  summary: 'Cancel a batch',
  description:
    'Runs that have not begun never begin. Pictures that are being drawn are finished, because they may be paid for. ' +
    'A batch that has ended stays as it is.',
  tags,
  security: tokenSecurity,
  errors: ['artifact_missing', 'SERVICE_UNAVAILABLE'],
  params: Id,
  response: responsesOf(Type.Ref('Batch'), 'The batch as it is now.')
} satisfies FastifySchema

export const eventsSchema = {
  operationId: 'followBatch',
  summary: 'The progress of a batch as events',
  description:
    'An event `progress` for each change, at most ten a second, with a Batch as its data; `done` is the last.',
  tags,
  errors: ['artifact_missing', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE'],
  params: Id,
  response: {
    200: events('Events; the schema is that of their data.', Type.Ref('Batch')),
    204: Type.Null({ description: 'The client has seen the last event' }),
    ...errorResponses
  }
} satisfies FastifySchema
