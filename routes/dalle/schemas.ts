import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { content, envelope, errorContent, errorResponses } from '../../lib/schemas/api.ts'
import { PICTURE_TYPES, variantQuery } from '../../plugins/app/send-picture.ts'

export const ParamsSchema = Type.Object({ series: Type.String(), address: Type.String() })

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
      description: '1, true or no value starts a run when there is no picture; 0, false and no do not'
    })
  ),
  force: Type.Optional(
    Type.String({ description: '1, true or no value, beside generate, makes the picture anew' })
  ),
  remove: Type.Optional(Type.String({ description: 'With any value: removes the picture' })),
  ...fieldsQuery,
  ...variantQuery
})

export type PictureRequest = FastifyRequest<{
  Params: Static<typeof ParamsSchema>
  Querystring: Static<typeof QuerySchema>
}>

const ProgressBody = envelope(
  Type.Union([Type.Ref('Snapshot'), Type.Ref('Progress'), Type.Object({}, { additionalProperties: false })])
)
const progress = { 'application/json': { schema: ProgressBody } }

export const pictureResponses = {
  200: {
    description:
      'The picture, the progress of its run, {} when there is neither, or a confirmation of the removal',
    content: { ...progress, ...content(...PICTURE_TYPES, 'text/plain').content }
  },
  202: { description: 'Progress, for Prefer: respond-async', content: progress },
  206: content(...PICTURE_TYPES),
  303: {
    description:
      'A browser that may not start or remove something by a link: the page that has a button for it',
    content: errorContent
  },
  304: Type.Null(),
  ...errorResponses
}

export const cancelResponses = {
  200: envelope(Type.Union([Type.Ref('Snapshot'), Type.Ref('Progress')])),
  ...errorResponses
}

export const eventsResponses = {
  200: content('text/event-stream'),
  204: Type.Null({ description: 'Last-Event-ID is the id of the last event' }),
  ...errorResponses
}

export const partialResponses = {
  200: content('image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif'),
  204: Type.Null(),
  ...errorResponses
}
