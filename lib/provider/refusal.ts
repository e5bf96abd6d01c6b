import { APIError } from 'openai/core/error'
import { printable } from '../printable.ts'
import { fieldsOf } from './prices.ts'
import type { Usage } from './prices.ts'
import { hasContentFlag, readSigns } from './refusal-signs.ts'
import type { Signs } from './refusal-signs.ts'

/** What a refusal means. Each is a row of the policy in failures.ts. */
export type RefusalKind =
  'throttled' | 'overloaded' | 'no_money' | 'no_permission' | 'blocked' | 'rejected' | 'wrong_request'

/** How much of a refusing body the operator reads in the log. */
const QUOTED_CHARACTERS = 500
/** Real errors have less than 1 kB. A longer body is quoted in the log only, and is no message. */
const MESSAGE_CHARACTERS = 2_000
/** A shorter secret would be found in the middle of words. */
const SECRET_CHARACTERS = 4
/** Keys of known providers, also masked ones, and what follows `Bearer`. */
const KEYS = /\b(?:sk|rk|pk|xai|gsk|hf|sess|AIza)[-_\w*]{8,}|(?<=\bBearer\s{1,4})[^\s"'<>]{8,}/g
/** The headers in which providers and gateways name a request, the most exact first. */
const REQUEST_ID_HEADERS = [
  'x-request-id',
  'request-id',
  'apim-request-id',
  'x-ms-request-id',
  'x-correlation-id',
  'x-portkey-trace-id',
  'x-amzn-requestid',
  'cf-ray'
]

/** An answer that says no, as the operator reads it in the log. */
export interface QuotedAnswer {
  status: number | undefined
  requestId: string | undefined
  /** The first characters of the body. Keys are replaced, control characters are escaped. */
  body: string
}

/**
 * An answer of the provider that refuses: with an error status, or with an error in the body of a success. The SDK's
 * fields `status`, `code`, `type` and `param` are those of the error in the body, where it has them.
 */
export class Refusal extends APIError {
  readonly answer: QuotedAnswer
  readonly kind: RefusalKind
  /** What the provider charges for it, where it says so. */
  readonly usage: Usage | undefined

  constructor({ status, headers, body, text, secrets, usage }: RefusedAnswer) {
    const error = errorIn(body) ?? body
    super(
      status,
      typeof error === 'object' && error !== null ? error : { message: text },
      undefined,
      headers ?? new Headers()
    )
    this.answer = { status, requestId: requestIdOf(headers), body: quoteBody(text, secrets) }
    this.kind = kindOfRefusal({ status, body, text })
    this.usage = usage
    const id = this.answer.requestId === undefined ? '' : ` (request id ${this.answer.requestId})`
    const what = status === undefined || status < 300 ? 'an error' : String(status)
    const said = text.length > MESSAGE_CHARACTERS ? 'a long body' : this.answer.body || 'no body'
    this.message = `the provider answered ${what}${id}: ${said}`
  }
}

export interface RefusedAnswer {
  /** Undefined for an error within a stream. */
  status: number | undefined
  headers: Headers | undefined
  /** The JSON; undefined for any other body. */
  body: unknown
  text: string
  /** Texts that the log must not contain. */
  secrets: readonly string[]
  usage?: Usage | undefined
}

/** The first characters of a body for the log: without keys, on one line. */
export function quoteBody(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter((secret) => secret.length >= SECRET_CHARACTERS)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
  // A key may begin before the cut and end after it, so the keys go first.
  const near = text.slice(0, QUOTED_CHARACTERS * 8)
  const replaced = forms.reduce((left, form) => left.replaceAll(form, '<key>'), near).replace(KEYS, '<key>')
  // The last key may be cut.
  const longest = Math.max(0, ...forms.map((form) => form.length))
  const hidden = near.length < text.length ? replaced.slice(0, -longest || undefined) : replaced
  return printable(hidden.length > QUOTED_CHARACTERS ? `${hidden.slice(0, QUOTED_CHARACTERS)}…` : hidden)
}

/** The id under which the provider knows a request. */
function requestIdOf(headers: Headers | undefined): string | undefined {
  const id = REQUEST_ID_HEADERS.map((name) => headers?.get(name)).find((value) => value)
  return id ? printable(id.slice(0, 100)) : undefined
}

/**
 * The part of a JSON body that reports an error; undefined if there is none. Gemini sends a list, Mistral and older
 * versions of vLLM an object of the kind `error`, gateways a `status` or `success`, OpenRouter an error in a choice.
 */
export function errorIn(body: unknown): unknown {
  if (Array.isArray(body)) return body.length > 0 && isObject(body[0]) ? errorIn(body[0]) : undefined
  const { error, choices, object, type, status, success, message, detail, ...rest } = fieldsOf(body)
  if (isTelling(error)) return error
  const choice = fieldsOf(Array.isArray(choices) ? choices[0] : undefined)
  if (isTelling(choice.error)) return choice.error
  const isError = object === 'error' || type === 'error' || success === false
  if (isError || status === 'failure' || status === 'error' || status === 'fail') return body
  const isEmpty = choices === undefined && rest.data === undefined
  return isEmpty && (isTelling(message) || isTelling(detail)) && rest.usage === undefined ? body : undefined
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/** Some servers send `"error": null`, `""` or `{}` beside a good answer. */
export function isTelling(error: unknown): boolean {
  if (typeof error === 'string') return error.trim() !== ''
  return isObject(error) && Object.keys(error as object).length > 0
}

/**
 * What a refusal means: by the codes in its body, then by its status, then by its words. A code is exact, a status is
 * shared by many causes, and words may change.
 */
export function kindOfRefusal({
  status,
  body,
  text
}: {
  status: number | undefined
  body: unknown
  text: string
}): RefusalKind {
  const isError = status === undefined || status >= 300
  // The words of a good answer, such as a prompt, are no words of an error.
  const signs = readSigns(isError ? body : errorIn(body), text)
  const effective = signs.status ?? (isError ? status : undefined)
  return (
    kindByCode(signs, body) ??
    kindByWords(signs, effective) ??
    kindByStatus(effective, { signs, isPage: !isObject(body) })
  )
}

function kindByCode(signs: Signs, body: unknown): RefusalKind | undefined {
  if (signs.codes.money) return 'no_money'
  if (signs.codes.content || hasContentFlag(body)) return 'rejected'
  if (signs.codes.key) return 'no_permission'
  if (signs.codes.throttled) return 'throttled'
}

function kindByWords({ words }: Signs, status: number | undefined): RefusalKind | undefined {
  if (status === 401) return 'no_permission'
  if (status === 402 || words.money) return 'no_money'
  if (status === 429) return 'throttled'
  // A whole account that is blocked for what it drew is not one prompt that is refused.
  if (words.account) return 'no_permission'
  if (words.content) return 'rejected'
  if (words.key) return 'no_permission'
}

function kindByStatus(
  status: number | undefined,
  { signs, isPage }: { signs: Signs; isPage: boolean }
): RefusalKind {
  if (status === undefined) return signs.codes.request ? 'wrong_request' : 'overloaded'
  // A page or an empty body comes from a firewall, which judges one request. The provider explains a refused key.
  if (status === 403) return isPage ? 'blocked' : 'no_permission'
  return status >= 500 || status === 408 || status === 409 ? 'overloaded' : 'wrong_request'
}
