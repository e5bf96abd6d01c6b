import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import type { FastifyRequest, FastifySchema } from 'fastify'
import {
  content,
  envelope,
  errorContent,
  errorResponses,
  events,
  pictureParams,
  tokenSecurity
} from '../../lib/schemas/api.ts'
import {
  PICTURE_TYPES,
  pictureHeaders,
  rangeNotSatisfiable,
  variantQuery
} from '../../plugins/app/send-picture.ts'

const ParamsSchema = Type.Object(pictureParams)

const fieldsQuery = {
  fields: Type.Optional(
    Type.Unsafe<'progress'>({
      type: 'string',
      enum: ['progress'],
      description: 'progress: the short form of the progress, without phases, dress and averages',
      examples: ['progress']
    })
  )
}

/** The query of a route that sends progress only. */
export const FieldsSchema = Type.Object(fieldsQuery)

export const QuerySchema = Type.Object({
  generate: Type.Optional(
    Type.String({
      description: '1, true or no value starts a run when there is no picture; 0, false and no do not.',
      examples: ['1']
    })
  ),
  force: Type.Optional(
    Type.String({
      description: '1, true or no value, beside generate, makes the picture anew.',
      examples: ['1']
    })
  ),
  ...fieldsQuery,
  ...variantQuery,
  remove: Type.Optional(Type.String({ description: 'With any value: removes the picture.', examples: ['1'] }))
})

export type PictureRequest = FastifyRequest<{
  Params: Static<typeof ParamsSchema>
  Querystring: Static<typeof QuerySchema>
}>

const runHeader = {
  'X-Dalle-Run': Type.Unsafe<string>({
    type: 'string',
    enum: ['started', 'joined', 'cached', 'failed', 'idle'],
    description: 'What the request led to, or the state of the picture.'
  })
}

const addressErrors = ['INVALID_REQUEST', 'INVALID_SERIES', 'INVALID_ADDRESS', 'MISSING_PARAMETER'] as const

const ProgressBody = envelope(
  Type.Union([Type.Ref('Snapshot'), Type.Ref('Progress'), Type.Object({}, { additionalProperties: false })])
)
const progress = { 'application/json': { schema: ProgressBody } }
const held = {
  'Preference-Applied': Type.String({ description: 'The preferences of `Prefer` that were applied.' })
}

export const pictureSchema = {
  operationId: 'getPicture',
  tags: ['Pictures'],
  summary: 'Get or make a picture',
  description:
    'Sends the picture of an address as a PNG. While there is none, it sends the progress of its run as JSON, or ' +
    '`{}` when no run works. With `generate=1` a missing picture is made; a client repeats the request until `done` ' +
    'is true, and then asks without `generate` for the PNG. All requests for one picture share one run. The status ' +
    'is 200 also when the run failed: read `error` and `errorCode`. The header `Accept` does not choose between PNG ' +
    'and JSON: read `Content-Type`.',
  security: tokenSecurity,
  errors: [
    ...addressErrors,
    'RATE_LIMITED',
    'BUDGET_EXHAUSTED',
    'FILE_SYSTEM_ERROR',
    'SERVICE_UNAVAILABLE',
    'QUEUE_FULL'
  ],
  params: ParamsSchema,
  querystring: QuerySchema,
  requestHeaders: Type.Object({
    Prefer: Type.Optional(
      Type.String({
        description:
          '`wait=N` holds the answer until the run ends, for at most N seconds (55 at most). `respond-async` answers ' +
          '202 with `Location` when the run has not ended.',
        examples: ['wait=30', 'respond-async']
      })
    ),
    'If-None-Match': Type.Optional(
      Type.String({
        description: 'The ETag of the picture that the client has; the answer is 304 when it is current.',
        examples: ['"1a2b3c"']
      })
    ),
    Range: Type.Optional(
      Type.String({ description: 'The bytes of the picture to send.', examples: ['bytes=0-1023'] })
    )
  }),
  response: {
    200: {
      description:
        'The picture, the progress of its run, `{}` when there is neither, or a text that confirms the removal.',
      headers: { ...runHeader, ...pictureHeaders, ...held },
      content: { ...progress, ...content(...PICTURE_TYPES, 'text/plain').content }
    },
    202: {
      description: 'The progress of a run that has not ended, for `Prefer: respond-async`.',
      headers: {
        ...runHeader,
        ...held,
        Location: Type.String({ description: 'Where the picture will be.' })
      },
      content: progress
    },
    206: {
      description: 'The part of the picture that `Range` asks for.',
      headers: { ...runHeader, ...pictureHeaders },
      content: content(...PICTURE_TYPES).content
    },
    303: {
      description:
        'A browser that may not start or remove something by a link: the page that has a button for it.',
      headers: { Location: Type.String({ description: 'The page of the picture in the gallery.' }) },
      content: errorContent
    },
    304: { ...Type.Null({ description: 'The picture that the client has is current.' }), headers: runHeader },
    416: rangeNotSatisfiable,
    ...errorResponses
  }
} satisfies FastifySchema

export const cancelSchema = {
  operationId: 'cancelRun',
  tags: ['Pictures'],
  summary: 'Cancel a run',
  description:
    'Cancels the run of a picture, in the queue or working. A picture that exists stays. A client may cancel what it ' +
    'started itself; for other runs a token may be needed.',
  security: tokenSecurity,
  errors: [...addressErrors, 'NOT_FOUND'],
  params: ParamsSchema,
  querystring: FieldsSchema,
  response: {
    200: {
      ...envelope(
        Type.Union([Type.Ref('Snapshot'), Type.Ref('Progress')]),
        'The last state of the run; `errorCode` is CANCELLED.'
      ),
      headers: runHeader
    },
    ...errorResponses
  }
} satisfies FastifySchema

export const eventsSchema = {
  operationId: 'streamRun',
  tags: ['Progress'],
  summary: 'Follow a run',
  description:
    'Server-sent events. An event `progress` is sent when the snapshot changes, at most ten times a second; `done` ' +
    'is the last one, then the stream ends. The data of each event is a Snapshot as JSON. Without a picture and a ' +
    'run, the stream waits for a run, for a minute at most. It never starts one.',
  errors: [...addressErrors, 'RATE_LIMITED', 'SERVICE_UNAVAILABLE'],
  params: ParamsSchema,
  querystring: FieldsSchema,
  requestHeaders: Type.Object({
    'Last-Event-ID': Type.Optional(
      Type.String({
        description: 'The id of the last event that the client has. Browsers send it when they reconnect.',
        examples: ['0a8f3c1e-5d27-4b6f-9c1a-2f1d0e7b8a90.1270']
      })
    )
  }),
  response: {
    200: {
      ...events(
        'Events; the schema is that of their data.',
        Type.Union([Type.Ref('Snapshot'), Type.Ref('Progress')])
      ),
      headers: runHeader
    },
    204: {
      ...Type.Null({
        description: '`Last-Event-ID` is the id of the last event; there is nothing to follow.'
      }),
      headers: runHeader
    },
    ...errorResponses
  }
} satisfies FastifySchema

export const partialSchema = {
  operationId: 'getPartialImage',
  tags: ['Progress'],
  summary: 'Get the newest partial image',
  description: 'Sends the newest unfinished image of the run of a picture, while an image model draws.',
  errors: addressErrors,
  params: ParamsSchema,
  response: {
    200: {
      description: 'The unfinished image.',
      headers: runHeader,
      ...content('image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif')
    },
    204: { ...Type.Null({ description: 'There is no unfinished image.' }), headers: runHeader },
    ...errorResponses
  }
} satisfies FastifySchema
