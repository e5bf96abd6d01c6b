import type { Static, TObject } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { errors } from '../../lib/errors.ts'

type Fields = Record<string, unknown>

/**
 * Reads the body of a request as the Go server does: the first JSON value counts and what follows it is ignored, keys
 * match in any case, unknown keys are ignored, and null is the same as absent.
 * @param body the bytes, of a context that calls `speakV1`
 * @param schema an object whose properties are all optional
 * @param options.mayBeEmpty whether no body is the same as `{}`
 * @throws invalid_input
 */
export function readBody<T extends TObject>(
  body: unknown,
  schema: T,
  { mayBeEmpty = false } = {}
): Static<T> {
  const text = Buffer.isBuffer(body) ? body.toString('utf8') : ''
  if (mayBeEmpty && text === '') return {} as Static<T>
  const fields = pick(firstValue(text), Object.keys(schema.properties))
  const problem = Value.Errors(schema, fields).First()
  if (problem !== undefined) throw invalidJson(describe(schema, fields, problem.path.split('/')[1]!))
  return fields as Static<T>
}

/** What a field must be, by the type in its schema. */
const EXPECTED: Record<string, string> = {
  string: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
  array: 'a list of texts'
}
const SHOWN_CHARACTERS = 100

function describe({ properties }: TObject, fields: Fields, name: string): string {
  const { type, anyOf } = properties[name] as { type?: string; anyOf?: Array<{ type: string }> }
  return `${name} is ${show(fields[name])}: it must be ${EXPECTED[type ?? anyOf![0]!.type]}`
}

/** A value for an error. A list or an object may be too deep to be written. */
function show(value: unknown): string {
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object'
  const text = JSON.stringify(value)
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}

/** The error for a body that cannot be read. */
export function invalidJson(details: string) {
  return errors.invalidInput('invalid JSON request', { details })
}

/** The known fields of a JSON object. Of two keys that differ in case only, the last one counts. */
function pick(value: unknown, names: readonly string[]): Fields {
  if (value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) throw invalidJson('The body must be a JSON object')
  const byKey = new Map(names.map((name) => [name.toLowerCase(), name]))
  const fields: Fields = {}
  for (const [key, given] of Object.entries(value)) {
    const name = byKey.get(key.toLowerCase())
    if (name !== undefined && given !== null) fields[name] = given
  }
  return fields
}

/** The first JSON value of a text. */
function firstValue(text: string): unknown {
  if (text.trim() === '') throw invalidJson('The body is empty; it must be a JSON object')
  const whole = parse(text)
  if (whole !== undefined) return whole
  const first = parse(text.slice(0, endOfFirst(text)))
  if (first === undefined) throw invalidJson('The body is not JSON')
  return first
}

/** The JSON value of a text; undefined if it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Where the first object of a text ends, or its first word. */
function endOfFirst(text: string): number {
  const start = /\S/.exec(text)!.index
  if (!'{['.includes(text[start]!)) return start + /^[^\s{["]*/.exec(text.slice(start))![0].length
  let depth = 0
  let isInString = false
  for (let at = start; at < text.length; at += 1) {
    const character = text[at]!
    if (isInString) {
      if (character === '\\') at += 1
      else if (character === '"') isInString = false
      continue
    }
    if (character === '"') isInString = true
    else if ('{['.includes(character)) depth += 1
    else if ('}]'.includes(character) && --depth === 0) return at + 1
  }
  return text.length
}
