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

/** The body of a JSON response with `data`. */
export function envelope<T extends TSchema>(data: T) {
  return Type.Object({
    success: Type.Literal(true),
    data,
    request_id: RequestId
  })
}

/** A response that is not JSON: text, HTML or an image, in the notation of OpenAPI. */
export function content(...mediaTypes: string[]) {
  return {
    content: Object.fromEntries(mediaTypes.map((type) => [type, { schema: Type.Unsafe<unknown>({}) }]))
  }
}

/** The body of an error: JSON, and a page for browsers. */
export const errorContent = {
  'application/json': { schema: Type.Ref('ApiError') },
  ...content('text/html').content
}

/** The error responses of every route. */
export const errorResponses = { '4xx': { content: errorContent }, '5xx': { content: errorContent } }

/** The query of a route that sends text, or JSON on request. */
export const FormatQuery = Type.Object({
  format: Type.Optional(Type.Unsafe<'json' | 'text'>({ type: 'string', enum: ['json', 'text'] }))
})

/** The response of such a route. */
export function textOrJson<T extends TSchema>(data: T) {
  return {
    content: {
      'text/plain': { schema: Type.String() },
      'application/json': { schema: envelope(data) }
    }
  }
}
