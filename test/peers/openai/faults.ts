export type Operation = 'chat' | 'image' | 'download' | 'models'

/** JSON of a request; its fields are whatever the client sent. */
export type Body = Record<string, unknown>

/** How long to wait, said in the headers that OpenAI uses; none of them unless asked. */
interface Patience {
  /** Seconds. */
  retryAfter?: number
  /** Milliseconds, in OpenAI's own `retry-after-ms`. */
  retryAfterMs?: number
  retryAfterDate?: Date
}

interface HalfBody {
  /** Of the body that is sent, 0 to 1; the half unless said. */
  share?: number
  /** Announces no length. Event streams never do. */
  chunked?: boolean
}

/** What happens to one request. The kinds without a comment are answers that OpenAI gives under that code. */
export type FaultSpec =
  | { kind: 'ok' }
  | { kind: 'delay'; ms?: number }
  // Refused with a status and a body: nothing is drawn.
  | ({ kind: 'rate_limited'; limit?: 'requests' | 'tokens' | 'input-images' } & Patience)
  | ({ kind: 'overloaded' } & Patience)
  | { kind: 'insufficient_quota' | 'billing_hard_limit_reached' | 'billing_not_active' }
  | { kind: 'server_error' | 'bad_gateway' | 'gateway_timeout' }
  | { kind: 'moderation_blocked' | 'content_policy_violation' }
  | { kind: 'bad_request' | 'model_not_found' | 'invalid_api_key' | 'region' | 'unverified_organization' }
  | { kind: 'download_404' }
  | { kind: 'redirect'; location?: string }
  // No headers: silence until the client leaves, or an RST.
  | { kind: 'hang' | 'reset' }
  | { kind: 'reset_after'; ms?: number }
  // A good answer that does not arrive, or slowly.
  | ({ kind: 'hang_in_body' } & HalfBody)
  | ({ kind: 'cut_body' } & HalfBody)
  | { kind: 'trickle'; ms?: number; pieces?: number }
  // 200 with something else in it.
  | { kind: 'malformed_json' | 'empty_data' | 'no_image' | 'wrong_type' | 'not_an_image' }
  | { kind: 'huge'; bytes?: number; chunked?: boolean }
  | { kind: 'stream_without_completed' | 'stream_error' }
  // Whatever a compatible server may answer.
  | { kind: 'raw'; status?: number; type?: string; body: string }
  | { kind: 'empty_content' | 'refusal' | 'content_filter' | 'length' }

export type FaultName = FaultSpec['kind']
export type Fault = FaultName | FaultSpec
export type Behaviour = Fault | ((requestIndex: number, body: Body) => Fault)

const everywhere: readonly Operation[] = ['chat', 'image', 'download', 'models']
const api: readonly Operation[] = ['chat', 'image', 'models']

/** Where each fault makes sense. */
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
  length: ['chat']
}

/** The fault as an object; throws if this operation cannot have it, so that a mistyped script fails at once. */
export function specOf(operation: Operation, fault: Fault): FaultSpec {
  const spec = typeof fault === 'string' ? ({ kind: fault } as FaultSpec) : fault
  if (FAULTS[spec.kind]?.includes(operation) !== true) {
    throw new Error(`${operation} cannot have the fault "${spec.kind}"`)
  }
  return spec
}

/** `image:rate_limited,image:server_error*3,chat:refusal` as what `script` takes; throws on what it does not know. */
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
  /** Of the requests that fail, 0 to 1. */
  share: number
  seed: number
  /** What may happen; unless given, a mix that leaves no client waiting for its timeout. */
  faults?: readonly Fault[]
}

/** A behaviour by which a share of the requests fail. The n-th request meets the same fate at every start with the same seed. */
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
