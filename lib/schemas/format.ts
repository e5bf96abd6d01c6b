import { Type } from '@sinclair/typebox'

/** The query of a page that is text for people and Prometheus, and JSON when asked. */
export const FormatQuery = Type.Object({
  format: Type.Optional(Type.Unsafe<'json' | 'text'>({ type: 'string', enum: ['json', 'text'] }))
})
