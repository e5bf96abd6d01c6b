import type OpenAI from 'openai'
import { withDeadline } from './deadline.ts'
import { UnusableAnswer } from './failures.ts'
import { fieldsOf } from './prices.ts'
import { receive } from './receive.ts'
import { refusalIn } from './refused-answer.ts'

/** A gateway lists several hundred models with all that is known of them. */
export const MAX_LIST_BYTES = 16 * 2 ** 20
const MAX_LIST_SIGNS = 1_000_000
const LIST_TIMEOUT_MS = 30_000
/** The fields in which providers announce the end of a model. */
const END_FIELDS = [
  'shutdown_date',
  'retirement_date',
  'expiration_date',
  'deprecation_date',
  'deprecation',
  'sunset'
]
/** The ends of a model by what it is used for, in an object of Azure. */
const END_USES = ['inference']
/** A time in seconds is below this one, and a time in milliseconds above it. */
const LEAST_MS = 1e11

/** A model as its provider lists it. */
export interface ListedModel {
  names: string[]
  /** When the provider ends it, where it says so. */
  end: Date | undefined
}

/**
 * Asks a provider for its models. The request is free and has no effect on the circuit breakers.
 * @throws what the request throws; UnusableAnswer where the answer is no list
 */
export async function requestModels(
  client: OpenAI,
  url: string,
  secrets: readonly string[],
  signal: AbortSignal
): Promise<ListedModel[]> {
  const received = await withDeadline(
    LIST_TIMEOUT_MS,
    signal,
    async (bounded) => await receive(await client.get(url, { signal: bounded }).asResponse(), MAX_LIST_SIGNS)
  )
  if (received.form === 'events') throw new UnusableAnswer('the answer is a stream')
  const refusal = refusalIn(received, secrets)
  if (refusal !== undefined) throw refusal
  const models = readModels(received.json)
  if (models === undefined) throw received.problem ?? new UnusableAnswer('the answer lists no models')
  return models
}

/**
 * The models in an answer: `{"data": [{"id": …}]}`, a list alone, or `{"models": [{"name": …}]}`. Undefined for any
 * other value.
 */
export function readModels(answer: unknown): ListedModel[] | undefined {
  const { data, models } = fieldsOf(answer)
  const list = [answer, data, models].find((value) => Array.isArray(value))
  return list?.map((each: unknown) => {
    const { id, name, aliases } = fieldsOf(each)
    const names = [id, name, ...(Array.isArray(aliases) ? (aliases as unknown[]) : [])]
      .filter((text) => typeof text === 'string')
      .map((text) => text.replace(/^models\//, ''))
    return { names, end: endIn(fieldsOf(each)) }
  })
}

/** The earliest end in the fields of a model. */
function endIn(fields: Record<string, unknown>): Date | undefined {
  const values = END_FIELDS.flatMap((name) => {
    const value = fields[name]
    const uses = fieldsOf(value)
    return [value, ...END_USES.map((use) => uses[use])]
  })
  const times = values.map(timeOf).filter((ms) => Number.isFinite(ms))
  return times.length === 0 ? undefined : new Date(Math.min(...times))
}

function timeOf(value: unknown): number {
  if (typeof value === 'string') return Date.parse(value)
  if (typeof value !== 'number' || value <= 0 || value > 8.64e15) return NaN
  return value < LEAST_MS ? value * 1000 : value
}
