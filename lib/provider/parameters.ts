import { fieldsOf } from './prices.ts'
import { Refusal } from './refusal.ts'
import { forgetSending } from './transport.ts'

/** The parameters that a request can do without, as far as this server sends them or may send them. */
const OPTIONAL = [
  'seed',
  'temperature',
  'size',
  'quality',
  'style',
  'response_format',
  'user',
  'n',
  'stream',
  'partial_images'
]
/** Parameters without a meaning of their own: each is left out together with another one. */
const TOGETHER: Readonly<Record<string, string>> = { stream: 'partial_images', partial_images: 'stream' }

/** What providers call the name of a parameter in their errors. */
const NAME_KEYS = ['param', 'parameter', 'loc', 'field', 'property', 'argument']
/** What providers call a part of an error that says something. Other parts may repeat the request. */
const TEXT_KEYS = [
  'error',
  'errors',
  'message',
  'msg',
  'detail',
  'details',
  'description',
  'reason',
  'title',
  'metadata',
  'raw',
  'inner_error',
  'innererror',
  'fieldViolations',
  'unsupported_parameters'
]
const REFUSING = new RegExp(
  [
    'unsupported',
    "(?:not|n't) (?:be |been |yet |currently )?(?:support|permit|allow|accept|avail|recogni|exist|valid|one of)",
    'unknown',
    'unrecogni[sz]ed',
    'unexpected',
    'invalid',
    'illegal',
    'extra (?:input|field|key|propert)',
    'additional propert',
    'deprecated',
    'cannot find',
    'must be',
    'expected',
    'no longer',
    '\\bonly\\b'
  ].join('|'),
  'i'
)
/** A list of what would be right follows. */
const LIST_OF_RIGHT =
  /(?<!not |n't |un)\b(?:supported|allowed|valid|accepted|permitted|available|known)(?:\s+\w+){0,3}?\s*(?:are|is|:)/i
/** The words of a refused prompt. Its error may contain the names of parameters. */
const CONTENT =
  /moderation|safety|content[ _-]?(?:policy|filter|management)|contentfilter|responsible ?ai|flagged/i
/** A parameter that is missing is not refused. */
const MISSING = /missing|required/i
const MAX_DEPTH = 8
const MAX_TEXTS = 100

export type Body = Readonly<Record<string, unknown>>

/**
 * The parameters of a request that its error response (400 or 422) refuses, in any of the forms of OpenAI, Azure,
 * vLLM, LiteLLM, OpenRouter, Mistral, xAI and Google. Only optional parameters that were sent are named, and none for
 * a prompt that is refused.
 */
export function refusedParameters(error: unknown, sent: Body): string[] {
  if (!(error instanceof Refusal) || !isOfRequest(error)) return []
  const names = OPTIONAL.filter((name) => name in sent)
  const found: Found = { names: new Set(), texts: [] }
  visit(error.error, found, 0)
  const named = names.filter((name) => found.names.has(name))
  const refused =
    named.length > 0 ? named : names.filter((name) => found.texts.some(refuses(name, sent[name])))
  const related = refused.flatMap((name) => TOGETHER[name] ?? []).filter((name) => names.includes(name))
  return [...new Set([...refused, ...related])]
}

/** Whether an answer refuses the request itself: by its status, or by an error within a success. */
function isOfRequest({ status, kind, error, usage }: Refusal): boolean {
  // A repetition would hide what this answer costs.
  if (usage !== undefined) return false
  if (kind !== 'wrong_request' && status !== 400 && status !== 422) return false
  if (kind === 'rejected' || kind === 'no_money' || CONTENT.test(JSON.stringify(error))) return false
  return status === 400 || status === 422 || (status !== undefined && status < 300)
}

/**
 * Makes a call with a body, and again without each parameter that the provider refuses. Such a refusal costs nothing.
 * @param known parameters that this model has refused before; they are left out from the start
 * @param onRefused called with the parameters without which the call succeeded
 */
export async function withoutRefused<T>(
  body: Body,
  known: readonly string[],
  call: (body: Body) => Promise<T>,
  onRefused: (names: string[]) => void
): Promise<T> {
  const refused: string[] = []
  for (;;) {
    const sent = leaveOut(body, [...known, ...refused])
    try {
      const answer = await call(sent)
      if (refused.length > 0) onRefused(refused)
      return answer
    } catch (error) {
      const more = refusedParameters(error, sent)
      if (more.length === 0) throw error
      refused.push(...more)
      forgetSending()
    }
  }
}

function leaveOut(body: Body, names: readonly string[]): Body {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)))
}

interface Found {
  /** Names in fields that say which parameter is wrong. */
  names: Set<string>
  texts: string[]
}

/** Reads a part of an error. Gateways put the error of the provider into a text of their own, as JSON. */
function visit(value: unknown, found: Found, depth: number): void {
  if (depth > MAX_DEPTH || found.texts.length > MAX_TEXTS) return
  if (typeof value === 'string') {
    const inner = parse(value)
    if (inner === undefined) found.texts.push(value)
    else visit(inner, found, depth + 1)
    return
  }
  if (Array.isArray(value)) {
    for (const each of value) visit(each, found, depth + 1)
    return
  }
  const fields = fieldsOf(value)
  const isMissing = [fields.type, fields.code].some((kind) => typeof kind === 'string' && MISSING.test(kind))
  for (const [key, part] of Object.entries(fields)) {
    if (NAME_KEYS.includes(key) && !isMissing) addNames(part, found)
    else if (TEXT_KEYS.includes(key)) visit(part, found, depth + 1)
  }
}

/** A name is given alone, with its place as a text (`body.seed`), or as a list (`["body", "seed"]`). */
function addNames(part: unknown, { names }: Found): void {
  const texts = (Array.isArray(part) ? part : [part]).filter((each) => typeof each === 'string')
  for (const text of texts) for (const name of text.split(/[.[\]/]/)) names.add(name)
}

function parse(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Whether a text refuses the parameter: one of its sentences has a word of refusal, and the name or the sent value. */
function refuses(name: string, value: unknown) {
  const patterns = [
    // One letter is a parameter only in quotes, or where a sign or the word says so.
    name.length === 1
      ? `['"\`]${name}['"\`]|(?:parameter|argument|[:=]) ?${name}\\b|\\b${name}(?=[:=]| must| is)`
      : `\\b${name}\\b`,
    ...(typeof value === 'string' ? [`['"\`]${value}['"\`]`] : [])
  ]
  const pattern = new RegExp(patterns.join('|'), 'i')
  return (text: string) =>
    text
      .split(/(?<=[.;!?])\s|\n/)
      .map((sentence) => sentence.split(LIST_OF_RIGHT, 1)[0]!)
      .some((sentence) => pattern.test(sentence) && REFUSING.test(sentence))
}
