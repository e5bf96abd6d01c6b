import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { content, errorResponses } from '../../lib/schemas/api.ts'
import { SIDES } from '../../lib/pictures/avatars.ts'
import { PICTURE_TYPES, rangeNotSatisfiable } from '../../plugins/app/send-picture.ts'

const ADDRESS = '0xf503017d7baf7fbc0fff7492b751025c6a78179b'

export const ParamsSchema = Type.Object({
  series: Type.String({ description: 'The name of a series', examples: ['simple'] }),
  address: Type.String({
    description: 'An Ethereum address, with or without an extension: .png, .webp, .avif, .jpeg or .svg',
    examples: [ADDRESS, `${ADDRESS}.png`]
  })
})

export const QuerySchema = Type.Object({
  size: Type.Optional(
    Type.Integer({
      ...SIDES,
      description:
        'Pixels of the side of the square; with the caption, of the square that the picture fits into',
      examples: [64]
    })
  ),
  caption: Type.Optional(
    Type.String({
      description:
        '1, true or no value: the whole picture with its caption; 0, false or no: a square without it',
      examples: ['1']
    })
  ),
  fallback: Type.Optional(
    Type.Unsafe<'404'>({
      type: 'string',
      enum: ['404'],
      description: '404: without a picture, the response is an error in place of a placeholder',
      examples: ['404']
    })
  ),
  generate: Type.Optional(
    Type.String({
      description:
        '1, true or no value starts a run when there is no picture and the client may; 0, false and no do not',
      examples: ['1']
    })
  )
})

export type AvatarQuery = Static<typeof QuerySchema>

export type RequestedAvatar = FastifyRequest<{
  Params: Static<typeof ParamsSchema>
  Querystring: AvatarQuery
}>

export const SVG_TYPE = 'image/svg+xml'

const headers = {
  'X-Dalle-Placeholder': Type.Literal('true', {
    description: 'The image is a placeholder. Absent for a picture.'
  }),
  'X-Dalle-Run': Type.String({ description: 'The state of the run of the picture.' }),
  'X-Dalle-Refused': Type.String({ description: 'Why generate=1 started no run: an error code.' }),
  ETag: Type.String({ description: 'Differs for each picture, placeholder, size and format.' })
}
const images = content(...PICTURE_TYPES, SVG_TYPE)

export const avatarResponses = {
  200: { description: 'The picture, or a placeholder with X-Dalle-Placeholder: true', ...images, headers },
  206: { ...images, headers },
  304: Type.Null(),
  416: rangeNotSatisfiable,
  ...errorResponses
}
