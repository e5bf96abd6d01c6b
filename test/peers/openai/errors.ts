import type { FaultSpec, Operation } from './faults.ts'

/** A refusal as it is sent. */
export interface Refusal {
  status: number
  type: 'application/json' | 'text/html' | 'application/xml'
  headers: Record<string, string>
  body: string
  /** The outcome in the record of the request. */
  outcome: string
}

interface ApiError {
  message: string
  type?: string
  param?: string | null
  code?: string | null
  [more: string]: unknown
}

/** The parts of a request that an error body contains. */
export interface ErrorContext {
  operation: Operation
  requestId: string
  model: string
  /** As the client sent it; masked as OpenAI does. */
  key: string
}

const HELP =
  'You can retry your request, or contact us through our help center at help.openai.com if the error persists.'
const LIMITS = 'Visit https://platform.openai.com/account/rate-limits to learn more.'
const VERIFY =
  'Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization. ' +
  'If you just verified, it can take up to 15 minutes for access to propagate.'
const DOCS =
  'For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.'

/** OpenAI's envelope, with its fields in its order and its indentation. */
export function apiError(
  status: number,
  { message, type = 'invalid_request_error', param = null, code = null, ...more }: ApiError,
  headers: Record<string, string> = {}
): Refusal {
  const body = `${JSON.stringify({ error: { message, type, param, code, ...more } }, null, 2)}\n`
  return { status, type: 'application/json', headers, body, outcome: code ?? type }
}

export const invalidValue = (param: string, message: string) =>
  apiError(400, { message, param, code: 'invalid_value' })

/** `Invalid value: 'hd'. Supported values are: 'low', 'medium', 'high', and 'auto'.` */
export function unsupportedValue(param: string, value: unknown, supported: readonly string[]): Refusal {
  const quoted = supported.map((each) => `'${each}'`)
  const list = quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`
  return invalidValue(param, `Invalid value: '${String(value)}'. Supported values are: ${list}.`)
}

export const unknownParameter = (param: string) =>
  apiError(400, { message: `Unknown parameter: '${param}'.`, param, code: 'unknown_parameter' })

export const missingParameter = (param: string) =>
  apiError(400, {
    message: `Missing required parameter: '${param}'.`,
    param,
    code: 'missing_required_parameter'
  })

export const unreadableJson = () =>
  apiError(400, {
    message:
      'We could not parse the JSON body of your request. ' +
      "(HINT: This likely means you aren't using your HTTP library correctly. " +
      'The OpenAI API expects a JSON payload, but what was sent was not valid JSON. ' +
      'If you have trouble figuring out how to fix this, ' +
      'please contact us through our help center at help.openai.com.)'
  })

export const unknownUrl = (method: string, path: string) =>
  apiError(404, { message: `Invalid URL (${method} ${path})`, code: 'unknown_url' })

export const wrongMethod = (method: string, path: string) =>
  apiError(405, {
    message: `Not allowed to ${method} on ${path}. (HINT: Perhaps you meant to use a different HTTP method?)`,
    code: 'method_not_supported'
  })

export const missingKey = () =>
  apiError(
    401,
    {
      message:
        "You didn't provide an API key. You need to provide your API key in an Authorization header using " +
        'Bearer auth (i.e. Authorization: Bearer YOUR_KEY), ' +
        "or as the password field (with blank username) if you're accessing the API from your browser " +
        'and are prompted for a username and password. ' +
        'You can obtain an API key from https://platform.openai.com/account/api-keys.'
    },
    { 'www-authenticate': 'Bearer realm="OpenAI API"' }
  )

/** The answers of the blob storage behind dall-e's image URLs. */
function storageError(status: number, code: string, message: string, requestId: string): Refusal {
  const body =
    `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code>` +
    `<Message>${message}\nRequestId:${requestId}\nTime:${new Date().toISOString()}</Message></Error>`
  return { status, type: 'application/xml', headers: { 'x-ms-error-code': code }, body, outcome: code }
}

export const noSuchImage = (requestId: string) =>
  storageError(404, 'BlobNotFound', 'The specified blob does not exist.', requestId)

/** The storage accepts the URL's signature and refuses a key, which must not be sent to it. */
export const keyAtStorage = (requestId: string) =>
  storageError(
    400,
    'InvalidAuthenticationInfo',
    'Authentication information is not given in the correct format. Check the value of Authorization header.',
    requestId
  )

function gateway(status: number, title: string): Refusal {
  const body = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '<hr><center>cloudflare</center>',
    '</body>',
    '</html>',
    ''
  ].join('\r\n')
  return { status, type: 'text/html', headers: {}, body, outcome: title }
}

function patience({
  retryAfter,
  retryAfterMs,
  retryAfterDate
}: {
  retryAfter?: number
  retryAfterMs?: number
  retryAfterDate?: Date
}): Record<string, string> {
  const after = retryAfterDate?.toUTCString() ?? retryAfter?.toString()
  return {
    ...(after !== undefined && { 'retry-after': after }),
    ...(retryAfterMs !== undefined && { 'retry-after-ms': String(retryAfterMs) })
  }
}

const masked = (key: string) =>
  key.length <= 8 ? '*'.repeat(key.length) : `${key.slice(0, 4)}${'*'.repeat(key.length - 8)}${key.slice(-4)}`

/** The refusal of a fault; undefined if the fault does not refuse the request. */
export function refusalOf(fault: FaultSpec, context: ErrorContext): Refusal | undefined {
  const refusal = capacityRefusal(fault, context) ?? requestRefusal(fault, context)
  return refusal && { ...refusal, outcome: fault.kind }
}

/** The provider is overloaded, broken or not paid. */
function capacityRefusal(fault: FaultSpec, { requestId, model }: ErrorContext): Refusal | undefined {
  switch (fault.kind) {
    case 'rate_limited': {
      const limit = fault.limit ?? 'requests'
      const seconds = fault.retryAfter ?? (fault.retryAfterMs ?? 12_000) / 1000
      return apiError(
        429,
        {
          message:
            `Rate limit reached for ${model} in organization org-dalleserverpeer on ${limit} per min: ` +
            `Limit 5, Used 5, Requested 1. Please try again in ${seconds}s. ${LIMITS}`,
          type: limit,
          code: 'rate_limit_exceeded'
        },
        {
          ...patience(fault),
          'x-ratelimit-remaining-requests': '0',
          'x-ratelimit-reset-requests': `${seconds}s`
        }
      )
    }
    case 'overloaded':
      return apiError(
        503,
        { message: 'The server is overloaded or not ready yet.', type: 'server_error' },
        patience(fault)
      )
    case 'insufficient_quota':
      return apiError(429, {
        message: `You exceeded your current quota, please check your plan and billing details. ${DOCS}`,
        type: 'insufficient_quota',
        code: 'insufficient_quota'
      })
    case 'billing_hard_limit_reached':
      return apiError(400, {
        message: 'Billing hard limit has been reached',
        code: 'billing_hard_limit_reached'
      })
    case 'billing_not_active':
      return apiError(429, {
        message: 'Your account is not active, please check your billing details on our website.',
        type: 'billing_not_active',
        code: 'billing_not_active'
      })
    case 'server_error':
      return apiError(500, {
        message:
          `The server had an error while processing your request. Sorry about that! ${HELP} ` +
          `(Please include the request ID ${requestId} in your message.)`,
        type: 'server_error'
      })
    case 'bad_gateway':
      return gateway(502, '502 Bad Gateway')
    case 'gateway_timeout':
      return gateway(504, '504 Gateway Time-out')
  }
}

/** The request, its key or its account is not accepted. */
function requestRefusal(
  fault: FaultSpec,
  { operation, requestId, model, key }: ErrorContext
): Refusal | undefined {
  switch (fault.kind) {
    case 'moderation_blocked':
      return apiError(400, {
        message:
          'Your request was rejected by the safety system. ' +
          'If you believe this is an error, contact us at help.openai.com ' +
          `and include the request ID ${requestId}. safety_violations=[sexual].`,
        type: 'image_generation_user_error',
        code: 'moderation_blocked',
        moderation_details: { moderation_stage: 'input', categories: ['sexual'] }
      })
    case 'content_policy_violation':
      return apiError(400, {
        message:
          'Your request was rejected as a result of our safety system. ' +
          'Your prompt may contain text that is not allowed by our safety system.',
        code: 'content_policy_violation'
      })
    case 'bad_request':
      return operation === 'image'
        ? unsupportedValue('quality', 'ultra', ['low', 'medium', 'high', 'auto'])
        : invalidValue(
            'messages[0].role',
            "Invalid value: 'narrator'. Supported values are: " +
              "'system', 'assistant', 'user', 'function', 'tool', and 'developer'."
          )
    case 'model_not_found':
      return apiError(404, {
        message: `The model \`${model}\` does not exist or you do not have access to it.`,
        code: 'model_not_found'
      })
    case 'invalid_api_key':
      return apiError(401, {
        message:
          `Incorrect API key provided: ${masked(key)}. ` +
          'You can find your API key at https://platform.openai.com/account/api-keys.',
        code: 'invalid_api_key'
      })
    case 'region':
      return apiError(403, {
        message: 'Country, region, or territory not supported',
        type: 'request_forbidden',
        code: 'unsupported_country_region_territory'
      })
    case 'unverified_organization':
      return apiError(403, {
        message: `Your organization must be verified to use the model \`${model}\`. ${VERIFY}`
      })
    case 'download_404':
      return noSuchImage(requestId)
  }
}
