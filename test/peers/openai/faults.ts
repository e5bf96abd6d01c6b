import { shapeOf } from './shapes/index.ts'

export type Operation = 'chat' | 'image' | 'download' | 'models'

/** The JSON of a request, not validated. */
export type Body = Record<string, unknown>

/** Who refuses a parameter, each in words of its own. */
export const PARAMETER_FORMS = [
  'openai_unknown',
  'openai_value',
  'openai_old',
  'azure',
  'azure_details',
  'vllm',
  'vllm_detail',
  'litellm',
  'openrouter',
  'mistral',
  'mistral_detail',
  'xai',
  'gemini',
  'groq',
  'plain_text'
] as const

export type ParameterForm = (typeof PARAMETER_FORMS)[number]

/** How long the client must wait, in the headers that OpenAI uses; without any by default. */
interface Patience {
  /** Seconds. */
  retryAfter?: number
  /** Milliseconds, in OpenAI's own `retry-after-ms`. */
  retryAfterMs?: number
  retryAfterDate?: Date
}

interface HalfBody {
  /** The share of the body that is sent, 0 to 1; half by default. */
  share?: number
  /** Sends no Content-Length; event streams never do. */
  chunked?: boolean
}

/** The fault of one request. A kind without a comment is an answer that OpenAI sends under that code. */
export type FaultSpec =
  | { kind: 'ok' }
  // Milliseconds, or until a promise settles.
  | { kind: 'delay'; ms?: number; until?: Promise<unknown> }
  // Refused with a status and a body: nothing is drawn.
  | ({ kind: 'rate_limited'; limit?: 'requests' | 'tokens' | 'input-images' } & Patience)
  | ({ kind: 'overloaded' } & Patience)
  | { kind: 'insufficient_quota' | 'billing_hard_limit_reached' | 'billing_not_active' }
  | { kind: 'server_error' | 'bad_gateway' | 'gateway_timeout' }
  | { kind: 'moderation_blocked' | 'content_policy_violation' }
  | { kind: 'bad_request' | 'model_not_found' | 'invalid_api_key' | 'region' | 'unverified_organization' }
  | { kind: 'download_404' }
  // A parameter of the request, in the words of a provider or a gateway.
  | { kind: 'refused_parameter'; form: ParameterForm; parameter: string }
  | { kind: 'redirect'; location?: string }
  // No headers: no answer until the client leaves, or a reset.
  | { kind: 'hang' | 'reset' }
  | { kind: 'reset_after'; ms?: number }
  // A good answer that arrives in part, or slowly.
  | ({ kind: 'hang_in_body' } & HalfBody)
  | ({ kind: 'cut_body' } & HalfBody)
  | { kind: 'trickle'; ms?: number; pieces?: number }
  // 200 with an unusable body.
  | { kind: 'malformed_json' | 'empty_data' | 'no_image' | 'wrong_type' | 'not_an_image' }
  | { kind: 'huge'; bytes?: number; chunked?: boolean }
  | { kind: 'stream_without_completed' | 'stream_error' }
  // Any answer of a compatible server.
  | { kind: 'raw'; status?: number; type?: string; body: string }
  | { kind: 'empty_content' | 'refusal' | 'content_filter' | 'length' }
  // A row of the table of shapes, which may also be named alone.
  | { kind: 'shape'; shape: string }

export type FaultName = FaultSpec['kind']
export type Fault = FaultName | FaultSpec
export type Behaviour = Fault | ((requestIndex: number, body: Body) => Fault)

const everywhere: readonly Operation[] = ['chat', 'image', 'download', 'models']
const api: readonly Operation[] = ['chat', 'image', 'models']

/** The operations that each fault applies to. */
const FAULTS: Readonly<Record<FaultName, readonly Operation[]>> = {
  ok: everywhere,
  delay: everywhere,
  rate_limited: everywhere,
  overloaded: everywhere,
  insufficient_quota: api,
  billing_hard_limit_reached: api,
  billing_not_active: api,
  server_error: everywhere,
  bad_gateway: everywhere,
  gateway_timeout: everywhere,
  moderation_blocked: ['chat', 'image'],
  content_policy_violation: ['chat', 'image'],
  bad_request: api,
  model_not_found: api,
  invalid_api_key: api,
  region: api,
  unverified_organization: api,
  download_404: ['download'],
  refused_parameter: ['chat', 'image'],
  redirect: everywhere,
  hang: everywhere,
  reset: everywhere,
  reset_after: everywhere,
  hang_in_body: everywhere,
  cut_body: everywhere,
  trickle: everywhere,
  malformed_json: api,
  empty_data: ['image'],
  no_image: ['image', 'download'],
  wrong_type: everywhere,
  not_an_image: ['download'],
  huge: ['chat', 'image', 'download'],
  stream_without_completed: ['image'],
  stream_error: ['image'],
  raw: api,
  empty_content: ['chat'],
  refusal: ['chat'],
  content_filter: ['chat'],
  length: ['chat'],
  shape: ['chat', 'image']
}

/** The fault as an object. Throws if the operation cannot have it, so that a mistake in a script fails at once. */
export function specOf(operation: Operation, fault: Fault): FaultSpec {
  const spec =
    typeof fault !== 'string'
      ? fault
      : shapeOf(fault) === undefined
        ? ({ kind: fault } as FaultSpec)
        : ({ kind: 'shape', shape: fault } as const)
  const isOfOther = spec.kind === 'shape' && shapeOf(spec.shape)?.operation !== operation
  if (isOfOther || FAULTS[spec.kind]?.includes(operation) !== true) {
    throw new Error(`${operation} cannot have the fault "${spec.kind}"`)
  }
  return spec
}

/** Parses `image:rate_limited,image:server_error*3,chat:refusal` for `script`. Throws for an unknown name. */
export function parseScript(text: string): Array<[Operation, FaultSpec[]]> {
  return text
    .split(',')
    .filter((item) => item !== '')
    .map((item) => {
      const [, operation, kind, times = '1'] = /^(\w+):(\w+)(?:\*(\d+))?$/.exec(item.trim()) ?? []
      if (operation === undefined) throw new Error(`"${item}" is no operation:fault or operation:fault*times`)
      if (!everywhere.includes(operation as Operation)) {
        throw new Error(`"${operation}" is none of ${everywhere.join(', ')}`)
      }
      const spec = specOf(operation as Operation, kind as FaultName)
      return [operation as Operation, Array.from({ length: Number(times) }, () => spec)]
    })
}

const transient: readonly Fault[] = [
  { kind: 'rate_limited', retryAfter: 1 },
  'rate_limited',
  'server_error',
  'bad_gateway',
  'overloaded',
  'gateway_timeout',
  'reset',
  'cut_body'
]
const mixes: Readonly<Record<Operation, readonly Fault[]>> = {
  image: [...transient, 'malformed_json', 'empty_data', 'no_image', 'moderation_blocked'],
  chat: [...transient, 'malformed_json', 'empty_content', 'refusal', 'content_filter'],
  download: ['server_error', 'reset', 'cut_body', 'download_404', 'not_an_image'],
  models: ['server_error']
}

export interface ChaosOptions {
  operation: Operation
  /** The share of requests that fail, 0 to 1. */
  share: number
  seed: number
  /** The faults to choose from; by default a mix in which no client waits for its timeout. */
  faults?: readonly Fault[]
}

/**
 * A behaviour in which a share of the requests fail. With the same seed, the n-th request always has the same
 * fault.
 */
export function createChaos({
  operation,
  share,
  seed,
  faults = mixes[operation]
}: ChaosOptions): (requestIndex: number) => Fault {
  return (requestIndex) => {
    if (draw(seed, requestIndex * 2) >= share) return 'ok'
    return faults[Math.floor(draw(seed, requestIndex * 2 + 1) * faults.length)] ?? 'ok'
  }
}

/** Mulberry32's `index`-th number from 0 to 1. */
function draw(seed: number, index: number): number {
  let state = (seed + Math.imul(index + 1, 0x6d2b79f5)) | 0
  state = Math.imul(state ^ (state >>> 15), state | 1)
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61)
  return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32
}
