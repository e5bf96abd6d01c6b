import { Type } from '@sinclair/typebox'
import { content, envelope, errorResponses } from '../../../lib/schemas/api.ts'
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
/** The routes read the body themselves, so it is described in words. */
const BODY =
  'The body is JSON: {"series": "simple", "addresses": ["0xf503017d7baf7fbc0fff7492b751025c6a78179b"]}.'

export const createSchema = {
  operationId: 'createBatch',
  summary: 'Make many pictures',
  description: `Accepts up to 10,000 addresses of a series, all or none. The batch survives a restart. ${BODY}`,
  tags,
  response: { 202: envelope(Type.Ref('Batch')), ...errorResponses }
}

export const estimateSchema = {
  operationId: 'estimateBatch',
  summary: 'What a batch would cost',
  description: `Counts the pictures that exist and estimates the cost of the others. Nothing starts. ${BODY}`,
  tags,
  response: responsesOf(Type.Ref('BatchEstimate'))
}

export const listSchema = {
  operationId: 'listBatches',
  summary: 'List batches',
  description:
    'The batches of the client, or all with a token: those that live, and those that ended in the last day. ' +
    'The newest is first. Failures are not listed.',
  tags,
  response: responsesOf(Type.Object({ batches: Type.Array(Type.Ref('Batch')) }))
}

export const readSchema = {
  operationId: 'getBatch',
  summary: 'The progress of a batch',
  description: 'Counts, cost, time left, and a part of the failures.',
  tags,
  params: Id,
  querystring: FailuresQuery,
  response: responsesOf(Type.Ref('Batch'))
}

export const cancelSchema = {
  operationId: 'cancelBatch',
  summary: 'Cancel a batch',
  description:
    'Runs that have not begun never begin. Pictures that are being drawn are finished, because they may be paid for. ' +
    'A batch that has ended stays as it is.',
  tags,
  params: Id,
  response: responsesOf(Type.Ref('Batch'))
}

export const eventsSchema = {
  operationId: 'followBatch',
  summary: 'The progress of a batch as events',
  description:
    'An event `progress` for each change, at most ten a second, with a Batch as its data; `done` is the last.',
  tags,
  params: Id,
  response: {
    200: { description: 'Server-sent events', ...content('text/event-stream') },
    204: Type.Null({ description: 'The client has seen the last event' }),
    ...errorResponses
  }
}
