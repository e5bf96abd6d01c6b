import { Type } from '@sinclair/typebox'
import type { TSchema } from '@sinclair/typebox'
import { ERROR_CODES } from '../errors.ts'

const RequestId = Type.String({
  pattern: '^[A-Za-z0-9._-]{1,64}$',
  description: 'The same as in the X-Request-ID header'
})

/** The body of every error response. */
export const ApiErrorSchema = Type.Object(
  {
    success: Type.Literal(false),
    error: Type.Object({
      code: Type.Unsafe<string>({ type: 'string', enum: ERROR_CODES }),
      message: Type.String(),
      details: Type.Optional(Type.String()),
      timestamp: Type.Integer({ description: 'Unix seconds' }),
      request_id: RequestId
    }),
    request_id: RequestId
  },
  { $id: 'ApiError' }
)

/**
 * The body of a JSON response with `data`.
 * @param description what the response is, for the OpenAPI document
 */
export function envelope<T extends TSchema>(data: T, description?: string) {
  return Type.Object(
    {
      success: Type.Literal(true),
      data,
      request_id: RequestId
    },
    description === undefined ? {} : { description }
  )
}

/** A response that is not JSON: text, HTML or an image, in the notation of OpenAPI. */
export function content(...mediaTypes: string[]) {
  return { content: Object.fromEntries(mediaTypes.map((type) => [type, { schema: schemaOf(type) }])) }
}

/** The schema of a body. Generators of clients make bytes of the format `binary`. */
function schemaOf(mediaType: string) {
  if (mediaType === 'application/json') return Type.Unsafe<unknown>({})
  const format = mediaType.startsWith('text/') ? {} : { format: 'binary' }
  return Type.Unsafe<unknown>({ type: 'string', ...format })
}

/** A response of server-sent events. As generators expect, the schema is that of the data of each event. */
export function events(description: string, data: TSchema) {
  return { description, content: { 'text/event-stream': { schema: data } } }
}

/** The body of an error: JSON, and a page for browsers. */
export const errorContent = {
  'application/json': { schema: Type.Ref('ApiError') },
  ...content('text/html').content
}

/** The error responses of every route. */
export const errorResponses = {
  '4xx': { description: 'The request is refused; `error.code` says why.', content: errorContent },
  '5xx': { description: 'The server could not answer; `error.code` says why.', content: errorContent }
}

/** The `security` of an operation that needs a token where the settings of the server ask for one. */
export const tokenSecurity: Array<Record<string, string[]>> = [{}, { bearer: [] }]

/** An address that documentation shows. */
export const EXAMPLE_ADDRESS = '0xf503017d7baf7fbc0fff7492b751025c6a78179b'

/** The path parameters of a picture. Routes check them, with an error code for each. */
export const pictureParams = {
  series: Type.String({
    description: 'The name of a series. Upper and lower case are the same, and a blank is the same as `-`.',
    examples: ['simple']
  }),
  address: Type.String({
    description: 'An Ethereum address: `0x` and 40 hexadecimal digits, in upper or lower case.',
    examples: [EXAMPLE_ADDRESS]
  })
}

/** The query of a route that sends text, or JSON on request. */
export const FormatQuery = Type.Object({
  format: Type.Optional(
    Type.Unsafe<'json' | 'text'>({
      type: 'string',
      enum: ['json', 'text'],
      description: '`json` sends the figures as JSON.',
      examples: ['json']
    })
  )
})

/** The response of such a route. */
export function textOrJson<T extends TSchema>(data: T, description: string) {
  return {
    description,
    content: {
      'text/plain': { schema: Type.String() },
      'application/json': { schema: envelope(data) }
    }
  }
}
