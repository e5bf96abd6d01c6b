import { Type } from '@sinclair/typebox'
import type { TSchema } from '@sinclair/typebox'
import type { FastifySchema } from 'fastify'
import { ERROR_STATUS } from '../../../lib/errors.ts'
import type { ErrorCode } from '../../../lib/errors.ts'
import { errorContent } from '../../../lib/schemas/api.ts'
import { ERROR_MEANINGS } from '../../../lib/schemas/error-meanings.ts'

/** A method at a path, with what the document says of it. */
export interface Operation {
  method: string
  /** In the notation of Fastify: `/dalle/:series/:address`. */
  url: string
  schema: FastifySchema
}

interface DocumentedResponse {
  description?: string
  headers?: Record<string, TSchema>
}

/** What each status says, where the route says nothing of its own. */
const STATUS_MEANINGS: Record<string, string> = {
  200: 'The request succeeded.',
  201: 'It was created.',
  202: 'The request is accepted, and the work goes on.',
  204: 'There is nothing to send.',
  206: 'The part that `Range` asks for.',
  304: 'What the client has is current.'
}

const RETRY_AFTER = { 'Retry-After': Type.Integer({ description: 'Seconds until the next try.' }) }

const ANY_HEADERS = {
  'X-Request-ID': Type.String({ description: 'The id of the request, which log and body have too.' })
}
const CHECKSUM = {
  'X-Address-Checksum': Type.Literal('invalid', {
    description: 'The case of the letters of an address is not that of EIP-55: a digit may be mistyped.'
  })
}
const STATUS_HEADERS: Record<string, Record<string, TSchema>> = {
  401: { 'WWW-Authenticate': Type.String({ description: '`Bearer`.' }) },
  429: RETRY_AFTER,
  503: RETRY_AFTER
}

/** The checksum of this parameter is noted for every route. */
const ADDRESS_PARAMETER = /:address\b/

/** The operations of a route: itself, or those that it lists, with what holds for all operations. */
export function operationsOf({ method, url, schema }: Operation): Operation[] {
  const { operations, ...own } = schema
  if (operations === undefined) return [{ method, url, schema: complete(url, own) }]
  const base = url.replace(/\/\*$/, '')
  return Object.entries(operations).map(([path, each]) => {
    const full = `${base}${path}`
    return { method, url: full, schema: complete(full, each) }
  })
}

/** Puts what the route reads itself where the validated parts are, and completes the responses. */
function complete(
  url: string,
  { errors = [], requestBody, requestHeaders, notesChecksum, ...schema }: FastifySchema
): FastifySchema {
  const headers = notesChecksum === true || ADDRESS_PARAMETER.test(url) ? CHECKSUM : {}
  const needsToken = schema.security?.some((each) => 'bearer' in each) === true
  const codes = [...errors, ...(needsToken ? (['UNAUTHORIZED', 'FORBIDDEN'] as const) : [])]
  const responses = { ...errorsByStatus(codes), ...(schema.response as Record<string, DocumentedResponse>) }
  return {
    ...schema,
    ...(requestHeaders && { headers: requestHeaders }),
    ...(requestBody && { body: requestBody }),
    response: Object.fromEntries(
      Object.entries(responses).map(([status, response]) => [
        status,
        completeResponse(status, response, headers)
      ])
    )
  }
}

function errorsByStatus(codes: readonly ErrorCode[]): Record<string, DocumentedResponse> {
  const statuses = [...new Set(codes.map((code) => ERROR_STATUS[code]))]
  return Object.fromEntries(
    statuses.map((status) => {
      const ofStatus = [...new Set(codes)].filter((code) => ERROR_STATUS[code] === status)
      const description = ofStatus.map((code) => `\`${code}\`: ${ERROR_MEANINGS[code]}`).join(' ')
      return [status, { description, content: errorContent }]
    })
  )
}

function completeResponse(
  status: string,
  response: DocumentedResponse,
  headers: Record<string, TSchema>
): DocumentedResponse {
  return {
    ...response,
    description: response.description ?? STATUS_MEANINGS[status] ?? `The status is ${status}.`,
    headers: { ...ANY_HEADERS, ...headers, ...STATUS_HEADERS[status], ...response.headers }
  }
}
