import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { trace } from '@opentelemetry/api'
import { printable } from './printable.ts'

const ID_DIGITS = 8
const MAX_CAUSES = 4
const ACCEPTED_ID = /^[A-Za-z0-9._-]{1,64}$/
const MAX_PATH_CHARACTERS = 200
const MAX_CODE_CHARACTERS = 100
const MAX_MESSAGE_CHARACTERS = 1_000
const MAX_STACK_CHARACTERS = 8_000
/** The codes of errors of what is away: a database, a store, the model provider. */
const AWAY = new Set<unknown>([
  'SERVICE_UNAVAILABLE',
  'OPENAI_UNAVAILABLE',
  'OPENAI_TIMEOUT',
  'OPENAI_RATE_LIMIT'
])

/** The id of a request: the client's own id where it is valid, else eight random hexadecimal digits. */
export function requestIdOf(given: unknown): string {
  return typeof given === 'string' && ACCEPTED_ID.test(given) ? given : randomDigits()
}

/** The first digits of a UUID are random, and Node gets the randomness of many UUIDs at once. */
function randomDigits(): string {
  return randomUUID().slice(0, ID_DIGITS)
}

/** The path of a URL as logs and traces show it. The query is left out because it may contain secrets. */
export function loggedPath(url: string): string {
  return url.split('?', 1)[0]!.slice(0, MAX_PATH_CHARACTERS)
}

/** The ids of the current trace, for a log line. */
export function traceIds(): { trace_id?: string; span_id?: string } {
  const span = trace.getActiveSpan()?.spanContext()
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId }
}

export interface LoggedError {
  [key: string]: unknown
  type: string
  message: string
  stack: string
}

/**
 * A serializer for errors in the log: type, code, message and stack, with those of the causes. What is away has no
 * stack. Their texts may come from a provider, so they are shortened, and characters that could change what a
 * terminal shows are escaped.
 * @param hidden texts that the log must not contain, such as keys and paths, each with its replacement
 */
export function createErrorSerializer(hidden: Record<string, string>) {
  // The longest first, because one folder may contain another.
  const texts = Object.entries(hidden).sort(([a], [b]) => b.length - a.length)
  const hide = (text: string) =>
    texts.reduce((left, [secret, standIn]) => left.replaceAll(secret, standIn), text)
  const show = (text: string, limit: number) => printable(shorten(hide(text), limit))

  /** The stack repeats the message, which may have line ends of its own. */
  function showStack({ stack = '', message }: Error): string {
    const text = stack.replace(message, () => show(message, MAX_MESSAGE_CHARACTERS))
    return shorten(hide(text), MAX_STACK_CHARACTERS).split('\n').map(printable).join('\n')
  }

  return function serialize(error: unknown, depth = 0, hasStack = !isAway(error)): LoggedError {
    if (!(error instanceof Error)) {
      return { type: typeof error, message: show(textOf(error), MAX_MESSAGE_CHARACTERS), stack: '' }
    }
    const { code, details } = error as { code?: unknown; details?: string }
    return {
      type: error.name,
      code:
        typeof code === 'string'
          ? show(code, MAX_CODE_CHARACTERS)
          : Number.isInteger(code)
            ? code
            : undefined,
      message: show(error.message, MAX_MESSAGE_CHARACTERS),
      details: details === undefined ? undefined : show(details, MAX_MESSAGE_CHARACTERS),
      stack: hasStack ? showStack(error) : '',
      cause:
        error.cause === undefined || depth >= MAX_CAUSES
          ? undefined
          : serialize(error.cause, depth + 1, hasStack)
    }
  }
}

/**
 * Whether an error says that something which the service needs is away: a database, a store or the model
 * provider. No line of code is at fault, and each request gets such an error meanwhile.
 */
function isAway(error: unknown): boolean {
  return AWAY.has((error as { code?: unknown } | undefined)?.code)
}

/** What was thrown, as text. Anything can be thrown, also what has no text. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return inspect(thrown, { customInspect: false })
  }
}

function shorten(text: string, characters: number): string {
  return text.length > characters ? `${text.slice(0, characters)}…` : text
}
