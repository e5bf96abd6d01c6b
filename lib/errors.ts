import { NAME_ADVICE, isAccountName, lookalikeIn } from './typed-address.ts'

const NO_ADDRESS = 'is not 0x followed by 40 hexadecimal digits'

function whyNoAddress(text: string): string {
  if (isAccountName(text)) return NAME_ADVICE
  const lookalike = lookalikeIn(text)
  return lookalike === undefined ? NO_ADDRESS : `has ${lookalike}: write 0x and 40 hexadecimal digits`
}

/** Every error code of the service, with its HTTP status. */
export const ERROR_STATUS = {
  INVALID_REQUEST: 400,
  invalid_input: 400,
  INVALID_SERIES: 400,
  INVALID_ADDRESS: 400,
  MISSING_PARAMETER: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  CONTENT_REJECTED: 422,
  RATE_LIMITED: 429,
  BUDGET_EXHAUSTED: 429,
  INTERNAL_SERVER_ERROR: 500,
  FILE_SYSTEM_ERROR: 500,
  ANSWER_LOST: 500,
  TEMPLATE_ERROR: 500,
  IMAGE_DOWNLOAD_ERROR: 500,
  GENERATION_TIMEOUT: 500,
  CANCELLED: 500,
  SERVICE_UNAVAILABLE: 503,
  QUEUE_FULL: 503,
  OPENAI_RATE_LIMIT: 503,
  OPENAI_UNAVAILABLE: 503,
  OPENAI_TIMEOUT: 504,
  series_invalid: 400,
  series_not_found: 404,
  series_changed: 412,
  artifact_missing: 404,
  database_version_unavailable: 404,
  regeneration_refused: 409,
  database_hash_mismatch: 409,
  metadata_invalid: 500,
  database_manifest_invalid: 500,
  provider_failed: 502,
  provider_unavailable: 503
} as const

/** The codes of errors below /v1. They are in lower case; all but series_changed are the Go server's. */
export type V1ErrorCode = Extract<ErrorCode, Lowercase<string>>

export type ErrorCode = keyof typeof ERROR_STATUS

/** The codes of runs that fail because of the model provider. */
export type ProviderErrorCode = Extract<
  ErrorCode,
  'CANCELLED' | 'CONTENT_REJECTED' | 'IMAGE_DOWNLOAD_ERROR' | `OPENAI_${string}`
>

export const ERROR_CODES = Object.keys(ERROR_STATUS) as ErrorCode[]

interface ErrorOptions {
  /** Names the wrong value and what is right. The client sees it. */
  details?: string
  /** Seconds for a `Retry-After` header. */
  retryAfter?: number
  /** A status in place of the one of the code, where HTTP has a more exact one (416). */
  statusCode?: number
  /** The original error. It is logged and never sent. */
  cause?: unknown
}

/** An error whose message and details the client may see. */
export interface ServiceError extends Error {
  code: ErrorCode
  statusCode: number
  details?: string
  retryAfter?: number
  /** Whether the provider may charge for what failed. */
  mayBeBilled?: boolean
  /** Whether only money that calls at work have reserved is in the way. Some of it may be free when they end. */
  isHeld?: boolean
}

/** Seconds after which calls at work may have ended, so that what they have not needed is free again. */
export const HELD_SECONDS = 30

const SERVICE_ERROR = Symbol('dalleserver.serviceError')

// Not createError of @fastify/error: it turns codes into upper case, and those of /v1 are lower case.
function serviceError(
  code: ErrorCode,
  message: string,
  { cause, ...options }: ErrorOptions = {}
): ServiceError {
  const error = new Error(message, { cause })
  Error.captureStackTrace(error, serviceError)
  return Object.assign(error, { [SERVICE_ERROR]: true, code, statusCode: ERROR_STATUS[code], ...options })
}

export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && SERVICE_ERROR in error
}

/** The error that the client may see: a service error itself, and an internal error for every other error. */
export function asServiceError(error: unknown): ServiceError {
  return isServiceError(error) ? error : errors.internal(error)
}

/** The message with its details, for one line of the log. */
export function sentenceOf({ message, details }: Pick<ServiceError, 'message' | 'details'>): string {
  return details === undefined ? message : `${message}: ${details}`
}

/** A service error that another process has thrown, from its plain data. */
export function serviceErrorFrom({
  code,
  message,
  ...options
}: Pick<ServiceError, 'code' | 'message' | 'details' | 'retryAfter' | 'mayBeBilled'>): ServiceError {
  const { mayBeBilled, ...shown } = options
  return Object.assign(serviceError(code, message, shown), mayBeBilled !== undefined && { mayBeBilled })
}

const QUOTED_CHARACTERS = 100

/** A value of the client in quotes, shortened so that the response stays small. */
export function quote(value: string): string {
  return value.length > QUOTED_CHARACTERS ? `"${value.slice(0, QUOTED_CHARACTERS)}…"` : `"${value}"`
}

/** One factory for each error of a request or a run. */
export const errors = {
  invalidRequest: (message: string, options?: ErrorOptions) =>
    serviceError('INVALID_REQUEST', message, options),
  /** An invalid request below /v1. */
  invalidInput: (message: string, options?: ErrorOptions) => serviceError('invalid_input', message, options),
  /** An invalid request below /dalle. The message is the one of the Go server. */
  invalidPath: (details: string) => serviceError('INVALID_REQUEST', 'Invalid request path', { details }),
  /** An error below /v1. Its message begins with the code, as that of the Go server does. */
  ofV1: (code: V1ErrorCode, message: string, options?: ErrorOptions) =>
    serviceError(code, `${code}: ${message}`, options),
  invalidSeries: (series: string) =>
    serviceError('INVALID_SERIES', 'Invalid series name', {
      details: `${quote(series)} is not a series of this server; /series lists them`
    }),
  invalidAddress: (address: string, details = `${quote(address)} ${whyNoAddress(address)}`) =>
    serviceError('INVALID_ADDRESS', 'Invalid address format', { details }),
  missingParameter: (name: string, route = '/dalle') =>
    serviceError('MISSING_PARAMETER', 'Missing required parameter', {
      details: `The ${name} in ${route}/<series>/<address> is empty`
    }),
  unauthorized: (details: string) => serviceError('UNAUTHORIZED', 'A token is needed', { details }),
  forbidden: (details: string, options?: ErrorOptions) =>
    serviceError('FORBIDDEN', 'Forbidden', { details, ...options }),
  notFound: (details: string) => serviceError('NOT_FOUND', 'Not found', { details }),
  methodNotAllowed: (method: string, allowed: string) =>
    serviceError('METHOD_NOT_ALLOWED', 'Method not allowed', {
      details: `${method} is not possible here; allowed: ${allowed}`
    }),
  /** The same below /v1, where it has the code of the Go server. */
  methodNotAllowedInV1: (method: string, allowed: string) =>
    serviceError('invalid_input', 'method not allowed', {
      statusCode: ERROR_STATUS.METHOD_NOT_ALLOWED,
      details: `${method} is not possible here; allowed: ${allowed}`
    }),
  payloadTooLarge: (limitBytes: number) =>
    serviceError('PAYLOAD_TOO_LARGE', 'Request body too large', {
      details: `The body may have at most ${limitBytes} bytes`
    }),
  requestTimeout: (part: 'header' | 'body', seconds: number) =>
    serviceError('INVALID_REQUEST', 'Request took too long', {
      statusCode: 408,
      details: `The whole ${part} of a request must arrive within ${seconds} s`
    }),
  unsupportedMediaType: (details: string) =>
    serviceError('UNSUPPORTED_MEDIA_TYPE', 'Unsupported media type', { details }),
  rateLimited: (details: string, retryAfter: number) =>
    serviceError('RATE_LIMITED', 'Too many requests of one client', { details, retryAfter }),
  budgetExhausted: (details: string, retryAfter: number) =>
    serviceError('BUDGET_EXHAUSTED', 'What may be spent on pictures today is spent', { details, retryAfter }),
  /** A refusal of the budget as a request is told it, while calls at work may give back what is missing. */
  budgetHeld: ({ details }: Pick<ServiceError, 'details'>) =>
    serviceError('BUDGET_EXHAUSTED', 'The rest of what may be spent today is reserved', {
      ...(details !== undefined && { details }),
      retryAfter: HELD_SECONDS
    }),
  /** @param retryAfter seconds until the batch may be accepted; absent if it never can be */
  batchTooDear: (details: string, retryAfter?: number) =>
    serviceError('BUDGET_EXHAUSTED', 'The batch costs more than may be spent', {
      details,
      ...(retryAfter !== undefined && { retryAfter })
    }),
  tooManyBatches: (limit: number) =>
    serviceError('QUEUE_FULL', 'Too many batches wait', {
      details: `The server keeps ${limit} batches that have not ended; ask again in 60 s`,
      retryAfter: 60
    }),
  provider: (code: ProviderErrorCode, message: string, options?: ErrorOptions) =>
    serviceError(code, message, options),
  /** The error that a run ended with, as its snapshot says it. */
  ofRun: (code: ErrorCode, message: string, retryAfter?: number) =>
    serviceError(code, message, retryAfter === undefined ? {} : { retryAfter }),
  internal: (cause: unknown) => serviceError('INTERNAL_SERVER_ERROR', 'Internal server error', { cause }),
  fileSystem: (details: string, cause?: unknown) =>
    serviceError('FILE_SYSTEM_ERROR', 'File system error', { details, cause }),
  template: (details: string, cause?: unknown) =>
    serviceError('TEMPLATE_ERROR', 'The prompt could not be written', { details, cause }),
  image: (details: string, cause?: unknown) =>
    serviceError('IMAGE_DOWNLOAD_ERROR', 'The image could not be read', { details, cause }),
  generationTimeout: (seconds: number) =>
    serviceError('GENERATION_TIMEOUT', `Generation took longer than ${seconds} s and was stopped`),
  cancelled: () => serviceError('CANCELLED', 'Generation was cancelled'),
  unavailable: (message: string, details?: string, cause?: unknown) =>
    serviceError('SERVICE_UNAVAILABLE', message, { details, retryAfter: 5, cause }),
  queueFull: (limit: number, retryAfter: number) =>
    serviceError('QUEUE_FULL', 'Too many pictures are waiting', {
      details: `${limit} runs wait already; ask again in ${retryAfter} s`,
      retryAfter
    }),
  answerLost: (calls: number, cause?: unknown) =>
    serviceError('ANSWER_LOST', 'The answer of a paid call was lost', {
      cause,
      details: `${calls === 1 ? 'A call' : `${calls} calls`} may have been charged; only force=1 draws again`
    }),
  tooManyRestarts: (restarts: number) =>
    serviceError('INTERNAL_SERVER_ERROR', 'The picture could not be made', {
      details: `The server ended ${restarts} times while it made this picture, each time before the next step`
    })
}
