import { Type } from '@sinclair/typebox'
import type { FastifySchema } from 'fastify'
import { envelope, tokenSecurity } from '../../../lib/schemas/api.ts'
import {
  AcceptedSchema,
  EXAMPLE_SEED,
  ExportRequestSchema,
  ExportResultSchema,
  ImageRequestSchema,
  RestoreResultSchema
} from '../../../lib/schemas/images.ts'
import { responsesOf } from '../answers.ts'

export const SeriesQuery = Type.Object({
  series: Type.Optional(Type.String({ description: 'The exact name of a series.', examples: ['simple'] }))
})

/** The rest of the path of an image, which may contain slashes. */
export const RestOfPath = Type.Object({ '*': Type.String() })

const Id = Type.Object({
  id: Type.String({
    description:
      'An `imageId`, or a seed or an address, which is that of the first image in the list. A slash may be encoded ' +
      'or not.',
    examples: [EXAMPLE_SEED]
  })
})

const Prefer = Type.Object({
  Prefer: Type.Optional(
    Type.String({
      description:
        '`respond-async` answers 202 with `Location` at once; `respond-async, wait=N` waits for up to N seconds ' +
        'before.',
      examples: ['respond-async, wait=30']
    })
  )
})

const resultResponses = {
  ...responsesOf(Type.Ref('GenerateResult'), 'The result: the record, and the paths of its files.'),
  202: {
    ...envelope(AcceptedSchema, 'The run has not ended, for `Prefer: respond-async`.'),
    headers: {
      Location: Type.String({ description: 'Where the record will be; 404 until the run has ended.' }),
      'Preference-Applied': Type.String({ description: 'The preferences of `Prefer` that were applied.' })
    }
  }
}

/** The errors of a request that may start a run. */
const runErrors = [
  'invalid_input',
  'series_invalid',
  'regeneration_refused',
  'RATE_LIMITED',
  'BUDGET_EXHAUSTED',
  'metadata_invalid',
  'provider_failed',
  'provider_unavailable',
  'SERVICE_UNAVAILABLE',
  'QUEUE_FULL'
] as const

export const listSchema = {
  operationId: 'listImages',
  tags: ['Images'],
  summary: 'List the records of images',
  description: 'The records of all images, by input, series and path.',
  errors: ['invalid_input', 'SERVICE_UNAVAILABLE'],
  querystring: SeriesQuery,
  response: responsesOf(Type.Array(Type.Ref('ImageMetadataRecord')), 'The records.')
} satisfies FastifySchema

export const previewSchema = {
  operationId: 'previewImage',
  notesChecksum: true,
  tags: ['Images'],
  summary: 'Make the prompts of a text',
  description:
    'Makes the dress and the prompts of a text, or returns the record that is there. Draws nothing.',
  security: tokenSecurity,
  errors: ['invalid_input', 'series_invalid', 'regeneration_refused', 'metadata_invalid'],
  requestBody: ImageRequestSchema,
  response: responsesOf(Type.Ref('GenerateResult'), 'The result: the record and its path.')
} satisfies FastifySchema

export const generateSchema = {
  operationId: 'generateImage',
  notesChecksum: true,
  tags: ['Images'],
  summary: 'Make a picture of a text',
  description:
    'Makes the prompts and, with `image`, the picture of any text. A record that has all that is asked for is ' +
    'returned; otherwise a run starts, and the answer comes when it has ended. When the client leaves, the run goes ' +
    'on.',
  security: tokenSecurity,
  errors: runErrors,
  requestHeaders: Prefer,
  requestBody: ImageRequestSchema,
  response: resultResponses
} satisfies FastifySchema

const getSchema = {
  operationId: 'getImage',
  notesChecksum: true,
  tags: ['Images'],
  summary: 'Get the record of an image',
  description: 'What an image was made from, its prompts, and the paths of its files.',
  errors: ['invalid_input', 'artifact_missing', 'SERVICE_UNAVAILABLE'],
  params: Id,
  response: responsesOf(Type.Ref('ImageMetadataRecord'), 'The record.')
} satisfies FastifySchema

const deleteSchema = {
  operationId: 'deleteImage',
  notesChecksum: true,
  tags: ['Images'],
  summary: 'Remove an image',
  description: 'Moves drawing, picture and record of an image to the archive. `restore` brings them back.',
  security: tokenSecurity,
  errors: ['invalid_input', 'artifact_missing', 'metadata_invalid', 'SERVICE_UNAVAILABLE'],
  params: Id,
  response: responsesOf(Type.Object({ deleted: Type.Literal(true) }), 'The image is removed.')
} satisfies FastifySchema

const regenerateSchema = {
  operationId: 'regenerateImage',
  notesChecksum: true,
  tags: ['Images'],
  summary: 'Draw an image again',
  description:
    'Makes an image again with the values of its record. The former files are copied to the archive. The body of the ' +
    'request is ignored.',
  security: tokenSecurity,
  errors: [...runErrors, 'artifact_missing'],
  params: Id,
  requestHeaders: Prefer,
  response: resultResponses
} satisfies FastifySchema

const exportSchema = {
  operationId: 'exportImage',
  notesChecksum: true,
  tags: ['Images'],
  summary: 'Export the texts of an image',
  description: 'Writes the prompts of an image as text files below `exports/` of the data folder.',
  security: tokenSecurity,
  errors: ['invalid_input', 'artifact_missing', 'metadata_invalid'],
  params: Id,
  requestBody: Type.Optional(ExportRequestSchema),
  response: responsesOf(ExportResultSchema, 'The folder and the files.')
} satisfies FastifySchema

const restoreSchema = {
  operationId: 'restoreImage',
  notesChecksum: true,
  tags: ['Images'],
  summary: 'Bring an earlier version back',
  description:
    'Puts the newest version in the archive back: what a redraw replaced, or what was removed. What is there now ' +
    'goes to the archive. The body of the request is ignored.',
  security: tokenSecurity,
  errors: ['invalid_input', 'artifact_missing', 'metadata_invalid', 'SERVICE_UNAVAILABLE'],
  params: Id,
  querystring: SeriesQuery,
  response: responsesOf(RestoreResultSchema, 'The files that are back.')
} satisfies FastifySchema

/** `GET /v1/images/*`. An id may contain a slash, so the router does not split these paths. */
export const readSchema = {
  params: RestOfPath,
  operations: { '/:id': getSchema },
  response: getSchema.response
} satisfies FastifySchema

/** `DELETE /v1/images/*`. */
export const removeSchema = {
  operations: { '/:id': deleteSchema },
  response: deleteSchema.response
} satisfies FastifySchema

/** `POST /v1/images/*`: every action on an image. */
export const actionSchema = {
  params: RestOfPath,
  querystring: SeriesQuery,
  operations: {
    '/:id/regenerate': regenerateSchema,
    '/:id/export': exportSchema,
    '/:id/restore': restoreSchema
  },
  response: {
    ...resultResponses,
    200: envelope(Type.Union([Type.Ref('GenerateResult'), ExportResultSchema, RestoreResultSchema]))
  }
} satisfies FastifySchema
